package rows_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

const benchRows = 20_000

// benchTable is a table of benchRows rows over the bare store.
func benchTable(b *testing.B, c config) (storage.Table, objstore.Store) {
	b.Helper()
	st := &capable{mem.New(clock.NewFake(noon)), c}
	table := rows.Open(people(b, c), &rows.Env{Objects: st, Clock: clock.System, Rand: rng.System, FanOut: 32, Stats: rows.NewStatsCache()})
	var changes []storage.Change
	for _, p := range crowd(benchRows) {
		ch, err := table.Validate(p.change())
		require.NoError(b, err)
		changes = append(changes, ch)
	}
	for _, r := range table.Apply(ctx, changes) {
		require.Equal(b, storage.Applied, r.Outcome)
	}
	return table, st
}

func drain(b *testing.B, table storage.Table, spec storage.ScanSpec) (n int) {
	s, err := table.Scan(ctx, spec)
	require.NoError(b, err)
	defer s.Close()
	for {
		batch, err := s.Next(ctx)
		require.NoError(b, err)
		if batch == nil {
			return n
		}
		n += batch.Rows()
	}
}

func BenchmarkScan(b *testing.B) {
	for _, c := range []struct {
		name   string
		config config
		spec   storage.ScanSpec
	}{
		{"bodies/2 columns", config{}, storage.ScanSpec{Columns: []int16{colID, colAge}}},
		{"bodies/5 columns", config{}, storage.ScanSpec{Columns: []int16{colID, colName, colAge, colRegion, colEmail}}},
		{"bodies/images", config{}, storage.ScanSpec{Columns: []int16{storage.ColRowImage}}},
		{"plain/5 columns", config{plain: true}, storage.ScanSpec{Columns: []int16{colID, colName, colAge, colRegion, colEmail}}},
		{"plain/count", config{plain: true}, storage.ScanSpec{Path: storage.Path{Kind: storage.KeyOnly}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			table, _ := benchTable(b, c.config)
			b.ReportAllocs()
			for b.Loop() {
				require.Equal(b, benchRows, drain(b, table, c.spec))
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkRawScan is the floor of BenchmarkScan/plain: LIST and a GET each.
func BenchmarkRawScan(b *testing.B) {
	_, st := benchTable(b, config{plain: true})
	for b.Loop() {
		after := ""
		for {
			page, err := st.List(ctx, objstore.ListRequest{Prefix: "resource=people/data/", StartAfter: after})
			require.NoError(b, err)
			for _, o := range page.Objects {
				got, err := st.Get(ctx, o.Key, objstore.GetOptions{})
				require.NoError(b, err)
				_, err = objstore.ReadBody(got, 1<<20)
				require.NoError(b, err)
			}
			if !page.More {
				break
			}
			after = page.Next
		}
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkPointGet(b *testing.B) {
	table, _ := benchTable(b, config{plain: true})
	b.ReportAllocs()
	for b.Loop() {
		drain(b, table, storage.ScanSpec{Path: storage.Path{Kind: storage.PointGet, Keys: [][]any{{"p0100"}}}, Columns: []int16{colID, colName, colAge}})
	}
}

func BenchmarkInsert(b *testing.B) {
	for _, c := range []config{{plain: true}, {plain: true, partitions: true, unique: true}} {
		b.Run(fmt.Sprintf("indexes=%v", c.partitions), func(b *testing.B) {
			table, _ := benchTable(b, c)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				p := person{id: fmt.Sprintf("n%d", n), name: "x", age: 1, region: "EU", city: "y", email: fmt.Sprint(n)}
				ch, err := table.Validate(p.change())
				require.NoError(b, err)
				require.Equal(b, storage.Applied, table.Apply(ctx, []storage.Change{ch})[0].Outcome)
			}
		})
	}
}
