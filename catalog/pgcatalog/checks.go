package pgcatalog

import (
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// ConstraintColumns are the columns that a constraint concerns, in the order of
// their first use. Those of a CHECK are only in its text.
func ConstraintColumns(rel *catalog.Relation, con *catalog.Constraint) []int16 {
	if con.Kind != catalog.CheckConstraint || len(con.Columns) > 0 {
		return con.Columns
	}
	var nums []int16
	for _, ref := range references.of(con.Expr) {
		if c := columnOf(rel, ref); c != nil && !slices.Contains(nums, c.Num) {
			nums = append(nums, c.Num)
		}
	}
	return nums
}

// referenceCache has the column references of expressions by their texts, each the names
// that it is made of: to parse the checks of a thousand tables takes longer than all
// else that a query of pg_constraint does.
type referenceCache struct {
	mu    sync.Mutex
	texts map[string][][]string
}

var references referenceCache

// maxReferences is at how many texts the cache begins anew.
const maxReferences = 10_000

// of is nil for what can't be parsed: it is shown without columns, and using the table
// raises why.
func (c *referenceCache) of(text string) [][]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if refs, ok := c.texts[text]; ok {
		return refs
	}
	if c.texts == nil || len(c.texts) >= maxReferences {
		c.texts = map[string][][]string{}
	}
	c.texts[text] = referencesOf(text)
	return c.texts[text]
}

func referencesOf(text string) (refs [][]string) {
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return nil
	}
	parser.Walk(expr, func(n *parser.Node) bool {
		var names []string
		for _, f := range n.GetColumnRef().GetFields() {
			names = append(names, f.GetString_().GetSval())
		}
		if names != nil {
			refs = append(refs, names)
		}
		return true
	})
	return refs
}

// columnOf is the visible column that a reference begins with, or ends with
// where it names the table first.
func columnOf(rel *catalog.Relation, ref []string) *catalog.Column {
	for _, name := range ref {
		if c := rel.ColumnByName(name); c != nil && !c.Hidden {
			return c
		}
	}
	return nil
}
