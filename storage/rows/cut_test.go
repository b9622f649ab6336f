package rows_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// TestScansBetweenSteps: a row moves to another key and region, twice, in units of this
// process or another one, step by step between any requests of a scan. The scan finds the
// row once.
func TestScansBetweenSteps(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	regions := []string{"EU", "US", "USA"}
	specs := []storage.ScanSpec{
		{},
		{Columns: []int16{colID, colAge}},
		{Path: inRegion(storage.Partition, regions...), Columns: []int16{colID}},
		{Path: inRegion(storage.Covering, regions...), Columns: []int16{colID, colRegion}},
		{Columns: []int16{colID, colAge}, First: 2},
	}
	for range 1000 {
		m := moving{own: [2]bool{chance.IntN(2) == 0, chance.IntN(2) == 0}, warm: chance.IntN(2) == 0, back: chance.IntN(4) == 0,
			graves: chance.IntN(4) == 0, lists: chance.IntN(4) == 0}
		points := []int{7, 20}[chance.IntN(2)] // the first seven are those up to a count's look at the records
		for k := range m.at {
			m.at[k] = 1 + chance.IntN(points)
		}
		slices.Sort(m.at[:])
		if m.spec = specs[chance.IntN(len(specs))]; m.spec.Path.Kind == storage.Partition && !m.warm {
			m.own = [2]bool{true, true} // of several listings, see ADR 15
		}
		if m.alone = chance.IntN(3) == 0; m.alone {
			m.own = [2]bool{true, true}
		}
		if (m.alone || m.warm) && chance.IntN(2) == 0 {
			m.spec.BatchSize = 1 // a scan without a cut can't begin anew after its first batch
		} else if !m.alone && !m.warm {
			m.spec.First = 0
		}
		m.run(t)
	}
}

// moving is a row that moves from p0001 to q and on to r.
type moving struct {
	alone         bool    // no other process writes to the store
	own           [2]bool // the process that scans moves it
	warm          bool    // it has seen the table change before
	back          bool    // the second unit is rolled back
	graves, lists bool    // of the store: see config
	at            [8]int  // before which requests and answers of the scan the steps are made
	spec          storage.ScanSpec
}

func (m moving) run(t *testing.T) {
	w := newWorld(t, config{partitions: true, covering: true, plain: !m.lists, graves: m.graves})
	w.mem = mem.New(clock.System) // units keep alive, which makes a fake clock run
	w.open(w.mem, clock.System)
	w.insert(crowd(3)...)
	reader := &stepped{Store: w.faulty}
	if m.alone {
		reader.watchable = w.mem
	}
	table := rows.Open(w.def, &rows.Env{Objects: reader, Clock: w.timer, Rand: rng.System, FanOut: 1})
	if m.warm && !m.alone {
		w.moves(w.table, "p0002", "p0002", false, func(step func()) { step() })
		w.scan(table, storage.ScanSpec{Columns: []int16{colAge}})
	}
	k := 0
	later := func(step func()) {
		reader.before(m.at[k], step)
		k++
	}
	for n, ids := range [][2]string{{"p0001", "q"}, {"q", "r"}} {
		writer := w.table
		if m.own[n] {
			writer = table
		}
		w.moves(writer, ids[0], ids[1], m.back && n == 1, later)
	}
	for range 2 {
		got, err := scan(table, m.spec)
		require.NoError(t, err)
		require.Len(t, got, 3, "%v", m)
		reader.rest()
	}
}

// moves has a unit give a row another id and region, or, where the id is the same, another
// name. later is told of its steps.
func (w *world) moves(table storage.Table, from, to string, back bool, later func(step func())) {
	u := table.(storage.Uniter).NewUnit()
	in := table.(storage.Uniter).In(u)
	var changes []storage.Change
	apply := func(k int) func() {
		return func() {
			if k < len(changes) {
				res := in.Apply(ctx, changes[k:k+1])
				require.Equal(w.t, storage.Applied, res[0].Outcome, "%v", res[0].Err)
			}
		}
	}
	later(func() {
		old := w.image(w.table, from)
		if changes = []storage.Change{{Op: storage.Delete, ID: from, Old: old}, w.valid(table, person{id: to, region: "EU"}.change())}; from == to {
			changes = []storage.Change{w.valid(table, storage.Change{Op: storage.Update, Old: old, Columns: []int16{colName}, Values: []any{"n"}})}
		}
		announce(w.t, u, in, changes)
	})
	later(apply(0))
	later(apply(1))
	later(func() {
		if back {
			require.NoError(w.t, u.Rollback(ctx, false))
			return
		}
		require.NoError(w.t, u.Commit(ctx))
	})
}

