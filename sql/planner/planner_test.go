package planner_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner"
	"github.com/s3db-sql/s3db-sql/sql/planner/internal/plantest"
	"github.com/s3db-sql/s3db-sql/storage"
)

// keptStats are tables of which all columns are in memory.
func keptStats(rel *catalog.Relation) storage.Stats {
	s := plantest.Stats(rel)
	s.Rows = 100_000
	for _, c := range rel.Columns {
		s.Cached = append(s.Cached, c.Num)
	}
	return s
}

func optimize(t testing.TB, sql string, trust bool) *plan.Query {
	return optimizeWith(t, sql, trust, plantest.Stats)
}

func optimizeWith(t testing.TB, sql string, trust bool, stats func(*catalog.Relation) storage.Stats) *plan.Query {
	q := plantest.Query(t, sql)
	next := plan.MaxColumn(q.Root)
	out, err := planner.Optimize(q, &planner.Env{
		Stats: stats, Evaluate: plantest.Evaluate, TrustPartitions: trust,
		NewColumn: func() plan.ColumnID { next++; return next },
	})
	require.NoError(t, err, sql)
	return out
}

// TestPlans: access paths, joins and operators, as EXPLAIN prints them.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		plantest.Golden(t, file, func(t *testing.T, sql string) string {
			trust, stats := filepath.Base(file) == "trusted.txt", plantest.Stats
			if filepath.Base(file) == "kept.txt" {
				stats = keptStats
			}
			r := &plan.Report{Explain: &plan.Explain{Costs: false}, Root: optimizeWith(t, sql, trust, stats).Root}
			return r.String()
		})
	}
}

func BenchmarkBindAndPlan(b *testing.B) {
	for name, sql := range map[string]string{
		"point":  "select name, age from users where id = 'a'",
		"join":   "select u.name, sum(o.amount) from users u join orders o on o.user_id = u.id where u.age > 3 group by u.name order by 2 desc limit 5",
		"exists": "select name from users u where exists (select 1 from orders o where o.user_id = u.id and o.day > '2024-01-01') and (age = 1 or age = 2)",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				optimize(b, sql, false)
			}
		})
	}
}
