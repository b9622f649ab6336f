package exec

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// mergeInto is MERGE: all rows are read and given to the actions before the
// first action runs, so that none sees what another one writes.
type mergeInto struct {
	input    Operator
	image    int // the row image's place in the input
	table    int // that of the table which the row is of, -1 where all are of one
	actions  []*mergeAction
	seen     map[rowOf]bool // rows that an action changes
	done     bool
	affected int64
	// fires has the statement triggers of ops.
	fires dml.Target
	ops   []funcs.TriggerOp
}

// rowOf is a row of one of the tables of a tree.
type rowOf struct {
	table types.OID
	id    string
}

// mergeAction is a WHEN clause; do is nil for DO NOTHING.
type mergeAction struct {
	matched bool
	cond    *expr.Predicate
	checks  []dml.Check
	do      Operator
	count   affecting // of do
	rows    *mergeFeed
}

// mergeFeed hands an action the rows that fell to it.
type mergeFeed struct {
	acct *spill.Account
	cols []plan.Col
	rows *spill.Rows
	at   int
}

// mergeInto builds MERGE. What another transaction changes meanwhile is 40001:
// which clause a row falls to can't be asked again for one row.
func (b *builder) mergeInto(n *plan.Merge) (Operator, error) {
	in, err := b.input(n.Input, nil)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Columns()
	column := func(id plan.ColumnID) int {
		return slices.IndexFunc(cols, func(c plan.Col) bool { return c.ID == id })
	}
	op := &mergeInto{input: in, image: column(n.Image), table: -1}
	if n.TableOID != 0 {
		op.table = column(n.TableOID)
	}
	if op.fires.Triggers, err = b.triggers(n.Triggers, n); err != nil {
		return nil, err
	}
	op.ops = operations(n.Events)
	var late []plan.Expr
	for _, a := range n.Actions {
		act, err := b.mergeAction(n, a, cols)
		if err != nil {
			return nil, err
		}
		op.actions = append(op.actions, act)
		if a.Do != nil {
			plan.WalkNodes(a.Do, func(n plan.Node) bool { late = append(late, n.Exprs()...); return true })
		}
	}
	return b.counting(op, n, addTables(nil, n.Rel, n.Members), late)
}

func (b *builder) mergeAction(n *plan.Merge, a plan.MergeAction, cols []plan.Col) (*mergeAction, error) {
	cond, err := b.compiler(cols).Predicate(a.Cond)
	if err != nil || a.Do == nil {
		return &mergeAction{matched: a.Matched, cond: cond}, err
	}
	env := *b.env
	env.InTransaction = true
	if env.Locker != nil {
		env.Locker = onceRead{env.Locker}
	}
	nb := b.own()
	nb.env, nb.feed = &env, &mergeFeed{acct: b.account(n), cols: cols}
	checks, err := b.checks(a.Checks, cols)
	if err != nil {
		return nil, err
	}
	do, err := nb.build(a.Do)
	return &mergeAction{matched: a.Matched, cond: cond, checks: checks, do: do, count: b.modifiers[a.Do], rows: nb.feed}, err
}

// Open implements Operator.
func (m *mergeInto) Open(context.Context) error {
	m.seen, m.done, m.affected = map[rowOf]bool{}, false, 0
	for _, a := range m.actions {
		if a.rows != nil {
			a.rows.reset()
		}
	}
	return nil
}

// Next implements Operator.
func (m *mergeInto) Next(ctx context.Context) (*vec.Batch, error) {
	if m.done {
		return nil, nil
	}
	m.done = true
	if err := m.read(ctx); err != nil {
		return nil, err
	}
	return nil, m.fires.Statement(ctx, m.act, m.ops...)
}

// act runs the actions over the rows that fell to them.
func (m *mergeInto) act(ctx context.Context) error {
	for _, a := range m.actions {
		if a.do == nil || a.rows.rows.Len() == 0 {
			continue
		}
		if err := a.run(ctx); err != nil {
			return err
		}
		m.affected += a.count.Affected()
	}
	return nil
}

