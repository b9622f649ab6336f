package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// getWindowFunc is get_windowfunc_expr.
func (d *deparser) getWindowFunc(w plan.TreeWindowCall) {
	d.put(d.functionName(w.Win.Func, d.grouping) + "(")
	if w.Win.Star {
		d.put("*")
	} else {
		args, variadic := packed(w.Win.Func, w.Win.Args, false)
		d.list(len(args), func(i int) {
			d.putIf(variadic && i == len(args)-1, "VARIADIC ")
			d.getRuleExpr(args[i], true)
		})
	}
	if w.Win.Filter != nil {
		d.put(") FILTER (WHERE ")
		d.getRuleExpr(w.Win.Filter, false)
	}
	d.put(") OVER ")
	if w.Window.Name != "" {
		d.put(quoteIdent(w.Window.Name))
		return
	}
	d.windowSpec(w.Window)
}

// windowClause is get_rule_windowclause.
func (d *deparser) windowClause(ws []*plan.TreeWindow) {
	for i, w := range ws {
		if i == 0 {
			d.clause(" WINDOW ", 1)
		} else {
			d.put(", ")
		}
		d.put(quoteIdent(w.Name) + " AS ")
		d.windowSpec(w)
	}
}

// windowSpec is get_rule_windowspec: of a window that another one is copied from, only
// what it adds.
func (d *deparser) windowSpec(w *plan.TreeWindow) {
	d.put("(")
	space := ""
	if w.Ref != "" {
		d.put(quoteIdent(w.Ref))
		space = " "
	} else if len(w.Partition) > 0 {
		d.put("PARTITION BY ")
		d.list(len(w.Partition), func(i int) { d.sortExpr(w.Partition[i]) })
		space = " "
	}
	if len(w.Order) > 0 && !w.CopiedOrder {
		d.put(space + "ORDER BY ")
		d.orderBy(w.Order, false)
		space = " "
	}
	if w.Framed {
		d.put(space)
		d.frame(w)
	}
	d.put(")")
}

var (
	frameModes = map[plan.FrameMode]string{plan.FrameRange: "RANGE ", plan.FrameRows: "ROWS ", plan.FrameGroups: "GROUPS "}
	frameEnds  = map[plan.FrameBound]string{
		plan.UnboundedPreceding: "UNBOUNDED PRECEDING", plan.UnboundedFollowing: "UNBOUNDED FOLLOWING", plan.CurrentRow: "CURRENT ROW",
		plan.OffsetPreceding: " PRECEDING", plan.OffsetFollowing: " FOLLOWING",
	}
	frameExcludes = map[plan.FrameExclude]string{
		plan.ExcludeCurrentRow: " EXCLUDE CURRENT ROW", plan.ExcludeGroup: " EXCLUDE GROUP", plan.ExcludeTies: " EXCLUDE TIES",
	}
)

func (d *deparser) frame(w *plan.TreeWindow) {
	f := w.Frame
	d.put(frameModes[f.Mode])
	d.putIf(w.Between, "BETWEEN ")
	d.getRuleExpr(f.StartOffset, false)
	d.put(frameEnds[f.Start])
	if w.Between {
		d.put(" AND ")
		d.getRuleExpr(f.EndOffset, false)
		d.put(frameEnds[f.End])
	}
	d.put(frameExcludes[f.Exclude])
}
