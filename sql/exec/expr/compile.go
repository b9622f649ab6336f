package expr

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Compiler compiles expressions over the columns of one input.
type Compiler struct {
	rt    *Runtime
	cols  map[plan.ColumnID]int
	types map[plan.ColumnID]*types.Type
	outer *Outer
	// operand is what CaseOperand stands for.
	operand *held
}

// NewCompiler makes a compiler for an input with the given columns; what is not
// among them is looked for in outer, which may be nil.
func NewCompiler(rt *Runtime, cols []plan.Col, outer *Outer) *Compiler {
	c := &Compiler{rt: rt, cols: make(map[plan.ColumnID]int, len(cols)), types: make(map[plan.ColumnID]*types.Type, len(cols)), outer: outer}
	for i, col := range cols {
		c.cols[col.ID], c.types[col.ID] = i, col.Type
	}
	return c
}

// CompileAll compiles each expression.
func (c *Compiler) CompileAll(es []plan.Expr) ([]Expr, error) {
	out := make([]Expr, len(es))
	for i, e := range es {
		var err error
		if out[i], err = c.Compile(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Compile compiles one expression. Expressions that belong to a node of their
// own (aggregates, set-returning calls) are internal errors.
func (c *Compiler) Compile(e plan.Expr) (Expr, error) {
	switch e := e.(type) {
	case *plan.Const:
		return &constant{typ: e.Typ, val: e.Value}, nil
	case *plan.Param:
		return c.param(e)
	case *plan.Column:
		return c.column(e)
	case *plan.Call:
		return c.call(e)
	case *plan.Convert:
		return c.convert(e)
	case *plan.And:
		return c.logic(e.Args, e.Typ, false)
	case *plan.Or:
		return c.logic(e.Args, e.Typ, true)
	case *plan.Not:
		return c.not(e)
	case *plan.NullTest:
		return c.nullTest(e)
	case *plan.BoolTest:
		return c.boolTest(e)
	}
	return c.compileValue(e)
}

func (c *Compiler) compileValue(e plan.Expr) (Expr, error) {
	switch e := e.(type) {
	case *plan.Case:
		return c.caseWhen(e)
	case *plan.CaseOperand:
		return c.caseOperand(e)
	case *plan.Coalesce:
		return c.coalesce(e)
	case *plan.NullIf:
		return c.nullIf(e)
	case *plan.MinMax:
		return c.minMax(e)
	case *plan.Distinct:
		return c.distinct(e)
	case *plan.ArrayOp:
		return c.arrayOp(e)
	case *plan.ArrayExpr:
		return c.arrayExpr(e)
	case *plan.RowExpr:
		return c.rowExpr(e)
	case *plan.RowCompare:
		return c.rowCompare(e)
	case *plan.FieldSelect:
		return c.fieldSelect(e)
	case *plan.FieldStore:
		return c.fieldStore(e)
	case *plan.Subscript:
		return c.subscript(e)
	case *plan.SubscriptStore:
		return c.subscriptStore(e)
	case *plan.Subquery:
		return c.subquery(e)
	}
	return nil, pgerr.Internal("expression %T cannot be evaluated here", e)
}

func (c *Compiler) param(e *plan.Param) (Expr, error) {
	if s := c.rt.Slots[e.Index]; s != nil {
		return slotRef{s}, nil
	}
	if e.Index < 1 || e.Index > len(c.rt.Params) {
		return nil, pgerr.New(pgerr.UndefinedParameter, "there is no parameter $%d", e.Index).AtByte(e.At)
	}
	p := &param{constant{typ: e.Typ}, e.Index}
	p.set(c.rt)
	c.rt.reuse(p)
	return p, nil
}

func (c *Compiler) column(e *plan.Column) (Expr, error) {
	if at, ok := c.cols[e.ID]; ok {
		return columnRef(at), nil
	}
	if s := c.outer.Find(e.ID); s != nil {
		return slotRef{s}, nil
	}
	return nil, pgerr.Internal("column %s (%d) is not among the inputs", e.Name, e.ID)
}

func (c *Compiler) caseOperand(*plan.CaseOperand) (Expr, error) {
	if c.operand == nil {
		return nil, pgerr.Internal("case operand outside a case")
	}
	return c.operand, nil
}

// with returns a compiler over other columns, whose expressions see the same
// outer queries.
func (c *Compiler) with(cols []plan.Col) *Compiler {
	n := NewCompiler(c.rt, cols, c.outer)
	n.operand = c.operand
	return n
}
