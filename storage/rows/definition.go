package rows

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Definition is what the catalog says of one table. It is not changed once a
// Table was opened with it.
type Definition struct {
	OID types.OID
	// Name is the relation's name in messages; the resource's is Schema.Name.
	Name   string
	Schema *s3db.Schema
	// Columns are the table's own columns, visible and hidden leaves, in any
	// order.
	Columns []Column
	// Key are the columns of the primary key in order. One text column is stored
	// in the id as it is; others by s3db.EncodeKey.
	Key     []KeyColumn
	KeyName string // the primary key's constraint name, for 23505
	// NewID makes the id of a row inserted without one; nil if the key has no
	// generator (a declared key must be given).
	NewID s3db.IDGenerator
	// Incremental makes the ids instead, where it is set: NewIDs.
	Incremental *s3db.Incremental
	// Stamps: bodies end with a row stamp (storage.md section 2).
	Stamps bool
	// ReadOnly tables (plugin resources) refuse writes with 42809.
	ReadOnly bool
	Indexes  []Index
	// CreatedAt and UpdatedAt are the schema columns that are set at insert, and
	// at insert and update; -1 for none.
	CreatedAt, UpdatedAt int
	// Rows is the last known number of rows, -1 unknown. Statistics that the table
	// learns by itself (a listing that ended) are kept by Stats and win.
	Rows int64
}

// Column says where a column's value is.
type Column struct {
	Num int16
	// Attr is the index in Schema.Columns; -1 for a column of the key.
	Attr int
	// Key is the position in Definition.Key of a key column; -1 otherwise.
	Key    int
	Type   *types.Type
	Typmod int32
	Name   string
}

// KeyColumn is one column of the primary key.
type KeyColumn struct {
	Num    int16
	Name   string
	Type   *types.Type
	Typmod int32
}

// Index is a partition or a set of unique keys.
type Index struct {
	// Name is how storage.Path and BuildIndex call it (catalog.Index.Partition).
	Name string
	// Partition is set for a partition, Unique for unique keys.
	Partition *s3db.Partition
	Unique    []int16 // column numbers in declared order; nil for a partition
	// Key, if not nil, is how the unique key is computed from the columns Unique.
	Key *ComputedKey
	// NullsNotDistinct: NULL is a value like another one of the unique key.
	NullsNotDistinct bool
	// Deferrable: a transaction may break it until it says otherwise.
	Deferrable bool
	// Constraint is the unique constraint's name, for 23505.
	Constraint string
	Covering   bool
}

// ComputedKey is the key of a unique index over expressions, or over a part of the
// rows. Names, Types and AtRest (their forms in objects' keys) are of its values.
type ComputedKey struct {
	Make   func() catalog.KeyFunc
	Names  []string
	Types  []*types.Type
	AtRest []s3db.SQLType
}

// Env is what all tables of a database share. It must not be copied.
type Env struct {
	// Objects is the database's part of the store: keys as in s3db-format.md
	// section 2.
	Objects objstore.Store
	Clock   clock.Clock
	Rand    rng.Source
	// FanOut is the most requests that one scan or write keeps in flight.
	FanOut int
	// Statistics learned by reading, shared by all definitions of a table.
	Stats *StatsCache
	// TempDir is where content waits on its way to the store; "" the system's.
	TempDir string
	// Cache, if not nil, keeps what full scans have read.
	Cache *Cache
	// Foreign, if not nil, is told of a row without a stamp in a table that has
	// them: s3db.js wrote it, and may have lost its references (storage.md, section
	// 1). It is called often and by many goroutines.
	Foreign func(table types.OID)
	// Decided, if not nil, asks the catalog whether it counts what a transaction wrote
	// that left that to it (Unit.Entrust). refuse: it never will, unless it does already.
	// Over tells it that nobody will ask again.
	Decided func(ctx context.Context, tag uint64, refuse bool) (counted bool, err error)
	Over    func(tag uint64)
	// Dropped, if not nil, is told of a resource of which no object is left (Table.Drop).
	Dropped func(resource string)

	// Lease is how long an unfinished write of another process must have stood
	// unchanged to be taken for a crashed one's; 0: DefaultLease.
	Lease time.Duration
	// Late is how many bytes of what transactions have replaced are kept for scans that began
	// before; 0: maxLate.
	Late int

	transits transits
	records  records

	// Fleeting: what is stored ends with the process, so that no crash can leave a part.
	Fleeting bool

	locks   rowLocks
	orphans orphans
	units   units
	look    look
}
