package exec

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// AfterTriggers is what a statement owes to AFTER triggers, and how triggers are
// called.
type AfterTriggers = dml.AfterTriggers

// AfterEvent is a firing that waits for COMMIT.
type AfterEvent = dml.AfterEvent

// Written are the rows that a statement has changed.
type Written = dml.Written

// triggers compiles those of a modifying node that are active in the session; nil
// for none.
func (b *builder) triggers(t *plan.Triggers, n plan.Node) (*dml.Triggers, error) {
	if t == nil {
		return nil, nil
	}
	if b.env.Triggers == nil {
		return nil, pgerr.Unsupported("triggers here")
	}
	out := &dml.Triggers{Part: t.Part, Relation: triggerRelation(t), Nums: t.Nums, Updated: t.Updated, After: b.env.Triggers, Written: b.written, Account: b.account(n)}
	cols := append(append([]plan.Col(nil), t.Old...), t.New...)
	out.Cols = plan.ColumnTypes(cols)
	c := b.compiler(cols)
	for _, tr := range t.List {
		if !tr.Active(b.env.Triggers.Replica) {
			continue
		}
		when, err := c.Predicate(tr.When)
		if err != nil {
			return nil, err
		}
		out.List = append(out.List, dml.Trigger{Trigger: tr.Trigger, When: when})
	}
	if len(out.List) == 0 && t.Rel.Kind != catalog.View {
		return nil, nil
	}
	return out, nil
}

func triggerRelation(t *plan.Triggers) *funcs.TriggerRelation {
	out := &funcs.TriggerRelation{OID: t.Rel.OID, Schema: t.Rel.Schema, Name: t.Rel.Name, RowType: t.RowType}
	for _, num := range t.Nums {
		c := t.Rel.Column(num)
		out.Columns = append(out.Columns, types.Column{Name: c.Name, Type: c.Type, Typmod: c.Typmod, Num: c.Num})
	}
	return out
}

// AroundTruncate runs truncate between the TRUNCATE triggers of tables.
func AroundTruncate(ctx context.Context, env *Env, tables []*plan.Triggers, truncate func(ctx context.Context) error) error {
	b := newBuilder(env)
	var fires []*dml.Triggers
	for _, t := range tables {
		f, err := b.triggers(t, nil)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		fires = append(fires, f)
	}
	for _, f := range fires {
		if err := f.StatementBefore(ctx, funcs.TriggerTruncate); err != nil {
			return err
		}
	}
	if err := truncate(ctx); err != nil {
		return err
	}
	for _, f := range fires {
		if err := f.StatementAfter(funcs.TriggerTruncate); err != nil {
			return err
		}
	}
	return nil
}

// before says whether rows or statements of an operation must pass BEFORE or
// INSTEAD OF triggers, which may write what the statement reads.
func before(t *plan.Triggers, op catalog.TriggerType) bool {
	return t.Has(catalog.TriggerBefore|op) || t.Has(catalog.TriggerBefore|catalog.TriggerRow|op) ||
		t.Has(catalog.TriggerInsteadOf|catalog.TriggerRow|op)
}

// operations are the events of a MERGE in the order of their BEFORE triggers.
func operations(events catalog.TriggerType) []funcs.TriggerOp {
	var ops []funcs.TriggerOp
	for _, e := range []struct {
		event catalog.TriggerType
		op    funcs.TriggerOp
	}{{catalog.TriggerInsert, funcs.TriggerInsert}, {catalog.TriggerUpdate, funcs.TriggerUpdate}, {catalog.TriggerDelete, funcs.TriggerDelete}} {
		if events&e.event != 0 {
			ops = append(ops, e.op)
		}
	}
	return ops
}

// anyBefore is before for a statement that changes the tables of a tree.
func anyBefore(t *plan.Triggers, members []plan.Member, op catalog.TriggerType) bool {
	return before(t, op) || slices.ContainsFunc(members, func(m plan.Member) bool { return before(m.Triggers, op) })
}

// inheritedRows says how the rows of a table go into the transition tables of the
// one that it inherits from; nil where there are none.
func inheritedRows(root, member *catalog.Relation, t *dml.Triggers) *dml.InheritedRows {
	if t == nil || root == member {
		return nil
	}
	return &dml.InheritedRows{To: t, Nums: catalog.MemberColumns(root, member, t.Nums)}
}

// Prefetch implements dml.Prefetcher.
func (w *wholly) Prefetch(ctx context.Context) error {
	if err := w.Operator.Open(ctx); err != nil {
		return err
	}
	w.open = true
	return w.read(ctx)
}

// Open implements Operator.
func (w *wholly) Open(ctx context.Context) error {
	if w.open {
		return nil
	}
	w.open = true
	return w.Operator.Open(ctx)
}

// read reads all of the input, once.
func (w *wholly) read(ctx context.Context) error {
	if w.rows != nil {
		return nil
	}
	w.rows, w.at = spill.NewRows(w.acct, plan.ColumnTypes(w.cols)), 0
	for {
		b, err := w.Operator.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := w.rows.Append(b); err != nil {
			return err
		}
	}
}

// tuplestoreScan reads a transition table.
type tuplestoreScan struct {
	rows funcs.TransitionRows
	next int
}

func (b *builder) namedTuplestoreScan(n *plan.NamedTuplestoreScan) (Operator, error) {
	if b.env.TransitionTable != nil {
		if t := b.env.TransitionTable(n.Name); t != nil {
			return &tuplestoreScan{rows: t.Rows}, nil
		}
	}
	return nil, pgerr.Internal("transition table %s is not defined here", n.Name)
}

// Open implements Operator.
func (s *tuplestoreScan) Open(context.Context) error { s.next = 0; return nil }

// Close implements Operator.
func (s *tuplestoreScan) Close() error { return nil }

// Next implements Operator.
func (s *tuplestoreScan) Next(ctx context.Context) (*vec.Batch, error) {
	if s.next >= s.rows.Batches() {
		return nil, nil
	}
	s.next++
	return s.rows.Batch(ctx, s.next-1)
}
