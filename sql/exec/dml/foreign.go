package dml

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// ForeignChecks is what a statement owes to foreign keys: the keys that it wrote
// into referencing tables and took out of referenced ones. Run settles it once
// the statement has written everything, as PostgreSQL's AFTER triggers do
// (ri_triggers.c); statements that a referential action runs add to the same
// list.
//
// A writer writes first and looks then. Of two that cross (one inserts a row,
// the other deletes what it refers to) at least one sees the other's write,
// since a store's reads are never older than a write that was answered: they may
// both fail, but not both pass. In a block the writes come with COMMIT, and so
// the checks are made again then (Later).
type ForeignChecks struct {
	Catalog catalog.Reader
	Tables  storage.Tables
	Types   *types.Env
	// Query runs a referential action: SQL with the parameters $1 ….
	Query func(ctx context.Context, text string, params []any) error
	// IsDeferred says whether a key waits for COMMIT.
	IsDeferred func(fk catalog.ForeignKey) bool
	// Later keeps a check for COMMIT; Buffered says that writes wait for it too.
	Later    func(c *ForeignCheck)
	Buffered bool

	owed []*foreignEvent
}

// foreignEvent is one statement's part in one foreign key.
type foreignEvent struct {
	fk catalog.ForeignKey
	// removed: keys that left the referenced table; otherwise those that came into
	// the referencing one.
	removed bool
	deleted bool // removed by DELETE
	keys    []keyChange
	seen    keySet
}

// keyChange is a key of a foreign key, of the types of the referenced columns.
// now is what an UPDATE made of a removed one, nil after a DELETE.
type keyChange struct{ key, now []any }

