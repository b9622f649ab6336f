package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fromResult is a bound FROM item: its plan, the item that has its columns, and
// the names that it brings into scope.
type fromResult struct {
	node  plan.Node
	main  *nsItem
	items []*nsItem
	// lateral: the item may use columns of items before it.
	lateral bool
	// tree is the item as it was written, where a tree is made.
	tree plan.TreeFrom
}

// fromClause is transformFromClause.
func (s *scope) fromClause(ns []*parser.Node) plan.Node {
	if out := s.fromItems(ns); out != nil {
		return out
	}
	return oneRow()
}

// fromItems joins the items of FROM, which may see those before them; nil for none.
func (s *scope) fromItems(ns []*parser.Node) plan.Node {
	var out plan.Node
	for _, n := range ns {
		f := s.fromItem(n)
		s.checkNamespaceConflicts(s.items, f.items)
		setLateral(f.items, true, true)
		s.items = append(slices.Clip(s.items), f.items...)
		if f.tree != nil {
			s.from = append(s.from, f.tree)
		}
		if out == nil {
			out = f.node
			continue
		}
		out = &plan.Join{Kind: plan.InnerJoin, Left: out, Right: f.node, Lateral: f.lateral && dependsOn(f.node, out)}
	}
	setLateral(s.items, false, true)
	return out
}

// oneRow is the input of a SELECT without FROM.
func oneRow() plan.Node { return &plan.Values{Rows: [][]plan.Expr{{}}} }

// dependsOn says whether right uses columns of left.
func dependsOn(right, left plan.Node) bool {
	free := freeColumns(right)
	for _, c := range left.Columns() {
		if slices.Contains(free, c.ID) {
			return true
		}
	}
	return false
}

func (s *scope) fromItem(n *parser.Node) fromResult {
	switch v := n.GetNode().(type) {
	case *parser.Node_RangeVar:
		return s.rangeVar(v.RangeVar)
	case *parser.Node_RangeSubselect:
		return s.rangeSubselect(v.RangeSubselect)
	case *parser.Node_RangeFunction:
		return s.rangeFunction(v.RangeFunction)
	case *parser.Node_JoinExpr:
		return s.join(v.JoinExpr)
	case *parser.Node_RangeTableSample:
		return s.tableSample(v.RangeTableSample)
	case *parser.Node_RangeTableFunc:
		unsupported(s.b.at(v.RangeTableFunc.Location), "XMLTABLE")
	}
	unsupported(-1, "JSON_TABLE")
	return fromResult{}
}

// single makes the result of an item that is not a join.
func (s *scope) single(it *nsItem, node plan.Node, lateral bool) fromResult {
	it.relVisible, it.colsVisible = true, true
	if s.nullable > 0 && it.hidden == nil && !it.scalar {
		node = s.withPresence(it, node)
	}
	s.all = append(s.all, it)
	out := fromResult{node: node, main: it, items: []*nsItem{it}, lateral: lateral}
	if it.entry != nil {
		it.nameColumns()
		out.tree = it.entry
	}
	return out
}

// withPresence makes the plan of a derived item one that can say whether it has
// a row.
func (s *scope) withPresence(it *nsItem, node plan.Node) plan.Node {
	p := &plan.Project{Input: node}
	for _, c := range node.Columns() {
		p.Values, p.Cols = append(p.Values, colExpr(c, -1)), append(p.Cols, c)
	}
	var made *nsCol
	it.present = func() *nsCol {
		if made == nil {
			col := s.b.outputCol("", s.b.typ(types.BoolOID), -1)
			s.b.columns[col.ID] = &columnInfo{owner: s, table: it.name, item: it}
			p.Values, p.Cols = append(p.Values, s.b.value(types.BoolOID, true, -1)), append(p.Cols, col)
			made = &nsCol{expr: colExpr(col, -1)}
		}
		return made
	}
	return p
}

func (s *scope) rangeVar(rv *parser.RangeVar) fromResult {
	if src := s.b.sources[rv]; src != nil {
		return src.bind(s)
	}
	if rv.Schemaname == "" {
		if c := s.findCTE(rv.Relname); c != nil {
			return s.cteItem(c, rv)
		}
		if t := s.b.transitionTable(rv); t != nil {
			return s.transitionItem(t, rv)
		}
	}
	if s.b.maybeRelation(rv) == nil {
		s.failRelation(rv)
	}
	rel := s.b.relation(rv)
	if s.b.freezing {
		rv.Schemaname = rel.Schema
	}
	switch rel.Kind {
	case catalog.View:
		if rel.Definition != "" {
			return s.viewItem(rel, rv, s.readEntry(rel))
		}
	case catalog.IndexRel:
		fail(pgerr.New(pgerr.WrongObjectType, "cannot open relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for indexes.").AtByte(s.b.at(rv.Location)))
	case catalog.CompositeType:
		fail(pgerr.New(pgerr.WrongObjectType, "cannot open relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for composite types.").AtByte(s.b.at(rv.Location)))
	}
	it, scan := s.relationItem(rel, rv.Alias, s.readEntry(rel))
	if it.entry = s.b.newEntry(rv.Alias); it.entry != nil {
		it.entry.Rel, it.entry.Only = rel, !rv.Inh && rel.Kind != catalog.PartitionedTable
		dropOwnAlias(it.entry)
	}
	if rv.Inh {
		s.b.expandTree(scan)
	}
	return s.single(it, s.securedScan(it, scan), false)
}

