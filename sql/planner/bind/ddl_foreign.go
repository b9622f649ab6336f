package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// keyTable is a table as a foreign key sees it: one that exists, or the one that
// the statement makes. Columns of the latter have their places as numbers.
type keyTable struct {
	name    string
	schema  string
	oid     types.OID // 0 for the table being made
	columns []*catalog.Column
	primary []int16
	unique  [][]int16 // keys, the primary one among them
	// deferrable are keys that can't be referred to.
	deferrable [][]int16
	unlogged   bool
}

func tableOf(rel *catalog.Relation) *keyTable {
	t := &keyTable{name: rel.Name, schema: rel.Schema, oid: rel.OID, columns: rel.VisibleColumns(), unlogged: rel.Unlogged}
	for _, c := range rel.Constraints {
		if hidden := slices.ContainsFunc(c.Columns, func(num int16) bool { return rel.Column(num).Hidden }); hidden {
			continue
		}
		if c.Kind == catalog.PrimaryConstraint {
			t.primary = c.Columns
		}
	}
	for _, ix := range rel.Indexes {
		if ix.Deferrable {
			t.deferrable = append(t.deferrable, ix.Declared)
			continue
		}
		if ix.Unique && len(ix.Declared) > 0 && !slices.ContainsFunc(ix.Declared, func(num int16) bool { return rel.Column(num).Hidden }) {
			t.unique = append(t.unique, ix.Declared)
		}
	}
	return t
}

// tableMade is the table that CREATE TABLE makes.
func (t *tableBuilder) tableMade() *keyTable {
	out := &keyTable{name: t.def.Name, schema: t.def.Schema, unlogged: t.def.Unlogged}
	for i, c := range t.def.Columns {
		typ, mod := t.definedType(c)
		col := &catalog.Column{Num: int16(i + 1), Name: c.Name, Type: typ, Typmod: mod}
		if c.Generated != "" {
			col.Generated = 's'
		}
		out.columns = append(out.columns, col)
	}
	nums := func(names []string) []int16 {
		var key []int16
		for _, n := range names {
			if c := out.column(n); c != nil {
				key = append(key, c.Num)
			}
		}
		return key
	}
	if out.primary = nums(t.def.PrimaryKey); len(out.primary) > 0 {
		out.unique = append(out.unique, out.primary)
	}
	for _, u := range t.def.Unique {
		key := nums(u.Columns)
		switch {
		case u.Deferrable:
			out.deferrable = append(out.deferrable, key)
		default:
			out.unique = append(out.unique, key)
		}
		if u.Primary {
			out.primary = key
		}
	}
	return out
}

func (t *keyTable) column(name string) *catalog.Column {
	for _, c := range t.columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func (t *keyTable) byNum(num int16) *catalog.Column {
	i := slices.IndexFunc(t.columns, func(c *catalog.Column) bool { return c.Num == num })
	return t.columns[i]
}

// keyColumns is transformColumnNameList: 42703.
func (t *keyTable) keyColumns(ns []*parser.Node) []int16 {
	var out []int16
	for _, name := range nameParts(ns) {
		c := t.column(name)
		if c == nil && systemColumns[name] {
			failAt(-1, pgerr.FeatureNotSupported, "system columns cannot be used in foreign keys")
		}
		if c == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" referenced in foreign key constraint does not exist", name)
		}
		out = append(out, c.Num)
	}
	return out
}

// foreignKey is ATAddForeignKeyConstraint. The constraint's name is chosen by
// the caller's names.
func (t *tableBuilder) foreignKey(k columnConstraint, child *keyTable) catalog.Constraint {
	parent := t.referencedTable(k, child)
	out := catalog.Constraint{
		Kind: catalog.ForeignConstraint, RefRelation: parent.oid, OnUpdate: k.FkUpdAction[0], OnDelete: k.FkDelAction[0],
		MatchFull: k.FkMatchtype == "f", Deferrable: k.Deferrable || k.Initdeferred, Deferred: k.Initdeferred,
	}
	if k.column != "" {
		c := child.column(k.column)
		if c == nil {
			unsupported(t.at(k.Location), "a FOREIGN KEY of a nested column")
		}
		out.Columns = []int16{c.Num}
	} else {
		out.Columns = child.keyColumns(k.FkAttrs)
	}
	out.RefColumns = parent.referencedKey(k.PkAttrs)
	out.DeleteColumns = deleteColumns(k, child, out.Columns)
	checkGeneratedKey(child, out)
	if len(out.Columns) != len(out.RefColumns) {
		failAt(-1, pgerr.InvalidForeignKey, "number of referencing and referenced columns for foreign key disagree")
	}
	names := make([]string, len(out.Columns))
	for i, num := range out.Columns {
		names[i] = child.byNum(num).Name
	}
	out.Name = t.name(k.Conname, columnsPart(names), "fkey")
	t.checkKeyTypes(out, child, parent)
	return out
}

