package exec_test

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const randomSchema = `CREATE TABLE l (id int PRIMARY KEY, k int, j int8, s text);
CREATE TABLE r (id int PRIMARY KEY, k int8, j int, s text);
CREATE INDEX r_k ON r (k);`

// randomDB fills two tables with few different values and many NULLs.
func randomDB(t testing.TB, rng *rand.Rand, rows int) *testDB {
	db := newTestDB(t, randomSchema)
	value := func() string {
		if rng.Intn(6) == 0 {
			return "NULL"
		}
		return fmt.Sprint(rng.Intn(8))
	}
	for _, table := range []string{"l", "r"} {
		for i := range rng.Intn(rows) {
			_, err := db.run(fmt.Sprintf("INSERT INTO %s VALUES (%d, %s, %s, 's' || %s)", table, i, value(), value(), value()))
			require.NoError(t, err)
		}
	}
	return db
}

// asNestLoop, asMergeJoin and asGroupAggregate replace operators by others that
// must give the same rows.
func asNestLoop(n plan.Node) plan.Node {
	h, ok := n.(*plan.HashJoin)
	if !ok || h.NullAware {
		return n
	}
	conds := plan.Conjuncts(h.Residual)
	for i, eq := range h.Eq {
		c := *eq
		c.Args = []plan.Expr{h.LeftKeys[i], h.RightKeys[i]}
		conds = append(conds, &c)
	}
	return &plan.NestLoop{Kind: h.Kind, Left: h.Left, Right: h.Right, On: plan.Conjunction(conds)}
}

func asMergeJoin(n plan.Node) plan.Node {
	h, ok := n.(*plan.HashJoin)
	if !ok || h.NullAware {
		return n
	}
	keys := func(es []plan.Expr) []plan.SortKey {
		var out []plan.SortKey
		for _, e := range es {
			out = append(out, plan.SortKey{Expr: e})
		}
		return out
	}
	l, r := keys(h.LeftKeys), keys(h.RightKeys)
	return &plan.MergeJoin{Kind: h.Kind, Left: &plan.Sort{Input: h.Left, Keys: l}, Right: &plan.Sort{Input: h.Right, Keys: r},
		LeftKeys: l, RightKeys: r, Residual: h.Residual}
}

func asGroupAggregate(n plan.Node) plan.Node {
	h, ok := n.(*plan.HashAggregate)
	if !ok || h.Aggregate.Sets != nil {
		return n
	}
	var keys []plan.SortKey
	for _, e := range h.Aggregate.GroupBy {
		keys = append(keys, plan.SortKey{Expr: e, Desc: true, NullsFirst: true})
	}
	return &plan.GroupAggregate{Aggregate: h.Aggregate, Input: &plan.Sort{Input: h.Input, Keys: keys}}
}

var joinQueries = []string{
	"SELECT l.id, r.id FROM l %s JOIN r ON l.k = r.k",
	"SELECT l.id, r.id FROM l %s JOIN r ON l.k = r.k AND l.j = r.j",
	"SELECT l.id, r.id FROM l %s JOIN r ON l.s = r.s AND l.id < r.id",
	"SELECT l.id, r.id FROM l %s JOIN r ON l.k = r.k AND l.j + r.j > 7",
}

func queries() []string {
	var out []string
	for _, q := range joinQueries {
		for _, kind := range []string{"", "LEFT", "RIGHT", "FULL"} {
			out = append(out, fmt.Sprintf(q, kind))
		}
	}
	return append(out,
		"SELECT id FROM l WHERE EXISTS (SELECT 1 FROM r WHERE r.k = l.k AND r.id > l.id)",
		"SELECT id FROM l WHERE NOT EXISTS (SELECT 1 FROM r WHERE r.k = l.k AND r.id > l.id)",
		"SELECT id FROM l WHERE s IN (SELECT s FROM r)",
		"SELECT k, count(*), sum(j), array_agg(id ORDER BY id), count(DISTINCT s) FROM l GROUP BY k",
		"SELECT k, s, max(j) FROM l GROUP BY k, s",
		"SELECT l.k, count(r.id) FROM l LEFT JOIN r ON l.k = r.k GROUP BY l.k")
}

func rowsOf(t *testing.T, q *plan.Query, env *exec.Env) []string {
	res, err := runPlan(context.Background(), q, env)
	require.NoError(t, err)
	sort.Strings(res.rows)
	return res.rows
}

