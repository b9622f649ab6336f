package objstore

import (
	"strings"
	"sync"
	"sync/atomic"
)

// Watchable is a Store that every change of its objects goes through: nobody else
// writes them. What was read of it holds until it says otherwise.
type Watchable interface {
	// Watch counts the changes of objects below prefix from the first call on: the
	// counter has moved before a change is acknowledged. ok is false where the store
	// is shared with others.
	Watch(prefix string) (changes *atomic.Uint64, ok bool)
}

// Watch asks a store, which need not be Watchable.
func Watch(s Store, prefix string) (changes *atomic.Uint64, ok bool) {
	if w, is := s.(Watchable); is {
		return w.Watch(prefix)
	}
	return nil, false
}

// Watchers are the counters of a store; it calls Changed. The zero value is ready.
type Watchers struct {
	mu       sync.RWMutex
	byPrefix map[string]*atomic.Uint64
}

// Watch implements Watchable.
func (w *Watchers) Watch(prefix string) (*atomic.Uint64, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.byPrefix[prefix]
	if c == nil {
		if w.byPrefix == nil {
			w.byPrefix = map[string]*atomic.Uint64{}
		}
		c = new(atomic.Uint64)
		w.byPrefix[prefix] = c
	}
	return c, true
}

// Changed must be called when keys have been written or removed, or may have been,
// before anybody is told so.
func (w *Watchers) Changed(keys ...string) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for prefix, c := range w.byPrefix {
		for _, k := range keys {
			if strings.HasPrefix(k, prefix) {
				c.Add(1)
				break
			}
		}
	}
}
