package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// maxKnown bounds the references that BuildIndex remembers as being in place:
// beyond it they are written again.
const maxKnown = 1 << 18

// buildBatch is how many rows BuildIndex works on at once.
const buildBatch = 1000

// BuildIndex implements storage.Table. What stands there already is checked
// first, and removed where its row has moved or is gone; then every row is read
// and its missing reference or unique key written. On 23505 what was built stays:
// DropIndex removes it. Rows without a place in the index (*storage.Unfit) do not keep
// the others from theirs.
func (t *table) BuildIndex(ctx context.Context, name string, progress func(rows int64)) error {
	if err := t.readOnly(); err != nil {
		return err
	}
	x := t.index(name)
	if x == nil {
		return pgerr.Internal("table \"%s\" has no index \"%s\"", t.def.Name, name)
	}
	b := &builder{t: t, x: x, ctx: ctx, known: map[string]string{}, progress: progress,
		w: &writer{t: t, ctx: ctx, places: make(chan struct{}, t.fanOut())}}
	if err := b.removeStale(); err != nil {
		return err
	}
	if err := b.addMissing(); err != nil {
		return err
	}
	return b.unfit.get()
}

type builder struct {
	t        *table
	x        *index
	ctx      context.Context
	w        *writer
	known    map[string]string // keys in place, and the ids of the rows that justify them
	progress func(rows int64)
	rows     int64
	unfit    firstError
}

func (b *builder) prefix() string {
	if b.x.Partition != nil {
		return b.x.Partition.Root()
	}
	return b.t.schema.UniquePrefix(b.x.Name)
}

// removeStale checks all objects of the index against their rows.
func (b *builder) removeStale() error {
	return eachPage(b.ctx, b.t.store, b.prefix(), b.checkPage)
}

func (b *builder) checkPage(page *objstore.ListPage) error {
	var first firstError
	valid := make([]string, len(page.Objects))
	b.w.each(len(page.Objects), func(k int) {
		if first.get() != nil {
			return
		}
		var err error
		if valid[k], err = b.checkObject(page.Objects[k].Key); err != nil {
			first.set(err)
		}
	})
	for k, o := range page.Objects {
		if valid[k] != "" && len(b.known) < maxKnown {
			b.known[o.Key] = valid[k]
		}
	}
	return first.get()
}

// checkObject is the id of the row that justifies an object of the index; "" if none
// does: then the object is removed. A reference of a covering partition is written
// anew in any case. The row is locked, so that no writer of this process is making it.
func (b *builder) checkObject(key string) (string, error) {
	id, ok, err := b.owner(key)
	if err != nil || !ok {
		return "", err
	}
	unlock, err := b.t.env.locks.lock(b.ctx, []string{b.t.schema.DataKey(id), key})
	if err != nil {
		return "", err
	}
	defer unlock()
	has, err := b.justified(id, key)
	switch {
	case err != nil || has && b.x.Covering:
		return "", err
	case has:
		return id, nil
	}
	return "", objstore.ToPG(b.t.store.Delete(b.ctx, key, objstore.DeleteOptions{}))
}

// justified says that the row has the object now; also a reference that s3db.js has
// written and we would not.
func (b *builder) justified(id, key string) (bool, error) {
	r, err := b.t.fetchWhole(b.ctx, id)
	if r == nil || err != nil {
		return false, err
	}
	row, err := b.t.fields(r)
	if err != nil {
		return false, err
	}
	if b.x.Partition != nil {
		return b.x.Partition.IsReference(key, b.x.fieldValues(row), id), nil
	}
	var now version
	err = b.t.deriveUnique(&now, b.x, row)
	return now.hasUnique(key), err
}

// owner is the id of the row that an object of the index names; ok is false for
// an object that is none of the index's.
func (b *builder) owner(key string) (id string, ok bool, err error) {
	if b.x.Partition != nil {
		_, id, ok = b.x.Partition.ParseReference(key)
		return id, ok && id != "", nil
	}
	c, err := b.t.readClaim(b.ctx, key)
	if c == nil || err != nil {
		return "", false, err
	}
	if id, err := b.t.holder(b.ctx, c, key); id != "" || err != nil {
		return id, true, err
	}
	return c.ID, true, nil
}

