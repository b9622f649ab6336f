package parser

// IsOperation says whether the text of an expression is an operation with
// operands (a + b, NOT a, a IS NULL), which ruleutils puts in parentheses, and not
// a column, constant, cast or call. Text that is no expression is none.
func IsOperation(text string) bool {
	stmts, err := Parse("SELECT " + text)
	if err != nil || len(stmts) != 1 {
		return false
	}
	list := stmts[0].Node.GetSelectStmt().GetTargetList()
	if len(list) != 1 {
		return false
	}
	switch list[0].GetResTarget().GetVal().GetNode().(type) {
	case *Node_AExpr, *Node_BoolExpr, *Node_NullTest, *Node_BooleanTest:
		return true
	}
	return false
}
