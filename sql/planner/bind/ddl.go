package bind

import (
	"strconv"

	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

func itoa(n int) string { return strconv.Itoa(n) }

// utility dispatches over the definition statements.
func (b *binder) utility(stmt parser.Statement) plan.Statement {
	unsupported(-1, "this statement")
	return nil
}

func (b *binder) selectInto(stmt parser.Statement, sel *parser.SelectStmt) plan.Statement {
	unsupported(-1, "SELECT INTO")
	return nil
}
