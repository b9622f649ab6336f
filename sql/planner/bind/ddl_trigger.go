package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// triggerBuilder is a CREATE TRIGGER being bound.
type triggerBuilder struct {
	*binder
	stmt *parser.CreateTrigStmt
	rel  *catalog.Relation
	t    catalog.Trigger
}

// createTrigger is CreateTriggerFiringOn.
func (b *binder) createTrigger(c *parser.CreateTrigStmt) plan.Statement {
	if c.Isconstraint && c.Replace {
		failAt(-1, pgerr.FeatureNotSupported, "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported")
	}
	x := &triggerBuilder{binder: b, stmt: c, rel: b.definedRelation(c.Relation)}
	x.t = catalog.Trigger{Name: c.Trigname, Enabled: 'O', Args: nameParts(c.Args), Type: catalog.TriggerType(c.Timing | c.Events),
		Deferrable: c.Deferrable || c.Initdeferred, Deferred: c.Initdeferred}
	if c.Row {
		x.t.Type |= catalog.TriggerRow
	}
	x.checkRelation()
	if c.Constrrel != nil {
		x.t.From = b.definedRelation(c.Constrrel).OID
	}
	x.checkType()
	x.transitions()
	x.when()
	x.function()
	x.replace()
	x.columns()
	out := x.put(x.t, c.Isconstraint)
	x.putBelow(out, catalog.PutTrigger{Trigger: x.t, Constraint: c.Isconstraint}, c.Replace)
	return out
}

// put makes the statement that files a trigger of the relation.
func (x *triggerBuilder) put(t catalog.Trigger, constraint bool) *plan.AlterTable {
	return &plan.AlterTable{Relation: x.rel.OID, Name: x.rel.Name,
		Actions: []catalog.AlterAction{catalog.PutTrigger{Trigger: t, Constraint: constraint}}}
}

// is says whether the trigger has all bits of a type.
func (x *triggerBuilder) is(t catalog.TriggerType) bool { return x.t.Type&t == t }

// refuse is 42809 for a trigger that this kind of relation can't have.
func (x *triggerBuilder) refuse(what, why string) {
	fail(pgerr.New(pgerr.WrongObjectType, "\"%s\" is a %s", x.rel.Name, what).WithDetail("%s", why))
}

func (x *triggerBuilder) checkRelation() {
	switch x.rel.Kind {
	case catalog.Table:
		if x.is(catalog.TriggerInsteadOf) {
			x.refuse("table", "Tables cannot have INSTEAD OF triggers.")
		}
	case catalog.View:
		if x.is(catalog.TriggerRow) && !x.is(catalog.TriggerInsteadOf) {
			x.refuse("view", "Views cannot have row-level BEFORE or AFTER triggers.")
		}
		if x.is(catalog.TriggerTruncate) {
			x.refuse("view", "Views cannot have TRUNCATE triggers.")
		}
	case catalog.PartitionedTable:
		x.checkPartitionedTrigger()
	default:
		fail(pgerr.New(pgerr.WrongObjectType, "relation \"%s\" cannot have triggers", x.rel.Name).
			WithDetail("This operation is not supported for %s.", kindPlurals[x.rel.Kind]))
	}
	x.checkOwned(x.rel)
}

func (x *triggerBuilder) checkType() {
	instead := x.is(catalog.TriggerInsteadOf)
	for _, rule := range []struct {
		broken bool
		says   string
	}{
		{x.is(catalog.TriggerRow | catalog.TriggerTruncate), "TRUNCATE FOR EACH ROW triggers are not supported"},
		{instead && !x.stmt.Row, "INSTEAD OF triggers must be FOR EACH ROW"},
		{instead && x.stmt.WhenClause != nil, "INSTEAD OF triggers cannot have WHEN conditions"},
		{instead && len(x.stmt.Columns) > 0, "INSTEAD OF triggers cannot have column lists"},
	} {
		if rule.broken {
			failAt(-1, pgerr.FeatureNotSupported, "%s", rule.says)
		}
	}
}

// transitions reads REFERENCING.
func (x *triggerBuilder) transitions() {
	for _, n := range x.stmt.TransitionRels {
		tr := n.GetTriggerTransition()
		x.checkTransition(tr)
		name, events, label := &x.t.OldTable, catalog.TriggerDelete|catalog.TriggerUpdate, "OLD TABLE can only be specified for a DELETE or UPDATE trigger"
		if tr.IsNew {
			name, events, label = &x.t.NewTable, catalog.TriggerInsert|catalog.TriggerUpdate, "NEW TABLE can only be specified for an INSERT or UPDATE trigger"
		}
		if x.t.Type&events == 0 {
			failAt(-1, pgerr.InvalidObjectDefinition, "%s", label)
		}
		if *name != "" {
			failAt(-1, pgerr.InvalidObjectDefinition, "%s cannot be specified multiple times", label[:len("OLD TABLE")])
		}
		*name = tr.Name
	}
	if x.t.OldTable != "" && x.t.OldTable == x.t.NewTable {
		failAt(-1, pgerr.InvalidObjectDefinition, "OLD TABLE name and NEW TABLE name cannot be the same")
	}
}

