package parser

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// hostile are texts that nest n levels by one construct each.
var hostile = map[string]func(n int) string{
	"plus":              chain("SELECT 1", "+1"),
	"concat":            chain("SELECT 'a'", "||'b'"),
	"cast":              chain("SELECT 1", "::int"),
	"collate":           chain("SELECT 'a'", ` COLLATE "C"`),
	"at time zone":      chain("SELECT now()", " AT TIME ZONE 'UTC'"),
	"at local":          chain("SELECT now()", " AT LOCAL"),
	"operator()":        chain("SELECT 1", " OPERATOR(pg_catalog.+) 1"),
	"is null":           chain("SELECT 1", " IS NULL"),
	"isnull":            chain("SELECT 1", " ISNULL"),
	"is distinct":       chain("SELECT 1", " IS DISTINCT FROM (1)"),
	"is json":           chain("SELECT 'a'", " IS JSON"),
	"between is null":   chain("SELECT 1", " BETWEEN 1 AND 2 IS NULL"),
	"like is null":      chain("SELECT 'a'", " LIKE 'a' IS NULL"),
	"in is null":        chain("SELECT 1", " IN (1, 2) IS NULL"),
	"any is null":       chain("SELECT 1", " = ANY ('{1}') IS NULL"),
	"power":             chain("SELECT 1", "^1"),
	"arrow":             chain("SELECT a", "->'b'"),
	"user operator":     chain("SELECT a", " @#@ 1"),
	"keyword labels":    chain("SELECT a.when", " + a.when"),
	"case labels":       chain("SELECT a.case", " + a.end"),
	"join":              chain("SELECT * FROM a", " CROSS JOIN a"),
	"join on and":       chain("SELECT * FROM a", " JOIN a ON x AND y"),
	"natural join":      chain("SELECT * FROM a", " NATURAL JOIN a"),
	"join right nested": nest("SELECT * FROM ", "a JOIN ", "a", " ON x"),
	"union":             chain("SELECT a, b", " UNION SELECT a, b"),
	"union all where":   chain("SELECT a, b FROM t WHERE a AND b", " UNION ALL SELECT a, b FROM t WHERE a AND b"),
	"except":            chain("SELECT 1", " EXCEPT SELECT 1"),
	"intersect":         chain("SELECT 1", " INTERSECT SELECT 1"),
	"values union":      chain("VALUES (1)", " UNION VALUES (1)"),
	"union parens":      nest("", "(", "SELECT 1", " UNION SELECT 1)"),
	"parens":            nest("SELECT ", "(", "1", ")"),
	"parens plus":       nest("SELECT ", "(", "1", "+1)"),
	"parens or":         nest("SELECT ", "(", "a", " OR b)"),
	"parens and or":     nest("SELECT ", "(", "a", " AND b OR c)"),
	"row":               nest("SELECT ", "(", "1", ",2)"),
	"row keyword":       nest("SELECT ", "ROW(", "1", ")"),
	"function":          nest("SELECT ", "f(", "1", ")"),
	"named argument":    nest("SELECT ", "f(a => ", "1", ")"),
	"over":              nest("SELECT ", "f() OVER (ORDER BY ", "1", ")"),
	"filter":            nest("SELECT ", "f() FILTER (WHERE ", "true", ")"),
	"aggregate order":   nest("SELECT ", "f(a ORDER BY ", "1", ")"),
	"within group":      nest("SELECT ", "f(1) WITHIN GROUP (ORDER BY ", "1", ")"),
	"coalesce":          nest("SELECT ", "coalesce(1,", "1", ")"),
	"cast()":            nest("SELECT ", "CAST(", "1", " AS int)"),
	"subquery":          nest("SELECT ", "(SELECT ", "1", ")"),
	"exists":            nest("SELECT ", "EXISTS (SELECT ", "1", ")"),
	"in subquery":       nest("SELECT ", "1 IN (SELECT ", "1", ")"),
	"not in subquery":   nest("SELECT ", "1 NOT IN (SELECT ", "1", ")"),
	"from subquery":     nest("SELECT * FROM ", "(SELECT * FROM ", "a", ") x"),
	"lateral":           nest("SELECT * FROM ", "LATERAL (SELECT * FROM ", "a", ") x"),
	"joined parens":     nest("SELECT * FROM ", "(a CROSS JOIN ", "a", ")"),
	"values subquery":   nest("SELECT ", "(VALUES (", "1", "))"),
	"cte":               nest("", "WITH a AS (", "SELECT 1", ") SELECT 1"),
	"cte update":        nest("", "WITH a AS (UPDATE t SET (x,y) = (", "SELECT 1,2", ") RETURNING 1) SELECT 1"),
	"cte insert":        nest("", "WITH a AS (INSERT INTO t ", "SELECT 1", ") SELECT 1"),
	"case":              nest("SELECT ", "CASE WHEN ", "true", " THEN 1 END"),
	"case else":         nest("SELECT ", "CASE WHEN true THEN 1 ELSE ", "1", " END"),
	"case argument":     nest("SELECT ", "CASE ", "1", " WHEN 1 THEN 1 END"),
	"case when label":   nest("SELECT ", "CASE WHEN a.when THEN 1 ELSE ", "1", " END"),
	"not":               nest("SELECT ", "NOT ", "true", ""),
	"minus":             nest("SELECT ", "- ", "a", ""),
	"prefix operator":   nest("SELECT ", "@ ", "a", ""),
	"array":             nest("SELECT ", "ARRAY[", "1", "]"),
	"inner array":       nest("SELECT ARRAY", "[", "1", "]"),
	"subscript nested":  nest("SELECT ", "a[", "1", "]"),
	"slice nested":      nest("SELECT ", "a[1:", "1", "]"),
	"paren subscript":   nest("SELECT ", "(a)[", "1", "]"),
	"subscripted paren": nest("SELECT ", "(", "a", ")[1]"),
	"field of paren":    nest("SELECT ", "(", "a", ").b"),
	"grouping sets":     nest("SELECT 1 GROUP BY ", "GROUPING SETS (", "a", ")"),
	"json array":        nest("SELECT ", "JSON_ARRAY(", "1", ")"),
	"json object":       nest("SELECT ", "JSON_OBJECT('a': ", "1", ")"),
	"json value":        nest("SELECT ", "JSON_VALUE('a', '$' PASSING ", "1", " AS x)"),
	"json query":        nest("SELECT ", "JSON_QUERY(", "'a'", ", '$')"),
	"json table":        nestIn("SELECT * FROM JSON_TABLE('a', '$' COLUMNS (", "NESTED '$' COLUMNS (", "a int", ")", "))"),
	"xml element":       nest("SELECT ", "XMLELEMENT(NAME a, ", "'b'", ")"),
	"xml forest":        nest("SELECT ", "XMLFOREST(", "'b'", " AS a)"),
	"xml attributes":    nest("SELECT ", "XMLELEMENT(NAME a, XMLATTRIBUTES(", "'b'", " AS c))"),
	"default":           nestIn("CREATE TABLE t (a int DEFAULT ", "(", "1", "+1)", ")"),
	"resource default":  nestIn("CREATE RESOURCE t (a 'x' DEFAULT ", "(", "1", "+1)", ")"),
	"resource nested":   nestIn("CREATE RESOURCE t (", "a (", "b 'x'", ")", ")"),
	"resource check":    func(n int) string { return chain("CREATE RESOURCE t (a 'x' CHECK (1", "+1")(n) + "))" },
	"deep then long":    func(n int) string { return chain(nest("SELECT ", "(", "1", "+1)")(n), "+1")(n) },
	"unclosed parens":   chain("SELECT ", "("),
	"unclosed brackets": chain("SELECT a", "["),
	"unclosed case":     chain("SELECT ", "CASE "),
	"unclosed string":   func(n int) string { return chain("SELECT 1", "+1")(n) + "+'" },
}