// readEntry is what reading a relation needs.
func (s *scope) readEntry(rel *catalog.Relation) *rangeEntry {
	if s.ruleTarget {
		return s.b.rangeEntry(rel, 0)
	}
	return s.b.rangeEntry(rel, catalog.ACLSelect)
}

// relationItem makes the namespace item and scan of a table, which needs entry. Hidden
// columns join the scan when a name asks for them.
func (s *scope) relationItem(rel *catalog.Relation, alias *parser.Alias, entry *rangeEntry) (*nsItem, *plan.Scan) {
	it := &nsItem{name: rel.Name, rel: rel, source: rel, needs: entry}
	if alias != nil {
		it.name, it.rel, it.aliased = alias.Aliasname, nil, true
	}
	scan := &plan.Scan{Rel: rel, Alias: it.name, Limit: -1}
	for _, c := range rel.VisibleColumns() {
		it.cols = append(it.cols, s.scanColumn(it, scan, c))
	}
	s.renameColumns(it, alias)
	it.hidden = func(name string, fold bool) *nsCol { return s.hiddenColumn(it, scan, name, fold) }
	it.leaf = func(path []string) *nsCol { return s.leafColumn(it, scan, path) }
	s.lockables = append(s.lockables, &lockable{item: it, scan: scan})
	return it, scan
}

func (s *scope) scanColumn(it *nsItem, scan *plan.Scan, c *catalog.Column) *nsCol {
	col := s.b.newColumn(s, c.Name, c.Type, c.Typmod, tableColumn)
	col.Relation, col.Num = scan.Rel.OID, c.Num
	info := s.b.columns[col.ID]
	info.table, info.item, info.rel, info.num = it.name, it, scan.Rel.OID, c.Num
	scan.Cols, scan.Nums = append(scan.Cols, col), append(scan.Nums, c.Num)
	return &nsCol{name: c.Name, expr: colExpr(col, -1), rel: scan.Rel.OID, num: c.Num, needs: it.needs, att: topColumn(scan.Rel, c)}
}

func (s *scope) hiddenColumn(it *nsItem, scan *plan.Scan, name string, fold bool) *nsCol {
	for _, c := range scan.Rel.Columns {
		if c.Hidden && sameName(c.Name, name, fold) {
			return s.addHidden(it, scan, c)
		}
	}
	if name == "tableoid" {
		return &nsCol{name: name, expr: s.b.value(types.OidOID, scan.Rel.OID, -1)}
	}
	return nil
}

func (s *scope) addHidden(it *nsItem, scan *plan.Scan, c *catalog.Column) *nsCol {
	for i, n := range scan.Nums {
		if n == c.Num {
			return &nsCol{name: c.Name, expr: colExpr(scan.Cols[i], -1), rel: scan.Rel.OID, num: n, needs: it.needs, att: topColumn(scan.Rel, c)}
		}
	}
	return s.scanColumn(it, scan, c)
}

func (s *scope) leafColumn(it *nsItem, scan *plan.Scan, path []string) *nsCol {
	for _, c := range scan.Rel.Columns {
		if c.Path != nil && slices.Equal(c.Path, path) {
			return s.addHidden(it, scan, c)
		}
	}
	return nil
}

// leafPrefix says whether some leaf lies below the path.
func (it *nsItem) leafPrefix(path []string) bool {
	if it.source == nil {
		return false
	}
	for _, c := range it.source.Columns {
		if len(c.Path) > len(path) && slices.Equal(c.Path[:len(path)], path) {
			return true
		}
	}
	return false
}

// renameColumns gives columns the names of an alias's column list.
func (s *scope) renameColumns(it *nsItem, alias *parser.Alias) {
	if alias == nil {
		return
	}
	names := nameParts(alias.Colnames)
	if len(names) > len(it.cols) {
		failAt(-1, pgerr.InvalidColumnReference, "table \"%s\" has %d columns available but %d columns specified",
			it.name, len(it.cols), len(names))
	}
	for i, n := range names {
		it.cols[i].name = n
		if c, ok := it.cols[i].expr.(*plan.Column); ok {
			s.b.columns[c.ID].name = n
		}
	}
}

