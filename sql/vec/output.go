package vec

import (
	"encoding/binary"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Output writes the values of one column in the text or the binary form of their
// type: for the wire, and for COPY.
type Output interface {
	// Bind makes it read v from now on.
	Bind(v Vector)
	// Append adds row i of the vector to dst; for NULL nothing.
	Append(dst []byte, i int) (out []byte, null bool)
	// External is row i if it lies out of line, else nil: Append adds only its head then
	// (Pieces).
	External(i int) *types.External
}

// NewOutput picks the output that does not box, where there is one; env is the
// session's formatting. The type must have the form.
func NewOutput(t *types.Type, env *types.Env, binary bool) Output {
	if int(t.Rep) < len(typedOutputs) && typedOutputs[t.Rep] != nil {
		return typedOutputs[t.Rep](t, env, binary)
	}
	return newBoxedOutput(t, env, binary)
}

// AppendSized adds row i with the length before it, as the protocol's DataRow and
// COPY's binary format have it: four bytes, -1 for NULL.
func AppendSized(dst []byte, o Output, i int) []byte {
	start := len(dst)
	dst, null := o.Append(append(dst, 0xff, 0xff, 0xff, 0xff), i)
	if !null {
		binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	}
	return dst
}

// typedOutputs make the outputs that do not box, by representation.
var typedOutputs = [...]func(*types.Type, *types.Env, bool) Output{
	types.RepBool:     newTypedOutput[bool],
	types.RepInt16:    newTypedOutput[int16],
	types.RepInt32:    newTypedOutput[int32],
	types.RepInt64:    newTypedOutput[int64],
	types.RepUint32:   newTypedOutput[uint32],
	types.RepFloat32:  newTypedOutput[float32],
	types.RepFloat64:  newTypedOutput[float64],
	types.RepString:   newTypedOutput[string],
	types.RepBytes:    newByteaOutput,
	types.RepNumeric:  newTypedOutput[types.Numeric],
	types.RepInterval: newTypedOutput[types.Interval],
	types.RepUUID:     newTypedOutput[types.UUID],
	types.RepJSON:     newTypedOutput[*types.JSON],
	types.RepArray:    newTypedOutput[*types.Array],
	types.RepRecord:   newTypedOutput[*types.Record],
}

type typedOutput[T any] struct {
	env *types.Env
	put func(env *types.Env, dst []byte, v T) []byte
	vec *Vec[T]
}

func newTypedOutput[T any](t *types.Type, env *types.Env, binary bool) Output {
	impl := types.ImplOf[T](t)
	if impl == nil {
		return newBoxedOutput(t, env, binary)
	}
	o := &typedOutput[T]{env: env, put: impl.Out}
	if binary {
		o.put = impl.Send
	}
	return o
}

// Bind implements Output.
func (o *typedOutput[T]) Bind(v Vector) { o.vec = Of[T](v) }

// Append implements Output.
func (o *typedOutput[T]) Append(dst []byte, i int) (out []byte, null bool) {
	if o.vec.IsNull(i) {
		return dst, true
	}
	return o.put(o.env, dst, o.vec.At(i)), false
}

// External implements Output.
func (o *typedOutput[T]) External(int) *types.External { return nil }

// External implements Output.
func (o *boxedOutput) External(int) *types.External { return nil }

// boxedOutput serves the types whose values have no vector of their own.
type boxedOutput struct {
	env *types.Env
	put func(env *types.Env, dst []byte, v any) []byte
	vec Vector
}

func newBoxedOutput(t *types.Type, env *types.Env, binary bool) Output {
	o := &boxedOutput{env: env, put: t.Out}
	if binary {
		o.put = t.Send
	}
	return o
}

// Bind implements Output.
func (o *boxedOutput) Bind(v Vector) { o.vec = v }

// Append implements Output.
func (o *boxedOutput) Append(dst []byte, i int) (out []byte, null bool) {
	v := o.vec.Value(i)
	if v == nil {
		return dst, true
	}
	return o.put(o.env, dst, v), false
}
