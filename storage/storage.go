package storage

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Tables opens tables by the oid that the catalog gave them. A catalog
// snapshot implements it: a table is always read with the definition that the
// statement was planned against.
type Tables interface {
	// Table returns the open table; 42P01 if the oid has no storage.
	Table(oid types.OID) (Table, error)
}

// Table is one resource. It is safe for concurrent use.
type Table interface {
	// Scan starts reading. Errors of the store leave as *pgerr.Error.
	Scan(ctx context.Context, spec ScanSpec) (Scanner, error)
	// Apply writes changes, side by side where it can, each row in the write
	// order of storage.md section 1, and returns one Result per change. Changes of
	// one call must not concern the same id twice. It never gives up early: every
	// change has been tried, or its Result says why not.
	Apply(ctx context.Context, changes []Change) []Result
	// Validate checks and completes a row before it is written (s3db.js rules,
	// not-null, sizes): 23502, 23514, 22001, 54000. It makes no request. The
	// completed row (generated id, timestamps, trimmed strings) is returned.
	Validate(ch Change) (Change, error)
	// Defaults gives a new row what Validate would where nothing is given: the defaults
	// of its rules and the timestamps. BEFORE triggers see it so.
	Defaults(ch Change) (Change, error)
	// NewIDs makes the ids of n new rows where that takes requests (s3db.js's
	// incremental ids): the values of the primary key's one column. It is nil where
	// Validate makes them.
	NewIDs(ctx context.Context, n int) ([]string, error)
	// Preview returns the row as a validated change would leave it, without
	// writing: its ETag is Old's, "" for Insert. A transaction shows it to its own
	// statements, and may hand it back as the Old of a later change's preview.
	Preview(ch Change) (*RowImage, error)
	// UniqueKeys are the unique keys that a row holds, or would hold, one for each
	// unique index without a NULL in it. It makes no request.
	UniqueKeys(image *RowImage) ([]UniqueKey, error)
	// UniqueOwners finds the rows that hold keys: id by UniqueKey.Key, absent where
	// no row does. At most two requests per key, two waves.
	UniqueOwners(ctx context.Context, keys []UniqueKey) (map[string]string, error)
	// Decode turns images into a batch of columns (ScanSpec.Columns numbers).
	Decode(images []*RowImage, columns []int16) (*vec.Batch, error)
	// Undo takes applied changes back, byte for byte, where nobody has changed the
	// rows since. It goes on after a failure and returns the first one.
	Undo(ctx context.Context, changes []Change, results []Result) error
	// Stats are estimates for the planner; they make no request.
	Stats() Stats
	// Truncate removes all rows and references, and the unique keys.
	Truncate(ctx context.Context) error
	// BuildIndex writes the references (or unique keys) of one index for all
	// rows; 23505 if a unique index has duplicates, *Unfit where a row has no place
	// in it: then the others have theirs. Progress may be nil.
	BuildIndex(ctx context.Context, index string, progress func(rows int64)) error
	// CheckIndex is BuildIndex's 23505 for rows that are not in the store yet: a scan of
	// ColRowImage. It writes nothing and closes the scanner.
	CheckIndex(ctx context.Context, index string, rows Scanner) error
	// DropIndex removes the objects of one index.
	DropIndex(ctx context.Context, index string) error
	// Drop removes all objects of the table.
	Drop(ctx context.Context) error
}

// Deferrer is a Table that may have deferrable unique keys.
type Deferrer interface {
	// Defers says that writes have to wait for COMMIT: until then, two rows may have the
	// same key.
	Defers() bool
}

// Unit makes the writes of one transaction visible, and lasting, at once (ADR 15).
// It is used by one transaction, whose statements come one after the other.
type Unit interface {
	// Announce writes down what is about to be changed, before the Apply of tables
	// that are In the unit. What was never announced is written as without a unit.
	Announce(ctx context.Context, writes []Announced) (Span, error)
	// Undo takes back what was written of an announcement that is Whole, and of none
	// after it: rows become what they were before the unit.
	Undo(ctx context.Context, s Span) error
	// Begun says that something was announced.
	Begun() bool
	// Commit makes what was written count: 40001 if another server has taken the
	// transaction for dead meanwhile and taken it back, 08007 if the store does not
	// tell. A unit without writes costs nothing.
	Commit(ctx context.Context) error
	// Entrust leaves it to the catalog when what was written counts: when it has the tag
	// (catalog.Tx.Commit). "" where nothing was announced. Commit follows all the same,
	// or Rollback where the catalog will never have the tag.
	Entrust(ctx context.Context) (tag string, err error)
	// Forsake ends a unit of which nobody knows whether the catalog has its tag.
	Forsake()
	// Rollback ends a unit whose writes were undone, or are to be.
	Rollback(ctx context.Context, undone bool) error
}

