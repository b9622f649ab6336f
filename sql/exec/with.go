package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// cteRows are the rows of one WITH query, read on demand and kept for all its
// readers.
type cteRows struct {
	op     Operator
	acct   *spill.Account
	cols   []plan.Col
	rows   *spill.Rows
	opened bool
	done   bool
}

func (c *cteRows) reset() error {
	var err error
	if c.opened {
		err = c.op.Close()
	}
	if c.rows != nil {
		c.rows.Close()
	}
	c.rows, c.opened, c.done = nil, false, false
	return err
}

// batch returns the i-th batch; nil after the last.
func (c *cteRows) batch(ctx context.Context, i int) (*vec.Batch, error) {
	if !c.opened {
		c.opened, c.rows = true, spill.NewRows(c.acct, plan.ColumnTypes(c.cols))
		if err := c.op.Open(ctx); err != nil {
			return nil, err
		}
	}
	for i >= c.rows.Batches() {
		if c.done {
			return nil, nil
		}
		b, err := c.op.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			c.done = true
			return nil, nil
		}
		if err := c.rows.Append(b); err != nil {
			return nil, err
		}
	}
	return c.rows.Batch(ctx, i)
}

// finish reads what is left.
func (c *cteRows) finish(ctx context.Context) error {
	for i := 0; ; i++ {
		if c.rows != nil && i < c.rows.Batches() {
			i = c.rows.Batches()
		}
		b, err := c.batch(ctx, i)
		if b == nil || err != nil {
			return err
		}
	}
}

func finishAll(ctx context.Context, ctes []*cteRows) error {
	for _, c := range ctes {
		if err := c.finish(ctx); err != nil {
			return err
		}
	}
	return nil
}

// withOp is WITH: its queries, then the body. Data-modifying queries run to
// their end whether the body reads them or not.
type withOp struct {
	body     Operator
	ctes     []*cteRows
	modifies []*cteRows
	early    []*cteRows // of the tables that the queries modify
	writes   bool       // the body modifies too
	ran      bool
}

func (b *builder) with(n *plan.With) (Operator, error) {
	w := &withOp{}
	if modified := modifiedTables(n); len(modified) > 0 {
		var err error
		if w.early, err = b.readEarly(modified, func(f func(plan.Node) bool) { plan.WalkNodes(n, f) }); err != nil {
			return nil, err
		}
	}
	for _, c := range n.CTEs {
		op, err := b.build(c.Plan)
		if err != nil {
			return nil, err
		}
		rows := &cteRows{op: op, acct: b.account(n), cols: c.Plan.Columns()}
		b.ctes[c] = rows
		w.ctes = append(w.ctes, rows)
		if c.Modifies {
			w.modifies = append(w.modifies, rows)
		}
	}
	var err error
	w.body, err = b.build(n.Body)
	w.writes = b.modifiers[n.Body] != nil
	return w, err
}

func (w *withOp) Open(ctx context.Context) error {
	if err := w.reset(); err != nil {
		return err
	}
	return w.body.Open(ctx)
}

func (w *withOp) reset() error {
	w.ran = false
	var first error
	for _, c := range append(w.ctes[:len(w.ctes):len(w.ctes)], w.early...) {
		if err := c.reset(); first == nil {
			first = err
		}
	}
	return first
}

// Next runs the modifying queries before it gives the body's first row: a client
// that stops reading must not stop them. A body that modifies has written all its
// rows by then, and goes before what it does not read: ExecPostprocessPlan.
func (w *withOp) Next(ctx context.Context) (*vec.Batch, error) {
	if w.ran {
		return w.body.Next(ctx)
	}
	w.ran = true
	if err := finishAll(ctx, w.early); err != nil {
		return nil, err
	}
	if !w.writes {
		if err := finishAll(ctx, w.modifies); err != nil {
			return nil, err
		}
		return w.body.Next(ctx)
	}
	first, err := w.body.Next(ctx)
	if err != nil {
		return nil, err
	}
	return first, finishAll(ctx, w.modifies)
}

func (w *withOp) Close() error {
	err := w.body.Close()
	if rerr := w.reset(); err == nil {
		err = rerr
	}
	return err
}

// cteScan reads a WITH query from its first row.
type cteScan struct {
	cte  *cteRows
	next int
}

func (b *builder) cteScan(n *plan.CTEScan) (Operator, error) {
	rows := b.ctes[n.CTE]
	if rows == nil {
		return nil, pgerr.Internal("WITH query %s is not defined here", n.CTE.Name)
	}
	return &cteScan{cte: rows}, nil
}

func (s *cteScan) Open(context.Context) error { s.next = 0; return nil }

func (s *cteScan) Close() error { return nil }

func (s *cteScan) Next(ctx context.Context) (*vec.Batch, error) {
	b, err := s.cte.batch(ctx, s.next)
	s.next++
	return b, err
}

// modifiedTables are those that the node's own WITH queries write.
func modifiedTables(n *plan.With) map[types.OID]bool {
	out := map[types.OID]bool{}
	for _, c := range n.CTEs {
		if !c.Modifies {
			continue
		}
		plan.WalkNodes(c.Plan, func(n plan.Node) bool {
			switch t := n.(type) {
			case *plan.Insert:
				addTables(out, t.Rel, insertMembers(t))
			case *plan.Update:
				addTables(out, t.Rel, t.Members)
			case *plan.Delete:
				addTables(out, t.Rel, t.Members)
			case *plan.Merge:
				addTables(out, t.Rel, t.Members)
			}
			return true
		})
	}
	return out
}
