package access

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
	"github.com/s3db-sql/s3db-sql/storage"
)

// KeyPair is Outer = Inner, where Inner is an expression over a scan.
type KeyPair struct {
	Outer, Inner plan.Expr
	Eq           *plan.Call
}

// Lookup finds the cheapest way to fetch the rows of scan that match outerRows
// keys of a join, by primary key, unique index or partition. The candidate's path has the
// columns of the outer side in its terms; exprs are those terms' expressions.
func Lookup(scan *plan.TableScan, pairs []KeyPair, outerRows float64, env *Env) (best Candidate, exprs []plan.Expr, ok bool) {
	s := &plan.Scan{Rel: scan.Rel, Cols: scan.Cols, Nums: scan.Nums, Filter: withPairs(scan.Filter, pairs), Limit: -1}
	m := match(s, env)
	stats := env.Stats(s.Rel)
	all, _ := enumerate(s, m, stats, env)
	for _, c := range all {
		used := outerTerms(c.Path)
		if len(used) == 0 || c.Path.Kind == storage.Covering || c.Path.KeyLow != nil || c.Path.KeyHigh != nil {
			continue
		}
		c.Cost = repeated(c, outerRows, stats)
		if !ok || c.Cost.Total < best.Cost.Total {
			best, exprs, ok = c, used, true
		}
	}
	return best, exprs, ok
}

func withPairs(filter plan.Expr, pairs []KeyPair) plan.Expr {
	conds := plan.Conjuncts(filter)
	for _, p := range pairs {
		conds = append(conds[:len(conds):len(conds)], p.Eq)
	}
	return plan.Conjunction(conds)
}

// outerTerms returns the key expressions that use columns, which can only be
// the outer side's.
func outerTerms(p plan.AccessPath) []plan.Expr {
	var out []plan.Expr
	for _, terms := range [][]plan.KeyTerm{p.Key, p.Prefix} {
		for _, t := range terms {
			for _, e := range t.Values {
				if len(plan.ColumnsOf(e)) > 0 {
					out = append(out, e)
				}
			}
		}
	}
	return out
}

// repeated is the cost of following the path for each of n keys, side by side.
func repeated(c Candidate, n float64, stats storage.Stats) plan.Cost {
	var total plan.Cost
	switch c.Path.Kind {
	case storage.PointGet:
		total = cost.Fetch(n*c.Rows, stats)
	case storage.UniqueGet:
		total = uniqueCost(n*c.Rows, stats)
	default:
		total = cost.Fetch(n*c.Rows, stats)
		total.List = n
		total.Waves += 1 + math.Ceil(n/cost.FanOut)
	}
	cost.Fold(&total, cost.RoundTrip(stats))
	return total
}

// Equalities returns the columns of a catalog relation that the predicate fixes
// to one value, for its lookup.
func Equalities(s *plan.Scan, env *Env) map[int16]plan.Expr {
	m := match(s, env)
	keys := map[int16]plan.Expr{}
	for num, t := range m.byNum {
		if t.equal != nil && len(t.equal.Values) == 1 && len(t.equal.Arrays) == 0 {
			keys[num] = t.equal.Values[0]
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return keys
}
