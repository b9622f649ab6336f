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

// tableBuilder makes the definition of CREATE TABLE or CREATE RESOURCE.
type tableBuilder struct {
	*binder
	def *catalog.TableDef
	// item has the columns whose type is known, for CHECK expressions.
	item *nsItem
	// names of constraints and indexes that the statement uses already, and as false
	// those of indexes that it has dropped.
	names map[string]bool
	// later are column constraints, bound once all columns are known.
	later []columnConstraint
	// generations are the expressions of generated columns.
	generations []generation
	// sequences of serial and identity columns.
	sequences []plan.ColumnSequence
	// conflicts are columns whose defaults differ between parents.
	conflicts map[string]bool
	// isPartition: PARTITION OF.
	isPartition bool
	notices     []*pgerr.Error
	// place counts the columns that the statement itself has.
	place int
}

type columnConstraint struct {
	*parser.Constraint
	column string // dotted; "" for a table constraint
}

// createTable is transformCreateStmt.
func (b *binder) createTable(stmt parser.Statement, cs *parser.CreateStmt) plan.Statement {
	t := &tableBuilder{binder: b, item: &nsItem{colsVisible: true, relVisible: true}, names: map[string]bool{}, conflicts: map[string]bool{}}
	t.def = &catalog.TableDef{
		Schema: b.creationSchema(cs.Relation), Name: cs.Relation.Relname,
		Options: b.tableOptions(cs.Options), Resource: stmt.Extension == parser.CreateResource,
	}
	t.def.OnCommit, t.def.Unlogged = b.onCommit(cs.Oncommit, t.def.Schema), cs.Relation.Relpersistence == unlogged
	t.item.name = t.def.Name
	out := &plan.CreateTable{Def: t.def, IfNotExists: cs.IfNotExists}
	if b.relationTaken(t.def.Schema, t.def.Name) {
		if cs.IfNotExists {
			return out
		}
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", t.def.Name)
	}
	if cs.Partspec != nil && cs.Partbound == nil && len(cs.InhRelations) > 0 {
		failAt(-1, pgerr.InvalidTableDefinition, "cannot create partitioned table as inheritance child")
	}
	t.isPartition = cs.Partbound != nil
	t.inherit(cs.InhRelations)
	switch {
	case t.isPartition:
		t.partitionOf(stmt, cs, out)
	case cs.OfTypename != nil:
		t.typedColumns(cs.OfTypename, stmt.Create)
	default:
		t.columnDefs(stmt.Create)
	}
	t.checkConflicts()
	t.implicitColumns()
	for _, c := range stmt.Create.Constraints {
		t.later = append(t.later, columnConstraint{Constraint: c})
	}
	t.generationTexts(nil)
	if cs.Partspec != nil {
		t.partitionBy(cs.Partspec)
	}
	t.constraints()
	b.checkStorage(cs)
	if t.isPartition {
		parent := b.env.Catalog.RelationByOID(t.def.Parents[0])
		out.Indexes = t.clonedKeys(parent)
		t.clonedTriggers(parent)
	}
	if cs.Partspec != nil {
		t.checkKeys()
	}
	t.partitions(stmt.Create.Partitions)
	out.Sequences, out.Notices = t.sequences, t.notices
	for _, l := range stmt.Create.Likes {
		out.Indexes = append(out.Indexes, t.likeIndexes(l)...)
	}
	return out
}

// onCommit is ON COMMIT: 42P16 for a table that is not temporary.
func (b *binder) onCommit(action parser.OnCommitAction, schema string) catalog.OnCommit {
	if action > parser.OnCommitAction_ONCOMMIT_NOOP && schema != b.env.TempSchema {
		failAt(-1, pgerr.InvalidTableDefinition, "ON COMMIT can only be used on temporary tables")
	}
	return onCommitActions[action]
}

var onCommitActions = map[parser.OnCommitAction]catalog.OnCommit{
	parser.OnCommitAction_ONCOMMIT_DELETE_ROWS: catalog.DeleteRows,
	parser.OnCommitAction_ONCOMMIT_DROP:        catalog.DropAtCommit,
}

// columnDefs binds the columns, and those of LIKE where they stand among them.
func (t *tableBuilder) columnDefs(spec *parser.CreateSpec) {
	likes := spec.Likes
	for i := 0; i <= len(spec.Columns); i++ {
		for ; len(likes) > 0 && likes[0].Before == i; likes = likes[1:] {
			t.like(likes[0])
		}
		if i < len(spec.Columns) {
			s := spec.Columns[i]
			t.ownColumn(s.Name, func() catalog.ColumnDef { return t.columnDef(s, nil) })
		}
	}
}

