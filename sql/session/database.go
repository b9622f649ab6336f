package session

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Database is what all sessions of one database share. Its fields are set
// before the first session and not changed.
type Database struct {
	// Verifier makes what is kept of a password (SCRAM-SHA-256).
	Verifier func(password string) (string, error)
	Catalog  catalog.Catalog
	// Exists says whether clients may connect to a database of that name; nil: to any.
	Exists func(name string) bool
	// Temporary lays a session's own temporary schema, of that name, over Catalog;
	// nil: there are no temporary relations.
	Temporary func(schema string) catalog.Catalog
	// Tables opens the tables of one catalog snapshot (or catalog transaction).
	Tables func(r catalog.Reader) storage.Tables
	// Unlock makes what opens tables with a session's own passphrases; nil: there are
	// none.
	Unlock func(p Passphrases) func(storage.Tables) storage.Tables
	// Virtual fills the catalog relations for one session.
	Virtual func(v View) exec.VirtualSource
	// Functions answers the catalog functions (pg_get_expr …) for one session.
	Functions func(v View) funcs.Catalog
	// Sequences keeps the counters of sequences.
	Sequences storage.Sequences
	// TemporarySequences makes those of one session.
	TemporarySequences func() storage.Sequences
	// LargeObjects keeps large objects; nil: there are none.
	LargeObjects storage.LargeObjects
	Clock        clock.Clock
	Rand         rng.Source
	// TempDir is where operators spill.
	TempDir string
	// BatchSize is the rows per batch, 0 for the usual; tests vary it.
	BatchSize int
	// Workers is how many goroutines an operator may use; 0 and 1 mean none beside
	// its own.
	Workers int
	// ReadOnly says why the database refuses writes (a store without conditional
	// writes), "" if it does not.
	ReadOnly string

	// Board carries notifications to the other servers over the bucket; nil for none.
	Board Board

	activity  sync.Map // int32 → *Session
	channels  channels
	snapshots snapshots
	txns      txn.Shared
	xids      xids
	ended     struct{ committed, rolledBack atomic.Int64 } // transactions
}

// Board carries notifications between servers.
type Board interface {
	// Post tells messages to the others; it may wait where there is much to tell.
	Post(ctx context.Context, messages []json.RawMessage)
	// Listen has the messages of the others delivered (Database.Deliver) from now on, as
	// long as Database.Listens.
	Listen(ctx context.Context)
}

// View is what catalog relations and functions may see of the session that
// asks: its catalog, its settings, and its neighbours.
type View interface {
	Catalog() catalog.Reader
	// SearchPath is the effective path with the schemas that are searched though
	// they are not named: the temporary one and pg_catalog.
	SearchPath() []string
	// TempSchema is the name of the session's temporary schema, which may not exist
	// yet.
	TempSchema() string
	User() string
	Database() string
	Setting(name string) (string, bool)
	// SequenceLastValue is the last number that a sequence gave; ok is false if it
	// gave none, or its counter can't be read.
	SequenceLastValue(seq *catalog.Relation) (value int64, ok bool)
	// ViewReferences, ExprReferences and BodyReferences are what a view's query, an
	// expression of a relation (nil: of none) and an SQL-standard body use; nothing
	// where the text can't be bound any more.
	ViewReferences(view *catalog.Relation) []catalog.Reference
	ExprReferences(e catalog.KeptExpr) []catalog.Reference
	BodyReferences(f *catalog.Function) []catalog.Reference
	// TableStats is what is known of a table without a request; Rows and Bytes are -1
	// where that is nothing.
	TableStats(rel *catalog.Relation) storage.Stats
	// Transactions that ended since the server started.
	Transactions() (committed, rolledBack int64)
	// Activities of all sessions of the database.
	Activities() []Activity
	// Locks of all sessions.
	Locks() []lock.Held
	// Cursors and PreparedStatements of the session itself.
	Cursors() []Cursor
	PreparedStatements() []PreparedStatement
	// Deparser writes what the catalog keeps as SQL.
	Deparser() catalog.Deparser
}

// Session returns the session with that process id, or nil.
func (db *Database) Session(pid int32) *Session {
	s, ok := db.activity.Load(pid)
	if !ok {
		return nil
	}
	return s.(*Session)
}

// errReadOnly is 25006 for a write that the store or the transaction forbids.
func errReadOnly(tag string) error {
	return pgerr.New(pgerr.ReadOnlySqlTransaction, "cannot execute %s in a read-only transaction", tag)
}
