package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// maxIndexColumns is INDEX_MAX_KEYS.
const maxIndexColumns = 32

// indexing is CREATE INDEX on its way into a definition (DefineIndex).
type indexing struct {
	*binder
	rel    *catalog.Relation
	method *opclass.Method
	// item is a row of the table, with the numbers of its columns.
	item *nsItem
	cols []plan.Col
	nums []int16
	def  *catalog.IndexDef
	// shape of the index as the descriptor will have it, for what binds it again.
	shape catalog.Index
}

// createIndex is CREATE INDEX. What the index becomes on S3 follows from its shape:
// unique keys if it is unique, a partition over its columns if it has no
// expressions and its method orders or hashes single values, and nothing
// otherwise.
func (b *binder) createIndex(ix *parser.IndexStmt) plan.Statement {
	rel := b.definedRelation(ix.Relation)
	if rel.Kind == catalog.View {
		fail(pgerr.New(pgerr.WrongObjectType, "cannot create index on relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for views."))
	}
	b.checkStored(rel)
	d := &indexing{binder: b, rel: rel, method: b.indexMethod(ix)}
	d.cols, d.nums, d.item = b.newScope(nil).rowOf(rel, rel.Name)
	d.def = &catalog.IndexDef{Unique: ix.Unique, IfNotExists: ix.IfNotExists}
	d.def.NullsNotDistinct = ix.NullsNotDistinct
	if d.def.Method = d.method.Name; d.method.Name == opclass.BTree {
		d.def.Method = ""
	}
	d.keys(ix.IndexParams)
	d.include(ix.IndexIncludingParams)
	d.predicate(ix.WhereClause)
	d.withOptions(ix.Options)
	d.place()
	d.checkPartitioned(ix)
	return d.named(ix)
}

// indexMethod is the access method, which must be able to do what is asked of it.
func (b *binder) indexMethod(ix *parser.IndexStmt) *opclass.Method {
	if n := len(ix.IndexParams) + len(ix.IndexIncludingParams); n > maxIndexColumns {
		failAt(-1, pgerr.TooManyColumns, "cannot use more than %d columns in an index", maxIndexColumns)
	}
	b.checkTablespace(ix.TableSpace)
	m := opclass.FindMethod(ix.AccessMethod)
	if m == nil {
		failAt(-1, pgerr.UndefinedObject, "access method \"%s\" does not exist", ix.AccessMethod)
	}
	faults := []struct {
		present bool
		what    string
	}{
		{ix.Unique && !m.Unique, "unique indexes"},
		{len(ix.IndexIncludingParams) > 0 && !m.Include, "included columns"},
		{len(ix.IndexParams) > 1 && !m.MultiColumn, "multicolumn indexes"},
	}
	for _, f := range faults {
		if f.present {
			failAt(-1, pgerr.FeatureNotSupported, "access method \"%s\" does not support %s", m.Name, f.what)
		}
	}
	return m
}

// checkTablespace: there is one place for everything.
func (b *binder) checkTablespace(name string) {
	switch name {
	case "", "pg_default":
	case "pg_global":
		failAt(-1, pgerr.InvalidParameterValue, "only shared relations can be placed in pg_global tablespace")
	default:
		failAt(-1, pgerr.UndefinedObject, "tablespace \"%s\" does not exist", name)
	}
}

// keys are the parts of the key (ComputeIndexAttrs). Names follow
// ChooseIndexColumnNames.
func (d *indexing) keys(params []*parser.Node) {
	for _, n := range params {
		el := n.GetIndexElem()
		key := d.key(el)
		key.Name = d.freeKeyName(key.Name)
		d.def.Keys = append(d.def.Keys, key)
	}
}

func (d *indexing) freeKeyName(name string) string {
	taken := func(n string) bool {
		return slices.ContainsFunc(d.def.Keys, func(k catalog.KeyDef) bool { return k.Name == n })
	}
	out := name
	for i := 1; taken(out); i++ {
		n := itoa(i)
		out = clip(name, min(len(name), maxIdentifier-len(n))) + n
	}
	return out
}

func (d *indexing) key(el *parser.IndexElem) catalog.KeyDef {
	var key catalog.KeyDef
	if col := d.keyColumn(el); col != nil {
		key = catalog.KeyDef{Name: col.Name, Column: col.Name, Type: col.Type.OID, Typmod: col.Typmod, Collation: col.Collation}
	} else {
		key = d.keyExpression(el)
	}
	d.keyCollation(&key, el)
	d.keyClass(&key, el)
	d.keyOrder(&key, el)
	return key
}