func TestOperatorsAgree(t *testing.T) {
	defer exec.AlwaysParallel()()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewSource(seed))
	for range 6 {
		db := randomDB(t, rng, 60)
		for _, sql := range queries() {
			q, err := db.plan(sql)
			require.NoError(t, err)
			want := rowsOf(t, rewritten(q, asNestLoop), db.execEnv())
			for name, f := range map[string]func(plan.Node) plan.Node{
				"as planned": func(n plan.Node) plan.Node { return n }, "merge": asMergeJoin, "group": asGroupAggregate,
			} {
				env := db.execEnv()
				env.BatchSize, env.TempDir = []int{1, 3, 1024}[rng.Intn(3)], t.TempDir()
				env.WorkMem, env.Workers = []int64{0, 1, 2000}[rng.Intn(3)], rng.Intn(4)
				require.Equal(t, want, rowsOf(t, rewritten(q, f), env), "%s, %s, batch %d, work_mem %d", sql, name, env.BatchSize, env.WorkMem)
			}
		}
		db.checkClean(t)
	}
}

func rewritten(q *plan.Query, f func(plan.Node) plan.Node) *plan.Query {
	c := *q
	c.Root = plan.RewriteNodes(q.Root, f)
	return &c
}

func TestSpills(t *testing.T) {
	db := loadedDB(t)
	for _, sql := range []string{
		"SELECT x FROM generate_series(1, 5000) x ORDER BY x DESC",
		"SELECT x, count(*) FROM generate_series(1, 5000) x GROUP BY x",
		"SELECT DISTINCT x FROM generate_series(1, 5000) x",
		"SELECT a.x FROM generate_series(1, 5000) a(x) JOIN generate_series(1, 5000) b(x) ON a.x = b.x",
		"SELECT x FROM generate_series(1, 5000) x INTERSECT SELECT x FROM generate_series(1, 5000) x",
		"SELECT array_agg(x ORDER BY x DESC) FROM generate_series(1, 5000) x",
		"WITH c AS MATERIALIZED (SELECT x FROM generate_series(1, 5000) x) SELECT * FROM c, c d WHERE c.x = d.x",
	} {
		q, err := db.plan(sql)
		require.NoError(t, err)
		small := rowsOf(t, q, db.execEnv())
		env := db.execEnv()
		env.WorkMem, env.Stats = 8<<10, exec.NewStats(false)
		require.Equal(t, small, rowsOf(t, q, env), sql)
		var spilled int64
		plan.WalkNodes(q.Root, func(n plan.Node) bool {
			if a := env.Stats.Actual(n); a != nil {
				spilled += a.Spilled
			}
			return true
		})
		require.Positive(t, spilled, sql)
	}
}