// Run makes the checks and actions, those that actions lead to last.
func (q *ForeignChecks) Run(ctx context.Context) error {
	for len(q.owed) > 0 {
		e := q.owed[0]
		q.owed = q.owed[1:]
		if err := q.settle(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// Owes says whether Run has something to do.
func (q *ForeignChecks) Owes() bool { return len(q.owed) > 0 }

func (q *ForeignChecks) settle(ctx context.Context, e *foreignEvent) error {
	action := byte('a')
	if e.removed {
		if action = e.fk.OnUpdate; e.deleted {
			action = e.fk.OnDelete
		}
	}
	switch action {
	case 'c', 'n', 'd':
		if q.Buffered {
			q.Later(&ForeignCheck{event: e, noAction: true, acted: true})
		}
		return q.act(ctx, e, action)
	}
	c := &ForeignCheck{event: e, noAction: action != 'r'}
	if c.noAction && q.IsDeferred(e.fk) {
		q.Later(c)
		return nil
	}
	if q.Buffered {
		q.Later(c)
	}
	return c.run(ctx, q.Catalog, q.Tables, q.Types, false)
}

// ForeignCheck is a check that can be made more than once.
type ForeignCheck struct {
	event    *foreignEvent
	noAction bool // a key that is there again is none that is missing
	// acted: an action has dealt with the rows that refer to the key. One that is
	// there at COMMIT is another transaction's, from between the action and the
	// write.
	acted bool
}

// Acted says that what the check finds is another transaction's doing: 40001.
func (c *ForeignCheck) Acted() bool { return c.acted }

// Key is the foreign key that it is of.
func (c *ForeignCheck) Key() catalog.ForeignKey { return c.event.fk }

// AtCommit makes the check over what is written now: 23503, 40001. A constraint that is
// gone by then is satisfied.
func (c *ForeignCheck) AtCommit(ctx context.Context, cat catalog.Reader, tables storage.Tables, env *types.Env) error {
	if !c.event.fk.Has(cat) {
		return nil
	}
	return c.run(ctx, cat, tables, env, true)
}

func (c *ForeignCheck) run(ctx context.Context, cat catalog.Reader, tables storage.Tables, env *types.Env, again bool) error {
	l := &keyLookup{fk: c.event.fk, catalog: cat, tables: tables, env: env}
	keys := c.event.keyList()
	if !c.event.removed {
		return c.inserted(ctx, l, keys, again)
	}
	used, err := l.used(ctx, keys)
	if err != nil {
		return err
	}
	if used, err = l.unlessThere(ctx, used, c.noAction || again); err != nil || len(used) == 0 {
		return err
	}
	if c.acted {
		return concurrentUpdate()
	}
	return l.stillReferenced(used[0])
}

// inserted checks that the keys of new rows are there; at COMMIT only those that
// a row still has.
func (c *ForeignCheck) inserted(ctx context.Context, l *keyLookup, keys [][]any, again bool) error {
	missing, err := l.unlessThere(ctx, keys, true)
	if err != nil || len(missing) == 0 {
		return err
	}
	if again {
		if missing, err = l.used(ctx, missing); err != nil || len(missing) == 0 {
			return err
		}
	}
	return l.notPresent(missing[0])
}

func (e *foreignEvent) keyList() [][]any {
	out := make([][]any, len(e.keys))
	for i, k := range e.keys {
		out[i] = k.key
	}
	return out
}

// event returns the entry of a foreign key and a kind of change, made where
// there is none.
func (q *ForeignChecks) event(fk catalog.ForeignKey, removed, deleted bool) *foreignEvent {
	for _, e := range q.owed {
		if e.fk.OID == fk.OID && e.fk.Parent.OID == fk.Parent.OID && e.removed == removed && e.deleted == deleted {
			return e
		}
	}
	e := &foreignEvent{fk: fk, removed: removed, deleted: deleted, seen: newKeySet(refTypes(fk))}
	q.owed = append(q.owed, e)
	return e
}

func (e *foreignEvent) add(k keyChange) {
	if e.seen.add(k.key) {
		e.keys = append(e.keys, k)
	}
}

func refTypes(fk catalog.ForeignKey) []*types.Type { return columnTypes(fk.Parent, fk.RefColumns) }

func columnTypes(rel *catalog.Relation, nums []int16) []*types.Type {
	out := make([]*types.Type, len(nums))
	for i, num := range nums {
		out[i] = rel.Column(num).Type
	}
	return out
}

// converted is a value in another type, through its text where they differ; ok
// is false if that type has no such value.
func converted(env *types.Env, v any, from, to *types.Type) (out any, ok bool) {
	if v == nil || from.OID == to.OID || from.Rep == to.Rep && from.Category == types.String && to.Category == types.String {
		return v, true
	}
	out, err := to.In(env, string(from.Out(env, nil, v)), -1)
	return out, err == nil
}

// convertedKey is converted for each value of a key.
func convertedKey(env *types.Env, key []any, from, to []*types.Type) (out []any, ok bool) {
	out = make([]any, len(key))
	for i, v := range key {
		if out[i], ok = converted(env, v, from[i], to[i]); !ok {
			return nil, false
		}
	}
	return out, true
}

// foreignRecord keeps what the writes of a statement mean for foreign keys. It reads
// the old rows from their images, without a request.
type foreignRecord struct {
	checks *ForeignChecks
	own    []catalog.ForeignKey // of the target
	to     []catalog.ForeignKey // that refer to it
}

func (t *Target) foreignKeys() {
	if t.Foreign == nil || t.Rel.ForeignDisabled {
		return
	}
	t.foreign = foreignRecord{t.Foreign, catalog.ForeignKeys(t.Foreign.Catalog, t.Rel), catalog.ForeignKeysTo(t.Foreign.Catalog, t.Rel)}
}

// rowInserted records the keys of a row: 23503 for a half NULL one under MATCH
// FULL.
func (t *Target) rowInserted(r row) error {
	for _, fk := range t.foreign.own {
		if err := t.keyWritten(fk, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *Target) keyWritten(fk catalog.ForeignKey, r row) error {
	key := make([]any, len(fk.Columns))
	nulls := 0
	for i, num := range fk.Columns {
		if key[i] = r[num]; key[i] == nil {
			nulls++
		}
	}
	switch {
	case nulls == len(key), nulls > 0 && !fk.MatchFull:
		return nil
	case nulls > 0:
		return foreignError(fk, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", fk.Child.Name, fk.Name).
			WithDetail("MATCH FULL does not allow mixing of null and nonnull key values.")
	}
	as, ok := convertedKey(t.Types, key, columnTypes(fk.Child, fk.Columns), refTypes(fk))
	if !ok { // no row of the referenced table can have it
		l := &keyLookup{fk: fk, env: t.Types}
		return l.missing(keyText(t.Types, key, columnTypes(fk.Child, fk.Columns)))
	}
	t.foreign.checks.event(fk, false, false).add(keyChange{key: as})
	return nil
}

// rowDeleted records the keys that go with a row.
func (t *Target) rowDeleted(image *storage.RowImage) error {
	for _, fk := range t.foreign.to {
		old, err := t.oldKey(image, fk.RefColumns)
		if err != nil {
			return err
		}
		if !slices.Contains(old, nil) {
			t.foreign.checks.event(fk, true, true).add(keyChange{key: old})
		}
	}
	return nil
}

// rowUpdated records the keys that a row got and lost.
func (t *Target) rowUpdated(image *storage.RowImage, now row) error {
	for _, fk := range t.foreign.own {
		old, err := t.oldKey(image, fk.Columns)
		if err != nil {
			return err
		}
		if _, changed := keyAfter(old, fk.Columns, now, columnTypes(fk.Child, fk.Columns)); !changed {
			continue
		}
		full := row{}
		full.set(fk.Columns, old)
		for _, num := range fk.Columns {
			if v, ok := now[num]; ok {
				full[num] = v
			}
		}
		if err := t.keyWritten(fk, full); err != nil {
			return err
		}
	}
	for _, fk := range t.foreign.to {
		old, err := t.oldKey(image, fk.RefColumns)
		if err != nil {
			return err
		}
		if next, changed := keyAfter(old, fk.RefColumns, now, refTypes(fk)); changed && !slices.Contains(old, nil) {
			t.foreign.checks.event(fk, true, false).add(keyChange{key: old, now: next})
		}
	}
	return nil
}

// rowMoved records the keys of a row that went to another partition. To the tables
// above both it is an update, to the partition itself a DELETE; what refers to a table
// between can't follow: 0A000 (ExecCrossPartitionUpdateForeignKey).
func (t *Target) rowMoved(to *Update, image *storage.RowImage, now row) error {
	for _, fk := range t.foreign.to {
		i := slices.IndexFunc(to.foreign.to, func(k catalog.ForeignKey) bool { return k.OID == fk.OID })
		if i < 0 && fk.Root.OID != t.Rel.OID {
			return pgerr.New(pgerr.FeatureNotSupported,
				"cannot move tuple across partitions when a non-root ancestor of the source partition is directly referenced in a foreign key").
				WithDetail("A foreign key points to ancestor \"%s\" but not the root ancestor \"%s\".", fk.Root.Name, t.Router.Root.Name).
				WithHint("Consider defining the foreign key on table \"%s\".", t.Router.Root.Name)
		}
		old, err := t.oldKey(image, fk.RefColumns)
		if err != nil {
			return err
		}
		switch {
		case slices.Contains(old, nil):
		case i < 0:
			t.foreign.checks.event(fk, true, true).add(keyChange{key: old})
		default:
			if next, changed := keyAfter(old, to.foreign.to[i].RefColumns, now, refTypes(fk)); changed {
				t.foreign.checks.event(fk.OfRoot(), true, false).add(keyChange{key: old, now: next})
			}
		}
	}
	return nil
}

// oldKey reads columns of a row as it was.
func (t *Target) oldKey(image *storage.RowImage, nums []int16) ([]any, error) {
	b, err := t.table.Decode([]*storage.RowImage{image}, nums)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(nums))
	for i := range nums {
		out[i] = b.Cols[i].Value(0)
	}
	return out, nil
}

// keyAfter is a key with the values that a row has now.
func keyAfter(old []any, nums []int16, now row, ts []*types.Type) (next []any, changed bool) {
	next = slices.Clone(old)
	for i, num := range nums {
		if v, ok := now[num]; ok {
			next[i] = v
		}
		same := next[i] == nil && old[i] == nil || next[i] != nil && old[i] != nil && ts[i].Compare(next[i], old[i]) == 0
		changed = changed || !same
	}
	return next, changed
}

func foreignError(fk catalog.ForeignKey, format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.ForeignKeyViolation, format, args...).WithRelation(fk.Child.Schema, fk.Child.Name, "", fk.Name)
}

func keyText(env *types.Env, key []any, ts []*types.Type) string {
	texts := make([]string, len(key))
	for i, v := range key {
		texts[i] = string(ts[i].Out(env, nil, v))
	}
	return strings.Join(texts, ", ")
}

func columnNames(rel *catalog.Relation, nums []int16) string {
	names := make([]string, len(nums))
	for i, num := range nums {
		names[i] = rel.Column(num).Name
	}
	return strings.Join(names, ", ")
}
