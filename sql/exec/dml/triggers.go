package dml

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Trigger is an active trigger of a target with its condition, nil for none.
type Trigger struct {
	*catalog.Trigger
	When *expr.Predicate
}

// Triggers are those of a target's relation that the statement may fire
// (trigger.c). A nil *Triggers has none.
type Triggers struct {
	Relation *funcs.TriggerRelation
	// List has them by name.
	List []Trigger
	// Cols are the columns that conditions see: the old row's, then the new one's;
	// Nums their numbers in the relation, those of a row as triggers know it.
	Cols []*types.Type
	Nums []int16
	// Updated are the columns that UPDATE changes.
	Updated []int16
	// Part: the statement triggers are fired elsewhere.
	Part bool
	// After takes what AFTER triggers are to do.
	After *AfterTriggers
	// Written are the statement's rows.
	Written *Written
	// Account is for transition tables.
	Account *spill.Account
}

// events are the bits of catalog.TriggerType by operation.
var events = map[funcs.TriggerOp]catalog.TriggerType{
	funcs.TriggerInsert: catalog.TriggerInsert, funcs.TriggerUpdate: catalog.TriggerUpdate,
	funcs.TriggerDelete: catalog.TriggerDelete, funcs.TriggerTruncate: catalog.TriggerTruncate,
}

var timings = map[funcs.TriggerWhen]catalog.TriggerType{
	funcs.TriggerBefore: catalog.TriggerBefore, funcs.TriggerAfter: 0, funcs.TriggerInsteadOf: catalog.TriggerInsteadOf,
}

// firing is a kind of firing: what TriggerEnabled compares triggers with.
type firing struct {
	when funcs.TriggerWhen
	op   funcs.TriggerOp
	row  bool
}

func (f firing) bits() catalog.TriggerType {
	bits := events[f.op] | timings[f.when]
	if f.row {
		bits |= catalog.TriggerRow
	}
	return bits
}

// has says whether some trigger is of that kind.
func (t *Triggers) has(f firing) bool {
	return t != nil && slices.ContainsFunc(t.List, func(tr Trigger) bool { return tr.Type.Fires(f.bits()) })
}

// enabled is TriggerEnabled: the triggers of that kind whose columns are changed
// and whose condition holds for the rows, which are nil in statement triggers.
func (t *Triggers) enabled(f firing, old, new []any) ([]Trigger, error) {
	var out []Trigger
	for _, tr := range t.List {
		if !tr.Type.Fires(f.bits()) || f.op == funcs.TriggerUpdate && !t.changes(tr.Columns) {
			continue
		}
		ok, err := t.holds(tr.When, old, new)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, tr)
		}
	}
	return out, nil
}

// changes says whether UPDATE OF these columns is meant.
func (t *Triggers) changes(columns []int16) bool {
	return len(columns) == 0 || slices.ContainsFunc(columns, func(num int16) bool { return slices.Contains(t.Updated, num) })
}

func (t *Triggers) holds(when *expr.Predicate, old, new []any) (bool, error) {
	if when.Empty() {
		return true, nil
	}
	cols := make([]vec.Vector, len(t.Cols))
	for i, typ := range t.Cols {
		b := vec.NewBuilder(typ, 1)
		b.Append(valueAt(old, new, i, len(t.Nums)))
		cols[i] = b.Build()
	}
	sel, err := when.Rows(vec.NewBatch(cols, 1), nil)
	return len(sel) > 0, err
}

// valueAt is value i of two rows of n columns in a row; NULL in one that is not
// there.
func valueAt(old, new []any, i, n int) any {
	from := old
	if i >= n {
		from, i = new, i-n
	}
	if from == nil {
		return nil
	}
	return from[i]
}

// data describes a firing to the trigger's function.
func (t *Triggers) data(tr Trigger, f firing, old, new []any) *funcs.TriggerData {
	d := &funcs.TriggerData{Name: tr.Name, OID: tr.OID, Args: tr.Args, When: f.when, Row: f.row, Op: f.op, Relation: t.Relation}
	if old != nil {
		d.Old = t.Relation.NewRow(old)
	}
	if new != nil {
		d.New = t.Relation.NewRow(new)
	}
	if f.op == funcs.TriggerUpdate {
		d.Updated = t.Updated
	}
	return d
}