// flat are texts of n elements that the tree holds as a list; all must pass.
var flat = map[string]func(n int) string{
	"and":             chain("SELECT a = 1", " AND a = 1"),
	"or":              chain("SELECT a = 1", " OR a = 1"),
	"and or not":      chain("SELECT NOT a = 1", " AND NOT a = 1 OR NOT b"),
	"between and":     chain("SELECT a BETWEEN 1 AND 2", " AND a BETWEEN 1 AND 2"),
	"in":              func(n int) string { return chain("SELECT a IN (-1", ",-1")(n) + ")" },
	"values":          chain("INSERT INTO t VALUES (1, -2, 'c'||'d')", ", (1, -2, 'c'||'d')"),
	"targets":         chain("SELECT a.b+1", ", a.b+1"),
	"from list":       chain("SELECT * FROM t a", ", t a"),
	"statements":      chain("SELECT 1+1", "; SELECT (1+1)"),
	"union once each": chain("SELECT 1 UNION SELECT 2", "; SELECT 1 UNION SELECT 2"),
	"when":            func(n int) string { return chain("SELECT CASE", " WHEN a = 1 THEN -b")(n) + " END" },
	"set":             chain("UPDATE t SET a = a + 1", ", a = a + 1"),
	"field chain":     chain("SELECT a", ".b"),
	"subscripts":      chain("SELECT a", "[1]"),
	"array literal":   func(n int) string { return chain("SELECT ARRAY[1", ",-1")(n) + "]" },
	"arguments":       func(n int) string { return chain("SELECT f(1", ",-1")(n) + ")" },
	"columns":         func(n int) string { return chain("CREATE TABLE t (a int DEFAULT 1+1", ",a int DEFAULT 1+1")(n) + ")" },
	"rules":           func(n int) string { return chain("CREATE RESOURCE t (a 'x'", ",a 'x'")(n) + ")" },
	"objects":         func(n int) string { return chain("CREATE RESOURCE t (a (b 'x')", ",a (b 'x')")(n) + ")" },
	"comments":        chain("SELECT 1", " /* + + */"),
	"ctes":            func(n int) string { return chain("WITH a AS (SELECT 1+1)", ", a AS (SELECT 1+1)")(n) + " SELECT 1" },
}