// TestScansBetweenRequests: a row moves between partitions, and from one unique key to another,
// by a write of its own, request by request between those of a scan of both. The scan finds
// the row once.
func TestScansBetweenRequests(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 4))
	regions := []string{"EU", "US", "USA"}
	arms := []storage.Path{inRegion(storage.Partition, "USA"), inRegion(storage.Partition, "US"), inRegion(storage.Partition, "EU")}
	specs := []storage.ScanSpec{
		{Path: inRegion(storage.Partition, regions...), Columns: []int16{colID}},
		{Path: inRegion(storage.Covering, regions...), Columns: []int16{colID, colRegion}},
		{Path: inRegion(storage.TrustedPartition, regions...), Columns: []int16{colID, colRegion}},
		{Path: storage.Path{Kind: storage.Union, Arms: arms}, Columns: []int16{colName}},
		{Path: storage.Path{Kind: storage.UniqueGet, Partition: "people_email_key",
			Keys: [][]any{{"e0@x.org"}, {"e1@x.org"}, {"e2@x.org"}, {"other"}}}, Columns: []int16{colName}},
	}
	for range 1000 {
		spec := specs[chance.IntN(len(specs))]
		from, to := chance.IntN(3), chance.IntN(3)
		w := newWorld(t, config{partitions: true, covering: true, unique: true, plain: true, graves: chance.IntN(2) == 0})
		w.insert(crowd(3)...)
		reader := &stepped{Store: w.faulty}
		gate := &gated{Store: reader, tokens: make(chan struct{}), done: make(chan struct{})}
		env := &rows.Env{Objects: gate, Clock: w.timer, Rand: rng.System, FanOut: 1}
		table := rows.Open(w.def, env)
		ch := w.valid(table, storage.Change{Op: storage.Update, Old: w.image(w.table, fmt.Sprintf("p%04d", from)),
			Columns: []int16{colRegion, colEmail}, Values: []any{regions[to], "other"}})
		over := make(chan storage.Result, 1)
		go func() { over <- table.Apply(gate.writes(ctx), []storage.Change{ch})[0] }()
		at := make([]int, 8)
		for k := range at {
			at[k] = 1 + chance.IntN(16)
		}
		slices.Sort(at)
		for _, n := range at {
			reader.before(n, gate.pass)
		}
		got, err := scan(table, spec)
		require.NoError(t, err)
		require.Len(t, got, 3, "%v, %d to %d at %v", spec, from, to, at)
		close(gate.done)
		require.Equal(t, storage.Applied, (<-over).Outcome)
	}
}

// gated is a store of which a writer's requests wait to be let pass.
type gated struct {
	objstore.Store
	tokens, done chan struct{}
}

type writing struct{}

func (g *gated) writes(ctx context.Context) context.Context {
	return context.WithValue(ctx, writing{}, true)
}

// pass lets one request pass, and waits for its end or for the writer's.
func (g *gated) pass() {
	select {
	case g.tokens <- struct{}{}:
		<-g.tokens
	case <-time.After(2 * time.Millisecond): // it has made all
	}
}

// wait is called before a request; the function after it.
func (g *gated) wait(ctx context.Context) func() {
	if ctx.Value(writing{}) == nil {
		return func() {}
	}
	select {
	case <-g.tokens:
		return func() { g.tokens <- struct{}{} }
	case <-g.done:
		return func() {}
	}
}

func (g *gated) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	defer g.wait(ctx)()
	return g.Store.Get(ctx, key, opt)
}

func (g *gated) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	defer g.wait(ctx)()
	return g.Store.Put(ctx, key, req)
}

func (g *gated) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	defer g.wait(ctx)()
	return g.Store.Delete(ctx, key, opt)
}

func (g *gated) DeleteBatch(ctx context.Context, keys []string) error {
	defer g.wait(ctx)()
	return g.Store.DeleteBatch(ctx, keys)
}

// stepped is a store of which requests and answers are counted; before some of them something
// happens. What that requests itself is not counted.
type stepped struct {
	objstore.Store
	mu    sync.Mutex
	n     int
	steps []step
	busy  atomic.Bool
	// watchable: nobody else writes to it; nil: somebody may.
	watchable objstore.Watchable
}

// Watch implements objstore.Watchable.
func (s *stepped) Watch(prefix string) (*atomic.Uint64, bool) {
	if s.watchable == nil {
		return nil, false
	}
	return s.watchable.Watch(prefix)
}

type step struct {
	at int
	do func()
}

// before has f done before the nth request or answer; those of the same n in order.
func (s *stepped) before(n int, f func()) { s.steps = append(s.steps, step{s.n + n, f}) }

// rest does what was not done.
func (s *stepped) rest() {
	s.n = 1 << 30
	s.count()
}

func (s *stepped) count() {
	if s.busy.Load() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.busy.Store(true)
	defer s.busy.Store(false)
	for len(s.steps) > 0 && s.steps[0].at <= s.n {
		s.steps[0].do()
		s.steps = s.steps[1:]
	}
}

func (s *stepped) Head(ctx context.Context, key string) (objstore.Info, error) {
	s.count()
	defer s.count()
	return s.Store.Head(ctx, key)
}

func (s *stepped) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	s.count()
	defer s.count()
	return s.Store.Get(ctx, key, opt)
}

func (s *stepped) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	s.count()
	defer s.count()
	return s.Store.List(ctx, req)
}
