package rules

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// Context is what rules may ask for.
type Context struct {
	// Evaluate computes an expression without columns or parameters.
	Evaluate func(e plan.Expr) (any, error)
	// Inline returns the expression of a call of a user's function, nil where it
	// is to be called.
	Inline func(c *plan.Call) (plan.Expr, error)
	// Err is the first error of a constant expression: that of the statement.
	Err error
	// External: the statement's parameters and its result may have large values out of
	// line (types.External).
	External bool
	// NewColumn returns an unused ColumnID.
	NewColumn func() plan.ColumnID
}

// Rule is one rewrite of a whole plan.
type Rule struct {
	Name  string
	Apply func(n plan.Node, c *Context) plan.Node
}

// List is every rule in its order. CTEs come first: one that nobody reads must
// not even be folded. Folding shows what is constant; unnesting makes joins that push-down then feeds; pruning comes
// last, since it drops what the others no longer use.
var List = []Rule{
	{"inline_ctes", inlineCTEs},
	{"inline_functions", inlineFunctions},
	{"fold_constants", foldConstants},
	{"unnest_subqueries", unnestSubqueries},
	{"group_subqueries", groupSubqueries},
	{"merge_projects", mergeProjects},
	{"pull_up_projects", pullUpProjects},
	{"strengthen_joins", strengthenJoins},
	{"reorder_lateral", reorderLateral},
	{"canonicalize_quals", canonicalizeQuals},
	{"restrict_ors", restrictOrs},
	{"push_filters", pushFilters},
	{"propagate_constants", propagateConstants},
	{"postpone_sets", postponeSets},
	{"push_limits", pushLimits},
}

// maxRounds bounds the fixpoint: a plan that still changes after so many rounds
// is good enough.
const maxRounds = 4

// Apply runs the list until nothing changes, then prunes columns.
func Apply(n plan.Node, c *Context) plan.Node {
	for range maxRounds {
		before := n
		for _, r := range List {
			n = r.Apply(n, c)
		}
		if n == before {
			break
		}
	}
	return toastContent(PruneColumns(sliceContent(PruneColumns(n), c)), c)
}
