package rows_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
)

// The columns of the table people, by number.
const (
	colID int16 = iota + 1
	colName
	colAge
	colRegion
	colEmail
	colProfile
	colCreated
	colUpdated
	colCountry int16 = 1000
	colCity    int16 = 1001
)

// config says how people is made.
type config struct {
	behavior   s3db.Behavior
	timestamps bool
	partitions bool // byRegion (region) and byPlace (profile.city, region)
	covering   bool // of byRegion
	unique     bool // email
	foreign    bool // made by s3db.js: no stamps, no escaping
	plain      bool // the store is like plain S3: listings give keys only
	graves     bool // the store's DELETE takes no condition
	page       int  // keys of a listing's page at the most; 0: as many as S3's
	fanOut     int
}

// world is a store with one table over it.
type world struct {
	t      *testing.T
	mem    *mem.Store // nil over a server
	clock  *clock.Fake
	store  objstore.Store // below all decorators
	timer  clock.Clock    // of the tables
	faulty *wrap.Faulty
	log    *recorder
	meter  *objstore.Meter
	env    *rows.Env
	def    *rows.Definition
	table  storage.Table
	config config
}

func newWorld(t *testing.T, c config) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewFake(noon), meter: objstore.NewMeter(nil), config: c}
	w.mem = mem.New(w.clock)
	w.open(w.mem, w.clock)
	return w
}

// open decorates a store and opens the table over it.
func (w *world) open(st objstore.Store, clk clock.Clock) {
	w.store, w.timer = st, clk
	w.log = &recorder{Store: &capable{st, w.config}}
	w.faulty = wrap.NewFaulty(w.log, clk)
	w.def = people(w.t, w.config)
	w.env = w.newEnv()
	w.table = rows.Open(w.def, w.env)
}

// newEnv is that of another process over the same store.
func (w *world) newEnv() *rows.Env {
	return &rows.Env{Objects: wrap.Metered(w.faulty, w.meter), Clock: w.timer, Rand: rng.System,
		FanOut: w.config.fanOut, Stats: rows.NewStatsCache()}
}

func people(t testing.TB, c config) *rows.Definition {
	t.Helper()
	text := s3db.SQLType{OID: types.TextOID, Typmod: -1}
	spec := s3db.TableSpec{Behavior: c.behavior, Timestamps: c.timestamps, Columns: []s3db.ColumnSpec{
		{Name: "name", Type: text},
		{Name: "age", Rule: "number|integer|optional|min:0"},
		{Name: "region", Type: text},
		{Name: "email", Type: text},
		{Name: "profile", Children: []s3db.ColumnSpec{{Name: "country", Type: text}, {Name: "city", Type: text}}},
	}}
	if c.partitions {
		spec.Partitions = []s3db.PartitionDef{
			{Name: "byRegion", Fields: []s3db.PartitionFieldDef{{Name: "region", Rule: "string"}}},
			{Name: "byPlace", Fields: []s3db.PartitionFieldDef{{Name: "region", Rule: "string"}, {Name: "profile.city", Rule: "string"}}},
		}
	}
	js, exact, err := s3db.BuildDefinition(spec)
	require.NoError(t, err)
	m := s3db.NewManifest(noon)
	_, err = m.Create("people", js, noon)
	require.NoError(t, err)
	schema, err := s3db.Open(m, "people", s3db.Options{
		Types: exact, EscapeKeys: !c.foreign, RowStamps: !c.foreign, Rand: rng.Seeded(3),
	})
	require.NoError(t, err)
	return definition(t, schema, c)
}

