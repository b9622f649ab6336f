package rows

import (
	"context"
	"slices"
	"sync"
)

// rowLocks lets one writer of this process at a time work on a row: from its
// first reference to the removal of the last one that it no longer has. The
// objects of a row are several, and only the row's own is guarded by a
// condition: without the lock a writer that cleans up could remove a reference
// that the next one has just made.
type rowLocks struct {
	mu sync.Mutex
	// held are the keys locked, with who waits for them: nil for nobody, since a commit
	// point may lock a great many.
	held map[string]*rowQueue
}

// rowQueue are those who wait for a key, in order: a channel is closed when its turn has
// come.
type rowQueue struct{ turns []chan struct{} }

// lock takes the keys, sorted so that two writers of the same rows can't wait
// for each other. unlock gives them back.
func (l *rowLocks) lock(ctx context.Context, keys []string) (unlock func(), err error) {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for i, key := range keys {
		if err := l.take(ctx, key); err != nil {
			l.release(keys[:i])
			return nil, err
		}
	}
	return func() { l.release(keys) }, nil
}

func (l *rowLocks) take(ctx context.Context, key string) error {
	turn := l.enter(key)
	if turn == nil {
		return nil
	}
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		l.leave(key, turn)
		return cancelled(ctx)
	}
}

// enter takes a key that is free: otherwise turn tells when it is the caller's.
func (l *rowLocks) enter(key string) (turn chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*rowQueue{}
	}
	q, held := l.held[key]
	if !held {
		l.held[key] = nil
		return nil
	}
	if q == nil {
		q = &rowQueue{}
		l.held[key] = q
	}
	turn = make(chan struct{})
	q.turns = append(q.turns, turn)
	return turn
}

// leave is for who does not wait any longer: his turn may have come meanwhile.
func (l *rowLocks) leave(key string, turn chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q := l.held[key]; q != nil {
		if i := slices.Index(q.turns, turn); i >= 0 {
			q.turns = slices.Delete(q.turns, i, i+1)
			return
		}
	}
	l.pass(key)
}

func (l *rowLocks) release(keys []string) {
	for _, key := range keys {
		l.mu.Lock()
		l.pass(key)
		l.mu.Unlock()
	}
}

// pass gives a key to the next who waits for it. The caller holds mu.
func (l *rowLocks) pass(key string) {
	q := l.held[key]
	if q == nil || len(q.turns) == 0 {
		delete(l.held, key)
		return
	}
	close(q.turns[0])
	q.turns = q.turns[1:]
}
