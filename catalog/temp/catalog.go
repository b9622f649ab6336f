package temp

import (
	"context"
	"hash/fnv"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

// Catalog is the catalog that one session sees.
type Catalog struct {
	shared catalog.Catalog
	schema *catalog.Schema
	clock  clock.Clock
	rand   rng.Source
	keys   catalog.KeyMaker

	// current is the database's part of the open transaction.
	current atomic.Pointer[catalog.Tx]

	mu      sync.Mutex // guards what follows
	private *store.Store
	last    *snapshot
	pair    [2]uint64 // the versions that version stands for
	version uint64
}

var _ catalog.Catalog = (*Catalog)(nil)

// New returns the catalog of a session whose temporary schema has that name. The
// schema does not exist yet. keys computes what the indexes of its tables hold.
func New(shared catalog.Catalog, schema string, clk clock.Clock, rand rng.Source, keys catalog.KeyMaker) *Catalog {
	return &Catalog{shared: shared, clock: clk, rand: rand, keys: keys, schema: &catalog.Schema{
		OID: schemaOID(schema), Name: schema, Owner: catalog.BootstrapSuperuser,
	}}
}

// schemaOID is below those of the schema's objects, and above the database's.
func schemaOID(name string) catalog.OID {
	h := fnv.New32a()
	h.Write([]byte(name))
	return catalog.FirstTemporaryOID - 1<<19 + h.Sum32()%(1<<19)
}

// Snapshot implements catalog.Catalog.
func (c *Catalog) Snapshot() catalog.Reader {
	shared := c.shared.Snapshot()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.private == nil {
		return shared
	}
	private := c.private.Snapshot()
	if c.last == nil || c.last.Reader != shared || c.last.private != private {
		c.last = &snapshot{layers: layers{Reader: shared, private: private, schema: c.schema}, version: c.stamp(shared, private)}
	}
	return c.last
}

// versionBit tells the versions of two catalogs together from those of one.
const versionBit = 1 << 63

// stamp is a version that no other pair of catalogs has. The caller holds mu.
func (c *Catalog) stamp(shared, private catalog.Reader) uint64 {
	if pair := [2]uint64{shared.Version(), private.Version()}; c.version == 0 || pair != c.pair {
		c.pair = pair
		c.version++
	}
	return c.version | versionBit
}

// Refresh implements catalog.Catalog: nobody else writes the temporary schema.
func (c *Catalog) Refresh(ctx context.Context) error { return c.shared.Refresh(ctx) }

// Begin implements catalog.Catalog.
func (c *Catalog) Begin() catalog.Tx {
	shared := c.shared.Begin()
	c.current.Store(&shared)
	t := &tx{catalog: c, shared: shared, layers: layers{Reader: shared, schema: c.schema}}
	if c.private != nil {
		t.use(c.private.Begin())
	}
	return t
}

// outer is the database's catalog as the session sees it now.
func (c *Catalog) outer() store.Outer {
	if tx := c.current.Load(); tx != nil {
		return (*tx).(store.Outer)
	}
	return c.shared.Snapshot().(store.Outer)
}

// open makes the temporary schema.
func (c *Catalog) open(ctx context.Context) (*store.Store, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.private != nil {
		return c.private, nil
	}
	private, err := store.Open(ctx, &store.Env{
		Objects: mem.New(c.clock), Clock: c.clock, Rand: c.rand, FanOut: 1,
		Database: c.shared.Snapshot().Database().Name, Temporary: c.schema.Name, Outer: c.outer, VirtualSchemas: []*catalog.Schema{c.schema},
		Keys: c.keys,
	})
	if err == nil {
		c.private = private
	}
	return private, err
}
