package exec_test

import (
	"context"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// batchTable yields batches made before: the operators are measured, not a
// store.
type batchTable struct {
	storage.Table
	batches []*vec.Batch // columns in attnum order
}

func (t *batchTable) Scan(_ context.Context, spec storage.ScanSpec) (storage.Scanner, error) {
	return &batchScanner{t.batches, spec.Columns}, nil
}

type batchScanner struct {
	rest []*vec.Batch
	nums []int16
}

func (s *batchScanner) Next(context.Context) (*vec.Batch, error) {
	if len(s.rest) == 0 {
		return nil, nil
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	cols := make([]vec.Vector, len(s.nums))
	for i, n := range s.nums {
		cols[i] = b.Cols[n-1]
	}
	return vec.NewBatch(cols, b.N), nil
}

func (s *batchScanner) Close() {}

const benchRows = 1 << 20

// benchDB has a fact table of a million rows and a dimension of ten thousand.
func benchDB(b testing.TB, rows int) *benchTables {
	db := &benchTables{testDB: newTestDB(b, `
		CREATE TABLE fact (id int8 PRIMARY KEY, k int, g int, price float8, amount numeric, name text);
		CREATE TABLE dim (id int PRIMARY KEY, label text);`)}
	rng := rand.New(rand.NewSource(1))
	db.made = map[types.OID]*batchTable{
		db.rels["public.fact"].OID: {batches: makeBatches(db.testDB, "fact", rows, func(i int) []any {
			return []any{int64(i), int32(rng.Intn(10000)), int32(rng.Intn(50)), rng.Float64() * 100,
				types.NumericFromScaled(int64(rng.Intn(100000)), 2), fmt.Sprintf("name %d", rng.Intn(100000))}
		})},
		db.rels["public.dim"].OID: {batches: makeBatches(db.testDB, "dim", 10000, func(i int) []any {
			return []any{int32(i), fmt.Sprintf("label %d", i%100)}
		})},
	}
	db.table("fact").assumed, db.table("dim").assumed = float64(rows), 10000
	return db
}

type benchTables struct {
	*testDB
	made map[types.OID]*batchTable
}

func (t *benchTables) Table(oid types.OID) (storage.Table, error) { return t.made[oid], nil }

func makeBatches(db *testDB, name string, rows int, row func(i int) []any) []*vec.Batch {
	var ts []*types.Type
	for _, c := range db.rels["public."+name].Columns {
		ts = append(ts, c.Type)
	}
	var out []*vec.Batch
	for i := 0; i < rows; {
		bs := vec.NewBuilders(ts, vec.BatchSize)
		for range min(vec.BatchSize, rows-i) {
			for c, v := range row(i) {
				bs[c].Append(v)
			}
			i++
		}
		out = append(out, vec.BuildBatch(bs))
	}
	return out
}

func BenchmarkQueries(b *testing.B) {
	db := benchDB(b, benchRows)
	for _, q := range []struct{ name, sql string }{
		{"filter", "SELECT id FROM fact WHERE g < 5 AND price > 50"},
		{"filter_text", "SELECT id FROM fact WHERE name LIKE 'name 99%'"},
		{"filter_in", "SELECT id FROM fact WHERE g IN (1, 3, 5, 7, 9, 11, 13)"},
		{"project", "SELECT id + k, price * 2 + 1 FROM fact"},
		{"case", "SELECT CASE WHEN g < 10 THEN price WHEN g < 20 THEN price * 2 ELSE 0 END FROM fact"},
		{"sum", "SELECT count(*), sum(price), sum(g) FROM fact"},
		{"sum_numeric", "SELECT sum(amount) FROM fact"},
		{"group_small", "SELECT g, count(*), sum(price), min(k) FROM fact GROUP BY g"},
		{"group_large", "SELECT id, count(*), sum(price) FROM fact GROUP BY id"},
		{"group_text", "SELECT name, count(*) FROM fact GROUP BY name"},
		{"count_distinct", "SELECT g, count(DISTINCT k) FROM fact GROUP BY g"},
		{"join", "SELECT count(*) FROM fact JOIN dim ON fact.k = dim.id"},
		{"join_group", "SELECT label, sum(price) FROM fact JOIN dim ON fact.k = dim.id GROUP BY label"},
		{"semi_join", "SELECT count(*) FROM fact WHERE k IN (SELECT id FROM dim WHERE label = 'label 7')"},
		{"sort_int", "SELECT id, k FROM fact ORDER BY k, id"},
		{"sort_text", "SELECT id FROM fact ORDER BY name"},
		{"top_n", "SELECT id, price FROM fact ORDER BY price DESC LIMIT 10"},
		{"distinct", "SELECT DISTINCT k FROM fact"},
		{"window", "SELECT sum(price) OVER (PARTITION BY k ORDER BY id) FROM fact"},
	} {
		b.Run(q.name, func(b *testing.B) { benchQuery(b, db, q.sql, 0) })
		if strings.Contains(q.name, "sum") || strings.Contains(q.name, "group") {
			b.Run(q.name+"/workers=2", func(b *testing.B) { benchQuery(b, db, q.sql, 2) })
		}
	}
}

func benchQuery(b *testing.B, db *benchTables, sql string, workers int) {
	planned, err := db.plan(sql)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		env := db.execEnv()
		env.Tables, env.WorkMem, env.Workers = db, 1<<30, workers
		op, err := exec.Build(planned.Root, env)
		require.NoError(b, err)
		require.NoError(b, op.Open(context.Background()))
		for {
			batch, err := op.Next(context.Background())
			require.NoError(b, err)
			if batch == nil {
				break
			}
		}
		require.NoError(b, op.Close())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}
