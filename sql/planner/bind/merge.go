package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// merging is a MERGE being bound.
type merging struct {
	*scope
	*changed
	source []*nsItem
	rows   *plan.MergeRows
}

// merge is transformMergeStmt.
func (s *scope) merge(m *parser.MergeStmt) plan.Node {
	checkWhens(m)
	to := s.b.mergeTarget(m.Relation)
	to.needsOf(m)
	g := &merging{scope: s}
	var target, input plan.Node
	g.changed, target = s.changedRows(to, m.Relation.Alias, nil)
	input, g.source = g.join(target, m)
	out := &plan.Merge{Rel: to.table, Image: g.image, Members: g.memberRows(), TableOID: g.tableOID}
	g.rows = &plan.MergeRows{}
	for _, n := range m.MergeWhenClauses {
		out.Actions = append(out.Actions, g.when(n.GetMergeWhenClause()))
	}
	out.Input = g.changed.rows(input) // with the system columns that only an action names
	g.rows.Cols = out.Input.Columns()
	g.mergeTriggers(out)
	return out
}

// checkWhens refuses what PostgreSQL 15 has not, and clauses that can't be
// reached.
func checkWhens(m *parser.MergeStmt) {
	if len(m.ReturningList) > 0 {
		failAt(-1, pgerr.SyntaxError, "syntax error at or near \"RETURNING\"")
	}
	last := map[parser.MergeMatchKind]bool{}
	for _, n := range m.MergeWhenClauses {
		w := n.GetMergeWhenClause()
		switch {
		case w.MatchKind == parser.MergeMatchKind_MERGE_WHEN_NOT_MATCHED_BY_SOURCE:
			failAt(-1, pgerr.SyntaxError, "syntax error at or near \"BY\"")
		case last[w.MatchKind]:
			failAt(-1, pgerr.SyntaxError, "unreachable WHEN clause specified after unconditional WHEN clause")
		}
		last[w.MatchKind] = w.Condition == nil
	}
}

// needsOf are the privileges of the actions.
func (t *writeTarget) needsOf(m *parser.MergeStmt) {
	for _, n := range m.MergeWhenClauses {
		switch n.GetMergeWhenClause().CommandType {
		case parser.CmdType_CMD_INSERT:
			t.needs(catalog.ACLInsert)
		case parser.CmdType_CMD_UPDATE:
			t.needs(catalog.ACLUpdate)
		case parser.CmdType_CMD_DELETE:
			t.needs(catalog.ACLDelete)
		}
	}
}

// mergeTarget is the table: 0A000 for other kinds of relation.
func (b *binder) mergeTarget(rv *parser.RangeVar) *writeTarget {
	rel := b.relation(rv)
	if !rel.IsTable() {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot execute MERGE on relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for %s.", kindPlurals[rel.Kind]))
	}
	b.checkTarget(rel, rv)
	b.freezeTarget(rv, rel)
	if len(rel.Rules) > 0 {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot execute MERGE on relation \"%s\"", rel.Name).
			WithDetail("MERGE is not supported for relations with rules."))
	}
	entry := b.rangeEntry(rel, 0)
	return &writeTarget{table: rel, named: rel, verb: updating, tree: rv.Inh, merges: true, entry: entry, base: entry}
}

// join binds the source and joins the target to it, keeping the source's rows
// that match none where some clause wants them.
func (g *merging) join(target plan.Node, m *parser.MergeStmt) (plan.Node, []*nsItem) {
	g.items = nil
	source := g.fromItems([]*parser.Node{m.SourceRelation})
	items := g.items
	for _, it := range items {
		if it.relVisible && it.name == g.item.name {
			fail(pgerr.New(pgerr.DuplicateAlias, "name \"%s\" specified more than once", it.name).
				WithDetail("The name is used both as MERGE target table and data source."))
		}
	}
	join := &plan.Join{Kind: plan.InnerJoin, Left: source, Right: target}
	if slices.ContainsFunc(m.MergeWhenClauses, func(n *parser.Node) bool { return !matched(n.GetMergeWhenClause()) }) {
		join.Kind = plan.LeftJoin
	}
	g.items = append([]*nsItem{g.item}, items...)
	join.On = g.condition(m.JoinCondition, kindJoinOn, "JOIN/ON")
	return join, items
}

