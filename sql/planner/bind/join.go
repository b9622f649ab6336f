package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

var joinKinds = map[parser.JoinType]plan.JoinKind{
	parser.JoinType_JOIN_INNER: plan.InnerJoin, parser.JoinType_JOIN_LEFT: plan.LeftJoin,
	parser.JoinType_JOIN_RIGHT: plan.RightJoin, parser.JoinType_JOIN_FULL: plan.FullJoin,
}

// join is the JoinExpr case of transformFromClauseItem.
func (s *scope) join(j *parser.JoinExpr) fromResult {
	kind := joinKinds[j.Jointype]
	left, right := s.joinInputs(j, kind)
	s.checkNamespaceConflicts(left.items, right.items)
	names := nameParts(j.UsingClause)
	if j.IsNatural {
		names = commonNames(left.main, right.main)
	}
	merged, quals := s.using(names, left.main, right.main, kind)
	if j.Quals != nil {
		quals = []plan.Expr{s.joinOn(j.Quals, slices.Concat(left.items, right.items))}
	}
	markNullable(left, right, kind)
	node := &plan.Join{Kind: kind, Left: left.node, Right: right.node, Lateral: right.lateral && dependsOn(right.node, left.node)}
	if len(quals) > 0 {
		node.On = s.b.and(quals, -1)
	}
	out := fromResult{node: node, lateral: left.lateral || right.lateral}
	out.main = joinItem(left.main, right.main, merged)
	tree := s.joinTree(kind, left, right, names, quals)
	if j.Quals == nil && tree != nil {
		tree.On = nil
	}
	s.joinNames(j, &out, slices.Concat(left.items, right.items), merged)
	s.nameJoinTree(tree, j, &out)
	return out
}

func (s *scope) joinInputs(j *parser.JoinExpr, kind plan.JoinKind) (left, right fromResult) {
	left = s.joinInput(j.Larg, kind == plan.RightJoin || kind == plan.FullJoin)
	setLateral(left.items, true, kind == plan.InnerJoin || kind == plan.LeftJoin)
	saved := s.items
	s.items = append(slices.Clip(s.items), left.items...)
	right = s.joinInput(j.Rarg, kind == plan.LeftJoin || kind == plan.FullJoin)
	s.items = saved
	return left, right
}

// joinInput binds one side; nullable: NULLs may stand for its rows.
func (s *scope) joinInput(n *parser.Node, nullable bool) fromResult {
	if nullable {
		defer s.b.within("an outer join")()
		s.nullable++
		defer func() { s.nullable-- }()
	}
	return s.fromItem(n)
}

// joinOn is transformJoinOnClause: only the two sides are in scope.
func (s *scope) joinOn(n *parser.Node, items []*nsItem) plan.Expr {
	setLateral(items, false, true)
	saved := s.items
	s.items = items
	defer func() { s.items = saved }()
	return s.condition(n, kindJoinOn, "JOIN/ON")
}

func markNullable(left, right fromResult, kind plan.JoinKind) {
	if kind == plan.LeftJoin || kind == plan.FullJoin {
		setNullable(right.items)
	}
	if kind == plan.RightJoin || kind == plan.FullJoin {
		setNullable(left.items)
	}
}

func setNullable(items []*nsItem) {
	for _, it := range items {
		it.nullable = true
	}
}

func commonNames(left, right *nsItem) []string {
	var out []string
	for _, l := range left.cols {
		if slices.ContainsFunc(right.cols, func(r *nsCol) bool { return r.name == l.name }) {
			out = append(out, l.name)
		}
	}
	return out
}

// using merges the columns of USING and NATURAL.
func (s *scope) using(names []string, left, right *nsItem, kind plan.JoinKind) (merged []*nsCol, quals []plan.Expr) {
	var pairs [][2]*nsCol
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			failAt(-1, pgerr.DuplicateColumn, "column name \"%s\" appears more than once in USING clause", name)
		}
		l, r := s.b.use(usingColumn(left, name, "left")), s.b.use(usingColumn(right, name, "right"))
		s.b.refersToColumn(l)
		s.b.refersToColumn(r)
		pairs = append(pairs, [2]*nsCol{l, r})
		merged = append(merged, s.mergeColumn(l, r, kind))
	}
	for _, p := range pairs {
		eq := s.b.boolean(s.b.makeOp(opName{name: "="}, p[0].expr, p[1].expr, -1), "JOIN/USING")
		quals = append(quals, s.b.assignCollations(eq))
	}
	return merged, quals
}

