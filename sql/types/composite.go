package types

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Column is one column of a composite type.
type Column struct {
	Name    string
	Type    *Type
	Typmod  int32
	Num     int16 // attnum, from 1; dropped columns leave gaps
	Comment string
}

// NewCompositeType makes the row type of a relation, or one that CREATE TYPE
// AS defines. It has an order if all its columns have. id gives the oids,
// namespace and name.
func NewCompositeType(id Type, columns []Column) *Type {
	id.Len, id.Align, id.Category, id.Kind, id.Columns = -1, 'd', Composite, 'c', columns
	c := &composite{columns: columns}
	for _, col := range columns {
		c.names, c.types = append(c.names, col.Name), append(c.types, col.Type)
	}
	impl := Impl[*Record]{
		In:   func(env *Env, s string, _ int32) (*Record, error) { return c.parse(env, s) },
		Out:  func(env *Env, dst []byte, v *Record) []byte { return v.AppendText(env, dst) },
		Recv: func(env *Env, b []byte, _ int32) (*Record, error) { return c.recv(env, b) },
		Send: func(env *Env, dst []byte, v *Record) []byte { return v.AppendBinary(env, dst) },
	}
	if !slices.ContainsFunc(columns, func(col Column) bool { return col.Type.Compare == nil }) {
		impl.Compare, impl.Hash = (*Record).Compare, (*Record).Hash
	}
	c.self = NewType(Def[*Record]{Type: id, Impl: impl})
	return c.self
}

type composite struct {
	self    *Type
	columns []Column
	names   []string
	types   []*Type
}

func (c *composite) record(values []any) *Record {
	return &Record{Type: c.self, Names: c.names, Types: c.types, Values: values}
}

func malformedRecord(s, detail string) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "malformed record literal: \"%s\"", s).WithDetail("%s", detail)
}

// parse is record_in: (a,"b c",) with nothing for NULL.
func (c *composite) parse(env *Env, s string) (*Record, error) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(s, spaces), "(")
	if !ok {
		return nil, malformedRecord(s, "Missing left parenthesis.")
	}
	values := make([]any, len(c.columns))
	for i, col := range c.columns {
		if i > 0 {
			if rest, ok = strings.CutPrefix(rest, ","); !ok {
				return nil, malformedRecord(s, "Too few columns.")
			}
		}
		text, null, after, ok := cutField(rest, ",)")
		if !ok {
			return nil, malformedRecord(s, "Unexpected end of input.")
		}
		rest = after
		if null {
			if _, err := env.checkDomain(col.Type, nil); err != nil {
				return nil, err
			}
			continue
		}
		var err error
		if values[i], err = col.Type.In(env, text, col.Typmod); err != nil {
			return nil, err
		}
	}
	if rest, ok = strings.CutPrefix(rest, ")"); !ok {
		return nil, malformedRecord(s, "Too many columns.")
	}
	if strings.Trim(rest, spaces) != "" {
		return nil, malformedRecord(s, "Junk after right parenthesis.")
	}
	return c.record(values), nil
}

// cutField cuts one field of a record or one bound of a range, up to one of the
// characters of ends: quotes may open and close anywhere in it, a doubled quote
// inside them is one, a backslash takes the next character. What is wholly empty
// is null; ok is false where the text ends first.
func cutField(s, ends string) (text string, null bool, rest string, ok bool) {
	if s == "" {
		return "", false, "", false
	}
	if strings.IndexByte(ends, s[0]) >= 0 {
		return "", true, s, true
	}
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '\\':
			if i++; i == len(s) {
				return "", false, "", false
			}
			b.WriteByte(s[i])
		case ch == '"' && quoted && strings.HasPrefix(s[i+1:], `"`):
			i++
			b.WriteByte('"')
		case ch == '"':
			quoted = !quoted
		case !quoted && strings.IndexByte(ends, ch) >= 0:
			return b.String(), false, s[i:], true
		default:
			b.WriteByte(ch)
		}
	}
	return "", false, "", false
}

// recv is record_recv.
func (c *composite) recv(env *Env, b []byte) (*Record, error) {
	r := binaryReader{rest: b}
	if n := int(int32(r.uint32())); r.short || n != len(c.columns) {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "wrong number of columns: %d, expected %d", n, len(c.columns))
	}
	values := make([]any, len(c.columns))
	for i, col := range c.columns {
		if oid := r.uint32(); oid != col.Type.OID {
			return nil, pgerr.New(pgerr.DatatypeMismatch,
				"binary data has type %d instead of expected %d (%s) in record column %d", oid, col.Type.OID, col.Type.SQLName(), i+1)
		}
		var err error
		if values[i], err = r.value(env, col.Type, col.Typmod); err != nil {
			return nil, err
		}
	}
	if r.short || len(r.rest) > 0 {
		return nil, badBinary("record")
	}
	return c.record(values), nil
}
