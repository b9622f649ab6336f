package exec

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// target compiles what the modifying nodes share. cols is what checks and
// RETURNING see.
func (b *builder) target(n plan.Node, rel *catalog.Relation, cols []plan.Col, nums []int16,
	seen []plan.Col, generated []plan.Assignment, checks []plan.Check, returning []plan.Expr, triggers *plan.Triggers) (dml.Target, error) {
	t := dml.Target{
		Rel: rel, Tables: b.env.Tables, Writer: b.env.Writer, Locks: b.env.rowLocker(), Since: b.env.since, Types: b.rt.Types, Session: b.env.Session,
		InTransaction: b.env.InTransaction, Cols: cols, Nums: nums, Acct: b.account(n), OutTypes: plan.ColumnTypes(n.Columns()),
		Foreign: b.env.Foreign, Written: b.written,
	}
	if t.Writer == nil {
		return t, pgerr.New(pgerr.ReadOnlySqlTransaction, "cannot execute a write in a read-only transaction")
	}
	var err error
	c := b.compiler(seen)
	if t.Generated, err = b.sets(generated, seen); err != nil {
		return t, err
	}
	if t.Checks, err = b.checks(checks, seen); err != nil {
		return t, err
	}
	if t.Triggers, err = b.triggers(triggers, n); err != nil {
		return t, err
	}
	switch n := n.(type) {
	case *plan.Insert:
		t.Shown = n.Shown
	case *plan.Update:
		t.Shown = n.Shown
	}
	t.Returning, err = c.List(returning)
	return t, err
}

func (b *builder) sets(as []plan.Assignment, cols []plan.Col) ([]dml.Set, error) {
	c := b.compiler(cols)
	out := make([]dml.Set, len(as))
	for i, a := range as {
		e, err := c.Compile(a.Value)
		if err != nil {
			return nil, err
		}
		out[i] = dml.Set{Num: a.Num, Value: e}
	}
	return out, nil
}

func (b *builder) insert(n *plan.Insert) (Operator, error) {
	in, err := b.input(n.Input, n.Returning)
	if err != nil {
		return nil, err
	}
	tables := addTables(nil, n.Rel, insertMembers(n))
	fires := n.Line == 0 && anyBefore(n.Triggers, insertMembers(n), catalog.TriggerInsert)
	if readsAnyOf(n.Input, tables) || fires && readsTables(n.Input) {
		in = b.wholly(in, n)
	}
	t, err := b.target(n, n.Rel, n.Target, n.TargetNums, n.Target, n.Generated, n.Checks, n.Returning, n.Triggers)
	if err != nil {
		return nil, err
	}
	if t.Router, err = b.router(n.Routing, n.Target); err != nil {
		return nil, err
	}
	op := &dml.Insert{Target: t, Input: in, InputNums: n.Nums}
	if n.Line != 0 {
		op.Origin = b.env.Copy
		op.Line = slices.IndexFunc(n.Input.Columns(), func(c plan.Col) bool { return c.ID == n.Line })
	}
	if n.OnConflict != nil {
		op.Conflict, err = b.onConflict(n.OnConflict)
	}
	if err != nil {
		return nil, err
	}
	late := append(conflictExprs(n.OnConflict), n.Returning...)
	if n.Rel.Kind != catalog.PartitionedTable {
		return b.counting(op, n, tables, late)
	}
	route, err := b.route(n, op)
	if err != nil {
		return nil, err
	}
	return b.counting(route, n, tables, late)
}

func (b *builder) onConflict(c *plan.OnConflict) (*dml.Conflict, error) {
	cols := append(append([]plan.Col(nil), c.Existing...), c.Excluded...)
	out := &dml.Conflict{Arbiters: c.Arbiters, DoNothing: c.DoNothing}
	b.written.Inserts = b.written.Inserts || !c.DoNothing
	var err error
	if out.Sets, err = b.sets(c.Sets, cols); err != nil {
		return nil, err
	}
	out.Where, err = b.compiler(cols).Predicate(c.Where)
	return out, err
}

func conflictExprs(c *plan.OnConflict) []plan.Expr {
	if c == nil {
		return nil
	}
	var out []plan.Expr
	if c.Where != nil {
		out = append(out, c.Where)
	}
	for _, s := range c.Sets {
		out = append(out, s.Value)
	}
	return out
}