func definition(t testing.TB, schema *s3db.Schema, c config) *rows.Definition {
	textType := types.ByOID(types.TextOID)
	def := &rows.Definition{
		OID: 20000, Name: "people", Schema: schema, Stamps: !c.foreign, CreatedAt: -1, UpdatedAt: -1, Rows: -1,
		Columns: []rows.Column{{Num: colID, Attr: -1, Key: 0, Type: textType, Typmod: -1, Name: "id"}},
		Key:     []rows.KeyColumn{{Num: colID, Name: "id", Type: textType, Typmod: -1}},
		KeyName: "people_pkey",
	}
	gen, err := s3db.NewIDGenerator("nanoid", 0, rng.Seeded(7), clock.System)
	require.NoError(t, err)
	def.NewID = gen
	nums := map[string]int16{"name": colName, "age": colAge, "region": colRegion, "email": colEmail, "profile": colProfile,
		"profile.country": colCountry, "profile.city": colCity, "createdAt": colCreated, "updatedAt": colUpdated}
	for i, sc := range schema.Columns {
		num := nums[sc.Name]
		require.NotZero(t, num, sc.Name)
		def.Columns = append(def.Columns, rows.Column{Num: num, Attr: i, Key: -1, Type: types.ByOID(sc.Type.OID), Typmod: -1, Name: sc.Name})
	}
	if c.timestamps {
		def.CreatedAt, def.UpdatedAt = schema.Column("createdAt"), schema.Column("updatedAt")
	}
	for _, p := range schema.Partitions {
		def.Indexes = append(def.Indexes, rows.Index{Name: p.Name, Partition: p, Covering: c.covering && p.Name == "byRegion"})
	}
	if c.unique {
		def.Indexes = append(def.Indexes, rows.Index{Name: "people_email_key", Unique: []int16{colEmail}, Constraint: "people_email_key"})
	}
	return def
}

// capable is a store with some capabilities taken away.
type capable struct {
	objstore.Store
	config config
}

func (c *capable) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	if c.config.page > 0 && (req.MaxKeys == 0 || req.MaxKeys > c.config.page) {
		req.MaxKeys = c.config.page
	}
	return c.Store.List(ctx, req)
}

func (c *capable) Capabilities() objstore.Capabilities {
	caps := c.Store.Capabilities()
	if c.config.plain {
		caps.ListMetadata, caps.ListBodies = false, false
	}
	if c.config.graves {
		caps.ConditionalDelete = false
	}
	return caps
}

// recorder notes the requests in the order in which they reach the store.
type recorder struct {
	objstore.Store
	mu  sync.Mutex
	ops []string
}

func (r *recorder) note(op, key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ops = append(r.ops, op+" "+strings.TrimPrefix(key, "resource=people/"))
}

// take returns what was noted and forgets it.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ops := r.ops
	r.ops = nil
	return ops
}

func (r *recorder) Head(ctx context.Context, key string) (objstore.Info, error) {
	r.note("HEAD", key)
	return r.Store.Head(ctx, key)
}

func (r *recorder) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	r.note("GET", key)
	return r.Store.Get(ctx, key, opt)
}

func (r *recorder) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	r.note("LIST", req.Prefix)
	return r.Store.List(ctx, req)
}

func (r *recorder) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	r.note("PUT", key)
	return r.Store.Put(ctx, key, req)
}

func (r *recorder) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	r.note("DELETE", key)
	return r.Store.Delete(ctx, key, opt)
}

func (r *recorder) DeleteBatch(ctx context.Context, keys []string) error {
	for _, k := range keys {
		r.note("DELETE", k)
	}
	return r.Store.DeleteBatch(ctx, keys)
}

// person is a row of people as the tests write it.
type person struct {
	id, name, region, email, country, city string
	age                                    int64
}

func (p person) change() storage.Change {
	ch := storage.Change{Op: storage.Insert}
	set := func(num int16, v any) { ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, v) }
	set(colID, p.id)
	set(colName, p.name)
	set(colAge, p.age)
	for num, v := range map[int16]string{colRegion: p.region, colEmail: p.email} {
		if v != "" {
			set(num, v)
		}
	}
	if p.city != "" || p.country != "" {
		set(colProfile, types.JSONFromMembers([]types.JSONMember{
			{Key: "country", Value: types.JSONFromString(p.country)}, {Key: "city", Value: types.JSONFromString(p.city)}}))
	}
	return ch
}

// insert validates and applies, and wants it applied.
func (w *world) insert(ps ...person) []storage.Result {
	w.t.Helper()
	changes := make([]storage.Change, len(ps))
	for i, p := range ps {
		changes[i] = w.valid(w.table, p.change())
	}
	results := w.table.Apply(ctx, changes)
	for i, r := range results {
		require.Equal(w.t, storage.Applied, r.Outcome, "%s: %v", ps[i].id, r.Err)
	}
	return results
}

