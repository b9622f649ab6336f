package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// cteEntry is a WITH query in scope. In WITH RECURSIVE an entry is bound when
// it is first needed, so that queries may refer forward.
type cteEntry struct {
	def   *parser.CommonTableExpr
	scope *scope
	cte   *plan.CTE
	cols  []plan.Col // names and types
	state cteState
	// work is set while the recursive term is bound; selfRefs counts its
	// references to itself.
	work      *plan.RecursiveUnion
	selfRefs  int
	recursive bool // in WITH RECURSIVE
	tracking  *tracking
	tree      *plan.QueryTree
}

type cteState uint8

const (
	cteUnbound cteState = iota
	cteBinding
	cteWith // binding the WITH clause of a recursive query
	cteSeed // binding the non-recursive term
	cteStep // binding the recursive term
	cteBound
)

// with is transformWithClause. The CTEs come in the order in which they can be
// planned.
func (s *scope) with(w *parser.WithClause) []*plan.CTE {
	if w == nil {
		return nil
	}
	entries := make([]*cteEntry, len(w.Ctes))
	for i, n := range w.Ctes {
		def := n.GetCommonTableExpr()
		for _, e := range entries[:i] {
			if e.def.Ctename == def.Ctename {
				failAt(s.b.at(def.Location), pgerr.DuplicateAlias, "WITH query name \"%s\" specified more than once", def.Ctename)
			}
		}
		entries[i] = &cteEntry{def: def, scope: s, recursive: w.Recursive}
		s.checkCTE(def)
	}
	s.defined = entries
	if w.Recursive {
		s.ctes = append(slices.Clip(s.ctes), entries...)
	}
	for i, e := range entries {
		s.future = entries[i:]
		s.bindCTE(e)
		if !w.Recursive {
			s.ctes = append(slices.Clip(s.ctes), e)
		}
	}
	s.future = nil
	return s.bound
}

func (s *scope) checkCTE(def *parser.CommonTableExpr) {
	pos := s.b.at(def.Location)
	if def.Ctequery.GetSelectStmt() == nil && s.parent != nil {
		failAt(pos, pgerr.FeatureNotSupported, "WITH clause containing a data-modifying statement must be at the top level")
	}
}

var materialization = map[parser.CTEMaterialize]byte{
	parser.CTEMaterialize_CTEMaterializeAlways: 'a', parser.CTEMaterialize_CTEMaterializeNever: 'n',
}

func (s *scope) bindCTE(e *cteEntry) {
	if e.state != cteUnbound {
		return
	}
	e.state = cteBinding
	e.cte = &plan.CTE{Name: e.def.Ctename, Materialized: 'd'}
	if m, ok := materialization[e.def.Ctematerialized]; ok {
		e.cte.Materialized = m
	}
	sel := e.def.Ctequery.GetSelectStmt()
	switch {
	case sel == nil:
		s.modifyingCTE(e)
	case e.recursive && refersTo(e.def.Ctequery, e.def.Ctename):
		s.recursiveCTE(e, sel)
	default:
		s.notRecursive(e.def)
		e.cte.Plan = s.b.query(e.def.Ctequery, s)
		if s.b.trees != nil {
			e.tree = s.b.trees.queries[e.cte.Plan]
		}
		e.cols = s.cteColumns(e, e.cte.Plan.Columns())
	}
	e.state = cteBound
	s.bound = append(s.bound, e.cte)
}

// cteColumns names the columns, from the alias list first.
func (s *scope) cteColumns(e *cteEntry, cols []plan.Col) []plan.Col {
	names := nameParts(e.def.Aliascolnames)
	if len(names) > len(cols) {
		failAt(s.b.at(e.def.Location), pgerr.InvalidColumnReference, "WITH query \"%s\" has %d columns available but %d columns specified",
			e.def.Ctename, len(cols), len(names))
	}
	out := slices.Clone(cols)
	for i, n := range names {
		out[i].Name = n
	}
	return out
}

func (s *scope) findCTE(name string) *cteEntry {
	for p := s; p != nil; p = p.parent {
		for i := len(p.ctes) - 1; i >= 0; i-- {
			if p.ctes[i].def.Ctename == name {
				return p.ctes[i]
			}
		}
	}
	return nil
}

// failRelation is 42P01 for a name in FROM, with a hint where a WITH query of
// that name comes later.
func (s *scope) failRelation(rv *parser.RangeVar) {
	e := pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", rangeVarName(rv)).AtByte(s.b.at(rv.Location))
	for p := s; p != nil && rv.Schemaname == ""; p = p.parent {
		if slices.ContainsFunc(p.future, func(c *cteEntry) bool { return c.def.Ctename == rv.Relname }) {
			e.WithDetail("There is a WITH item named \"%s\", but it cannot be referenced from this part of the query.", rv.Relname)
			e.WithHint("Use WITH RECURSIVE, or re-order the WITH items to remove forward references.")
		}
	}
	fail(e)
}