// Truncater is a Table that can be emptied together with others.
type Truncater interface {
	Table
	// TruncateAll empties the table and others of its kind: all of them or none after a
	// crash, where others write to the store once a server has found what is left.
	TruncateAll(ctx context.Context, others []Table) error
}

// Truncate empties tables (Table.Truncate).
func Truncate(ctx context.Context, tables []Table) error {
	if len(tables) == 0 {
		return nil
	}
	if t, ok := tables[0].(Truncater); ok {
		return t.TruncateAll(ctx, tables[1:])
	}
	for _, t := range tables {
		if err := t.Truncate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Span is where a unit has written down what was announced in one call.
type Span struct {
	From, To int // To is behind the last part
	// Bytes is about how much the old rows have.
	Bytes int64
	// Whole: each change finds a row as it was before the unit, so that Unit.Undo can take
	// it back without being told of it.
	Whole bool
}

// Announced are changes of one table.
type Announced struct {
	Table   Table
	Changes []Change
}

// Uniter is a Table whose writes can be part of a unit.
type Uniter interface {
	Table
	// NewUnit returns nil where nothing outlives a crash.
	NewUnit() Unit
	// In is the table as the unit sees and writes it; the table itself where the
	// unit is another database's.
	In(u Unit) Table
}

// Timely is a Table that can be read as of a moment, together with others.
type Timely interface {
	Table
	// NewMoment returns one that comes with the first read; nil where tables are read as
	// they are.
	NewMoment() Moment
	// At is the table as of a moment; the table itself where that is another database's.
	// Over a store that others write to the reads of a moment may be some time apart (ADR 15).
	At(m Moment) Table
}

// Moment is what the reads of one statement have in common. What was there then is kept
// until it is closed.
type Moment interface{ Close() }

type strictKey struct{}

// Strict makes scans fail with 40001 at a row that an open unit of another
// transaction writes, instead of giving what was there before: for checks of what must
// be true together with one's own writes, where both must not pass.
func Strict(ctx context.Context) context.Context { return context.WithValue(ctx, strictKey{}, true) }

// IsStrict says whether ctx is Strict's.
func IsStrict(ctx context.Context) bool { return ctx.Value(strictKey{}) != nil }

// Stats are the planner's estimates of a table.
type Stats struct {
	Rows     float64 // -1 unknown
	RowBytes float64
	// ListPage is the number of keys per LIST page (1,000, or what the store
	// gives).
	ListPage int
	// ScanYieldsRows: listing yields rows without a fetch each (local store, MinIO
	// extension).
	ScanYieldsRows bool
	// Cached are the columns that a full scan takes from memory, without a request;
	// nil for none.
	Cached []int16
	// Keeps: a full scan leaves its columns in memory for later ones.
	Keeps bool
	// RoundTrip is the seconds of one request, measured or assumed.
	RoundTrip float64
	// Indexes has the estimated number of references per distinct value of each
	// index, by index name; absent where unknown.
	RowsPerValue map[string]float64
	// Bytes are those of all rows, as they were when these were last listed; -1
	// unknown.
	Bytes float64
	// Counts since the server started.
	Counts Counts
}

// PathKind is a way to reach rows (storage.md section 3).
type PathKind uint8

// The access paths.
const (
	FullScan  PathKind = iota // list + fetch of every row
	KeyOnly                   // list: id, size, last modified
	PointGet                  // rows by id
	Partition                 // list of references + fetch of each row
	Covering                  // list of references and of rows, no fetch but of changed ones
	// TrustedPartition answers from references alone: only under
	// s3db.trust_partitions.
	TrustedPartition
	// UniqueGet reads rows by the values of a unique index: its key object, which
	// names the row, then the row.
	UniqueGet
	// Intersection lists the references of its Arms, which are Partition paths, and
	// reads the rows that all of them have.
	Intersection
	// Union reads the rows of its Arms, of the kinds PointGet, UniqueGet and
	// Partition, each row once.
	Union
)

// Path is an access path with its arguments, all constants.
type Path struct {
	Kind PathKind
	// Keys of PointGet and UniqueGet: each the values of the columns of the
	// primary key or the unique index in the order of the index, in any order,
	// possibly repeated (each row comes once). The storage turns them into ids and
	// object keys. A tuple with a NULL finds nothing.
	Keys [][]any
	// IDs of PointGet as they stand in the keys: for callers that have read them
	// before (RowImage.ID).
	IDs []string
	// Partition names the index of Partition, Covering, TrustedPartition and
	// UniqueGet.
	Partition string
	// Prefixes: each a leading run of field values as boxed SQL values (nil is
	// never among them). The rows of all prefixes are read, each row once. An empty
	// run lists the whole partition.
	Prefixes [][]any
	// Low and High bound the field after the run, nil where open. They may let
	// rows through that do not match: the scan's caller rechecks.
	Low, High *Bound
	// KeyLow and KeyHigh bound the first primary key column of FullScan, KeyOnly and the
	// partition paths.
	KeyLow, KeyHigh *Bound
	// Arms of Intersection and Union.
	Arms []Path
}

// Bound is one end of a range: a boxed SQL value, or the text that values begin
// with (Prefix).
type Bound struct {
	Value     any
	Inclusive bool
	Prefix    bool
}

// Rotator is a Table whose secrets can be encrypted anew.
type Rotator interface {
	// RotateSecrets encrypts what is encrypted with an older passphrase with the
	// present one, row by row, beside other writers. tell hears, now and then, of the
	// rows read and written; its error ends the rotation, which goes on where it was
	// when it is called again. 28P01 for a secret that no passphrase opens.
	RotateSecrets(ctx context.Context, tell func(rows, rotated int64) error) (rows, rotated int64, err error)
}

// ScanSpec is one scan.
type ScanSpec struct {
	Path Path
	// Columns are the column numbers wanted, in output order: a table's own
	// numbers, or catalog's system columns (negative).
	Columns []int16
	// Limit is a hint: no more rows than this will be read. 0 is none.
	Limit int64
	// First, if not 0, is about how many rows will be read, the first by the primary
	// key, a text: reading ahead begins with so many, and grows with what is read
	// beyond. IsSorted tells whether the rows come in that order.
	First int64
	// BatchSize is the most rows per batch; 0 means vec.BatchSize.
	BatchSize int
	// SkipDamaged leaves out damaged rows instead of failing with XX001.
	SkipDamaged bool
	// Progress, if not nil, is told of keys listed and rows fetched.
	Progress func(listed, fetched int64)
	// Filter, if not nil, decides from the listed key alone whether the row is
	// worth fetching (id predicates).
	FilterID func(id string) bool
	// Sift, if not nil, says which rows of a batch of Columns are wanted, as far as the columns
	// tell that hold no secrets; those that do are NULL there, and decrypted of these rows alone.
	// The caller rechecks.
	Sift func(b *vec.Batch) (rows []int32)
	// Content is the part of ColContent that is wanted, nil for all; it is read by a
	// ranged request where the row's object has content alone.
	Content *ByteRange
	// Sizes: the listing is to tell how large the rows are, for Stats.Bytes.
	Sizes bool
}

// ByteRange is a run of bytes: Length of them from Offset (0-based), or what there is.
type ByteRange struct{ Offset, Length int64 }

// Of is the run in b.
func (r ByteRange) Of(b []byte) []byte {
	from := min(r.Offset, int64(len(b)))
	return b[from : from+min(r.Length, int64(len(b))-from)]
}

// SliceContent is a batch of these columns with the run of its content.
func SliceContent(b *vec.Batch, columns []int16, r ByteRange) *vec.Batch {
	out := *b
	out.Cols = append([]vec.Vector(nil), b.Cols...)
	for i, num := range columns {
		if num != ColContent {
			continue
		}
		build := vec.NewBuilders([]*types.Type{types.ByOID(types.ByteaOID)}, b.N)
		for k := range b.N {
			v, _ := b.Cols[i].Value(k).([]byte)
			if v != nil {
				build[0].Append(r.Of(v))
			} else {
				build[0].Append(nil)
			}
		}
		out.Cols[i] = vec.BuildBatch(build).Cols[0]
	}
	return &out
}

// Scanner yields batches whose columns are ScanSpec.Columns. Next returns nil
// at the end. Rows come in no order, but by id for FullScan and KeyOnly. The
// scanner may read ahead, within bounds; Close stops that and waits for it.
type Scanner interface {
	Next(ctx context.Context) (*vec.Batch, error)
	Close()
}

// Sorted is a Scanner that may know that its rows come in the order of the primary key.
type Sorted interface{ Sorted() bool }

// IsSorted says whether a scanner's rows come in the order that ScanSpec.First asks for.
func IsSorted(s Scanner) bool {
	o, ok := s.(Sorted)
	return ok && o.Sorted()
}

// RowImage is a row as it was read: what a conditional update or delete needs.
// Only the package that made it looks inside State.
type RowImage struct {
	ID   string
	ETag string
	// State is the storage's own: decoded attributes, old references, body.
	State any
	// Warnings of the change that Preview made the image of.
	Warnings []error
}

// UniqueKey is a value of a unique index that at most one row may hold.
type UniqueKey struct {
	// Key tells equal values of one table's indexes from others; nothing else is to
	// be read from it.
	Key string
	// Index is the unique index's name, as paths have it.
	Index string
	// Deferrable: a transaction looks whether it is taken when its constraint is checked.
	Deferrable bool
	// Taken is the 23505 of a row that wants the key while another one holds it.
	Taken error
}

// Op is the kind of a Change.
type Op uint8

// The kinds of change.
const (
	Insert Op = iota
	Update
	Delete
)

// Change is one row to be written.
type Change struct {
	Op Op
	// ID of the row. Validate fills it in for Insert; it is Old.ID otherwise.
	ID string
	// Old is the row as read; nil for Insert.
	Old *RowImage
	// Values are the new row's boxed values by Columns of the Change, nil for
	// Delete. Update gives all columns that change; the others keep their stored
	// form.
	Columns []int16
	Values  []any
	// Replace: an Update that writes a whole new row in the old one's place;
	// columns that are not given become their defaults or NULL.
	Replace bool
}

// Outcome of a Change.
type Outcome uint8

// The outcomes.
const (
	Applied  Outcome = iota
	Exists           // Insert: the id is taken
	Conflict         // Update, Delete: the row changed or vanished since it was read
	Violated         // a unique key is taken; Err is 23505
	Failed           // Err says why
	NotTried         // an earlier failure in a batch that stops at the first
)

// Result of one Change.
type Result struct {
	Outcome Outcome
	// Image of the row as written, for RETURNING's system columns, for undo and
	// for later changes in the same transaction.
	Image *RowImage
	Err   error
	// Warnings such as *Exceeded.
	Warnings []error
}

// Exceeded is the warning of a row that is larger than its metadata may be, and went into
// the body: s3db.js's event exceedsLimit. Sizes are in bytes, as s3db.js counts them;
// Effective is what Limit leaves for the attributes.
type Exceeded struct {
	Warning                *pgerr.Error
	Size, Limit, Effective int
}

// Error implements error.
func (e *Exceeded) Error() string { return e.Warning.Error() }

// Unwrap gives the warning as clients see it.
func (e *Exceeded) Unwrap() error { return e.Warning }

// Unfit is BuildIndex's error of a row with a value that no key can carry (22023, 54000).
type Unfit struct {
	Row string
	Why error
}

// Error implements error.
func (e *Unfit) Error() string { return "row \"" + e.Row + "\": " + e.Why.Error() }

// Unwrap gives the error as clients see it.
func (e *Unfit) Unwrap() error { return e.Why }

// RowImageType is the type of the column catalog.ColRowImage: boxed *RowImage.
// It is in no catalog.
var RowImageType = &types.Type{Name: "rowimage", Kind: 'p', Rep: types.RepAny, Category: types.Internal}
