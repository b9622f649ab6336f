package plan

import (
	"sort"

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
	c := **s
	x.one(&c.From)
	x.opt(&c.Length)
	*s = &c
}

func (x *exprVisitor) list(es *[]Expr) {
	*es = append([]Expr(nil), *es...)
	for i := range *es {
		x.one(&(*es)[i])
	}
}

func (x *exprVisitor) rows(rows *[][]Expr) {
	*rows = append([][]Expr(nil), *rows...)
	for i := range *rows {
		x.list(&(*rows)[i])
	}
}

func (x *exprVisitor) keys(ks *[]SortKey) {
	*ks = append([]SortKey(nil), *ks...)
	for i := range *ks {
		x.one(&(*ks)[i].Expr)
	}
}

func (x *exprVisitor) aggs(as *[]*Agg) {
	*as = append([]*Agg(nil), *as...)
	for i, a := range *as {
		var e Expr = a
		x.one(&e)
		(*as)[i] = e.(*Agg)
	}
}

func (x *exprVisitor) wins(ws *[]*Win) {
	*ws = append([]*Win(nil), *ws...)
	for i, w := range *ws {
		var e Expr = w
		x.one(&e)
		(*ws)[i] = e.(*Win)
	}
}

func (x *exprVisitor) aggregate(a **Aggregate) {
	c := **a
	x.list(&c.GroupBy)
	x.aggs(&c.Aggs)
	*a = &c
}

func (x *exprVisitor) path(p *AccessPath) {
	x.terms(&p.Key)
	x.terms(&p.Prefix)
	x.kept(&p.Kept)
	p.Arms = append([]AccessPath(nil), p.Arms...)
	for i := range p.Arms {
		x.path(&p.Arms[i])
	}
	for _, b := range []**Bound{&p.Low, &p.High, &p.KeyLow, &p.KeyHigh} {
		if *b != nil {
			c := **b
			x.one(&c.Value)
			*b = &c
		}
	}
}

func (x *exprVisitor) kept(k **KeptKey) {
	if *k == nil {
		return
	}
	c := **k
	x.terms(&c.Terms)
	*k = &c
}

func (x *exprVisitor) terms(ts *[]KeyTerm) {
	*ts = append([]KeyTerm(nil), *ts...)
	for i := range *ts {
		x.list(&(*ts)[i].Values)
		x.list(&(*ts)[i].Arrays)
	}
}

func (x *exprVisitor) keyMap(m *map[int16]Expr) {
	if *m == nil {
		return
	}
	nums := make([]int, 0, len(*m))
	for n := range *m {
		nums = append(nums, int(n))
	}
	sort.Ints(nums)
	c := make(map[int16]Expr, len(nums))
	for _, n := range nums {
		e := (*m)[int16(n)]
		x.one(&e)
		c[int16(n)] = e
	}
	*m = c
}

func (x *exprVisitor) checks(cs *[]Check) {
	*cs = append([]Check(nil), *cs...)
	for i := range *cs {
		x.one(&(*cs)[i].Cond)
	}
}

func (x *exprVisitor) sets(as *[]Assignment) {
	*as = append([]Assignment(nil), *as...)
	for i := range *as {
		x.one(&(*as)[i].Value)
	}
}

func (x *exprVisitor) conflict(oc **OnConflict) {
	if *oc == nil {
		return
	}
	c := **oc
	x.sets(&c.Sets)
	x.opt(&c.Where)
	*oc = &c
}

func (x *exprVisitor) members(ms *[]Member) {
	*ms = append([]Member(nil), *ms...)
	for i := range *ms {
		x.sets(&(*ms)[i].Generated)
		x.checks(&(*ms)[i].Checks)
	}
}

func (x *exprVisitor) routing(r **Routing) {
	if *r == nil {
		return
	}
	c := **r
	c.Top = x.routingLevel(c.Top)
	x.members(&c.Leaves)
	*r = &c
}

func (x *exprVisitor) routingLevel(l *RoutingLevel) *RoutingLevel {
	if l == nil {
		return nil
	}
	c := *l
	x.list(&c.Keys)
	c.Sub = make([]*RoutingLevel, len(l.Sub))
	for i, sub := range l.Sub {
		c.Sub[i] = x.routingLevel(sub)
	}
	return &c
}

func concat(lists ...[]Col) []Col {
	var out []Col
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func joinColumns(k JoinKind, left, right Node) []Col {
	if k == SemiJoin || k == AntiJoin {
		return left.Columns()
	}
	if k == RightSemiJoin || k == RightAntiJoin {
		return right.Columns()
	}
	return concat(left.Columns(), right.Columns())
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
	in := n.Inputs()
	out := make([]Node, len(in))
	changed := false
	for i, c := range in {
		out[i] = rewrite(c)
		changed = changed || out[i] != c
	}
	if changed {
		return n.WithInputs(out)
	}
	return n
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
	es := n.Exprs()
	out := make([]Expr, len(es))
	changed := false
	for i, e := range es {
		out[i] = Rewrite(e, f)
		changed = changed || out[i] != e
	}
	if changed {
		return n.WithExprs(out)
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
