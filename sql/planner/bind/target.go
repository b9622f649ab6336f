package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// targetList is transformTargetList.
func (s *scope) targetList(ns []*parser.Node, kind exprKind) []*target {
	saved := s.kind
	s.kind = kind
	defer func() { s.kind = saved }()
	var out []*target
	for _, n := range ns {
		rt := n.GetResTarget()
		if star := starOf(rt.Val); star != nil {
			out = append(out, starTargets(s.expandStar(star))...)
			continue
		}
		if in := rt.Val.GetAIndirection(); in != nil && endsInStar(in) {
			out = append(out, s.expandRow(in)...)
			continue
		}
		out = append(out, s.target(rt))
	}
	return out
}

func (s *scope) target(rt *parser.ResTarget) *target {
	e := s.b.assignCollations(s.expr(rt.Val))
	t := &target{expr: e, name: rt.Name}
	if t.name == "" {
		t.name = s.b.figureName(rt.Val)
	}
	t.rel, t.num = s.b.origin(e)
	if c, ok := e.(*plan.Column); ok && rt.Name == "" && rt.Val.GetColumnRef() != nil {
		t.name = s.b.writtenName(c, t.name)
	}
	return t
}

// writtenName is the column's own name where an unquoted one was matched
// without case.
func (b *binder) writtenName(c *plan.Column, name string) string {
	if info := b.columns[c.ID]; info != nil && info.name != "" && sameName(info.name, name, true) {
		return info.name
	}
	return name
}

// origin is the table column that an expression shows as it is.
func (b *binder) origin(e plan.Expr) (types.OID, int16) {
	c, ok := e.(*plan.Column)
	if !ok {
		return 0, 0
	}
	info := b.columns[c.ID]
	if info == nil || info.rel == 0 {
		return 0, 0
	}
	return info.rel, info.num
}

// starOf returns the reference of a lone * or t.*.
func starOf(n *parser.Node) *parser.ColumnRef {
	ref := n.GetColumnRef()
	if ref == nil || ref.Fields[len(ref.Fields)-1].GetAStar() == nil {
		return nil
	}
	return ref
}

func endsInStar(in *parser.A_Indirection) bool {
	return in.Indirection[len(in.Indirection)-1].GetAStar() != nil
}

// expandStar is ExpandColumnRefStar.
func (s *scope) expandStar(ref *parser.ColumnRef) []*nsCol {
	pos := s.b.at(ref.Location)
	names := nameParts(ref.Fields)
	if len(names) > 0 {
		schema, table := s.splitTable(names, pos)
		if s.b.hasVariables() && s.lookupTable(schema, table, pos) == nil {
			if cols := s.variableStar(names, pos); cols != nil {
				return cols
			}
		}
		cols := s.tableItem(schema, table, pos).cols
		s.b.useAll(cols)
		return positioned(cols, pos)
	}
	var out []*nsCol
	found := false
	for _, it := range s.items {
		if !it.colsVisible || it.lateralOnly && !s.lateral {
			continue
		}
		found = true
		out = append(out, it.cols...)
	}
	if !found {
		failAt(pos, pgerr.SyntaxError, "SELECT * with no tables specified is not valid")
	}
	s.b.useAll(out)
	return positioned(out, pos)
}

func positioned(cols []*nsCol, pos int) []*nsCol {
	out := make([]*nsCol, len(cols))
	for i, c := range cols {
		n := *c
		n.expr = withPos(c.expr, pos)
		out[i] = &n
	}
	return out
}

func starTargets(cols []*nsCol) []*target {
	out := make([]*target, len(cols))
	for i, c := range cols {
		out[i] = &target{expr: c.expr, name: c.name, rel: c.rel, num: c.num}
	}
	return out
}

// expandRow is ExpandIndirectionStar: (row).*.
func (s *scope) expandRow(in *parser.A_Indirection) []*target {
	n := len(in.Indirection) - 1
	e := s.expr(in.Arg)
	if n > 0 {
		e = s.indirection(&parser.A_Indirection{Arg: in.Arg, Indirection: in.Indirection[:n]})
	}
	fields := s.b.rowFields(e)
	if fields == nil {
		failAt(e.Pos(), pgerr.WrongObjectType, "type %s is not composite", s.b.typeName(e.Type()))
	}
	out := make([]*target, len(fields))
	for i, f := range fields {
		out[i] = &target{name: f.Name, expr: s.b.rowField(e, i, f)}
	}
	return out
}

