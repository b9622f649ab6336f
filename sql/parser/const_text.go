package parser

import "strconv"

// ConstText is a constant of the grammar as text; SET TIME ZONE INTERVAL is a
// cast around it. "" for anything else.
func ConstText(n *Node) string {
	if n == nil {
		return ""
	}
	switch v := n.Node.(type) {
	case *Node_TypeCast:
		return ConstText(v.TypeCast.Arg)
	case *Node_String_:
		return v.String_.Sval
	case *Node_Integer:
		return strconv.Itoa(int(v.Integer.Ival))
	case *Node_AConst:
		return constantText(v.AConst)
	}
	return ""
}

func constantText(c *A_Const) string {
	switch v := c.Val.(type) {
	case *A_Const_Sval:
		return v.Sval.Sval
	case *A_Const_Ival:
		return strconv.Itoa(int(v.Ival.Ival))
	case *A_Const_Fval:
		return v.Fval.Fval
	case *A_Const_Boolval:
		if v.Boolval.Boolval {
			return "on"
		}
		return "off"
	}
	return ""
}