// ownColumn adds a column of the statement's own; it merges with an inherited one of
// the same name.
func (t *tableBuilder) ownColumn(name string, define func() catalog.ColumnDef) {
	at := t.columnNamed(name)
	place := t.place
	t.place++
	if at < 0 || !t.def.Columns[at].NotLocal {
		t.checkNewColumn(name)
		t.def.Columns = append(t.def.Columns, define())
		return
	}
	t.item.cols = slices.DeleteFunc(t.item.cols, func(c *nsCol) bool { return c.name == name })
	t.mergeNotice(name, at == place)
	t.mergeColumn(at, define())
}

// checkNewColumn is 42701 for a name that another column has.
func (t *tableBuilder) checkNewColumn(name string) {
	if slices.ContainsFunc(t.def.Columns, func(c catalog.ColumnDef) bool { return c.Name == name }) {
		failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", name)
	}
}

// columnDef binds one column; above is the path of the object that it is in.
func (t *tableBuilder) columnDef(s parser.ColumnSpec, above []string) catalog.ColumnDef {
	path := append(slices.Clip(above), s.Name)
	out := catalog.ColumnDef{Name: s.Name, Typmod: -1}
	t.checkColumnName(s)
	switch {
	case s.Rule != nil:
		out.Rule = *s.Rule
	case s.Children != nil:
		for _, c := range s.Children {
			if slices.ContainsFunc(out.Children, func(have catalog.ColumnDef) bool { return have.Name == c.Name }) {
				failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.Name)
			}
			out.Children = append(out.Children, t.columnDef(c, path))
		}
	default:
		out.Type, out.Typmod, out.Collation = t.columnType(s.Def)
		out.Dims = int16(len(s.Def.TypeName.ArrayBounds))
		out.Compression = compressionMethod(s.Def.Compression, t.typ(out.Type))
	}
	if s.Def != nil {
		t.columnConstraints(&out, s.Def, path)
	}
	t.addToItem(out, path)
	return out
}

// implicitColumns are those that exist without being declared: the id, and the
// timestamps of the option.
func (t *tableBuilder) implicitColumns() {
	t.implicit("id", types.TextOID)
	if t.def.Options["timestamps"] == "true" {
		t.implicit("createdAt", types.TimestamptzOID)
		t.implicit("updatedAt", types.TimestamptzOID)
	}
}

func (t *tableBuilder) implicit(name string, oid types.OID) {
	if !slices.ContainsFunc(t.def.Columns, func(c catalog.ColumnDef) bool { return c.Name == name }) {
		t.addToItem(catalog.ColumnDef{Name: name, Type: oid, Typmod: -1}, []string{name})
	}
}

// checkColumnName refuses the names of the hidden columns (42701).
func (t *tableBuilder) checkColumnName(s parser.ColumnSpec) {
	if systemColumns[s.Name] {
		failAt(-1, pgerr.DuplicateColumn, "column name \"%s\" conflicts with a system column name", s.Name)
	}
}

var systemColumns = map[string]bool{
	"tableoid": true, "ctid": true, "xmin": true, "xmax": true, "cmin": true, "cmax": true,
	"_v": true, "_etag": true, "_last_modified": true, "_content_length": true, "_has_content": true,
	"_content": true, "_content_type": true,
}

// columnType is the type of a column with its modifier and collation, which is 0
// for the type's own.
func (b *binder) columnType(d *parser.ColumnDef) (types.OID, int32, types.OID) {
	pos := b.at(d.TypeName.Location)
	if oid := serialType(d); oid != 0 {
		if len(d.TypeName.ArrayBounds) > 0 {
			failAt(pos, pgerr.FeatureNotSupported, "array of serial is not implemented")
		}
		return oid, -1, 0
	}
	typ, mod := b.typeNameType(d.TypeName)
	if typ.Kind == 'p' {
		failAt(-1, pgerr.InvalidTableDefinition, "column \"%s\" has pseudo-type %s", d.Colname, b.typeName(typ))
	}
	return typ.OID, mod, b.declaredCollation(d.CollClause, typ)
}

// declaredCollation is GetColumnDefCollation: that of a COLLATE clause of a
// column or domain, 0 without one; 42804 if the type has none.
func (b *binder) declaredCollation(c *parser.CollateClause, t *types.Type) types.OID {
	if c == nil {
		return 0
	}
	if pos := b.at(c.Location); !t.Collatable() {
		failAt(pos, pgerr.DatatypeMismatch, "collations are not supported by type %s", b.typeName(t))
	}
	return b.collation(nameParts(c.Collname), b.at(c.Location)).OID
}

// addToItem makes the column known to CHECK expressions.
func (t *tableBuilder) addToItem(c catalog.ColumnDef, path []string) {
	typ, mod := t.definedType(c)
	if typ == nil {
		return
	}
	col := t.outputCol(strings.Join(path, "."), typ, mod)
	t.columns[col.ID] = &columnInfo{table: t.def.Name, name: col.Name}
	t.item.cols = append(t.item.cols, &nsCol{name: col.Name, expr: colExpr(col, -1)})
}

