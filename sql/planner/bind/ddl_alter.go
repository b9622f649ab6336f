package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// alteration is what an ALTER TABLE does to one table, while it is bound.
type alteration struct {
	*tableBuilder
	rel     *catalog.Relation     // with what earlier actions made of it
	added   map[int16]string      // the columns that the statement adds, by the numbers that rel has them under
	before  []catalog.AlterAction // what an action needs to be done first
	altered []*plan.AlterSequence
	actions []catalog.AlterAction
	seen    int // how many actions rel has gone through
	indexes []plan.IndexCopy
	queue   *alterQueue
}

// alterTable is ALTER TABLE and ALTER RESOURCE.
func (b *binder) alterTable(stmt parser.Statement, at *parser.AlterTableStmt) plan.Statement {
	if at.Objtype == parser.ObjectType_OBJECT_TYPE {
		return b.alterComposite(at)
	}
	if len(at.Cmds) == 1 && at.Cmds[0].GetAlterTableCmd().GetSubtype() == parser.AlterTableType_AT_ChangeOwner {
		return b.relationOwner(at)
	}
	if at.Objtype == parser.ObjectType_OBJECT_INDEX {
		return b.alterIndex(at)
	}
	rel := b.maybeRelation(at.Relation)
	if rel == nil && at.MissingOk {
		return &plan.AlterTable{Name: at.Relation.Relname}
	}
	rel = b.definedRelation(at.Relation)
	switch at.Objtype {
	case parser.ObjectType_OBJECT_TABLE:
	case parser.ObjectType_OBJECT_SEQUENCE:
		return b.alterSequenceTable(at, rel)
	case parser.ObjectType_OBJECT_VIEW, parser.ObjectType_OBJECT_MATVIEW:
		b.checkKind(at.Objtype, rel)
	default:
		unsupported(-1, "ALTER of this kind of object")
	}
	if rel.Kind == catalog.MaterializedView {
		unalterable(rel, at.Cmds[0].GetAlterTableCmd())
	}
	if rel.Kind == catalog.View && !rel.Virtual {
		return &plan.AlterTable{Relation: rel.OID, Name: rel.Name, Actions: b.alterView(rel, at.Cmds)}
	}
	b.checkTable(rel)
	if out := b.alterPartition(rel, at.Cmds); out != nil {
		return out
	}
	q := &alterQueue{only: !at.Relation.Inh}
	a := q.table(b, rel)
	for _, action := range inPasses(stmt.Alter.Actions) {
		if passOf(action) != passAlterType { // USING sees the table as it was
			q.catchUp()
		}
		a.command(action)
	}
	return q.statement()
}

// do binds an action for this table.
func (a *alteration) do(x parser.AlterAction) catalog.AlterAction {
	bound := a.action(x)
	a.actions = append(a.actions, a.before...)
	if a.before = nil; bound != nil {
		a.actions = append(a.actions, bound)
	}
	return bound
}

// alteration knows the table's columns for expressions, and its names.
func (b *binder) alteration(rel *catalog.Relation) *alteration {
	t := &tableBuilder{binder: b, names: map[string]bool{}, def: &catalog.TableDef{Schema: rel.Schema, Name: rel.Name, Parents: rel.Parents, Partitioning: rel.Partitioning}}
	_, _, t.item = b.newScope(nil).rowOf(rel, rel.Name)
	for _, c := range rel.DeclaredConstraints() {
		t.names[c.Name] = true
	}
	return &alteration{tableBuilder: t, rel: rel, added: map[int16]string{}}
}

func (a *alteration) action(x parser.AlterAction) catalog.AlterAction {
	switch {
	case x.AddPartition != nil:
		return catalog.AddPartition{Partition: a.partition(*x.AddPartition, a.allNames())}
	case x.DropPartition != nil:
		return catalog.DropPartition{Name: x.DropPartition.Name, IfExists: x.DropPartition.IfExists}
	}
	f := alterCommands[x.Cmd.Subtype]
	if f == nil {
		unsupported(-1, "ALTER TABLE %s", alterWords(x.Cmd.Subtype))
	}
	return f(a, x)
}