func usingColumn(it *nsItem, name, side string) *nsCol {
	found := matchUsing(it, name, side, false)
	if found == nil && foldable(name) {
		found = matchUsing(it, name, side, true)
	}
	if found == nil {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" specified in USING clause does not exist in %s table", name, side)
	}
	return found
}

func matchUsing(it *nsItem, name, side string, fold bool) *nsCol {
	var found *nsCol
	for _, c := range it.cols {
		if !sameName(c.name, name, fold) {
			continue
		}
		if found != nil {
			failAt(-1, pgerr.AmbiguousColumn, "common column name \"%s\" appears more than once in %s table", name, side)
		}
		found = c
	}
	return found
}

// mergeColumn is buildMergedJoinVar.
func (s *scope) mergeColumn(l, r *nsCol, kind plan.JoinKind) *nsCol {
	es, t := s.b.unify([]plan.Expr{l.expr, r.expr}, "JOIN/USING")
	out := &nsCol{name: l.name}
	_, leftPlain := es[0].(*plan.Column)
	_, rightPlain := es[1].(*plan.Column)
	switch {
	case kind == plan.FullJoin:
		out.expr = s.b.assignCollations(&plan.Coalesce{Meta: plan.Meta{Typ: t, Mod: commonTypmod(es, t), At: -1}, Args: es})
	case kind == plan.RightJoin || kind == plan.InnerJoin && !leftPlain && rightPlain:
		out.expr, out.rel, out.num = es[1], r.rel, r.num
	default:
		out.expr, out.rel, out.num = es[0], l.rel, l.num
	}
	if _, plain := out.expr.(*plan.Column); !plain && s.b.trees != nil {
		s.treeColumn(&nsItem{entry: &plan.TreeEntry{}}, out)
	}
	return out
}

// joinItem has the columns of a join: the merged ones, then what is left of
// both sides.
func joinItem(left, right *nsItem, merged []*nsCol) *nsItem {
	it := &nsItem{name: "unnamed_join", colsVisible: true, cols: slices.Clone(merged)}
	for _, side := range []*nsItem{left, right} {
		for _, c := range side.cols {
			if !slices.ContainsFunc(merged, func(m *nsCol) bool { return m.name == c.name }) {
				it.cols = append(it.cols, c)
			}
		}
	}
	it.hidden = func(name string, fold bool) *nsCol { return hiddenOfJoin(left, right, name, fold) }
	return it
}

// hiddenOfJoin finds a hidden column of either side.
func hiddenOfJoin(left, right *nsItem, name string, fold bool) *nsCol {
	var found *nsCol
	for _, side := range []*nsItem{left, right} {
		if side.hidden == nil {
			continue
		}
		c := side.hidden(name, fold)
		if c != nil && found != nil {
			failAt(-1, pgerr.AmbiguousColumn, "column reference \"%s\" is ambiguous", name)
		}
		if c != nil {
			found = c
		}
	}
	return found
}

// joinNames decides what the join brings into scope: with an alias only the
// join itself.
func (s *scope) joinNames(j *parser.JoinExpr, out *fromResult, inner []*nsItem, merged []*nsCol) {
	if j.Alias != nil {
		it := *out.main
		it.name, it.aliased, it.relVisible, it.unlockable = j.Alias.Aliasname, true, true, "a join"
		it.cols = cloneCols(it.cols)
		s.renameJoin(&it, j.Alias)
		out.main, out.items = &it, []*nsItem{&it}
		return
	}
	for _, it := range inner {
		it.colsVisible = false
	}
	out.items = append(inner, out.main)
	if a := j.JoinUsingAlias; a != nil {
		using := &nsItem{name: a.Aliasname, unlockable: "a join", aliased: true, relVisible: true, cols: merged}
		s.checkNamespaceConflicts(inner, []*nsItem{using})
		out.items = append(out.items, using)
	}
}

func cloneCols(cols []*nsCol) []*nsCol {
	out := make([]*nsCol, len(cols))
	for i, c := range cols {
		n := *c
		out[i] = &n
	}
	return out
}

func (s *scope) renameJoin(it *nsItem, alias *parser.Alias) {
	names := nameParts(alias.Colnames)
	if len(names) > len(it.cols) {
		failAt(-1, pgerr.InvalidColumnReference, "join expression \"%s\" has %d columns available but %d columns specified",
			it.name, len(it.cols), len(names))
	}
	for i, n := range names {
		it.cols[i].name = n
	}
}
