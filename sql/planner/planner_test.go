package planner_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner"
	"github.com/s3db-sql/s3db-sql/sql/planner/internal/plantest"
)

func optimize(t *testing.T, sql string, trust bool) *plan.Query {
	q := plantest.Query(t, sql)
	next := plan.MaxColumn(q.Root)
	out, err := planner.Optimize(q, &planner.Env{
		Stats: plantest.Stats, Evaluate: plantest.Evaluate, TrustPartitions: trust,
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
			trust := filepath.Base(file) == "trusted.txt"
			r := &plan.Report{Explain: &plan.Explain{Costs: false}, Root: optimize(t, sql, trust).Root}
			return r.String()
		})
	}
}