// Close implements Operator.
func (m *mergeInto) Close() error {
	for _, a := range m.actions {
		if a.rows != nil && a.rows.rows != nil {
			a.rows.rows.Close()
		}
	}
	return nil
}

// Affected is the number of rows that the actions wrote.
func (m *mergeInto) Affected() int64 { return m.affected }

// read gives all rows of the input to the actions.
func (m *mergeInto) read(ctx context.Context) (err error) {
	if err := m.input.Open(ctx); err != nil {
		return firstOf(err, m.input.Close())
	}
	for err == nil {
		var b *vec.Batch
		if b, err = m.input.Next(ctx); b == nil {
			break
		}
		err = m.give(b)
	}
	return firstOf(err, m.input.Close())
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// give finds for each row the first action whose condition it meets.
func (m *mergeInto) give(b *vec.Batch) error {
	rows := map[bool][]int32{}
	for k := range b.Rows() {
		i := b.Row(k)
		_, matched := m.imageOf(b, i)
		rows[matched] = append(rows[matched], int32(i))
	}
	for _, a := range m.actions {
		if len(rows[a.matched]) == 0 {
			continue
		}
		met, err := a.cond.Select(b.WithSel(rows[a.matched]))
		if err != nil {
			return err
		}
		if err := m.take(a, met); err != nil {
			return err
		}
		rows[a.matched] = without(rows[a.matched], met)
	}
	return nil
}

func (m *mergeInto) imageOf(b *vec.Batch, i int) (*storage.RowImage, bool) {
	image, _ := b.Cols[m.image].Value(i).(*storage.RowImage)
	return image, image != nil
}

// take keeps rows for an action; a row of the target can be changed once (21000).
func (m *mergeInto) take(a *mergeAction, b *vec.Batch) error {
	if a.do == nil || b.Rows() == 0 {
		return nil
	}
	if err := dml.CheckPolicies(a.checks, b); err != nil {
		return err
	}
	for k := range b.Rows() {
		image, ok := m.imageOf(b, b.Row(k))
		if !ok {
			continue
		}
		r := rowOf{id: image.ID}
		if m.table >= 0 {
			r.table = vec.Of[types.OID](b.Cols[m.table]).At(b.Row(k))
		}
		if m.seen[r] {
			return pgerr.New(pgerr.CardinalityViolation, "MERGE command cannot affect row a second time").
				WithHint("Ensure that not more than one source row matches any one target row.")
		}
		m.seen[r] = true
	}
	return a.rows.rows.Append(b)
}

// without drops the rows of b from sel; both are in order.
func without(sel []int32, b *vec.Batch) []int32 {
	out, k := make([]int32, 0, len(sel)-b.Rows()), 0
	for _, i := range sel {
		if k < b.Rows() && b.Row(k) == int(i) {
			k++
			continue
		}
		out = append(out, i)
	}
	return out
}

// run runs the action over its rows.
func (a *mergeAction) run(ctx context.Context) (err error) {
	defer func() { err = firstOf(err, a.do.Close()) }()
	if err := a.do.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := a.do.Next(ctx)
		if b == nil || err != nil {
			return err
		}
	}
}

func (f *mergeFeed) reset() { f.rows, f.at = spill.NewRows(f.acct, plan.ColumnTypes(f.cols)), 0 }

// Open implements Operator.
func (f *mergeFeed) Open(context.Context) error {
	f.at = 0
	return nil
}

// Next implements Operator.
func (f *mergeFeed) Next(ctx context.Context) (*vec.Batch, error) {
	if f.at >= f.rows.Batches() {
		return nil, nil
	}
	f.at++
	return f.rows.Batch(ctx, f.at-1)
}

// Close implements Operator.
func (f *mergeFeed) Close() error { return nil }

// onceRead is a Locker for rows that can't be asked again.
type onceRead struct{ Locker }

// RereadsRows implements dml.RowLocker.
func (onceRead) RereadsRows() bool { return false }
