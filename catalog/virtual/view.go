package virtual

import (
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// View is what the relations may see of the session that asks: its catalog, its
// settings, and its neighbours. It is read by one goroutine.
type View interface {
	Catalog() catalog.Reader
	// SearchPath is the effective path with the schemas that are searched though
	// they are not named.
	SearchPath() []string
	// TempSchema is the name of the session's temporary schema, which may not exist
	// yet.
	TempSchema() string
	User() string
	Database() string
	// Setting returns what SHOW says; ok is false for an unknown parameter.
	Setting(name string) (value string, ok bool)
	// SequenceLastValue is the last number that a sequence gave; ok is false if it
	// gave none, or its counter can't be read.
	SequenceLastValue(seq *catalog.Relation) (value int64, ok bool)
	// ViewReferences, ExprReferences and BodyReferences are what a view's query, an
	// expression of a relation (nil: of none) and an SQL-standard body use; nothing
	// where the text can't be bound any more.
	ViewReferences(view *catalog.Relation) []catalog.Reference
	ExprReferences(e catalog.KeptExpr) []catalog.Reference
	BodyReferences(f *catalog.Function) []catalog.Reference
	// Now is the statement's time.
	Now() time.Time
	// Started is when the server started.
	Started() time.Time
	// Total is what the server has asked of the store since it started.
	Total() Usage
	// TableStats is what is known of a table without a request; Rows and Bytes are -1
	// where that is nothing.
	TableStats(rel *catalog.Relation) storage.Stats
	// Transactions that ended since the server started.
	Transactions() (committed, rolledBack int64)
	// Activities of all sessions of the database.
	Activities() []Activity
	// Locks are the advisory locks of all sessions.
	Locks() []Lock
	// HBARules and IdentRules say who may connect; Reload reads them again.
	HBARules() []HBARule
	IdentRules() []IdentRule
	Reload() error
	// Cursors and PreparedStatements of the session that asks.
	Cursors() []Cursor
	PreparedStatements() []PreparedStatement
	// Deparser writes what the catalog keeps as SQL; nil where there is none, and the
	// kept text is shown.
	Deparser() catalog.Deparser
}

// Lock is what pg_locks shows of an advisory lock, of that of Relation, or (Tuple) of a
// row of it.
type Lock struct {
	Database       catalog.OID
	Relation       catalog.OID // 0 for an advisory lock
	Tuple          bool
	ClassID, ObjID uint32
	SubID          int16
	PID            int32
	Mode           string
	Granted        bool
}

// HBARule is what pg_hba_file_rules shows of a line.
type HBARule struct {
	Line                  int32
	Type                  string
	Databases, Users      []string
	Address, Mask, Method string
	Options               []string
}

// IdentRule is what pg_ident_file_mappings shows of a line.
type IdentRule struct {
	Line              int32
	Map, System, Role string
}

// Cursor is what pg_cursors shows of a portal.
type Cursor struct {
	Name, Statement              string
	Holdable, Binary, Scrollable bool
	Created                      time.Time
}

// PreparedStatement is what pg_prepared_statements shows.
type PreparedStatement struct {
	Name, Statement string
	Prepared        time.Time
	Params          []types.OID
	FromSQL         bool
	Runs            int64
}

// Activity is what pg_stat_activity, s3db.requests and s3db.costs show of a
// session. Times that are zero are NULL.
type Activity struct {
	PID          int32
	Database     string
	User         string
	Application  string
	Remote       string // host:port, "" for a local socket
	Local        string // the server's end
	Encryption   *Encryption
	BackendStart time.Time
	XactStart    time.Time
	XID          types.XID8 // 0 for none
	QueryStart   time.Time
	StateChange  time.Time
	State        string
	Query        string
	Usage        Usage
	Copy         *CopyProgress   // nil for none
	Vacuum       *VacuumProgress // nil for none
	Index        *IndexProgress  // nil for none
}

// IndexProgress is how far the building, or checking, of an index has come, in rows; Total
// is -1 where their number is not known.
type IndexProgress struct {
	Relation, Index types.OID
	Command         string
	Total, Done     int64
}

// VacuumProgress is how far a VACUUM RESOURCE has come, in rows; Total is -1 where
// their number is not known.
type VacuumProgress struct {
	Relation                  types.OID
	Total, Scanned, Rewritten int64
}

// CopyProgress is how far a COPY has come.
type CopyProgress struct {
	Relation              types.OID // 0 for COPY (query)
	From                  bool
	Bytes, Rows, Excluded int64
}

// Encryption is what pg_stat_ssl shows of a connection over TLS. The client's names and
// serial number are "" where it has shown no certificate.
type Encryption struct {
	Version, Cipher                  string
	Bits                             int32
	ClientDN, ClientSerial, IssuerDN string
}

// Usage is what a session, or the server, has asked of the store so far.
type Usage struct {
	Requests          []Requests // by kind, in the order of the bill
	BytesIn, BytesOut int64      // read from the store, written to it
}

// Requests counts requests of one kind.
type Requests struct {
	Kind  string // "GET", "LIST" …
	Count int64
	Price float64 // dollars per request
}
