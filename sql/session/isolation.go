package session

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

var isolationSettings = map[string]bool{"transaction_isolation": true, "default_transaction_isolation": true}

// checkIsolation is 0A000 for the levels above READ COMMITTED: the store keeps
// no old versions of rows that a transaction could go on reading, nor can it
// find the writes that such a level has to refuse. READ UNCOMMITTED is READ
// COMMITTED, as in PostgreSQL.
func checkIsolation(name, level string) error {
	level = strings.ToLower(level)
	if !isolationSettings[strings.ToLower(name)] || level != "repeatable read" && level != "serializable" {
		return nil
	}
	return pgerr.Unsupported("transaction isolation level %s", strings.ToUpper(level)).
		WithDetail("Every statement sees the rows committed before it began, as at READ COMMITTED.")
}

// assign sets a parameter by SET or set_config.
func (s *Session) assign(name, value string, local bool) error {
	if err := checkIsolation(name, value); err != nil {
		return err
	}
	return s.values.Set(name, value, local)
}
