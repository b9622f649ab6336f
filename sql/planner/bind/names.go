package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// nameParts returns the strings of a list of String nodes.
func nameParts(nodes []*parser.Node) []string {
	out := make([]string, 0, len(nodes))
	for _, n := range nodes {
		if s := n.GetString_(); s != nil {
			out = append(out, s.Sval)
		}
	}
	return out
}

// columnRef binds a column reference: transformColumnRef.
func (s *scope) columnRef(ref *parser.ColumnRef) plan.Expr {
	pos := s.b.at(ref.Location)
	s.checkColumnAllowed(pos)
	fields := ref.Fields
	star := fields[len(fields)-1].GetAStar() != nil
	names := nameParts(fields)
	switch {
	case star && len(names) == 0:
		failAt(pos, pgerr.SyntaxError, "SELECT * with no tables specified is not valid")
	case star:
		return s.tableRow(names, pos)
	}
	if e := s.preVariable(names, pos); e != nil {
		return e
	}
	if len(names) == 1 {
		return s.bareColumn(names[0], pos)
	}
	if s.b.env.Body != nil && s.lookupTable("", names[0], pos) == nil {
		if e := s.bodyName(names, pos); e != nil {
			return e
		}
	}
	if s.b.hasVariables() {
		return s.qualifiedVariable(names, pos)
	}
	schema, table := s.splitTable(names[:len(names)-1], pos)
	return s.qualifiedColumn(schema, table, names[len(names)-1], pos)
}

func (s *scope) checkColumnAllowed(pos int) {
	switch s.kind {
	case kindDefault:
		failAt(pos, pgerr.FeatureNotSupported, "cannot use column reference in DEFAULT expression")
	case kindPartitionBound:
		failAt(pos, pgerr.FeatureNotSupported, "cannot use column reference in partition bound expression")
	}
}

