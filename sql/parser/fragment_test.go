package parser

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func TestParseExpr(t *testing.T) {
	for _, text := range []string{
		"1", "a + 1", "now()", "'x'::text", "a > 0 AND b < 1", "CASE WHEN a THEN 1 END", "(1, 2)", "ROW(1)", "$1",
		"a IN (1, 2)", "(SELECT max(x) FROM t)", "ARRAY[1, 2]", "(f(a, b))[1]", "a -- end", "nextval('s'::regclass)",
		"t.*", "NOT a", "a COLLATE \"C\"", "é || 'ü'", "CURRENT_TIMESTAMP", "DEFAULT",
	} {
		expr, err := ParseExpr(text)
		require.NoError(t, err, text)
		whole, err := Parse("SELECT ARRAY[" + text + "\n]")
		require.NoError(t, err)
		want := whole[0].Node.GetSelectStmt().TargetList[0].GetResTarget().Val.GetAArrayExpr().Elements[0]
		got, err := DeparseExpr(expr)
		require.NoError(t, err)
		deparsed, err := DeparseExpr(want)
		require.NoError(t, err)
		assert.Equal(t, deparsed, got)
	}
}

func TestParseExprLocations(t *testing.T) {
	const text = "'ü' || f(a, b)"
	expr, err := ParseExpr(text)
	require.NoError(t, err)
	op := expr.GetAExpr()
	assert.Equal(t, "|| f(a, b)", text[op.Location:])
	assert.Equal(t, int32(0), op.Lexpr.GetAConst().Location)
	call := op.Rexpr.GetFuncCall()
	assert.Equal(t, "f(a, b)", text[call.Location:])
	assert.Equal(t, "b)", text[call.Args[1].GetColumnRef().Location:])
}

func TestParseExprErrors(t *testing.T) {
	for marked, message := range map[string]string{
		"⟨":                  "syntax error at end of input",
		"  -- x⟨":            "syntax error at end of input",
		"1 +⟨":               "syntax error at end of input",
		"f(1⟨":               "syntax error at end of input",
		"a ⟨b":               `syntax error at or near "b"`,
		"a ⟨AS b":            `syntax error at or near "AS"`,
		"1⟨, 2":              `syntax error at or near ","`,
		"'ü'⟨], 2":           `syntax error at or near "]"`,
		"1⟨) FROM (SELECT 2": `syntax error at or near ")"`,
		"1⟨; DROP TABLE a":   `syntax error at or near ";"`,
		"⟨[1]":               `syntax error at or near "["`,
		"⟨SELECT 1":          `syntax error at or near "SELECT"`,
		"⟨*":                 `syntax error at or near "*"`,
		"a = ⟨'x":            `unterminated quoted string at or near "'x"`,
		"1 ⟨/* x":            `unterminated /* comment at or near "/* x"`,
		"⟨ALL 1":             `syntax error at or near "ALL"`,
	} {
		before, after, _ := strings.Cut(marked, at)
		_, err := ParseExpr(before + after)
		e := pgerr.As(err)
		require.NotNil(t, e, marked)
		assert.Equal(t, message, e.Message, marked)
		assert.Equal(t, len([]rune(before))+1, e.Position, marked)
	}
}

func TestParseType(t *testing.T) {
	for text, want := range map[string]string{
		"numeric(10,2)":               "numeric(10,2)",
		"int":                         "int4",
		"  text[ ]":                   "text",
		"timestamp(3) with time zone": "timestamptz(3)",
		"double precision -- x":       "float8",
		`s."T"`:                       "T",
		"interval day to second":      "interval(7176)",
		"bit varying(3)":              "varbit(3)",
		"character varying":           "varchar",
	} {
		n, err := ParseType(text)
		require.NoError(t, err, text)
		name := n.Names[len(n.Names)-1].GetString_().Sval
		var mods []string
		for _, m := range n.Typmods {
			s, err := DeparseExpr(m)
			require.NoError(t, err)
			mods = append(mods, s)
		}
		if mods != nil {
			name += "(" + strings.Join(mods, ",") + ")"
		}
		assert.Equal(t, want, name, text)
		assert.Equal(t, len(text)-len(strings.TrimLeft(text, " ")), int(n.Location), text)
	}
}