// derivedItem is a namespace item over the output columns of a plan.
func (s *scope) derivedItem(name string, cols []plan.Col) *nsItem {
	it := &nsItem{name: name, aliased: true}
	for _, c := range cols {
		it.cols = append(it.cols, &nsCol{name: c.Name, expr: colExpr(c, -1), rel: c.Relation, num: c.Num})
		s.b.columns[c.ID] = &columnInfo{owner: s, table: name, name: c.Name, item: it, rel: c.Relation, num: c.Num}
	}
	return it
}

// rangeSubselect is transformRangeSubselect.
func (s *scope) rangeSubselect(r *parser.RangeSubselect) fromResult {
	savedKind, savedLateral := s.kind, s.lateral
	s.kind, s.lateral = kindFromSubselect, r.Lateral
	name := ""
	if r.Alias != nil {
		name = r.Alias.Aliasname
	}
	node := s.b.query(s.lockedQuery(r.Subquery, name), s)
	entry := s.b.subqueryEntry(r, node)
	s.kind, s.lateral = savedKind, savedLateral
	s.b.rememberRecords(node)
	it := s.derivedItem(name, s.freshColumns(&node))
	it.entry = entry
	s.renameColumns(it, r.Alias)
	out := s.single(it, node, r.Lateral)
	it.relVisible = name != ""
	return out
}

// freshColumns returns the columns of a derived table. A plan whose columns
// another scope owns (VALUES, a bare CTE scan) gets a projection of its own, so
// that each column has one owner.
func (s *scope) freshColumns(n *plan.Node) []plan.Col {
	cols := (*n).Columns()
	owned := false
	for _, c := range cols {
		owned = owned || s.b.columns[c.ID] != nil
	}
	if !owned {
		return cols
	}
	p := &plan.Project{Input: *n}
	for _, c := range cols {
		out := s.b.outputCol(c.Name, c.Type, c.Mod)
		out.Relation, out.Num = c.Relation, c.Num
		p.Values, p.Cols = append(p.Values, colExpr(c, -1)), append(p.Cols, out)
	}
	*n = p
	return p.Cols
}

// viewItem expands a view: its text is bound as a subquery.
func (s *scope) viewItem(rel *catalog.Relation, rv *parser.RangeVar, entry *rangeEntry) fromResult {
	name := rel.Name
	if rv.Alias != nil {
		name = rv.Alias.Aliasname
	}
	node := s.viewQuery(rel, name)
	if rel.Option("security_barrier") == "true" {
		node = &plan.SecurityBarrier{Input: node}
	}
	cols := slices.Clone(s.freshColumns(&node))
	visible := rel.VisibleColumns()
	for i := range cols {
		if i < len(visible) {
			cols[i].Name, cols[i].Relation, cols[i].Num = visible[i].Name, rel.OID, visible[i].Num
		}
	}
	it := s.derivedItem(name, cols)
	it.source, it.aliased, it.needs = rel, rv.Alias != nil, entry
	for i, c := range it.cols {
		if i < len(visible) {
			c.needs, c.att = entry, visible[i].Num
		}
	}
	if rv.Alias == nil {
		it.rel = rel
	}
	if it.entry = s.b.newEntry(rv.Alias); it.entry != nil {
		it.entry.Rel = rel
		dropOwnAlias(it.entry)
	}
	s.renameColumns(it, rv.Alias)
	return s.single(it, node, false)
}

// viewQuery binds the text of a view that stands in FROM by that name.
func (s *scope) viewQuery(rel *catalog.Relation, name string) plan.Node {
	b := s.b
	if slices.Contains(b.views, rel.OID) {
		failAt(-1, pgerr.InvalidObjectDefinition, "infinite recursion detected in rules for relation \"%s\"", rel.Name)
	}
	stmts, err := parser.Parse(rel.Definition)
	if err != nil {
		fail(err)
	}
	if len(stmts) != 1 {
		fail(pgerr.Internal("the definition of view \"%s\" is not one statement", rel.Name))
	}
	savedInlined, savedFreezing := b.inlined, b.freezing
	b.inlined, b.freezing, b.views = true, false, append(b.views, rel.OID)
	defer b.asOwnerOf(rel)()
	node := b.query(s.lockedQuery(stmts[0].Node, name), nil)
	b.inlined, b.freezing, b.views = savedInlined, savedFreezing, b.views[:len(b.views)-1]
	return node
}