func chain(first, link string) func(int) string {
	return func(n int) string { return first + strings.Repeat(link, n) }
}

func nest(before, open, inner, end string) func(int) string {
	return nestIn(before, open, inner, end, "")
}

func nestIn(before, open, inner, end, after string) func(int) string {
	return func(n int) string {
		return before + strings.Repeat(open, n) + inner + strings.Repeat(end, n) + after
	}
}

// depths straddle the guard's limit and what kills the C code without it.
var depths = []int{10, 330, 490, 660, 990, 1330, 1990, 2010, 4500, 30000}

// TestHostileDepth runs each construct in a process of its own: what the guard
// lets through must not end it, be it with an error or without.
func TestHostileDepth(t *testing.T) {
	for name := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := runChild(t, "hostile", name)
			require.Len(t, out, len(depths))
			assert.NotEqual(t, "ok", out[len(out)-1], "the deepest passed")
			assertOutcomes(t, out)
		})
	}
}

// TestSmallStacks repeats it with the thread stacks of other systems.
func TestSmallStacks(t *testing.T) {
	for _, name := range []string{"plus", "subquery", "over", "case"} {
		for _, stack := range []string{"unlimited", "2048", "512"} {
			t.Run(name+"/"+stack, func(t *testing.T) {
				t.Parallel()
				assertOutcomes(t, runChild(t, "hostile", name, "sh", "-c", "ulimit -S -s "+stack+` && exec "$0" "$@"`))
			})
		}
	}
}

func assertOutcomes(t *testing.T, out []string) {
	allowed := []string{"ok", "54000", "54001", "42601"}
	for _, o := range out {
		assert.Contains(t, allowed, o)
	}
}

// TestHostileMixes nests random constructs in each other, near the limit.
func TestHostileMixes(t *testing.T) {
	for seed := range 4 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			out := runChild(t, "mix", fmt.Sprint(seed))
			assert.Len(t, out, mixesPerChild)
			assertOutcomes(t, out)
			assert.Contains(t, out, "ok")
			assert.Contains(t, out, string(pgerr.StatementTooComplex))
		})
	}
}

