package bind

import (
	"cmp"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/ruleutils"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// createView is CREATE VIEW. Its text is kept with stars expanded and tables
// qualified, so that it goes on meaning what it means now.
func (b *binder) createView(v *parser.ViewStmt) plan.Statement {
	if _, into := parser.Into(v.Query); into != nil {
		failAt(-1, pgerr.FeatureNotSupported, "views must not contain SELECT INTO")
	}
	query := parser.Clone(v.Query)
	b.freezing, b.noPolicies = true, true
	node := b.query(query, nil)
	if len(b.params.oids) > 0 {
		failAt(-1, pgerr.UndefinedParameter, "there is no parameter $%d", 1)
	}
	if b.writes {
		failAt(-1, pgerr.FeatureNotSupported, "views must not contain data-modifying statements in WITH")
	}
	text := b.keptQuery(v.Query, query)
	name, out := v.View, &plan.CreateView{}
	if name.Relpersistence != temporary && b.readsTemporary() {
		name = parser.Clone(name)
		name.Relpersistence, out.BecomesTemporary = temporary, true
	}
	def := &catalog.ViewDef{Schema: b.creationSchema(name), Name: v.View.Relname, Definition: text, Replace: v.Replace}
	def.Columns = b.viewColumns(node.Columns(), nameParts(v.Aliases))
	def.Options = b.viewOptions(nil, v.Options, nil)
	if option := checkOptions[v.WithCheckOption]; option != "" {
		def.Options = append(def.Options, checkOption+"="+option)
	}
	b.checkCheckOption(def)
	b.checkReplace(def)
	out.Def = def
	return out
}

// keptQuery is the text that a view keeps of its query: the one that ruleutils makes of
// it for a search path that has nothing, so that each name says what it means today. A
// text that is not read back as itself would not be the view; then it is that of the
// query with its stars frozen.
func (b *binder) keptQuery(query, frozen *parser.Node) string {
	if text, ok := canonicalQuery(b.env, query); ok {
		return text
	}
	text, err := parser.Deparse(frozen)
	if err != nil {
		fail(err)
	}
	return text
}

// canonicalQuery is false where a query's text is not read back as the same one. Reading
// it may change it once: the grammar makes one OR of (a OR b) OR c.
func canonicalQuery(env *Env, query *parser.Node) (text string, ok bool) {
	tree, err := treeOf(env, query)
	if err != nil {
		return "", false
	}
	text = CanonicalText(env, tree)
	again := text
	for range 2 {
		if tree, err = Tree(env, again); err != nil {
			return "", false
		}
		before := again
		if again = CanonicalText(env, tree); again == before {
			return text, true
		}
	}
	return "", false
}

// CanonicalText is the text of a query that means the same under any search path.
func CanonicalText(env *Env, tree *plan.QueryTree) string {
	c := &ruleutils.Context{Catalog: env.Catalog, Path: []string{"pg_catalog"}, Env: types.DefaultEnv()}
	return c.Query(tree, ruleutils.Options{})
}

// readsTemporary is isQueryUsingTempRelation, of all that the statement has
// bound.
func (b *binder) readsTemporary() bool {
	for oid := range b.relations {
		if catalog.IsTemporary(oid) {
			return true
		}
	}
	return false
}

func (b *binder) viewColumns(cols []plan.Col, names []string) []catalog.ColumnDef {
	if len(names) > len(cols) {
		failAt(-1, pgerr.SyntaxError, "CREATE VIEW specifies more column names than columns")
	}
	for i, c := range cols {
		if i < len(names) {
			c.Name = names[i]
		}
		b.declarable(c.Type, "could not determine which collation to use for view column \"%s\"", c.Name)
	}
	return b.outputColumns(cols, names)
}

// outputColumns makes column definitions of a query's output: 42701 for a name
// used twice.
func (b *binder) outputColumns(cols []plan.Col, names []string) []catalog.ColumnDef {
	var out []catalog.ColumnDef
	for i, c := range cols {
		if i < len(names) {
			c.Name = names[i]
		}
		if slices.ContainsFunc(out, func(have catalog.ColumnDef) bool { return have.Name == c.Name }) {
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.Name)
		}
		if c.Type.Kind == 'p' {
			failAt(-1, pgerr.InvalidTableDefinition, "column \"%s\" has pseudo-type %s", c.Name, b.typeName(c.Type))
		}
		out = append(out, catalog.ColumnDef{Name: c.Name, Type: c.Type.OID, Typmod: c.Mod,
			Collation: b.declarable(c.Type, "no collation was derived for column \"%s\" with collatable type %s", c.Name, b.typeName(c.Type))})
	}
	return out
}