func (x *triggerBuilder) checkTransition(tr *parser.TriggerTransition) {
	events := x.t.Type.Events()
	switch {
	case !tr.IsTable:
		fail(pgerr.New(pgerr.FeatureNotSupported, "ROW variable naming in the REFERENCING clause is not supported").
			WithHint("Use OLD TABLE or NEW TABLE for naming transition tables."))
	case x.rel.Kind == catalog.View:
		x.refuse("view", "Triggers on views cannot have transition tables.")
	case len(x.rel.Parents) > 0 && x.stmt.Row:
		failAt(-1, pgerr.FeatureNotSupported, "ROW triggers with transition tables are not supported on inheritance children")
	case x.t.Type.Timing() != 0:
		failAt(-1, pgerr.InvalidObjectDefinition, "transition table name can only be specified for an AFTER trigger")
	case x.is(catalog.TriggerTruncate):
		failAt(-1, pgerr.FeatureNotSupported, "TRUNCATE triggers with transition tables are not supported")
	case events&(events-1) != 0:
		failAt(-1, pgerr.FeatureNotSupported, "transition tables cannot be specified for triggers with more than one event")
	case len(x.stmt.Columns) > 0:
		failAt(-1, pgerr.FeatureNotSupported, "transition tables cannot be specified for triggers with column lists")
	}
}

// when binds the condition, for its errors, and keeps its text.
func (x *triggerBuilder) when() {
	if x.stmt.WhenClause == nil {
		return
	}
	s, rows := x.triggerScope(x.rel)
	kept, cond := x.frozen(x.stmt.WhenClause, func(n *parser.Node) plan.Expr { return s.condition(n, kindTriggerWhen, "WHEN") })
	x.checkRowReferences(x.stmt.WhenClause)
	plan.Walk(cond, func(e plan.Expr) bool {
		if c, ok := e.(*plan.Column); ok {
			x.checkWhenColumn(c, rows)
		}
		return true
	})
	x.t.When = x.exprText(kept)
}

// checkWhenColumn refuses columns of rows that the trigger has not.
func (x *triggerBuilder) checkWhenColumn(c *plan.Column, rows *triggerRows) {
	isOld := slices.ContainsFunc(rows.old, func(o plan.Col) bool { return o.ID == c.ID })
	switch {
	case !x.stmt.Row:
		failAt(c.At, pgerr.InvalidObjectDefinition, "statement trigger's WHEN condition cannot reference column values")
	case isOld && x.is(catalog.TriggerInsert):
		failAt(c.At, pgerr.InvalidObjectDefinition, "INSERT trigger's WHEN condition cannot reference OLD values")
	case !isOld && x.is(catalog.TriggerDelete):
		failAt(c.At, pgerr.InvalidObjectDefinition, "DELETE trigger's WHEN condition cannot reference NEW values")
	}
	if isOld || !x.is(catalog.TriggerBefore) {
		return
	}
	info := x.binder.columns[c.ID]
	if col := x.rel.Column(info.num); col != nil && col.Generated != 0 {
		x.generatedInWhen("Column \""+col.Name+"\" is a generated column.", c.At)
	}
}

// checkRowReferences refuses what a BEFORE trigger does not see of NEW: system
// columns, and the whole row where it has generated columns.
func (x *triggerBuilder) checkRowReferences(n *parser.Node) {
	if !x.is(catalog.TriggerBefore) {
		return
	}
	generated := slices.ContainsFunc(x.rel.Columns, func(c *catalog.Column) bool { return c.Generated != 0 })
	parser.Walk(n, func(n *parser.Node) bool {
		ref := n.GetColumnRef()
		if ref == nil {
			return true
		}
		names := nameParts(ref.Fields)
		switch {
		case names[0] != "new":
		case len(names) == 1 && generated:
			x.generatedInWhen("A whole-row reference is used and the table contains generated columns.", x.at(ref.Location))
		case len(names) == 2 && names[1] == "tableoid":
			failAt(x.at(ref.Location), pgerr.FeatureNotSupported, "BEFORE trigger's WHEN condition cannot reference NEW system columns")
		}
		return true
	})
}