// referencedTable finds the table that the key refers to: 42P01, 42809, 42P16.
func (t *tableBuilder) referencedTable(k columnConstraint, child *keyTable) *keyTable {
	rv := k.Pktable
	rel := t.maybeRelation(rv)
	if child.oid == 0 && rv.Relname == child.name && (rv.Schemaname == child.schema || rv.Schemaname == "" && rel == nil) {
		return child
	}
	if rel == nil {
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", rangeVarName(rv))
	}
	if rel.Kind != catalog.Table && rel.Kind != catalog.PartitionedTable {
		failAt(-1, pgerr.WrongObjectType, "referenced relation \"%s\" is not a table", rel.Name)
	}
	t.checkOwned(rel)
	childTemp, parentTemp := child.schema == t.env.TempSchema && t.env.TempSchema != "", catalog.IsTemporary(rel.OID)
	switch {
	case childTemp && !parentTemp:
		failAt(-1, pgerr.InvalidTableDefinition, "constraints on temporary tables may reference only temporary tables")
	case !childTemp && parentTemp && child.unlogged:
		failAt(-1, pgerr.InvalidTableDefinition, "constraints on unlogged tables may reference only permanent or unlogged tables")
	case !childTemp && parentTemp, !childTemp && !child.unlogged && rel.Unlogged:
		failAt(-1, pgerr.InvalidTableDefinition, "constraints on permanent tables may reference only permanent tables")
	}
	return tableOf(rel)
}

// referencedKey is transformFkeyGetPrimaryKey or, with columns named,
// transformFkeyCheckAttrs: 42704, 42703, 42830.
func (t *keyTable) referencedKey(ns []*parser.Node) []int16 {
	if len(ns) == 0 {
		if len(t.primary) == 0 {
			failAt(-1, pgerr.UndefinedObject, "there is no primary key for referenced table \"%s\"", t.name)
		}
		if slices.ContainsFunc(t.deferrable, func(key []int16) bool { return slices.Equal(key, t.primary) }) {
			failAt(-1, pgerr.ObjectNotInPrerequisiteState, "cannot use a deferrable primary key for referenced table \"%s\"", t.name)
		}
		return t.primary
	}
	nums := t.keyColumns(ns)
	sorted := slices.Sorted(slices.Values(nums))
	if len(slices.Compact(slices.Clone(sorted))) < len(nums) {
		failAt(-1, pgerr.InvalidForeignKey, "foreign key referenced-columns list must not contain duplicates")
	}
	same := func(key []int16) bool { return slices.Equal(slices.Sorted(slices.Values(key)), sorted) }
	switch {
	case slices.ContainsFunc(t.unique, same):
	case slices.ContainsFunc(t.deferrable, same):
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "cannot use a deferrable unique constraint for referenced table \"%s\"", t.name)
	default:
		failAt(-1, pgerr.InvalidForeignKey, "there is no unique constraint matching given keys for referenced table \"%s\"", t.name)
	}
	return nums
}

// deleteColumns are those of ON DELETE SET NULL (…): 42P10 for others than the
// key's.
func deleteColumns(k columnConstraint, child *keyTable, key []int16) []int16 {
	if len(k.FkDelSetCols) == 0 {
		return nil
	}
	var nums []int16
	for _, num := range child.keyColumns(k.FkDelSetCols) {
		if !slices.Contains(nums, num) {
			nums = append(nums, num)
		}
		if !slices.Contains(key, num) {
			failAt(-1, pgerr.InvalidColumnReference, "column \"%s\" referenced in ON DELETE SET action must be part of foreign key",
				child.byNum(num).Name)
		}
	}
	return nums
}

