package session

import (
	"fmt"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// exported is what pg_export_snapshot gives to other transactions: the catalog of the
// transaction that called it, and its reads. There are no old versions of rows, so the
// snapshot is kept by checking: what all its transactions read is the state of one
// moment (ADR 11), which comes after the export.
type exported struct {
	catalog      catalog.Reader
	reads        txn.Reads
	serializable bool
	readOnly     bool
	database     types.OID
}

// snapshots are those that can be imported, by name.
type snapshots struct {
	mu     sync.Mutex
	byName map[string]exported
}

func (e *snapshots) put(name string, x exported) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.byName == nil {
		e.byName = map[string]exported{}
	}
	e.byName[name] = x
}

func (e *snapshots) get(name string) (exported, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x, ok := e.byName[name]
	return x, ok
}

func (e *snapshots) forget(names []string) {
	if len(names) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, name := range names {
		delete(e.byName, name)
	}
}

// ExportSnapshot implements funcs.Backend.
func (f *facts) ExportSnapshot() (string, error) {
	t := f.tx
	switch {
	case len(t.saves) > 0:
		return "", tooLate("cannot export a snapshot from a subtransaction")
	case t.ddl != nil && t.ddl.Changed():
		return "", pgerr.Unsupported("exporting the snapshot of a transaction that has changed the catalog")
	}
	name := fmt.Sprintf("%08X-%08X-%d", f.pid, f.TransactionID(), len(t.exported)+1)
	f.db.snapshots.put(name, exported{
		catalog: t.snapshot, reads: t.writes.Share(), serializable: t.isolation == txn.Serializable, readOnly: t.readOnly, database: t.database,
	})
	t.exported = append(t.exported, name)
	return name, nil
}

// setSnapshot runs SET TRANSACTION SNAPSHOT (ImportSnapshot).
func (s *Session) setSnapshot(n *parser.VariableSetStmt) error {
	t, level := s.tx, isolationLevels[s.values.Raw("transaction_isolation")]
	switch {
	case t.queried || len(t.saves) > 0:
		return tooLate("SET TRANSACTION SNAPSHOT must be called before any query")
	case level == txn.ReadCommitted:
		return pgerr.New(pgerr.FeatureNotSupported, "a snapshot-importing transaction must have isolation level SERIALIZABLE or REPEATABLE READ")
	}
	name := parser.ConstText(n.Args[0])
	x, ok := s.db.snapshots.get(name)
	switch {
	case !ok || strings.Trim(name, "0123456789ABCDEF-") != "":
		return pgerr.New(pgerr.InvalidParameterValue, "invalid snapshot identifier: \"%s\"", name)
	case level == txn.Serializable && !x.serializable:
		return pgerr.New(pgerr.FeatureNotSupported, "a serializable transaction cannot import a snapshot from a non-serializable transaction")
	case level == txn.Serializable && x.readOnly && !t.readOnly:
		return pgerr.New(pgerr.FeatureNotSupported, "a non-read-only serializable transaction cannot import a snapshot from a read-only transaction")
	case x.database != t.database:
		return pgerr.New(pgerr.FeatureNotSupported, "cannot import a snapshot from a different database")
	}
	s.queried()
	t.snapshot = x.catalog
	t.writes.Rebase(t.db.Tables(x.catalog))
	t.writes.Join(x.reads)
	return nil
}