// found compiles what UPDATE and DELETE share, but for the Input.
func (b *builder) found(n plan.Node, input plan.Node, image plan.ColumnID, t dml.Target) (dml.Found, error) {
	f := dml.Found{Target: t, InputCols: input.Columns(), Image: -1}
	if t.Rel.Kind == catalog.View { // its rows have no images
		return f, nil
	}
	for i, c := range f.InputCols {
		if c.ID == image {
			f.Image = i
		}
	}
	if f.Image < 0 {
		return f, pgerr.Internal("the input of %T yields no row image", n)
	}
	f.Again = func(id string) (dml.Input, error) {
		env := *b.env
		env.only, env.Stats = []onlyRow{{image, id}}, nil
		return b.over(&env).build(input)
	}
	return f, nil
}

// over is a builder of parts of the same plan over another environment.
func (b *builder) over(env *Env) *builder {
	nb := newBuilder(env)
	nb.rt = b.rt
	nb.ctes, nb.works, nb.outer, nb.early, nb.ends = b.ctes, b.works, b.outer, b.early, b.ends
	return nb
}

// readsAnyOf says whether a plan reads one of the relations: then its rows must all
// be read before the first is written.
func readsAnyOf(n plan.Node, tables map[types.OID]bool) bool {
	found := false
	plan.WalkNodes(n, func(n plan.Node) bool {
		if s, ok := n.(*plan.TableScan); ok && tables[s.Rel.OID] {
			found = true
		}
		return !found
	})
	return found
}

// readsTables says whether a plan reads any table.
func readsTables(n plan.Node) bool {
	found := false
	plan.WalkNodes(n, func(n plan.Node) bool {
		_, scan := n.(*plan.TableScan)
		found = found || scan
		return !found
	})
	return found
}

// readsElsewhere is readsAnyOf but for the scan that finds the rows to be
// changed.
func readsElsewhere(n plan.Node, tables map[types.OID]bool, image plan.ColumnID) bool {
	found := false
	plan.WalkNodes(n, func(n plan.Node) bool {
		if s, ok := n.(*plan.TableScan); ok && tables[s.Rel.OID] && !readsColumn(s, image) {
			found = true
		}
		return !found
	})
	return found
}

// wholly reads all of its input before it yields the first row.
type wholly struct {
	Operator
	acct *spill.Account
	cols []plan.Col
	rows *spill.Rows
	at   int
	open bool
}

func (b *builder) wholly(in Operator, n plan.Node) Operator {
	return &wholly{Operator: in, acct: b.account(n), cols: n.Inputs()[0].Columns()}
}

func (w *wholly) Next(ctx context.Context) (*vec.Batch, error) {
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	if w.at >= w.rows.Batches() {
		return nil, nil
	}
	w.at++
	return w.rows.Batch(ctx, w.at-1)
}

func (w *wholly) Close() error {
	if w.rows != nil {
		w.rows.Close()
		w.rows = nil
	}
	w.open = false
	return w.Operator.Close()
}

// affecting is a modifying operator.
type affecting interface {
	Operator
	Affected() int64
}

// counting registers op. The expressions late run after its first write.
func (b *builder) counting(op affecting, n plan.Node, tables map[types.OID]bool, late []plan.Expr) (Operator, error) {
	b.modifiers[n] = op
	b.written.Parts++
	early, err := b.readEarly(tables, subqueries(late))
	return &modifying{op, early}, err
}

// Affected returns the number of rows written by the statement whose operators
// Build made of root; for a query without INSERT, UPDATE or DELETE at its top
// ok is false.
func Affected(op Operator) (rows int64, ok bool) {
	r, isRoot := op.(*rootOperator)
	if !isRoot {
		return 0, false
	}
	for n := r.node; n != nil; n = onlyInput(n) {
		if m := r.modifiers[n]; m != nil {
			return m.Affected(), true
		}
	}
	return 0, false
}

func onlyInput(n plan.Node) plan.Node {
	if in := n.Inputs(); len(in) == 1 {
		return in[0]
	}
	return nil
}

// checks compiles checks over cols.
func (b *builder) checks(checks []plan.Check, cols []plan.Col) ([]dml.Check, error) {
	c := b.compiler(cols)
	var out []dml.Check
	for _, ch := range checks {
		e, err := c.Compile(ch.Cond)
		if err != nil {
			return nil, err
		}
		out = append(out, dml.Check{Name: ch.Name, Cond: e, View: ch.View, Policy: ch.Policy, Table: ch.Table})
	}
	return out, nil
}
