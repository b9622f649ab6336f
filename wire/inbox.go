package wire

import (
	"context"
	"sync"
	"sync/atomic"
)

// inbox holds the messages that were read before they are due. The reader fills it,
// the conversation empties it.
type inbox struct {
	limit int           // bytes
	ready chan struct{} // signals put and end
	space chan struct{} // signals take

	// any says whether there may be something to take.
	any atomic.Bool

	mu     sync.Mutex
	frames []frame // from head on
	head   int
	bytes  int
	err    error // why no more will come
	free   [][]byte
}

// frameCost is what a message weighs beside its body.
const frameCost = 64

// Buffers up to reuseSize are kept for later messages, reuseCount of them.
const (
	reuseSize  = 16 << 10
	reuseCount = 8
)

func newInbox(limit int) *inbox {
	return &inbox{limit: limit, ready: make(chan struct{}, 1), space: make(chan struct{}, 1)}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// put adds a message once there is room for more.
func (in *inbox) put(ctx context.Context, f frame) bool {
	for !in.tryPut(f) {
		select {
		case <-in.space:
		case <-ctx.Done():
			return false
		}
	}
	signal(in.ready)
	return true
}

func (in *inbox) tryPut(f frame) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.bytes >= in.limit {
		return false
	}
	in.frames = append(in.frames, f)
	in.any.Store(true)
	in.bytes += len(f.body) + frameCost
	return true
}

// end records that nothing more will come.
func (in *inbox) end(err error) {
	in.mu.Lock()
	in.err = err
	in.any.Store(true)
	in.mu.Unlock()
	signal(in.ready)
}

// take returns the next message if there is one. Once all are taken it returns
// the error that ended the stream.
func (in *inbox) take() (f frame, ok bool, err error) {
	if !in.any.Load() {
		return frame{}, false, nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.frames) == 0 {
		in.any.Store(in.err != nil)
		return frame{}, false, in.err
	}
	f = in.frames[in.head]
	in.frames[in.head] = frame{}
	in.head++
	in.compact()
	in.bytes -= len(f.body) + frameCost
	signal(in.space)
	return f, true, nil
}

// first is the type of the first message that is not one of those passed over; 0 for none.
func (in *inbox) first(passed func(typ byte) bool) byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, f := range in.frames[in.head:] {
		if !passed(f.typ) {
			return f.typ
		}
	}
	return 0
}

// compact drops the slots that were taken once they are half of all.
func (in *inbox) compact() {
	if 2*in.head < len(in.frames) {
		return
	}
	n := copy(in.frames, in.frames[in.head:])
	clear(in.frames[n:])
	in.frames, in.head = in.frames[:n], 0
}

// release gives a body's memory back for later messages.
func (in *inbox) release(body []byte) {
	if cap(body) == 0 || cap(body) > reuseSize {
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.free) < reuseCount {
		in.free = append(in.free, body)
	}
}

func (in *inbox) buffer() []byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	n := len(in.free)
	if n == 0 {
		return nil
	}
	b := in.free[n-1]
	in.free = in.free[:n-1]
	return b
}
