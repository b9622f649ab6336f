package scan

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// NewSift is storage.ScanSpec.Sift of a scan that reads secrets: the conjuncts of its filter
// that need none. c compiles over the scan's columns. nil where there are no secrets or no such
// conjuncts.
func NewSift(c *expr.Compiler, n *plan.TableScan) (func(b *vec.Batch) []int32, error) {
	var secrets plan.ColumnSet
	for i, num := range n.Nums {
		if col := n.Rel.Column(num); col != nil && (col.Secret || col.HoldsSecret) {
			if secrets == nil {
				secrets = plan.ColumnSet{}
			}
			secrets[n.Cols[i].ID] = true
		}
	}
	if secrets == nil {
		return nil, nil
	}
	var conds []plan.Expr
	for _, cond := range plan.Conjuncts(n.Filter) {
		if !secrets.UsedBy(cond) && repeatable(cond) {
			conds = append(conds, cond)
		}
	}
	if len(conds) == 0 {
		return nil, nil
	}
	p, err := c.Predicate(plan.Conjunction(conds))
	if err != nil {
		return nil, err
	}
	return func(b *vec.Batch) []int32 {
		sel, err := p.Rows(b, nil)
		if err != nil {
			return vec.All(b.N) // the filter itself says it, if no other conjunct keeps it from that
		}
		return sel
	}, nil
}

// repeatable says that a condition can be computed twice, and where it would not be, and nobody
// is told: it calls nothing of the user's, and nothing volatile.
func repeatable(e plan.Expr) bool {
	ok := true
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Call:
			ok = ok && quiet(e.Func)
		case *plan.ArrayOp:
			ok = ok && e.Op != nil && quiet(e.Op.Func)
		case *plan.Column, *plan.Const, *plan.Param, *plan.And, *plan.Or, *plan.Not, *plan.NullTest, *plan.BoolTest, *plan.ArrayExpr:
		case *plan.Convert:
			ok = ok && e.Kind == plan.ConvertRelabel
		default:
			ok = false
		}
		return ok
	})
	return ok
}

func quiet(f *funcs.Func) bool {
	return f != nil && f.OID < types.FirstNormalOID && f.Volatility != funcs.Volatile
}
