package largeobjects

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// tx implements storage.LargeObjectTx.
type tx struct {
	store   *Store
	buffers buffers
	objects map[types.OID]*object
	// undo takes changes back, the last one first; what is as old as epoch needs no
	// new entry.
	undo  []func()
	epoch int
}

// object is a large object as the transaction has it.
type object struct {
	oid types.OID
	// base is the object as it was read, nil if there was none; etag is that of what
	// stands in its place, "" for nothing.
	base *head
	etag string
	state
	epoch int // of the last undo entry for state
	// chunks are those that the transaction has changed.
	chunks map[int64]*chunk
	piece  piece
	// buried is when the object was unlinked whose head still stands in its place.
	buried time.Time
	// written is the head that COMMIT puts, and put are the chunks. done: it was put,
	// and has that tag ("" for one that was deleted at once); unsure: it may have been.
	written      *head
	put          []string
	done, unsure bool
	tag          string
}

// state is what savepoints restore.
type state struct {
	exists  bool
	changed bool
	size    int64
	access  json.RawMessage
	// cut: base's chunks from this one on are not part of the object any more.
	cut int64
}

// chunk is the content of a changed chunk; it is followed by zeros.
type chunk struct {
	*buffer
	epoch int
}

// piece is what was fetched last of a chunk of base.
type piece struct {
	chunk stored
	from  int
	data  []byte
}

// firstOID and lastOID bound the oids that are chosen here: above the server's own, and
// positive for clients that take them for signed numbers.
const (
	firstOID = types.OID(16384)
	lastOID  = types.OID(math.MaxInt32)
)

// graveTime is how old the head of an unlinked object has to be before its place is
// taken: no request of who unlinked it can be under way any more.
const graveTime = 10 * time.Minute

// load reads an object, once.
func (t *tx) load(ctx context.Context, oid types.OID) (*object, error) {
	if o := t.objects[oid]; o != nil && (o.exists || o.changed) {
		return o, nil
	}
	o := t.objects[oid]
	if o == nil {
		t.store.hold(oid) // before it is read: its chunks stay from now on
		o = &object{oid: oid, chunks: map[int64]*chunk{}}
		t.objects[oid] = o
	}
	h, found, err := t.store.readHead(ctx, oid)
	if err != nil {
		return nil, err
	}
	o.base, o.etag, o.buried, o.state = nil, found.ETag, time.Time{}, state{cut: math.MaxInt64}
	switch {
	case h == nil:
	case h.Gone:
		o.buried = found.LastModified
	default:
		o.base, o.exists, o.size, o.access = h, true, h.Size, h.Access
	}
	return o, nil
}

// Info implements storage.LargeObjectTx.
func (t *tx) Info(ctx context.Context, oid types.OID) (*storage.LargeObject, error) {
	o, err := t.load(ctx, oid)
	if err != nil || !o.exists {
		return nil, err
	}
	return &storage.LargeObject{OID: oid, Size: o.size, Access: o.access}, nil
}

// List implements storage.LargeObjectTx.
func (t *tx) List(ctx context.Context) ([]storage.LargeObject, error) {
	all, err := t.store.list(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(l storage.LargeObject) bool {
		o := t.objects[l.OID]
		return o != nil && o.changed
	})
	for oid, o := range t.objects {
		if o.changed && o.exists {
			all = append(all, storage.LargeObject{OID: oid, Size: o.size, Access: o.access})
		}
	}
	slices.SortFunc(all, func(a, b storage.LargeObject) int { return cmp.Compare(a.OID, b.OID) })
	return all, nil
}

// Create implements storage.LargeObjectTx.
func (t *tx) Create(ctx context.Context, oid types.OID, access json.RawMessage) (types.OID, error) {
	chosen := oid == 0
	for {
		if chosen {
			oid = firstOID + types.OID(t.store.rand.Uint64()%uint64(lastOID-firstOID))
		}
		o, err := t.load(ctx, oid)
		if err != nil {
			return 0, err
		}
		fresh := o.base == nil && !o.buried.IsZero() && t.store.clock.Now().Sub(o.buried) < graveTime
		switch {
		case chosen && (o.exists || fresh):
			continue
		case o.exists:
			return 0, taken(oid)
		case fresh:
			return 0, pgerr.New(pgerr.ObjectInUse, "large object %d is being removed by another transaction", oid).WithHint("Try again.")
		}
		t.touch(o)
		o.state = state{exists: true, changed: true, access: access}
		return oid, nil
	}
}

