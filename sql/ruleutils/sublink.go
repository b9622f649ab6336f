package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// getSublink is get_sublink_expr.
func (d *deparser) getSublink(e *plan.Subquery) {
	if e.Tree == nil {
		d.put("(?)")
		return
	}
	d.putIf(e.Kind == plan.SubArray, "ARRAY")
	d.put("(")
	op := d.sublinkTest(e.Test)
	paren := true
	switch e.Kind {
	case plan.SubExists:
		d.put("EXISTS ")
	case plan.SubAny:
		if op == "=" {
			d.put(" IN ")
		} else {
			d.put(" " + op + " ANY ")
		}
	case plan.SubAll:
		d.put(" " + op + " ALL ")
	case plan.SubRow:
		d.put(" " + op + " ")
	default:
		paren = false
	}
	d.putIf(paren, "(")
	d.getQueryDef(e.Tree, nil, false)
	d.putIf(paren, ")")
	d.put(")")
}

// sublinkTest writes the left side of the comparison and returns its operator.
func (d *deparser) sublinkTest(test plan.Expr) (op string) {
	switch t := test.(type) {
	case *plan.Call:
		d.getRuleExpr(t.Args[0], true)
		return d.operatorName(t.Op)
	case *plan.And:
		return d.sublinkRow(t.Args)
	case *plan.Or:
		return d.sublinkRow(t.Args)
	case *plan.RowCompare:
		d.put("(")
		d.exprs(t.Left)
		d.put(")")
		return t.Op
	}
	return ""
}

func (d *deparser) sublinkRow(tests []plan.Expr) (op string) {
	d.put("(")
	d.list(len(tests), func(i int) {
		c := tests[i].(*plan.Call)
		d.getRuleExpr(c.Args[0], true)
		if op == "" {
			op = d.operatorName(c.Op)
		}
	})
	d.put(")")
	return op
}
