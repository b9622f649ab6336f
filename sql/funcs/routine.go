package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Routines is a Session that runs the functions which users write in SQL.
type Routines interface {
	// Routine runs c.Func's body with boxed arguments. The rows have one column,
	// a record where the function returns one.
	Routine(c *Call, args []any) (RowIter, error)
}

// NewRoutine gives a function of a user's its code: the session runs its body.
func NewRoutine(f *Func) *Func {
	f.User = true
	if f.ReturnSet {
		f.Rows = runRoutine
	} else {
		f.Kernel = Boxed(!f.NotStrict, routineValue)
	}
	return f
}

func runRoutine(c *Call, args []any) (RowIter, error) {
	s, ok := c.Session.(Routines)
	if !ok {
		return nil, pgerr.Unsupported("calling function %s here", c.Func.Name)
	}
	return s.Routine(c, args)
}

// CallRoutine calls a function of a user's on boxed values in the place of another
// call: the first row of what it returns, nil for none.
func CallRoutine(c *Call, f *Func, result *types.Type, argTypes []*types.Type, args []any) (any, error) {
	call := *c
	call.Func, call.Result, call.Args, call.State, call.Typmod = f, result, argTypes, nil, -1
	return routineValue(&call, args)
}

// routineValue is the first row of a function that returns no set; NULL if
// there is none.
func routineValue(c *Call, args []any) (any, error) {
	rows, err := runRoutine(c, args)
	if err != nil {
		return nil, err
	}
	b, err := rows.Next()
	if b == nil || b.Rows() == 0 || err != nil {
		return nil, err
	}
	return b.Cols[0].Value(b.Row(0)), nil
}

// RowsOf is the RowIter of boxed values in one column of type t.
func RowsOf(t *types.Type, values []any) RowIter {
	return &pull{types: []*types.Type{t}, next: func() ([]any, error) {
		if len(values) == 0 {
			return nil, nil
		}
		row := values[:1]
		values = values[1:]
		return row, nil
	}}
}

// Transition is what a user's aggregate does with the rows of a group
// (pg_aggregate): Step has the state as its first argument; Final, which may be
// nil, makes the result of it.
type Transition struct {
	Step, Final *Func
	// State is the type of the state, Init its first value, nil for NULL.
	State *types.Type
	Init  any
	// FinalExtra: Final also takes the aggregate's arguments, as NULLs.
	FinalExtra bool
}

// NewTransition makes the code of an aggregate of a user's. The result depends
// on the order of rows, as far as anybody knows.
func NewTransition(resolve func(c *Call) (*Transition, error)) AggFunc {
	return AggFunc{OrderSensitive: true, OrderedSet: 'n', New: func(c *Call) AggState {
		t, err := resolve(c)
		return &transitionState{c: c, t: t, err: err}
	}}
}

type transitionState struct {
	c           *Call
	t           *Transition
	err         error
	groups      []transitionGroup
	step, final *Call
}

// transitionGroup is a group's state; seen is unset while a strict Step without
// an initial value waits for its first row.
type transitionGroup struct {
	state any
	seen  bool
}

// Resize implements AggState.
func (st *transitionState) Resize(n int) {
	for len(st.groups) < n {
		g := transitionGroup{}
		if st.t != nil {
			g.state, g.seen = st.t.Init, st.t.Init != nil || st.t.Step.NotStrict
		}
		st.groups = append(st.groups, g)
	}
}

// Update implements AggState.
func (st *transitionState) Update(args []vec.Vector, sel []int32, n int, groups []int32) error {
	if st.err != nil {
		return st.err
	}
	if groups == nil {
		st.Resize(1)
	}
	in := inputs{n: n, sel: sel, groups: groups}
	row := make([]any, len(args))
	for k := range in.count() {
		for i, a := range args {
			row[i] = a.Value(in.row(k))
		}
		if err := st.advance(&st.groups[in.group(k)], row); err != nil {
			return err
		}
	}
	return nil
}

// advance is advance_transition_function.
func (st *transitionState) advance(g *transitionGroup, row []any) error {
	if !st.t.Step.NotStrict {
		for _, v := range row {
			if v == nil {
				return nil
			}
		}
		if !g.seen { // the first value is the state: the binder checked that it can be
			g.state, g.seen = row[0], true
			return nil
		}
		if g.state == nil {
			return nil
		}
	}
	if st.step == nil {
		st.step = st.call(st.t.Step, st.c.Args, st.t.State)
		st.step.VariadicExpanded = st.c.VariadicExpanded
	}
	v, err := callOnce(st.step, append([]any{g.state}, row...))
	g.state = v
	return err
}

// call is the call site of one of the aggregate's functions, whose first
// argument is the state.
func (st *transitionState) call(f *Func, args []*types.Type, result *types.Type) *Call {
	c := *st.c
	c.Func, c.Result, c.State, c.Typmod = f, result, nil, -1
	c.Args = append([]*types.Type{st.t.State}, args...)
	return &c
}

// callOnce calls a function on one row of boxed values.
func callOnce(c *Call, row []any) (any, error) {
	args := make([]vec.Vector, len(row))
	for i, v := range row {
		args[i] = vec.Const(c.Args[i], v, 1)
	}
	out, err := c.Func.Kernel(c, args, nil, 1)
	if err != nil {
		return nil, err
	}
	return out.Value(0), nil
}

// Merge implements AggState. States of unknown functions can't be merged:
// OrderSensitive keeps the rows of a group together.
func (st *transitionState) Merge(AggState, []int32) error {
	return pgerr.Internal("the states of aggregate %s can't be merged", st.c.Func.Name)
}

// Result implements AggState.
func (st *transitionState) Result(out vec.Builder, from, to int) error {
	if st.err != nil {
		return st.err
	}
	for _, g := range st.groups[from:to] {
		v, err := st.finish(g.state)
		if err != nil {
			return err
		}
		out.Append(v)
	}
	return nil
}

// finish is finalize_aggregate.
func (st *transitionState) finish(state any) (any, error) {
	f := st.t.Final
	switch {
	case f == nil:
		return state, nil
	case !f.NotStrict && (state == nil || st.t.FinalExtra && len(st.c.Args) > 0):
		return nil, nil
	}
	var extra []*types.Type
	row := []any{state}
	if st.t.FinalExtra {
		extra = st.c.Args
		row = append(row, make([]any, len(extra))...)
	}
	if st.final == nil {
		st.final = st.call(f, extra, st.c.Result)
	}
	return callOnce(st.final, row)
}

// MemSize implements AggState.
func (st *transitionState) MemSize() int64 { return int64(cap(st.groups)) * 64 }
