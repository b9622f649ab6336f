package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/internal/plantest"
	"github.com/s3db-sql/s3db-sql/sql/planner/rules"
)

func ruleContext() *rules.Context {
	next := plan.ColumnID(10_000)
	return &rules.Context{Evaluate: plantest.Evaluate, Inline: plantest.Inline, NewColumn: func() plan.ColumnID { next++; return next }}
}

// TestRules shows each rule's work alone: the plan before it and after it.
func TestRules(t *testing.T) {
	for _, r := range append(rules.List, rules.Rule{Name: "prune_columns", Apply: func(n plan.Node, _ *rules.Context) plan.Node {
		return rules.PruneColumns(n)
	}}) {
		file := filepath.Join("testdata", r.Name+".txt")
		require.FileExists(t, file, "every rule has a golden file")
		plantest.Golden(t, file, func(t *testing.T, sql string) string {
			before := plantest.Query(t, sql).Root
			text := plan.Dump(before)
			after := plan.Dump(r.Apply(before, ruleContext()))
			if after == text {
				return text + "=> the same"
			}
			return text + "=>\n" + after
		})
	}
}

// TestNoStrayFiles: a golden file without a rule is a rule that was deleted.
func TestNoStrayFiles(t *testing.T) {
	names := map[string]bool{"prune_columns.txt": true}
	for _, r := range rules.List {
		names[r.Name+".txt"] = true
	}
	files, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, f := range files {
		require.True(t, names[f.Name()] || strings.HasPrefix(f.Name(), "."), f.Name())
	}
}