// keyColumn is the column that a part of the key is, nested leaves too; nil for an
// expression.
func (d *indexing) keyColumn(el *parser.IndexElem) *catalog.Column {
	if el.Expr == nil {
		c := findWritable(d.rel, el.Name)
		if c == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", el.Name)
		}
		if c.Num < 0 && c.Num != catalog.ColVersion {
			failAt(-1, pgerr.FeatureNotSupported, "index creation on system columns is not supported")
		}
		return c
	}
	s := d.newScope(nil)
	it, _ := s.relationItem(d.rel, nil, nil)
	it.relVisible, it.colsVisible = true, true
	s.items, s.all = []*nsItem{it}, []*nsItem{it}
	if col, ok := s.bind(el.Expr, kindIndexExpression).(*plan.Column); ok {
		return d.rel.Column(d.columns[col.ID].num)
	}
	return nil
}

func (d *indexing) keyExpression(el *parser.IndexElem) catalog.KeyDef {
	kept, e := d.frozen(el.Expr, func(n *parser.Node) plan.Expr { return d.rowExpr(n, kindIndexExpression) })
	if mutable(e) {
		failAt(-1, pgerr.InvalidObjectDefinition, "functions in index expression must be marked IMMUTABLE")
	}
	key := catalog.KeyDef{Name: "expr", Expr: d.indexExprText(kept, e, kindIndexExpression), BareCall: bareCall(el.Expr),
		Type: e.Type().OID, Typmod: e.Typmod(), Collation: e.Type().Collation}
	if name, _ := d.columnName(el.Expr); name != "" {
		key.Name = name
	}
	return key
}

// bareCall is looks_like_function.
func bareCall(n *parser.Node) bool {
	switch n.GetNode().(type) {
	case *parser.Node_FuncCall, *parser.Node_CoalesceExpr, *parser.Node_MinMaxExpr, *parser.Node_SqlvalueFunction, *parser.Node_XmlExpr:
		return true
	}
	return false
}

// rowExpr binds an expression over a row of the table. What it is must be settled
// where only the catalog is known.
func (d *indexing) rowExpr(n *parser.Node, kind exprKind) plan.Expr {
	s := d.newScope(nil)
	s.items, s.all = []*nsItem{d.item}, []*nsItem{d.item}
	e := d.textIfUnknown(s.bind(n, kind))
	plan.Walk(e, func(e plan.Expr) bool {
		if c, ok := e.(*plan.Call); ok && c.Func.User {
			unsupported(c.At, "an index that calls a function of the database's own")
		}
		return true
	})
	return e
}

// indexExprText is the text of an expression, which must mean the same when it is
// bound without the session's settings.
func (d *indexing) indexExprText(n *parser.Node, e plan.Expr, kind exprKind) string {
	text := d.exprText(parser.Unqualified(d.pinned(n, e), d.rel.Name))
	if plan.Key(d.textIfUnknown(d.indexText(d.rel, text, d.item, kind))) != plan.Key(e) {
		unsupported(d.at(nodeLocation(n)), "an index expression whose meaning depends on the session's settings")
	}
	return text
}

func (d *indexing) keyCollation(key *catalog.KeyDef, el *parser.IndexElem) {
	if len(el.Collation) == 0 {
		d.checkBytewise(d.declared(key.Type, key.Collation), "an index")
		return
	}
	if t := d.typ(key.Type); !t.Collatable() {
		failAt(-1, pgerr.DatatypeMismatch, "collations are not supported by type %s", d.typeName(t))
	}
	c := d.collation(nameParts(el.Collation), -1)
	if c.Nondeterministic {
		unsupported(-1, "an index under a nondeterministic collation")
	}
	key.Collation = c.OID
}

// keyClass is ResolveOpClass.
func (d *indexing) keyClass(key *catalog.KeyDef, el *parser.IndexElem) {
	t := d.typ(key.Type)
	standard := d.opclasses().Default(d.method, t)
	if len(el.Opclass) == 0 {
		if standard == nil {
			d.failNoClass(t, d.method)
		}
		if standard.Namespace != "" {
			d.checkOwnClass(standard, t)
			key.OpClass = standard.OID
		}
		return
	}
	class := d.operatorClass(d.method, nameParts(el.Opclass))
	if !class.Accepts(t) {
		failAt(-1, pgerr.DatatypeMismatch, "operator class \"%s\" does not accept data type %s", dotted(nameParts(el.Opclass)), d.typeName(t))
	}
	key.ClassOptions = d.classOptions(el.Opclassopts)
	if standard == nil || class.Namespace != "" || class.OID != standard.OID || key.ClassOptions != "" {
		d.checkOwnClass(class, t)
		key.OpClass = class.OID
	}
}

