package planner

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// remembering is env with its answers about tables kept for one planning: joins ask
// again and again, and what they hear must not change meanwhile.
func remembering(env *Env) *Env {
	c := *env
	stats := map[*catalog.Relation]storage.Stats{}
	c.Stats = func(rel *catalog.Relation) storage.Stats {
		s, ok := stats[rel]
		if !ok {
			s = env.Stats(rel)
			stats[rel] = s
		}
		return s
	}
	type count struct {
		n  float64
		ok bool
	}
	counts := map[origin]count{}
	c.Distinct = func(rel *catalog.Relation, num int16) (float64, bool) {
		n, ok := counts[origin{rel, num}]
		if !ok && env.Distinct != nil {
			n.n, n.ok = env.Distinct(rel, num)
			counts[origin{rel, num}] = n
		}
		return n.n, n.ok
	}
	if env.Share == nil {
		c.Share = func(*plan.Scan, plan.Expr) (float64, bool) { return 0, false }
	}
	return &c
}
