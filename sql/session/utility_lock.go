package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

// lockUtility is LOCK TABLE.
func lockUtility(n *parser.LockStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		if !s.inBlock() {
			return pgerr.New(pgerr.NoActiveSqlTransaction, "LOCK TABLE can only be used in transaction blocks")
		}
		if err := bind.LockTable(s.bindEnv(nil), n); err != nil {
			return err
		}
		return out.Complete("LOCK TABLE")
	}}
}
