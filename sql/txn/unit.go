package txn

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// open opens a table as the transaction's unit sees it: from the first table on there is
// one, which is nothing before it is announced to.
func (t *Tx) open(oid types.OID) (storage.Table, error) {
	base, err := t.base.Table(oid)
	u, ok := base.(storage.Uniter)
	if !ok || err != nil {
		return base, err
	}
	if t.unit == nil {
		t.unit = u.NewUnit()
	}
	if t.unit == nil {
		return base, nil
	}
	return u.In(t.unit), nil
}

// united are the tables as the transaction's unit sees them, without what is buffered.
type united struct{ tx *Tx }

func (u united) Table(oid types.OID) (storage.Table, error) { return u.tx.open(oid) }

// United says whether what the transaction has written counts with Finish only.
func (t *Tx) United() bool { return t.unit != nil && t.unit.Begun() }

// maxLog is about how many bytes of old rows the log has, beyond which the unit's record
// takes back what it can.
const maxLog = 4 << 20

// unite announces changes to the transaction's unit, and logs them where its record alone
// is to take them back.
func (t *Tx) unite(ctx context.Context, parts []part) error {
	if t.unit == nil {
		return nil
	}
	writes := make([]storage.Announced, len(parts))
	for i, p := range parts {
		writes[i] = storage.Announced{Table: p.table, Changes: p.changes}
	}
	span, err := t.unit.Announce(ctx, writes)
	if err != nil {
		return err
	}
	if t.logged += span.Bytes; !span.Whole || t.logged <= maxLog {
		return nil
	}
	for i := range parts {
		parts[i].recorded = true
		t.log = append(t.log, applied{oid: parts[i].oid, unit: t.unit, span: span})
		span = storage.Span{} // the first has the rows of all
	}
	return nil
}

// endUnit ends the unit after an undo with that outcome: what is left to be taken back
// then, the unit takes back.
func (t *Tx) endUnit(ctx context.Context, undo error) error {
	if !t.United() {
		return undo
	}
	u := t.unit
	t.unit = nil
	return u.Rollback(ctx, undo == nil && !t.torn)
}

// Entrust leaves it to the catalog when what was written counts (storage.Unit); "" where
// there is nothing.
func (t *Tx) Entrust(ctx context.Context) (tag string, err error) {
	if !t.United() {
		return "", nil
	}
	return t.unit.Entrust(ctx)
}

// Forsake leaves what was written to whoever finds out whether the catalog counts it.
func (t *Tx) Forsake() {
	if t.United() {
		t.unit.Forsake()
		t.unit = nil
	}
}

// Finish is the commit point of all that was written: 40001 where another server has
// taken the transaction for dead, 08007 where the store does not tell.
func (t *Tx) Finish(ctx context.Context) error {
	if !t.United() {
		return nil
	}
	u := t.unit
	t.unit = nil
	err := u.Commit(ctx)
	// Who began to read before that moment has seen the rows as they were.
	for _, a := range t.log {
		t.shared.history.record(t, a.oid, a.changes, a.results)
	}
	t.shared.history.again(t, t.lately)
	return err
}