// TestNothingLeft ends queries early and in error: no goroutine, scanner or
// file may stay.
func TestNothingLeft(t *testing.T) {
	defer exec.AlwaysParallel()()
	db := loadedDB(t)
	db.env.TempDir = t.TempDir()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for _, sql := range []string{
		"SELECT * FROM t, u ORDER BY t.id", "SELECT a, count(*) FROM t GROUP BY a", "SELECT t.id FROM t JOIN u ON t.a = u.a",
		"SELECT id, (SELECT count(*) FROM u WHERE u.a < t.a) FROM t", "SELECT 1 / (id - 3) FROM t ORDER BY 1",
		"SELECT a FROM t UNION SELECT a FROM u", "SELECT DISTINCT b FROM t", "WITH x AS MATERIALIZED (SELECT * FROM t) SELECT * FROM x",
		"SELECT sum(id) OVER (ORDER BY a) FROM t", "SELECT a.x FROM generate_series(1, 500) a(x) JOIN generate_series(1, 500) b(x) ON a.x = b.x",
	} {
		for stop := range 3 {
			q, err := db.plan(sql)
			require.NoError(t, err)
			env := db.execEnv()
			env.BatchSize, env.WorkMem, env.Workers = 3, 1, 4
			op, err := exec.Build(q.Root, env)
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(context.Background())
			require.NoError(t, op.Open(ctx))
			for k := range 3 {
				if k == stop {
					cancel()
				}
				b, err := op.Next(ctx)
				if k >= stop && err != nil {
					require.Contains(t, []pgerr.Code{pgerr.QueryCanceled, pgerr.DivisionByZero}, pgerr.CodeOf(err), sql)
				}
				if b == nil {
					break
				}
			}
			cancel()
			require.NoError(t, op.Close())
		}
	}
	db.checkClean(t)
	for range 100 {
		if runtime.NumGoroutine() <= goroutines {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
	require.Equal(t, files, openFiles(t))
}

func openFiles(t *testing.T) int {
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(fds)
}

func TestConflictIsRetriedFromTheRead(t *testing.T) {
	run := func(t *testing.T, sql, meanwhile string) (*testDB, *result, error) {
		db := loadedDB(t)
		db.table("t").beforeApply = func() {
			_, err := db.run(meanwhile)
			require.NoError(t, err)
		}
		res, err := db.run(sql)
		return db, res, err
	}
	t.Run("values are computed again", func(t *testing.T) {
		db, res, err := run(t, "UPDATE t SET a = a + 1 WHERE id = 1 RETURNING a", "UPDATE t SET a = 100 WHERE id = 1")
		require.NoError(t, err)
		require.Equal(t, &result{rows: []string{"101"}, affected: 1}, res)
		require.Equal(t, "101", db.text("SELECT a FROM t WHERE id = 1"))
	})
	t.Run("a row that no longer qualifies is left alone", func(t *testing.T) {
		db, res, err := run(t, "UPDATE t SET a = 0 WHERE a = 10 RETURNING id", "UPDATE t SET a = 11 WHERE id = 1")
		require.NoError(t, err)
		require.Equal(t, &result{rows: []string{"4"}, affected: 1}, res)
		require.Equal(t, "11", db.text("SELECT a FROM t WHERE id = 1"))
	})
	t.Run("a row that is gone is left alone", func(t *testing.T) {
		_, res, err := run(t, "UPDATE t SET a = 0 WHERE id = 1", "DELETE FROM t WHERE id = 1")
		require.NoError(t, err)
		require.Zero(t, res.affected)
		_, res, err = run(t, "DELETE FROM t WHERE id < 3", "DELETE FROM t WHERE id = 1")
		require.NoError(t, err)
		require.EqualValues(t, 1, res.affected)
	})
	t.Run("a delete looks at the predicate again", func(t *testing.T) {
		db, res, err := run(t, "DELETE FROM t WHERE a = 10 RETURNING id", "UPDATE t SET a = 11 WHERE id = 4")
		require.NoError(t, err)
		require.Equal(t, &result{rows: []string{"1"}, affected: 1}, res)
		require.Equal(t, "11", db.text("SELECT a FROM t WHERE id = 4"))
	})
	t.Run("in a transaction block it is 40001", func(t *testing.T) {
		db := loadedDB(t)
		db.env.InTransaction = true
		db.table("t").beforeApply = func() { _, _ = db.run("UPDATE t SET a = 100 WHERE id = 1") }
		require.Equal(t, "ERROR 40001: could not serialize access due to concurrent update", db.text("UPDATE t SET a = a + 1 WHERE id = 1"))
	})
	t.Run("on conflict takes the row as it is now", func(t *testing.T) {
		db := loadedDB(t)
		table, n := db.table("w"), 0
		table.beforeApply = func() {
			table.beforeApply = func() {
				n++
				_, err := db.run("UPDATE w SET n = 50 WHERE id = 'a'")
				require.NoError(t, err)
			}
		}
		require.Equal(t, "a|59\n(1)", db.text("INSERT INTO w VALUES ('a', 9) ON CONFLICT (id) DO UPDATE SET n = w.n + excluded.n RETURNING id, n"))
		require.Equal(t, 1, n)
	})
}

func (db *testDB) table(name string) *memTable { return db.tables[db.rels["public."+name].OID] }

func TestParamsAndSystemColumns(t *testing.T) {
	db := loadedDB(t)
	res, err := db.run("SELECT id FROM t WHERE a = $1 AND id = ANY ($2) ORDER BY id", int32(10),
		types.NewArray(types.ByOID(types.Int4OID), []any{int32(4), int32(1), nil, int32(2)}))
	require.NoError(t, err)
	require.Equal(t, []string{"1", "4"}, res.rows)
	res, err = db.run("SELECT id FROM t WHERE id = $1", nil)
	require.NoError(t, err)
	require.Empty(t, res.rows)
}

func TestExplainGolden(t *testing.T) {
	db := loadedDB(t)
	db.rels["public.u"].ColumnByName("name").Secret = true
	path := "testdata/explain.golden"
	cases := readGolden(t, path)
	require.NotEmpty(t, cases)
	for i, c := range cases {
		got := db.explain(t, c.sql)
		if *update {
			cases[i].want = got
			continue
		}
		require.Equal(t, c.want, got, c.sql)
	}
	if *update {
		writeGolden(t, path, cases)
	}
}

func (db *testDB) explain(t *testing.T, sql string) string {
	e, err := db.bindExplain(sql)
	require.NoError(t, err)
	q, err := db.optimize(e.Query)
	require.NoError(t, err)
	r := &plan.Report{Explain: e, Root: q.Root, Planning: time.Millisecond}
	if e.Analyze {
		env := db.execEnv()
		env.Stats = exec.NewStats(e.Timing)
		meter := objstore.NewMeter(nil)
		_, err := runPlan(objstore.WithMeter(context.Background(), meter), q, env)
		require.NoError(t, err)
		r.Actual, r.Execution, r.Usage = env.Stats.Actual, 2*time.Millisecond, meter.Usage()
	}
	return strings.TrimRight(r.String(), "\n")
}
