package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// viewRule is the name of the rule that is a view's SELECT.
const viewRule = "_RETURN"

// ruleBuilder makes the rule of a CREATE RULE (DefineRule, transformRuleStmt).
type ruleBuilder struct {
	*binder
	rel  *catalog.Relation
	rule catalog.Rule
	kind plan.QueryKind
}

var ruleKinds = map[parser.CmdType]plan.QueryKind{
	parser.CmdType_CMD_INSERT: plan.InsertQuery, parser.CmdType_CMD_UPDATE: plan.UpdateQuery, parser.CmdType_CMD_DELETE: plan.DeleteQuery,
}

// createRule is CREATE RULE. The actions are bound once, for their errors, and kept as
// text in which names go on meaning what they mean now.
func (b *binder) createRule(r *parser.RuleStmt) plan.Statement {
	rel := b.definedRelation(r.Relation)
	b.checkRuled(rel)
	kind, ok := ruleKinds[r.Event]
	if !ok {
		selectRule(rel, r.Rulename)
	}
	if r.Rulename == viewRule && rel.Kind == catalog.View {
		failAt(-1, pgerr.DuplicateObject, "rule \"%s\" for relation \"%s\" already exists", r.Rulename, rel.Name)
	}
	x := &ruleBuilder{binder: b, rel: rel, kind: kind, rule: catalog.Rule{Name: r.Rulename, Event: ruleEvents[kind], Instead: r.Instead, Enabled: 'O'}}
	x.where(r.WhereClause)
	returning := 0
	for _, n := range r.Actions {
		returning += x.action(n)
	}
	if returning > 1 {
		failAt(-1, pgerr.FeatureNotSupported, "cannot have multiple RETURNING lists in a rule")
	}
	for _, have := range rel.Rules {
		if have.Name == r.Rulename {
			if !r.Replace {
				failAt(-1, pgerr.DuplicateObject, "rule \"%s\" for relation \"%s\" already exists", r.Rulename, rel.Name)
			}
			x.rule.OID = have.OID
		}
	}
	for _, oid := range b.relationOIDs() {
		if oid != rel.OID && oid >= catalog.FirstUserOID {
			x.rule.Reads = append(x.rule.Reads, oid)
		}
	}
	return &plan.AlterTable{Tag: "CREATE RULE", Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{catalog.PutRule{Rule: x.rule}}}
}

// checkRuled is 42809 and 0A000 for relations that can't have rules.
func (b *binder) checkRuled(rel *catalog.Relation) {
	switch {
	case rel.Kind == catalog.MaterializedView:
		failAt(-1, pgerr.FeatureNotSupported, "rules on materialized views are not supported")
	case !rel.IsTable() && rel.Kind != catalog.View:
		fail(pgerr.New(pgerr.WrongObjectType, "relation \"%s\" cannot have rules", rel.Name).
			WithDetail("This operation is not supported for %s.", kindPlurals[rel.Kind]))
	}
	b.checkOwned(rel)
}

// selectRule refuses ON SELECT: the one rule of a view is its query.
func selectRule(rel *catalog.Relation, name string) {
	switch {
	case rel.Kind == catalog.View:
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "\"%s\" is already a view", rel.Name)
	case name != viewRule:
		failAt(-1, pgerr.InvalidObjectDefinition, "view rule for \"%s\" must be named \"%s\"", rel.Name, viewRule)
	}
	unsupported(-1, "making a view of a table by a rule ON SELECT")
}

// items are the rows old and new as the event has them.
func (x *ruleBuilder) items(s *scope) (node plan.Node, items []*nsItem) {
	values := &plan.Values{Rows: [][]plan.Expr{nil}}
	row := func(name string) {
		var cols []plan.Col
		for _, c := range x.rel.VisibleColumns() {
			col := s.b.outputCol(c.Name, c.Type, c.Typmod)
			col.Relation, col.Num = x.rel.OID, c.Num
			cols = append(cols, col)
			values.Rows[0] = append(values.Rows[0], &plan.Const{Meta: plan.Meta{Typ: c.Type, Mod: c.Typmod, At: -1}})
		}
		values.Cols = append(values.Cols, cols...)
		it := s.derivedItem(name, cols)
		it.source, it.rel, it.relVisible = x.rel, x.rel, true
		items = append(items, it)
	}
	if x.kind != plan.InsertQuery {
		row("old")
	}
	if x.kind != plan.DeleteQuery {
		row("new")
	}
	return values, items
}

