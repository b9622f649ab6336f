package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/scan"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Build makes the operators of a physical plan. It does no I/O. The operators
// serve one execution in one goroutine.
func Build(root plan.Node, env *Env) (Operator, error) {
	if env.Locker != nil {
		env.since = env.Locker.Moment()
	}
	b := newBuilder(env)
	op, err := b.build(root)
	if err != nil {
		return nil, err
	}
	return &rootOperator{Operator: op, rt: b.rt, node: root, modifiers: b.modifiers, ends: b.ends}, nil
}

// builder holds what is shared within one execution.
type builder struct {
	env *Env
	rt  *expr.Runtime
	// outer has the slots of the enclosing queries' columns.
	outer *expr.Outer
	ctes  map[*plan.CTE]*cteRows
	works map[int]*workTable
	// repeated: the tree is opened again and again with other outer values, so
	// parts that do not depend on them are kept.
	repeated bool
	// whole: what is built feeds an operator that writes, which must not begin with the
	// rows before one that fails: it would undo them.
	whole bool
	// single: what is built gives one row at a time.
	single bool
	// early are the scans of tables that the statement itself writes.
	early map[*plan.TableScan]*earlyScan
	// ordered are the scans below a presorted TopN, by their plans: nil before they are
	// built.
	ordered map[*plan.TableScan]*scan.Table
	// modifiers are the modifying operators, for their row counts.
	modifiers map[plan.Node]affecting
	// written are the rows that the statement's modifying operators have changed.
	written *dml.Written
	// feeds are the keys that hash joins hand to scans.
	feeds map[*plan.Feed]*scan.Feed
	// feed has the rows of the action of MERGE that is being built.
	feed *mergeFeed
	// ends run when the root closes: parts kept between runs of subqueries.
	ends *[]func() error
}

// atEnd has f called when the query's root closes.
func (b *builder) atEnd(f func() error) { *b.ends = append(*b.ends, f) }

func newBuilder(env *Env) *builder {
	b := &builder{env: env, ctes: map[*plan.CTE]*cteRows{}, works: map[int]*workTable{}, modifiers: map[plan.Node]affecting{},
		early: map[*plan.TableScan]*earlyScan{}, written: dml.NewWritten(),
		feeds: map[*plan.Feed]*scan.Feed{}, ends: new([]func() error)}
	b.written.Outer = env.Outer
	b.rt = &expr.Runtime{Ctx: context.Background(), Types: env.Types, Session: env.Session, Params: env.Params, Reuse: env.Reuse}
	if b.rt.Types == nil {
		b.rt.Types = types.DefaultEnv()
	}
	b.rt.Subplan = b.subplan
	return b
}

// own is a copy for one node, which adds outer columns of its own.
func (b *builder) own() *builder {
	c := *b
	return &c
}

// subplan makes the operators of a subquery when it is first needed.
func (b *builder) subplan(n plan.Node, outer *expr.Outer) (expr.Subplan, error) {
	return b.below(outer).build(n)
}

// below is the builder of a subquery whose outer columns are in outer.
func (b *builder) below(outer *expr.Outer) *builder {
	c := *b
	c.outer, c.repeated, c.whole, c.single = outer, true, false, false
	return &c
}

// input builds what an operator that writes takes its rows from: one by one if volatile
// functions in RETURNING are to see nothing of the next.
func (b *builder) input(n plan.Node, returning []plan.Expr) (Operator, error) {
	c := *b
	c.whole = true
	if plan.VolatileCalls(returning...) > 0 && !isRow(n) {
		c.single, c.written.Singly = true, true
	}
	return c.build(n)
}

// isRow tells INSERT … VALUES of one row.
func isRow(n plan.Node) bool {
	for {
		switch x := n.(type) {
		case *plan.Project:
			n = x.Input
		case *plan.Values:
			return len(x.Rows) == 1
		default:
			return false
		}
	}
}

func (b *builder) batchSize() int {
	if b.single {
		return 1
	}
	return b.env.batchSize()
}

// rootOperator keeps the context of the running call where expressions find it.
type rootOperator struct {
	Operator
	rt        *expr.Runtime
	node      plan.Node
	modifiers map[plan.Node]affecting
	ends      *[]func() error
}

func (r *rootOperator) Close() error {
	err := r.Operator.Close()
	for _, f := range *r.ends {
		if ferr := f(); err == nil {
			err = ferr
		}
	}
	*r.ends = nil
	return err
}