// checkGeneratedKey refuses actions that would write a generated column.
func checkGeneratedKey(child *keyTable, c catalog.Constraint) {
	for _, num := range c.Columns {
		if child.byNum(num).Generated == 0 {
			continue
		}
		if slices.Contains([]byte{'n', 'd', 'c'}, c.OnUpdate) {
			failAt(-1, pgerr.SyntaxError, "invalid ON UPDATE action for foreign key constraint containing generated column")
		}
		if slices.Contains([]byte{'n', 'd'}, c.OnDelete) {
			failAt(-1, pgerr.SyntaxError, "invalid ON DELETE action for foreign key constraint containing generated column")
		}
	}
}

// keyFamilies are the types that one btree operator family compares with each
// other; those of the families of dates have no common text and are left out.
var keyFamilies = [][]types.OID{
	{types.Int2OID, types.Int4OID, types.Int8OID}, {types.Float4OID, types.Float8OID}, {types.TextOID, types.VarcharOID, types.NameOID},
}

// checkKeyTypes is 42804 for columns that no operator of the key's index
// compares.
func (t *tableBuilder) checkKeyTypes(c catalog.Constraint, child, parent *keyTable) {
	for i, num := range c.Columns {
		fk, pk := child.byNum(num), parent.byNum(c.RefColumns[i])
		t.checkBytewise(fk.Type, "a foreign key")
		t.checkBytewise(pk.Type, "a foreign key")
		if t.comparableKeys(t.typ(t.baseType(fk.Type.OID)), t.typ(t.baseType(pk.Type.OID))) {
			continue
		}
		fail(pgerr.New(pgerr.DatatypeMismatch, "foreign key constraint \"%s\" cannot be implemented", c.Name).
			WithDetail("Key columns \"%s\" and \"%s\" are of incompatible types: %s and %s.",
				fk.Name, pk.Name, t.typeName(fk.Type), t.typeName(pk.Type)))
	}
}

func (t *tableBuilder) comparableKeys(fk, pk *types.Type) bool {
	if fk.OID == pk.OID {
		return pk.Compare != nil
	}
	for _, family := range keyFamilies {
		if slices.Contains(family, fk.OID) && slices.Contains(family, pk.OID) {
			return true
		}
	}
	if !t.canCoerce([]types.OID{fk.OID}, []types.OID{pk.OID}, coerceImplicit) {
		return false
	}
	if pk.Category == types.DateTime {
		unsupported(-1, "a FOREIGN KEY from %s to %s", t.typeName(fk), t.typeName(pk))
	}
	return true
}

// constraintAttributes moves DEFERRABLE and INITIALLY … from the clauses that
// follow a column's constraint into it (transformConstraintAttrs).
func (t *tableBuilder) constraintAttribute(k *parser.Constraint, pos int) {
	last := len(t.later) - 1
	if last < 0 || !slices.Contains(deferrableConstraints, t.later[last].Contype) {
		failAt(pos, pgerr.SyntaxError, "misplaced %s clause", constraintNames[k.Contype])
	}
	of := parser.Clone(t.later[last].Constraint)
	switch k.Contype {
	case parser.ConstrType_CONSTR_ATTR_DEFERRABLE:
		of.Deferrable = true
	case parser.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE:
		if of.Initdeferred {
			failAt(pos, pgerr.SyntaxError, "constraint declared INITIALLY DEFERRED must be DEFERRABLE")
		}
		of.Deferrable = false
	case parser.ConstrType_CONSTR_ATTR_DEFERRED:
		of.Deferrable, of.Initdeferred = true, true
	case parser.ConstrType_CONSTR_ATTR_IMMEDIATE:
		of.Initdeferred = false
	}
	t.later[last].Constraint = of
}

var deferrableConstraints = []parser.ConstrType{
	parser.ConstrType_CONSTR_FOREIGN, parser.ConstrType_CONSTR_PRIMARY, parser.ConstrType_CONSTR_UNIQUE, parser.ConstrType_CONSTR_EXCLUSION,
}