// The answers are PostgreSQL 15's to 'TEXT'::regtype.
func TestParseTypeErrors(t *testing.T) {
	for text, message := range map[string]string{
		"int4 foo":    `syntax error at or near "foo"`,
		"setof int":   `invalid type name "setof int"`,
		"":            `invalid type name ""`,
		"int, text":   `syntax error at or near ","`,
		"int) ":       `syntax error at or near ")"`,
		"bar; baz":    `syntax error at or near ";"`,
		"numeric(10,": `syntax error at end of input`,
		"1x y":        `trailing junk after numeric literal at or near "1x"`,
	} {
		_, err := ParseType(text)
		e := pgerr.As(err)
		require.NotNil(t, e, text)
		assert.Equal(t, message, e.Message)
		assert.False(t, e.HasPlace(), "the text is not the statement")
		if e.Message[:7] != "invalid" {
			assert.Equal(t, `invalid type name "`+text+`"`, e.Where)
		}
	}
}

func TestDeparse(t *testing.T) {
	for sql, want := range map[string]string{
		"select  A, 'b''c' from T where x=1 order by 1": "SELECT a, 'b''c' FROM t WHERE x = 1 ORDER BY 1",
		"insert into t values (1,default)":              "INSERT INTO t VALUES (1, DEFAULT)",
		"create table t (a numeric(3) default 1+2)":     "CREATE TABLE t (a numeric(3) DEFAULT 1 + 2)",
		`select "Select" from "A b"`:                    `SELECT "Select" FROM "A b"`,
	} {
		text, err := Deparse(parseOne(t, sql).Node)
		require.NoError(t, err)
		assert.Equal(t, want, text)
	}
}

// TestDeparseIsGuarded hands it a tree that no text leads to.
func TestDeparseIsGuarded(t *testing.T) {
	expr, err := ParseExpr("a")
	require.NoError(t, err)
	for range 50000 {
		expr = &Node{Node: &Node_BoolExpr{BoolExpr: &BoolExpr{Boolop: BoolExprType_NOT_EXPR, Args: []*Node{expr}}}}
	}
	_, err = DeparseExpr(expr)
	assert.Equal(t, pgerr.StatementTooComplex, pgerr.CodeOf(err))
}

func TestDeparseOfEveryExtension(t *testing.T) {
	for _, sql := range []string{
		"CREATE RESOURCE r (a 'x', b (c 'y', d int), e text)", "ALTER RESOURCE r ADD a 'x'", "ALTER RESOURCE r ALTER a TYPE 'x'",
		"ALTER RESOURCE r DROP PARTITION p", "DROP RESOURCE r", "VERIFY RESOURCE r", "ALTER RESOURCE r RENAME a.b TO c",
	} {
		_, err := Deparse(parseOne(t, sql).Node)
		if err != nil {
			assert.NotEqual(t, pgerr.InternalError, pgerr.CodeOf(err), sql)
		}
	}
}

func TestCloneIsApart(t *testing.T) {
	s := parseOne(t, "SELECT a FROM t")
	c := Clone(s.Node)
	c.GetSelectStmt().TargetList = nil
	assert.Len(t, s.Node.GetSelectStmt().TargetList, 1)
}

func TestNormalize(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT 1, 'x' FROM t WHERE a = 2.5": "SELECT $1, $2 FROM t WHERE a = $3",
		"CREATE RESOURCE r (a 'secret')":     "CREATE RESOURCE r (a 'secret')",
		"SELECT $1 + 1":                      "SELECT $1 + $2",
	} {
		got, err := Normalize(sql)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := Normalize("SELECT 1 +")
	assert.Equal(t, 11, pgerr.As(err).Position)
}

func TestFingerprint(t *testing.T) {
	id := func(sql string) uint64 {
		n, err := Fingerprint(sql)
		require.NoError(t, err)
		return n
	}
	assert.Equal(t, id("SELECT * FROM t WHERE a = 1"), id("select *  from t where a=2"))
	assert.Equal(t, id("SELECT 1 WHERE a IN (1, 2)"), id("SELECT 1 WHERE a IN (1, 2, 3)"))
	assert.NotEqual(t, id("SELECT a FROM t"), id("SELECT b FROM t"))
	assert.NotEqual(t, id("CREATE RESOURCE r (a 'x')"), id("CREATE RESOURCE r (a 'y')"))
}
