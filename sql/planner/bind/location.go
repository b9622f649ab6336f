package bind

import (
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// located is a tree node with a place of its own.
type located interface{ GetLocation() int32 }

// nodeLocation is exprLocation: the leftmost place of a raw expression, -1 if
// it has none.
func nodeLocation(n *parser.Node) int32 {
	switch v := n.GetNode().(type) {
	case nil:
		return -1
	case *parser.Node_AExpr:
		return leftmost(nodeLocation(v.AExpr.Lexpr), v.AExpr.Location)
	case *parser.Node_BoolExpr:
		return leftmost(v.BoolExpr.Location, listLocation(v.BoolExpr.Args))
	case *parser.Node_FuncCall:
		return leftmost(v.FuncCall.Location, listLocation(v.FuncCall.Args))
	case *parser.Node_TypeCast:
		return leftmost(nodeLocation(v.TypeCast.Arg), leftmost(v.TypeCast.TypeName.Location, v.TypeCast.Location))
	case *parser.Node_SubLink:
		return leftmost(nodeLocation(v.SubLink.Testexpr), v.SubLink.Location)
	case *parser.Node_NullTest:
		return leftmost(v.NullTest.Location, nodeLocation(v.NullTest.Arg))
	case *parser.Node_BooleanTest:
		return leftmost(v.BooleanTest.Location, nodeLocation(v.BooleanTest.Arg))
	case *parser.Node_CollateClause:
		return nodeLocation(v.CollateClause.Arg)
	case *parser.Node_AIndirection:
		return nodeLocation(v.AIndirection.Arg)
	case *parser.Node_SortBy:
		return nodeLocation(v.SortBy.Node)
	case *parser.Node_List:
		return listLocation(v.List.Items)
	case *parser.Node_ResTarget:
		return leftmost(v.ResTarget.Location, nodeLocation(v.ResTarget.Val))
	}
	return ownLocation(n)
}

func ownLocation(n *parser.Node) int32 {
	if l, ok := innerNode(n).(located); ok {
		return l.GetLocation()
	}
	return -1
}

// innerNode unwraps the oneof of the kinds that stand in expressions.
func innerNode(n *parser.Node) any {
	switch v := n.GetNode().(type) {
	case *parser.Node_ColumnRef:
		return v.ColumnRef
	case *parser.Node_AConst:
		return v.AConst
	case *parser.Node_ParamRef:
		return v.ParamRef
	case *parser.Node_CaseExpr:
		return v.CaseExpr
	case *parser.Node_CoalesceExpr:
		return v.CoalesceExpr
	case *parser.Node_MinMaxExpr:
		return v.MinMaxExpr
	case *parser.Node_AArrayExpr:
		return v.AArrayExpr
	case *parser.Node_RowExpr:
		return v.RowExpr
	case *parser.Node_SqlvalueFunction:
		return v.SqlvalueFunction
	case *parser.Node_GroupingFunc:
		return v.GroupingFunc
	case *parser.Node_SetToDefault:
		return v.SetToDefault
	case *parser.Node_RangeVar:
		return v.RangeVar
	case *parser.Node_ColumnDef:
		return v.ColumnDef
	case *parser.Node_TypeName:
		return v.TypeName
	case *parser.Node_DefElem:
		return v.DefElem
	case *parser.Node_NamedArgExpr:
		return v.NamedArgExpr
	case *parser.Node_GroupingSet:
		return v.GroupingSet
	}
	return nil
}

func leftmost(a, b int32) int32 {
	if a < 0 {
		return b
	}
	if b < 0 {
		return a
	}
	return min(a, b)
}

func listLocation(ns []*parser.Node) int32 {
	for _, n := range ns {
		if l := nodeLocation(n); l >= 0 {
			return l
		}
	}
	return -1
}