// StatementBefore fires the BEFORE statement triggers (ExecBSInsertTriggers and
// its kin), once for all parts of a statement that write the table so.
func (t *Triggers) StatementBefore(ctx context.Context, op funcs.TriggerOp) error {
	f := firing{funcs.TriggerBefore, op, false}
	if !t.has(f) || !t.After.table(t.Relation.OID, op).first() {
		return nil
	}
	list, err := t.enabled(f, nil, nil)
	if err != nil {
		return err
	}
	for _, tr := range list {
		if _, err := t.After.Call(ctx, tr.Trigger, t.data(tr, f, nil, nil), nil); err != nil {
			return err
		}
	}
	return nil
}

// rowBefore fires the BEFORE or INSTEAD OF row triggers one after the other, each
// with the row that the one before it returned. It returns the last row; nil if a
// trigger said to skip it. In a DELETE the row is the old one. look, if given, is
// called with what each trigger made of the row.
func (t *Triggers) rowBefore(ctx context.Context, when funcs.TriggerWhen, op funcs.TriggerOp, old, new []any,
	look func(tr Trigger, row []any) error) ([]any, error) {
	f := firing{when, op, true}
	for _, tr := range t.List {
		one := Triggers{Relation: t.Relation, List: []Trigger{tr}, Cols: t.Cols, Nums: t.Nums, Updated: t.Updated}
		if list, err := one.enabled(f, old, new); err != nil {
			return nil, err
		} else if len(list) == 0 {
			continue
		}
		row, err := t.After.Call(ctx, tr.Trigger, t.data(tr, f, old, new), t.Written)
		if err != nil || row == nil {
			return nil, err
		}
		if op != funcs.TriggerDelete {
			new = row.Values
		}
		if look == nil {
			continue
		}
		if err := look(tr, new); err != nil {
			return nil, err
		}
	}
	if op == funcs.TriggerDelete {
		return old, nil
	}
	return new, nil
}

// rowAfter queues the AFTER row triggers of a row that was written, and keeps it
// for transition tables (AfterTriggerSaveEvent).
func (t *Triggers) rowAfter(op funcs.TriggerOp, old, new []any) error {
	f := firing{funcs.TriggerAfter, op, true}
	if !t.has(f) {
		return nil
	}
	list, err := t.enabled(f, old, new)
	for _, tr := range list {
		t.After.add(&afterEvent{triggers: t, trigger: tr, firing: f, old: old, new: new})
	}
	return err
}

// StatementAfter queues the AFTER statement triggers; those that an earlier part
// of the statement queued fire here instead of there.
func (t *Triggers) StatementAfter(op funcs.TriggerOp) error {
	f := firing{funcs.TriggerAfter, op, false}
	if !t.has(f) {
		return nil
	}
	t.After.cancel(t.Relation.OID, f)
	list, err := t.enabled(f, nil, nil)
	for _, tr := range list {
		t.After.add(&afterEvent{triggers: t, trigger: tr, firing: f})
	}
	return err
}

// statement runs run between the statement triggers of the operations.
func (t *Target) statement(ctx context.Context, in Input, run func(ctx context.Context) error, ops ...funcs.TriggerOp) error {
	if t.Triggers == nil || t.Triggers.Part {
		return run(ctx)
	}
	if t.Written != nil {
		t.Written.Parts++ // they may write
	}
	if err := t.beforeStatement(ctx, in, ops); err != nil {
		return err
	}
	if err := run(ctx); err != nil {
		return err
	}
	for _, op := range slices.Backward(ops) {
		if err := t.Triggers.StatementAfter(op); err != nil {
			return err
		}
	}
	return nil
}

// beforeStatement fires the BEFORE statement triggers, once the input has been read.
func (t *Target) beforeStatement(ctx context.Context, in Input, ops []funcs.TriggerOp) (err error) {
	if p, ok := in.(Prefetcher); ok {
		defer func() {
			if err != nil {
				_ = in.Close() // nobody else will; the first error counts
			}
		}()
		if err := p.Prefetch(ctx); err != nil {
			return err
		}
	}
	for _, op := range ops {
		if err := t.Triggers.StatementBefore(ctx, op); err != nil {
			return err
		}
	}
	return nil
}

