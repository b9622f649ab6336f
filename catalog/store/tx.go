package store

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// change is one step of a catalog transaction. It is applied to the
// transaction's own copy at once, and replayed on a fresh state at commit: it
// must find what it changes by name, and fail cleanly where that is gone.
type change func(st *state) error

// tx implements catalog.Tx.
type tx struct {
	store   *Store
	base    *snapshot
	state   *state // with changes applied
	changes []change
	view    *snapshot
	steps   uint64
	// creator owns what the next changes create.
	creator types.OID
}

var _ catalog.Tx = (*tx)(nil)

// use makes st the state that the transaction shows.
func (t *tx) use(st *state) {
	t.state = st
	t.steps++
	// Versions of a transaction's own views must differ from any snapshot's.
	t.view = newSnapshot(t.store.env, st, t.base.version<<20+t.steps, t.store.rowsEnv, t.view)
}

// apply runs a change on a copy of the state.
func (t *tx) apply(c change) error {
	st := t.state.clone()
	c = recording(creating(t.creator, c))
	if err := c(st); err != nil {
		return err
	}
	t.changes = append(t.changes, c)
	t.use(st)
	return nil
}

// Save implements catalog.Tx.
func (t *tx) Save() catalog.Mark { return len(t.changes) }

// RollbackTo implements catalog.Tx.
func (t *tx) RollbackTo(m catalog.Mark) {
	kept := t.changes[:m.(int)]
	t.changes = nil
	st := t.base.state.clone()
	for _, c := range kept {
		// Each has been applied to this very state before.
		if err := c(st); err != nil {
			panic("catalog/store: a change failed when it was repeated: " + err.Error())
		}
	}
	t.changes = kept
	t.use(st)
}

// Changed implements catalog.Tx.
func (t *tx) Changed() bool { return len(t.changes) > 0 }

// Commit implements catalog.Tx.
func (t *tx) Commit(ctx context.Context, entrust func(context.Context) (string, error)) error {
	if !t.Changed() {
		return nil
	}
	changes := t.changes
	if entrust != nil {
		tag, err := entrust(ctx)
		if err != nil {
			return err
		}
		if tag != "" {
			changes = append(changes[:len(changes):len(changes)], counting("/"+tag, t.store.env.Clock.Now()))
		}
	}
	return t.store.commit(ctx, changes)
}

// Rollback implements catalog.Tx.
func (t *tx) Rollback() { t.changes = nil }

// The Reader of a transaction is its view.

func (t *tx) Database() *catalog.Database                    { return t.view.Database() }
func (t *tx) Databases() []*catalog.Database                 { return t.view.Databases() }
func (t *tx) LargeObjectComments() map[types.OID]string      { return t.view.LargeObjectComments() }
func (t *tx) Schemas() []*catalog.Schema                     { return t.view.Schemas() }
func (t *tx) SchemaByName(name string) *catalog.Schema       { return t.view.SchemaByName(name) }
func (t *tx) Relation(schema, name string) *catalog.Relation { return t.view.Relation(schema, name) }
func (t *tx) RelationByOID(oid types.OID) *catalog.Relation  { return t.view.RelationByOID(oid) }
func (t *tx) Relations() []*catalog.Relation                 { return t.view.Relations() }
func (t *tx) Roles() []*catalog.Role                         { return t.view.Roles() }
func (t *tx) Access(o catalog.Object) catalog.Access         { return t.view.Access(o) }
func (t *tx) DefaultACLs() []catalog.DefaultACL              { return t.view.DefaultACLs() }
func (t *tx) RoleSettings() []catalog.RoleSetting            { return t.view.RoleSettings() }
func (t *tx) Types() *types.Registry                         { return t.view.Types() }
func (t *tx) Routines() *catalog.Routines                    { return t.view.Routines() }
func (t *tx) Version() uint64                                { return t.view.Version() }
func (t *tx) Table(oid types.OID) (storage.Table, error)     { return t.view.Table(oid) }
func (t *tx) RelationOfIndex(index types.OID) (*catalog.Relation, *catalog.Index) {
	return t.view.RelationOfIndex(index)
}
func (t *tx) IndexByName(schema, name string) (*catalog.Relation, *catalog.Index) {
	return t.view.IndexByName(schema, name)
}
