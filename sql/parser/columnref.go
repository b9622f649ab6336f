package parser

// ColumnNames are the names of the columns that an expression over one table
// names, qualified or not, each once.
func ColumnNames(expr *Node) []string {
	var out []string
	seen := map[string]bool{}
	eachColumnRef(expr, func(name *String) {
		if !seen[name.Sval] {
			seen[name.Sval] = true
			out = append(out, name.Sval)
		}
	})
	return out
}

// RenameColumn is the text of an expression over one table in which a column has
// another name; ok is false if the expression does not name it.
func RenameColumn(expr *Node, from, to string) (text string, ok bool) {
	out := Clone(expr)
	eachColumnRef(out, func(name *String) {
		if name.Sval == from {
			name.Sval, ok = to, true
		}
	})
	if !ok {
		return "", false
	}
	text, err := DeparseExpr(out)
	return text, err == nil
}

// RenameOuterColumn is RenameColumn for an expression with subqueries over the row of
// table: within them it renames only what is qualified by the table's name.
func RenameOuterColumn(expr *Node, table, from, to string) (text string, ok bool) {
	out := Clone(expr)
	var rename func(n *Node, inner bool)
	rename = func(n *Node, inner bool) {
		Walk(n, func(n *Node) bool {
			if sub := n.GetSubLink(); sub != nil && !inner {
				rename(sub.Testexpr, false)
				rename(sub.Subselect, true)
				return false
			}
			ref := n.GetColumnRef()
			if ref == nil || inner && (len(ref.Fields) < 2 || ref.Fields[len(ref.Fields)-2].GetString_().GetSval() != table) {
				return true
			}
			if name := ref.Fields[len(ref.Fields)-1].GetString_(); name != nil && name.Sval == from {
				name.Sval, ok = to, true
			}
			return true
		})
	}
	rename(out, false)
	if !ok {
		return "", false
	}
	text, err := DeparseExpr(out)
	return text, err == nil
}

// eachColumnRef calls f with the column's name of each reference: the last one.
func eachColumnRef(expr *Node, f func(name *String)) {
	Walk(expr, func(n *Node) bool {
		if ref := n.GetColumnRef(); ref != nil {
			if name := ref.Fields[len(ref.Fields)-1].GetString_(); name != nil {
				f(name)
			}
		}
		return true
	})
}

// Unqualified is an expression over one table without the table's name before its columns,
// which goes on meaning the same when the table gets another name. A whole row stays.
func Unqualified(expr *Node, table string) *Node {
	out := Clone(expr)
	Walk(out, func(n *Node) bool {
		ref := n.GetColumnRef()
		if ref == nil {
			return true
		}
		for i, f := range ref.Fields[:len(ref.Fields)-1] {
			if i < 2 && f.GetString_().GetSval() == table && ref.Fields[i+1].GetAStar() == nil {
				ref.Fields = ref.Fields[i+1:]
				break
			}
		}
		return true
	})
	return out
}