// defining is a binder of its own for one part of the rule.
func (x *ruleBuilder) defining() *binder {
	b := newBinder(x.env)
	b.freezing, b.noPolicies, b.ruleDefinition, b.relations = true, true, true, x.relations
	return b
}

func (x *ruleBuilder) where(n *parser.Node) {
	if n == nil {
		return
	}
	s := x.defining().newScope(nil)
	_, rows := x.items(s)
	s.overRows(rows).condition(n, kindWhere, "WHERE")
	x.rule.Where = x.exprText(n)
}

// action binds one action and keeps its text; it says how many RETURNING lists that has.
func (x *ruleBuilder) action(n *parser.Node) int {
	x.checkAction(n)
	action := parser.Clone(n)
	b := x.defining()
	rv := &parser.RangeVar{Relname: ruleAlias, Inh: true}
	b.contexts = map[*parser.Node]*ruleContext{action: {}}
	b.sources = map[*parser.RangeVar]*ruleSource{rv: {bind: func(s *scope) fromResult {
		node, items := x.items(s)
		s.all = append(s.all, items...)
		return fromResult{node: node, main: items[0], items: items}
	}}}
	target := ruledOf(action)
	rel := b.relation(target.target)
	target.target.Schemaname = rel.Schema
	restore := injectSource(b, action, rv, x.rel)
	root := b.modification(action, b.newScope(nil))
	x.checkReturning(target, root.Columns())
	restore()
	text, err := parser.Deparse(action)
	if err != nil {
		fail(err)
	}
	x.rule.Actions = append(x.rule.Actions, text)
	return min(len(target.returning), 1)
}

// checkAction is 42P17 for a row that the event does not have, 0A000 for other kinds of
// statement.
func (x *ruleBuilder) checkAction(n *parser.Node) {
	if ruledOf(n).target == nil {
		if x.rule.Where != "" && n.GetSelectStmt() == nil {
			failAt(-1, pgerr.InvalidObjectDefinition, "rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE actions")
		}
		unsupported(-1, "a rule whose action is no INSERT, UPDATE or DELETE")
	}
	switch {
	case x.kind == plan.InsertQuery && namesRow(n, "old"):
		failAt(-1, pgerr.InvalidObjectDefinition, "ON INSERT rule cannot use OLD")
	case x.kind == plan.DeleteQuery && namesRow(n, "new"):
		failAt(-1, pgerr.InvalidObjectDefinition, "ON DELETE rule cannot use NEW")
	}
}

// checkReturning is checkRuleResultList: RETURNING must give the relation's columns.
func (x *ruleBuilder) checkReturning(r ruled, cols []plan.Col) {
	if len(r.returning) == 0 {
		return
	}
	want := x.rel.VisibleColumns()
	switch {
	case !x.rule.Instead:
		failAt(-1, pgerr.FeatureNotSupported, "RETURNING lists are not supported in non-INSTEAD rules")
	case x.rule.Where != "":
		failAt(-1, pgerr.FeatureNotSupported, "RETURNING lists are not supported in conditional rules")
	case len(cols) > len(want):
		failAt(-1, pgerr.InvalidObjectDefinition, "RETURNING list has too many entries")
	}
	for i, c := range cols {
		if c.Type.OID != want[i].Type.OID {
			fail(pgerr.New(pgerr.InvalidObjectDefinition, "RETURNING list's entry %d has different type from column \"%s\"", i+1, want[i].Name).
				WithDetail("RETURNING list entry has type %s, but column has type %s.", x.typeName(c.Type), x.typeName(want[i].Type)))
		}
	}
	if len(cols) < len(want) {
		failAt(-1, pgerr.InvalidObjectDefinition, "RETURNING list has too few entries")
	}
}

