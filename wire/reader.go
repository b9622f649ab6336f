package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// patience is how long a message may take before a reader looks for what the client
// does meanwhile. Tests change it.
var patience = 10 * time.Millisecond

// reader decides who reads the client's messages. The conversation does it itself
// while it has nothing else to do: a message between two goroutines would cost more
// than a short statement. When a message takes long, a goroutine takes over and reads
// ahead into the inbox, so that the client's end is noticed and a client that only
// writes is not blocked. It gives back once the conversation waits again.
type reader struct {
	ended sync.WaitGroup

	mu sync.Mutex
	// timer runs while armed; since is the message that it was set for, message the one
	// that was begun last.
	timer          *time.Timer
	armed          bool
	message, since uint64
	// busy: the conversation works on a message. waiting: it waits in a read of its own,
	// poked: which was told to end.
	busy, waiting, poked bool
	// ahead: the goroutine reads. back: it shall stop after its next message.
	ahead, back bool
	closed      bool
}

// errPoked is why a wait for a message ended without one: there is mail.
var errPoked = errors.New("wire: there is mail")

// begin is called when the conversation begins to work on a message.
func (c *conn) begin() {
	rd := &c.reader
	rd.mu.Lock()
	defer rd.mu.Unlock()
	rd.busy, rd.back = true, false
	rd.message++
	if !rd.ahead && !rd.armed {
		c.arm()
	}
}

// arm sets the timer. It is left alone when its message is done: to stop it would cost
// more than most messages.
func (c *conn) arm() {
	rd := &c.reader
	rd.armed, rd.since = true, rd.message
	if rd.timer == nil {
		rd.timer = time.AfterFunc(patience, c.late)
		return
	}
	rd.timer.Reset(patience)
}

// late is called when the timer fires; its message may long be done.
func (c *conn) late() {
	rd := &c.reader
	rd.mu.Lock()
	defer rd.mu.Unlock()
	rd.armed = false
	switch {
	case !rd.busy || rd.ahead || rd.closed:
	case rd.message != rd.since:
		c.arm()
	default:
		c.goAhead()
	}
}

// rest is called when it waits for a message. It returns whether the goroutine reads.
func (c *conn) rest() (ahead bool) {
	rd := &c.reader
	rd.mu.Lock()
	defer rd.mu.Unlock()
	rd.busy, rd.back = false, true
	return rd.ahead
}

// readAhead starts the goroutine if the conversation is at work.
func (c *conn) readAhead() {
	rd := &c.reader
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if rd.busy && !rd.ahead && !rd.closed {
		c.goAhead()
	}
}

func (c *conn) goAhead() {
	rd := &c.reader
	rd.ahead = true
	rd.ended.Go(func() {
		err := c.fill()
		if err != nil && pgerr.As(err) == nil {
			c.cancel(errLost)
		}
	})
}

// giveBack ends the goroutine's turn if the conversation has asked for that. The
// message that was read last may have been answered since, and the conversation may
// wait for the goroutine again: it is told.
func (c *conn) giveBack() bool {
	rd := &c.reader
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if !rd.back {
		return false
	}
	rd.ahead = false
	signal(c.in.ready)
	return true
}

// fill reads messages into the inbox until the stream ends, the client says
// Terminate, the context ends, or the conversation reads again. It returns why, nil
// after Terminate: what the client does after its goodbye no longer matters, and must
// not cancel what it asked for before.
func (c *conn) fill() error {
	for {
		f, err := c.readMessage(c.in.buffer())
		if err != nil {
			c.in.end(err)
			return err
		}
		f.ahead = true
		if !c.in.put(c.ctx, f) {
			return c.ctx.Err()
		}
		if f.typ == msgTerminate || c.giveBack() {
			return nil
		}
	}
}

// stop keeps readers from starting and waits until there is none.
func (rd *reader) stop() {
	rd.mu.Lock()
	rd.closed = true
	rd.mu.Unlock()
	rd.ended.Wait()
}

// poke ends the conversation's wait for a message.
func (c *conn) poke() {
	c.reader.mu.Lock()
	defer c.reader.mu.Unlock()
	if c.reader.waiting {
		c.reader.poked = true
		_ = c.raw.SetReadDeadline(time.Unix(0, 0))
	}
}

// arrived says whether a whole message is there without waiting.
func arrived(r *bufio.Reader) bool {
	if r.Buffered() < headerBytes {
		return false
	}
	h, _ := r.Peek(headerBytes)
	n := int(int32(binary.BigEndian.Uint32(h[1:])))
	return n < 0 || 1+n <= r.Buffered()
}

// syncFollows says whether Sync is the next message, behind Close and Flush at most, as far
// as messages have arrived.
func (c *conn) syncFollows() bool {
	rd := &c.reader
	rd.mu.Lock()
	defer rd.mu.Unlock()
	if next := c.in.first(endsNothing); next != 0 || rd.ahead {
		return next == msgSync
	}
	for at := 0; c.r.Buffered() >= at+headerBytes; {
		h, _ := c.r.Peek(at + headerBytes)
		if !endsNothing(h[at]) {
			return h[at] == msgSync
		}
		n := int(int32(binary.BigEndian.Uint32(h[at+1:])))
		if n < 0 || n > c.r.Buffered() {
			return false
		}
		at += 1 + n
	}
	return false
}

// endsNothing tells messages that neither run a statement nor end a pipeline.
func endsNothing(typ byte) bool { return typ == msgClose || typ == msgFlush }

// receive reads the next message in the conversation's own goroutine. errPoked if
// mail came before one.
func (c *conn) receive() (frame, error) {
	if c.left == 0 {
		if err := c.waitHeader(); err != nil {
			return frame{}, err
		}
	}
	return c.read()
}

// read reads a message that has begun to arrive. Its body is valid until the next.
func (c *conn) read() (frame, error) {
	if cap(c.body) > reuseSize {
		c.body = nil
	}
	f, err := c.readMessage(c.body)
	if f.body != nil {
		c.body = f.body
	}
	return f, err
}

// waitHeader waits until the header of a message is there.
func (c *conn) waitHeader() error {
	rd := &c.reader
	rd.mu.Lock()
	select {
	case <-c.mail.wake:
		rd.mu.Unlock()
		return errPoked
	default:
	}
	rd.waiting = true
	rd.mu.Unlock()
	_, err := c.r.Peek(headerBytes)
	rd.mu.Lock()
	defer rd.mu.Unlock()
	rd.waiting = false
	if rd.poked { // though a message may have come first
		rd.poked = false
		_ = c.raw.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errPoked
	}
	return nil // what is wrong with the stream readFrame meets again
}
