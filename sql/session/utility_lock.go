package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

// lockUtility is LOCK TABLE. Names are looked up again after a wait: the table may be
// another one now.
func lockUtility(n *parser.LockStmt) *utility {
	return &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		if !s.inBlock() {
			return pgerr.New(pgerr.NoActiveSqlTransaction, "LOCK TABLE can only be used in transaction blocks")
		}
		s.begin(false)
		for waited := true; waited; {
			s.tx.refresh()
			locks, err := bind.LockTable(s.bindEnv(nil), n)
			if err != nil {
				return err
			}
			if n.Nowait {
				waited, err = false, s.lockNow(locks)
			} else {
				waited, err = s.lockTables(ctx, locks)
			}
			if err != nil {
				return err
			}
		}
		return out.Complete("LOCK TABLE")
	}}
}