func (r *rootOperator) Open(ctx context.Context) error {
	r.rt.Ctx = ctx
	return r.Operator.Open(ctx)
}

func (r *rootOperator) Next(ctx context.Context) (*vec.Batch, error) {
	r.rt.Ctx = ctx
	if ctx.Err() != nil {
		return nil, spill.Cancelled(ctx)
	}
	return r.Operator.Next(ctx)
}

func (b *builder) build(n plan.Node) (Operator, error) {
	if b.repeated && len(b.early) == 0 {
		if op, err := b.keep(n); op != nil || err != nil {
			return op, err
		}
	}
	op, err := b.operator(n)
	if err != nil {
		return nil, err
	}
	return b.measure(op, n), nil
}

func (b *builder) measure(op Operator, n plan.Node) Operator {
	ns := b.env.Stats.of(n)
	if ns == nil {
		return op
	}
	m := &measured{Operator: op, stats: ns}
	if b.env.Stats.timing {
		m.now = b.env.Now
	}
	ns.metered = makesRequests(n)
	return m
}

func makesRequests(n plan.Node) bool {
	switch n.(type) {
	case *plan.TableScan, *plan.Insert, *plan.Update, *plan.Delete:
		return true
	}
	return false
}

// account makes the memory account of one operator of node n.
func (b *builder) account(n plan.Node) *spill.Account {
	a := spill.NewAccount(b.env.spillConfig())
	if ns := b.env.Stats.of(n); ns != nil {
		ns.accounts = append(ns.accounts, a)
	}
	return a
}

func (b *builder) compiler(cols []plan.Col) *expr.Compiler {
	return expr.NewCompiler(b.rt, cols, b.outer)
}

func (b *builder) operator(n plan.Node) (Operator, error) {
	switch n := n.(type) {
	case *plan.TableScan:
		if e := b.early[n]; e != nil && b.env.onlyRowOf(n) == "" {
			return b.scanEarly(e)
		}
		return b.tableScan(n)
	case *plan.VirtualScan:
		return b.virtualScan(n)
	case *plan.Values:
		return b.values(n)
	case *plan.FuncScan:
		return b.funcScan(n)
	case *plan.Filter:
		return b.filter(n)
	case *plan.Project:
		return b.project(n)
	case *plan.ProjectSet:
		return b.projectSet(n)
	case *plan.Limit:
		return b.limit(n)
	case *plan.Sample:
		return b.sample(n)
	case *plan.LockRows:
		return b.lockRows(n)
	case *plan.Sort:
		return b.sort(n)
	case *plan.TopN:
		return b.topN(n)
	case *plan.DistinctRows:
		return b.distinct(n)
	case *plan.Append:
		return b.append(n)
	}
	return b.operatorOfMany(n)
}

func (b *builder) operatorOfMany(n plan.Node) (Operator, error) {
	switch n := n.(type) {
	case *plan.HashJoin:
		return b.hashJoin(n)
	case *plan.NestLoop:
		return b.nestLoop(n)
	case *plan.MergeJoin:
		return b.mergeJoin(n)
	case *plan.LookupJoin:
		if b.early[n.Right] != nil || b.env.onlyRowOf(n.Right) != "" {
			return b.nestLoop(&plan.NestLoop{Kind: n.Kind, Left: n.Left, Right: n.Right, On: n.Residual})
		}
		return b.lookupJoin(n)
	case *plan.HashAggregate:
		return b.hashAggregate(n)
	case *plan.GroupAggregate:
		return b.groupAggregate(n)
	case *plan.HashSetOp:
		return b.setOp(n)
	case *plan.Window:
		return b.window(n)
	case *plan.With:
		return b.with(n)
	case *plan.CTEScan:
		return b.cteScan(n)
	case *plan.RecursiveUnion:
		return b.recursiveUnion(n)
	case *plan.WorkTable:
		return b.workTable(n)
	case *plan.NamedTuplestoreScan:
		return b.namedTuplestoreScan(n)
	case *plan.CopyScan:
		return b.copyScan()
	case *plan.Insert:
		return b.own().insert(n)
	case *plan.Update:
		return b.own().update(n)
	case *plan.Delete:
		return b.own().delete(n)
	case *plan.Merge:
		return b.own().mergeInto(n)
	case *plan.MergeRows:
		return b.feed, nil
	}
	return nil, pgerr.Internal("the planner left a %T in the plan", n)
}
