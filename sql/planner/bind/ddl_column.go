package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// serialTypes are no types but a way to write a column with a sequence.
var serialTypes = map[string]types.OID{
	"smallserial": types.Int2OID, "serial2": types.Int2OID,
	"serial": types.Int4OID, "serial4": types.Int4OID,
	"bigserial": types.Int8OID, "serial8": types.Int8OID,
}

// serialType is the integer type behind a serial column, 0 for other columns.
func serialType(d *parser.ColumnDef) types.OID {
	if parts := nameParts(d.GetTypeName().GetNames()); len(parts) == 1 {
		return serialTypes[parts[0]]
	}
	return 0
}

// columnClauses are the clauses of one column that were seen so far
// (transformColumnDefinition's saw_…).
type columnClauses struct {
	*tableBuilder
	column *catalog.ColumnDef
	path   []string

	null, notNull, isDefault, identity, generated bool
}

// columnClause says what a clause does to its column; constraints of the table
// have no entry.
var columnClause map[parser.ConstrType]func(s *columnClauses, k *parser.Constraint, pos int)

func init() {
	columnClause = map[parser.ConstrType]func(*columnClauses, *parser.Constraint, int){
		parser.ConstrType_CONSTR_NOTNULL:   func(s *columnClauses, _ *parser.Constraint, _ int) { s.notNull, s.column.NotNull = true, true },
		parser.ConstrType_CONSTR_NULL:      func(s *columnClauses, _ *parser.Constraint, _ int) { s.null = true },
		parser.ConstrType_CONSTR_DEFAULT:   (*columnClauses).defaultClause,
		parser.ConstrType_CONSTR_IDENTITY:  (*columnClauses).identityClause,
		parser.ConstrType_CONSTR_GENERATED: (*columnClauses).generatedClause,

		parser.ConstrType_CONSTR_ATTR_DEFERRABLE:     attributeClause,
		parser.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE: attributeClause,
		parser.ConstrType_CONSTR_ATTR_DEFERRED:       attributeClause,
		parser.ConstrType_CONSTR_ATTR_IMMEDIATE:      attributeClause,
	}
}

func attributeClause(s *columnClauses, k *parser.Constraint, pos int) { s.constraintAttribute(k, pos) }

func (s *columnClauses) defaultClause(k *parser.Constraint, pos int) {
	s.onlyDefault(pos)
	s.column.Default = s.defaultText(s.column, k.RawExpr)
}

func (s *columnClauses) onlyDefault(pos int) {
	if s.isDefault {
		failAt(pos, pgerr.SyntaxError, "multiple default values specified for column \"%s\" of table \"%s\"", s.column.Name, s.def.Name)
	}
	s.isDefault = true
}

func (s *columnClauses) identityClause(k *parser.Constraint, pos int) {
	switch {
	case s.def.OfType != 0:
		failAt(-1, pgerr.FeatureNotSupported, "identity columns are not supported on typed tables")
	case s.isPartition:
		failAt(-1, pgerr.FeatureNotSupported, "identity columns are not supported on partitions")
	case s.identity:
		failAt(pos, pgerr.SyntaxError, "multiple identity specifications for column \"%s\" of table \"%s\"", s.column.Name, s.def.Name)
	}
	s.identity, s.notNull = true, true
	s.column.Identity, s.column.NotNull = k.GeneratedWhen[0], true
	s.sequence(s.sequenceOptions(k.Options, sequenceOptions{identity: true}), pos)
}

// serial is generateSerialExtraStmts.
func (s *columnClauses) serial(pos int) {
	s.sequence(s.sequenceOptions(nil, sequenceOptions{}), pos)
	s.onlyDefault(pos)
	s.notNull, s.column.NotNull = true, true
}

// sequence adds the column's sequence; one of an identity column can name itself.
func (s *columnClauses) sequence(o *sequenceOptions, pos int) {
	if len(s.path) > 1 {
		unsupported(pos, "a sequence for a nested column")
	}
	s.sequences = append(s.sequences, plan.ColumnSequence{Column: s.column.Name, Def: s.columnSequence(o, s.column.Name, s.column.Type)})
}