// namedRule finds the rule of DROP RULE and its kin: 42P01, 42704.
func (b *binder) namedRule(n *parser.Node) (*catalog.Relation, *catalog.Rule, *pgerr.Error, string) {
	_, name, missing := b.tableObject(n)
	if missing != nil {
		return nil, nil, missing, missing.Message
	}
	parts := nameParts(n.GetList().GetItems())
	rel := b.findRelation(qualified(parts[:len(parts)-1]))
	rule := rel.Rule(name)
	if rule == nil && !(name == viewRule && rel.Kind == catalog.View) {
		e, notice := missingObject("rule \"%s\" for relation \"%s\" does not exist", name, rel.Name)
		return rel, nil, e, notice
	}
	return rel, rule, nil, ""
}

// dropRule is DROP RULE.
func (b *binder) dropRule(d *parser.DropStmt) plan.Statement {
	rel, rule, missing, notice := b.namedRule(d.Objects[0])
	switch {
	case missing != nil && d.MissingOk:
		return &plan.Nothing{Tag: "DROP RULE", Notices: []*pgerr.Error{pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "%s, skipping", notice)}}
	case missing != nil:
		fail(missing)
	case rule == nil:
		fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop rule %s on view %s because view %s requires it", viewRule, rel.Name, rel.Name).
			WithHint("You can drop view %s instead.", rel.Name))
	}
	return &plan.AlterTable{Tag: "DROP RULE", Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{catalog.DropRule{Name: rule.Name}}}
}

// renameRule is ALTER RULE … RENAME TO (RenameRewriteRule).
func (b *binder) renameRule(r *parser.RenameStmt) plan.Statement {
	rel := b.definedRelation(r.Relation)
	b.checkRuled(rel)
	rule := rel.Rule(r.Subname)
	switch {
	case rule == nil && r.Subname == viewRule && rel.Kind == catalog.View:
		failAt(-1, pgerr.InvalidObjectDefinition, "renaming an ON SELECT rule is not allowed")
	case rule == nil:
		failAt(-1, pgerr.UndefinedObject, "rule \"%s\" for relation \"%s\" does not exist", r.Subname, rel.Name)
	case rel.Rule(r.Newname) != nil || r.Newname == viewRule && rel.Kind == catalog.View:
		failAt(-1, pgerr.DuplicateObject, "rule \"%s\" for relation \"%s\" already exists", r.Newname, rel.Name)
	}
	c := *rule
	c.Name = r.Newname
	return &plan.AlterTable{Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{catalog.PutRule{Rule: c}}}
}

func (b *binder) commentRule(c *parser.CommentStmt) (types.OID, int16) {
	_, rule, missing, _ := b.namedRule(c.Object)
	if missing != nil {
		fail(missing)
	}
	if rule == nil {
		unsupported(-1, "COMMENT ON the rule of a view's SELECT")
	}
	return rule.OID, 0
}

// ruleStates are pg_rewrite.ev_enabled after ENABLE and DISABLE RULE.
var ruleStates = map[parser.AlterTableType]byte{
	parser.AlterTableType_AT_EnableRule: 'O', parser.AlterTableType_AT_DisableRule: 'D',
	parser.AlterTableType_AT_EnableAlwaysRule: 'A', parser.AlterTableType_AT_EnableReplicaRule: 'R',
}

func init() {
	for t := range ruleStates {
		alterCommands[t] = (*alteration).enableRule
	}
}

// enableRule is EnableDisableRule: 42704.
func (a *alteration) enableRule(x parser.AlterAction) catalog.AlterAction {
	rule := a.rel.Rule(x.Cmd.Name)
	if rule == nil {
		failAt(-1, pgerr.UndefinedObject, "rule \"%s\" for relation \"%s\" does not exist", x.Cmd.Name, a.rel.Name)
	}
	c := *rule
	c.Enabled = ruleStates[x.Cmd.Subtype]
	return catalog.PutRule{Rule: c}
}
