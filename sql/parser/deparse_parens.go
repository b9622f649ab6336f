package parser

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// withParens is the tree with empty indirections around what the library would write
// without parentheses before a subscript or field: (coalesce(a, b))[1]. The tree
// itself, which others share, stays as it is.
func withParens(stmt *Node) *Node {
	found := false
	eachIndirection(stmt.ProtoReflect(), func(a *A_Indirection) { found = found || wantsParens(a.Arg) })
	if !found {
		return stmt
	}
	out := proto.Clone(stmt).(*Node)
	eachIndirection(out.ProtoReflect(), func(a *A_Indirection) {
		if wantsParens(a.Arg) {
			a.Arg = &Node{Node: &Node_AIndirection{AIndirection: &A_Indirection{Arg: a.Arg}}}
		}
	})
	return out
}

func wantsParens(arg *Node) bool {
	switch arg.GetNode().(type) {
	case *Node_CoalesceExpr, *Node_CaseExpr, *Node_MinMaxExpr, *Node_AArrayExpr, *Node_BoolExpr, *Node_NullTest,
		*Node_BooleanTest, *Node_CollateClause, *Node_SqlvalueFunction:
		return true
	}
	return false
}

// eachIndirection calls f for the indirections in m, the inner ones first.
func eachIndirection(m protoreflect.Message, f func(a *A_Indirection)) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.Message() == nil:
		case fd.IsList():
			for i := range v.List().Len() {
				eachIndirection(v.List().Get(i).Message(), f)
			}
		default:
			eachIndirection(v.Message(), f)
		}
		return true
	})
	if a, ok := m.Interface().(*A_Indirection); ok {
		f(a)
	}
}
