package bind

import (
	"math"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// createSequence is DefineSequence.
func (b *binder) createSequence(c *parser.CreateSeqStmt) plan.Statement {
	def := &catalog.SequenceDef{Schema: b.creationSchema(c.Sequence), Name: c.Sequence.Relname}
	out := &plan.CreateSequence{Def: def, IfNotExists: c.IfNotExists}
	if b.relationTaken(def.Schema, def.Name) {
		if c.IfNotExists {
			return out
		}
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", def.Name)
	}
	s := b.sequenceOptions(c.Options, sequenceOptions{})
	def.SequenceInfo, _ = s.newSequence()
	def.Unlogged = c.Sequence.Relpersistence == unlogged
	s.owner(&def.SequenceInfo, def.Schema, def.Name)
	return out
}

// alterSequence is AlterSequence.
func (b *binder) alterSequence(a *parser.AlterSeqStmt) plan.Statement {
	rel := b.maybeRelation(a.Sequence)
	if rel == nil && a.MissingOk {
		return &plan.AlterSequence{Name: a.Sequence.Relname}
	}
	rel = b.definedRelation(a.Sequence)
	if rel.Kind != catalog.Sequence {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a sequence", rel.Name)
	}
	s := b.sequenceOptions(a.Options, sequenceOptions{})
	return s.alter(rel)
}

// alterSequenceTable is ALTER SEQUENCE with an action of ALTER TABLE: SET LOGGED and
// SET UNLOGGED.
func (b *binder) alterSequenceTable(at *parser.AlterTableStmt, rel *catalog.Relation) plan.Statement {
	if rel.Kind != catalog.Sequence {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a sequence", rel.Name)
	}
	b.checkOwned(rel)
	out := &plan.AlterSequence{Relation: rel.OID, Name: rel.Name, Info: *rel.Sequence}
	for _, n := range at.Cmds {
		switch n.GetAlterTableCmd().GetSubtype() {
		case parser.AlterTableType_AT_SetLogged:
			out.Info.Unlogged = false
		case parser.AlterTableType_AT_SetUnLogged:
			out.Info.Unlogged = true
		default:
			unsupported(-1, "this action of ALTER SEQUENCE")
		}
	}
	if rel.Sequence.Owner != 0 {
		unsupported(-1, "changing the persistence of a column's sequence apart from its table's")
	}
	return out
}

// sequenceOptions are the options of a sequence, sorted by what they set.
type sequenceOptions struct {
	*binder
	given    map[string]*parser.DefElem
	identity bool // an identity column's
}

// sequenceOptions sorts the list: 42601 for an option that stands twice.
func (b *binder) sequenceOptions(ns []*parser.Node, s sequenceOptions) *sequenceOptions {
	s.binder, s.given = b, map[string]*parser.DefElem{}
	for _, n := range ns {
		d := n.GetDefElem()
		if s.given[d.Defname] != nil {
			failAt(b.at(d.Location), pgerr.SyntaxError, "conflicting or redundant options")
		}
		s.given[d.Defname] = d
	}
	return &s
}

// number is an option's value: ok is false without one (NO MAXVALUE too).
func (s *sequenceOptions) number(name string) (n int64, ok bool) {
	d := s.given[name]
	if d == nil || d.Arg == nil {
		return 0, false
	}
	switch v := d.Arg.GetNode().(type) {
	case *parser.Node_Integer:
		return int64(v.Integer.Ival), true
	case *parser.Node_Float:
		return s.bigNumber(v.Float.Fval), true
	}
	failAt(-1, pgerr.SyntaxError, "%s requires a numeric value", name)
	return 0, false
}

// bigNumber is int8in.
func (s *sequenceOptions) bigNumber(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil:
		return n
	case err.(*strconv.NumError).Err == strconv.ErrRange:
		failAt(-1, pgerr.NumericValueOutOfRange, "value \"%s\" is out of range for type bigint", text)
	}
	failAt(-1, pgerr.InvalidTextRepresentation, "invalid input syntax for type bigint: \"%s\"", text)
	return 0
}