// splitTable reads [[database.]schema.]table.
func (s *scope) splitTable(names []string, pos int) (schema, table string) {
	switch len(names) {
	case 1:
		return "", names[0]
	case 2:
		return names[0], names[1]
	case 3:
		if names[0] != s.b.databaseName() {
			failAt(pos, pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", dotted(names))
		}
		return names[1], names[2]
	}
	failAt(pos, pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", dotted(names))
	return "", ""
}

func (s *scope) bareColumn(name string, pos int) plan.Expr {
	if c := s.lookupColumn(name, pos); c != nil {
		s.checkConflict([]string{name}, pos)
		s.b.refersToColumn(c)
		return withPos(s.b.use(c).expr, pos)
	}
	if it := s.lookupTable("", name, pos); it != nil {
		s.checkConflict([]string{name}, pos)
		return s.wholeRow(it, pos)
	}
	if e := s.postVariable([]string{name}, pos); e != nil {
		return e
	}
	if e := s.bodyName([]string{name}, pos); e != nil {
		return e
	}
	s.missingColumn("", name, pos)
	return nil
}

func (s *scope) qualifiedColumn(schema, table, name string, pos int) plan.Expr {
	it := s.tableItem(schema, table, pos)
	c := it.findColumn(name, false, pos)
	if c == nil && foldable(name) {
		c = it.findColumn(name, true, pos)
	}
	if c != nil {
		s.b.refersToColumn(c)
		return withPos(s.b.use(c).expr, pos)
	}
	if e := s.functionNotation(it, name, pos); e != nil {
		return e
	}
	if e := s.bodyName([]string{table, name}, pos); e != nil {
		return e
	}
	s.missingColumn(table, name, pos)
	return nil
}

// functionNotation reads t.f as f(t) where such a function exists.
func (s *scope) functionNotation(it *nsItem, name string, pos int) plan.Expr {
	return s.notationCall(s.wholeRow(it, pos), name, pos)
}

// withPos gives a column reference the place where it stands.
func withPos(e plan.Expr, pos int) plan.Expr {
	if c, ok := e.(*plan.Column); ok {
		n := *c
		n.At = pos
		return &n
	}
	return e
}

// lookupColumn finds a bare column name in this query or those around it:
// exactly first, then, for a name written without quotes, without case.
func (s *scope) lookupColumn(name string, pos int) *nsCol {
	if c := s.scanColumns(name, false, pos); c != nil || !foldable(name) {
		return c
	}
	return s.scanColumns(name, true, pos)
}

// scanColumns is colNameToVar.
func (s *scope) scanColumns(name string, fold bool, pos int) *nsCol {
	for p := s; p != nil; p = p.parent {
		if c := p.localColumn(name, fold, pos); c != nil {
			return c
		}
	}
	return nil
}

// localColumn looks only at this level.
func (s *scope) localColumn(name string, fold bool, pos int) *nsCol {
	var found *nsCol
	for _, it := range s.items {
		if !it.colsVisible || it.lateralOnly && !s.lateral {
			continue
		}
		c := it.findColumn(name, fold, pos)
		if c == nil {
			continue
		}
		if found != nil {
			failAt(pos, pgerr.AmbiguousColumn, "column reference %q is ambiguous", name)
		}
		checkLateral(it, pos)
		found = c
	}
	return found
}

func checkLateral(it *nsItem, pos int) {
	if !it.lateralOnly || it.lateralOK {
		return
	}
	e := pgerr.New(pgerr.InvalidColumnReference, "invalid reference to FROM-clause entry for table %q", it.name).AtByte(pos)
	if it.target {
		e.WithHint("There is an entry for table %q, but it cannot be referenced from this part of the query.", it.name)
	} else {
		e.WithDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
	}
	fail(e)
}

// tableItem finds the FROM entry that a qualifier means, or fails with 42P01.
func (s *scope) tableItem(schema, table string, pos int) *nsItem {
	it := s.lookupTable(schema, table, pos)
	if it == nil {
		s.missingTable(schema, table, pos)
	}
	return it
}

// lookupTable is refnameNamespaceItem; nil if there is none.
func (s *scope) lookupTable(schema, table string, pos int) *nsItem {
	for p := s; p != nil; p = p.parent {
		if it := p.localTable(schema, table, pos); it != nil {
			return it
		}
	}
	return nil
}

func (s *scope) localTable(schema, table string, pos int) *nsItem {
	var found *nsItem
	for _, it := range s.items {
		if !it.relVisible || it.lateralOnly && !s.lateral || !it.answers(schema, table) {
			continue
		}
		if found != nil {
			failAt(pos, pgerr.AmbiguousAlias, "table reference %q is ambiguous", table)
		}
		checkLateral(it, pos)
		found = it
	}
	return found
}

func (it *nsItem) answers(schema, table string) bool {
	if it.name != table {
		return false
	}
	return schema == "" || it.rel != nil && it.rel.Schema == schema
}

// wholeRow is transformWholeRowRef: the item's row as one value. Of a row that
// an outer join left out it is NULL, not a row of NULLs.
func (s *scope) wholeRow(it *nsItem, pos int) plan.Expr {
	s.b.useAll(it.cols)
	if it.scalar {
		return it.cols[0].expr
	}
	row := &plan.RowExpr{Meta: plan.M(s.b.rowType(it), pos)}
	for _, c := range it.cols {
		row.Fields = append(row.Fields, c.expr)
		row.Names = append(row.Names, c.name)
	}
	if it.entry != nil {
		row.Whole = it.entry
		return row
	}
	present := it.presence()
	if present == nil || len(plan.ColumnsOf(present.expr)) == 0 {
		return row
	}
	boolean := s.b.typ(types.BoolOID)
	return &plan.Case{
		Meta:  plan.M(row.Typ, pos),
		Whens: []plan.When{{Cond: &plan.NullTest{Meta: plan.M(boolean, pos), Arg: present.expr, Not: true}, Result: row}},
		Else:  &plan.Const{Meta: plan.M(row.Typ, pos)},
	}
}

// presence is a column of the item that is NULL only where there is no row; nil
// if every row is there.
func (it *nsItem) presence() *nsCol {
	switch {
	case !it.nullable:
		return nil
	case it.present != nil:
		return it.present()
	case it.hidden != nil:
		return it.hidden("tableoid", false)
	}
	return nil
}

func (b *binder) rowType(it *nsItem) *types.Type {
	if it.row != nil {
		return it.row
	}
	if it.source != nil {
		if t := b.reg.ByOID(it.source.Type); t != nil && it.source.Type != 0 {
			return t
		}
	}
	return b.typ(types.RecordOID)
}

func (b *binder) databaseName() string {
	if b.env.Database != "" || b.env.Catalog == nil {
		return b.env.Database
	}
	return b.env.Catalog.Database().Name
}

func dotted(names []string) string {
	out := ""
	for i, n := range names {
		if i > 0 {
			out += "."
		}
		out += n
	}
	return out
}
