package wire

import (
	"math"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// result is the ResultWriter of one Query or Execute.
type result struct {
	c *conn
	// described means that the client has its RowDescription already (Execute).
	described bool
	// ended says that something told the client that the command is over.
	ended bool
	cols  []column
	// fields and env are what cols were made of.
	fields []Field
	env    *types.Env
	// pieces is the row being sent of values that lie out of line.
	pieces vec.Pieces
	// client converts the texts of cols; nil where they are UTF8.
	client *mb.Client
	// lost is why a notice could not be sent, until the command's end: functions give
	// notices without a look at what becomes of them.
	lost error
}

var _ ResultWriter = (*result)(nil)

// RowDescription implements ResultWriter.
func (r *result) RowDescription(fields []Field) error {
	if err := r.setColumns(fields); err != nil {
		return err
	}
	if r.described {
		return nil
	}
	return r.c.describeRows(fields)
}

// rowsSent is a RowDescription as it was sent, in UTF8, and the fields it describes.
type rowsSent struct {
	fields  []Field
	message []byte
}

// describeRows sends a RowDescription.
func (c *conn) describeRows(fields []Field) error {
	plain := c.client() == nil
	if plain && c.out.err == nil && sameFields(fields, c.rows.fields) {
		c.out.buf = append(c.out.buf, c.rows.message...)
		return c.out.flushIfFull()
	}
	m, err := rowDescription(fields, c.session.Env().Registry())
	if err != nil {
		return err
	}
	if c.rows = (rowsSent{}); plain {
		if message, err := m.Encode(nil); err == nil {
			c.rows = rowsSent{fields, message}
		}
	}
	return c.out.send(m)
}

// sameFields says whether a and b are one slice: who gives fields does not change them.
func sameFields(a, b []Field) bool { return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0] }

func (r *result) setColumns(fields []Field) error {
	env := r.c.session.Env()
	if env == r.env && sameFields(fields, r.fields) {
		return nil
	}
	r.cols, r.client, r.fields, r.env = r.cols[:0], env.Client, nil, env
	for _, f := range fields {
		col, err := newColumn(f, env)
		if err != nil {
			return err
		}
		r.cols = append(r.cols, col)
	}
	r.fields = fields
	return nil
}

// Rows implements ResultWriter.
func (r *result) Rows(b *vec.Batch) error {
	if len(b.Cols) != len(r.cols) {
		return pgerr.Internal("batch has %d columns, its description %d", len(b.Cols), len(r.cols))
	}
	external := false
	for i, v := range b.Cols {
		r.cols[i].bind(v)
		external = external || vec.IsExternal(v)
	}
	if external {
		return r.streamRows(b)
	}
	return r.writeRows(b)
}

func (r *result) streamRows(b *vec.Batch) error {
	for k := range b.Rows() {
		if err := r.streamRow(b.Row(k)); err != nil {
			return err
		}
	}
	return r.c.out.err
}

func (r *result) writeRows(b *vec.Batch) error {
	o := &r.c.out
	for k := range b.Rows() {
		start := len(o.buf)
		buf, err := appendRow(o.buf, r.cols, b.Row(k))
		o.buf = buf
		if err == nil && r.client != nil {
			err = r.client.Err()
		}
		if err != nil {
			o.buf = o.buf[:start]
			return err
		}
		if err := o.flushIfFull(); err != nil {
			return err
		}
	}
	return o.err
}

// CommandComplete implements ResultWriter.
func (r *result) CommandComplete(tag string) error {
	if err := r.lost; err != nil {
		r.lost = nil
		return err
	}
	r.ended = true
	r.c.out.addText(msgCommandComplete, clean(tag))
	return r.c.out.flushIfFull()
}

// EmptyQuery implements ResultWriter.
func (r *result) EmptyQuery() error {
	r.ended = true
	return r.c.out.send(&pgproto3.EmptyQueryResponse{})
}

// PortalSuspended implements ResultWriter.
func (r *result) PortalSuspended() error {
	r.ended = true
	return r.c.out.send(&pgproto3.PortalSuspended{})
}

// Notice implements ResultWriter. A notice goes at once (send_message_to_frontend), since a
// statement that tells how far it is may run for long.
func (r *result) Notice(n *pgerr.Error) error {
	err := r.c.out.send(noticeMessage(n))
	if r.lost == nil && pgerr.As(err) != nil {
		r.lost = err
	}
	if err != nil {
		return err
	}
	return r.c.out.flush()
}

// maxFields is the protocol's limit; PostgreSQL's own (1,664) is the planner's.
const maxFields = math.MaxInt16

func rowDescription(fields []Field, reg *types.Registry) (*pgproto3.RowDescription, error) {
	if len(fields) > maxFields {
		return nil, pgerr.New(pgerr.TooManyColumns, "result has %d columns, the protocol allows %d", len(fields), maxFields)
	}
	m := &pgproto3.RowDescription{Fields: make([]pgproto3.FieldDescription, len(fields))}
	for i, f := range fields {
		m.Fields[i] = fieldDescription(f, reg)
	}
	return m, nil
}

func fieldDescription(f Field, reg *types.Registry) pgproto3.FieldDescription {
	t, typmod := f.Type.BaseType(f.Typmod)
	t = wireType(t, reg)
	return pgproto3.FieldDescription{
		Name:                 []byte(clean(f.Name)),
		TableOID:             f.TableOID,
		TableAttributeNumber: uint16(f.Column),
		DataTypeOID:          t.OID,
		DataTypeSize:         t.Len,
		TypeModifier:         typmod,
		Format:               f.Format,
	}
}

// wireType is the type that a client sees: what a domain is made of, as
// PostgreSQL's SendRowDescriptionMessage does (getBaseTypeAndTypmod).
func wireType(t *types.Type, reg *types.Registry) *types.Type {
	for t.Base != 0 {
		base := reg.ByOID(t.Base)
		if base == nil {
			break
		}
		t = base
	}
	return t
}
