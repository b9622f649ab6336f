package dml

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// AfterTriggers is what a statement owes to AFTER triggers, in the order in which
// they fire (AfterTriggersQueryData). Statements that a referential action runs
// add to the list of the one that caused it. The rows of AFTER row triggers are kept
// in memory until then; transition tables spill.
type AfterTriggers struct {
	// Call runs a trigger's function; the row is nil for NULL. w are the rows of the
	// statement where it is a BEFORE row trigger's: its function must not change them.
	Call func(ctx context.Context, t *catalog.Trigger, d *funcs.TriggerData, w *Written) (*types.Record, error)
	// IsDeferred says whether a constraint trigger waits for COMMIT.
	IsDeferred func(t *catalog.Trigger) bool
	// Later keeps an event for COMMIT.
	Later func(e *AfterEvent)
	// Replica: session_replication_role.
	Replica bool

	events []*afterEvent
	tables map[tableOp]*tableData
}

// AfterEvent is a firing that waits for COMMIT.
type AfterEvent = afterEvent

// afterEvent is a firing that waits for the end of the statement.
type afterEvent struct {
	triggers *Triggers
	trigger  Trigger
	firing
	old, new []any
	// cancelled: the statement trigger is fired by a later part of the statement.
	cancelled bool
}

type tableOp struct {
	oid types.OID
	op  funcs.TriggerOp
}

// tableData is what a statement knows of an operation on a table
// (AfterTriggersTableData).
type tableData struct {
	begun bool // its BEFORE statement triggers were fired
	// old and new are the transition tables, nil where nobody wants them.
	old, new *spill.Rows
}

// first says whether the BEFORE statement triggers have yet to be fired.
func (d *tableData) first() bool {
	begun := d.begun
	d.begun = true
	return !begun
}

func (a *AfterTriggers) table(oid types.OID, op funcs.TriggerOp) *tableData {
	key := tableOp{oid, op}
	if a.tables == nil {
		a.tables = map[tableOp]*tableData{}
	}
	if a.tables[key] == nil {
		a.tables[key] = &tableData{}
	}
	return a.tables[key]
}

func (a *AfterTriggers) add(e *afterEvent) { a.events = append(a.events, e) }

// cancel drops the queued statement triggers of a table's operation
// (cancel_prior_stmt_triggers).
func (a *AfterTriggers) cancel(oid types.OID, f firing) {
	for _, e := range a.events {
		if e.firing == f && e.triggers.Relation.OID == oid {
			e.cancelled = true
		}
	}
}

// Owes says whether Run has something to do; a nil *AfterTriggers owes nothing.
func (a *AfterTriggers) Owes() bool { return a != nil && len(a.events) > 0 }

// Run fires what is queued; constraint triggers that are deferred are kept for
// COMMIT (afterTriggerInvokeEvents).
func (a *AfterTriggers) Run(ctx context.Context) error {
	for len(a.events) > 0 {
		e := a.events[0]
		a.events = a.events[1:]
		switch {
		case e.cancelled:
			continue
		case e.trigger.Constraint != 0 && a.IsDeferred(e.trigger.Trigger):
			a.Later(e)
			continue
		}
		if err := e.fire(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// Close drops the transition tables.
func (a *AfterTriggers) Close() {
	for _, d := range a.tables {
		for _, rows := range []*spill.Rows{d.old, d.new} {
			if rows != nil {
				rows.Close()
			}
		}
	}
	a.tables, a.events = nil, nil
}

// Trigger is the one that the event fires.
func (e *afterEvent) Trigger() *catalog.Trigger { return e.trigger.Trigger }

// Table is the one that it is on.
func (e *afterEvent) Table() types.OID { return e.triggers.Relation.OID }

// Fire fires a deferred event.
func (e *afterEvent) Fire(ctx context.Context, a *AfterTriggers) error { return e.fire(ctx, a) }

func (e *afterEvent) fire(ctx context.Context, a *AfterTriggers) error {
	d := e.triggers.data(e.trigger, e.firing, e.old, e.new)
	if e.trigger.OldTable != "" || e.trigger.NewTable != "" {
		t := a.table(e.triggers.Relation.OID, e.op)
		d.OldTable = e.triggers.transition(e.trigger.OldTable, t.old)
		d.NewTable = e.triggers.transition(e.trigger.NewTable, t.new)
	}
	_, err := a.Call(ctx, e.trigger.Trigger, d, nil)
	return err
}

// transition is a transition table under the name that the trigger gives it.
func (t *Triggers) transition(name string, rows *spill.Rows) *funcs.TransitionTable {
	if name == "" {
		return nil
	}
	out := &funcs.TransitionTable{Name: name, Columns: t.Relation.Columns, Rows: noRows{}}
	if rows != nil {
		out.Rows = rows
	}
	return out
}

// noRows is a transition table of a statement that changed nothing.
type noRows struct{}

func (noRows) Batches() int                                   { return 0 }
func (noRows) Batch(context.Context, int) (*vec.Batch, error) { return nil, nil }

// captures says whether a trigger wants the rows of an operation in a table.
func (t *Triggers) captures(op funcs.TriggerOp) bool {
	if t == nil {
		return false
	}
	for _, tr := range t.List {
		if tr.Type&events[op] != 0 && (tr.OldTable != "" || tr.NewTable != "") {
			return true
		}
	}
	return false
}

// capture adds rows to the transition tables.
func (t *Triggers) capture(op funcs.TriggerOp, old, new [][]any) error {
	if !t.captures(op) {
		return nil
	}
	d := t.After.table(t.Relation.OID, op)
	for _, c := range []struct {
		to   **spill.Rows
		rows [][]any
	}{{&d.old, old}, {&d.new, new}} {
		if c.rows == nil {
			continue
		}
		if *c.to == nil {
			*c.to = spill.NewRows(t.Account, t.Cols[:len(t.Nums)])
		}
		if err := (*c.to).Append(batchOf(t.Cols[:len(t.Nums)], c.rows)); err != nil {
			return err
		}
	}
	return nil
}

// batchOf makes a batch of boxed rows.
func batchOf(ts []*types.Type, rows [][]any) *vec.Batch {
	out := vec.NewBuilders(ts, len(rows))
	for _, r := range rows {
		for c := range ts {
			out[c].Append(r[c])
		}
	}
	b := vec.BuildBatch(out)
	b.N = len(rows)
	return b
}

// InheritedRows has the rows of a table go into the transition tables of the one
// that the statement names, from which it inherits: its columns Nums.
type InheritedRows struct {
	To   *Triggers
	Nums []int16
}

func (t *Target) inherit(op funcs.TriggerOp, old, new []*storage.RowImage) error {
	if t.Inherited == nil || !t.Inherited.To.captures(op) {
		return nil
	}
	before, err := t.imageRows(old, t.Inherited.Nums)
	if err != nil {
		return err
	}
	after, err := t.imageRows(new, t.Inherited.Nums)
	if err != nil {
		return err
	}
	return t.Inherited.To.capture(op, before, after)
}
