package copyfmt

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// fields are the values of a line, without escapes and quotes.
type fields struct {
	attrs []byte // one after the other
	spans []span
}

// span is one of the fields.
type span struct {
	from, to  int
	null      bool
	isDefault bool // DEFAULT's string
}

// row is NextCopyFrom.
func (l *lineSource) row() (int, bool, error) {
	if l.header != NoHeader {
		if ok, err := l.readHeader(); !ok {
			return 0, false, err
		}
	}
	line, ok, err := l.nextLine()
	if !ok {
		return 0, false, err
	}
	size := len(line)
	if err := l.split(line); err != nil {
		return 0, false, err
	}
	if len(l.spans) > len(l.r.columns) {
		return 0, false, badFormat("extra data after last expected column")
	}
	return size, true, l.convert()
}

// convert gives the fields to the columns' inputs.
func (l *lineSource) convert() error {
	text := string(l.attrs)
	for i, c := range l.r.columns {
		if l.r.place.skipped {
			l.r.inputs[i].null()
			l.r.markDefault(i, false)
			continue
		}
		if i >= len(l.spans) {
			return badFormat("missing data for column \"%s\"", c.Name)
		}
		s := l.spans[i]
		if err := l.field(i, c, text[s.from:s.to], s); err != nil {
			return err
		}
	}
	return nil
}

// field gives one field to its column's input.
func (l *lineSource) field(i int, c Column, value string, s span) error {
	r, null := l.r, s.null
	r.markDefault(i, s.isDefault)
	if s.isDefault {
		if !c.HasDefault {
			return badFormat("unexpected default marker in COPY data").WithDetail("Column \"%s\" has no default value.", c.Name)
		}
		r.inputs[i].null()
		return nil
	}
	if l.csv {
		value, null = l.forced(c, value, null)
	}
	err := r.input(i, c, value, null)
	if err == nil {
		return nil
	}
	r.place.column, r.place.value, r.place.inText, r.place.null = c.Name, value, true, null
	if r.options.OnError != Ignore {
		return err
	}
	r.inputs[i].null()
	return r.skip()
}

// input gives a value to a column: only domains look at NULL.
func (r *Reader) input(i int, c Column, value string, null bool) error {
	if !null {
		return r.inputs[i].text(value)
	}
	if c.Type.Constrained() && r.env != nil && r.env.CheckDomain != nil {
		if err := r.env.CheckDomain(c.Type, nil); err != nil {
			return err
		}
	}
	r.inputs[i].null()
	return nil
}

// skip leaves the present row out, because of a value that is not of its type.
func (r *Reader) skip() error {
	p := &r.place
	r.skipped++
	p.skipped = true
	if !r.options.Verbose || r.Notice == nil {
		return nil
	}
	shown := "null input"
	if !p.null {
		shown = "\"" + shorten(p.value) + "\""
	}
	n := pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
		"skipping row due to data type incompatibility at line %d for column \"%s\": %s", p.line, p.column, shown)
	n.Where = "COPY " + r.relation
	return r.Notice(n)
}

// markDefault remembers whether a column's value is its default.
func (r *Reader) markDefault(i int, is bool) {
	if d := r.defaults[i]; d != nil {
		d.Put(is)
	}
}

// forced applies FORCE_NOT_NULL and FORCE_NULL.
func (l *lineSource) forced(c Column, value string, null bool) (string, bool) {
	switch {
	case null && c.ForceNotNull:
		return l.null, false
	case !null && c.ForceNull && value == l.null:
		return "", true
	}
	return value, null
}

// readHeader skips the header line, or compares it with the columns.
func (l *lineSource) readHeader() (bool, error) {
	match := l.header == HeaderMatch
	l.header = NoHeader
	line, ok, err := l.nextLine()
	if err != nil || !match {
		return ok, err
	}
	l.r.place.known = true // that there is no line is an empty one
	if err := l.split(line); err != nil {
		return false, err
	}
	if len(l.spans) != len(l.r.columns) {
		return false, badFormat("wrong number of fields in header line: got %d, expected %d", len(l.spans), len(l.r.columns))
	}
	for i, s := range l.spans {
		want, got := l.r.columns[i].Name, string(l.attrs[s.from:s.to])
		switch {
		case s.null:
			return false, badFormat("column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\"", i+1, l.null, want)
		case got != want:
			return false, badFormat("column name mismatch in header line field %d: got \"%s\", expected \"%s\"", i+1, got, want)
		}
	}
	return ok, nil
}