// taken is 23505 of an oid.
func taken(oid types.OID) error {
	const constraint = "pg_largeobject_metadata_oid_index"
	e := pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", constraint).
		WithDetail("Key (oid)=(%d) already exists.", oid)
	e.Schema, e.Table, e.Constraint = "pg_catalog", "pg_largeobject_metadata", constraint
	return e
}

// existing loads an object that there has to be.
func (t *tx) existing(ctx context.Context, oid types.OID) (*object, error) {
	o, err := t.load(ctx, oid)
	if err == nil && !o.exists {
		err = pgerr.New(pgerr.UndefinedObject, "large object %d does not exist", oid)
	}
	return o, err
}

// SetAccess implements storage.LargeObjectTx.
func (t *tx) SetAccess(ctx context.Context, oid types.OID, access json.RawMessage) error {
	o, err := t.existing(ctx, oid)
	if err != nil {
		return err
	}
	t.touch(o)
	o.access, o.changed = access, true
	return nil
}

// Unlink implements storage.LargeObjectTx.
func (t *tx) Unlink(ctx context.Context, oid types.OID) error {
	o, err := t.existing(ctx, oid)
	if err != nil {
		return err
	}
	t.touch(o)
	t.dropChunks(o, 0)
	o.state = state{changed: true}
	return nil
}

// touch makes an undo entry for an object's state where the last one is older than the
// last savepoint.
func (t *tx) touch(o *object) {
	if o.epoch == t.epoch && o.changed {
		return
	}
	old := o.state
	t.undo = append(t.undo, func() { o.state = old })
	o.epoch = t.epoch
}

// Save implements storage.LargeObjectTx.
func (t *tx) Save() int {
	t.epoch++
	return len(t.undo)
}

// RollbackTo implements storage.LargeObjectTx.
func (t *tx) RollbackTo(mark int) {
	for _, f := range slices.Backward(t.undo[mark:]) {
		f()
	}
	t.undo = t.undo[:mark]
	t.epoch++
}

// Refresh implements storage.LargeObjectTx.
func (t *tx) Refresh(open func(types.OID) bool) {
	for oid, o := range t.objects {
		if o.changed || open(oid) {
			continue
		}
		delete(t.objects, oid)
		t.remove(context.Background(), t.store.release(oid, nil))
	}
}

// Close implements storage.LargeObjectTx.
func (t *tx) Close(ctx context.Context) {
	for oid, o := range t.objects {
		if o.done && o.written.Gone {
			t.bury(ctx, o)
		}
		t.remove(ctx, t.store.release(oid, o.dropped()))
	}
	t.buffers.close()
	t.objects, t.undo = map[types.OID]*object{}, nil
}

// dropped are the chunks that the object had before COMMIT, and has no more.
func (o *object) dropped() []string {
	if !o.done {
		return nil
	}
	var keys []string
	o.base.each(func(c stored) {
		if now, ok := o.written.chunk(c.index); !ok || now.in != c.in {
			keys = append(keys, c.key(o.oid))
		}
	})
	return keys
}

// remove deletes chunks that nobody needs. What fails is left behind: it has no name.
func (t *tx) remove(ctx context.Context, keys []string) {
	if len(keys) > 0 {
		_ = t.store.objects.DeleteBatch(ctx, keys)
	}
}

// bury deletes the head of an object that is unlinked. One that stays is seen by nobody.
func (t *tx) bury(ctx context.Context, o *object) {
	if o.tag != "" {
		_ = t.store.objects.Delete(ctx, headKey(o.oid), objstore.DeleteOptions{})
	}
}
