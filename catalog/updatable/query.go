package updatable

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

const (
	noSingleTable = "Views that do not select from a single table or view are not automatically updatable."
	notAColumn    = "View columns that are not columns of their base relation are not updatable."
)

// refusedQuery is view_query_is_auto_updatable but for the columns: the detail of
// what stands in the way, "" for nothing.
func (v *View) refusedQuery() string {
	q := v.Query
	faults := []struct {
		present bool
		detail  string
	}{
		{len(q.DistinctClause) > 0, "Views containing DISTINCT are not automatically updatable."},
		{len(q.GroupClause) > 0, "Views containing GROUP BY are not automatically updatable."},
		{q.HavingClause != nil, "Views containing HAVING are not automatically updatable."},
		{q.Op > parser.SetOperation_SETOP_NONE, "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable."},
		{q.WithClause != nil, "Views containing WITH are not automatically updatable."},
		{q.LimitCount != nil || q.LimitOffset != nil, "Views containing LIMIT or OFFSET are not automatically updatable."},
		{calls(q.TargetList, isAggregate), "Views that return aggregate functions are not automatically updatable."},
		{calls(q.TargetList, isWindow), "Views that return window functions are not automatically updatable."},
		{calls(q.TargetList, returnsSet), "Views that return set-returning functions are not automatically updatable."},
		{len(q.FromClause) == 1 && q.FromClause[0].GetRangeTableSample() != nil, "Views containing TABLESAMPLE are not automatically updatable."},
		{len(q.FromClause) != 1 || q.FromClause[0].GetRangeVar() == nil, noSingleTable},
	}
	for _, f := range faults {
		if f.present {
			return f.detail
		}
	}
	return ""
}

// calls says whether a select list has a call that is of some kind, outside of
// subqueries.
func calls(targets []*parser.Node, is func(*parser.FuncCall) bool) bool {
	found := false
	for _, t := range targets {
		parser.Walk(t, func(n *parser.Node) bool {
			if c := n.GetFuncCall(); c != nil && is(c) {
				found = true
			}
			return n.GetSubLink() == nil && !found
		})
	}
	return found
}

func isWindow(c *parser.FuncCall) bool { return c.Over != nil }

func isAggregate(c *parser.FuncCall) bool {
	return c.Over == nil && named(c, func(f *funcs.Func) bool { return f.Kind == funcs.Aggregate })
}

func returnsSet(c *parser.FuncCall) bool {
	return named(c, func(f *funcs.Func) bool { return f.ReturnSet })
}

func named(c *parser.FuncCall, is func(*funcs.Func) bool) bool {
	if len(c.Funcname) == 0 {
		return false
	}
	return slices.ContainsFunc(funcs.ByName(c.Funcname[len(c.Funcname)-1].GetString_().GetSval()), is)
}
