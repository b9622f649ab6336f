package exec

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// aggSpec is one aggregate call, compiled.
type aggSpec struct {
	agg    *plan.Agg
	call   *funcs.Call
	args   *expr.List
	types  []*types.Type // of args
	filter *expr.Predicate
	// Ordered input: rows are kept and sorted by group and keys before the
	// aggregate sees them.
	keys     []expr.Expr
	keyTypes []*types.Type
	orders   columns.Orders // by group, then keys
	acct     *spill.Account
}

func (b *builder) aggSpec(a *plan.Agg, cols []plan.Col, acct *spill.Account) (*aggSpec, error) {
	if a.Func.Agg.New == nil {
		return nil, pgerr.Internal("%s is no aggregate", a.Func.Name)
	}
	c := b.compiler(cols)
	args := aggArgs(a)
	s := &aggSpec{agg: a, acct: acct}
	var err error
	if s.args, err = c.List(args); err != nil {
		return nil, err
	}
	for _, e := range args {
		s.types = append(s.types, e.Type())
	}
	if s.filter, err = c.Predicate(a.Filter); err != nil {
		return nil, err
	}
	s.call = b.rt.NewCall(a.Func, s.types, a.Typ, a.Mod)
	s.call.VariadicExpanded = a.Func.Variadic != 0 && !a.VariadicArray
	if kind := a.Func.Agg.OrderedSet; kind == 'o' || kind == 'h' {
		for _, k := range a.Order {
			s.call.WithinGroup = append(s.call.WithinGroup, funcs.SortOrder{Desc: k.Desc, NullsFirst: k.NullsFirst})
		}
	}
	return s, b.aggOrder(s, cols)
}

// aggArgs are the arguments as the state sees them: those of an ordered-set
// aggregate end with what WITHIN GROUP orders by.
func aggArgs(a *plan.Agg) []plan.Expr {
	args := append([]plan.Expr(nil), a.Args...)
	if kind := a.Func.Agg.OrderedSet; (kind == 'o' || kind == 'h') && len(args) == a.Func.Agg.NumDirect {
		for _, k := range a.Order {
			args = append(args, k.Expr)
		}
	}
	return args
}

