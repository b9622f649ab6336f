package plan

import (
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

// exprVisitor walks the expressions of one node in a fixed order, collecting
// them or putting others in their place: one description of a node's
// expressions serves both directions.
type exprVisitor struct {
	replacing bool
	es        []Expr // collected, or still to be placed
}

type exprHolder interface {
	visit(x *exprVisitor) Node
}

func collect(n exprHolder) []Expr {
	var x exprVisitor
	n.visit(&x)
	return x.es
}

func replace(n exprHolder, es []Expr) Node {
	x := exprVisitor{replacing: true, es: es}
	out := n.visit(&x)
	if len(x.es) != 0 {
		panic("plan: more expressions than the node has places")
	}
	return out
}

// own is what a place is in: n as it is while expressions are collected, a copy of it
// while they are replaced.
func own[T any](x *exprVisitor, n *T) *T {
	if !x.replacing {
		return n
	}
	c := *n
	return &c
}

// ref is own of what a node points to.
func ref[T any](x *exprVisitor, p **T) *T {
	if x.replacing {
		*p = own(x, *p)
	}
	return *p
}

// owned is own of a list's elements.
func owned[T any](x *exprVisitor, list *[]T) []T {
	if x.replacing {
		*list = append([]T(nil), *list...)
	}
	return *list
}

func (x *exprVisitor) one(e *Expr) {
	if !x.replacing {
		x.es = append(x.es, *e)
		return
	}
	*e, x.es = x.es[0], x.es[1:]
}

// opt visits a place that may be empty.
func (x *exprVisitor) opt(e *Expr) {
	if *e != nil {
		x.one(e)
	}
}

func (x *exprVisitor) slice(s **ContentSlice) {
	if *s == nil {
		return
	}
	c := ref(x, s)
	x.one(&c.From)
	x.opt(&c.Length)
}

func (x *exprVisitor) list(es *[]Expr) {
	for i, list := 0, owned(x, es); i < len(list); i++ {
		x.one(&list[i])
	}
}

func (x *exprVisitor) rows(rows *[][]Expr) {
	for i, list := 0, owned(x, rows); i < len(list); i++ {
		x.list(&list[i])
	}
}

func (x *exprVisitor) keys(ks *[]SortKey) {
	for i, list := 0, owned(x, ks); i < len(list); i++ {
		x.one(&list[i].Expr)
	}
}

func (x *exprVisitor) aggs(as *[]*Agg) { typed(x, as) }

func (x *exprVisitor) wins(ws *[]*Win) { typed(x, ws) }

// typed visits expressions of one type.
func typed[T Expr](x *exprVisitor, list *[]T) {
	for i, e := range owned(x, list) {
		var at Expr = e
		if x.one(&at); x.replacing {
			(*list)[i] = at.(T)
		}
	}
}

func (x *exprVisitor) aggregate(a **Aggregate) {
	c := ref(x, a)
	x.list(&c.GroupBy)
	x.aggs(&c.Aggs)
}

func (x *exprVisitor) path(p *AccessPath) {
	x.terms(&p.Key)
	x.terms(&p.Prefix)
	if p.Kept != nil {
		x.terms(&ref(x, &p.Kept).Terms)
	}
	for i, arms := 0, owned(x, &p.Arms); i < len(arms); i++ {
		x.path(&arms[i])
	}
	for _, b := range []**Bound{&p.Low, &p.High, &p.KeyLow, &p.KeyHigh} {
		if *b != nil {
			x.one(&ref(x, b).Value)
		}
	}
}

func (x *exprVisitor) terms(ts *[]KeyTerm) {
	for i, list := 0, owned(x, ts); i < len(list); i++ {
		x.list(&list[i].Values)
		x.list(&list[i].Arrays)
	}
}

func (x *exprVisitor) keyMap(m *map[int16]Expr) {
	nums := slices.Sorted(maps.Keys(*m))
	if x.replacing {
		*m = maps.Clone(*m)
	}
	for _, n := range nums {
		e := (*m)[n]
		if x.one(&e); x.replacing {
			(*m)[n] = e
		}
	}
}

func (x *exprVisitor) checks(cs *[]Check) {
	for i, list := 0, owned(x, cs); i < len(list); i++ {
		x.one(&list[i].Cond)
	}
}

func (x *exprVisitor) sets(as *[]Assignment) {
	for i, list := 0, owned(x, as); i < len(list); i++ {
		x.one(&list[i].Value)
	}
}

func (x *exprVisitor) conflict(oc **OnConflict) {
	if *oc == nil {
		return
	}
	c := ref(x, oc)
	x.sets(&c.Sets)
	x.opt(&c.Where)
}

func (x *exprVisitor) members(ms *[]Member) {
	for i, list := 0, owned(x, ms); i < len(list); i++ {
		x.sets(&list[i].Generated)
		x.checks(&list[i].Checks)
	}
}

func (x *exprVisitor) routing(r **Routing) {
	if *r == nil {
		return
	}
	c := ref(x, r)
	x.routingLevel(&c.Top)
	x.members(&c.Leaves)
}

func (x *exprVisitor) routingLevel(l **RoutingLevel) {
	if *l == nil {
		return
	}
	c := ref(x, l)
	x.list(&c.Keys)
	for i, sub := 0, owned(x, &c.Sub); i < len(sub); i++ {
		x.routingLevel(&sub[i])
	}
}

func joinColumns(k JoinKind, left, right Node) []Col {
	if k == SemiJoin || k == AntiJoin {
		return left.Columns()
	}
	if k == RightSemiJoin || k == RightAntiJoin {
		return right.Columns()
	}
	return slices.Concat(left.Columns(), right.Columns())
}

// WalkNodes visits n and its inputs top-down, and the plans of its CTEs and of
// the subqueries in its expressions; f returning false skips what is below.
func WalkNodes(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for _, e := range n.Exprs() {
		Walk(e, func(e Expr) bool {
			if s, ok := e.(*Subquery); ok {
				WalkNodes(s.Plan, f)
			}
			return true
		})
	}
	if w, ok := n.(*With); ok {
		for _, c := range w.CTEs {
			WalkNodes(c.Plan, f)
		}
	}
	if l, ok := n.(*LookupJoin); ok {
		WalkNodes(l.Right, f)
	}
	for _, in := range n.Inputs() {
		WalkNodes(in, f)
	}
}

// ReadsAgain says that a plan may read tables more than once: several, or one for each row of
// something.
func ReadsAgain(root Node) bool {
	reads := 0
	WalkNodes(root, func(n Node) bool {
		if _, ok := n.(*TableScan); ok {
			reads++
		}
		return true
	})
	if reads != 1 {
		return reads > 1
	}
	n := root
	for len(n.Inputs()) == 1 {
		n = n.Inputs()[0]
	}
	_, once := n.(*TableScan)
	return !once
}

// RewriteNodes rebuilds n bottom-up with f; subplans in expressions are
// rewritten too, CTE plans in place.
func RewriteNodes(n Node, f func(Node) Node) Node {
	if n == nil {
		return nil
	}
	if w, ok := n.(*With); ok {
		for _, c := range w.CTEs {
			c.Plan = RewriteNodes(c.Plan, f)
		}
	}
	up := func(n Node) Node { return RewriteNodes(n, f) }
	return f(rewriteSubplans(rewriteInputs(n, up), up))
}

// RewriteNodesDown rebuilds n top-down with f: a node before its subplans and inputs,
// and those of what f made of it.
func RewriteNodesDown(n Node, f func(Node) Node) Node {
	if n == nil {
		return nil
	}
	down := func(n Node) Node { return RewriteNodesDown(n, f) }
	n = rewriteSubplans(f(n), down)
	if w, ok := n.(*With); ok {
		for _, c := range w.CTEs {
			c.Plan = down(c.Plan)
		}
	}
	return rewriteInputs(n, down)
}

func rewriteInputs(n Node, rewrite func(Node) Node) Node {
	if in, changed := mapped(n.Inputs(), rewrite); changed {
		return n.WithInputs(in)
	}
	return n
}

// mapped are the results of f, in a list of their own if one of them is another.
func mapped[T comparable](list []T, f func(T) T) (out []T, changed bool) {
	for i, v := range list {
		is := f(v)
		if is == v {
			continue
		}
		if !changed {
			list, changed = slices.Clone(list), true
		}
		list[i] = is
	}
	return list, changed
}

func rewriteSubplans(n Node, rewrite func(Node) Node) Node {
	return MapExprs(n, func(e Expr) Expr {
		s, ok := e.(*Subquery)
		if !ok {
			return e
		}
		p := rewrite(s.Plan)
		if p == s.Plan {
			return e
		}
		c := *s
		c.Plan = p
		return &c
	})
}

// MapExprs rewrites every expression of n itself with Rewrite; n is returned
// unchanged if nothing changed.
func MapExprs(n Node, f func(Expr) Expr) Node {
	if es, changed := mapped(n.Exprs(), func(e Expr) Expr { return Rewrite(e, f) }); changed {
		return n.WithExprs(es)
	}
	return n
}

// NodeIsVolatile says whether a plan holds a volatile expression or writes.
func NodeIsVolatile(n Node) bool {
	found := false
	WalkNodes(n, func(n Node) bool {
		switch n.(type) {
		case *Insert, *Update, *Delete, *Merge:
			found = true
		}
		for _, e := range n.Exprs() {
			found = found || IsVolatile(e)
		}
		return !found
	})
	return found
}

// MaxColumn is the largest ColumnID that a plan puts out or uses.
func MaxColumn(n Node) ColumnID {
	var most ColumnID
	see := func(id ColumnID) { most = max(most, id) }
	WalkNodes(n, func(n Node) bool {
		for _, c := range n.Columns() {
			see(c.ID)
		}
		for id := range ColumnsOf(n.Exprs()...) {
			see(id)
		}
		return true
	})
	return most
}

// CallsUser says whether a plan calls a volatile function of a user's, which may
// write.
func CallsUser(n Node) bool {
	found := false
	WalkNodes(n, func(n Node) bool {
		for _, e := range n.Exprs() {
			Walk(e, func(e Expr) bool {
				switch e := e.(type) {
				case *Call:
					found = found || e.Func.User && e.Func.Volatility == funcs.Volatile
				case *SetReturning:
					found = found || e.Call.Func.User && e.Call.Func.Volatility == funcs.Volatile
				case *Agg:
					found = found || e.Func.User
				case *Win:
					found = found || e.Func.User
				}
				return !found
			})
		}
		return !found
	})
	return found
}