// intRange are the bounds of the types that a sequence can have.
var intRange = map[types.OID][2]int64{
	types.Int2OID: {math.MinInt16, math.MaxInt16},
	types.Int4OID: {math.MinInt32, math.MaxInt32},
	types.Int8OID: {math.MinInt64, math.MaxInt64},
}

// newSequence is init_params of a new sequence.
func (s *sequenceOptions) newSequence() (catalog.SequenceInfo, *int64) {
	return s.apply(catalog.SequenceInfo{Type: types.Int8OID, Increment: 1, Cache: 1, Identity: s.identity}, true)
}

// apply is init_params: the options over what the sequence has. The number is
// RESTART's, nil without one.
func (s *sequenceOptions) apply(info catalog.SequenceInfo, isInit bool) (catalog.SequenceInfo, *int64) {
	typeMax, typeMin := s.sequenceType(&info)
	if n, ok := s.number("increment"); ok {
		if info.Increment = n; n == 0 {
			failAt(-1, pgerr.InvalidParameterValue, "INCREMENT must not be zero")
		}
	}
	if d := s.given["cycle"]; d != nil {
		info.Cycle = d.Arg.GetBoolean().GetBoolval()
	}
	s.bounds(&info, isInit, typeMax && !isInit, typeMin && !isInit)
	if n, ok := s.number("start"); ok {
		info.Start = n
	} else if isInit {
		info.Start = info.Min
		if info.Increment < 0 {
			info.Start = info.Max
		}
	}
	checkBetween("START value", info.Start, info)
	if n, ok := s.number("cache"); ok {
		if info.Cache = n; n <= 0 {
			failAt(-1, pgerr.InvalidParameterValue, "CACHE (%d) must be greater than zero", n)
		}
	}
	return info, s.restart(info)
}

func (s *sequenceOptions) restart(info catalog.SequenceInfo) *int64 {
	if s.given["restart"] == nil {
		return nil
	}
	n, ok := s.number("restart")
	if !ok {
		n = info.Start
	}
	checkBetween("RESTART value", n, info)
	return &n
}

// sequenceType is AS: whether the bounds were the old type's, and so change with
// it.
func (s *sequenceOptions) sequenceType(info *catalog.SequenceInfo) (typeMax, typeMin bool) {
	d := s.given["as"]
	if d == nil {
		return false, false
	}
	t, _ := s.typeNameType(d.Arg.GetTypeName())
	if _, ok := intRange[t.OID]; !ok {
		what := "sequence"
		if s.identity {
			what = "identity column"
		}
		failAt(-1, pgerr.InvalidParameterValue, "%s type must be smallint, integer, or bigint", what)
	}
	old := intRange[info.Type]
	info.Type = t.OID
	return info.Max == old[1], info.Min == old[0]
}

// bounds sets MAXVALUE and MINVALUE. Bounds that were those of the old type
// become those of the new one (typeMax, typeMin).
func (s *sequenceOptions) bounds(info *catalog.SequenceInfo, isInit, typeMax, typeMin bool) {
	ofType := intRange[info.Type]
	if n, ok := s.number("maxvalue"); ok {
		info.Max = n
	} else if typeMax || isInit || s.given["maxvalue"] != nil {
		info.Max = ofType[1]
		if info.Increment < 0 && !typeMax {
			info.Max = -1
		}
	}
	s.checkRange("MAXVALUE", info.Max, info.Type)
	if n, ok := s.number("minvalue"); ok {
		info.Min = n
	} else if typeMin || isInit || s.given["minvalue"] != nil {
		info.Min = ofType[0]
		if info.Increment > 0 && !typeMin {
			info.Min = 1
		}
	}
	s.checkRange("MINVALUE", info.Min, info.Type)
	if info.Min >= info.Max {
		failAt(-1, pgerr.InvalidParameterValue, "MINVALUE (%d) must be less than MAXVALUE (%d)", info.Min, info.Max)
	}
}

