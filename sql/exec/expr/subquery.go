package expr

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// memoSize bounds the answers kept of a correlated subquery; when it is full it
// is emptied.
const memoSize = 4096

// outerRef is one outer column of a subquery: where its value comes from and
// the slot in which the subquery sees it.
type outerRef struct {
	from Expr
	typ  *types.Type
	slot *Slot
}

// subquery runs a plan for the outer values of each row and turns its rows into
// one value by answer. Without outer values it runs once.
type subquery struct {
	rt    *Runtime
	typ   *types.Type
	plan  plan.Node
	outer *Outer
	refs  []outerRef
	sub   Subplan
	// answer computes the value for row i of b from the running plan.
	answer func(e *subquery, b *vec.Batch, i int) (any, error)
	// once: the answer does not depend on the row.
	once    bool
	done    bool
	value   any
	memo    *columns.Table // outer values → position in answers; nil: not kept
	answers []any
}

func (c *Compiler) subquery(e *plan.Subquery) (Expr, error) {
	if e.Kind == plan.SubAny || e.Kind == plan.SubAll {
		return c.quantified(e)
	}
	s := &subquery{answer: map[plan.SubqueryKind]func(*subquery, *vec.Batch, int) (any, error){
		plan.SubExists: exists, plan.SubScalar: scalar, plan.SubArray: arrayOfRows,
	}[e.Kind]}
	if err := c.prepare(s, e); err != nil {
		return nil, err
	}
	s.once = len(s.refs) == 0
	return s, nil
}

// prepare makes the slots of the columns that the subquery uses.
func (c *Compiler) prepare(s *subquery, e *plan.Subquery) error {
	s.rt, s.typ, s.plan, s.outer = c.rt, e.Typ, e.Plan, NewOuter(c.outer)
	var ts []*types.Type
	for _, id := range e.Outer {
		if at, ok := c.cols[id]; ok {
			t := c.types[id]
			s.refs = append(s.refs, outerRef{columnRef(at), t, s.outer.Add(id, t)})
			ts = append(ts, t)
			continue
		}
		slot := c.outer.Find(id)
		if slot == nil {
			return pgerr.Internal("outer column %d of a subquery is not among the inputs", id)
		}
		s.refs = append(s.refs, outerRef{slotRef{slot}, slot.Type, s.outer.Add(id, slot.Type)})
		ts = append(ts, slot.Type)
	}
	if len(ts) > 0 && hashable(ts) && !plan.NodeIsVolatile(e.Plan) {
		s.memo = columns.NewTable(ts)
	}
	return nil
}

func hashable(ts []*types.Type) bool {
	for _, t := range ts {
		if t.Compare == nil || t.Hash == nil {
			return false
		}
	}
	return true
}

func (e *subquery) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	if e.once {
		return e.evalOnce(b, sel)
	}
	outer := make([]vec.Vector, len(e.refs))
	for k, r := range e.refs {
		v, err := r.from.Eval(b, sel)
		if err != nil {
			return nil, err
		}
		outer[k] = v
	}
	if e.memo == nil {
		return mapRows(e.typ, sel, b.N, func(i int) (any, error) { return e.run(outer, b, i) })
	}
	return e.evalMemo(outer, b, sel)
}

func (e *subquery) evalOnce(b *vec.Batch, sel []int32) (vec.Vector, error) {
	i := anyRow(sel, b.N)
	if i < 0 {
		return vec.Const(e.typ, nil, b.N), nil
	}
	if !e.done {
		v, err := e.answer(e, b, i)
		if err != nil {
			return nil, err
		}
		e.value, e.done = v, true
	}
	return vec.Const(e.typ, e.value, b.N), nil
}

// evalMemo runs the plan once for each combination of outer values.
func (e *subquery) evalMemo(outer []vec.Vector, b *vec.Batch, sel []int32) (vec.Vector, error) {
	if e.memo.Len() > memoSize {
		ts := make([]*types.Type, len(e.refs))
		for k, r := range e.refs {
			ts[k] = r.typ
		}
		e.memo, e.answers = columns.NewTable(ts), nil
	}
	numbers := make([]int32, count(sel, b.N))
	e.memo.Insert(outer, sel, b.N, e.memo.Hash(outer, sel, b.N), numbers)
	k := -1
	return mapRows(e.typ, sel, b.N, func(i int) (any, error) {
		k++
		if at := int(numbers[k]); at < len(e.answers) {
			return e.answers[at], nil
		}
		v, err := e.run(outer, b, i)
		if err == nil {
			e.answers = append(e.answers, v)
		}
		return v, err
	})
}

func (e *subquery) run(outer []vec.Vector, b *vec.Batch, i int) (any, error) {
	for k, r := range e.refs {
		r.slot.Set(outer[k].Value(i))
	}
	return e.answer(e, b, i)
}

// each opens the plan, hands its batches to f until f says stop, and closes it.
func (e *subquery) each(f func(b *vec.Batch) (more bool, err error)) (err error) {
	if e.sub == nil {
		if e.sub, err = e.rt.Subplan(e.plan, e.outer); err != nil {
			return err
		}
	}
	ctx := e.rt.Ctx
	defer func() {
		if cerr := e.sub.Close(); err == nil {
			err = cerr
		}
	}()
	if err := e.sub.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := e.sub.Next(ctx)
		if err != nil || b == nil {
			return err
		}
		if more, err := f(b); err != nil || !more {
			return err
		}
	}
}

func exists(e *subquery, _ *vec.Batch, _ int) (any, error) {
	found := false
	err := e.each(func(b *vec.Batch) (bool, error) {
		found = b.Rows() > 0
		return !found, nil
	})
	return found, err
}

func scalar(e *subquery, _ *vec.Batch, _ int) (any, error) {
	var value any
	rows := 0
	err := e.each(func(b *vec.Batch) (bool, error) {
		if rows += b.Rows(); rows > 1 {
			return false, pgerr.New(pgerr.CardinalityViolation, "more than one row returned by a subquery used as an expression")
		}
		if b.Rows() > 0 {
			value = b.Cols[0].Value(b.Row(0))
		}
		return true, nil
	})
	return value, err
}

func arrayOfRows(e *subquery, _ *vec.Batch, _ int) (any, error) {
	elem := e.rt.Types.Registry().ByOID(e.typ.Elem)
	elems := []any{}
	err := e.each(func(b *vec.Batch) (bool, error) {
		for k := range b.Rows() {
			elems = append(elems, b.Cols[0].Value(b.Row(k)))
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	// Arrays are stacked; vectors (int2vector, oidvector) are elements.
	if t := e.plan.Columns()[0].Type; t.IsArray() && t.Array != e.typ.OID {
		return StackArrays(elem, elems)
	}
	return types.NewArray(elem, elems), nil
}
