package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// getAgg is get_agg_expr.
func (d *deparser) getAgg(e *plan.Agg) {
	d.put(d.functionName(e.Func, d.grouping) + "(")
	d.putIf(e.Distinct, "DISTINCT ")
	if kind := e.Func.Agg.OrderedSet; kind == 'o' || kind == 'h' {
		d.exprs(e.Args[:len(e.Args)-len(e.Order)])
		d.put(") WITHIN GROUP (ORDER BY ")
		d.sortKeys(e.Order)
	} else {
		d.aggArguments(e)
	}
	if e.Filter != nil {
		d.put(") FILTER (WHERE ")
		d.getRuleExpr(e.Filter, false)
	}
	d.put(")")
}

func (d *deparser) aggArguments(e *plan.Agg) {
	if e.Star {
		d.put("*")
		return
	}
	args, variadic := packed(e.Func, e.Args, e.VariadicArray)
	d.list(len(args), func(i int) {
		d.putIf(variadic && i == len(args)-1, "VARIADIC ")
		d.getRuleExpr(args[i], true)
	})
	if len(e.Order) > 0 {
		d.put(" ORDER BY ")
		d.sortKeys(e.Order)
	}
}

func (d *deparser) sortKeys(keys []plan.SortKey) {
	d.list(len(keys), func(i int) {
		d.sortExpr(keys[i].Expr)
		d.direction(keys[i])
	})
}
