package exec

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec/dml"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Operator yields batches. After an error only Close may be called.
type Operator interface {
	Open(ctx context.Context) error
	// Next returns nil at the end.
	Next(ctx context.Context) (*vec.Batch, error)
	Close() error
}

// VirtualSource fills the catalog's relations. keys are equalities that a
// look-up may use; it may also ignore them. Shape is what the planner knows of
// a relation.
type VirtualSource interface {
	Shape(rel *catalog.Relation) catalog.Shape
	Open(ctx context.Context, rel *catalog.Relation, nums []int16, keys map[int16]any) (storage.Scanner, error)
}

// Locker locks rows among the transactions of this server, and puts them, as they
// were read, under the conflict check of the transaction's commit.
type Locker interface {
	dml.RowLocker
	Lock(table types.OID, id, etag string)
}

// DefaultWorkMem is what one operator may hold before it spills, where Env does
// not say (PostgreSQL's default of work_mem is 4 MB; vectors of small batches
// deserve more).
const DefaultWorkMem = 16 << 20

// CopySource yields the rows of a CopyScan.
type CopySource interface {
	Operator
	dml.Origin
}

// ForeignChecks is what a statement owes to foreign keys.
type ForeignChecks = dml.ForeignChecks

// ForeignCheck is one of its checks, to be made again at COMMIT.
type ForeignCheck = dml.ForeignCheck

// Env is what one execution needs from outside.
type Env struct {
	Types   *types.Env
	Session funcs.Session
	// Tables opens tables; within a transaction they show its own writes.
	Tables storage.Tables
	// Reading are those tables, all as of one moment, for what a plan reads; nil: as they are.
	Reading storage.Tables
	Virtual VirtualSource
	// Params are the values of $1 …, boxed.
	Params []any
	// WorkMem in bytes per operator; 0 means DefaultWorkMem.
	WorkMem int64
	TempDir string
	// BatchSize in rows; 0 means vec.BatchSize.
	BatchSize int
	// Workers is the number of goroutines that an operator may use; 0 and 1 mean
	// none beside its own.
	Workers int
	// Writer takes the changes of INSERT, UPDATE and DELETE.
	Writer dml.Writer
	// Locker takes the rows that SELECT FOR UPDATE has read, and those that are about
	// to be written; nil where nothing can come between.
	Locker Locker
	// Foreign takes what the statement owes to foreign keys; whoever runs it settles
	// that at its end (Run).
	Foreign *ForeignChecks
	// Triggers takes what the statement owes to AFTER triggers, as Foreign does.
	Triggers *AfterTriggers
	// Outer are the rows written by the statement one of whose triggers runs this
	// one; nil for a client's own.
	Outer *Written
	// TransitionTable finds a transition table of the trigger whose function runs the
	// query, nil for none.
	TransitionTable func(name string) *funcs.TransitionTable
	// InTransaction: a conflict is 40001 instead of a retry from the read.
	InTransaction bool
	SkipDamaged   bool
	// Reuse: the operators will serve other executions too (Reusable, Rebind).
	Reuse bool
	// Copy is what COPY FROM reads; nil in other statements.
	Copy CopySource
	// Stats, if not nil, receives what each node did; Now gives it the time.
	Stats *Stats
	Now   func() time.Time

	// since is when the execution began, for Locker.
	since uint64
	// only replaces the access paths of scans: the retry of one row after a conflict.
	only []onlyRow
}

// rowLocker is Locker as those who write need it.
func (e *Env) rowLocker() dml.RowLocker {
	if e.Locker == nil {
		return nil
	}
	return e.Locker
}

func (e *Env) spillConfig() spill.Config {
	return spill.Config{Limit: e.workMem(), Dir: e.TempDir, BatchSize: e.batchSize()}
}

func (e *Env) workMem() int64 {
	if e.WorkMem <= 0 {
		return DefaultWorkMem
	}
	return e.WorkMem
}

func (e *Env) batchSize() int {
	if e.BatchSize <= 0 {
		return vec.BatchSize
	}
	return e.BatchSize
}

// reads are the tables that scans read. A row that is read once more is read as it is.
func (e *Env) reads() storage.Tables {
	if e.Reading == nil || e.only != nil {
		return e.Tables
	}
	return e.Reading
}
