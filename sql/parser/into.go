package parser

// Into returns the leftmost SELECT of a set operation, and its INTO, which makes
// the whole statement CREATE TABLE AS (transformOptionalSelectInto); into is nil
// where there is none, or stmt is no SELECT.
func Into(stmt *Node) (sel *SelectStmt, into *IntoClause) {
	sel = stmt.GetSelectStmt()
	for sel != nil && sel.Op != SetOperation_SETOP_NONE && sel.Larg != nil {
		sel = sel.Larg
	}
	return sel, sel.GetIntoClause()
}
