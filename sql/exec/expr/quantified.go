package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// quantified is op ANY/ALL (subquery), and IN. The test is evaluated on the
// subquery's rows beside the outer row's columns as constants.
type quantified struct {
	subquery
	all  bool
	test Expr
	// uses are the positions of the outer row's columns in b, which stand in the
	// test's input after the subquery's columns.
	uses []int
	// rows are the subquery's rows where it is not correlated.
	rows   []*vec.Batch
	loaded bool
	// Fast path of an uncorrelated x = ANY (…) or x <> ALL (…).
	left Expr
	set  *valueSet
}

func (c *Compiler) quantified(e *plan.Subquery) (Expr, error) {
	q := &quantified{all: e.Kind == plan.SubAll}
	if err := c.prepare(&q.subquery, e); err != nil {
		return nil, err
	}
	q.memo = nil
	if err := c.compileTest(q, e); err != nil {
		return nil, err
	}
	return q, c.hashTest(q, e)
}

func (c *Compiler) compileTest(q *quantified, e *plan.Subquery) error {
	cols := append([]plan.Col(nil), e.Plan.Columns()...)
	own := plan.ColumnIDs(cols)
	for id := range plan.ColumnsOf(e.Test) {
		if at, ok := c.cols[id]; ok && !own[id] {
			q.uses = append(q.uses, at)
			cols = append(cols, plan.Col{ID: id, Type: c.types[id]})
		}
	}
	var err error
	q.test, err = c.with(cols).Compile(e.Test)
	return err
}

// hashTest prepares the fast path: one side of the = is a column of the
// subquery, the other does not use it.
func (c *Compiler) hashTest(q *quantified, e *plan.Subquery) error {
	call, ok := e.Test.(*plan.Call)
	if !ok || len(q.refs) > 0 || len(call.Args) != 2 || call.Op == nil || len(e.Plan.Columns()) != 1 {
		return nil
	}
	op := call.Op
	if q.all {
		op = funcs.OperatorByOID(op.Negator)
	}
	id := e.Plan.Columns()[0].ID
	left, right := call.Args[0], call.Args[1]
	col, isCol := right.(*plan.Column)
	if !hashableEquality(op) || !isCol || col.ID != id || plan.ColumnsOf(left)[id] {
		return nil
	}
	if q.set = newValueSet(left.Type(), right.Type()); q.set == nil {
		return nil
	}
	var err error
	q.left, err = c.Compile(left)
	return err
}

func (q *quantified) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	if len(q.refs) == 0 && anyRow(sel, b.N) >= 0 {
		if err := q.load(); err != nil {
			return nil, err
		}
		if q.set != nil {
			v, err := q.left.Eval(b, sel)
			if err != nil {
				return nil, err
			}
			return q.set.test(q.typ, v, sel, b.N, q.all), nil
		}
	}
	outer := make([]vec.Vector, len(q.refs))
	for k, r := range q.refs {
		v, err := r.from.Eval(b, sel)
		if err != nil {
			return nil, err
		}
		outer[k] = v
	}
	return mapRows(q.typ, sel, b.N, func(i int) (any, error) {
		for k, r := range q.refs {
			r.slot.Set(outer[k].Value(i))
		}
		return q.row(b, i)
	})
}

// load runs an uncorrelated subquery, into the set or into rows.
func (q *quantified) load() error {
	if q.loaded {
		return nil
	}
	err := q.each(func(b *vec.Batch) (bool, error) {
		if q.set != nil {
			q.set.add(b.Cols[0], b.Sel, b.N)
		} else if b.Rows() > 0 {
			q.rows = append(q.rows, b)
		}
		return true, nil
	})
	q.loaded = err == nil
	return err
}

// row combines the test over the subquery's rows for outer row i.
func (q *quantified) row(b *vec.Batch, i int) (any, error) {
	var result any = q.all
	combine := func(rows *vec.Batch) (bool, error) {
		var err error
		result, err = q.combine(result, rows, b, i)
		return result != any(!q.all), err
	}
	if len(q.refs) > 0 {
		err := q.each(combine)
		return result, err
	}
	for _, rows := range q.rows {
		if more, err := combine(rows); err != nil || !more {
			return result, err
		}
	}
	return result, nil
}

func (q *quantified) combine(result any, rows, b *vec.Batch, i int) (any, error) {
	cols := append([]vec.Vector(nil), rows.Cols...)
	for _, at := range q.uses {
		v := b.Cols[at]
		cols = append(cols, vec.Const(v.Type(), v.Value(i), rows.N))
	}
	v, err := q.test.Eval(&vec.Batch{Cols: cols, N: rows.N, Sel: rows.Sel}, rows.Sel)
	if err != nil {
		return nil, err
	}
	for k := range rows.Rows() {
		switch x := v.Value(rows.Row(k)); x {
		case nil:
			result = nil
		case !q.all:
			return x, nil
		}
	}
	return result, nil
}
