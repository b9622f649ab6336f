package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ruleContext is what rules ask of one INSERT, UPDATE or DELETE.
type ruleContext struct {
	// unless are the conditional INSTEAD rules: their rows are left alone.
	unless []*catalog.Rule
	// returning is what the RETURNING of a rule's action stands for; nil otherwise.
	returning *ruleReturning
}

// ruleReturning is the RETURNING list of a statement whose place a rule's action
// takes: it is bound over what the action returns. outer is set where that statement
// is an action itself.
type ruleReturning struct {
	rel   *catalog.Relation
	name  string
	list  []*parser.Node
	outer *ruleReturning
}

// querySource is where a query comes from (QuerySource of parsenodes.h).
type querySource uint8

const (
	originalQuery querySource = iota
	insteadRule               // an INSTEAD rule's, conditional or not
	alsoRule
)

// ruleEvent is an event of a relation whose rules are being applied.
type ruleEvent struct {
	rel   catalog.OID
	event catalog.RuleEvent
}

// rewriting applies the rules to one statement (QueryRewrite).
type rewriting struct {
	*binder
	out    *plan.Rewritten
	active []ruleEvent
	kind   plan.QueryKind
	// keeps: the statement itself is among the queries.
	keeps bool
	// parent has the WITH queries that the statement may read; nil for none.
	parent *scope
}

var ruleEvents = map[plan.QueryKind]catalog.RuleEvent{
	plan.InsertQuery: catalog.RuleInsert, plan.UpdateQuery: catalog.RuleUpdate, plan.DeleteQuery: catalog.RuleDelete,
}

// ruled are the parts of a statement that rules see; a zero kind is SELECT.
type ruled struct {
	kind      plan.QueryKind
	target    *parser.RangeVar
	returning []*parser.Node
	with      *parser.WithClause
}

func ruledOf(n *parser.Node) ruled {
	switch v := n.GetNode().(type) {
	case *parser.Node_InsertStmt:
		return ruled{plan.InsertQuery, v.InsertStmt.Relation, v.InsertStmt.ReturningList, v.InsertStmt.WithClause}
	case *parser.Node_UpdateStmt:
		return ruled{plan.UpdateQuery, v.UpdateStmt.Relation, v.UpdateStmt.ReturningList, v.UpdateStmt.WithClause}
	case *parser.Node_DeleteStmt:
		return ruled{plan.DeleteQuery, v.DeleteStmt.Relation, v.DeleteStmt.ReturningList, v.DeleteStmt.WithClause}
	}
	return ruled{}
}

// name is how the statement calls its target.
func (r ruled) name() string {
	if r.target.Alias != nil {
		return r.target.Alias.Aliasname
	}
	return r.target.Relname
}

// rulesOf are the rules that a statement makes fire.
func (b *binder) rulesOf(r ruled) (*catalog.Relation, []*catalog.Rule) {
	if r.target == nil || b.env.NoRules || b.env.Catalog == nil {
		return nil, nil
	}
	rel := b.maybeRelation(r.target)
	if rel == nil {
		return nil, nil
	}
	return rel, rel.Firing(ruleEvents[r.kind])
}

// rewritten is the statement that rules make of an INSERT, UPDATE or DELETE, nil
// where there are none.
func (b *binder) rewritten(n *parser.Node) plan.Statement {
	r := ruledOf(n)
	if _, rules := b.rulesOf(r); len(rules) == 0 {
		return nil
	}
	w := b.rewriting(r.kind)
	w.statement(n, originalQuery, nil)
	for _, q := range w.out.Queries {
		b.finish(q)
	}
	w.out.Params = b.paramTypes()
	return w.out
}

func (b *binder) rewriting(kind plan.QueryKind) *rewriting {
	if b.contexts == nil {
		b.contexts, b.sources = map[*parser.Node]*ruleContext{}, map[*parser.RangeVar]*ruleSource{}
	}
	return &rewriting{binder: b, out: &plan.Rewritten{Kind: kind, Tag: -1}, kind: kind}
}

// statement is RewriteQuery: the queries that a statement becomes, itself among them
// unless a rule says INSTEAD.
func (w *rewriting) statement(n *parser.Node, source querySource, outer *ruleReturning) {
	r := ruledOf(n)
	rel, rules := w.rulesOf(r)
	if len(rules) == 0 {
		w.emit(n, source, &ruleContext{returning: outer})
		return
	}
	checkRewritable(n)
	event := ruleEvent{rel.OID, ruleEvents[r.kind]}
	if slices.Contains(w.active, event) {
		failAt(-1, pgerr.InvalidObjectDefinition, "infinite recursion detected in rules for relation \"%s\"", rel.Name)
	}
	w.rangeEntry(rel, targetPrivileges[ruleVerbs[r.kind].event])
	w.active = append(w.active, event)
	defer func() { w.active = w.active[:len(w.active)-1] }()

	own := &ruleReturning{rel: rel, name: r.name(), list: r.returning, outer: outer}
	self := &ruleContext{unless: conditional(rules), returning: outer}
	replaced := slices.ContainsFunc(rules, (*catalog.Rule).Unconditional)
	if r.with != nil {
		if !replaced {
			unsupported(-1, "WITH in a statement that rules add to")
		}
		defer w.withQueries(r.with)()
	}
	if !replaced && r.kind == plan.InsertQuery {
		w.original(n, source, rel, self)
	}
	returned := false
	for _, rule := range rules {
		returned = w.fire(rule, n, r, own, source) || returned
	}
	if !replaced && r.kind != plan.InsertQuery {
		w.original(n, source, rel, self)
	}
	if replaced && len(r.returning) > 0 && !returned {
		w.noReturning(r.kind, rel)
	}
}

