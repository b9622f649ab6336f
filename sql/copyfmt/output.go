package copyfmt

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// output writes the values of one column.
type output interface {
	bind(v vec.Vector)
	null(i int) bool
	append(dst []byte, i int) []byte
}

// outputOf picks the output that does not box, where there is one.
func outputOf(t *types.Type, env *types.Env, binary bool) output {
	if int(t.Rep) < len(typedOutputs) && typedOutputs[t.Rep] != nil {
		return typedOutputs[t.Rep](t, env, binary)
	}
	return newBoxedOutput(t, env, binary)
}

var typedOutputs = [...]func(*types.Type, *types.Env, bool) output{
	types.RepBool:     newTypedOutput[bool],
	types.RepInt16:    newTypedOutput[int16],
	types.RepInt32:    newTypedOutput[int32],
	types.RepInt64:    newTypedOutput[int64],
	types.RepUint32:   newTypedOutput[uint32],
	types.RepFloat32:  newTypedOutput[float32],
	types.RepFloat64:  newTypedOutput[float64],
	types.RepString:   newTypedOutput[string],
	types.RepBytes:    newTypedOutput[[]byte],
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
	vec *vec.Vec[T]
}

func newTypedOutput[T any](t *types.Type, env *types.Env, binary bool) output {
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

func (o *typedOutput[T]) bind(v vec.Vector)               { o.vec = vec.Of[T](v) }
func (o *typedOutput[T]) null(i int) bool                 { return o.vec.IsNull(i) }
func (o *typedOutput[T]) append(dst []byte, i int) []byte { return o.put(o.env, dst, o.vec.At(i)) }

// boxedOutput serves the types whose values have no vector of their own.
type boxedOutput struct {
	env *types.Env
	put func(env *types.Env, dst []byte, v any) []byte
	vec vec.Vector
}

func newBoxedOutput(t *types.Type, env *types.Env, binary bool) output {
	o := &boxedOutput{env: env, put: t.Out}
	if binary {
		o.put = t.Send
	}
	return o
}

func (o *boxedOutput) bind(v vec.Vector)               { o.vec = v }
func (o *boxedOutput) null(i int) bool                 { return o.vec.IsNull(i) }
func (o *boxedOutput) append(dst []byte, i int) []byte { return o.put(o.env, dst, o.vec.Value(i)) }