func matched(w *parser.MergeWhenClause) bool {
	return w.MatchKind == parser.MergeMatchKind_MERGE_WHEN_MATCHED
}

// when binds one clause: without a match only the source is in scope.
func (g *merging) when(w *parser.MergeWhenClause) plan.MergeAction {
	out := plan.MergeAction{Matched: matched(w)}
	if g.items = g.source; out.Matched {
		g.items = append([]*nsItem{g.item}, g.source...)
	}
	out.Cond = g.condition(w.Condition, kindMergeWhen, "WHEN")
	switch w.CommandType {
	case parser.CmdType_CMD_UPDATE:
		u, _ := g.updateOf(g.changed, w.TargetList)
		u.Input = g.rows
		out.Do, out.Checks = u, g.mergePolicies(catalog.PolicyUpdate)
	case parser.CmdType_CMD_DELETE:
		out.Do = &plan.Delete{Rel: g.table, Target: g.cols, TargetNums: g.nums, Image: g.image, Input: g.rows,
			Members: g.b.deletedMembers(g.memberRows()), TableOID: g.tableOID,
			Triggers: g.b.triggers(g.table, catalog.TriggerDelete)}
		out.Checks = g.mergePolicies(catalog.PolicyDelete)
	case parser.CmdType_CMD_INSERT:
		out.Do = g.insertion(w)
	}
	return out
}

// insertion binds the INSERT of a clause, whose values are of the source.
func (g *merging) insertion(w *parser.MergeWhenClause) plan.Node {
	to := *g.writeTarget
	to.verb = inserting
	in := &insertion{scope: g.scope, writeTarget: &to, explicit: len(w.TargetList) > 0, override: w.Override}
	in.cols = in.columns(w.TargetList)
	out := &plan.Insert{Rel: g.table, Shown: g.b.shown(g.base)}
	var row *nsItem
	out.Target, out.TargetNums, row = g.rowOf(g.table, g.item.name)
	given := []plan.Expr{}
	if len(w.Values) > 0 {
		given = in.row(w.Values, kindValuesSingle)
	} else {
		in.cols = nil // DEFAULT VALUES
	}
	in.inserts()
	in.values([][]plan.Expr{given}, out)
	values, ok := out.Input.(*plan.Values)
	if !ok {
		unsupported(-1, "a set-returning function in MERGE")
	}
	out.Input = &plan.Project{Input: g.rows, Values: values.Rows[0], Cols: values.Cols}
	out.Generated = g.generatedValues(g.table, row, nil)
	out.Checks = append(g.insertPolicies(&to, row, nil), to.checks(g.scope, row)...)
	out.Routing = g.insertRouting(&to, out, row)
	out.Triggers = g.b.insertTriggers(out)
	return out
}

// mergeTriggers leaves the statement triggers of the actions to the MERGE.
func (g *merging) mergeTriggers(m *plan.Merge) {
	var updated []int16
	for _, a := range m.Actions {
		var part *plan.Triggers
		switch do := a.Do.(type) {
		case *plan.Insert:
			m.Events |= catalog.TriggerInsert
			part = do.Triggers
		case *plan.Update:
			m.Events |= catalog.TriggerUpdate
			part = do.Triggers
			updated = append(updated, part.UpdatedColumns()...)
		case *plan.Delete:
			m.Events |= catalog.TriggerDelete
			part = do.Triggers
		}
		if part != nil {
			part.Part = true
		}
	}
	if m.Triggers = g.b.triggers(m.Rel, m.Events); m.Triggers != nil {
		m.Triggers.Updated = updated
	}
}