// checkOwnClass: a unique index under an operator class of the database's own keeps
// what equals by the type's bytes apart, so that the class must say the same.
func (d *indexing) checkOwnClass(class *opclass.Class, t *types.Type) {
	if class.Namespace == "" || !d.def.Unique {
		return
	}
	if own := d.opclasses().Own().Class(class.OID); own.Like == 0 || !t.LooksLike(own.Like) {
		unsupported(-1, "a unique index with operator class \"%s\"", class.Name)
	}
}

func (b *binder) failNoClass(t *types.Type, m *opclass.Method) {
	fail(pgerr.New(pgerr.UndefinedObject, "data type %s has no default operator class for access method \"%s\"", b.typeName(t), m.Name).
		WithHint("You must specify an operator class for the index or define a default operator class for the data type."))
}

// checkKeyType is 42704 for a type that a key can't have: PRIMARY KEY and UNIQUE
// are indexes.
func (b *binder) checkKeyType(t *types.Type) {
	m := opclass.FindMethod(opclass.BTree)
	switch class := b.opclasses().Default(m, t); {
	case class == nil:
		b.failNoClass(t, m)
	case class.Namespace != "" && !b.sortable(t.OID):
		unsupported(-1, "a key under operator class \"%s\"", class.Name)
	}
}

func (d *indexing) classOptions(ns []*parser.Node) string {
	var out []string
	for _, n := range ns {
		def := n.GetDefElem()
		out = append(out, quoteIdent(def.Defname)+"='"+strings.ReplaceAll(defText(def), "'", "''")+"'")
	}
	return strings.Join(out, ", ")
}

// keyOrder: NULLs are larger than all other values.
func (d *indexing) keyOrder(key *catalog.KeyDef, el *parser.IndexElem) {
	key.Desc = el.Ordering == parser.SortByDir_SORTBY_DESC
	key.NullsFirst = el.NullsOrdering == parser.SortByNulls_SORTBY_NULLS_FIRST ||
		el.NullsOrdering == parser.SortByNulls_SORTBY_NULLS_DEFAULT && key.Desc
	if d.method.Ordered {
		return
	}
	key.Desc, key.NullsFirst = false, false
	if el.Ordering != parser.SortByDir_SORTBY_DEFAULT {
		failAt(-1, pgerr.FeatureNotSupported, "access method \"%s\" does not support ASC/DESC options", d.method.Name)
	}
	if el.NullsOrdering != parser.SortByNulls_SORTBY_NULLS_DEFAULT {
		failAt(-1, pgerr.FeatureNotSupported, "access method \"%s\" does not support NULLS FIRST/LAST options", d.method.Name)
	}
}

// include are the columns of INCLUDE.
func (d *indexing) include(params []*parser.Node) {
	for _, n := range params {
		el := n.GetIndexElem()
		if el.Expr != nil {
			failAt(-1, pgerr.FeatureNotSupported, "expressions are not supported in included columns")
		}
		c := findWritable(d.rel, el.Name)
		if c == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", el.Name)
		}
		faults := []struct {
			present bool
			what    string
		}{
			{len(el.Collation) > 0, "a collation"},
			{len(el.Opclass) > 0, "an operator class"},
			{el.Ordering != parser.SortByDir_SORTBY_DEFAULT, "ASC/DESC options"},
			{el.NullsOrdering != parser.SortByNulls_SORTBY_NULLS_DEFAULT, "NULLS FIRST/LAST options"},
		}
		for _, f := range faults {
			if f.present {
				failAt(-1, pgerr.InvalidObjectDefinition, "including column does not support %s", f.what)
			}
		}
		d.def.Include = append(d.def.Include, c.Name)
	}
}

// predicate is CheckPredicate.
func (d *indexing) predicate(n *parser.Node) {
	if n == nil {
		return
	}
	n, raw := d.frozen(n, func(n *parser.Node) plan.Expr { return d.rowExpr(n, kindIndexPredicate) })
	if mutable(d.boolean(raw, "WHERE")) {
		failAt(-1, pgerr.InvalidObjectDefinition, "functions in index predicate must be marked IMMUTABLE")
	}
	d.def.Predicate = d.indexExprText(n, raw, kindIndexPredicate)
}

