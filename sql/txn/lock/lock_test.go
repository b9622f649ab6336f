package lock

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

var (
	ctx = context.Background()
	one = Tag{ObjID: 1, SubID: 1}
	two = Tag{ObjID: 2, SubID: 1}
)

// acquire begins to lock and waits until it has the lock or waits for it.
func acquire(t *testing.T, m *Manager, o *Owner, tag Tag, mode Mode) chan error {
	done := make(chan error, 1)
	go func() { done <- m.Acquire(ctx, o, tag, mode, false) }()
	require.Eventually(t, func() bool {
		for _, h := range m.List() {
			if h.PID == o.PID && h.Tag == tag && h.Mode == mode {
				return true
			}
		}
		return len(done) > 0
	}, 10*time.Second, time.Millisecond)
	return done
}

func TestModes(t *testing.T) {
	var m Manager
	a, b := NewOwner(1), NewOwner(2)
	assert.True(t, m.Try(a, one, Share, false))
	assert.True(t, m.Try(b, one, Share, false))
	assert.False(t, m.Try(b, one, Exclusive, false), "a shares it")
	assert.True(t, m.Release(a, one, Share))
	assert.True(t, m.Try(b, one, Exclusive, false), "its own share does not stop it")
	assert.False(t, m.Try(a, one, Share, false))
	assert.False(t, m.Release(a, one, Share))
	assert.True(t, m.Try(b, one, Exclusive, false), "again")
	assert.True(t, m.Release(b, one, Exclusive))
	assert.False(t, m.Try(a, one, Share, false), "b has it once more")
	m.ReleaseAll(b)
	assert.True(t, m.Try(a, one, Exclusive, false))
	m.ReleaseAll(a)
	assert.Empty(t, m.locks)
}

// TestQueue: who comes later does not overtake one that waits, and waiters get the
// lock in order, those that share it together.
func TestQueue(t *testing.T) {
	var m Manager
	a, b, c, d := NewOwner(1), NewOwner(2), NewOwner(3), NewOwner(4)
	require.NoError(t, m.Acquire(ctx, a, one, Share, false))
	waitB := acquire(t, &m, b, one, Exclusive)
	assert.False(t, m.Try(c, one, Share, false), "b waits before it")
	waitC, waitD := acquire(t, &m, c, one, Share), acquire(t, &m, d, one, Share)
	assert.True(t, m.Try(a, one, Share, false), "a has it")
	m.ReleaseAll(a)
	require.NoError(t, <-waitB)
	assert.Empty(t, waitC)
	m.ReleaseAll(b)
	require.NoError(t, <-waitC)
	require.NoError(t, <-waitD)
}

func TestDeadlock(t *testing.T) {
	var m Manager
	a, b := NewOwner(1), NewOwner(2)
	require.NoError(t, m.Acquire(ctx, a, one, Exclusive, false))
	require.NoError(t, m.Acquire(ctx, b, two, Exclusive, false))
	waitA := acquire(t, &m, a, two, Exclusive)
	err := pgerr.As(m.Acquire(ctx, b, one, Share, false))
	require.Equal(t, pgerr.DeadlockDetected, err.Code)
	require.Equal(t, "Process 2 waits for ShareLock on advisory lock [0,0,1,1]; blocked by process 1.\n"+
		"Process 1 waits for ExclusiveLock on advisory lock [0,0,2,1]; blocked by process 2.", err.Detail)
	assert.Empty(t, waitA, "the victim keeps what it has")
	m.ReleaseAll(b)
	require.NoError(t, <-waitA)
}

func TestCancel(t *testing.T) {
	var m Manager
	a, b := NewOwner(1), NewOwner(2)
	require.NoError(t, m.Acquire(ctx, a, one, Exclusive, false))
	cause := errors.New("cancelled")
	c, cancel := context.WithCancelCause(ctx)
	cancel(cause)
	require.ErrorIs(t, m.Acquire(c, b, one, Exclusive, false), cause)
	m.ReleaseAll(a)
	assert.Empty(t, m.locks, "nobody waits")
}

// TestTransaction: the end of a transaction, or of a part of it, gives back its own
// locks only.
func TestTransaction(t *testing.T) {
	var m Manager
	a, b := NewOwner(1), NewOwner(2)
	require.True(t, m.Try(a, one, Exclusive, false))
	require.True(t, m.Try(a, one, Exclusive, true))
	require.True(t, m.Try(a, two, Share, true))
	mark := m.Mark(a)
	require.True(t, m.Try(a, two, Exclusive, true))
	m.Restore(a, mark)
	assert.True(t, m.Try(b, two, Share, false))
	assert.False(t, m.Release(a, two, Share), "no lock of the session")
	m.Restore(a, Mark{})
	assert.True(t, m.Try(b, two, Exclusive, false))
	assert.False(t, m.Try(b, one, Share, false), "the session's")
	m.ReleaseAll(a)
	assert.True(t, m.Try(b, one, Share, false))
}

func TestTables(t *testing.T) {
	var m Manager
	a, b, c := NewOwner(1), NewOwner(2), NewOwner(3)
	table, row := Tag{Database: 5, Relation: 9}, Tag{Database: 5, Relation: 9, Row: "x"}
	assert.True(t, m.Try(a, table, RowExclusive, true))
	assert.True(t, m.Try(b, table, RowExclusive, true))
	assert.True(t, m.Try(b, row, AccessExclusive, true), "a row is not its table")
	assert.False(t, m.Try(c, table, Share, true))
	all := acquire(t, &m, b, table, AccessExclusive)
	assert.False(t, m.Try(c, table, AccessShare, true), "in its turn")
	assert.True(t, m.Try(a, table, AccessShare, true), "who is waited for goes first")
	err := m.Acquire(ctx, a, table, AccessExclusive, true)
	assert.Equal(t, pgerr.DeadlockDetected, pgerr.CodeOf(err))
	assert.Contains(t, pgerr.As(err).Detail, "Process 1 waits for AccessExclusiveLock on relation 9 of database 5; blocked by process 2.")
	m.Restore(a, Mark{})
	require.NoError(t, <-all)
}