// addMissing reads all rows and makes what they lack.
func (b *builder) addMissing() error {
	s, err := b.t.Scan(b.ctx, storage.ScanSpec{Columns: []int16{storage.ColRowImage}, BatchSize: buildBatch})
	if err != nil {
		return err
	}
	return eachBatch(b.ctx, s, func(batch *vec.Batch) error {
		if err := b.addBatch(batch); err != nil {
			return err
		}
		b.rows += int64(batch.N)
		if b.progress != nil {
			b.progress(b.rows)
		}
		return nil
	})
}

// eachBatch reads a scanner to its end and closes it.
func eachBatch(ctx context.Context, s storage.Scanner, f func(*vec.Batch) error) error {
	defer s.Close()
	for {
		batch, err := s.Next(ctx)
		if batch == nil || err != nil {
			return err
		}
		if err := f(batch); err != nil {
			return err
		}
	}
}

// CheckIndex implements storage.Table.
func (t *table) CheckIndex(ctx context.Context, name string, rows storage.Scanner) error {
	x := t.index(name)
	if x == nil {
		rows.Close()
		return pgerr.Internal("table \"%s\" has no index \"%s\"", t.def.Name, name)
	}
	seen := map[string]bool{}
	return eachBatch(ctx, rows, func(batch *vec.Batch) error {
		images := vec.Of[any](batch.Cols[0])
		for k := range batch.Rows() {
			s, err := t.stateOf(images.At(batch.Row(k)).(*storage.RowImage))
			if err != nil {
				return err
			}
			for _, u := range s.uniques {
				if u.index == x && seen[u.key] {
					return t.duplicated(u)
				}
				if u.index == x {
					seen[u.key] = true
				}
			}
		}
		return nil
	})
}

func (b *builder) addBatch(batch *vec.Batch) error {
	var first firstError
	images := vec.Of[any](batch.Cols[0])
	b.w.each(batch.N, func(k int) {
		if first.get() != nil {
			return
		}
		if err := b.add(images.At(k).(*storage.RowImage)); err != nil {
			first.set(objstore.ToPG(err))
		}
	})
	if first.get() == nil && b.t.def.Stamps && !b.t.unit.open() {
		b.stamp(batch.N, func(k int) *storage.RowImage { return images.At(k).(*storage.RowImage) })
	}
	return first.get()
}

// stamp writes rows of s3db.js anew, with a stamp: whoever reads one without takes the
// table's indexes for unverified again. One that changes meanwhile stays as it is.
func (b *builder) stamp(n int, image func(k int) *storage.RowImage) {
	var changes []storage.Change
	for k := range n {
		r, err := recordOf(image(k))
		if err != nil || !r.whole {
			continue
		}
		if _, _, stamped := s3db.SplitStamp(r.body); stamped {
			continue
		}
		if row, err := b.t.fields(r); err == nil && !row.Stamped && !row.Content {
			changes = append(changes, storage.Change{Op: storage.Update, ID: r.id, Old: image(k)})
		}
	}
	if len(changes) > 0 {
		b.t.Apply(b.ctx, changes)
	}
}

func (b *builder) add(ri *storage.RowImage) error {
	r, err := recordOf(ri)
	if err != nil {
		return err
	}
	s, err := b.t.state(r, func(x *index, why error) bool {
		if x == b.x {
			b.unfit.set(&storage.Unfit{Row: r.id, Why: why})
		}
		return true
	})
	if err != nil {
		return err
	}
	b.t.unit.has(s.version)
	for _, r := range s.refs {
		if r.index == b.x && b.known[r.key] != s.id {
			return b.w.putReference(r, s)
		}
	}
	for _, u := range s.uniques {
		if u.index == b.x && b.known[u.key] != s.id {
			return b.claim(s.id, u)
		}
	}
	return nil
}

// claim is PostgreSQL's error of a unique index over duplicates where another
// row has the key.
func (b *builder) claim(id string, u uniqueKey) error {
	got, err := b.w.claim(id, u)
	if err != nil || got == ours {
		return err
	}
	return b.t.duplicated(u)
}

func (t *table) duplicated(u uniqueKey) error {
	return pgerr.New(pgerr.UniqueViolation, "could not create unique index \"%s\"", u.index.Constraint).
		WithDetail("Key %s is duplicated.", u.index.keyText(u.values)).
		WithRelation("", t.def.Name, "", u.index.Constraint)
}
