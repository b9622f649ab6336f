package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// transactionUtility runs BEGIN, COMMIT, ROLLBACK and savepoints.
func transactionUtility(n *parser.TransactionStmt) *utility {
	u := &utility{outside: true}
	switch n.Kind {
	case parser.TransactionStmtKind_TRANS_STMT_BEGIN, parser.TransactionStmtKind_TRANS_STMT_START:
		u.run = func(ctx context.Context, s *Session, _ []any, out Output) error { return s.beginBlock(ctx, n, out) }
	case parser.TransactionStmtKind_TRANS_STMT_COMMIT:
		u.endsTransaction = true
		u.run = func(ctx context.Context, s *Session, _ []any, out Output) error {
			return s.commitBlock(ctx, n.Chain, out)
		}
	case parser.TransactionStmtKind_TRANS_STMT_ROLLBACK:
		u.endsTransaction = true
		u.run = func(ctx context.Context, s *Session, _ []any, out Output) error {
			return s.rollbackBlock(ctx, n.Chain, out)
		}
	case parser.TransactionStmtKind_TRANS_STMT_SAVEPOINT:
		u.run = func(_ context.Context, s *Session, _ []any, out Output) error {
			return s.savepoint(n.SavepointName, out)
		}
	case parser.TransactionStmtKind_TRANS_STMT_RELEASE:
		u.run = func(_ context.Context, s *Session, _ []any, out Output) error { return s.release(n.SavepointName, out) }
	case parser.TransactionStmtKind_TRANS_STMT_ROLLBACK_TO:
		u.endsTransaction = true
		u.run = func(ctx context.Context, s *Session, _ []any, out Output) error {
			return s.rollbackToSavepoint(ctx, n.SavepointName, out)
		}
	default:
		u.run = func(context.Context, *Session, []any, Output) error {
			return pgerr.Unsupported("two-phase commit")
		}
	}
	return u
}

func (s *Session) beginBlock(ctx context.Context, n *parser.TransactionStmt, out Output) error {
	open := s.tx != nil && s.tx.block
	if open {
		if err := s.notice(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.ActiveSqlTransaction,
			"there is already a transaction in progress")); err != nil {
			return err
		}
	}
	s.begin(true)
	if err := s.transactionModes(n.Options); err != nil {
		if open {
			return err
		}
		return firstError(err, s.end(ctx, false)) // no block was begun
	}
	if n.Kind == parser.TransactionStmtKind_TRANS_STMT_START {
		return out.Complete("START TRANSACTION")
	}
	return out.Complete("BEGIN")
}

// transactionModes applies ISOLATION LEVEL, READ ONLY and DEFERRABLE to the
// open transaction.
func (s *Session) transactionModes(options []*parser.Node) error {
	for _, o := range options {
		d := o.GetDefElem()
		if d == nil {
			continue
		}
		value := parser.ConstText(d.Arg)
		if d.Defname != "transaction_isolation" {
			value = onOff(value != "0")
		}
		if err := s.assign(d.Defname, value, true); err != nil {
			return err
		}
	}
	return nil
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// commitBlock ends a block: COMMIT of a failed one is ROLLBACK.
func (s *Session) commitBlock(ctx context.Context, chain bool, out Output) error {
	if s.tx == nil || !s.tx.block {
		return s.noTransaction(ctx, "COMMIT", true, chain, out)
	}
	failed, modes := s.tx.failed, s.modes()
	if err := s.end(ctx, !failed); err != nil {
		return err
	}
	s.chain(chain, modes)
	if failed {
		return out.Complete("ROLLBACK")
	}
	return out.Complete("COMMIT")
}

func (s *Session) rollbackBlock(ctx context.Context, chain bool, out Output) error {
	if s.tx == nil || !s.tx.block {
		return s.noTransaction(ctx, "ROLLBACK", false, chain, out)
	}
	modes := s.modes()
	if err := s.end(ctx, false); err != nil {
		return err
	}
	s.chain(chain, modes)
	return out.Complete("ROLLBACK")
}

// modes are the open transaction's.
func (s *Session) modes() []string {
	out := make([]string, len(transactionModes))
	for i, m := range transactionModes {
		out[i] = s.values.Raw(m.name)
	}
	return out
}

// chain begins the next block at once, with the modes of the last one (AND CHAIN).
func (s *Session) chain(chain bool, modes []string) {
	if !chain {
		return
	}
	s.begin(true)
	for i, m := range transactionModes {
		_ = s.values.Set(m.name, modes[i], true) // it was so before
	}
	s.tx.readOnly = s.values.Bool("transaction_read_only")
}

// noTransaction warns; an implicit transaction of the message so far ends. AND CHAIN is
// an error.
func (s *Session) noTransaction(ctx context.Context, tag string, commit, chain bool, out Output) error {
	if chain {
		return pgerr.New(pgerr.NoActiveSqlTransaction, "%s AND CHAIN can only be used in transaction blocks", tag)
	}
	if err := s.end(ctx, commit); err != nil {
		return err
	}
	n := pgerr.Notice(pgerr.SeverityWarning, pgerr.NoActiveSqlTransaction, "there is no transaction in progress")
	if err := s.notice(out, n); err != nil {
		return err
	}
	return out.Complete(tag)
}

func (s *Session) savepoint(name string, out Output) error {
	if s.tx == nil || !s.tx.block {
		return pgerr.New(pgerr.NoActiveSqlTransaction, "SAVEPOINT can only be used in transaction blocks")
	}
	s.tx.saves = append(s.tx.saves, s.tx.save(name, s.values.Mark()))
	return out.Complete("SAVEPOINT")
}

// findSavepoint returns the index of the newest savepoint of that name.
func (s *Session) findSavepoint(name, command string) (int, error) {
	if s.tx == nil || !s.tx.block {
		return 0, pgerr.New(pgerr.NoActiveSqlTransaction, "%s can only be used in transaction blocks", command)
	}
	for i := len(s.tx.saves) - 1; i >= 0; i-- {
		if s.tx.saves[i].name == name {
			return i, nil
		}
	}
	return 0, pgerr.New(pgerr.InvalidSavepointSpecification, "savepoint \"%s\" does not exist", name)
}

func (s *Session) release(name string, out Output) error {
	i, err := s.findSavepoint(name, "RELEASE SAVEPOINT")
	if err != nil {
		return err
	}
	s.tx.saves = s.tx.saves[:i]
	for _, po := range s.portals {
		po.level = min(po.level, i)
	}
	return out.Complete("RELEASE")
}

func (s *Session) rollbackToSavepoint(ctx context.Context, name string, out Output) error {
	i, err := s.findSavepoint(name, "ROLLBACK TO SAVEPOINT")
	if err != nil {
		return err
	}
	sp := s.tx.saves[i]
	if err := s.tx.rollbackTo(ctx, sp); err != nil {
		return err
	}
	s.abortPortals(i + 1)
	s.values.Rollback(sp.settings)
	s.tx.saves = s.tx.saves[:i+1]
	s.tx.failed = false
	return out.Complete("ROLLBACK")
}