// split takes a line apart. A table without columns has lines without fields.
func (l *lineSource) split(line []byte) error {
	l.attrs, l.spans = l.attrs[:0], l.spans[:0]
	switch {
	case len(l.r.columns) == 0 && len(line) == 0:
		return nil
	case l.csv:
		return l.splitCSV(line)
	}
	return l.splitText(line)
}

// end ends a field whose raw text was raw; plain: it may stand for something else.
func (l *lineSource) end(raw []byte, plain bool) {
	from := 0
	if n := len(l.spans); n > 0 {
		from = l.spans[n-1].to
	}
	l.spans = append(l.spans, span{
		from: from, to: len(l.attrs), null: plain && string(raw) == l.null,
		isDefault: plain && l.r.options.Default != nil && string(raw) == *l.r.options.Default,
	})
}

// splitText is CopyReadAttributesText.
func (l *lineSource) splitText(line []byte) error {
	if bytes.IndexByte(line, '\\') < 0 {
		l.splitPlain(line)
		return nil
	}
	for begin, i := 0, 0; ; begin = i {
		rawEnd, found, valid := len(line), false, true
		for i < len(line) {
			c := line[i]
			if c == l.delimiter {
				rawEnd, found = i, true
				i++
				break
			}
			if i++; c == '\\' {
				if i >= len(line) {
					rawEnd = i - 1
					break
				}
				var n int
				var odd bool
				c, n, odd = unescape(line[i:])
				i += n
				valid = valid && !odd
			}
			l.attrs = append(l.attrs, c)
		}
		l.end(line[begin:rawEnd], true)
		if s := l.spans[len(l.spans)-1]; !valid && !s.null && !s.isDefault {
			if err := pgerr.CheckText(string(l.attrs[s.from:s.to])); err != nil {
				return err
			}
		}
		if !found {
			return nil
		}
	}
}

// splitPlain splits a line that has no escapes.
func (l *lineSource) splitPlain(line []byte) {
	for {
		i := bytes.IndexByte(line, l.delimiter)
		raw := line
		if i >= 0 {
			raw = line[:i]
		}
		l.attrs = append(l.attrs, raw...)
		l.end(raw, true)
		if i < 0 {
			return
		}
		line = line[i+1:]
	}
}

// escapeLetters are the letters that stand for control characters.
var escapeLetters = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// unescape reads what follows a backslash: the character, how many bytes it was,
// and whether it could make the text invalid.
func unescape(s []byte) (c byte, n int, odd bool) {
	if ctl, ok := escapeLetters[s[0]]; ok {
		return ctl, 1, false
	}
	digits, from, base := "01234567", 0, 8
	if s[0] == 'x' {
		digits, from, base = "0123456789abcdefABCDEF", 1, 16
	}
	limit := 3 // \ooo or \xhh
	v := 0
	for n = from; n < len(s) && n < limit && strings.IndexByte(digits, s[n]) >= 0; n++ {
		v = v*base + hexValue(s[n])
	}
	if n == from {
		return s[0], 1, false
	}
	c = byte(v)
	return c, n, c == 0 || c >= utf8.RuneSelf
}

func hexValue(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c|0x20-'a') + 10
}

// splitCSV is CopyReadAttributesCSV.
func (l *lineSource) splitCSV(line []byte) error {
	for begin, i := 0, 0; ; begin = i {
		rawEnd, found, quoted := len(line), false, false
		for i < len(line) {
			c := line[i]
			if c == l.delimiter {
				rawEnd, found = i, true
				i++
				break
			}
			if i++; c != l.quote {
				l.attrs = append(l.attrs, c)
				continue
			}
			quoted = true
			n, ok := l.unquote(line[i:])
			if !ok {
				return badFormat("unterminated CSV quoted field")
			}
			i += n
		}
		l.end(line[begin:rawEnd], !quoted)
		if !found {
			return nil
		}
	}
}

// unquote reads the inside of quotes and the closing one: how many bytes.
func (l *lineSource) unquote(s []byte) (n int, ok bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == l.escape && i+1 < len(s) && (s[i+1] == l.escape || s[i+1] == l.quote) {
			i++
			l.attrs = append(l.attrs, s[i])
			continue
		}
		if c == l.quote {
			return i + 1, true
		}
		l.attrs = append(l.attrs, c)
	}
	return 0, false
}
