package exec_test

import (
	"context"
	"fmt"
	"math/rand"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// keptTable is a memTable whose columns are in memory while rows is what its statistics
// were made of.
type keptTable struct {
	*memTable
	derived map[string]any
}

func (t *keptTable) Kept(columns []int16) *storage.Kept {
	var images []*storage.RowImage
	for _, r := range t.rows {
		images = append(images, t.image(r))
	}
	sort.Slice(images, func(i, j int) bool { return images[i].ID < images[j].ID })
	for _, n := range columns {
		if n < 0 {
			return nil
		}
	}
	b, err := t.Decode(images, columns)
	if err != nil {
		return nil
	}
	return &storage.Kept{Columns: b.Cols, Rows: b.N, Derived: func(key string, f func() (any, int64)) any {
		if _, ok := t.derived[key]; !ok {
			t.derived[key], _ = f()
		}
		return t.derived[key]
	}}
}

func (t *keptTable) Stats() storage.Stats {
	s := t.memTable.Stats()
	for _, c := range t.rel.Columns {
		s.Cached = append(s.Cached, c.Num)
	}
	return s
}

// keep puts the tables' columns into memory; the function returned takes them out.
func (db *testDB) keep() (drop func()) {
	before := db.kept
	db.kept = map[*memTable]*keptTable{}
	for _, t := range db.tables {
		db.kept[t] = &keptTable{t, map[string]any{}}
	}
	return func() { db.kept = before }
}

// keptDB is a large and a small table of values that are rare in the large one.
func keptDB(t testing.TB, rng *rand.Rand) *testDB {
	db := newTestDB(t, randomSchema)
	value := func() string {
		if rng.Intn(8) == 0 {
			return "NULL"
		}
		return fmt.Sprint(rng.Intn(60))
	}
	for table, rows := range map[string]int{"l": 1 + rng.Intn(6), "r": 300} {
		for i := range rows {
			_, err := db.run(fmt.Sprintf("INSERT INTO %s VALUES (%d, %s, %s, 's' || %s)", table, i, value(), value(), value()))
			require.NoError(t, err)
		}
	}
	return db
}

var keptQueries = []string{
	"SELECT id, s FROM r WHERE k = 7", "SELECT id FROM r WHERE k IN (3, NULL, 3, 9) AND j > 20", "SELECT id FROM r WHERE k = NULL",
	"SELECT id FROM r WHERE k = 5 AND j = 6", "SELECT s FROM r WHERE id = 12", "SELECT id FROM r WHERE s = 's3' OR s = 's4'",
	"SELECT id FROM r WHERE k = ANY (ARRAY[1, 2, 2]::int8[])", "SELECT id, (SELECT count(*) FROM r WHERE r.k = l.k) FROM l",
	"SELECT id FROM l WHERE j IN (SELECT j FROM r)", "SELECT id FROM l WHERE j NOT IN (SELECT j FROM r)",
	"SELECT id FROM r WHERE j IN (SELECT j FROM l)", "SELECT id FROM r WHERE NOT EXISTS (SELECT 1 FROM l WHERE l.k = r.k)",
	"SELECT l.id, x.n FROM l JOIN (SELECT k, count(*) AS n, min(s) AS s FROM r GROUP BY k) x ON x.k = l.k",
	"SELECT l.id, x.n FROM l LEFT JOIN (SELECT k, count(*) AS n FROM r GROUP BY k) x ON x.k = l.k",
	"SELECT l.id, a.id, b.id FROM l JOIN r a ON a.k = l.k JOIN r b ON b.j = a.j",
	"SELECT l.id, a.id, b.id FROM l JOIN r a ON a.k = l.k LEFT JOIN r b ON b.j = a.j AND b.k = l.j",
	"SELECT id, (SELECT sum(a.id) FROM l b JOIN r a ON a.k = b.k WHERE b.j < l.j) FROM l",
	"SELECT id, (SELECT sum(a.id) FROM r a JOIN r b ON a.k = b.j WHERE b.k = l.j) FROM l",
	"SELECT l.id, r.id FROM l, r WHERE l.k = r.k AND l.j = r.j AND l.s < r.s",
}

// TestKeptAgrees: indexes of columns in memory change no answer.
func TestKeptAgrees(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewSource(seed))
	fed, byKey, mirrored := 0, 0, 0
	for range 8 {
		db := keptDB(t, rng)
		for _, sql := range append(queries(), keptQueries...) {
			q, err := db.plan(sql)
			require.NoError(t, err)
			want := rowsOf(t, q, db.execEnv())
			drop := db.keep()
			q, err = db.plan(sql)
			require.NoError(t, err)
			plan.WalkNodes(q.Root, func(n plan.Node) bool {
				switch n := n.(type) {
				case *plan.HashJoin:
					fed += len(n.Feeds)
					if n.Kind == plan.RightSemiJoin || n.Kind == plan.RightAntiJoin {
						mirrored++
					}
				case *plan.TableScan:
					if n.Path.Kept != nil && n.Path.Kept.Feed == nil {
						byKey++
					}
				}
				return true
			})
			for _, size := range []int{1, 7, 1024} {
				env := db.execEnv()
				env.BatchSize, env.TempDir = size, t.TempDir()
				env.WorkMem = []int64{0, 1, 2000}[rng.Intn(3)]
				require.Equal(t, want, rowsOf(t, q, env), "%s, batch %d, work_mem %d", sql, size, env.WorkMem)
			}
			drop()
			require.Equal(t, want, rowsOf(t, q, db.execEnv()), "%s: the columns are gone since the planning", sql)
		}
		db.checkClean(t)
	}
	require.Positive(t, fed)
	require.Positive(t, byKey)
	require.Positive(t, mirrored)
}

// TestShare: the selectivity of a condition is seen in a sample.
func TestShare(t *testing.T) {
	db := newTestDB(t, randomSchema)
	_, err := db.run("INSERT INTO r SELECT x, x % 4, x % 50, 's' FROM generate_series(1, 3000) x")
	require.NoError(t, err)
	defer db.keep()()
	for sql, want := range map[string]float64{
		"SELECT * FROM r WHERE k = 1": 750, "SELECT * FROM r WHERE j < 25": 1500, "SELECT * FROM r WHERE s LIKE 't%'": 1.5,
		"SELECT * FROM r WHERE k = 1 AND j < 25": 375, "SELECT * FROM r WHERE k = 1 AND 1 / k > 0": 750,
	} {
		q, err := db.plan(sql)
		require.NoError(t, err)
		require.InEpsilon(t, want, q.Root.Est().Rows, 0.4, sql)
	}
	n, ok := exec.Distinct(db.rels["public.r"], 3, db.execEnv())
	require.True(t, ok)
	require.Equal(t, 50.0, n)
	_, err = runPlan(context.Background(), mustPlan(t, db, "SELECT * FROM r WHERE k = 2 AND 1 / (k - 2) > 0"), db.execEnv())
	require.Error(t, err)
}

func mustPlan(t *testing.T, db *testDB, sql string) *plan.Query {
	q, err := db.plan(sql)
	require.NoError(t, err)
	return q
}
