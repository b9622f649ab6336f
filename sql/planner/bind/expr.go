package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// bind binds an expression of the given kind: transformExpr.
func (s *scope) bind(n *parser.Node, kind exprKind) plan.Expr {
	saved := s.kind
	s.kind = kind
	defer func() { s.kind = saved }()
	return s.b.assignCollations(s.expr(n))
}

// expr binds an expression of the current kind: transformExprRecurse.
func (s *scope) expr(n *parser.Node) plan.Expr {
	switch v := n.GetNode().(type) {
	case *parser.Node_ColumnRef:
		return s.columnRef(v.ColumnRef)
	case *parser.Node_AConst:
		return s.b.constant(v.AConst)
	case *parser.Node_ParamRef:
		return s.b.param(int(v.ParamRef.Number), s.b.at(v.ParamRef.Location))
	case *parser.Node_AExpr:
		return s.operatorExpr(v.AExpr)
	case *parser.Node_BoolExpr:
		return s.boolExpr(v.BoolExpr)
	case *parser.Node_FuncCall:
		return s.call(v.FuncCall)
	case *parser.Node_TypeCast:
		return s.typeCast(v.TypeCast)
	case *parser.Node_NullTest:
		return s.nullTest(v.NullTest)
	case *parser.Node_SubLink:
		return s.subLink(v.SubLink)
	case *parser.Node_CaseExpr:
		return s.caseExpr(v.CaseExpr)
	}
	return s.rareExpr(n)
}

func (s *scope) rareExpr(n *parser.Node) plan.Expr {
	switch v := n.GetNode().(type) {
	case *parser.Node_BooleanTest:
		return s.booleanTest(v.BooleanTest)
	case *parser.Node_CoalesceExpr:
		return s.coalesce(v.CoalesceExpr)
	case *parser.Node_MinMaxExpr:
		return s.minMax(v.MinMaxExpr)
	case *parser.Node_AArrayExpr:
		return s.arrayExpr(v.AArrayExpr, nil, -1)
	case *parser.Node_RowExpr:
		return s.rowExpr(v.RowExpr)
	case *parser.Node_AIndirection:
		return s.indirection(v.AIndirection)
	case *parser.Node_SqlvalueFunction:
		return s.sqlValue(v.SqlvalueFunction)
	case *parser.Node_CollateClause:
		return s.collate(v.CollateClause)
	case *parser.Node_GroupingFunc:
		return s.groupingFunc(v.GroupingFunc)
	case *parser.Node_SetToDefault:
		failAt(s.b.at(v.SetToDefault.Location), pgerr.SyntaxError, "DEFAULT is not allowed in this context")
	case *parser.Node_CurrentOfExpr:
		unsupported(-1, "WHERE CURRENT OF")
	case *parser.Node_XmlExpr:
		unsupported(s.b.at(v.XmlExpr.Location), "XML")
	case *parser.Node_NamedArgExpr:
		failAt(s.b.at(v.NamedArgExpr.Location), pgerr.SyntaxError, "named argument is not allowed here")
	}
	return s.newerExpr(n)
}

// newerExpr names what the grammar (of PostgreSQL 17) reads and we do not run.
func (s *scope) newerExpr(n *parser.Node) plan.Expr {
	switch n.GetNode().(type) {
	case *parser.Node_JsonIsPredicate, *parser.Node_JsonObjectConstructor, *parser.Node_JsonArrayConstructor,
		*parser.Node_JsonArrayQueryConstructor, *parser.Node_JsonObjectAgg, *parser.Node_JsonArrayAgg,
		*parser.Node_JsonFuncExpr, *parser.Node_JsonParseExpr, *parser.Node_JsonScalarExpr, *parser.Node_JsonSerializeExpr:
		unsupported(-1, "SQL/JSON syntax")
	}
	unsupported(-1, "this expression")
	return nil
}

// exprs binds a list.
func (s *scope) exprs(ns []*parser.Node) []plan.Expr {
	out := make([]plan.Expr, len(ns))
	for i, n := range ns {
		out[i] = s.expr(n)
	}
	return out
}

// textExpr binds SQL text that is not the client's: a default, a CHECK, a
// function's default argument.
func (b *binder) textExpr(text string, item *nsItem, kind exprKind) plan.Expr {
	saved, savedOwn := b.inlined, b.ownText
	b.inlined, b.ownText = true, true
	defer func() { b.inlined, b.ownText = saved, savedOwn }()
	n := parseText(text)
	s := b.newScope(nil)
	if item != nil {
		row := *item // the statement may not see it: a table below a view
		row.relVisible, row.colsVisible = true, true
		s.items, s.all = []*nsItem{&row}, []*nsItem{&row}
	}
	return s.bind(n, kind)
}

// parseText parses an expression of the catalog's. Parse keeps recent trees,
// which a default or CHECK that every INSERT binds profits from.
func parseText(text string) *parser.Node {
	stmts, err := parser.Parse("SELECT " + text)
	if err != nil {
		fail(err)
	}
	if len(stmts) == 1 {
		if sel := stmts[0].Node.GetSelectStmt(); sel != nil && len(sel.TargetList) == 1 && len(sel.FromClause) == 0 {
			return sel.TargetList[0].GetResTarget().GetVal()
		}
	}
	fail(pgerr.Internal("not an expression: %s", text))
	return nil
}

// columnsItem makes a namespace item of given columns.
func (b *binder) columnsItem(name string, cols []plan.Col) *nsItem {
	it := &nsItem{name: name, relVisible: name != "", colsVisible: true}
	for _, c := range cols {
		b.noteCollation(c.Type)
		it.cols = append(it.cols, &nsCol{name: c.Name, expr: colExpr(c, -1), rel: c.Relation, num: c.Num})
		if c.ID >= b.nextID {
			b.nextID = c.ID
		}
	}
	return it
}

// typeCast binds CAST(x AS t) and x::t.
func (s *scope) typeCast(c *parser.TypeCast) plan.Expr {
	b := s.b
	t, typmod := b.typeNameType(c.TypeName)
	pos := b.at(c.Location)
	if a := c.Arg.GetAArrayExpr(); a != nil && b.elemOf(b.baseType(t.OID)) != 0 {
		arr := s.arrayExpr(a, b.typ(b.baseType(t.OID)), typmod)
		return b.explicitCast(arr, t, typmod, pos, b.at(a.Location))
	}
	e := s.expr(c.Arg)
	if e.Type().OID == 0 {
		return e
	}
	return b.explicitCast(e, t, typmod, pos, e.Pos())
}

func (b *binder) explicitCast(e plan.Expr, t *types.Type, typmod int32, pos, argPos int) plan.Expr {
	at := pos
	if at < 0 {
		at = b.at(int32(argPos))
	}
	out := b.coerceToTarget(e, t, typmod, coerceExplicit, plan.DisplayExplicitCast, at)
	if out == nil {
		b.failCast(e.Type(), t, at)
	}
	return out
}
