package copyfmt

import (
	"bytes"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// textRows is the text format.
type textRows struct {
	delimiter byte
	null      string
	header    bool
	columns   []Column
	value     []byte
}

func (t *textRows) begin(dst []byte) ([]byte, bool) {
	if !t.header {
		return dst, false
	}
	for i, c := range t.columns {
		if i > 0 {
			dst = append(dst, t.delimiter)
		}
		dst = t.escaped(dst, []byte(c.Name))
	}
	return append(dst, '\n'), true
}

func (t *textRows) row(p *vec.Pieces, outputs []vec.Output, i int) {
	for k, o := range outputs {
		if k > 0 {
			p.Bytes = append(p.Bytes, t.delimiter)
		}
		var null bool
		if t.value, null = o.Append(t.value[:0], i); null {
			p.Bytes = append(p.Bytes, t.null...)
			continue
		}
		p.Bytes = t.escaped(p.Bytes, t.value)
		if e := o.External(i); e != nil {
			p.Append(e, t.value)
		}
	}
	p.Bytes = append(p.Bytes, '\n')
}

func (t *textRows) end(dst []byte) []byte { return dst }

// controlLetters are the control characters that have a letter.
var controlLetters = [...]byte{'\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r'}

// escaped is CopyAttributeOutText.
func (t *textRows) escaped(dst, value []byte) []byte {
	from := 0
	for i, c := range value {
		letter := c
		switch {
		case c == '\\' || c == t.delimiter && c >= ' ':
		case int(c) < len(controlLetters) && controlLetters[c] != 0:
			letter = controlLetters[c]
		case c == t.delimiter:
		default:
			continue
		}
		dst = append(append(dst, value[from:i]...), '\\', letter)
		from = i + 1
	}
	return append(dst, value[from:]...)
}

// csvRows is the csv format.
type csvRows struct {
	textRows
	quote, escape byte
	special       string // what makes a value need quotes
}

func newCSVRows(o *Options, columns []Column) *csvRows {
	c := &csvRows{
		textRows: textRows{delimiter: (*o.Delimiter)[0], null: *o.Null, header: o.Header != NoHeader, columns: columns},
		quote:    (*o.Quote)[0], escape: (*o.Escape)[0],
	}
	c.special = *o.Delimiter + *o.Quote + "\r\n"
	return c
}

func (c *csvRows) begin(dst []byte) ([]byte, bool) {
	if !c.header {
		return dst, false
	}
	for i, col := range c.columns {
		if i > 0 {
			dst = append(dst, c.delimiter)
		}
		dst = c.quoted(dst, []byte(col.Name), false)
	}
	return append(dst, '\n'), true
}

func (c *csvRows) row(p *vec.Pieces, outputs []vec.Output, i int) {
	for k, o := range outputs {
		if k > 0 {
			p.Bytes = append(p.Bytes, c.delimiter)
		}
		var null bool
		if c.value, null = o.Append(c.value[:0], i); null {
			p.Bytes = append(p.Bytes, c.null...)
			continue
		}
		if e := o.External(i); e != nil {
			c.external(p, e, c.columns[k].ForceQuote)
			continue
		}
		p.Bytes = c.quoted(p.Bytes, c.value, c.columns[k].ForceQuote)
	}
	p.Bytes = append(p.Bytes, '\n')
}

// external adds a value that lies out of line: nothing in it needs an escape.
func (c *csvRows) external(p *vec.Pieces, e *types.External, quoted bool) {
	if quoted {
		p.Bytes = append(p.Bytes, c.quote)
	}
	p.Bytes = append(p.Bytes, c.value...)
	p.Append(e, c.value)
	if quoted {
		p.Bytes = append(p.Bytes, c.quote)
	}
}

// quoted is CopyAttributeOutCSV. A lone \. would end the data.
func (c *csvRows) quoted(dst, value []byte, force bool) []byte {
	if !force && string(value) != c.null && !bytes.ContainsAny(value, c.special) &&
		(len(c.columns) != 1 || string(value) != `\.`) {
		return append(dst, value...)
	}
	dst = append(dst, c.quote)
	for _, b := range value {
		if b == c.quote || b == c.escape {
			dst = append(dst, c.escape)
		}
		dst = append(dst, b)
	}
	return append(dst, c.quote)
}
