package notices

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const (
	prefix = "plugin=s3db-sql/notices/"
	// maxObject is about the most that one object holds, maxPending what may wait to be
	// written: who has more to tell waits.
	maxObject, maxPending = 4 << 20, 16 << 20
	// attempts are how often an object is tried to be written, each time by all of the
	// store's own attempts.
	attempts = 3
	// minRetention and intervals are how long an object stands at least; stale times that
	// is how old the leftovers of others are.
	minRetention, intervals, stale = time.Minute, 10, 10
)

// Options of a Board.
type Options struct {
	Objects  objstore.Store
	Clock    clock.Clock
	Rand     rng.Source
	Interval time.Duration
	// Wanted says whether anybody here listens.
	Wanted func() bool
	// Deliver takes the messages of another server, in their order.
	Deliver func(messages []json.RawMessage)
	// Warn is told of what failed.
	Warn func(what string, err error)
}

// Board is one server's access to the notices of all.
type Board struct {
	Options
	self   string // part of the keys of this server
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	pending []json.RawMessage
	bytes   int
	room    chan struct{} // closed when pending has been taken
	writing bool
	written []notice // objects that this server has to remove
	swept   bool     // it has looked for leftovers
	last    time.Time

	listening sync.Mutex // guards reading
	reading   bool
	seen      map[string]bool // keys of others that have been delivered, or were there before
}

type notice struct {
	key string
	at  time.Time
}

// New makes a board; Close ends it.
func New(o Options) *Board {
	var id [6]byte
	o.Rand.Read(id[:])
	ctx, cancel := context.WithCancel(context.Background())
	return &Board{Options: o, self: hex.EncodeToString(id[:]), ctx: ctx, cancel: cancel, room: make(chan struct{})}
}

func (b *Board) retention() time.Duration { return max(minRetention, intervals*b.Interval) }

// Close writes what waits, and stops. It does not remove what others may not have read.
func (b *Board) Close(ctx context.Context) {
	b.cancel()
	b.wg.Wait()
	b.flush(ctx)
}

// Post tells messages to the other servers, within an interval. It waits while too much
// is to be written; an end of ctx, or of the board, loses the messages.
func (b *Board) Post(ctx context.Context, messages []json.RawMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.bytes > maxPending {
		room := b.room
		b.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
		case <-b.ctx.Done():
		}
		b.mu.Lock()
		if ctx.Err() != nil || b.ctx.Err() != nil {
			return
		}
	}
	for _, m := range messages {
		b.bytes += len(m)
	}
	b.pending = append(b.pending, messages...)
	if !b.writing && b.ctx.Err() == nil {
		b.writing = true
		b.wg.Go(b.write)
	}
}

// wait ends after an interval, with false when the board is closed.
func (b *Board) wait() bool {
	select {
	case <-b.Clock.After(b.Interval):
		return true
	case <-b.ctx.Done():
		return false
	}
}

// write writes what waits once in each interval, until nothing does and nothing is to be
// removed.
func (b *Board) write() {
	for b.wait() {
		if !b.swept {
			b.swept = true
			_, err := b.list(b.ctx)
			b.warn("could not look for old notices", err)
		}
		b.flush(b.ctx)
		b.expire()
		b.mu.Lock()
		if len(b.pending) == 0 && len(b.written) == 0 {
			b.writing = false
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
	}
}

func (b *Board) warn(what string, err error) {
	if err != nil && b.ctx.Err() == nil {
		b.Warn(what, err)
	}
}

// flush writes what waits.
func (b *Board) flush(ctx context.Context) {
	b.mu.Lock()
	pending := b.pending
	b.pending, b.bytes = nil, 0
	close(b.room)
	b.room = make(chan struct{})
	b.mu.Unlock()
	for len(pending) > 0 {
		n, size := 0, 0
		for n < len(pending) && (n == 0 || size+len(pending[n]) <= maxObject) {
			size += len(pending[n])
			n++
		}
		b.put(ctx, pending[:n])
		pending = pending[n:]
	}
}

func (b *Board) put(ctx context.Context, messages []json.RawMessage) {
	body, err := json.Marshal(messages)
	key := b.key()
	for range attempts {
		if err == nil {
			_, err = b.Objects.Put(ctx, key, objstore.PutRequest{Body: body, ContentType: "application/json"})
		}
		if err == nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.written = append(b.written, notice{key, b.Clock.Now()})
			return
		}
	}
	b.warn("notifications to the other servers were lost", err)
}

// key is the next key of this server: they sort as they are written.
func (b *Board) key() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.Clock.Now().UTC().Truncate(time.Microsecond)
	if !now.After(b.last) {
		now = b.last.Add(time.Microsecond)
	}
	b.last = now
	return prefix + now.Format("20060102T150405.000000Z") + "-" + b.self
}

// expire removes what has stood for long enough.
func (b *Board) expire() {
	b.mu.Lock()
	var keys []string
	for len(b.written) > 0 && b.Clock.Now().Sub(b.written[0].at) > b.retention() {
		keys = append(keys, b.written[0].key)
		b.written = b.written[1:]
	}
	b.mu.Unlock()
	if len(keys) > 0 {
		b.warn("could not remove old notices", b.Objects.DeleteBatch(b.ctx, keys))
	}
}
