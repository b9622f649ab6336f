package parser

import "strconv"

// A regclass constant in an expression that the catalog keeps holds the oid of
// its relation, as PostgreSQL's node trees do: 'orders_id_seq'::regclass is kept
// as '16431'::regclass and means the same sequence after a renaming and under
// any search path.

// PinRegclass puts oids in the place of the relation names that are regclass
// constants; pinned gives them by the literal's location.
func PinRegclass(expr *Node, pinned map[int32]uint32) *Node {
	out := Clone(expr)
	pin := func(n *Node) {
		c := n.GetAConst()
		oid, ok := pinned[c.GetLocation()]
		if c.GetSval() == nil || !ok {
			return
		}
		c.GetSval().Sval = strconv.FormatUint(uint64(oid), 10)
	}
	Walk(out, func(n *Node) bool {
		switch v := n.Node.(type) {
		case *Node_TypeCast:
			if isRegclass(v.TypeCast.TypeName) {
				pin(v.TypeCast.Arg)
				return false
			}
		case *Node_AConst:
			if _, ok := pinned[v.AConst.Location]; ok && v.AConst.GetSval() != nil {
				pin(n)
				arg := &Node{Node: v}
				n.Node = &Node_TypeCast{TypeCast: &TypeCast{Arg: arg, TypeName: regclassName(), Location: -1}}
				return false
			}
		}
		return true
	})
	return out
}

func regclassName() *TypeName {
	name := &Node{Node: &Node_String_{String_: &String{Sval: "regclass"}}}
	return &TypeName{Names: []*Node{name}, Typemod: -1, Location: -1}
}

func isRegclass(t *TypeName) bool {
	return len(t.GetNames()) > 0 && t.Names[len(t.Names)-1].GetString_().GetSval() == "regclass"
}

// EachRegclass calls f with each oid that PinRegclass put into an expression, and
// replaces it by the text that f returns, unless that is "".
func EachRegclass(expr *Node, f func(oid uint32) string) *Node {
	out := Clone(expr)
	Walk(out, func(n *Node) bool {
		cast := n.GetTypeCast()
		if cast == nil || !isRegclass(cast.TypeName) {
			return true
		}
		text := cast.Arg.GetAConst().GetSval()
		oid, err := strconv.ParseUint(text.GetSval(), 10, 32)
		if text == nil || err != nil {
			return true
		}
		if name := f(uint32(oid)); name != "" {
			text.Sval = name
		}
		return false
	})
	return out
}

// RegclassNames is the text of a kept expression with names for its oids, as
// pg_get_expr shows it; name returns "" for what does not exist any more.
func RegclassNames(text string, name func(oid uint32) string) (string, error) {
	expr, err := ParseExpr(text)
	if err != nil {
		return "", err
	}
	found := false
	named := EachRegclass(expr, func(oid uint32) string { found = true; return name(oid) })
	if !found {
		return text, nil
	}
	return DeparseExpr(named)
}

// RegclassOIDs are the relations that a kept expression names as constants.
func RegclassOIDs(text string) []uint32 {
	expr, err := ParseExpr(text)
	if err != nil {
		return nil // it says so when it is used
	}
	var out []uint32
	EachRegclass(expr, func(oid uint32) string { out = append(out, oid); return "" })
	return out
}