// definedType is nil for a type that does not exist here.
func (t *tableBuilder) definedType(c catalog.ColumnDef) (*types.Type, int32) {
	switch {
	case c.Type != 0:
		return t.declared(c.Type, c.Collation), c.Typmod
	case c.Children != nil:
		return t.typ(types.JSONBOID), -1
	}
	return t.ruleType(c.Rule), -1
}

// columnConstraints takes what belongs to the column itself and leaves the rest
// for later (transformColumnDefinition).
func (t *tableBuilder) columnConstraints(c *catalog.ColumnDef, d *parser.ColumnDef, path []string) {
	saw := columnClauses{tableBuilder: t, column: c, path: path}
	for _, n := range d.Constraints {
		k := n.GetConstraint()
		pos := t.at(k.Location)
		if f := columnClause[k.Contype]; f != nil {
			f(&saw, k, pos)
		} else {
			t.later = append(t.later, columnConstraint{k, strings.Join(path, ".")})
		}
		saw.check(pos)
	}
	if serialType(d) != 0 {
		saw.serial(t.at(d.TypeName.Location))
		saw.check(t.at(d.TypeName.Location))
	}
}

// defaultText binds a DEFAULT expression once, for its errors, and keeps its
// text; DEFAULT NULL is none, but for a domain, whose default it overrides
// (AddRelationNewConstraints).
func (t *tableBuilder) defaultText(c *catalog.ColumnDef, n *parser.Node) string {
	typ, mod := t.definedType(*c)
	return t.binder.defaultText(c.Name, typ, mod, n)
}

func (b *binder) defaultText(name string, typ *types.Type, mod int32, n *parser.Node) string {
	n, e := b.frozen(n, func(n *parser.Node) plan.Expr { return b.newScope(nil).bind(n, kindDefault) })
	if isNullLiteral(n) && (typ == nil || typ.Domain == nil) {
		return ""
	}
	if typ != nil && b.coerceToTarget(e, typ, mod, coerceAssignment, plan.DisplayImplicitCast, -1) == nil {
		fail(pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is of type %s but default expression is of type %s",
			name, b.typeName(typ), b.typeName(e.Type())).WithHint("You will need to rewrite or cast the expression."))
	}
	return b.exprText(b.pinned(n, e))
}

// pinned is an expression of the catalog's whose regclass constants are oids.
func (b *binder) pinned(n *parser.Node, e plan.Expr) *parser.Node {
	at := map[int32]uint32{}
	plan.Walk(e, func(e plan.Expr) bool {
		if c, ok := e.(*plan.Const); ok && c.Typ.OID == types.RegClassOID && c.At >= 0 {
			if oid, ok := c.Value.(types.OID); ok {
				at[int32(c.At)] = oid
			}
		}
		return true
	})
	if len(at) == 0 {
		return n
	}
	return parser.PinRegclass(n, at)
}

func (b *binder) exprText(n *parser.Node) string {
	text, err := parser.DeparseExpr(n)
	if err != nil {
		fail(err)
	}
	return text
}

// partitions binds the PARTITION clauses: each field must be an attribute
// (42703).
func (t *tableBuilder) partitions(ps []parser.PartitionClause) {
	for _, p := range ps {
		if slices.ContainsFunc(t.def.Partitions, func(d catalog.IndexDef) bool { return d.Name == p.Name }) {
			failAt(t.at(int32(p.Location)), pgerr.DuplicateObject, "partition \"%s\" specified more than once", p.Name)
		}
		t.def.Partitions = append(t.def.Partitions, t.partition(p, t.fieldNames()))
	}
}

// partition resolves the fields of a PARTITION clause among names.
func (b *binder) partition(p parser.PartitionClause, names []string) catalog.IndexDef {
	out := catalog.IndexDef{Name: p.Name, IfNotExists: p.IfNotExists}
	for _, f := range p.Fields {
		name := strings.Join(f.Path, ".")
		found := matchName(names, name)
		if found == "" {
			failAt(b.at(int32(f.Location)), pgerr.UndefinedColumn, "column \"%s\" does not exist", name)
		}
		field := catalog.IndexField{Name: found}
		if f.Rule != nil {
			field.Rule = *f.Rule
		}
		out.Fields = append(out.Fields, field)
	}
	return out
}

// matchName finds a name exactly, or, written without quotes, without case; ""
// if there is none.
func matchName(names []string, name string) string {
	if slices.Contains(names, name) {
		return name
	}
	if foldable(name) {
		for _, n := range names {
			if sameName(n, name, true) {
				return n
			}
		}
	}
	return ""
}

// fieldNames are the attributes that partitions can be made of, the automatic
// ones included.
func (t *tableBuilder) fieldNames() []string {
	out := []string{"id", "createdAt", "updatedAt", "_v"}
	var walk func(cols []catalog.ColumnDef, above string)
	walk = func(cols []catalog.ColumnDef, above string) {
		for _, c := range cols {
			out = append(out, above+c.Name)
			walk(c.Children, above+c.Name+".")
		}
	}
	walk(t.def.Columns, "")
	return out
}
