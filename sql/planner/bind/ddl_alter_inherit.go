package bind

import (
	"iter"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// alterQueue are the tables that one ALTER TABLE changes: the one it names, then
// those that inherit from it (wqueue of ATController).
type alterQueue struct {
	tables []*alteration
	only   bool // ONLY
}

// table finds or adds a table (ATGetQueueEntry).
func (q *alterQueue) table(b *binder, rel *catalog.Relation) *alteration {
	for _, a := range q.tables {
		if a.rel.OID == rel.OID {
			return a
		}
	}
	a := b.alteration(rel)
	a.queue = q
	q.tables = append(q.tables, a)
	return a
}

// catchUp makes known what has been bound so far.
func (q *alterQueue) catchUp() {
	for _, a := range q.tables {
		a.catchUp()
	}
}

func (a *alteration) catchUp() {
	for ; a.seen < len(a.actions); a.seen++ {
		a.see(a.actions[a.seen])
	}
}

// statement is what has been bound, without the children that need no change.
func (q *alterQueue) statement() *plan.AlterTable {
	out := q.tables[0].statement()
	for _, a := range q.tables[1:] {
		out.Notices = append(out.Notices, a.notices...)
		if len(a.actions) > 0 {
			out.Children = append(out.Children, a.statement())
		}
	}
	return out
}

func (a *alteration) statement() *plan.AlterTable {
	return &plan.AlterTable{Relation: a.rel.OID, Name: a.rel.Name, Actions: a.actions,
		Sequences: a.sequences, Alter: a.altered, Indexes: a.indexes, Notices: a.notices}
}

// descent says how an action goes down from a table to those that inherit from it.
type descent struct {
	// only refuses ONLY where there are children; nil where that is all right.
	only func(a *alteration, x parser.AlterAction)
	// down does what is to be done to the children, also with ONLY.
	down func(a *alteration, x parser.AlterAction, bound catalog.AlterAction)
}

var descents map[parser.AlterTableType]descent

func init() {
	descents = map[parser.AlterTableType]descent{
		parser.AlterTableType_AT_AddColumn:          {only: onlyRefused(pgerr.InvalidTableDefinition, "column must be added to child tables too"), down: (*alteration).addColumnBelow},
		parser.AlterTableType_AT_DropColumn:         {only: onlyDrop, down: (*alteration).dropColumnBelow},
		parser.AlterTableType_AT_ColumnDefault:      {down: (*alteration).everyMember},
		parser.AlterTableType_AT_SetNotNull:         {only: onlyNotNull, down: (*alteration).everyMember},
		parser.AlterTableType_AT_DropNotNull:        {down: (*alteration).everyMember},
		parser.AlterTableType_AT_AlterColumnType:    {only: onlyRetype, down: (*alteration).retypeBelow},
		parser.AlterTableType_AT_DropExpression:     {only: onlyRefused(pgerr.FeatureNotSupported, "ALTER TABLE / DROP EXPRESSION must be applied to child tables too"), down: (*alteration).everyMember},
		parser.AlterTableType_AT_SetStatistics:      {down: (*alteration).everyMember},
		parser.AlterTableType_AT_SetStorage:         {down: (*alteration).everyMember},
		parser.AlterTableType_AT_AddConstraint:      {only: onlyAddCheck, down: (*alteration).addCheckBelow},
		parser.AlterTableType_AT_DropConstraint:     {down: (*alteration).dropCheckBelow},
		parser.AlterTableType_AT_ValidateConstraint: {only: onlyValidate, down: (*alteration).validateBelow},
	}
	for cmd := range enabledStates {
		descents[cmd] = descent{down: (*alteration).enableBelow}
	}
}

// command binds an action for the table that the statement names, and for the tables
// that inherit from it.
func (a *alteration) command(x parser.AlterAction) {
	if x.Cmd == nil {
		a.do(x)
		return
	}
	a.checkTyped(x)
	a.checkInherited(x)
	d := descents[x.Cmd.Subtype]
	parent := len(a.env.Catalog.Inheriting(a.rel.OID)) > 0
	if parent && a.queue.only && d.only != nil {
		d.only(a, x)
	}
	if bound := a.do(x); parent && d.down != nil {
		d.down(a, x, bound)
	}
}

// children are the tables that inherit from this one, each with what has been bound
// for it by then.
func (a *alteration) children() iter.Seq[*alteration] {
	return func(yield func(*alteration) bool) {
		for _, rel := range a.env.Catalog.Inheriting(a.rel.OID) {
			child := a.queue.table(a.binder, rel)
			child.catchUp()
			if !yield(child) {
				return
			}
		}
	}
}

// members are all tables that inherit from this one, at any depth.
func (a *alteration) members() []*alteration {
	var out []*alteration
	for _, rel := range catalog.Tree(a.env.Catalog, a.rel)[1:] {
		out = append(out, a.queue.table(a.binder, rel))
	}
	return out
}

func onlyRefused(code pgerr.Code, message string) func(*alteration, parser.AlterAction) {
	return func(*alteration, parser.AlterAction) { failAt(-1, code, "%s", message) }
}

func onlyDrop(a *alteration, _ parser.AlterAction) {
	if a.rel.Partitioning != nil {
		fail(pgerr.New(pgerr.InvalidTableDefinition, "cannot drop column from only the partitioned table when partitions exist").
			WithHint("Do not specify the ONLY keyword."))
	}
}

// onlyNotNull is set_relation_attnotnull's check of ATPrepSetNotNull.
func onlyNotNull(a *alteration, x parser.AlterAction) {
	if a.rel.Partitioning == nil {
		return
	}
	for child := range a.children() {
		if c := child.rel.ColumnByName(x.Cmd.Name); c != nil && !c.NotNull {
			fail(pgerr.New(pgerr.InvalidTableDefinition, "constraint must be added to child tables too").
				WithDetail("Column \"%s\" of relation \"%s\" is not already NOT NULL.", c.Name, child.rel.Name).
				WithHint("Do not specify the ONLY keyword."))
		}
	}
}

func onlyRetype(_ *alteration, x parser.AlterAction) {
	failAt(-1, pgerr.InvalidTableDefinition, "type of inherited column \"%s\" must be changed in child tables too", x.Cmd.Name)
}

func onlyAddCheck(_ *alteration, x parser.AlterAction) {
	if k := x.Cmd.Def.GetConstraint(); k.Contype == parser.ConstrType_CONSTR_CHECK && !k.IsNoInherit {
		failAt(-1, pgerr.InvalidTableDefinition, "constraint must be added to child tables too")
	}
}

func onlyValidate(a *alteration, x parser.AlterAction) {
	if c := checkNamed(a.rel, x.Cmd.Name); c != nil && c.NotValid && !c.NoInherit {
		failAt(-1, pgerr.InvalidTableDefinition, "constraint must be validated on child tables too")
	}
}

// everyMember does the same to all tables of the tree (ATSimpleRecursion).
func (a *alteration) everyMember(x parser.AlterAction, _ catalog.AlterAction) {
	if a.queue.only {
		return
	}
	for _, member := range a.members() {
		member.do(x)
	}
}

// retypeBelow is the recursion of ATPrepAlterColumnType: 42P16 for a column that a
// member of the tree has from outside it, too.
func (a *alteration) retypeBelow(x parser.AlterAction, _ catalog.AlterAction) {
	tree := catalog.Tree(a.env.Catalog, a.rel)
	for _, member := range a.members() {
		_, c := member.columnPath(x.Path)
		if c.Inherited > parentsIn(tree, member.rel) {
			failAt(-1, pgerr.InvalidTableDefinition, "cannot alter inherited column \"%s\" of relation \"%s\"", c.Name, member.rel.Name)
		}
		member.do(x)
	}
}

// parentsIn counts the parents that a table has in a tree.
func parentsIn(tree []*catalog.Relation, rel *catalog.Relation) int16 {
	n := int16(0)
	for _, member := range tree {
		if slices.Contains(rel.Parents, member.OID) {
			n++
		}
	}
	return n
}

// addColumnBelow is the recursion of ATExecAddColumn.
func (a *alteration) addColumnBelow(_ parser.AlterAction, bound catalog.AlterAction) {
	c := bound.(catalog.AddColumn)
	switch name := addedName(c); {
	case c.IfNotExists && a.rel.ColumnByName(name) != nil:
		return
	case c.Column.Identity != 0:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot recursively add identity column to table that has child tables")
	case c.Parent != "" || c.Column.Rule != "" || c.Column.Children != nil:
		unsupported(-1, "adding a nested column, or one of an s3db.js rule, to a table that others inherit from")
	}
	for child := range a.children() {
		child.inheritAdded(c)
	}
	for _, k := range c.Check {
		a.inheritCheckBelow(k)
	}
}

// inheritAdded gives a child the column that its parent gets, or merges it with one
// that it has.
func (a *alteration) inheritAdded(c catalog.AddColumn) {
	if own := a.rel.ColumnByName(c.Column.Name); own != nil {
		a.mergeAdded(own, c.Column)
		return
	}
	add := catalog.AddColumn{Column: c.Column}
	add.Column.Inheritance = catalog.Inheritance{Inherited: 1, NotLocal: true}
	add.Fill = a.fillOf(add.Column)
	a.actions = append(a.actions, add)
	for child := range a.children() {
		child.inheritAdded(c)
	}
}

// mergeAdded is 42804 for a column of another type.
func (a *alteration) mergeAdded(own *catalog.Column, c catalog.ColumnDef) {
	if typ, mod := a.definedType(c); typ.OID != own.Type.OID || mod != own.Typmod {
		failAt(-1, pgerr.DatatypeMismatch, "child table \"%s\" has different type for column \"%s\"", a.rel.Name, c.Name)
	}
	a.inheritColumn(own, own.Inherited+1, own.NotLocal)
	a.notice("merging definition of column \"%s\" for child \"%s\"", c.Name, a.rel.Name)
}

// inheritColumn says how many parents a column is of from now on.
func (a *alteration) inheritColumn(c *catalog.Column, inherited int16, notLocal bool) {
	a.actions = append(a.actions, catalog.SetInheritance{Column: c.Name,
		Inheritance: catalog.Inheritance{Inherited: inherited, NotLocal: notLocal}})
}

// inheritConstraint is inheritColumn for a CHECK.
func (a *alteration) inheritConstraint(c *catalog.Constraint, inherited int16, notLocal bool) {
	a.actions = append(a.actions, catalog.SetInheritance{Check: c.Name,
		Inheritance: catalog.Inheritance{Inherited: inherited, NotLocal: notLocal}})
}

// dropColumnBelow is the recursion of ATExecDropColumn: a child keeps what it has of
// its own, of another parent, or what ONLY leaves to it.
func (a *alteration) dropColumnBelow(x parser.AlterAction, bound catalog.AlterAction) {
	if bound == nil {
		return
	}
	name := bound.(catalog.DropColumn).Name
	for child := range a.children() {
		switch c := child.rel.ColumnByName(name); {
		case c == nil || c.Inherited == 0: // another writer has changed one of both
		case a.queue.only:
			child.inheritColumn(c, c.Inherited-1, false)
		case c.Inherited == 1 && c.NotLocal:
			child.dropColumnBelow(x, child.do(x))
		default:
			child.inheritColumn(c, c.Inherited-1, c.NotLocal)
		}
	}
}

// dropCheckBelow is the recursion of ATExecDropConstraint.
func (a *alteration) dropCheckBelow(x parser.AlterAction, bound catalog.AlterAction) {
	dropped := checkNamed(a.rel, x.Cmd.Name)
	if key := a.named(x.Cmd.Name); dropped == nil && key != nil {
		a.dropKeyBelow(key)
	}
	if dropped == nil || dropped.NoInherit {
		return
	}
	for child := range a.children() {
		switch c := checkNamed(child.rel, dropped.Name); {
		case c == nil || c.Inherited == 0:
		case a.queue.only:
			child.inheritConstraint(c, c.Inherited-1, false)
		case c.Inherited == 1 && c.NotLocal:
			child.do(x)
			child.dropCheckBelow(x, bound)
		default:
			child.inheritConstraint(c, c.Inherited-1, c.NotLocal)
		}
	}
}

// addCheckBelow is the recursion of ATAddCheckConstraint. One that was merged with
// what the table has is with the children already.
func (a *alteration) addCheckBelow(_ parser.AlterAction, bound catalog.AlterAction) {
	switch c, ok := bound.(catalog.AddConstraint); {
	case !ok:
	case c.Kind != catalog.CheckConstraint:
		a.addKeyBelow(c)
	case !c.Check.NoInherit:
		a.inheritCheckBelow(c.Check)
	}
}

func (a *alteration) inheritCheckBelow(k catalog.CheckDef) {
	for child := range a.children() {
		if own := child.named(k.Name); own != nil {
			child.mergeCheck(own, k, false)
			continue
		}
		inherited := k
		inherited.Inheritance = catalog.Inheritance{Inherited: 1, NotLocal: true}
		child.actions = append(child.actions, catalog.AddConstraint{Kind: catalog.CheckConstraint, Check: inherited})
		child.inheritCheckBelow(k)
	}
}

// mergeCheck is MergeWithExistingConstraint: 42710 for another constraint of that
// name, 42P17 for one that does not go with it. local: not a parent's.
func (a *alteration) mergeCheck(own *catalog.Constraint, k catalog.CheckDef, local bool) {
	switch {
	case own.Kind != catalog.CheckConstraint || own.Expr != k.Expr:
		a.constraintTaken(k.Name)
	case own.NoInherit:
		failAt(-1, pgerr.InvalidObjectDefinition, "constraint \"%s\" conflicts with non-inherited constraint on relation \"%s\"", k.Name, a.rel.Name)
	case own.Inherited > 0 && k.NoInherit:
		failAt(-1, pgerr.InvalidObjectDefinition, "constraint \"%s\" conflicts with inherited constraint on relation \"%s\"", k.Name, a.rel.Name)
	case !k.NotValid && own.NotValid:
		failAt(-1, pgerr.InvalidObjectDefinition, "constraint \"%s\" conflicts with NOT VALID constraint on relation \"%s\"", k.Name, a.rel.Name)
	}
	a.notice("merging constraint \"%s\" with inherited definition", k.Name)
	if local {
		a.inheritConstraint(own, own.Inherited, false)
		return
	}
	a.inheritConstraint(own, own.Inherited+1, own.NotLocal)
}

// validateBelow is the recursion of QueueCheckConstraintValidation.
func (a *alteration) validateBelow(x parser.AlterAction, bound catalog.AlterAction) {
	if c := checkNamed(a.rel, x.Cmd.Name); bound == nil || c == nil || c.NoInherit {
		return
	}
	for _, member := range a.members() {
		if checkNamed(member.rel, x.Cmd.Name) != nil {
			member.do(x)
		}
	}
}

// checkInherited is 42P16 for what only the parent may change.
func (a *alteration) checkInherited(x parser.AlterAction) {
	c, check := a.rel.ColumnByName(x.Cmd.Name), checkNamed(a.rel, x.Cmd.Name)
	inherited := c != nil && c.Inherited > 0
	switch t := x.Cmd.Subtype; {
	case a.rel.Bound != nil && t == parser.AlterTableType_AT_AddColumn:
		failAt(-1, pgerr.WrongObjectType, "cannot add column to a partition")
	case a.rel.Bound != nil && c != nil && t == parser.AlterTableType_AT_DropNotNull && a.parentColumn(c).NotNull:
		failAt(-1, pgerr.InvalidTableDefinition, "column \"%s\" is marked NOT NULL in parent table", c.Name)
	case inherited && t == parser.AlterTableType_AT_DropColumn:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop inherited column \"%s\"", c.Name)
	case inherited && t == parser.AlterTableType_AT_AlterColumnType:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot alter inherited column \"%s\"", c.Name)
	case inherited && t == parser.AlterTableType_AT_DropExpression:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop generation expression from inherited column")
	case t == parser.AlterTableType_AT_DropConstraint && a.inheritedKey(a.named(x.Cmd.Name)):
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop inherited constraint \"%s\" of relation \"%s\"", x.Cmd.Name, a.rel.Name)
	case check != nil && check.Inherited > 0 && t == parser.AlterTableType_AT_DropConstraint:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop inherited constraint \"%s\" of relation \"%s\"", check.Name, a.rel.Name)
	}
}

// parentColumn is a partition's column in the partitioned table.
func (a *alteration) parentColumn(c *catalog.Column) *catalog.Column {
	return a.env.Catalog.RelationByOID(a.rel.Parents[0]).ColumnByName(c.Name)
}

// named finds a constraint of any kind, or nil.
func (a *alteration) named(name string) *catalog.Constraint {
	for _, c := range a.rel.Constraints {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func checkNamed(rel *catalog.Relation, name string) *catalog.Constraint {
	for _, c := range rel.Constraints {
		if c.Kind == catalog.CheckConstraint && c.Name == name {
			return c
		}
	}
	return nil
}