// columnSequence is the sequence of a column of that type.
func (t *tableBuilder) columnSequence(o *sequenceOptions, column string, oid types.OID) *catalog.SequenceDef {
	if _, ok := intRange[oid]; !ok {
		failAt(-1, pgerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
	}
	def := &catalog.SequenceDef{Schema: t.def.Schema}
	if d := o.given["sequence_name"]; d != nil {
		_, def.Name = qualified(nameParts(d.Arg.GetList().GetItems()))
		delete(o.given, "sequence_name")
	} else {
		def.Name = freeName(t.def.Name, column, "seq", t.taken)
		t.names[def.Name] = true
	}
	info := catalog.SequenceInfo{Type: oid, Increment: 1, Cache: 1, Identity: o.identity}
	def.SequenceInfo, _ = o.apply(info, true)
	return def
}

// check refuses clauses that exclude each other.
func (s *columnClauses) check(pos int) {
	faults := []struct {
		present bool
		what    string
	}{
		{s.null && s.notNull, "conflicting NULL/NOT NULL declarations for"},
		{s.isDefault && s.identity, "both default and identity specified for"},
		{s.isDefault && s.generated, "both default and generation expression specified for"},
		{s.identity && s.generated, "both identity and generation expression specified for"},
	}
	for _, f := range faults {
		if f.present {
			failAt(pos, pgerr.SyntaxError, "%s column \"%s\" of table \"%s\"", f.what, strings.Join(s.path, "."), s.def.Name)
		}
	}
}

// addIdentity is ALTER COLUMN … ADD GENERATED … AS IDENTITY.
func (a *alteration) addIdentity(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	k := x.Cmd.Def.GetConstraint()
	_, isInteger := intRange[c.Type.OID]
	switch {
	case !isInteger:
		failAt(-1, pgerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
	case !c.NotNull:
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" must be declared NOT NULL before identity can be added", name, a.rel.Name)
	case c.Identity != 0:
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" is already an identity column", name, a.rel.Name)
	case c.Default != "":
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" already has a default value", name, a.rel.Name)
	}
	def := a.columnSequence(a.sequenceOptions(k.Options, sequenceOptions{identity: true}), name, c.Type.OID)
	a.sequences = append(a.sequences, plan.ColumnSequence{Column: name, Def: def})
	return catalog.SetIdentity{Name: name, Identity: k.GeneratedWhen[0]}
}

// setIdentity is ALTER COLUMN … SET GENERATED, and SET or RESTART of options of
// the column's sequence.
func (a *alteration) setIdentity(x parser.AlterAction) catalog.AlterAction {
	name, c := a.identityColumn(x)
	out := catalog.SetIdentity{Name: name, Identity: c.Identity}
	var options []*parser.Node
	for _, n := range x.Cmd.Def.GetList().GetItems() {
		if d := n.GetDefElem(); d.Defname == "generated" {
			out.Identity = byte(d.Arg.GetInteger().GetIval())
		} else {
			options = append(options, n)
		}
	}
	if seq := catalog.ColumnSequence(a.env.Catalog, a.rel.OID, c.Num, true); seq != nil && len(options) > 0 {
		a.altered = append(a.altered, a.sequenceOptions(options, sequenceOptions{identity: true}).alter(seq))
	}
	return out
}

// retypeIdentity gives the sequence of an identity column the column's new type.
func (a *alteration) retypeIdentity(c *catalog.Column, d *parser.ColumnDef) {
	seq := catalog.ColumnSequence(a.env.Catalog, a.rel.OID, c.Num, true)
	if seq == nil {
		return
	}
	as := &parser.DefElem{Defname: "as", Arg: &parser.Node{Node: &parser.Node_TypeName{TypeName: d.TypeName}}}
	o := &sequenceOptions{binder: a.binder, identity: true, given: map[string]*parser.DefElem{"as": as}}
	a.altered = append(a.altered, o.alter(seq))
}

// dropIdentity is ALTER COLUMN … DROP IDENTITY.
func (a *alteration) dropIdentity(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	if c.Identity == 0 && x.Cmd.MissingOk {
		a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
			"column \"%s\" of relation \"%s\" is not an identity column, skipping", name, a.rel.Name))
		return nil
	}
	name, _ = a.identityColumn(x)
	return catalog.SetIdentity{Name: name}
}

// identityColumn is 55000 for a column that is none.
func (a *alteration) identityColumn(x parser.AlterAction) (string, *catalog.Column) {
	name, c := a.columnPath(x.Path)
	if c.Identity == 0 {
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" is not an identity column", name, a.rel.Name)
	}
	return name, c
}