// conditional are the INSTEAD rules with a condition, up to one without: their rows
// are not the statement's own any more.
func conditional(rules []*catalog.Rule) []*catalog.Rule {
	var out []*catalog.Rule
	for _, rule := range rules {
		if rule.Instead && rule.Where != "" {
			out = append(out, rule)
		}
	}
	return out
}

var ruleVerbs = map[plan.QueryKind]writeVerb{plan.InsertQuery: inserting, plan.UpdateQuery: updating, plan.DeleteQuery: deleting}

// ruleCommands are the statements' names in messages.
var ruleCommands = map[plan.QueryKind]string{plan.InsertQuery: "INSERT", plan.UpdateQuery: "UPDATE", plan.DeleteQuery: "DELETE"}

func (w *rewriting) noReturning(kind plan.QueryKind, rel *catalog.Relation) {
	fail(pgerr.New(pgerr.FeatureNotSupported, "cannot perform %s RETURNING on relation \"%s\"", ruleCommands[kind], rel.Name).
		WithHint("You need an unconditional ON %s DO INSTEAD rule with a RETURNING clause.", ruleCommands[kind]))
}

// checkRewritable refuses what does not go together with rules.
func checkRewritable(n *parser.Node) {
	if n.GetInsertStmt().GetOnConflictClause() != nil {
		failAt(-1, pgerr.FeatureNotSupported, "INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules")
	}
}

// original keeps the statement itself, for the rows that no conditional rule takes.
func (w *rewriting) original(n *parser.Node, source querySource, rel *catalog.Relation, c *ruleContext) {
	if rel.Kind == catalog.View && len(c.unless) > 0 {
		verb := ruleVerbs[ruledOf(n).kind]
		fail(pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cannot %s view \"%s\"", verb.verb, rel.Name).
			WithDetail("Views with conditional DO INSTEAD rules are not automatically updatable.").WithHint("To enable %s.", verb.using))
	}
	w.emit(n, source, c)
}

// fire binds the actions of a rule (rewriteRuleAction), and says whether one of them
// returns what the statement's RETURNING wants.
func (w *rewriting) fire(rule *catalog.Rule, n *parser.Node, r ruled, own *ruleReturning, of querySource) (returned bool) {
	source := alsoRule
	if rule.Instead {
		source = insteadRule
	}
	for _, text := range rule.Actions {
		action := parseAction(text)
		rv := &parser.RangeVar{Relname: ruleAlias, Inh: true}
		w.sources[rv] = w.sourceOf(rule, action, n, own.rel, of)
		w.inject(action, rv, own.rel)
		outer := own
		switch list := returningList(action); {
		case len(own.list) == 0:
			*list, outer = nil, nil
		case len(*list) == 0:
			outer = nil
		case returned:
			failAt(-1, pgerr.FeatureNotSupported, "cannot have RETURNING lists in multiple rules")
		default:
			returned = true
		}
		done := w.asOwnerOf(own.rel)
		w.statement(action, source, outer)
		done()
	}
	return returned
}

// inject is injectSource of a text that is not the client's.
func (w *rewriting) inject(action *parser.Node, rv *parser.RangeVar, rel *catalog.Relation) {
	defer w.inView()()
	injectSource(w.binder, action, rv, rel)
}

// parseAction makes a tree of its own, which may be changed.
func parseAction(text string) *parser.Node {
	stmts, err := parser.Parse(text)
	if err != nil {
		fail(err)
	}
	return parser.Clone(stmts[0].Node)
}

// emit binds one of the queries. The tag is the original's, or, where that is not kept,
// that of the last INSTEAD action of the same kind.
func (w *rewriting) emit(n *parser.Node, source querySource, c *ruleContext) {
	saved := w.inlined
	w.inlined = w.inlined || source != originalQuery
	defer func() { w.inlined = saved }()
	w.contexts[n] = c
	q := &plan.Query{Kind: ruledOf(n).kind}
	q.Root = w.modification(n, w.newScope(w.parent))
	q.Output = slices.Clone(q.Root.Columns())
	switch {
	case source == originalQuery:
		w.out.Tag, w.keeps = len(w.out.Queries), true
	case source == insteadRule && q.Kind == w.kind && !w.keeps:
		w.out.Tag = len(w.out.Queries)
	}
	w.out.Queries = append(w.out.Queries, q)
}

