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
	mu   sync.Mutex
	held map[string]*rowLock
}

// rowLock is held by who put the token into it.
type rowLock struct {
	token chan struct{}
	users int
}

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
	k := l.enter(key)
	select {
	case k.token <- struct{}{}:
		return nil
	case <-ctx.Done():
		l.leave(key, k)
		return cancelled(ctx)
	}
}

func (l *rowLocks) enter(key string) *rowLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*rowLock{}
	}
	k := l.held[key]
	if k == nil {
		k = &rowLock{token: make(chan struct{}, 1)}
		l.held[key] = k
	}
	k.users++
	return k
}

func (l *rowLocks) leave(key string, k *rowLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.users--; k.users == 0 {
		delete(l.held, key)
	}
}

func (l *rowLocks) release(keys []string) {
	for _, key := range keys {
		l.mu.Lock()
		k := l.held[key]
		l.mu.Unlock()
		<-k.token
		l.leave(key, k)
	}
}
