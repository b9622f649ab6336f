package exec

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// A prepared statement that finds rows by their keys runs in less time than its
// operators take to build. Those of plain reads can be kept when they are closed, and
// serve the next execution of the statement.

// Reusable says whether the operators of a plan can: all of its nodes and expressions are
// known to keep nothing of an execution but what Rebind changes.
func Reusable(root plan.Node) bool {
	ok := true
	plan.WalkNodes(root, func(n plan.Node) bool {
		ok = ok && reusableNode(n)
		for _, e := range n.Exprs() {
			ok = ok && (e == nil || expr.Reusable(e))
		}
		return ok
	})
	return ok
}

func reusableNode(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Project, *plan.Filter:
		return true
	case *plan.Limit:
		return !n.WithTies
	case *plan.TableScan:
		return n.Content == nil && n.RowID == "" && (n.Path.Kept == nil || n.Path.Kept.Feed == nil)
	}
	return false
}

// Rebind makes operators that Build has made with Env.Reuse, and that are closed, ready
// for another execution. It changes what env says: what its Types and Session point to,
// and its Tables give, is their caller's to change.
func Rebind(op Operator, env *Env) { op.(*rootOperator).rt.Rebind(env.Params) }

// Release lets closed operators, which may wait for long, forget the rows of their last
// execution.
func Release(op Operator) { op.(*rootOperator).rt.Release() }