// aggOrder compiles the order in which rows are fed. DISTINCT of an aggregate
// that shows its input's order sorts by the arguments, as PostgreSQL does.
func (b *builder) aggOrder(s *aggSpec, cols []plan.Col) error {
	keys := s.agg.Order
	if len(keys) == 0 && s.agg.Distinct && s.agg.Func.Agg.OrderSensitive {
		for _, a := range s.agg.Args {
			if _, constant := a.(*plan.Const); !constant {
				keys = append(keys, plan.SortKey{Expr: a})
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var err error
	if s.keys, _, err = b.sortKeys(keys, cols); err != nil {
		return err
	}
	orders := []columns.Order{{Type: types.ByOID(types.Int4OID)}}
	for _, k := range keys {
		orders = append(orders, columns.Order{Type: k.Expr.Type(), Desc: k.Desc, NullsFirst: k.NullsFirst})
	}
	s.keyTypes, s.orders = keyTypes(keys), columns.NewOrders(orders)
	return nil
}

// aggRun is one aggregate over the groups of one table.
type aggRun struct {
	*aggSpec
	state  funcs.AggState
	seen   *columns.Table // group and arguments already counted, for DISTINCT
	sorter *sorter        // ordered input
}

func (s *aggSpec) start() *aggRun {
	r := &aggRun{aggSpec: s, state: s.agg.Func.Agg.New(s.call)}
	group := []*types.Type{types.ByOID(types.Int4OID)}
	if s.agg.Distinct {
		r.seen = columns.NewTable(append(group[:1:1], s.types...))
	}
	if s.keys != nil {
		r.sorter = newSorter(s.acct, s.orders, s.types, append(group[:1:1], s.keyTypes...))
	}
	return r
}

// update adds the rows sel of b; group has the group of every row of b, nil if
// all are in group 0.
func (r *aggRun) update(b *vec.Batch, sel []int32, group []int32) error {
	sel, err := r.filter.Rows(b, sel)
	if err != nil || sel != nil && len(sel) == 0 {
		return err
	}
	args, err := r.args.Eval(b, sel)
	if err != nil {
		return err
	}
	if r.seen != nil {
		sel = r.unseen(args, sel, b.N, group)
	}
	if r.sorter == nil {
		return r.state.Update(args, sel, b.N, groupsOf(group, sel))
	}
	return r.keep(b, args, sel, group)
}

// groupsOf lists the groups of the rows sel.
func groupsOf(group, sel []int32) []int32 {
	if group == nil || sel == nil {
		return group
	}
	out := make([]int32, len(sel))
	for k, i := range sel {
		out[k] = group[i]
	}
	return out
}

func groupVector(group []int32, n int) vec.Vector {
	t := types.ByOID(types.Int4OID)
	if group == nil {
		return vec.NewConst(t, int32(0), n)
	}
	return vec.NewVec(t, group[:n:n], nil)
}

func (r *aggRun) unseen(args []vec.Vector, sel []int32, n int, group []int32) []int32 {
	keys := append([]vec.Vector{groupVector(group, n)}, args...)
	if sel == nil {
		sel = vec.All(n)
	}
	numbers := make([]int32, len(sel))
	next := int32(r.seen.Insert(keys, sel, n, r.seen.Hash(keys, sel, n), numbers))
	fresh := make([]int32, 0, len(sel))
	for k, at := range numbers {
		if at == next {
			next++
			fresh = append(fresh, sel[k])
		}
	}
	return fresh
}

// keep stores rows until all input has come.
func (r *aggRun) keep(b *vec.Batch, args []vec.Vector, sel, group []int32) error {
	keys := []vec.Vector{groupVector(append([]int32(nil), group...), b.N)}
	if group == nil {
		keys[0] = groupVector(nil, b.N)
	}
	for _, e := range r.keys {
		v, err := e.Eval(b, sel)
		if err != nil {
			return err
		}
		keys = append(keys, v)
	}
	return r.sorter.add(&vec.Batch{Cols: args, N: b.N, Sel: sel}, keys)
}

// finish feeds the rows that were kept.
func (r *aggRun) finish(ctx context.Context) error {
	if r.sorter == nil {
		return nil
	}
	src, err := r.sorter.finish()
	if err != nil {
		return err
	}
	width := r.args.Len()
	for {
		b, err := src.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		group := vec.Of[int32](vec.Flatten(b.Cols[width])).Vals
		if err := r.state.Update(b.Cols[:width], nil, b.N, group); err != nil {
			return err
		}
	}
}

func (r *aggRun) memSize() int64 {
	n := r.state.MemSize()
	if r.seen != nil {
		n += r.seen.MemSize()
	}
	return n
}

func (r *aggRun) close() {
	if r.sorter != nil {
		r.sorter.close()
	}
}

// aggregator is what both ways of grouping share: the compiled node.
type aggregator struct {
	node  *plan.Aggregate
	keys  []expr.Expr
	types []*types.Type // of keys
	aggs  [][]*aggSpec  // by grouping set
	acct  *spill.Account
	cols  []plan.Col // of the input
	size  int
}

func (b *builder) aggregator(n plan.Node, a *plan.Aggregate, cols []plan.Col) (*aggregator, error) {
	g := &aggregator{node: a, acct: b.account(n), cols: cols, size: b.batchSize()}
	var err error
	if g.keys, err = b.compiler(cols).CompileAll(a.GroupBy); err != nil {
		return nil, err
	}
	for _, k := range a.GroupBy {
		g.types = append(g.types, k.Type())
	}
	rows := b.account(n)
	for _, set := range g.sets() {
		specs := make([]*aggSpec, len(a.Aggs))
		for i, agg := range a.Aggs {
			if specs[i], err = b.aggSpec(inSet(agg, a.GroupBy, set), cols, rows); err != nil {
				return nil, err
			}
		}
		g.aggs = append(g.aggs, specs)
	}
	return g, nil
}

// inSet is an ordered-set aggregate as one grouping set sees it: grouping
// expressions that are not in the set are NULL in its direct arguments.
func inSet(a *plan.Agg, groupBy []plan.Expr, set []int) *plan.Agg {
	kind := a.Func.Agg.OrderedSet
	if len(set) == len(groupBy) || kind != 'o' && kind != 'h' {
		return a
	}
	absent := map[string]bool{}
	for k, e := range groupBy {
		if !contains(set, k) {
			absent[plan.Key(e)] = true
		}
	}
	c := *a
	c.Args = slices.Clone(a.Args)
	for i := range len(a.Args) - len(a.Order) {
		c.Args[i] = plan.Rewrite(a.Args[i], func(e plan.Expr) plan.Expr {
			if absent[plan.Key(e)] {
				return &plan.Const{Meta: plan.M(e.Type(), e.Pos())}
			}
			return e
		})
	}
	return &c
}

// start makes the states of one grouping set.
func (g *aggregator) start(set []int) []*aggRun {
	n := slices.IndexFunc(g.sets(), func(s []int) bool { return slices.Equal(s, set) })
	runs := make([]*aggRun, len(g.aggs[n]))
	for i, s := range g.aggs[n] {
		runs[i] = s.start()
	}
	return runs
}

// sets are the grouping sets; one of all keys where the node has none.
func (g *aggregator) sets() [][]int {
	if g.node.Sets != nil {
		return g.node.Sets
	}
	all := make([]int, len(g.keys))
	for i := range all {
		all[i] = i
	}
	return [][]int{all}
}

// output makes the node's columns for groups [from, to): keys holds those of
// the set, in its order.
func (g *aggregator) output(set []int, keys []vec.Vector, aggs []*aggRun, from, to int) (*vec.Batch, error) {
	n := to - from
	cols := make([]vec.Vector, len(g.types), len(g.types)+len(aggs)+len(g.node.Groupings))
	for k, t := range g.types {
		cols[k] = vec.Const(t, nil, n)
	}
	for i, k := range set {
		cols[k] = keys[i]
	}
	for _, a := range aggs {
		out := vec.NewBuilder(a.agg.Typ, n)
		if err := a.state.Result(out, from, to); err != nil {
			return nil, err
		}
		cols = append(cols, out.Build())
	}
	for _, c := range g.node.Groupings {
		cols = append(cols, vec.Const(types.ByOID(types.Int4OID), grouping(c.Groups, set), n))
	}
	return vec.NewBatch(cols, n), nil
}

// grouping is GROUPING(…): a bit per argument, the last lowest, set where it is
// not grouped by.
func grouping(groups, set []int) int32 {
	var bits int32
	for _, g := range groups {
		bits <<= 1
		if !contains(set, g) {
			bits |= 1
		}
	}
	return bits
}

func contains(set []int, x int) bool {
	for _, s := range set {
		if s == x {
			return true
		}
	}
	return false
}