func (s *sequenceOptions) checkRange(what string, n int64, oid types.OID) {
	if r := intRange[oid]; n < r[0] || n > r[1] {
		failAt(-1, pgerr.InvalidParameterValue, "%s (%d) is out of range for sequence data type %s", what, n, s.typeName(s.typ(oid)))
	}
}

func checkBetween(what string, n int64, info catalog.SequenceInfo) {
	if err := SequenceValueOutOfRange(what, n, info); err != nil {
		fail(err)
	}
}

// SequenceValueOutOfRange is 22023 for a value (what names it) beyond the bounds
// of a sequence, nil within them.
func SequenceValueOutOfRange(what string, n int64, info catalog.SequenceInfo) error {
	switch {
	case n < info.Min:
		return pgerr.New(pgerr.InvalidParameterValue, "%s (%d) cannot be less than MINVALUE (%d)", what, n, info.Min)
	case n > info.Max:
		return pgerr.New(pgerr.InvalidParameterValue, "%s (%d) cannot be greater than MAXVALUE (%d)", what, n, info.Max)
	}
	return nil
}

// owner is process_owned_by.
func (s *sequenceOptions) owner(info *catalog.SequenceInfo, schema, name string) {
	d := s.given["owned_by"]
	if d == nil {
		return
	}
	parts := nameParts(d.Arg.GetList().GetItems())
	if len(parts) == 1 {
		if parts[0] != "none" {
			fail(pgerr.New(pgerr.SyntaxError, "invalid OWNED BY option").WithHint("Specify OWNED BY table.column or OWNED BY NONE."))
		}
		s.checkLinked(info, name)
		info.Owner, info.OwnerColumn = 0, 0
		return
	}
	column := parts[len(parts)-1]
	ownerSchema, table := qualified(parts[:len(parts)-1])
	rel := s.findRelation(ownerSchema, table)
	switch {
	case rel == nil && s.isIndex(ownerSchema, table):
		cannotOwn(table, catalog.IndexRel)
	case rel == nil:
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", dotted(parts[:len(parts)-1]))
	case !rel.IsTable() && rel.Kind != catalog.View:
		cannotOwn(rel.Name, rel.Kind)
	case rel.Schema != schema:
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "sequence must be in same schema as table it is linked to")
	}
	c := rel.ColumnByName(column)
	if c == nil || c.Num <= 0 {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", column, rel.Name)
	}
	s.checkLinked(info, name)
	info.Owner, info.OwnerColumn = rel.OID, c.Num
}

// checkLinked is 0A000 for the sequence of an identity column.
func (s *sequenceOptions) checkLinked(info *catalog.SequenceInfo, name string) {
	if info.Identity {
		linked := s.env.Catalog.RelationByOID(info.Owner)
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot change ownership of identity sequence").
			WithDetail("Sequence \"%s\" is linked to table \"%s\".", name, linked.Name))
	}
}

func (s *sequenceOptions) isIndex(schema, name string) bool {
	_, ix := s.findIndex(schema, name)
	return ix != nil
}

func cannotOwn(name string, kind catalog.RelKind) {
	fail(pgerr.New(pgerr.WrongObjectType, "sequence cannot be owned by relation \"%s\"", name).
		WithDetail("This operation is not supported for %s.", kindPlurals[kind]))
}

// kindPlurals are the words of errdetail_relkind_not_supported.
var kindPlurals = map[catalog.RelKind]string{
	catalog.Table: "tables", catalog.PartitionedTable: "partitioned tables", catalog.View: "views", catalog.MaterializedView: "materialized views",
	catalog.IndexRel: "indexes", catalog.Sequence: "sequences", catalog.CompositeType: "composite types",
}

// alter binds the options over an existing sequence.
func (s *sequenceOptions) alter(rel *catalog.Relation) *plan.AlterSequence {
	out := &plan.AlterSequence{Relation: rel.OID, Name: rel.Name}
	out.Info, out.Restart = s.apply(*rel.Sequence, false)
	s.owner(&out.Info, rel.Schema, rel.Name)
	return out
}
