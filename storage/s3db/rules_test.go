package s3db_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// ruleOfError gives fastest-validator's error types our rule names: those of the
// rules themselves.
func ruleOfError(base, kind string) string {
	for _, prefix := range []string{"string", "number", "array", "email", "url", "enum"} {
		rest, ok := strings.CutPrefix(kind, prefix)
		if !ok || rest == "" {
			continue
		}
		name := strings.ToLower(rest[:1]) + rest[1:]
		if kind == "enumValue" {
			return "values"
		}
		return name
	}
	return kind
}

// TestRulesAgainstJavaScript holds our checks against the errors that s3db.js
// 21.6.2 and fastest-validator 1.19.1 have for the same values
// (testdata/rules.tsv).
func TestRulesAgainstJavaScript(t *testing.T) {
	data, err := os.ReadFile("testdata/rules.tsv")
	require.NoError(t, err)
	schemas := map[string]*s3db.Schema{}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		p := strings.Split(line, "\t")
		s := schemas[p[0]]
		if s == nil {
			s = own(t, []s3db.ColumnSpec{{Name: "obj", Children: []s3db.ColumnSpec{rule("val", p[0])}}})
			schemas[p[0]] = s
		}
		row := s.NewRow("x")
		row.Values[s.Column("obj")] = jsonb(t, `{"val":`+p[1]+`}`)
		require.NoError(t, s.Sanitize(row, nil))
		vs, err := s.Validate(row, nil)
		require.NoError(t, err)
		var got, want []string
		for _, v := range vs {
			got = append(got, v.Rule)
		}
		base := s.Columns[s.Column("obj.val")].Attr.Base
		for _, kind := range strings.Split(p[2], ",") {
			if kind != "" {
				want = append(want, ruleOfError(base, kind))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		require.Equal(t, slices.Compact(want), slices.Compact(got), "%s: %s", p[0], p[1])
	}
	require.Greater(t, len(schemas), 60)
}
