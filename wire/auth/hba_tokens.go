package auth

import (
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

// tokenize is tokenize_auth_file: the lines that are not empty. # begins a comment, a
// backslash at the end of a line joins the next one.
func tokenize(text string) ([]hbaLine, error) {
	var out []hbaLine
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		number, line := i+1, strings.TrimSuffix(lines[i], "\r")
		for strings.HasSuffix(line, "\\") && i+1 < len(lines) {
			i++
			line = line[:len(line)-1] + strings.TrimSuffix(lines[i], "\r")
		}
		fields, err := fieldsOf(line, number)
		if err != nil {
			return nil, err
		}
		if len(fields) > 0 {
			out = append(out, hbaLine{number, fields})
		}
	}
	return out, nil
}

// fieldsOf splits a line (next_field_expand).
func fieldsOf(line string, number int) ([][]hbaToken, error) {
	var fields [][]hbaToken
	more := false // a comma says that the list goes on
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '#':
			return fields, nil
		case c == ',':
			more = true
			i++
		default:
			t, n, ok := nextToken(line[i:])
			if !ok {
				return nil, hbaError(number, "unterminated quoted string")
			}
			i += n
			if !more || len(fields) == 0 {
				fields = append(fields, nil)
			}
			fields[len(fields)-1] = append(fields[len(fields)-1], t)
			more = false
		}
	}
	return fields, nil
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
