package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// What LIKE includes, bits of TableLikeClause.options (parsenodes.h).
const (
	likeComments = 1 << iota
	likeCompression
	likeConstraints
	likeDefaults
	likeGenerated
	likeIdentity
	likeIndexes
	_ // statistics
	likeStorage
)

// like is transformTableLikeClause and expandTableLikeClause, but for the
// indexes: the columns of another relation, and its CHECK constraints.
func (t *tableBuilder) like(l parser.LikeClause) {
	rel := t.likeRelation(l)
	for _, c := range rel.VisibleColumns() {
		t.ownColumn(c.Name, func() catalog.ColumnDef { return t.likeColumn(l, rel, c) })
	}
	if l.Options&likeConstraints != 0 {
		t.likeChecks(rel)
	}
}

func (t *tableBuilder) likeColumn(l parser.LikeClause, rel *catalog.Relation, c *catalog.Column) catalog.ColumnDef {
	has := func(option uint32) bool { return l.Options&option != 0 }
	d := catalog.ColumnDef{Name: c.Name, Type: c.Type.OID, Typmod: c.Typmod, Dims: c.Dims, NotNull: c.NotNull, Collation: c.Collation}
	switch {
	case c.Generated != 0 && has(likeGenerated):
		d.Generated = c.Default
	case c.Generated == 0 && has(likeDefaults):
		d.Default = c.Default
	}
	if has(likeIdentity) && c.Identity != 0 {
		d.Identity = c.Identity
		t.copySequence(rel, c)
	}
	if has(likeCompression) {
		d.Compression = c.Compression
	}
	if has(likeStorage) {
		d.Storage = c.Storage
	}
	if has(likeComments) {
		d.Comment = c.Comment
	}
	t.addToItem(d, []string{c.Name})
	return d
}

// copySequence gives an identity column a sequence like the other column's.
func (t *tableBuilder) copySequence(rel *catalog.Relation, c *catalog.Column) {
	seq := catalog.ColumnSequence(t.env.Catalog, rel.OID, c.Num, true)
	if seq == nil {
		failAt(-1, pgerr.InternalError, "no owned sequence found")
	}
	def := &catalog.SequenceDef{Schema: t.def.Schema, Name: freeName(t.def.Name, c.Name, "seq", t.taken), SequenceInfo: *seq.Sequence}
	def.Owner, def.OwnerColumn, def.Counter = 0, 0, ""
	t.names[def.Name] = true
	t.sequences = append(t.sequences, plan.ColumnSequence{Column: c.Name, Def: def})
}

// likeRelation is the relation that LIKE names: 42P01, 42809.
func (t *tableBuilder) likeRelation(l parser.LikeClause) *catalog.Relation {
	rel := t.relation(l.Relation)
	if rel.Kind == catalog.IndexRel || rel.Kind == catalog.Sequence {
		fail(pgerr.New(pgerr.WrongObjectType, "relation \"%s\" is invalid in LIKE clause", rel.Name).
			WithDetail("This operation is not supported for this kind of relation.").AtByte(t.at(l.Relation.Location)))
	}
	return rel
}

// likeChecks copies CHECK constraints under their names.
func (t *tableBuilder) likeChecks(rel *catalog.Relation) {
	for _, c := range rel.Constraints {
		if c.Kind != catalog.CheckConstraint {
			continue
		}
		if t.names[c.Name] {
			failAt(-1, pgerr.DuplicateObject, "check constraint \"%s\" already exists", c.Name)
		}
		t.names[c.Name] = true
		t.def.Checks = append(t.def.Checks, catalog.CheckDef{Name: c.Name, Expr: c.Expr})
	}
}

// likeIndexes copies the indexes of INCLUDING INDEXES: keys become constraints of the table, the others are returned. All get new names.
func (t *tableBuilder) likeIndexes(l parser.LikeClause) []plan.IndexCopy {
	if l.Options&likeIndexes == 0 {
		return nil
	}
	return t.copyIndexes(t.likeRelation(l), t.at(l.Relation.Location), l.Options&likeComments != 0)
}

