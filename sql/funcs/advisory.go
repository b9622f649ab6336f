package funcs

import (
	"context"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// AdvisoryKey is what an advisory lock is on: a number of 64 bits by halves (SubID
// 1), or two of 32 (SubID 2).
type AdvisoryKey struct {
	ClassID, ObjID uint32
	SubID          int16
}

// AdvisoryLock is how to lock: shared or not, until the transaction's end or the
// session's, at once (Try) or when it is free.
type AdvisoryLock struct{ Shared, Xact, Try bool }

// AdvisoryLocks is a Session that has advisory locks.
type AdvisoryLocks interface {
	// Lock is false if Try would have to wait; 40P01, 55P03.
	Lock(ctx context.Context, key AdvisoryKey, how AdvisoryLock) (bool, error)
	// Unlock gives back one lock of the session, false if it has none.
	Unlock(key AdvisoryKey, shared bool) bool
	UnlockAll()
}

func advisoryKey(args []any) AdvisoryKey {
	if len(args) == 1 {
		n := uint64(args[0].(int64))
		return AdvisoryKey{uint32(n >> 32), uint32(n), 1}
	}
	return AdvisoryKey{uint32(args[0].(int32)), uint32(args[1].(int32)), 2}
}

func advisory(f func(l AdvisoryLocks, c *Call, args []any) (any, error)) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		l, ok := c.Session.(AdvisoryLocks)
		if !ok {
			return nil, pgerr.Unsupported("%s() here", c.Func.Name)
		}
		return f(l, c, args)
	})
}

func advisoryLock(how AdvisoryLock) Kernel {
	return advisory(func(l AdvisoryLocks, c *Call, args []any) (any, error) {
		ok, err := l.Lock(c.Ctx, advisoryKey(args), how)
		if how.Try || err != nil {
			return ok, err
		}
		return "", nil // void
	})
}

func advisoryUnlock(shared bool) Kernel {
	mode := map[bool]string{true: "ShareLock", false: "ExclusiveLock"}[shared]
	return advisory(func(l AdvisoryLocks, c *Call, args []any) (any, error) {
		ok := l.Unlock(advisoryKey(args), shared)
		if !ok {
			c.Session.Notice(pgerr.Notice(pgerr.SeverityWarning, pgerr.Warning, "you don't own a lock of type %s", mode))
		}
		return ok, nil
	})
}

// init binds the twenty functions that differ in what their names say:
// pg_[try_]advisory_[xact_]lock[_shared]_(int4|int8).
func init() {
	k := kernels{
		"pg_advisory_unlock_all": advisory(func(l AdvisoryLocks, _ *Call, _ []any) (any, error) { l.UnlockAll(); return "", nil }),
	}
	for _, keys := range []string{"_int8", "_int4"} {
		for _, shared := range []string{"", "_shared"} {
			k["pg_advisory_unlock"+shared+keys] = advisoryUnlock(shared != "")
			for _, verb := range []string{"pg_advisory_lock", "pg_advisory_xact_lock", "pg_try_advisory_lock", "pg_try_advisory_xact_lock"} {
				k[verb+shared+keys] = advisoryLock(AdvisoryLock{
					Shared: shared != "", Xact: strings.Contains(verb, "xact"), Try: strings.Contains(verb, "try")})
			}
		}
	}
	k.bind()
}