func (w *world) valid(table storage.Table, ch storage.Change) storage.Change {
	w.t.Helper()
	out, err := table.Validate(ch)
	require.NoError(w.t, err)
	return out
}

// image reads a row as an UPDATE does.
func (w *world) image(table storage.Table, id string) *storage.RowImage {
	w.t.Helper()
	b := w.scan(table, storage.ScanSpec{Path: storage.Path{Kind: storage.PointGet, IDs: []string{id}}, Columns: []int16{storage.ColRowImage}})
	if len(b) == 0 {
		return nil
	}
	return b[0][0].(*storage.RowImage)
}

func (w *world) update(id string, cols []int16, vals ...any) storage.Result {
	w.t.Helper()
	return w.updateImage(w.table, w.image(w.table, id), cols, vals...)
}

func (w *world) updateImage(table storage.Table, im *storage.RowImage, cols []int16, vals ...any) storage.Result {
	w.t.Helper()
	ch := w.valid(table, storage.Change{Op: storage.Update, Old: im, Columns: cols, Values: vals})
	return table.Apply(ctx, []storage.Change{ch})[0]
}

func (w *world) delete(id string) storage.Result {
	w.t.Helper()
	ch := w.valid(w.table, storage.Change{Op: storage.Delete, Old: w.image(w.table, id)})
	return w.table.Apply(ctx, []storage.Change{ch})[0]
}

// scan reads all rows of a scan, boxed.
func (w *world) scan(table storage.Table, spec storage.ScanSpec) [][]any {
	w.t.Helper()
	out, err := scan(table, spec)
	require.NoError(w.t, err)
	return out
}

func scan(table storage.Table, spec storage.ScanSpec) ([][]any, error) {
	s, err := table.Scan(ctx, spec)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var out [][]any
	for {
		b, err := s.Next(ctx)
		if b == nil || err != nil {
			return out, err
		}
		out = append(out, boxed(b)...)
	}
}

func boxed(b *vec.Batch) [][]any {
	out := make([][]any, b.Rows())
	for k := range out {
		out[k] = make([]any, len(b.Cols))
		for c, col := range b.Cols {
			out[k][c] = col.Value(b.Row(k))
		}
	}
	return out
}

// ids are the ids that a path yields, sorted.
func (w *world) ids(path storage.Path) []string {
	w.t.Helper()
	var ids []string
	for _, r := range w.scan(w.table, storage.ScanSpec{Path: path, Columns: []int16{colID, colName}}) {
		ids = append(ids, r[0].(string))
	}
	slices.Sort(ids)
	return ids
}

func inRegion(kind storage.PathKind, regions ...string) storage.Path {
	p := storage.Path{Kind: kind, Partition: "byRegion"}
	for _, r := range regions {
		p.Prefixes = append(p.Prefixes, []any{r})
	}
	return p
}

// requests counts what f costs, as "PUT 3".
func (w *world) requests(f func()) map[string]int64 {
	before := w.meter.Usage()
	f()
	used := w.meter.Usage().Sub(before)
	out := map[string]int64{}
	for r, n := range used.Requests {
		if n != 0 {
			out[objstore.Request(r).String()] = n
		}
	}
	return out
}

// keys lists the store below resource=people/.
func (w *world) keys(under string) []string {
	w.t.Helper()
	var keys []string
	after := ""
	for {
		page, err := w.store.List(ctx, objstore.ListRequest{Prefix: "resource=people/" + under, StartAfter: after})
		require.NoError(w.t, err)
		for _, o := range page.Objects {
			keys = append(keys, strings.TrimPrefix(o.Key, "resource=people/"))
		}
		if !page.More {
			return keys
		}
		after = page.Next
	}
}

func crowd(n int) []person {
	out := make([]person, n)
	for i := range out {
		out[i] = person{id: fmt.Sprintf("p%04d", i), name: fmt.Sprintf("name %d", i), age: int64(i % 90),
			region: []string{"EU", "US", "USA"}[i%3], email: fmt.Sprintf("e%d@x.org", i), country: "c", city: fmt.Sprintf("city%d", i%5)}
	}
	return out
}
