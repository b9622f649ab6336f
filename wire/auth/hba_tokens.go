package auth

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// hbaToken is one word of pg_hba.conf; quoted words have no special meaning.
type hbaToken struct {
	text   string
	quoted bool
}

// is says whether the word is a keyword.
func (t hbaToken) is(word string) bool { return !t.quoted && t.text == word }

// hbaLine is a line of tokens: fields between spaces, each a list between commas.
type hbaLine struct {
	number int
	fields [][]hbaToken
}

// ReadFile reads a file of rules: os.ReadFile.
type ReadFile func(path string) ([]byte, error)

// maxIncludes bounds how deep @files may stand in each other, as PostgreSQL 16 does.
const maxIncludes = 10

// tokenizer reads a file of rules, and the @files that it names.
type tokenizer struct {
	path  string
	read  ReadFile
	depth int
}

// tokenize is tokenize_auth_file: the lines that are not empty. # begins a comment, a
// backslash at the end of a line joins the next one.
func (z tokenizer) tokenize(text string) ([]hbaLine, error) {
	var out []hbaLine
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		number, line := i+1, strings.TrimSuffix(lines[i], "\r")
		for strings.HasSuffix(line, "\\") && i+1 < len(lines) {
			i++
			line = line[:len(line)-1] + strings.TrimSuffix(lines[i], "\r")
		}
		fields, err := z.fieldsOf(line, number)
		if err != nil {
			return nil, err
		}
		if len(fields) > 0 {
			out = append(out, hbaLine{number, fields})
		}
	}
	return out, nil
}

// fieldsOf splits a line into fields that are not empty.
func (z tokenizer) fieldsOf(line string, number int) (fields [][]hbaToken, err error) {
	var field []hbaToken
	end := func() {
		if len(field) > 0 {
			fields = append(fields, field)
		}
		field = nil
	}
	more := false // a comma says that the list goes on
	for i := 0; i < len(line) && line[i] != '#'; {
		if c := line[i]; c == ' ' || c == '\t' || c == ',' {
			more = more || c == ','
			i++
			continue
		}
		t, n, ok := nextToken(line[i:])
		if !ok {
			return nil, hbaError(number, "unterminated quoted string")
		}
		i += n
		if !more {
			end()
		}
		more = false
		tokens, err := z.expand(t, number)
		if err != nil {
			return nil, err
		}
		field = append(field, tokens...)
	}
	end()
	return fields, nil
}

// expand is what a word stands for: itself, or the words of a file (next_field_expand).
func (z tokenizer) expand(t hbaToken, number int) ([]hbaToken, error) {
	name, ok := strings.CutPrefix(t.text, "@")
	if !ok || t.quoted || name == "" {
		return []hbaToken{t}, nil
	}
	return z.include(name, number)
}

// include is tokenize_inc_file: all words of a file, whose name counts from the directory
// of the file that names it.
func (z tokenizer) include(name string, number int) (out []hbaToken, err error) {
	path := name
	if !filepath.IsAbs(name) {
		path = filepath.Join(filepath.Dir(z.path), name)
	}
	if z.depth == maxIncludes {
		return nil, hbaError(number, "could not open file \"%s\": maximum nesting depth exceeded", path)
	}
	text, err := z.read(path)
	if err != nil {
		return nil, hbaError(number, "could not open secondary authentication file \"@%s\" as \"%s\": %s", name, path, reason(err))
	}
	lines, err := tokenizer{path, z.read, z.depth + 1}.tokenize(string(text))
	if err != nil {
		return nil, hbaError(number, "%s", err.Error())
	}
	for _, l := range lines {
		for _, f := range l.fields {
			out = append(out, f...)
		}
	}
	return out, nil
}

// reason is why a file can't be read, without its name.
func reason(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		err = e.Err
	}
	return err.Error()
}

// nextToken reads a word; quotes may stand around any part of it.
func nextToken(s string) (t hbaToken, n int, ok bool) {
	var b strings.Builder
	inQuote := false
	for ; n < len(s); n++ {
		c := s[n]
		if !inQuote && (c == ' ' || c == '\t' || c == ',' || c == '#') {
			break
		}
		if c == '"' {
			inQuote = !inQuote
			t.quoted = t.quoted || n == 0
			continue
		}
		b.WriteByte(c)
	}
	t.text = b.String()
	return t, n, !inQuote
}

// hbaError is F0000 with the number of a line.
func hbaError(line int, format string, args ...any) error {
	return pgerr.New(pgerr.ConfigFileError, format, args...).WithDetail("line %d", line)
}
