package storage

import (
	"context"
	"encoding/json"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// LargeObject is what is kept of a large object beside its bytes.
type LargeObject struct {
	OID  types.OID
	Size int64
	// Access is the caller's own: who owns the object, and who may do what with it.
	Access json.RawMessage
}

// LargeObjects keeps large objects. It is safe for concurrent use.
type LargeObjects interface {
	// Begin opens them for one transaction, whose writes wait in memory, from limit
	// bytes on in a file in dir ("": the system's folder). It makes no request.
	Begin(dir string, limit int64) LargeObjectTx
}

// LargeObjectTx is one transaction's large objects, as they were when it first used
// each, with what it has written since. It is used by one goroutine at a time. Errors
// of the store leave as *pgerr.Error; 40001 for an object that another server has
// changed meanwhile, and whose old bytes are gone.
type LargeObjectTx interface {
	// Info is nil for an object that does not exist. At most one request, the first
	// time.
	Info(ctx context.Context, oid types.OID) (*LargeObject, error)
	// List gives all objects, by oid: a LIST page for 1,000 of them, and a GET for
	// each that this process does not know as it is.
	List(ctx context.Context) ([]LargeObject, error)
	// Create makes an empty object; 0 stands for an oid that is free. 23505 for one
	// that is not.
	Create(ctx context.Context, oid types.OID, access json.RawMessage) (types.OID, error)
	// SetAccess, Unlink, ReadAt, WriteAt and Truncate are for objects that Info has.
	SetAccess(ctx context.Context, oid types.OID, access json.RawMessage) error
	Unlink(ctx context.Context, oid types.OID) error
	// ReadAt fills p up to the object's end; what was never written is zeros. With
	// ahead, the caller is likely to go on from there: a chunk is read to its end.
	ReadAt(ctx context.Context, oid types.OID, p []byte, off int64, ahead bool) (int, error)
	WriteAt(ctx context.Context, oid types.OID, p []byte, off int64) error
	Truncate(ctx context.Context, oid types.OID, size int64) error
	// Extents are the parts of an object that may be other than zeros, in order.
	Extents(ctx context.Context, oid types.OID) ([]Extent, error)

	// Refresh forgets what was read of objects that the transaction has not changed:
	// they are read again, as they are then. Those that open names stay.
	Refresh(open func(types.OID) bool)
	// Save marks the present state, RollbackTo comes back to it.
	Save() int
	RollbackTo(mark int)
	// Commit writes what has changed: a PUT for each chunk and one for the object. On
	// failure nothing of it is left: 40001 for an object that another transaction has
	// changed, 23505 for an oid that it has taken. Until Close, Undo takes it back.
	Commit(ctx context.Context) error
	Undo(ctx context.Context) error
	// Close ends the transaction, whether it has committed or not, and removes what
	// nobody reads any more.
	Close(ctx context.Context)
}

// Extent is a part of an object.
type Extent struct{ Offset, Length int64 }