func TestFlatListsPass(t *testing.T) {
	for name, build := range flat {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(build(20000))
			assert.NoError(t, err)
		})
	}
}

func TestRealisticSizesPass(t *testing.T) {
	for name, n := range map[string]int{"values": 10000, "in": 100000, "and": 1000, "or": 1000} {
		stmts, err := Parse(flat[name](n))
		require.NoError(t, err, name)
		assert.Len(t, stmts, 1)
	}
	for name, n := range map[string]int{"plus": 1900, "join": 1900, "union": 1900, "parens or": 900, "subquery": 400, "case": 400} {
		_, err := Parse(hostile[name](n))
		assert.NoError(t, err, name)
	}
}

func TestDepthError(t *testing.T) {
	_, err := Parse(hostile["plus"](5000))
	e := pgerr.As(err)
	require.NotNil(t, e)
	assert.Equal(t, pgerr.StatementTooComplex, e.Code)
	assert.Equal(t, "stack depth limit exceeded", e.Message)
	assert.NotEmpty(t, e.Hint)
}

// runChild runs this test binary as the child of TestMain and returns the
// outcomes it printed, one for each text. launcher is a command to put before it.
func runChild(t *testing.T, kind, name string, launcher ...string) []string {
	argv := append(launcher, os.Args[0], "-test.run=^$")
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "PARSER_CHILD="+kind+"/"+name)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "the process died after %q: %.2000s", out, stderr.String())
	var lines []string
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

func TestMain(m *testing.M) {
	kind, name, child := strings.Cut(os.Getenv("PARSER_CHILD"), "/")
	if !child {
		os.Exit(m.Run())
	}
	if kind == "mix" {
		runMixes(name)
		return
	}
	for _, n := range depths {
		fmt.Println(exercise(hostile[name](n)))
	}
}

// exercise puts a text through everything that calls C and returns the SQLSTATE
// of the first error, or ok.
func exercise(text string) string {
	_, _ = Normalize(text)
	_, _ = Fingerprint(text)
	_, _ = Scan(text)
	stmts, err := Parse(text)
	if err != nil {
		return string(pgerr.CodeOf(err))
	}
	for _, s := range stmts {
		if _, err := Deparse(s.Node); err != nil {
			return "deparse: " + err.Error()
		}
	}
	return "ok"
}

const mixesPerChild = 40

// wrappers make an expression of an expression.
var wrappers = []string{
	"(%s)", "%s + 1", "1 + %s", "NOT %s", "f(%s)", "f(1, %s)", "(SELECT %s)", "(SELECT 1 FROM t WHERE %s AND b)",
	"(%s AND b OR c)", "(a OR %s)", "CASE WHEN %s THEN 1 END", "CASE %s WHEN a.when THEN 2 ELSE 3 END", "(%s)::int",
	"%s IS NULL", "(%s BETWEEN 1 AND 2)", "1 BETWEEN 1 AND (%s)", "a[%s]", "(%s)[1]", "ARRAY[%s]", "(1, %s)",
	"(SELECT 1 FROM (SELECT %s) x CROSS JOIN y)", "(SELECT 1 UNION SELECT 2 UNION SELECT %s)", "(VALUES (%s))",
	"(WITH a AS (SELECT %s) SELECT 1)", "f() OVER (ORDER BY %s)", "(%s) COLLATE \"C\"", "(%s) AT TIME ZONE 'UTC'",
	"EXISTS (SELECT 1 HAVING %s)", "JSON_OBJECT('a': %s)", "- (%s)", "(%s) IN (1, 2)", "1 IN (2, %s)", "a.end + %s",
}

func runMixes(seed string) {
	var n uint64
	_, _ = fmt.Sscan(seed, &n)
	rng := rand.New(rand.NewPCG(n, 1))
	for range mixesPerChild {
		expr := "a"
		few := 1 + rng.IntN(4) // constructs in this text
		choice := rng.Perm(len(wrappers))[:few]
		for range 100 + rng.IntN(2000) {
			w := wrappers[choice[rng.IntN(few)]]
			before, after, _ := strings.Cut(w, "%s")
			expr = before + expr + after
		}
		fmt.Println(exercise("SELECT " + expr))
	}
}