func (x *triggerBuilder) generatedInWhen(detail string, pos int) {
	fail(pgerr.New(pgerr.InvalidObjectDefinition, "BEFORE trigger's WHEN condition cannot reference NEW generated columns").
		WithDetail("%s", detail).AtByte(pos))
}

// function finds the function without arguments that the trigger calls: 42883,
// 42P17.
func (x *triggerBuilder) function() {
	parts := nameParts(x.stmt.Funcname)
	f := x.exactFunction(parts, nil)
	if f.Result != types.TriggerOID {
		failAt(-1, pgerr.InvalidObjectDefinition, "function %s must return type %s", dotted(parts), "trigger")
	}
	if !f.User && f.Trigger == nil {
		unsupported(-1, "function %s", f.Name)
	}
	x.t.Function = f.OID
}

// replace looks whether the name is taken, and by what.
func (x *triggerBuilder) replace() {
	have := x.rel.TriggerNamed(x.t.Name)
	switch {
	case have == nil:
		return
	case !x.stmt.Replace:
		failAt(-1, pgerr.DuplicateObject, "trigger \"%s\" for relation \"%s\" already exists", x.t.Name, x.rel.Name)
	case have.Constraint != 0:
		failAt(-1, pgerr.DuplicateObject, "trigger \"%s\" for relation \"%s\" is a constraint trigger", x.t.Name, x.rel.Name)
	case have.Inherited:
		failAt(-1, pgerr.DuplicateObject, "trigger \"%s\" for relation \"%s\" is an internal or a child trigger", x.t.Name, x.rel.Name)
	}
	x.t.OID, x.t.Comment = have.OID, have.Comment
}

// columns are those of UPDATE OF.
func (x *triggerBuilder) columns() {
	for _, name := range nameParts(x.stmt.Columns) {
		c := findWritable(x.rel, name)
		if c == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, x.rel.Name)
		}
		if slices.Contains(x.t.Columns, c.Num) {
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", name)
		}
		x.t.Columns = append(x.t.Columns, c.Num)
	}
}

// existingTrigger finds a trigger of a relation by name: 42704.
func (b *binder) existingTrigger(rel *catalog.Relation, name string) catalog.Trigger {
	t := rel.TriggerNamed(name)
	if t == nil {
		failAt(-1, pgerr.UndefinedObject, "trigger \"%s\" for table \"%s\" does not exist", name, rel.Name)
	}
	return *t
}

// dropTrigger is DROP TRIGGER.
func (b *binder) dropTrigger(d *parser.DropStmt) plan.Statement {
	_, name, missing := b.tableObject(d.Objects[0])
	switch {
	case missing != nil && d.MissingOk:
		return &plan.Nothing{Tag: "DROP TRIGGER", Notices: []*pgerr.Error{pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "%s, skipping", missing.Message)}}
	case missing != nil:
		fail(missing)
	}
	parts := nameParts(d.Objects[0].GetList().GetItems())
	rel := b.namedRelation(qualified(parts[:len(parts)-1]))
	out := &plan.AlterTable{Relation: rel.OID, Name: rel.Name}
	if rel.TriggerNamed(name) == nil && d.MissingOk {
		out.Notices = append(out.Notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
			"trigger \"%s\" for relation \"%s\" does not exist, skipping", name, dotted(parts[:len(parts)-1])))
		return out
	}
	t := b.existingTrigger(rel, name)
	b.checkOwnTrigger(rel, t)
	out.Actions = []catalog.AlterAction{catalog.DropTrigger{Name: t.Name}}
	b.eachClone(rel, name, func(child *catalog.Relation, _ catalog.Trigger) {
		out.Children = append(out.Children, &plan.AlterTable{Relation: child.OID, Name: child.Name, Actions: out.Actions})
	})
	return out
}

// renameTrigger is ALTER TRIGGER … RENAME TO.
func (b *binder) renameTrigger(r *parser.RenameStmt) plan.Statement {
	x := &triggerBuilder{binder: b, rel: b.definedRelation(r.Relation)}
	x.checkOwned(x.rel)
	t := b.existingTrigger(x.rel, r.Subname)
	if t.Inherited {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot rename trigger \"%s\" on table \"%s\"", t.Name, x.rel.Name).
			WithHint("Rename the trigger on the partitioned table \"%s\" instead.", catalog.PartitionedBy(b.env.Catalog, x.rel).Name))
	}
	x.checkFreeName(x.rel, r.Newname)
	t.Name = r.Newname
	out := x.put(t, false)
	b.eachClone(x.rel, r.Subname, func(child *catalog.Relation, t catalog.Trigger) {
		x.checkFreeName(child, r.Newname)
		t.Name = r.Newname
		out.Children = append(out.Children, (&triggerBuilder{binder: b, rel: child}).put(t, false))
	})
	return out
}

