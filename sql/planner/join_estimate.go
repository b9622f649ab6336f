package planner

import (
	"math"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
)

// origin is the table column that a plan's column comes from.
type origin struct {
	rel *catalog.Relation
	num int16
}

// defaultDistinct is the number of different values of a column of which nothing is
// known (DEFAULT_NUM_DISTINCT).
const defaultDistinct = 200

// matches estimates how many pairs of rows agree in the keys. Where the columns of one
// side are a table's unique key, a value of it meets one of that table's rows, whatever
// a filter has left of them; other columns are assumed to have so many different
// values.
func (p *physical) matches(left, right plan.Node, keys []equiKey) float64 {
	l, r := left.Est().Rows, right.Est().Rows
	pairs := l * r
	rest := keys
	for _, right := range []bool{true, false} {
		for {
			rows, others := p.uniqueKey(rest, right)
			if rows == 0 {
				break
			}
			pairs /= math.Max(rows, 1)
			rest = others
		}
	}
	for _, k := range rest {
		pairs /= math.Max(math.Max(p.values(k, false, l), p.values(k, true, r)), 1)
	}
	return pairs
}

// values is the number of different values of a key's column on one side, of which
// there are so many rows.
func (p *physical) values(k equiKey, right bool, rows float64) float64 {
	if o, ok := p.originOf(k, right); ok {
		return p.distinct(o)
	}
	return math.Min(rows, defaultDistinct)
}

// distinct is the number of different values of a table column: counted where the
// column is in memory.
func (p *physical) distinct(o origin) float64 {
	if o.rel.Virtual {
		return p.virtualDistinct(o)
	}
	rows := cost.Rows(p.env.Stats(o.rel))
	for _, ix := range o.rel.Indexes {
		if ix.Unique && len(ix.Columns) == 1 && ix.Columns[0].Num == o.num {
			return rows
		}
	}
	if n, ok := p.env.Distinct(o.rel, o.num); ok {
		return n
	}
	return math.Min(rows, defaultDistinct)
}

// uniqueKey finds a table whose unique key is among one side's key columns: its number
// of rows, and the keys that are left; 0 for none.
func (p *physical) uniqueKey(keys []equiKey, right bool) (rows float64, rest []equiKey) {
	columns := map[origin]bool{}
	for _, k := range keys {
		if o, ok := p.originOf(k, right); ok {
			columns[o] = true
		}
	}
	for o := range columns {
		for _, ix := range o.rel.Indexes {
			if !coveredBy(ix, o.rel, columns) {
				continue
			}
			for _, k := range keys {
				if c, ok := p.originOf(k, right); !ok || c.rel != o.rel || !hasColumn(ix, c.num) {
					rest = append(rest, k)
				}
			}
			return math.Max(1, cost.Rows(p.env.Stats(o.rel))), rest
		}
	}
	return 0, keys
}

func (p *physical) originOf(k equiKey, right bool) (origin, bool) {
	e := k.left
	if right {
		e = k.right
	}
	c, ok := e.(*plan.Column)
	if !ok {
		return origin{}, false
	}
	o, ok := p.origins[c.ID]
	return o, ok
}

func coveredBy(ix *catalog.Index, rel *catalog.Relation, columns map[origin]bool) bool {
	if !ix.Unique {
		return false
	}
	for _, c := range ix.Columns {
		if !columns[origin{rel, c.Num}] {
			return false
		}
	}
	return len(ix.Columns) > 0
}

func hasColumn(ix *catalog.Index, num int16) bool {
	for _, c := range ix.Columns {
		if c.Num == num {
			return true
		}
	}
	return false
}

// estimateJoin fills in a join's estimate. times is how often the right side
// runs.
func (p *physical) estimateJoin(n plan.Node, kind plan.JoinKind, left, right plan.Node, keys []equiKey, residual plan.Expr, times float64) plan.Node {
	l, r := left.Est(), right.Est()
	c := l.Cost
	rc := r.Cost
	scale(&rc, math.Max(1, times))
	c = cost.Add(c, rc)
	work := l.Rows + r.Rows
	if len(keys) == 0 {
		work = l.Rows * r.Rows
	}
	c.CPU += work
	c.Total += work / cost.RowsPerMilli
	*n.Est() = plan.Estimate{Rows: joinRows(kind, l.Rows, r.Rows, p.matches(left, right, keys)*cost.Selectivity(residual)), Cost: c}
	return n
}

func scale(c *plan.Cost, f float64) {
	for _, v := range []*float64{&c.Head, &c.Get, &c.List, &c.Put, &c.Delete, &c.Bytes, &c.Waves, &c.CPU, &c.Startup, &c.Total} {
		*v *= f
	}
}

// joinRows estimates the rows of a join whose condition holds for inner pairs.
func joinRows(kind plan.JoinKind, l, r, inner float64) float64 {
	inner = math.Max(1, inner)
	switch kind {
	case plan.LeftJoin:
		return math.Max(l, inner)
	case plan.RightJoin:
		return math.Max(r, inner)
	case plan.FullJoin:
		return math.Max(l+r, inner)
	case plan.RightSemiJoin:
		return math.Max(1, math.Min(r, inner)/2)
	case plan.RightAntiJoin:
		return math.Max(1, r/2)
	case plan.SemiJoin:
		return math.Max(1, math.Min(l, inner)/2)
	case plan.AntiJoin:
		return math.Max(1, l/2)
	}
	return inner
}
