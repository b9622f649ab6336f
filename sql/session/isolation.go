package session

import (
	"context"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/txn"
)

var isolationLevels = map[string]txn.Isolation{"repeatable read": txn.RepeatableRead, "serializable": txn.Serializable}

// transactionMode is a parameter of the open transaction, which a new one takes from
// its default_ parameter.
type transactionMode struct {
	name string
	// check refuses a change (check_XactIsoLevel and its neighbours): 25001.
	check func(t *transaction, from, to string) error
}

var transactionModes = []transactionMode{
	{"transaction_isolation", checkIsolation},
	{"transaction_read_only", checkReadOnly},
	{"transaction_deferrable", checkDeferrable},
}

// startingModes gives a new transaction the session's defaults.
func (s *Session) startingModes() {
	if s.vars().startingModes {
		return
	}
	for _, m := range transactionModes {
		if value := s.values.Raw("default_" + m.name); value != s.values.Raw(m.name) {
			// A default has been checked when it was set.
			_ = s.values.Set(m.name, value, true)
		}
	}
}

func tooLate(message string) error { return pgerr.New(pgerr.ActiveSqlTransaction, "%s", message) }

func checkIsolation(t *transaction, from, to string) error {
	switch {
	case from == to:
		return nil
	case t.queried:
		return tooLate("SET TRANSACTION ISOLATION LEVEL must be called before any query")
	case len(t.saves) > 0:
		return tooLate("SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction")
	}
	return nil
}

func checkReadOnly(t *transaction, from, to string) error {
	switch {
	case from != "on" || to != "off":
		return nil
	case len(t.saves) > 0 && t.saves[len(t.saves)-1].readOnly:
		return tooLate("cannot set transaction read-write mode inside a read-only transaction")
	case t.queried:
		return tooLate("transaction read-write mode must be set before any query")
	}
	return nil
}

func checkDeferrable(t *transaction, _, _ string) error {
	switch {
	case len(t.saves) > 0:
		return tooLate("SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction")
	case t.queried:
		return tooLate("SET TRANSACTION [NOT] DEFERRABLE must be called before any query")
	}
	return nil
}

// assign sets a parameter by SET or set_config.
func (s *Session) assign(name, value string, local bool) error {
	s.assigned(name)
	if s.tx == nil {
		return s.values.Set(name, value, local)
	}
	before := s.values.Raw(name)
	if err := s.values.Set(name, value, local); err != nil {
		return err
	}
	for _, m := range transactionModes {
		if !strings.EqualFold(name, m.name) {
			continue
		}
		if err := m.check(s.tx, before, s.values.Raw(name)); err != nil {
			return firstError(err, s.values.Set(name, before, local))
		}
		s.tx.readOnly = s.values.Bool("transaction_read_only")
	}
	return nil
}

// queried marks that the open transaction has run its first query: from here on it
// has its isolation level.
func (s *Session) queried() {
	if s.tx.queried {
		return
	}
	s.tx.queried = true
	s.tx.isolation = s.vars().isolation
	s.tx.writes.Isolate(s.tx.isolation)
}

// checked is the output of a client's statement. Before the statement ends, or gives
// way to another one, what it and those before it have read must have been one state,
// above READ COMMITTED (txn.(*Tx).CheckReads).
type checked struct {
	Output
	s   *Session
	ctx context.Context
}

// Complete implements Output.
func (c checked) Complete(tag string) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.Output.Complete(tag)
}

// Suspended implements Output.
func (c checked) Suspended() error {
	if err := c.check(); err != nil {
		return err
	}
	return c.Output.Suspended()
}

func (c checked) check() error {
	if c.s.tx == nil {
		return nil
	}
	return c.s.tx.writes.CheckReads(c.ctx)
}