// rowFields are the fields of a row expression; nil if unknown.
func (b *binder) rowFields(e plan.Expr) []field {
	row, ok := e.(*plan.RowExpr)
	if !ok {
		row = b.recordRow(e)
	}
	if row != nil && row.Names != nil {
		out := make([]field, len(row.Fields))
		for i, f := range row.Fields {
			out[i] = field{row.Names[i], f.Type(), f.Typmod()}
		}
		return out
	}
	if c := b.recordCall(e); c != nil {
		out := make([]field, len(c.Func.OutNames))
		for i, t := range b.outTypes(c.Func, c) {
			out[i] = field{c.Func.OutNames[i], t, -1}
		}
		return out
	}
	return b.compositeFields(e.Type())
}

func (b *binder) rowField(e plan.Expr, i int, f field) plan.Expr {
	if row, ok := e.(*plan.RowExpr); ok {
		return row.Fields[i]
	}
	return &plan.FieldSelect{Meta: plan.Meta{Typ: f.Type, Mod: f.Typmod, At: e.Pos()}, Arg: e, Index: i, Name: f.Name}
}

// figureName is FigureColname.
func (b *binder) figureName(n *parser.Node) string {
	if name, _ := b.columnName(n); name != "" {
		return name
	}
	return "?column?"
}

// columnName is FigureColnameInternal: the name and how strong it is (2 a real
// name, 1 a mere guess from a type).
func (b *binder) columnName(n *parser.Node) (string, int) {
	switch v := n.GetNode().(type) {
	case *parser.Node_ColumnRef:
		if parts := nameParts(v.ColumnRef.Fields); len(parts) > 0 {
			return parts[len(parts)-1], 2
		}
	case *parser.Node_AIndirection:
		return b.indirectionName(v.AIndirection)
	case *parser.Node_FuncCall:
		parts := nameParts(v.FuncCall.Funcname)
		return parts[len(parts)-1], 2
	case *parser.Node_AExpr:
		if v.AExpr.Kind == parser.A_Expr_Kind_AEXPR_NULLIF {
			return "nullif", 2
		}
	case *parser.Node_TypeCast:
		return b.castName(v.TypeCast)
	case *parser.Node_CollateClause:
		return b.columnName(v.CollateClause.Arg)
	case *parser.Node_SubLink:
		return b.subLinkName(v.SubLink)
	case *parser.Node_CaseExpr:
		if name, strength := b.columnName(v.CaseExpr.Defresult); strength > 1 {
			return name, strength
		}
		return "case", 1
	}
	return keywordName(n)
}

func keywordName(n *parser.Node) (string, int) {
	switch v := n.GetNode().(type) {
	case *parser.Node_AArrayExpr:
		return "array", 2
	case *parser.Node_RowExpr:
		return "row", 2
	case *parser.Node_CoalesceExpr:
		return "coalesce", 2
	case *parser.Node_MinMaxExpr:
		if v.MinMaxExpr.Op == parser.MinMaxOp_IS_GREATEST {
			return "greatest", 2
		}
		return "least", 2
	case *parser.Node_GroupingFunc:
		return "grouping", 2
	case *parser.Node_SqlvalueFunction:
		return sqlValueNames[v.SqlvalueFunction.Op], 2
	}
	return "", 0
}

func (b *binder) indirectionName(in *parser.A_Indirection) (string, int) {
	for i := len(in.Indirection) - 1; i >= 0; i-- {
		if s := in.Indirection[i].GetString_(); s != nil {
			return s.Sval, 2
		}
	}
	return b.columnName(in.Arg)
}

func (b *binder) castName(c *parser.TypeCast) (string, int) {
	if name, strength := b.columnName(c.Arg); strength > 1 {
		return name, strength
	}
	parts := nameParts(c.TypeName.Names)
	return parts[len(parts)-1], 1
}

func (b *binder) subLinkName(l *parser.SubLink) (string, int) {
	switch l.SubLinkType {
	case parser.SubLinkType_EXISTS_SUBLINK:
		return "exists", 2
	case parser.SubLinkType_ARRAY_SUBLINK:
		return "array", 2
	case parser.SubLinkType_EXPR_SUBLINK:
		return b.subNames[l], 2
	}
	return "", 0
}

var sqlValueNames = map[parser.SQLValueFunctionOp]string{
	parser.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        "current_date",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        "current_time",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      "current_time",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   "current_timestamp",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: "current_timestamp",
	parser.SQLValueFunctionOp_SVFOP_LOCALTIME:           "localtime",
	parser.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         "localtime",
	parser.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      "localtimestamp",
	parser.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    "localtimestamp",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        "current_role",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_USER:        "current_user",
	parser.SQLValueFunctionOp_SVFOP_USER:                "user",
	parser.SQLValueFunctionOp_SVFOP_SESSION_USER:        "session_user",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     "current_catalog",
	parser.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      "current_schema",
}