// checkFreeName is 42710 for a name that a trigger of rel has.
func (x *triggerBuilder) checkFreeName(rel *catalog.Relation, name string) {
	if rel.TriggerNamed(name) != nil {
		failAt(-1, pgerr.DuplicateObject, "trigger \"%s\" for relation \"%s\" already exists", name, rel.Name)
	}
}

// commentTrigger is COMMENT ON TRIGGER.
func (b *binder) commentTrigger(c *parser.CommentStmt) plan.Statement {
	parts := nameParts(c.Object.GetList().GetItems())
	schema, table := qualified(parts[:len(parts)-1])
	x := &triggerBuilder{binder: b, rel: b.namedRelation(schema, table)}
	t := b.existingTrigger(x.rel, parts[len(parts)-1])
	t.Comment = c.Comment
	return x.put(t, false)
}

// enabledStates are pg_trigger.tgenabled after ALTER TABLE ENABLE and DISABLE
// TRIGGER.
var enabledStates = map[parser.AlterTableType]byte{
	parser.AlterTableType_AT_EnableTrig: 'O', parser.AlterTableType_AT_EnableTrigAll: 'O', parser.AlterTableType_AT_EnableTrigUser: 'O',
	parser.AlterTableType_AT_EnableAlwaysTrig: 'A', parser.AlterTableType_AT_EnableReplicaTrig: 'R',
	parser.AlterTableType_AT_DisableTrig: 'D', parser.AlterTableType_AT_DisableTrigAll: 'D', parser.AlterTableType_AT_DisableTrigUser: 'D',
}

// enableTrigger is ALTER TABLE ENABLE and DISABLE TRIGGER (EnableDisableTrigger):
// of one, or without a name of all; ALL means foreign keys too.
func (a *alteration) enableTrigger(x parser.AlterAction) catalog.AlterAction {
	state := enabledStates[x.Cmd.Subtype]
	if x.Cmd.Name != "" {
		a.existingTrigger(a.rel, x.Cmd.Name)
	}
	for _, t := range a.rel.Triggers {
		if x.Cmd.Name == "" || t.Name == x.Cmd.Name {
			c := *t
			c.Enabled = state
			a.before = append(a.before, catalog.PutTrigger{Trigger: c})
		}
	}
	switch x.Cmd.Subtype {
	case parser.AlterTableType_AT_EnableTrigAll, parser.AlterTableType_AT_DisableTrigAll:
		return catalog.EnableForeign{Enabled: state != 'D'}
	}
	return nil
}

// dropTriggers deals with the triggers that name a column which is dropped: 2BP01,
// or CASCADE drops them too.
func (a *alteration) dropTriggers(c *catalog.Column, cascade bool) {
	var details []string
	what := "column " + c.Name + " of " + a.tableText(a.rel)
	for _, t := range a.rel.Triggers {
		if !slices.Contains(t.Columns, c.Num) && (t.When == "" || !slices.Contains(parser.ColumnNames(parseText(t.When)), c.Name)) {
			continue
		}
		if t.Inherited { // goes with the one that it is a clone of
			a.before = append(a.before, catalog.DropTrigger{Name: t.Name})
			continue
		}
		on := "trigger " + t.Name + " on " + a.tableText(a.rel)
		if details = append(details, on+" depends on "+what); cascade {
			a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "drop cascades to %s", on))
			a.before = append(a.before, catalog.DropTrigger{Name: t.Name})
		}
	}
	if len(details) > 0 && !cascade {
		fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because other objects depend on it", what).
			WithDetail("%s", strings.Join(details, "\n")).WithHint("Use DROP ... CASCADE to drop the dependent objects too."))
	}
}

// checkInheritingTriggers is 0A000 for a table whose triggers keep it from becoming
// a child (FindTriggerIncompatibleWithInheritance).
func (a *alteration) checkInheritingTriggers() {
	for _, t := range a.rel.Triggers {
		if t.Type&catalog.TriggerRow != 0 && (t.OldTable != "" || t.NewTable != "") {
			fail(pgerr.New(pgerr.FeatureNotSupported, "trigger \"%s\" prevents table \"%s\" from becoming an inheritance child", t.Name, a.rel.Name).
				WithDetail("ROW triggers with transition tables are not supported in inheritance hierarchies."))
		}
	}
}