// refuseRules is for statements that are no client's own, where rules would make
// several of one: 0A000.
func (b *binder) refuseRules(n *parser.Node) {
	rel, rules := b.rulesOf(ruledOf(n))
	if len(rules) == 0 {
		return
	}
	unsupported(-1, "a statement on relation \"%s\", which has rules, within another one", rel.Name)
}

// ruledInWith is a data-modifying statement in WITH that a rule replaces by one other
// statement, nil where there are no rules. Others are 0A000, as RewriteQuery has it.
func (s *scope) ruledInWith(n *parser.Node) plan.Node {
	_, rules := s.b.rulesOf(ruledOf(n))
	for _, rule := range rules {
		what := ""
		switch {
		case len(rule.Actions) > 1 && rule.Instead:
			what = "multi-statement DO INSTEAD rules"
		case rule.Instead && rule.Where != "":
			what = "conditional DO INSTEAD rules"
		case !rule.Instead:
			what = "DO ALSO rules"
		case len(rule.Actions) == 0:
			what = "DO INSTEAD NOTHING rules"
		default:
			continue
		}
		failAt(-1, pgerr.FeatureNotSupported, "%s are not supported for data-modifying statements in WITH", what)
	}
	if len(rules) == 0 {
		return nil
	}
	w := s.b.rewriting(ruledOf(n).kind)
	w.parent = s
	w.statement(n, originalQuery, nil)
	return w.only().Root
}

// only is the one query that there must be.
func (w *rewriting) only() *plan.Query {
	if len(w.out.Queries) != 1 {
		unsupported(-1, "a statement with or in WITH of which rules make several")
	}
	return w.out.Queries[0]
}

// withQueries binds the WITH of a statement that a rule replaces: its queries are the
// action's.
func (w *rewriting) withQueries(with *parser.WithClause) (done func()) {
	saved, s := w.parent, w.newScope(w.parent)
	ctes := s.with(with)
	w.parent = s
	return func() {
		w.parent = saved
		q := w.only()
		q.Root = wrapWith(ctes, q.Root)
		q.Output = slices.Clone(q.Root.Columns())
	}
}

// refuseRulesBelow is 0A000 for a view that is written through to a relation with rules.
func (b *binder) refuseRulesBelow(rel *catalog.Relation, verb writeVerb) {
	for kind, v := range ruleVerbs {
		if v == verb && !b.env.NoRules && len(rel.Firing(ruleEvents[kind])) > 0 {
			unsupported(-1, "changing a view over relation \"%s\", which has rules,", rel.Name)
		}
	}
}

// returningOf binds a RETURNING list, for the action of a rule what it stands for.
func (s *scope) returningOf(c *ruleContext, list []*parser.Node, items []*nsItem) ([]plan.Expr, []plan.Col) {
	if c == nil || c.returning == nil {
		return s.returning(list, items)
	}
	for r := c.returning; r != nil; r = r.outer {
		es, _ := s.returning(list, items)
		it := &nsItem{name: r.name, source: r.rel, relVisible: true, colsVisible: true}
		for i, col := range r.rel.VisibleColumns() {
			if i < len(es) {
				it.cols = append(it.cols, &nsCol{name: col.Name, expr: es[i], rel: r.rel.OID, num: col.Num})
			}
		}
		items, list = []*nsItem{it}, r.list
	}
	return s.returning(list, items)
}

// unless is the condition that none of the rules takes a row of old and new; nil where
// there are no rules.
func (s *scope) unless(c *ruleContext, items ...*nsItem) plan.Expr {
	if c == nil || len(c.unless) == 0 {
		return nil
	}
	var conds []plan.Expr
	for _, rule := range c.unless {
		conds = append(conds, &plan.BoolTest{Meta: plan.M(s.b.typ(types.BoolOID), -1), Arg: s.b.ruleCondition(rule, items), Test: plan.IsNotTrue})
	}
	if len(conds) == 1 {
		return conds[0]
	}
	return &plan.And{Meta: plan.M(s.b.typ(types.BoolOID), -1), Args: conds}
}

// ruleCondition binds a rule's WHERE over the rows old and new.
func (b *binder) ruleCondition(rule *catalog.Rule, items []*nsItem) plan.Expr {
	defer b.inView()()
	return b.newScope(nil).overRows(items).condition(parseText(rule.Where), kindWhere, "WHERE")
}

// overRows makes the columns of old and new visible by their bare names, too: in a
// rule's condition, not in its actions.
func (s *scope) overRows(rows []*nsItem) *scope {
	for _, row := range rows {
		it := *row
		it.relVisible, it.colsVisible = true, true
		s.items = append(s.items, &it)
	}
	s.all = s.items
	return s
}

// ruleRow is an item old or new over values of a relation's columns.
func ruleRow(name string, rel *catalog.Relation, values []plan.Expr) *nsItem {
	it := &nsItem{name: name, source: rel, relVisible: true}
	for i, c := range rel.VisibleColumns() {
		it.cols = append(it.cols, &nsCol{name: c.Name, expr: values[i], rel: rel.OID, num: c.Num})
	}
	return it
}