// cteItem makes the FROM item of a reference to a CTE.
func (s *scope) cteItem(e *cteEntry, rv *parser.RangeVar) fromResult {
	pos := s.b.at(rv.Location)
	e.scope.bindCTE(e)
	var node plan.Node
	switch e.state {
	case cteBinding, cteSeed, cteWith:
		e.failReference(s, pos)
	case cteStep:
		e.checkSelfReference(s, pos)
		w := &plan.WorkTable{ID: e.work.ID}
		w.Cols = s.copyColumns(e.cols)
		node = w
	default:
		node = s.cteScan(e, pos)
	}
	name := e.def.Ctename
	if rv.Alias != nil {
		name = rv.Alias.Aliasname
	}
	it := s.derivedItem(name, node.Columns())
	it.aliased, it.unlockable = rv.Alias != nil, "a WITH query"
	if it.entry = s.b.newEntry(rv.Alias); it.entry != nil {
		it.entry.CTE, it.entry.Name = e.def.Ctename, e.def.Ctename
	}
	s.renameColumns(it, rv.Alias)
	if e.state == cteStep && e.tracking != nil {
		e.tracking.reference(s, it)
	}
	return s.single(it, node, false)
}

// checkSelfReference is checkWellFormedRecursion for one reference.
func (e *cteEntry) checkSelfReference(s *scope, pos int) {
	s.selfRef = true
	if s.b.recursion != "" {
		failAt(pos, pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear within %s", e.def.Ctename, s.b.recursion)
	}
	if e.selfRefs++; e.selfRefs > 1 {
		failAt(pos, pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear more than once", e.def.Ctename)
	}
}

func (e *cteEntry) failReference(s *scope, pos int) {
	if e.state == cteWith {
		failAt(pos, pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear within a subquery", e.def.Ctename)
	}
	if e.state == cteSeed {
		failAt(pos, pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear within its non-recursive term", e.def.Ctename)
	}
	failAt(s.b.at(e.def.Location), pgerr.FeatureNotSupported, "mutual recursion between WITH items is not implemented")
}

func (s *scope) cteScan(e *cteEntry, pos int) plan.Node {
	if e.cte.Modifies && len(e.cols) == 0 {
		failAt(pos, pgerr.FeatureNotSupported, "WITH query \"%s\" does not have a RETURNING clause", e.def.Ctename)
	}
	e.cte.Refs++
	return &plan.CTEScan{CTE: e.cte, Name: e.def.Ctename, Cols: s.copyColumns(e.cols)}
}

// copyColumns makes columns of the same names and types with ids of their own.
func (s *scope) copyColumns(cols []plan.Col) []plan.Col {
	out := make([]plan.Col, len(cols))
	for i, c := range cols {
		out[i] = s.b.outputCol(c.Name, c.Type, c.Mod)
		out[i].Relation, out[i].Num = c.Relation, c.Num
	}
	return out
}

// recursiveCTE binds seed UNION [ALL] step.
func (s *scope) recursiveCTE(e *cteEntry, sel *parser.SelectStmt) {
	if sel.Op != parser.SetOperation_SETOP_UNION {
		failAt(s.b.at(e.def.Location), pgerr.InvalidRecursion,
			"recursive query \"%s\" does not have the form non-recursive-term UNION [ALL] recursive-term", e.def.Ctename)
	}
	s.checkRecursiveClauses(sel)
	e.tracking = s.track(e.def, sel)
	inner := s.b.newScope(s)
	e.state = cteWith
	ctes := inner.with(sel.WithClause)
	defer s.b.within("")()
	s.b.nextWork++
	u := &plan.RecursiveUnion{ID: s.b.nextWork, All: sel.All}
	e.state, e.work = cteSeed, u
	seed := inner.setOperand(sel.Larg)
	seedTree := inner.recursiveTree(seed)
	u.Seed = s.b.resolvedNode(seed)
	e.cols = s.cteColumns(e, u.Seed.Columns())
	if e.tracking == nil {
		e.state = cteStep
		step := inner.setOperand(sel.Rarg)
		e.recursiveTree(inner, sel, seedTree, inner.recursiveTree(step))
		u.Step = s.matchStep(e, step, sel.Rarg)
	} else {
		step := inner.trackedTerms(e, u, sel.Rarg)
		e.recursiveTree(inner, sel, seedTree, step)
	}
	u.Cols = s.copyColumns(e.cols)
	if !sel.All {
		for _, c := range u.Cols {
			s.b.checkGroupable(colExpr(c, -1), -1)
		}
	}
	e.cte.Plan = wrapWith(ctes, u)
	e.cte.Materialized = 'a'
}

// trackedTerms binds the recursive term of a query with SEARCH or CYCLE, and
// adds their columns to both terms.
func (s *scope) trackedTerms(e *cteEntry, u *plan.RecursiveUnion, rarg *parser.SelectStmt) *plan.TreeSetOp {
	t := e.tracking
	e.cols = t.columns(e.cols)
	u.Seed = t.seed(u.Seed)
	e.state = cteStep
	leaf := s.b.newScope(s.parent)
	leaf.ctes, leaf.resolveUnknowns, leaf.tracking = s.ctes, false, t
	step := s.b.selectStmt(rarg, leaf)
	tree := s.recursiveTree(step)
	u.Step = t.step(s.matchStep(e, step, rarg))
	return tree
}

func (s *scope) checkRecursiveClauses(sel *parser.SelectStmt) {
	clauses := []struct {
		node *parser.Node
		what string
	}{
		{firstNode(sel.SortClause...), "ORDER BY"}, {sel.LimitOffset, "OFFSET"}, {sel.LimitCount, "LIMIT"},
		{firstNode(sel.LockingClause...), "FOR UPDATE/SHARE"},
	}
	for _, c := range clauses {
		if c.node != nil {
			failAt(s.b.at(nodeLocation(c.node)), pgerr.FeatureNotSupported, "%s in a recursive query is not implemented", c.what)
		}
	}
}

// resolvedNode makes the untyped columns of a query text.
func (b *binder) resolvedNode(n plan.Node) plan.Node {
	before := outputs(n)
	es := slices.Clone(before)
	for i, e := range es {
		es[i] = b.textIfUnknown(e)
	}
	settle(n, before, es)
	return b.projected(n, es)
}

// checkStepCollation: the recursive term must not give a column another
// collation (analyzeCTE).
func (s *scope) checkStepCollation(e *cteEntry, i int, step collateState) {
	c := e.cols[i]
	if !c.Type.Collatable() {
		return
	}
	_, seed := s.b.derive(colExpr(c, -1))
	if all := s.b.commonCollation([]collateState{seed, step}, true); all != c.Type.Collation {
		fail(pgerr.New(pgerr.CollationMismatch,
			"recursive query \"%s\" column %d has collation \"%s\" in non-recursive term but collation \"%s\" overall",
			e.def.Ctename, i+1, s.b.collationName(c.Type.Collation), s.b.collationName(all)).
			WithHint("Use the COLLATE clause to set the collation of the non-recursive term.").AtByte(definitionPos(e.work.Seed, i)))
	}
}

// matchStep gives the recursive term the types of the non-recursive one, which
// must be the common types.
func (s *scope) matchStep(e *cteEntry, step plan.Node, rarg *parser.SelectStmt) plan.Node {
	before := outputs(step)
	es := slices.Clone(before)
	if len(es) != len(e.cols) {
		failAt(s.b.at(selectLocation(rarg)), pgerr.SyntaxError, "each UNION query must have the same number of columns")
	}
	for i, c := range e.cols {
		pair := []plan.Expr{colExpr(c, -1), es[i]}
		t := s.b.commonType(pair, "UNION")
		if mod := commonTypmod(pair, t); t.OID != c.Type.OID || mod != c.Mod {
			fail(pgerr.New(pgerr.DatatypeMismatch, "recursive query \"%s\" column %d has type %s in non-recursive term but type %s overall",
				e.def.Ctename, i+1, s.b.typeWithTypmod(c.Type, c.Mod), s.b.typeWithTypmod(t, mod)).
				WithHint("Cast the output of the non-recursive term to the correct type.").AtByte(definitionPos(e.work.Seed, i)))
		}
		es[i] = s.b.toCommon(es[i], t, "UNION")
		if s.b.collating {
			s.checkStepCollation(e, i, s.b.columnState(step, step.Columns()[i], es[i]))
		}
	}
	settle(step, before, es)
	return s.b.projected(step, es)
}

func definitionPos(n plan.Node, i int) int {
	if v := definition(n, n.Columns()[i].ID); v != nil {
		return v.Pos()
	}
	return -1
}

// modifyingCTE binds INSERT, UPDATE or DELETE in WITH.
func (s *scope) modifyingCTE(e *cteEntry) {
	if e.recursive && refersTo(e.def.Ctequery, e.def.Ctename) {
		failAt(s.b.at(e.def.Location), pgerr.InvalidRecursion, "recursive query \"%s\" must not contain data-modifying statements", e.def.Ctename)
	}
	e.cte.Modifies = true
	if s.b.trees != nil {
		e.cte.Plan = s.b.newScope(s).writeTree(e.def.Ctequery)
		e.tree = s.b.trees.queries[e.cte.Plan]
	} else if e.cte.Plan = s.ruledInWith(e.def.Ctequery); e.cte.Plan == nil {
		e.cte.Plan = s.b.modification(e.def.Ctequery, s.b.newScope(s))
	}
	e.cols = s.cteColumns(e, e.cte.Plan.Columns())
}

// wrapWith puts a With node around a body that has CTEs.
func wrapWith(ctes []*plan.CTE, body plan.Node) plan.Node {
	if len(ctes) == 0 {
		return body
	}
	return &plan.With{CTEs: ctes, Body: body}
}
