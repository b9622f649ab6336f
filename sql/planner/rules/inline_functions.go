package rules

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// inlineFunctions puts the expression of a simple function that a user wrote in
// SQL in the place of its calls (PostgreSQL's inline_function), innermost first.
func inlineFunctions(n plan.Node, c *Context) plan.Node {
	if c.Inline == nil {
		return n
	}
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		if _, ok := n.(*plan.FuncScan); ok { // what it scans must stay a call
			return n
		}
		return plan.MapExprs(n, func(e plan.Expr) plan.Expr {
			call, ok := e.(*plan.Call)
			if !ok || !call.Func.User || c.Err != nil {
				return e
			}
			out, err := c.Inline(call)
			if err != nil {
				c.Err = err
			}
			if out == nil || err != nil {
				return e
			}
			return out
		})
	})
}
