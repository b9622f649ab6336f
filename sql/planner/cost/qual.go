package cost

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// OrderQuals puts the conditions of one node in the order in which they are evaluated,
// PostgreSQL's (order_qual_clauses of createplan.c), since it decides which errors
// are raised: those without columns first (the one-time filter of a Result), then by
// cost; among equals, those that PostgreSQL keeps in equivalence classes come last.
func OrderQuals(conds []plan.Expr) []plan.Expr { return orderQuals(conds, true) }

// OrderHaving is OrderQuals for HAVING, which makes no equivalence classes.
func OrderHaving(conds []plan.Expr) []plan.Expr { return orderQuals(conds, false) }

func orderQuals(conds []plan.Expr, classes bool) []plan.Expr {
	if len(conds) < 2 {
		return conds
	}
	type item struct {
		cond   plan.Expr
		cost   float64
		equals bool
	}
	items := make([]item, len(conds))
	for i, c := range conds {
		items[i] = item{cond: c, cost: Qual(c), equals: classes && inEquivalenceClass(c)}
		if pseudoconstant(c) {
			items[i].cost = -1
		}
	}
	slices.SortStableFunc(items, func(a, b item) int {
		switch {
		case a.cost != b.cost:
			if a.cost < b.cost {
				return -1
			}
			return 1
		case a.equals == b.equals:
			return 0
		case b.equals:
			return -1
		}
		return 1
	})
	out := make([]plan.Expr, len(items))
	for i, it := range items {
		out[i] = it.cond
	}
	return out
}

// inEquivalenceClass says whether e is an equality that can be merged
// (check_mergejoinable of initsplan.c).
func inEquivalenceClass(e plan.Expr) bool {
	c, ok := e.(*plan.Call)
	return ok && c.Op != nil && c.Op.Merges && !plan.IsVolatile(c)
}

func pseudoconstant(e plan.Expr) bool {
	return len(plan.ColumnsOf(e)) == 0 && !plan.IsVolatile(e)
}

// subplanCost is that of a subquery that runs for each row: more than any expression.
const subplanCost = 10_000

// hashedArray is the number of elements from which on PostgreSQL hashes an array
// (MIN_ARRAY_SIZE_FOR_HASHED_SAOP), unknownArray what it assumes of one that it can't
// see (estimate_array_length).
const (
	hashedArray  = 9
	unknownArray = 10
)

// Qual is what the evaluation of e for one row costs, in operators
// (cost_qual_eval_walker of costsize.c). Columns, constants, AND, OR and NOT are free.
func Qual(e plan.Expr) float64 {
	own := 0.0
	switch e := e.(type) {
	case *plan.Call:
		own = call(e.Func)
	case *plan.ArrayOp:
		own = call(e.Func) * arrayTests(e)
	case *plan.Convert:
		own = conversion(e)
	case *plan.RowCompare:
		for _, f := range e.Less {
			own += call(f)
		}
	case *plan.MinMax, *plan.GroupingCall:
		own = 1
	case *plan.Subquery:
		return subquery(e)
	case *plan.Distinct:
		return call(e.Eq.Func) + Qual(e.Left) + Qual(e.Right)
	case *plan.NullIf:
		return call(e.Eq.Func) + Qual(e.Left) + Qual(e.Right)
	case *plan.Agg, *plan.Win:
		return 0
	}
	for _, c := range e.Children() {
		own += Qual(c)
	}
	return own
}

func call(f *funcs.Func) float64 {
	if f == nil || f.Cost == 0 {
		return 1
	}
	return f.Cost
}

// arrayTests is how often the operator of x op ANY (array) is called.
func arrayTests(e *plan.ArrayOp) float64 {
	switch a := e.Array.(type) {
	case *plan.Const:
		v, ok := a.Value.(*types.Array)
		if !ok {
			return unknownArray * 0.5
		}
		if len(v.Elems) >= hashedArray && hashes(e) {
			return 2
		}
		return float64(len(v.Elems)) * 0.5
	case *plan.ArrayExpr:
		if !a.Nested {
			return float64(len(a.Elems)) * 0.5
		}
	}
	return unknownArray * 0.5
}

func hashes(e *plan.ArrayOp) bool {
	op := e.Op
	if op != nil && e.All {
		op = funcs.OperatorByOID(op.Negator)
	}
	return op != nil && op.Hashes
}

func conversion(e *plan.Convert) float64 {
	switch e.Kind {
	case plan.ConvertInOut:
		return 2
	case plan.ConvertArray:
		return Qual(e.Elem) * unknownArray
	case plan.ConvertTypmod, plan.ConvertDomain:
		return 1
	}
	return 0
}

// subquery costs nothing where it runs once and is a value; its test, where it runs
// once and is hashed.
func subquery(s *plan.Subquery) float64 {
	switch {
	case len(s.Outer) > 0:
		return subplanCost
	case s.Test != nil:
		return Qual(s.Test)
	}
	return 0
}
