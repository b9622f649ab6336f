package ruleutils_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/ruleutils"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// operations are one of each class of operator of gram.y's precedence table, over
// booleans, texts and integers; %s is an operand of the class before the dash.
var operations = []struct{ of, result, text string }{
	{"b", "b", "%s OR x.b"}, {"b", "b", "x.b AND %s"}, {"b", "b", "NOT %s"},
	{"b", "b", "%s IS TRUE"}, {"b", "b", "%s IS NOT UNKNOWN"}, {"b", "b", "%s IS NULL"}, {"b", "b", "%s = x.b"}, {"b", "b", "x.b < %s"},
	{"b", "b", "%s IS DISTINCT FROM x.b"}, {"b", "b", "x.b IS NOT DISTINCT FROM %s"}, {"b", "b", "%s IN (x.b, true)"}, {"b", "b", "x.b IN (%s)"},
	{"b", "i", "CASE WHEN %s THEN 1 END"}, {"b", "i", "CASE %s WHEN x.b THEN 1 ELSE 2 END"}, {"b", "t", "(%s)::text"}, {"b", "i", "(%s)::integer"},
	{"i", "b", "%s BETWEEN 1 AND 2"}, {"i", "b", "%s NOT IN (1, 2)"}, {"i", "b", "%s = ANY (ARRAY[1, 2])"}, {"i", "b", "%s <> ALL ('{1}'::int[])"},
	{"i", "b", "%s IS NOT NULL"}, {"i", "b", "%s >= x.i"}, {"i", "i", "%s + x.i"}, {"i", "i", "x.i - %s"}, {"i", "i", "%s * 2"}, {"i", "i", "x.i %% %s"},
	{"i", "i", "- %s"}, {"i", "i", "@ %s"}, {"i", "i", "%s # 3"}, {"i", "t", "(%s)::text"}, {"i", "i", "(ARRAY[%s, 1])[1]"}, {"i", "i", "COALESCE(%s, 1)"},
	{"t", "b", "%s LIKE 'a'"}, {"t", "b", "x.t NOT ILIKE %s"}, {"t", "b", "%s SIMILAR TO 'a'"}, {"t", "b", "%s ~ 'a'"}, {"t", "t", "%s || x.t"},
	{"t", "t", "%s COLLATE \"C\""}, {"t", "b", "%s COLLATE \"C\" < 'a'"}, {"t", "t", "(%s)::character varying(3)"}, {"t", "t", "upper(%s)"},
	{"t", "i", "(%s)::integer"}, {"t", "t", "(now() AT TIME ZONE %s)::text"}, {"t", "t", "(%s || 'a')::text"}, {"t", "b", "(%s, 'a') = ('b', x.t)"},
}

// TestRoundTrip nests each operation in each other: what comes out is read again as the
// same, plain and pretty.
func TestRoundTrip(t *testing.T) {
	env := &bind.Env{}
	for _, outer := range operations {
		for _, inner := range operations {
			if inner.result != outer.of {
				continue
			}
			operand := fmt.Sprintf(inner.text, "x."+inner.of)
			text := "SELECT " + fmt.Sprintf(outer.text, "("+operand+")") + " AS y FROM (SELECT true AS b, 1 AS i, ''::text AS t) x"
			for _, pretty := range []bool{false, true} {
				// The grammar itself flattens (a OR b) OR c, where IN made a OR b.
				once := write(t, env, write(t, env, text, pretty), pretty)
				require.Equal(t, once, write(t, env, once, pretty), text)
			}
		}
	}
}

func write(t *testing.T, env *bind.Env, text string, pretty bool) string {
	tree, err := bind.Tree(env, text)
	require.NoError(t, err, text)
	c := &ruleutils.Context{Path: []string{"pg_catalog"}, Env: types.DefaultEnv()}
	return c.Query(tree, ruleutils.Options{Paren: pretty})
}
