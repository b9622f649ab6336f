package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// subLinkFaults are the places where no subquery may stand (transformSubLink).
var subLinkFaults = map[exprKind]string{
	kindCheck:             "cannot use subquery in check constraint",
	kindDefault:           "cannot use subquery in DEFAULT expression",
	kindIndexExpression:   "cannot use subquery in index expression",
	kindIndexPredicate:    "cannot use subquery in index predicate",
	kindAlterColTransform: "cannot use subquery in transform expression",
	kindExecuteParameter:  "cannot use subquery in EXECUTE parameter",
	kindGenerated:         "cannot use subquery in column generation expression",
	kindCopyWhere:         "cannot use subquery in COPY FROM WHERE condition",
	kindTriggerWhen:       "cannot use subquery in trigger WHEN condition",

	kindPartitionExpression: "cannot use subquery in partition key expression",
	kindPartitionBound:      "cannot use subquery in partition bound",
}

// subLink is transformSubLink.
func (s *scope) subLink(l *parser.SubLink) plan.Expr {
	pos := s.b.at(l.Location)
	if msg := subLinkFaults[s.kind]; msg != "" {
		failAt(pos, pgerr.FeatureNotSupported, "%s", msg)
	}
	switch l.SubLinkType {
	case parser.SubLinkType_ANY_SUBLINK, parser.SubLinkType_ALL_SUBLINK:
		return s.quantified(l, pos)
	}
	sub := s.subselect(l.Subselect, pos)
	switch l.SubLinkType {
	case parser.SubLinkType_EXISTS_SUBLINK:
		sub.Kind, sub.Typ = plan.SubExists, s.b.typ(types.BoolOID)
	case parser.SubLinkType_ARRAY_SUBLINK:
		s.arraySubquery(sub, pos)
	default:
		s.scalarSubquery(sub, pos)
		s.b.nameSubquery(l, sub.Plan.Columns()[0].Name)
	}
	return sub
}

// subselect binds a subquery of an expression.
func (s *scope) subselect(n *parser.Node, pos int) *plan.Subquery {
	end := s.b.within("a subquery")
	q := s.b.query(n, s)
	end()
	sub := &plan.Subquery{Meta: plan.M(nil, pos), Plan: q, Outer: freeColumns(q), Twins: s.twins(n, q)}
	if s.b.trees != nil {
		sub.Tree = s.b.trees.queries[q]
	}
	return sub
}

// writtenSubquery is a subquery of an expression, as it is written, with its twins.
type writtenSubquery struct {
	node  *parser.Node
	twins *[]plan.Node
}

// twins adds a plan to those of the subqueries that are written alike at this level:
// GROUP BY and DISTINCT know them again.
func (s *scope) twins(n *parser.Node, q plan.Node) *[]plan.Node {
	for _, w := range s.subqueries {
		if parser.Alike(w.node, n) {
			*w.twins = append(*w.twins, q)
			return w.twins
		}
	}
	twins := &[]plan.Node{q}
	s.subqueries = append(s.subqueries, writtenSubquery{n, twins})
	return twins
}

func (s *scope) scalarSubquery(sub *plan.Subquery, pos int) {
	cols := sub.Plan.Columns()
	if len(cols) != 1 {
		failAt(pos, pgerr.SyntaxError, "subquery must return only one column")
	}
	sub.Kind, sub.Typ, sub.Mod = plan.SubScalar, cols[0].Type, cols[0].Mod
}

func (s *scope) arraySubquery(sub *plan.Subquery, pos int) {
	s.scalarSubquery(sub, pos)
	sub.Kind = plan.SubArray
	if sub.Typ.IsArray() && !isVector(sub.Typ.OID) {
		return
	}
	if sub.Typ.Array == 0 {
		failAt(pos, pgerr.UndefinedObject, "could not find array type for data type %s", s.b.typeName(sub.Typ))
	}
	sub.Typ = s.b.typ(sub.Typ.Array)
}

// quantified is x op ANY/ALL (SELECT …) and IN (SELECT …).
func (s *scope) quantified(l *parser.SubLink, pos int) plan.Expr {
	name := opName{name: "="}
	if len(l.OperName) > 0 {
		name = operatorName(l.OperName)
	}
	left := []plan.Expr{s.expr(l.Testexpr)}
	if row := writtenRow(l.Testexpr, left[0]); row != nil {
		left = row.Fields
	}
	sub := s.subselect(l.Subselect, pos)
	sub.Kind = plan.SubAny
	if l.SubLinkType == parser.SubLinkType_ALL_SUBLINK {
		sub.Kind = plan.SubAll
	}
	sub.Test = s.subqueryTest(name, left, sub, pos)
	sub.Typ = s.b.typ(types.BoolOID)
	return sub
}

// rowSubquery is (a, b) op (SELECT …): true for the one row of the subquery.
func (s *scope) rowSubquery(name opName, leftNode *parser.Node, l *parser.SubLink, pos int) plan.Expr {
	left := s.expr(leftNode).(*plan.RowExpr).Fields
	sub := s.subselect(l.Subselect, s.b.at(l.Location))
	fields := make([]plan.Expr, len(sub.Plan.Columns()))
	s.checkWidth(len(left), len(fields), pos)
	if s.b.trees != nil {
		sub.Kind, sub.Test, sub.Typ = plan.SubRow, s.subqueryTest(name, left, sub, pos), s.b.typ(types.BoolOID)
		return sub
	}
	row := s.b.subqueryRow(sub)
	for i, c := range sub.Plan.Columns() {
		fields[i] = &plan.FieldSelect{Meta: plan.Meta{Typ: c.Type, Mod: c.Mod, At: pos}, Arg: row, Index: i, Name: c.Name}
	}
	return s.b.rowComparison(name, left, fields, pos)
}

func (s *scope) checkWidth(left, right, pos int) {
	switch {
	case left < right:
		failAt(pos, pgerr.SyntaxError, "subquery has too many columns")
	case left > right:
		failAt(pos, pgerr.SyntaxError, "subquery has too few columns")
	}
}

func (s *scope) subqueryTest(name opName, left []plan.Expr, sub *plan.Subquery, pos int) plan.Expr {
	cols := sub.Plan.Columns()
	s.checkWidth(len(left), len(cols), pos)
	right := make([]plan.Expr, len(cols))
	for i, c := range cols {
		right[i] = colExpr(c, pos)
	}
	return s.b.rowComparison(name, left, right, pos)
}

// subqueryRow makes one scalar subquery of a row out of a subquery of several
// columns.
func (b *binder) subqueryRow(sub *plan.Subquery) *plan.Subquery {
	record := b.typ(types.RecordOID)
	row := &plan.RowExpr{Meta: plan.M(record, sub.At)}
	for _, c := range sub.Plan.Columns() {
		row.Fields, row.Names = append(row.Fields, colExpr(c, -1)), append(row.Names, c.Name)
	}
	project := &plan.Project{Input: sub.Plan, Values: []plan.Expr{row}, Cols: []plan.Col{b.outputCol("row", record, -1)}}
	return &plan.Subquery{Meta: plan.M(record, sub.At), Kind: plan.SubScalar, Plan: project, Outer: sub.Outer}
}

// nameSubquery keeps the name of a scalar subquery's column: it names the
// subquery in a select list.
func (b *binder) nameSubquery(l *parser.SubLink, name string) {
	if b.subNames == nil {
		b.subNames = map[*parser.SubLink]string{}
	}
	b.subNames[l] = name
}