// alterWords names an action in messages: AT_SetStatistics is SET STATISTICS.
func alterWords(t parser.AlterTableType) string {
	var b strings.Builder
	for i, r := range strings.TrimPrefix(t.String(), "AT_") {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

var alterCommands map[parser.AlterTableType]func(*alteration, parser.AlterAction) catalog.AlterAction

func init() {
	alterCommands = map[parser.AlterTableType]func(*alteration, parser.AlterAction) catalog.AlterAction{
		parser.AlterTableType_AT_AddColumn:          (*alteration).addColumn,
		parser.AlterTableType_AT_DropColumn:         (*alteration).dropColumn,
		parser.AlterTableType_AT_ColumnDefault:      (*alteration).columnDefault,
		parser.AlterTableType_AT_SetNotNull:         (*alteration).setNotNull,
		parser.AlterTableType_AT_DropNotNull:        (*alteration).dropNotNull,
		parser.AlterTableType_AT_AlterColumnType:    (*alteration).alterType,
		parser.AlterTableType_AT_AddConstraint:      (*alteration).addConstraint,
		parser.AlterTableType_AT_DropConstraint:     (*alteration).dropConstraint,
		parser.AlterTableType_AT_ValidateConstraint: (*alteration).validateConstraint,
		parser.AlterTableType_AT_AlterConstraint:    (*alteration).alterConstraint,
		parser.AlterTableType_AT_AddIdentity:        (*alteration).addIdentity,
		parser.AlterTableType_AT_SetIdentity:        (*alteration).setIdentity,
		parser.AlterTableType_AT_DropIdentity:       (*alteration).dropIdentity,
		parser.AlterTableType_AT_DropExpression:     (*alteration).dropExpression,
		parser.AlterTableType_AT_SetRelOptions:      (*alteration).setOptions,
		parser.AlterTableType_AT_ResetRelOptions:    (*alteration).resetOptions,
		parser.AlterTableType_AT_AddInherit:         (*alteration).addInherit,
		parser.AlterTableType_AT_DropInherit:        (*alteration).dropInherit,
		parser.AlterTableType_AT_AddOf:              (*alteration).addOf,
		parser.AlterTableType_AT_DropOf:             (*alteration).dropOf,
	}
	for cmd := range enabledStates {
		alterCommands[cmd] = (*alteration).enableTrigger
	}
}

// allNames are the dotted names of the table's attributes.
func (a *alteration) allNames() []string {
	var out []string
	for _, c := range a.rel.Columns {
		if c.Num > 0 || c.Num == catalog.ColVersion {
			out = append(out, c.Name)
		}
	}
	return out
}

// generatedNames are the table's generated columns.
func (a *alteration) generatedNames() []string {
	var out []string
	for _, c := range a.rel.Columns {
		if c.Generated != 0 {
			out = append(out, c.Name)
		}
	}
	return out
}

// columnPath resolves the name of an existing column: 42703.
func (a *alteration) columnPath(path []string) (string, *catalog.Column) {
	name := strings.Join(path, ".")
	found := matchName(a.allNames(), name)
	if found == "" || systemColumns[found] {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, a.rel.Name)
	}
	return found, a.rel.ColumnByName(found)
}

// fillOf is the value that a new column of a domain gets without a default; 42P16
// for a column of the table's own row type.
func (a *alteration) fillOf(c catalog.ColumnDef) string {
	if c.Type < types.FirstNormalOID {
		return ""
	}
	t := a.typ(c.Type)
	if row := a.reg.ByOID(a.rel.Type); row != nil {
		a.checkNotWithin(row, t)
	}
	if c.Default != "" || c.Generated != "" || c.Identity != 0 {
		return ""
	}
	for d := t; d.Domain != nil; d = d.Domain.Base {
		if d.Domain.Default != "" {
			return d.Domain.Default
		}
	}
	if base, _ := t.BaseType(-1); base.BaseDef != nil && base.BaseDef.Default != nil {
		return funcs.QuoteLiteral(*base.BaseDef.Default) + "::" + base.SQLName()
	}
	if t.Constrained() {
		return "NULL"
	}
	return ""
}

func (a *alteration) addColumn(x parser.AlterAction) catalog.AlterAction {
	last := len(x.Path) - 1
	parent, name := x.Path[:last], x.Path[last]
	out := catalog.AddColumn{IfNotExists: x.Cmd.MissingOk, Parent: strings.Join(parent, ".")}
	if !x.Cmd.MissingOk && slices.Contains(a.allNames(), strings.Join(append(slices.Clip(parent), name), ".")) {
		failAt(-1, pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", name, a.rel.Name)
	}
	column := *x.Column
	column.Name = name
	out.Column = a.columnDef(column, parent)
	out.Fill = a.fillOf(out.Column)
	for _, g := range a.generations {
		out.Column.Generated = a.generationText(&out.Column, g.expr, append(a.generatedNames(), g.column))
	}
	a.generations = nil
	for _, k := range a.later {
		switch k.Contype {
		case parser.ConstrType_CONSTR_UNIQUE:
			out.Unique = true
		case parser.ConstrType_CONSTR_CHECK:
			out.Check = append(out.Check, a.check(k))
		case parser.ConstrType_CONSTR_FOREIGN:
			out.Foreign = append(out.Foreign, a.addedForeign(k, out.Column))
		case parser.ConstrType_CONSTR_PRIMARY:
			a.checkNoPrimary(k)
			out.Primary, out.Column.NotNull = true, true
		default:
			unsupported(a.at(k.Location), "%s", constraintNames[k.Contype])
		}
	}
	a.later = nil
	return out
}

// addedForeign is the foreign key of a column that is added; its number is 0.
func (a *alteration) addedForeign(k columnConstraint, c catalog.ColumnDef) catalog.Constraint {
	child := tableOf(a.rel)
	typ, mod := a.definedType(c)
	child.columns = append(child.columns, &catalog.Column{Name: c.Name, Type: typ, Typmod: mod})
	return a.foreignKey(k, child)
}

func (a *alteration) dropColumn(x parser.AlterAction) catalog.AlterAction {
	name, cascade := strings.Join(x.Path, "."), x.Cmd.Behavior == parser.DropBehavior_DROP_CASCADE
	if found := matchName(a.allNames(), name); found != "" {
		name = found
		a.checkPartitionKey("drop", name)
		a.dropGenerated(a.rel.ColumnByName(name), cascade)
		a.dropTriggers(a.rel.ColumnByName(name), cascade)
		a.dropPolicies(a.rel.ColumnByName(name), cascade)
		a.dropChecks(name)
		a.dropKey(a.rel.ColumnByName(name), cascade)
	} else if !x.Cmd.MissingOk {
		a.columnPath(x.Path)
	}
	return catalog.DropColumn{Name: name, IfExists: x.Cmd.MissingOk, Cascade: cascade}
}

// dropKey drops the key that rows' ids are made of with a column of it.
func (a *alteration) dropKey(c *catalog.Column, cascade bool) {
	key := a.rel.PrimaryConstraint()
	if c == nil || key == nil || !a.makesIDs(key.Name) || !a.rel.Covers(key, c.Num) {
		return
	}
	drop := catalog.DropConstraint{Name: key.Name, Cascade: cascade, Key: true}
	if !slices.ContainsFunc(a.before, func(have catalog.AlterAction) bool { return have == catalog.AlterAction(drop) }) {
		a.before = append(a.before, drop)
	}
}

func (a *alteration) columnDefault(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	if c.Identity != 0 {
		e := pgerr.New(pgerr.SyntaxError, "column \"%s\" of relation \"%s\" is an identity column", name, a.rel.Name)
		if x.Cmd.Def == nil {
			e.WithHint("Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.")
		}
		fail(e)
	}
	if c.Generated != 0 {
		e := pgerr.New(pgerr.SyntaxError, "column \"%s\" of relation \"%s\" is a generated column", name, a.rel.Name)
		if x.Cmd.Def == nil {
			e.WithHint("Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.")
		}
		fail(e)
	}
	if x.Cmd.Def == nil {
		return catalog.SetDefault{Name: name}
	}
	return catalog.SetDefault{Name: name, Default: a.binder.defaultText(c.Name, c.Type, c.Typmod, x.Cmd.Def)}
}

func (a *alteration) setNotNull(x parser.AlterAction) catalog.AlterAction {
	name, _ := a.columnPath(x.Path)
	return catalog.SetNotNull{Name: name, NotNull: true}
}

func (a *alteration) dropNotNull(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	if pk := a.rel.PrimaryConstraint(); pk != nil && slices.Contains(pk.Columns, c.Num) {
		failAt(-1, pgerr.InvalidTableDefinition, "column \"%s\" is in a primary key", name)
	}
	if c.Identity != 0 {
		failAt(-1, pgerr.SyntaxError, "column \"%s\" of relation \"%s\" is an identity column", name, a.rel.Name)
	}
	return catalog.SetNotNull{Name: name}
}

func (a *alteration) setOptions(x parser.AlterAction) catalog.AlterAction {
	opts := a.options(x.Cmd.Def.GetList().GetItems())
	for _, name := range versioningOptions {
		value, given := opts[name]
		if !given {
			continue
		}
		on, err := types.ParseBool(value)
		if err != nil {
			failAt(-1, pgerr.InvalidParameterValue, "invalid value for boolean option \"%s\": %s", name, value)
		}
		a.versioning(on)
	}
	return catalog.SetOptions{Options: opts}
}

// versioningOptions are both names of the option.
var versioningOptions = []string{"versioning", "versioning_enabled"}

// versioning adds or drops what the option is in s3db.js: the partition byVersion.
func (a *alteration) versioning(on bool) {
	const name = "byVersion"
	at := slices.IndexFunc(a.rel.Indexes, func(ix *catalog.Index) bool { return ix.Kind == catalog.PartitionIndex && ix.Partition == name })
	if at >= 0 && a.rel.Indexes[at].Columns[0].Num != catalog.ColVersion {
		failAt(-1, pgerr.DuplicateObject, "partition \"%s\" of relation \"%s\" is over another column", name, a.rel.Name)
	}
	if on {
		def := catalog.IndexDef{Name: name, IfNotExists: true, Fields: []catalog.IndexField{{Name: "_v", Rule: "string"}}}
		a.before = append(a.before, catalog.AddPartition{Partition: def})
		return
	}
	a.before = append(a.before, catalog.DropPartition{Name: name, IfExists: true})
}

func (a *alteration) resetOptions(x parser.AlterAction) catalog.AlterAction {
	var out catalog.SetOptions
	for _, n := range x.Cmd.Def.GetList().GetItems() {
		name := n.GetDefElem().Defname
		if out.Reset = append(out.Reset, name); slices.Contains(versioningOptions, name) {
			a.versioning(false)
		}
	}
	return out
}

// checkKind is 42809 for a relation that is not what the statement calls it; ALTER
// TABLE may mean any.
func (b *binder) checkKind(object parser.ObjectType, rel *catalog.Relation) {
	if k, ok := dropKinds[object]; ok && object != parser.ObjectType_OBJECT_TABLE && rel.Kind != k.kind {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not %s", rel.Name, k.noun)
	}
}

// unalterable is 42809 for an action that this kind of relation does not have.
func unalterable(rel *catalog.Relation, cmd *parser.AlterTableCmd) {
	fail(pgerr.New(pgerr.WrongObjectType, "ALTER action %s cannot be performed on relation \"%s\"", alterWords(cmd.Subtype), rel.Name).
		WithDetail("This operation is not supported for %s.", kindPlurals[rel.Kind]))
}