func (d *indexing) withOptions(ns []*parser.Node) {
	opts := d.options(ns)
	for _, n := range ns {
		name := n.GetDefElem().Defname
		if name == "covering" {
			d.def.Covering = opts[name] == "true" || opts[name] == "on"
			continue
		}
		d.def.Options = append(d.def.Options, name+"="+opts[name])
	}
}

// optionName is the name of an option "name=value".
func optionName(option string) string {
	name, _, _ := strings.Cut(option, "=")
	return name
}

// place decides what the index is on S3, and which columns that needs.
func (d *indexing) place() {
	expressions := slices.ContainsFunc(d.def.Keys, func(k catalog.KeyDef) bool { return k.Expr != "" })
	computed := expressions || d.def.Predicate != ""
	if computed {
		d.inputs()
	}
	if !d.def.Unique {
		d.def.Declared = expressions || !singleValued[d.method.Name] || slices.ContainsFunc(d.def.Keys, d.inKey)
	}
	if d.def.Unique && computed {
		return
	}
	for _, k := range d.def.Keys {
		if k.Column != "" {
			d.def.Fields = append(d.def.Fields, catalog.IndexField{Name: k.Column})
		}
	}
	if !d.def.Declared && !slices.ContainsFunc(d.def.Keys, d.decorated) {
		d.def.Keys = nil
	}
}

// inKey says that a part of an index is a part of the primary key, which the
// rows' ids hold: no attribute has it, and a partition is over attributes.
func (d *indexing) inKey(k catalog.KeyDef) bool {
	return k.Column != "" && slices.ContainsFunc(d.rel.Indexes, func(ix *catalog.Index) bool {
		return ix.Kind == catalog.PrimaryIndex && slices.Contains(ix.Declared, d.rel.ColumnByName(k.Column).Num)
	})
}

// singleValued are the methods that look for a value as a whole, as the key of a
// reference has it: what a partition can stand for.
var singleValued = map[string]bool{opclass.BTree: true, "hash": true, "brin": true}

// decorated says that a part of a key is more than a column.
func (d *indexing) decorated(k catalog.KeyDef) bool {
	return k.Expr != "" || k.OpClass != 0 || k.Desc || k.NullsFirst || k.Name != k.Column ||
		k.Collation != d.rel.ColumnByName(k.Column).Collation
}

// inputs are the columns that the key and the predicate are computed from.
func (d *indexing) inputs() {
	d.shape = catalog.Index{Name: d.def.Name, Predicate: d.def.Predicate}
	for _, k := range d.def.Keys {
		key := catalog.IndexKey{Expr: k.Expr}
		if k.Column != "" {
			key.Num = d.rel.ColumnByName(k.Column).Num
		}
		d.shape.Keys = append(d.shape.Keys, key)
	}
	es := append(d.indexKeys(d.rel, &d.shape, d.item), predicateOf(d.indexPredicate(d.rel, &d.shape, d.item))...)
	used := plan.ColumnsOf(es...)
	for i, c := range d.cols {
		if used[c.ID] {
			d.def.Inputs = append(d.def.Inputs, d.rel.Column(d.nums[i]).Name)
		}
	}
}

// named gives the index its name (ChooseIndexName).
func (d *indexing) named(ix *parser.IndexStmt) plan.Statement {
	out := &plan.CreateIndex{Relation: d.rel.OID, Def: d.def, Concurrently: ix.Concurrent}
	if ix.Relation.Inh {
		out.Below = d.below()
	}
	d.def.Name = ix.Idxname
	if d.def.Name == "" {
		d.def.Name = freeName(d.rel.Name, columnsPart(d.nameParts()), "idx", func(n string) bool { return d.relationTaken(d.rel.Schema, n) })
		return out
	}
	if d.relationTaken(d.rel.Schema, d.def.Name) {
		if !ix.IfNotExists {
			failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", d.def.Name)
		}
		out.Skip = true
	}
	return out
}

// nameParts are the names of the index's columns, the included ones too.
func (d *indexing) nameParts() []string {
	var parts []string
	for _, k := range d.def.Keys {
		parts = append(parts, strings.ReplaceAll(k.Name, ".", "_"))
	}
	if len(d.def.Keys) == 0 {
		for _, f := range d.def.Fields {
			parts = append(parts, strings.ReplaceAll(f.Name, ".", "_"))
		}
	}
	return append(parts, d.def.Include...)
}
