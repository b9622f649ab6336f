package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type limitClause struct {
	count, offset plan.Expr
	withTies      bool
}

// limitOffset is transformLimitClause for both.
func (s *scope) limitOffset(sel *parser.SelectStmt) limitClause {
	l := limitClause{withTies: sel.LimitOption == parser.LimitOption_LIMIT_OPTION_WITH_TIES}
	l.offset = s.limitExpr(sel.LimitOffset, kindOffset)
	l.count = s.limitExpr(sel.LimitCount, kindLimit)
	if l.withTies && l.count == nil {
		failAt(-1, pgerr.InvalidRowCountInLimitClause, "row count cannot be null in FETCH FIRST ... WITH TIES clause")
	}
	return l
}

// limitExpr is nil where there is no limit, or it is the constant NULL (LIMIT
// ALL).
func (s *scope) limitExpr(n *parser.Node, kind exprKind) plan.Expr {
	if n == nil {
		return nil
	}
	e := s.b.specificType(s.bind(n, kind), types.Int8OID, kindNames[kind])
	if isNullConst(e) {
		return nil
	}
	s.checkNoColumns(e, kindNames[kind])
	return e
}

// checkNoColumns is checkExprIsVarFree.
func (s *scope) checkNoColumns(e plan.Expr, construct string) {
	if l := s.lowestLevel(plan.ColumnsOf(e), func(i *columnInfo) bool { return i.made == tableColumn }); l == 0 {
		failAt(s.madePos(e, 0, tableColumn), pgerr.InvalidColumnReference, "argument of %s must not contain variables", construct)
	}
}

func (s *scope) checkWithTies(sel *parser.SelectStmt) {
	if sel.LimitOption != parser.LimitOption_LIMIT_OPTION_WITH_TIES {
		return
	}
	if len(sel.SortClause) == 0 {
		failAt(-1, pgerr.SyntaxError, "WITH TIES cannot be specified without ORDER BY clause")
	}
	for _, n := range sel.LockingClause {
		if n.GetLockingClause().WaitPolicy == parser.LockWaitPolicy_LockWaitSkip {
			failAt(-1, pgerr.SyntaxError, "%s and %s options cannot be used together", "SKIP LOCKED", "WITH TIES")
		}
	}
}

func (l limitClause) apply(n plan.Node, keys []plan.SortKey) plan.Node {
	if l.count == nil && l.offset == nil {
		return n
	}
	out := &plan.Limit{Input: n, Count: l.count, Offset: l.offset, WithTies: l.withTies}
	if l.withTies {
		out.Keys = keys
	}
	return out
}
