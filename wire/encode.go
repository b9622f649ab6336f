package wire

import (
	"encoding/binary"
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