// checkReplace compares with an existing relation of that name: 42P07, or 42P16
// where the new columns do not start with the old ones.
func (b *binder) checkReplace(def *catalog.ViewDef) {
	old := b.env.Catalog.Relation(def.Schema, def.Name)
	if old == nil {
		return
	}
	if !def.Replace {
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", def.Name)
	}
	if old.Kind != catalog.View {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a view", def.Name)
	}
	b.checkOwned(old)
	have := old.VisibleColumns()
	if len(def.Columns) < len(have) {
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop columns from view")
	}
	for i, c := range have {
		b.checkViewColumn(c, def.Columns[i])
	}
}

func (b *binder) checkViewColumn(have *catalog.Column, now catalog.ColumnDef) {
	if have.Name != now.Name {
		fail(pgerr.New(pgerr.InvalidTableDefinition, "cannot change name of view column \"%s\" to \"%s\"", have.Name, now.Name).
			WithHint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead."))
	}
	t := b.reg.ByOID(now.Type)
	if have.Type.OID != now.Type || have.Typmod != now.Typmod {
		failAt(-1, pgerr.InvalidTableDefinition, "cannot change data type of view column \"%s\" from %s to %s",
			have.Name, b.typeWithTypmod(have.Type, have.Typmod), b.typeWithTypmod(t, now.Typmod))
	}
	if was, is := cmp.Or(have.Collation, have.Type.Collation), cmp.Or(now.Collation, t.Collation); was != is {
		failAt(-1, pgerr.InvalidTableDefinition, "cannot change collation of view column \"%s\" from \"%s\" to \"%s\"",
			have.Name, b.collationName(was), b.collationName(is))
	}
}

// freezeStars replaces the stars of a select list that is being kept as text.
func (s *scope) freezeStars(ns []*parser.Node) []*parser.Node {
	var out []*parser.Node
	for _, n := range ns {
		star := starOf(n.GetResTarget().GetVal())
		if star == nil {
			out = append(out, n)
			continue
		}
		for _, c := range s.expandStar(star) {
			out = append(out, s.columnTarget(c))
		}
	}
	return out
}

// columnTarget writes a reference to a column, qualified where its table's name
// is in scope.
func (s *scope) columnTarget(c *nsCol) *parser.Node {
	names := []string{c.name}
	if col, ok := c.expr.(*plan.Column); ok {
		if info := s.b.columns[col.ID]; info != nil && info.table != "" && info.name == c.name && s.lookupTable("", info.table, -1) != nil {
			names = []string{info.table, c.name}
		}
	}
	return columnTarget(names...)
}

// columnTarget is a select list's item that names a column.
func columnTarget(names ...string) *parser.Node {
	var fields []*parser.Node
	for _, n := range names {
		fields = append(fields, &parser.Node{Node: &parser.Node_String_{String_: &parser.String{Sval: n}}})
	}
	ref := &parser.Node{Node: &parser.Node_ColumnRef{ColumnRef: &parser.ColumnRef{Fields: fields, Location: -1}}}
	return &parser.Node{Node: &parser.Node_ResTarget{ResTarget: &parser.ResTarget{Val: ref, Location: -1}}}
}

// createTableAs is CREATE TABLE AS and SELECT INTO.
func (b *binder) createTableAs(c *parser.CreateTableAsStmt) *plan.CreateTable {
	if c.Objtype == parser.ObjectType_OBJECT_MATVIEW {
		return b.createMaterializedView(c)
	}
	if c.Query.GetSelectStmt() == nil {
		unsupported(-1, "CREATE TABLE AS of this statement")
	}
	return b.tableFromQuery(c.Query, c.Into, c.IfNotExists)
}

func (b *binder) tableFromQuery(query *parser.Node, into *parser.IntoClause, ifNotExists bool) *plan.CreateTable {
	def := &catalog.TableDef{Schema: b.creationSchema(into.Rel), Name: into.Rel.Relname, Options: b.tableOptions(into.Options)}
	def.OnCommit, def.Unlogged = b.onCommit(into.OnCommit, def.Schema), into.Rel.Relpersistence == unlogged
	out := &plan.CreateTable{Def: def, IfNotExists: ifNotExists, FromQuery: true}
	q := b.topQuery(query)
	names := nameParts(into.ColNames)
	if len(names) > len(q.Output) {
		failAt(-1, pgerr.SyntaxError, "too many column names were specified")
	}
	def.Columns = b.outputColumns(q.Output, names)
	if b.relationTaken(def.Schema, def.Name) && !ifNotExists {
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", def.Name)
	}
	b.checkTablespace(into.TableSpaceName)
	checkTableMethod(into.AccessMethod)
	if !into.SkipData {
		out.As = q
	}
	return out
}

// selectInto is SELECT … INTO: CREATE TABLE AS by another name.
func (b *binder) selectInto(stmt *parser.Node) *plan.CreateTable {
	query := parser.Clone(stmt)
	sel, into := parser.Into(query)
	sel.IntoClause = nil
	return b.tableFromQuery(query, into, false)
}
