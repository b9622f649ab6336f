package rows

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRowLocks: one at a time has a key, whoever gives up waiting leaves it to the others,
// and nothing stays.
func TestRowLocks(t *testing.T) {
	var l rowLocks
	var all sync.WaitGroup
	counts := map[string]int{} // each guarded by its key
	for _, key := range []string{"a", "b", "c"} {
		counts[key] = 0
	}
	var mu sync.Mutex
	add := func(key string, n int) (now int) {
		mu.Lock()
		defer mu.Unlock()
		counts[key] += n
		return counts[key]
	}
	const writers, times = 8, 200
	for i := range writers {
		all.Go(func() {
			for n := range times {
				ctx, cancel := context.WithCancel(context.Background())
				if (i+n)%3 == 0 {
					go cancel() // before, while or after it waits
				}
				keys := []string{"b", "a", "b"}
				if i%2 == 0 {
					keys = []string{"c", "b"}
				}
				unlock, err := l.lock(ctx, keys)
				if err == nil {
					for _, key := range keys[:2] {
						if now := add(key, 1); now != 1 {
							t.Errorf("%d have %s", now, key)
						}
					}
					for _, key := range keys[:2] {
						add(key, -1)
					}
					unlock()
				}
				cancel()
			}
		})
	}
	all.Wait()
	require.Empty(t, l.held)
}

// TestRowLocksInOrder: a key goes to whoever has waited longest, and not to one who has
// left.
func TestRowLocksInOrder(t *testing.T) {
	var l rowLocks
	ctx := context.Background()
	unlock, err := l.lock(ctx, []string{"a"})
	require.NoError(t, err)
	first, second, third := l.enter("a"), l.enter("a"), l.enter("a")
	l.leave("a", first)
	unlock()
	<-second
	l.leave("a", second) // its turn had come already
	<-third
	select {
	case <-first:
		t.Fatal("it had left")
	default:
	}
	l.release([]string{"a"})
	require.Empty(t, l.held)
}
