package funcs

import (
	"context"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// LargeObjects is what a session's large objects can do for the functions of
// be-fsstubs.c, whose checks and messages they have. Descriptors are numbers that live as long as the
// transaction.
type LargeObjects interface {
	// Create makes an object; 0 stands for any oid. function names who asks, for 25006.
	Create(ctx context.Context, oid OID, function string) (OID, error)
	// Open gives a descriptor for reading, or for both.
	Open(ctx context.Context, oid OID, flags int32) (int32, error)
	Close(fd int32) error
	Read(ctx context.Context, fd int32, n int) ([]byte, error)
	Write(ctx context.Context, fd int32, data []byte) error
	// Seek returns the new place.
	Seek(ctx context.Context, fd int32, offset int64, whence int32) (int64, error)
	Tell(fd int32) (int64, error)
	Truncate(ctx context.Context, fd int32, size int64) error
	Unlink(ctx context.Context, oid OID) error
	// Get reads n bytes of an object, all that follow if n is negative.
	Get(ctx context.Context, oid OID, offset, n int64) ([]byte, error)
	Put(ctx context.Context, oid OID, offset int64, data []byte) error
}

// withLargeObjects lifts a function of a session that has large objects.
func withLargeObjects(f func(l LargeObjects, c *Call, args []any) (any, error)) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		s, ok := c.Session.(interface{ LargeObjects() LargeObjects })
		if !ok {
			return nil, pgerr.Unsupported("%s() in this session", c.Func.Name)
		}
		return f(s.LargeObjects(), c, args)
	})
}

// loPlace gives a place in an object as the function's result, which may be too small
// for it.
func loPlace(c *Call, fd int32, at int64, err error) (any, error) {
	if err != nil || c.Result.Len == 8 {
		return at, err
	}
	if int64(int32(at)) != at {
		return nil, pgerr.New(pgerr.NumericValueOutOfRange, "%s result out of range for large-object descriptor %d", c.Func.Name, fd)
	}
	return int32(at), nil
}

// wide is an argument that may be of either width.
func wide(v any) int64 {
	if n, ok := v.(int32); ok {
		return int64(n)
	}
	return v.(int64)
}

func loSeek(l LargeObjects, c *Call, args []any) (any, error) {
	fd := args[0].(int32)
	at, err := l.Seek(c.Ctx, fd, wide(args[1]), args[2].(int32))
	return loPlace(c, fd, at, err)
}

func loTell(l LargeObjects, c *Call, args []any) (any, error) {
	fd := args[0].(int32)
	at, err := l.Tell(fd)
	return loPlace(c, fd, at, err)
}

func loCreate(l LargeObjects, c *Call, args []any) (any, error) {
	oid, _ := args[0].(OID) // lo_creat has a mode, which says nothing
	return l.Create(c.Ctx, oid, c.Func.Name+"()")
}

func loWrite(l LargeObjects, c *Call, args []any) (any, error) {
	data := args[1].([]byte)
	if len(data) > math.MaxInt32 {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid large object write request size: %d", len(data))
	}
	return int32(len(data)), l.Write(c.Ctx, args[0].(int32), data)
}

func loFromBytea(l LargeObjects, c *Call, args []any) (any, error) {
	oid, err := l.Create(c.Ctx, args[0].(OID), "lo_from_bytea()")
	if err != nil {
		return nil, err
	}
	return oid, l.Put(c.Ctx, oid, 0, args[1].([]byte))
}

func loGet(l LargeObjects, c *Call, args []any) (any, error) {
	if len(args) == 1 {
		return l.Get(c.Ctx, args[0].(OID), 0, -1)
	}
	n := args[2].(int32)
	if n < 0 {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "requested length cannot be negative")
	}
	return l.Get(c.Ctx, args[0].(OID), args[1].(int64), int64(n))
}

// noServerFiles is 0A000: the server reads and writes no files for its clients.
func noServerFiles(c *Call, _ []any) (any, error) {
	return nil, pgerr.Unsupported("server-side %s()", c.Func.Name).
		WithHint("Anyone can use the client-side %s() provided by libpq.", c.Func.Name)
}

func init() {
	kernels{
		"be_lo_creat":  withLargeObjects(loCreate),
		"be_lo_create": withLargeObjects(loCreate),
		"be_lo_open": withLargeObjects(func(l LargeObjects, c *Call, args []any) (any, error) {
			return l.Open(c.Ctx, args[0].(OID), args[1].(int32))
		}),
		"be_lo_close": withLargeObjects(func(l LargeObjects, _ *Call, args []any) (any, error) {
			return int32(0), l.Close(args[0].(int32))
		}),
		"be_loread": withLargeObjects(func(l LargeObjects, c *Call, args []any) (any, error) {
			return l.Read(c.Ctx, args[0].(int32), int(max(args[1].(int32), 0)))
		}),
		"be_lowrite":  withLargeObjects(loWrite),
		"be_lo_lseek": withLargeObjects(loSeek), "be_lo_lseek64": withLargeObjects(loSeek),
		"be_lo_tell": withLargeObjects(loTell), "be_lo_tell64": withLargeObjects(loTell),
		"be_lo_truncate": withLargeObjects(loTruncate), "be_lo_truncate64": withLargeObjects(loTruncate),
		"be_lo_unlink": withLargeObjects(func(l LargeObjects, c *Call, args []any) (any, error) {
			return int32(1), l.Unlink(c.Ctx, args[0].(OID))
		}),
		"be_lo_from_bytea": withLargeObjects(loFromBytea),
		"be_lo_get":        withLargeObjects(loGet), "be_lo_get_fragment": withLargeObjects(loGet),
		"be_lo_put": withLargeObjects(func(l LargeObjects, c *Call, args []any) (any, error) {
			return "", l.Put(c.Ctx, args[0].(OID), args[1].(int64), args[2].([]byte))
		}),
		"be_lo_import": Strict(noServerFiles), "be_lo_import_with_oid": Strict(noServerFiles), "be_lo_export": Strict(noServerFiles),
	}.bind()
}

func loTruncate(l LargeObjects, c *Call, args []any) (any, error) {
	return int32(0), l.Truncate(c.Ctx, args[0].(int32), wide(args[1]))
}
