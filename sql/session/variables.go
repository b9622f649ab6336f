package session

import (
	"time"

	"github.com/s3db-sql/s3db-sql/sql/txn"
)

// variables are the parameters that every statement looks at, as C variables are in
// PostgreSQL: read again when one has changed.
type variables struct {
	changes uint64 // of the values that they were read from

	role, application string
	// bindKey is Session.bindKey outside of functions.
	bindKey                            string
	statementTimeout, idle, idleInXact time.Duration
	workMem                            int64 // bytes
	isolation                          txn.Isolation
	readOnly, defaultReadOnly          bool
	// startingModes: the open transaction's modes are what a new one would have.
	startingModes                      bool
	trust, skipDamaged, plainBackslash bool
	passphrases                        Passphrases
}

// vars are the parameters as they are now.
func (s *Session) vars() *variables {
	if v := &s.variables; v.changes != s.values.Changes() {
		s.readVariables(v)
	}
	return &s.variables
}

func (s *Session) readVariables(v *variables) {
	*v = variables{
		changes:          s.values.Changes(),
		role:             s.outerRole(),
		application:      s.values.Raw("application_name"),
		statementTimeout: s.milliseconds("statement_timeout"),
		idle:             s.milliseconds("idle_session_timeout"),
		idleInXact:       s.milliseconds("idle_in_transaction_session_timeout"),
		workMem:          s.values.Int("work_mem") << 10,
		isolation:        isolationLevels[s.values.Raw("transaction_isolation")],
		readOnly:         s.values.Bool("transaction_read_only"),
		defaultReadOnly:  s.values.Bool("default_transaction_read_only"),
		startingModes:    true,
		trust:            s.values.Bool("s3db.trust_partitions"),
		skipDamaged:      s.values.Bool("s3db.skip_damaged"),
		plainBackslash:   s.values.Bool("standard_conforming_strings"),
		passphrases:      Passphrases{s.values.Raw("s3db.passphrase"), s.values.Raw("s3db.old_passphrase")},
	}
	v.bindKey = s.bindKeyOf(v.role)
	for _, m := range transactionModes {
		v.startingModes = v.startingModes && s.values.Raw("default_"+m.name) == s.values.Raw(m.name)
	}
}

func (s *Session) milliseconds(name string) time.Duration {
	return time.Duration(s.values.Int(name)) * time.Millisecond
}
