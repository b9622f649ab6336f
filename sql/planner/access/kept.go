package access

import (
	"math"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
	"github.com/s3db-sql/s3db-sql/storage"
)

// InMemory says that all of a table's columns nums are kept in memory.
func InMemory(stats storage.Stats, nums []int16) bool {
	if stats.Cached == nil {
		return false
	}
	for _, n := range nums {
		if !slices.Contains(stats.Cached, n) {
			return false
		}
	}
	return true
}

// Selectivity is the share of rows that pass the scan's filter: seen in a sample of
// columns in memory, or assumed.
func (env *Env) Selectivity(s *plan.Scan) float64 {
	if s.Filter == nil {
		return 1
	}
	if share, ok := env.Share(s, s.Filter); ok {
		return share
	}
	total := 1.0
	for _, c := range plan.Conjuncts(s.Filter) {
		share, ok := env.Share(s, c)
		if !ok {
			share = cost.Selectivity(c)
		}
		total *= share
	}
	return total
}

// keptKey reads rows of columns in memory by the values of some of them. others are
// the paths that are known already: one that fixes whole keys is followed where the
// columns are no longer in memory.
func keptKey(s *plan.Scan, m *matcher, stats storage.Stats, env *Env, others []Candidate) (Candidate, bool) {
	if !InMemory(stats, s.Nums) || s.RowID != "" {
		return Candidate{}, false
	}
	c := others[0]
	if len(others) > 1 {
		c = others[1]
	}
	k, used, rows := bestKey(s, m, env)
	if k == nil {
		return Candidate{}, false
	}
	c.Path.Kept, c.Path.Used = k, used
	c.Rows = math.Min(c.Rows, rows)
	c.Cost = plan.Cost{CPU: rows + 1}
	cost.Fold(&c.Cost, 0)
	return c, true
}

// fewRows: an index that finds no more rows for a value needs no further column.
const fewRows = 8

// bestKey picks the columns of the key: the one with the most different values among
// those that the predicate fixes, or all of them where that still leaves many rows.
func bestKey(s *plan.Scan, m *matcher, env *Env) (k *plan.KeptKey, used []plan.Expr, rows float64) {
	all := cost.Rows(env.Stats(s.Rel))
	best, least := int16(0), math.Inf(1)
	values, total := 1.0, 1.0
	var nums []int16
	for _, num := range s.Nums {
		t := m.byNum[num]
		if t == nil || t.equal == nil {
			continue
		}
		nums = append(nums, num)
		n := env.distinct(s.Rel, num)
		values, total = values*n, total*float64(alternatives(t.equal))
		if rows := all / n * float64(alternatives(t.equal)); rows < least {
			best, least = num, rows
		}
	}
	if len(nums) == 0 {
		return nil, nil, 0
	}
	rows = math.Max(1, all/math.Min(values, all)*total)
	if least <= fewRows {
		nums, rows = []int16{best}, least
	}
	k = &plan.KeptKey{Nums: nums}
	for _, num := range nums {
		k.Terms = append(k.Terms, *m.byNum[num].equal)
		used = append(used, m.byNum[num].equalFrom)
	}
	return k, used, math.Min(rows, all)
}

// distinct is the number of different values of a column.
func (env *Env) distinct(rel *catalog.Relation, num int16) float64 {
	rows := cost.Rows(env.Stats(rel))
	for _, ix := range rel.Indexes {
		if ix.Unique && len(ix.Columns) == 1 && ix.Columns[0].Num == num {
			return rows
		}
	}
	if n, ok := env.Distinct(rel, num); ok {
		return math.Max(1, n)
	}
	return math.Max(1, math.Min(rows, 1/cost.EqSelectivity))
}
