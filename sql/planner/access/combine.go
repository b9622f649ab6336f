package access

import (
	"math"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
	"github.com/s3db-sql/s3db-sql/storage"
)

// usesPartition says that a path leads through one partition.
func usesPartition(k storage.PathKind) bool {
	return k == storage.Partition || k == storage.Covering || k == storage.TrustedPartition
}

// leads says whether a path leads through the index, alone or as one of several.
func leads(p plan.AccessPath, ix *catalog.Index) bool {
	for _, arm := range p.Arms {
		if leads(arm, ix) {
			return true
		}
	}
	return p.Index == ix
}

// combinations are the paths made of several: of two partitions whose rows both
// conditions want, and of one path for each arm of an OR.
func combinations(s *plan.Scan, single []Candidate, stats storage.Stats, env *Env) []Candidate {
	if InMemory(stats, s.Nums) {
		return nil
	}
	out := intersections(single, stats)
	for _, c := range plan.Conjuncts(s.Filter) {
		if or, ok := c.(*plan.Or); ok {
			if u, ok := union(s, or, stats, env); ok {
				out = append(out, u)
			}
		}
	}
	return out
}

// intersections pairs partitions that different conditions lead through.
func intersections(single []Candidate, stats storage.Stats) []Candidate {
	var out []Candidate
	for i, one := range single {
		for _, b := range single[i+1:] {
			a := one
			if a.Path.Kind != storage.Partition || b.Path.Kind != storage.Partition || shares(a.Path.Used, b.Path.Used) {
				continue
			}
			if a.Rows < b.Rows {
				a, b = b, a // the first one is streamed, the other one's ids are held
			}
			c := Candidate{Rows: math.Max(1, a.Rows*b.Rows/cost.Rows(stats))}
			c.Path = plan.AccessPath{Kind: storage.Intersection, Arms: []plan.AccessPath{a.Path, b.Path}, Used: append(a.Path.Used[:len(a.Path.Used):len(a.Path.Used)], b.Path.Used...)}
			c.Cost = cost.Add(cost.Add(listing(a, stats), listing(b, stats)), cost.Fetch(c.Rows, stats))
			cost.Fold(&c.Cost, cost.RoundTrip(stats))
			out = append(out, c)
		}
	}
	return out
}

func shares(a, b []plan.Expr) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return len(a) == 0 || len(b) == 0
}

// union finds a path for each arm of an OR; false if one of them has none.
func union(s *plan.Scan, or *plan.Or, stats storage.Stats, env *Env) (Candidate, bool) {
	u := Candidate{}
	u.Path.Kind, u.Path.Used = storage.Union, []plan.Expr{or}
	var others []plan.Expr
	for _, c := range plan.Conjuncts(s.Filter) {
		if c != plan.Expr(or) {
			others = append(others, c)
		}
	}
	for _, arm := range or.Args {
		sub := *s
		sub.Filter = plan.Conjunction(append(others[:len(others):len(others)], arm))
		c, ok := cheapestArm(&sub, stats, env)
		if !ok {
			return u, false
		}
		u.Path.Arms = append(u.Path.Arms, c.Path)
		u.Rows += c.Rows
		u.Cost = cost.Add(u.Cost, c.Cost)
	}
	cost.Fold(&u.Cost, cost.RoundTrip(stats))
	return u, true
}

func cheapestArm(s *plan.Scan, stats storage.Stats, env *Env) (best Candidate, ok bool) {
	all, _ := enumerate(s, match(s, env), stats, env)
	for _, c := range all {
		if usesPartition(c.Path.Kind) {
			c.Path.Kind = storage.Partition // the row is read in any case
			c.Cost = pathCost(c, stats)
			cost.Fold(&c.Cost, cost.RoundTrip(stats))
		}
		switch c.Path.Kind {
		case storage.PointGet, storage.UniqueGet, storage.Partition:
			if len(c.Path.Used) > 0 && (!ok || c.Cost.Total < best.Cost.Total) {
				best, ok = c, true
			}
		}
	}
	return best, ok
}
