package plan

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
)

// names is what EXPLAIN knows of a plan's columns: where they come from, which
// are secret, and the numbers of its subqueries.
type names struct {
	columns map[ColumnID]columnName
	// defs are the expressions of columns that a node computes.
	defs      map[ColumnID]Expr
	secrets   ColumnSet
	relations int
	numbers   map[Node]int // of subqueries, by plan
}

type columnName struct{ alias, name string }

func newNames(root Node) *names {
	n := &names{columns: map[ColumnID]columnName{}, defs: map[ColumnID]Expr{}, secrets: ColumnSet{}, numbers: map[Node]int{}}
	WalkNodes(root, func(node Node) bool {
		n.add(node)
		return true
	})
	return n
}

func (n *names) add(node Node) {
	switch t := node.(type) {
	case *TableScan:
		n.scan(t.Rel, t.Alias, t.Cols, t.Nums)
	case *VirtualScan:
		n.scan(t.Rel, t.Alias, t.Cols, t.Nums)
	case *Scan:
		n.scan(t.Rel, t.Alias, t.Cols, t.Nums)
	case *CTEScan:
		n.source(t.Name, t.Cols)
	case *FuncScan:
		n.source(t.Alias, t.Cols)
	case *Values:
		n.source("*VALUES*", t.Cols)
	case *NamedTuplestoreScan:
		n.source(t.Name, t.Cols)
	case *WorkTable:
		n.source("", t.Cols)
	case *CopyScan:
		n.source("", t.Cols)
	case *Project:
		n.define(t.Cols, t.Values)
	case *ProjectSet:
		n.define(t.Cols, t.Values)
	case *HashAggregate:
		n.aggregate(t.Aggregate)
	case *GroupAggregate:
		n.aggregate(t.Aggregate)
	case *Aggregate:
		n.aggregate(t)
	case *Window:
		for i, w := range t.Calls {
			n.defs[t.Cols[i].ID] = w
		}
	case *Update:
		n.target(t.Rel, t.Target, t.TargetNums)
		for _, a := range append(slices.Clip(t.Sets), t.Generated...) {
			n.columns[a.New] = columnName{t.Rel.Name, columnNameOf(t.Rel, a.Num)}
		}
	case *Insert:
		n.target(t.Rel, t.Target, t.TargetNums)
		if t.OnConflict != nil {
			n.target(t.Rel, t.OnConflict.Existing, t.TargetNums)
			n.scan(t.Rel, "excluded", t.OnConflict.Excluded, t.TargetNums)
		}
	}
}

func columnNameOf(rel *catalog.Relation, num int16) string {
	if c := rel.Column(num); c != nil {
		return c.Name
	}
	return "?"
}

func (n *names) scan(rel *catalog.Relation, alias string, cols []Col, nums []int16) {
	if alias == "" {
		alias = rel.Name
	}
	n.source(alias, cols)
	n.secret(rel, cols, nums)
}

func (n *names) target(rel *catalog.Relation, cols []Col, nums []int16) {
	for _, c := range cols {
		if _, known := n.columns[c.ID]; !known {
			n.columns[c.ID] = columnName{rel.Name, c.Name}
		}
	}
	n.secret(rel, cols, nums)
}

func (n *names) secret(rel *catalog.Relation, cols []Col, nums []int16) {
	for i, num := range nums {
		if c := rel.Column(num); c != nil && (c.Secret || c.HoldsSecret) && i < len(cols) {
			n.secrets[cols[i].ID] = true
		}
	}
}

func (n *names) source(alias string, cols []Col) {
	n.relations++
	for _, c := range cols {
		n.columns[c.ID] = columnName{alias, c.Name}
	}
}

// define notes computed columns; one that passes a column on under its own id
// is none.
func (n *names) define(cols []Col, values []Expr) {
	for i, e := range values {
		if c, ok := e.(*Column); ok && c.ID == cols[i].ID {
			continue
		}
		n.defs[cols[i].ID] = e
	}
}

func (n *names) aggregate(a *Aggregate) {
	n.define(a.GroupCols, a.GroupBy)
	for i, g := range a.Aggs {
		n.defs[a.AggCols[i].ID] = g
	}
	for i, g := range a.Groupings {
		n.defs[a.GroupingCols[i].ID] = g
	}
}

// touchesSecret says whether e uses a secret column, be it through columns that
// lower nodes computed.
func (n *names) touchesSecret(e Expr) bool {
	found := false
	Walk(e, func(e Expr) bool {
		if c, ok := e.(*Column); ok {
			def := n.defs[c.ID]
			found = found || n.secrets[c.ID] || def != nil && n.touchesSecret(def)
		}
		return !found
	})
	return found
}

func (n *names) number(s *Subquery) int {
	if n.numbers[s.Plan] == 0 {
		n.numbers[s.Plan] = len(n.numbers) + 1
	}
	return n.numbers[s.Plan]
}
