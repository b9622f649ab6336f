package rows

import (
	"context"
	"sync"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// assumed are estimates where nothing is known.
const (
	assumedRowBytes       = 256
	assumedRoundTrip      = 0.03   // seconds, to S3
	assumedLocalRoundTrip = 0.0001 // to a store in the process
)

// Stats implements storage.Table.
func (t *table) Stats() storage.Stats {
	caps := t.store.Capabilities()
	l := t.env.Stats.read(t.def.OID)
	s := storage.Stats{
		Rows: t.rowsOf(l), RowBytes: assumedRowBytes, ListPage: objstore.MaxListKeys,
		ScanYieldsRows: caps.ListMetadata && (caps.ListBodies || !t.schema.Had(s3db.BodyOnly)),
		RoundTrip:      assumedRoundTrip, RowsPerValue: l.perValue, Bytes: -1, Counts: l.counts,
	}
	if l.rows == 0 || l.rows > 0 && l.rowBytes > 0 {
		s.Bytes = l.rows * l.rowBytes
	}
	if caps.ListBodies {
		s.RoundTrip = assumedLocalRoundTrip
		s.Keeps = t.env.Cache.fits(s.Rows * s.RowBytes) // such stores are watched
	}
	if e := t.env.Cache.get(t.def); e != nil {
		s.Cached = e.nums
	}
	return s
}

// rowsOf is the number of rows as it was learned, or else as the catalog has it; -1
// unknown.
func (t *table) rowsOf(l learned) float64 {
	if l.rows >= 0 {
		return l.rows
	}
	return float64(t.def.Rows)
}

// Truncate implements storage.Table: rows first, so that a crash leaves
// references too many. Sequences and plugin objects stay.
func (t *table) Truncate(ctx context.Context) error {
	if err := t.readOnly(); err != nil {
		return err
	}
	if err := t.env.empty(ctx, t.schema.Name); err != nil {
		return err
	}
	t.env.Stats.setRows(t.def.OID, 0)
	return nil
}

// empty removes the rows of a resource, and what they have beside.
func (e *Env) empty(ctx context.Context, resource string) error {
	root := "resource=" + resource + "/"
	for _, prefix := range []string{root + "data/", root + "partition=", root + "unique="} {
		if err := deletePrefix(ctx, e.Objects, prefix); err != nil {
			return err
		}
	}
	return nil
}

// Drop implements storage.Table.
func (t *table) Drop(ctx context.Context) error {
	if err := t.readOnly(); err != nil {
		return err
	}
	for _, prefix := range t.schema.Prefixes() {
		if err := deletePrefix(ctx, t.store, prefix); err != nil {
			return err
		}
	}
	t.env.Stats.Forget(t.def.OID)
	t.env.Cache.Forget(t.def.OID)
	if t.env.Dropped != nil {
		t.env.Dropped(t.schema.Name)
	}
	return nil
}

// Clear removes all objects of a resource that is no table any more.
func (e *Env) Clear(ctx context.Context, resource string) error {
	return deletePrefix(ctx, e.Objects, "resource="+resource+"/")
}

// DropIndex implements storage.Table. The index need not be in the definition
// any more.
func (t *table) DropIndex(ctx context.Context, name string) error {
	if err := t.readOnly(); err != nil {
		return err
	}
	x := t.index(name)
	prefixes := []string{"resource=" + t.schema.Name + "/partition=" + name + "/", t.schema.UniquePrefix(name)}
	switch {
	case x != nil && x.Partition != nil:
		prefixes = []string{x.Partition.Root()}
	case x != nil:
		prefixes = prefixes[1:]
	}
	for _, prefix := range prefixes {
		if err := deletePrefix(ctx, t.store, prefix); err != nil {
			return err
		}
	}
	return nil
}

// deletePrefix removes what begins with prefix, which ends in a way that no other
// resource's name goes on there: in a slash, "=" or ".".
func deletePrefix(ctx context.Context, st objstore.Store, prefix string) error {
	return eachPage(ctx, st, prefix, func(page *objstore.ListPage) error {
		keys := make([]string, len(page.Objects))
		for i, o := range page.Objects {
			keys[i] = o.Key
		}
		return objstore.ToPG(deleteAll(ctx, st, keys))
	})
}

// firstError keeps the first error of work done side by side.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *firstError) get() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}
