package pljs

import (
	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// argument is an SQL value with its type.
type argument = pl.Value

// guarded runs f in a subtransaction, so that JavaScript that catches its error
// finds the transaction as it was before.
func (rt *runtime) guarded(f func(x *call) error) {
	x := rt.top
	sub := x.spi.Subtransaction()
	err := f(x)
	if err == nil {
		sub.Commit()
		return
	}
	if undo := sub.Rollback(x.ctx); undo != nil {
		err = undo
	}
	rt.throw(err)
}

// subtransaction is plv8.subtransaction(function).
func (rt *runtime) subtransaction(c goja.FunctionCall) (v goja.Value) {
	f, ok := goja.AssertFunction(c.Argument(0))
	if !ok {
		panic(rt.vm.NewTypeError("plv8.subtransaction() wants a function"))
	}
	rt.guarded(func(*call) (err error) {
		v, err = f(goja.Undefined())
		return err
	})
	return v
}

func (rt *runtime) endTransaction(commit bool) goja.Value {
	if err := rt.top.spi.EndTransaction(rt.top.ctx, commit, false); err != nil {
		rt.throw(err)
	}
	return goja.Undefined()
}

// listed are arguments from the n-th on, or the elements of the n-th where it is an
// array.
func listed(c goja.FunctionCall, n int) []goja.Value {
	if len(c.Arguments) <= n || len(c.Arguments) == n+1 && isNil(c.Arguments[n]) {
		return nil
	}
	o, ok := c.Arguments[n].(*goja.Object)
	if !ok || o.ClassName() != "Array" || len(c.Arguments) > n+1 {
		return c.Arguments[n:]
	}
	out := make([]goja.Value, int(o.Get("length").ToInteger()))
	for i := range out {
		out[i] = elementOf(o, i)
	}
	return out
}

// execute is plv8.execute(sql, [parameters]): the rows, or how many were changed.
func (rt *runtime) execute(c goja.FunctionCall) (v goja.Value) {
	text, args := c.Argument(0).String(), listed(c, 1)
	rt.guarded(func(x *call) error {
		if len(args) == 0 {
			r, err := x.spi.Execute(x.ctx, text, nil, 0)
			if err == nil {
				v = rt.result(r)
			}
			return err
		}
		p, err := x.spi.PrepareWith(text, nil)
		if err != nil {
			return err
		}
		v, err = x.executePlan(p, args)
		return err
	})
	return v
}

func (x *call) executePlan(p pl.Plan, args []goja.Value) (goja.Value, error) {
	params, err := x.parameters(p, args)
	if err != nil {
		return nil, err
	}
	r, err := p.Run(x.ctx, params, 0)
	if err != nil {
		return nil, err
	}
	return x.rt.result(r), nil
}

// parameters makes the values of a plan's parameters: 08P01 for too few or many.
func (x *call) parameters(p pl.Plan, args []goja.Value) ([]any, error) {
	want := p.Params()
	if len(want) != len(args) {
		return nil, pgerr.New(pgerr.ProtocolViolation, "plan expected %d arguments but %d were passed instead", len(want), len(args))
	}
	out := make([]any, len(args))
	for i, t := range want {
		v, err := x.toSQL(args[i], t, -1)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// result is what a statement did.
func (rt *runtime) result(r *pl.Result) goja.Value {
	if r.Columns == nil {
		return rt.vm.ToValue(r.Processed)
	}
	return rt.rows(r.Columns, r.Rows)
}

func (rt *runtime) rows(columns []types.Column, rows [][]any) goja.Value {
	out := make([]any, len(rows))
	for i, row := range rows {
		out[i] = rt.fromRow(columns, row)
	}
	return rt.vm.NewArray(out...)
}

// statement is what plv8.prepare() makes.
type statement struct {
	text     string
	declared []*types.Type
	plan     pl.Plan
	freed    bool
}

// bound is the statement's plan, made again where names have another meaning now.
func (s *statement) bound(x *call) (pl.Plan, error) {
	if s.freed {
		return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "plan unexpectedly null")
	}
	if s.plan != nil && s.plan.Valid() {
		return s.plan, nil
	}
	p, err := x.spi.PrepareWith(s.text, s.declared)
	s.plan = p
	return p, err
}

// prepare is plv8.prepare(sql, [types]).
func (rt *runtime) prepare(c goja.FunctionCall) goja.Value {
	s := &statement{text: c.Argument(0).String()}
	rt.guarded(func(x *call) error {
		for _, a := range listed(c, 1) {
			t, err := x.typeNamed(a.String())
			if err != nil {
				return err
			}
			s.declared = append(s.declared, t)
		}
		_, err := s.bound(x)
		return err
	})
	o := rt.vm.NewObject()
	rt.define(o, "execute", rt.native(func(rt *runtime, c goja.FunctionCall) (v goja.Value) {
		rt.guarded(func(x *call) error {
			p, err := s.bound(x)
			if err != nil {
				return err
			}
			v, err = x.executePlan(p, listed(c, 0))
			return err
		})
		return v
	}))
	rt.define(o, "cursor", rt.native(func(rt *runtime, c goja.FunctionCall) goja.Value { return rt.openCursor(s, listed(c, 0)) }))
	rt.define(o, "free", rt.native(func(*runtime, goja.FunctionCall) goja.Value {
		s.plan, s.freed = nil, true
		return goja.Undefined()
	}))
	return o
}

// typeNamed is regtype's input: 42704.
func (x *call) typeNamed(name string) (*types.Type, error) {
	oid, err := types.ByOID(types.RegTypeOID).In(x.env(), name, -1)
	if err != nil {
		return nil, err
	}
	return x.spi.Catalog().Types().ByOID(oid.(uint32)), nil
}

// openCursor is plan.cursor([parameters]).
func (rt *runtime) openCursor(s *statement, args []goja.Value) goja.Value {
	x := rt.top
	cursor, err := x.openCursor(s, args)
	if err != nil {
		rt.throw(err)
	}
	o := rt.vm.NewObject()
	rt.define(o, "fetch", rt.native(func(rt *runtime, c goja.FunctionCall) goja.Value { return rt.fetch(cursor, c) }))
	rt.define(o, "move", rt.native(func(rt *runtime, c goja.FunctionCall) goja.Value {
		rt.step(cursor, c.Argument(0), true)
		return goja.Undefined()
	}))
	rt.define(o, "close", rt.native(func(rt *runtime, _ goja.FunctionCall) goja.Value {
		if err := cursor.Close(); err != nil {
			rt.throw(err)
		}
		return goja.Undefined()
	}))
	return o
}

func (x *call) openCursor(s *statement, args []goja.Value) (pl.Cursor, error) {
	p, err := s.bound(x)
	if err != nil {
		return nil, err
	}
	params, err := x.parameters(p, args)
	if err != nil {
		return nil, err
	}
	return x.spi.Open(x.ctx, "", p, params, pl.CursorOptions{})
}

// fetch is cursor.fetch([count]): the rows, or the next row or null without a
// count.
func (rt *runtime) fetch(cursor pl.Cursor, c goja.FunctionCall) goja.Value {
	rows := rt.step(cursor, c.Argument(0), false)
	if len(c.Arguments) > 0 {
		return rt.rows(cursor.Columns(), rows)
	}
	if len(rows) == 0 {
		return goja.Null()
	}
	return rt.fromRow(cursor.Columns(), rows[0])
}

// step moves a cursor by a count, backward where it is negative.
func (rt *runtime) step(cursor pl.Cursor, count goja.Value, move bool) [][]any {
	n, direction := int64(1), parser.FetchDirection_FETCH_FORWARD
	if !isNil(count) {
		n = count.ToInteger()
	}
	if n < 0 {
		n, direction = -n, parser.FetchDirection_FETCH_BACKWARD
	}
	rows, _, err := cursor.Fetch(rt.top.ctx, direction, n, move)
	if err != nil {
		rt.throw(err)
	}
	return rows
}