// Statement is statement for an operator around targets, which reads before it.
func (t *Target) Statement(ctx context.Context, run func(ctx context.Context) error, ops ...funcs.TriggerOp) error {
	return t.statement(ctx, nil, run, ops...)
}

// Prefetcher is an Input that reads all of its rows before the BEFORE triggers
// run: what these write is not for the statement to see.
type Prefetcher interface {
	Prefetch(ctx context.Context) error
}

// firesBefore says whether each row must pass BEFORE triggers.
func (t *Target) firesBefore(op funcs.TriggerOp) bool {
	return t.Triggers.has(firing{funcs.TriggerBefore, op, true})
}

// keepsRows says whether rows that were written are wanted afterwards.
func (t *Triggers) keepsRows(op funcs.TriggerOp) bool {
	return t.has(firing{funcs.TriggerAfter, op, true}) || t.captures(op)
}

// wrote tells the AFTER triggers of rows that were written, by their images.
func (t *Target) wrote(op funcs.TriggerOp, old, new []*storage.RowImage) error {
	if err := t.inherit(op, old, new); err != nil {
		return err
	}
	return t.wroteOwn(op, old, new)
}

// wroteOwn is wrote without the transition tables of the statement's table.
func (t *Target) wroteOwn(op funcs.TriggerOp, old, new []*storage.RowImage) error {
	if !t.Triggers.keepsRows(op) {
		return nil
	}
	before, err := t.imageRows(old, t.Triggers.Nums)
	if err != nil {
		return err
	}
	after, err := t.imageRows(new, t.Triggers.Nums)
	if err != nil {
		return err
	}
	for k := range max(len(before), len(after)) {
		if err := t.Triggers.rowAfter(op, rowOrNil(before, k), rowOrNil(after, k)); err != nil {
			return err
		}
	}
	return t.Triggers.capture(op, before, after)
}

func rowOrNil(rows [][]any, k int) []any {
	if rows == nil {
		return nil
	}
	return rows[k]
}

// imageRows are columns of rows, read from their images.
func (t *Target) imageRows(images []*storage.RowImage, nums []int16) ([][]any, error) {
	if images == nil {
		return nil, nil
	}
	b, err := t.table.Decode(images, nums)
	if err != nil {
		return nil, err
	}
	out := make([][]any, len(images))
	for k := range out {
		out[k] = make([]any, len(b.Cols))
		for c, col := range b.Cols {
			out[k][c] = col.Value(b.Row(k))
		}
	}
	return out, nil
}

// rowFor is a row's values as triggers see them; the generated columns have none
// yet.
func (t *Target) rowFor(r row) []any {
	out := make([]any, len(t.Triggers.Nums))
	for i, num := range t.Triggers.Nums {
		if !slices.ContainsFunc(t.Generated, func(g Set) bool { return g.Num == num }) {
			out[i] = r[num]
		}
	}
	return out
}

// changed adds to a change the columns to which a trigger gave another value than
// the row that it got, generated ones aside: those are computed from the others.
func (t *Target) changed(ch *storage.Change, before, after []any, r row) {
	for i, num := range t.Triggers.Nums {
		if slices.ContainsFunc(t.Generated, func(g Set) bool { return g.Num == num }) || t.sameValue(i, before[i], after[i]) {
			continue
		}
		r[num] = after[i]
		if at := slices.Index(ch.Columns, num); at >= 0 {
			ch.Values = slices.Clone(ch.Values)
			ch.Values[at] = after[i]
			continue
		}
		ch.Columns, ch.Values = append(slices.Clip(ch.Columns), num), append(slices.Clip(ch.Values), after[i])
	}
}

func (t *Target) sameValue(i int, a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	typ := t.Triggers.Cols[i]
	return string(typ.Out(t.Types, nil, a)) == string(typ.Out(t.Types, nil, b))
}
