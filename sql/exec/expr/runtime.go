package expr

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Runtime is what evaluators need of the execution they belong to.
type Runtime struct {
	// Ctx is that of the running Open or Next.
	Ctx     context.Context
	Types   *types.Env
	Session funcs.Session
	// Params are the values of $1 …, boxed.
	Params []any
	// Slots are the parameters whose values change between evaluations, by number.
	Slots map[int]*Slot
	// Reuse: the expressions serve one execution after another (Rebind).
	Reuse   bool
	reusers []reuser
	// Subplan makes a subquery's operators ready to run under outer's slots.
	Subplan func(n plan.Node, outer *Outer) (Subplan, error)
}

// Subplan is a runnable subquery. It may be opened again after Close.
type Subplan interface {
	Open(ctx context.Context) error
	// Next returns nil at the end.
	Next(ctx context.Context) (*vec.Batch, error)
	Close() error
}

// Expr is a compiled expression.
type Expr interface {
	// Eval computes the rows sel of b, all if sel is nil. The result has b.N rows.
	Eval(b *vec.Batch, sel []int32) (vec.Vector, error)
}

// Outer holds the current values of the columns of enclosing queries.
type Outer struct {
	parent *Outer
	slots  map[plan.ColumnID]*Slot
}

// Slot is the current value of one outer column.
type Slot struct {
	Type  *types.Type
	Value any
	// last is the value as a vector, kept while rows ask for the same.
	last vec.Vector
}

// NewOuter makes slots below parent, which may be nil.
func NewOuter(parent *Outer) *Outer {
	return &Outer{parent: parent, slots: map[plan.ColumnID]*Slot{}}
}

// Add makes a slot for a column.
func (o *Outer) Add(id plan.ColumnID, t *types.Type) *Slot {
	s := &Slot{Type: t}
	o.slots[id] = s
	return s
}

// Find returns the column's slot, or nil.
func (o *Outer) Find(id plan.ColumnID) *Slot {
	for ; o != nil; o = o.parent {
		if s := o.slots[id]; s != nil {
			return s
		}
	}
	return nil
}

// Set changes the slot's value.
func (s *Slot) Set(v any) { s.Value, s.last = v, nil }

// Vector returns n rows of the slot's value.
func (s *Slot) Vector(n int) vec.Vector {
	if s.last == nil || s.last.Len() != n {
		s.last = vec.Const(s.Type, s.Value, n)
	}
	return s.last
}

// constant is a value that all rows share; the vector is kept for the usual
// batch size.
type constant struct {
	typ  *types.Type
	val  any
	last vec.Vector
}

func (e *constant) Eval(b *vec.Batch, _ []int32) (vec.Vector, error) {
	if e.last == nil || e.last.Len() != b.N {
		e.last = vec.Const(e.typ, e.val, b.N)
	}
	return e.last, nil
}

type columnRef int

func (e columnRef) Eval(b *vec.Batch, _ []int32) (vec.Vector, error) { return b.Cols[e], nil }

type slotRef struct{ slot *Slot }

func (e slotRef) Eval(b *vec.Batch, _ []int32) (vec.Vector, error) { return e.slot.Vector(b.N), nil }

// held hands on a vector that an enclosing expression has computed.
type held struct{ v vec.Vector }

func (e *held) Eval(*vec.Batch, []int32) (vec.Vector, error) { return e.v, nil }

// each calls f for the rows sel, or all n.
func each(sel []int32, n int, f func(i int)) {
	if sel == nil {
		for i := range n {
			f(i)
		}
		return
	}
	for _, i := range sel {
		f(int(i))
	}
}

func count(sel []int32, n int) int {
	if sel != nil {
		return len(sel)
	}
	return n
}

// anyRow is a row of the selection, -1 if it is empty.
func anyRow(sel []int32, n int) int {
	switch {
	case sel == nil && n > 0:
		return 0
	case len(sel) > 0:
		return int(sel[0])
	}
	return -1
}

// mapRows builds a vector of b.N rows by a function on boxed values; nil is
// NULL.
func mapRows(t *types.Type, sel []int32, n int, f func(i int) (any, error)) (vec.Vector, error) {
	out := vec.NewBuilder(t, n)
	var failed error
	each(sel, n, func(i int) {
		for out.Len() < i {
			out.AppendNull()
		}
		if failed != nil {
			return
		}
		v, err := f(i)
		if err != nil {
			failed = err
			return
		}
		out.Append(v)
	})
	if failed != nil {
		return nil, failed
	}
	for out.Len() < n {
		out.AppendNull()
	}
	return out.Build(), nil
}

// mapOne is mapRows for a function of one vector, called once if that is
// constant.
func mapOne(t *types.Type, v vec.Vector, sel []int32, n int, f func(x any) (any, error)) (vec.Vector, error) {
	if v.IsConst() && count(sel, n) > 0 {
		x, err := f(v.Value(0))
		if err != nil {
			return nil, err
		}
		return vec.Const(t, x, n), nil
	}
	return mapRows(t, sel, n, func(i int) (any, error) { return f(v.Value(i)) })
}
