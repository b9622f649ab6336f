package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// column encodes the values of one column of a result: each its length and bytes.
type column struct{ out vec.Output }

// bind makes the column read v from now on.
func (c column) bind(v vec.Vector) { c.out.Bind(v) }

func (c column) append(dst []byte, i int) []byte { return vec.AppendSized(dst, c.out, i) }

// newColumn picks the encoder of a field; env is the session's formatting.
func newColumn(f Field, env *types.Env) (column, error) {
	if f.Format != Text && f.Format != Binary {
		return column{}, unsupportedFormat(f.Format)
	}
	if f.Format == Text && f.Type.Out == nil {
		return column{}, pgerr.New(pgerr.FeatureNotSupported, "cannot display a value of type %s", f.Type.Name)
	}
	if f.Format == Binary && f.Type.Send == nil {
		return column{}, pgerr.New(pgerr.UndefinedFunction, "no binary output function available for type %s", f.Type.Name)
	}
	o := vec.NewOutput(f.Type, env, f.Format == Binary)
	if env != nil && env.Client != nil && f.Format == Text {
		o = &clientOutput{Output: o, client: env.Client}
	}
	return column{o}, nil
}

// clientOutput writes texts in the client's encoding.
type clientOutput struct {
	vec.Output
	client *mb.Client
	text   []byte
}

// Append implements vec.Output.
func (o *clientOutput) Append(dst []byte, i int) (out []byte, null bool) {
	if o.text, null = o.Output.Append(o.text[:0], i); null {
		return dst, true
	}
	return o.client.Append(dst, o.text), false
}

// streamRow sends row i, of which values lie out of line, piece by piece. 54000 for one
// beyond the protocol's message length.
func (r *result) streamRow(i int) error {
	p := &r.pieces
	p.Reset()
	p.Bytes = append(p.Bytes, byte(len(r.cols)>>8), byte(len(r.cols)))
	for _, c := range r.cols {
		p.AppendSized(c.out, i)
	}
	if p.Size() > maxLargeBody {
		return pgerr.New(pgerr.ProgramLimitExceeded, "row of %d bytes is too large for the protocol", p.Size())
	}
	return r.c.stream(msgDataRow, p.Size(), p.WriteTo)
}

// stream sends one message of that many bytes as they come. What fails in the middle of
// it ends the connection: the client can't be told.
func (c *conn) stream(typ byte, size int64, write func(ctx context.Context, w io.Writer) error) error {
	o := &c.out
	o.buf = binary.BigEndian.AppendUint32(append(o.buf, typ), uint32(size+4))
	w := &counted{o: o}
	err := write(c.run.begin(c.ctx), w)
	if err == nil && w.n != size {
		err = pgerr.Internal("a message of %d bytes has %d", size, w.n)
	}
	if err != nil && o.err == nil {
		c.log.Warn("a value could not be read to its end; the connection is closed", "error", err)
		o.err = errors.Join(errGone, err)
	}
	return o.flushIfFull()
}

// counted is the body of a message that is sent as it comes.
type counted struct {
	o *out
	n int64
}

// Write implements io.Writer.
func (w *counted) Write(p []byte) (int, error) {
	w.o.buf = append(w.o.buf, p...)
	w.n += int64(len(p))
	return len(p), w.o.flushIfFull()
}

// appendRow adds row i as a DataRow message. A row beyond the protocol's
// message length is 54000; dst then comes back as it was.
func appendRow(dst []byte, cols []column, i int) ([]byte, error) {
	start := len(dst)
	dst = append(dst, msgDataRow, 0, 0, 0, 0, byte(len(cols)>>8), byte(len(cols)))
	for _, c := range cols {
		dst = c.append(dst, i)
	}
	size := len(dst) - start - 1
	if size > math.MaxInt32 {
		return dst[:start], pgerr.New(pgerr.ProgramLimitExceeded, "row of %d bytes is too large for the protocol", size)
	}
	binary.BigEndian.PutUint32(dst[start+1:], uint32(size))
	return dst, nil
}
