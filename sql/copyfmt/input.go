package copyfmt

import (
	"bytes"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// input reads the values of one column into a vector.
type input interface {
	null()
	text(s string) error
	binary(b []byte) error
	// take is the vector of the first n values; the next begins a new one.
	take(n int) vec.Vector
}

// inputOf picks the input that does not box, where there is one.
func inputOf(c Column, env *types.Env) input {
	t := c.Type
	if t == types.ExternalBytea {
		return &externalInput{newValues[any](c, env)}
	}
	if int(t.Rep) < len(typedInputs) && typedInputs[t.Rep] != nil {
		return typedInputs[t.Rep](c, env)
	}
	return newBoxedInput[any](c, env)
}

var typedInputs = [...]func(Column, *types.Env) input{
	types.RepBool:     newTypedInput[bool],
	types.RepInt16:    newTypedInput[int16],
	types.RepInt32:    newTypedInput[int32],
	types.RepInt64:    newTypedInput[int64],
	types.RepUint32:   newTypedInput[uint32],
	types.RepFloat32:  newTypedInput[float32],
	types.RepFloat64:  newTypedInput[float64],
	types.RepString:   newTypedInput[string],
	types.RepBytes:    newTypedInput[[]byte],
	types.RepNumeric:  newTypedInput[types.Numeric],
	types.RepInterval: newTypedInput[types.Interval],
	types.RepUUID:     newTypedInput[types.UUID],
	types.RepJSON:     newTypedInput[*types.JSON],
	types.RepArray:    newTypedInput[*types.Array],
	types.RepRecord:   newTypedInput[*types.Record],
}

// values collects a column.
type values[T any] struct {
	col Column
	env *types.Env
	b   *vec.VecBuilder[T]
}

func newValues[T any](c Column, env *types.Env) values[T] {
	return values[T]{col: c, env: env, b: vec.NewVecBuilder[T](c.Type, vec.BatchSize)}
}

func (v *values[T]) null() { v.b.AppendNull() }

func (v *values[T]) take(n int) vec.Vector {
	v.b.Vals = v.b.Vals[:n]
	out := v.b.Build()
	v.b = vec.NewVecBuilder[T](v.col.Type, vec.BatchSize)
	return out
}

func (v *values[T]) put(x T, err error) error {
	if err == nil {
		v.b.Put(x)
	}
	return err
}

func (v *values[T]) noBinary() error {
	return pgerr.New(pgerr.UndefinedFunction, "no binary input function available for type %s", v.col.Type.Name)
}

type typedInput[T any] struct {
	values[T]
	impl   *types.Impl[T]
	typmod int32 // of the type below a domain
}

func newTypedInput[T any](c Column, env *types.Env) input {
	impl := types.ImplOf[T](c.Type)
	if impl == nil || c.Type.Constrained() { // what is typed does not look at a domain's constraints
		return newBoxedInput[T](c, env)
	}
	_, typmod := c.Type.BaseType(c.Typmod)
	return &typedInput[T]{newValues[T](c, env), impl, typmod}
}

func (v *typedInput[T]) text(s string) error {
	return v.put(v.impl.In(v.env, s, v.typmod))
}

func (v *typedInput[T]) binary(b []byte) error {
	if v.impl.Recv == nil {
		return v.noBinary()
	}
	return v.put(v.impl.Recv(v.env, b, v.typmod))
}

// externalInput is that of bytea which may lie out of line.
type externalInput struct{ values[any] }

func (v *externalInput) text(s string) error {
	b, err := types.ParseBytea(s)
	return v.put(types.InlineExternal(b), err)
}

func (v *externalInput) binary(b []byte) error {
	return v.put(types.InlineExternal(bytes.Clone(b)), nil)
}

// boxedInput serves the types without typed functions.
type boxedInput[T any] struct{ values[T] }

func newBoxedInput[T any](c Column, env *types.Env) input {
	return &boxedInput[T]{newValues[T](c, env)}
}

func (v *boxedInput[T]) text(s string) error { return v.add(v.col.Type.In(v.env, s, v.col.Typmod)) }

func (v *boxedInput[T]) binary(b []byte) error {
	if v.col.Type.Recv == nil {
		return v.noBinary()
	}
	return v.add(v.col.Type.Recv(v.env, b, v.col.Typmod))
}

func (v *boxedInput[T]) add(x any, err error) error {
	if err == nil {
		v.b.Append(x)
	}
	return err
}
