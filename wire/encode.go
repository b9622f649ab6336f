package wire

import (
	"encoding/binary"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// column encodes the values of one column of a result.
type column interface {
	// bind makes the column read v from now on.
	bind(v vec.Vector)
	// append adds row i of the vector: its length and bytes.
	append(dst []byte, i int) []byte
}

// newColumn picks the encoder of a field; env is the session's formatting.
func newColumn(f Field, env *types.Env) (column, error) {
	if f.Format != Text && f.Format != Binary {
		return nil, unsupportedFormat(f.Format)
	}
	if f.Format == Text && f.Type.Out == nil {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot display a value of type %s", f.Type.Name)
	}
	if f.Format == Binary && f.Type.Send == nil {
		return nil, pgerr.New(pgerr.UndefinedFunction, "no binary output function available for type %s", f.Type.Name)
	}
	if int(f.Type.Rep) < len(typedColumns) && typedColumns[f.Type.Rep] != nil {
		return typedColumns[f.Type.Rep](f, env), nil
	}
	return newBoxedColumn(f, env), nil
}

// typedColumns make the encoders that do not box, by representation.
var typedColumns = [...]func(Field, *types.Env) column{
	types.RepBool:     newTypedColumn[bool],
	types.RepInt16:    newTypedColumn[int16],
	types.RepInt32:    newTypedColumn[int32],
	types.RepInt64:    newTypedColumn[int64],
	types.RepUint32:   newTypedColumn[uint32],
	types.RepFloat32:  newTypedColumn[float32],
	types.RepFloat64:  newTypedColumn[float64],
	types.RepString:   newTypedColumn[string],
	types.RepBytes:    newTypedColumn[[]byte],
	types.RepNumeric:  newTypedColumn[types.Numeric],
	types.RepInterval: newTypedColumn[types.Interval],
	types.RepUUID:     newTypedColumn[types.UUID],
	types.RepJSON:     newTypedColumn[*types.JSON],
	types.RepArray:    newTypedColumn[*types.Array],
	types.RepRecord:   newTypedColumn[*types.Record],
}

type typedColumn[T any] struct {
	env *types.Env
	put func(env *types.Env, dst []byte, v T) []byte
	vec *vec.Vec[T]
}

func newTypedColumn[T any](f Field, env *types.Env) column {
	impl := types.ImplOf[T](f.Type)
	if impl == nil {
		return newBoxedColumn(f, env)
	}
	c := &typedColumn[T]{env: env, put: impl.Out}
	if f.Format == Binary {
		c.put = impl.Send
	}
	return c
}

func (c *typedColumn[T]) bind(v vec.Vector) { c.vec = vec.Of[T](v) }

func (c *typedColumn[T]) append(dst []byte, i int) []byte {
	if c.vec.IsNull(i) {
		return appendNull(dst)
	}
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	return patchLength(c.put(c.env, dst, c.vec.At(i)), start)
}

// boxedColumn serves the types whose values have no vector of their own.
type boxedColumn struct {
	env *types.Env
	put func(env *types.Env, dst []byte, v any) []byte
	vec vec.Vector
}

func newBoxedColumn(f Field, env *types.Env) column {
	c := &boxedColumn{env: env, put: f.Type.Out}
	if f.Format == Binary {
		c.put = f.Type.Send
	}
	return c
}

func (c *boxedColumn) bind(v vec.Vector) { c.vec = v }

func (c *boxedColumn) append(dst []byte, i int) []byte {
	v := c.vec.Value(i)
	if v == nil {
		return appendNull(dst)
	}
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	return patchLength(c.put(c.env, dst, v), start)
}

func appendNull(dst []byte) []byte { return append(dst, 0xff, 0xff, 0xff, 0xff) }

func patchLength(dst []byte, start int) []byte {
	binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	return dst
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