// copyIndexes is generateClonedIndexStmt for each index of rel.
func (t *tableBuilder) copyIndexes(rel *catalog.Relation, pos int, comments bool) []plan.IndexCopy {
	var out []plan.IndexCopy
	for _, ix := range rel.Indexes {
		cols := indexColumns(rel, ix)
		switch {
		case ix.Primary && len(cols) == 0:
		case ix.Primary:
			t.copyPrimaryKey(cols, pos)
		case rel.PrimaryConstraint() != nil && rel.PrimaryConstraint().Index == ix.OID:
			t.copyPrimaryKey(cols, pos)
		case isConstraint(rel, ix):
			t.def.Unique = append(t.def.Unique, catalog.UniqueDef{Columns: cols, Name: t.name("", columnsPart(cols), "key"),
				IndexShape: catalog.IndexShape{Include: columnNames(rel, ix.Include), NullsNotDistinct: ix.NullsNotDistinct}})
		default:
			out = append(out, t.copyIndex(rel, ix, comments))
		}
	}
	return out
}

func isConstraint(rel *catalog.Relation, ix *catalog.Index) bool {
	for _, c := range rel.Constraints {
		if c.Index == ix.OID {
			return true
		}
	}
	return false
}

// indexColumns are the declared columns of an index; none for the key of a table
// made without one, which no column shows.
func indexColumns(rel *catalog.Relation, ix *catalog.Index) []string {
	var out []string
	for _, num := range ix.Declared {
		if c := rel.Column(num); c != nil && !c.Hidden {
			out = append(out, c.Name)
		}
	}
	return out
}

func (t *tableBuilder) copyPrimaryKey(cols []string, pos int) {
	if t.def.PrimaryName != "" {
		failAt(pos, pgerr.InvalidTableDefinition, "multiple primary keys for table \"%s\" are not allowed", t.def.Name)
	}
	t.def.PrimaryKey, t.def.PrimaryName = cols, t.name("", "", "pkey")
}

// copyIndex is generateClonedIndexStmt; the texts of expressions are the same for
// the new table, whose columns have the same names.
func (t *tableBuilder) copyIndex(rel *catalog.Relation, ix *catalog.Index, comments bool) plan.IndexCopy {
	def := &catalog.IndexDef{Unique: ix.Unique, Covering: ix.Covering, Declared: ix.Kind == catalog.DeclaredIndex,
		IndexShape: catalog.IndexShape{Method: ix.Method, Predicate: ix.Predicate, NullsNotDistinct: ix.NullsNotDistinct, Options: ix.Options,
			Include: columnNames(rel, ix.Include), Inputs: columnNames(rel, ix.Inputs)}}
	var names []string
	for _, k := range ix.Keys {
		key := catalog.KeyDef{Name: k.Name, Expr: k.Expr, BareCall: k.BareCall, Type: k.Type.OID, Typmod: k.Typmod, Collation: k.Collation,
			OpClass: k.OpClass, ClassOptions: k.ClassOptions, Desc: k.Desc, NullsFirst: k.NullsFirst}
		if c := rel.Column(k.Num); c != nil {
			key.Column = c.Name
		}
		def.Keys, names = append(def.Keys, key), append(names, k.Name)
	}
	if !def.Unique || !ix.Computed() {
		for _, c := range columnNames(rel, keyNums(ix)) {
			def.Fields = append(def.Fields, catalog.IndexField{Name: c})
		}
	}
	def.Name = t.name("", columnsPart(append(names, def.Include...)), "idx")
	out := plan.IndexCopy{Def: def}
	if comments {
		out.Comment = ix.Comment
	}
	return out
}

// keyNums are the columns among the parts of a key.
func keyNums(ix *catalog.Index) []int16 {
	var out []int16
	for _, k := range ix.Keys {
		if k.Num != 0 {
			out = append(out, k.Num)
		}
	}
	return out
}

func columnNames(rel *catalog.Relation, nums []int16) []string {
	var out []string
	for _, num := range nums {
		out = append(out, rel.Column(num).Name)
	}
	return out
}
