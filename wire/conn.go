package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// errEnd ends the conversation without a further word.
var errEnd = errors.New("wire: end of the conversation")

// conn is one connection. Its fields belong to the conversation's goroutine but
// for those that guard themselves: in, mail, run, ctx.
type conn struct {
	srv  *Server
	raw  net.Conn // the socket
	net  net.Conn // raw, or TLS over it
	tls  *tls.Config
	r    *bufio.Reader
	left int // of the CopyData message that is being read, by who reads
	in   *inbox
	out  out
	mail *mailbox
	run  run
	log  *slog.Logger

	// ctx lives as long as the connection, and ends early if the client is lost.
	ctx    context.Context
	cancel context.CancelCauseFunc

	conversing atomic.Bool
	reader     reader
	body       []byte // of the message that the conversation has read itself
	idle       idleTimer

	info    StartupInfo
	session Session
	res     result
	// rows is the RowDescription that was sent last.
	rows    rowsSent
	spooled *types.External // the message that is worked on, if it is large
	// skipping says that messages are discarded until Sync.
	skipping bool
	// lost says that a message came where only COPY's data may: what follows can't be told.
	lost bool
	// inBatch says that extended-query messages await their Sync.
	inBatch bool
}

func newConn(ctx context.Context, srv *Server, raw net.Conn) *conn {
	c := &conn{
		srv:  srv,
		raw:  raw,
		net:  raw,
		tls:  srv.tls.Load(),
		r:    bufio.NewReader(raw),
		in:   newInbox(srv.cfg.ReadAhead),
		mail: newMailbox(),
		out:  out{w: raw},
		log:  srv.cfg.Log.With("remote", raw.RemoteAddr().String()),
	}
	c.mail.poke = c.poke
	c.out.client = c.client
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	c.res.c = c
	return c
}

// run is the run of messages that is being worked on, from the first that was
// there to the next wait. It is what a cancel reaches. Runs that were not cancelled
// share a context: a point query takes less time than making one would.
type run struct {
	// now is the context of the run that goes on, nil between two; the conversation's.
	now context.Context

	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelCauseFunc
	// on: a run goes on. hit: it was cancelled.
	on, hit bool
}

// begin returns the context of the current run, a new one if there is none.
func (r *run) begin(parent context.Context) context.Context {
	if r.now != nil {
		return r.now
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx == nil {
		r.ctx, r.cancel = context.WithCancelCause(parent)
	}
	r.on, r.now = true, r.ctx
	return r.ctx
}

// end forgets the run; a cancel that comes now comes too late.
func (r *run) end() {
	if r.now == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hit {
		r.ctx, r.cancel = nil, nil
	}
	r.on, r.hit, r.now = false, false, nil
}

func (r *run) interrupt(cause *pgerr.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on {
		r.cancel(cause)
		r.hit = true
	}
}

// drain asks the connection to end when it is idle; one that is still in its
// handshake ends at its next read.
func (c *conn) drain() {
	c.mail.drain()
	if !c.conversing.Load() {
		_ = c.raw.SetReadDeadline(c.srv.cfg.Clock.Now())
	}
}

// cut ends the connection at once, whatever it does.
func (c *conn) cut() {
	c.cancel(errShutdown)
	c.raw.Close()
}

// shut closes the connection and waits for a reader to be gone.
func (c *conn) shut() {
	c.cancel(errLost)
	c.net.Close()
	c.reader.stop()
}

// terminate ends the session from outside.
func (c *conn) terminate(reason *pgerr.Error) {
	c.mail.terminate(reason)
	c.run.interrupt(asFatal(reason))
}

// converse runs the conversation after authentication until it ends.
func (c *conn) converse() {
	defer c.closeSession()
	defer func() {
		if p := recover(); p != nil {
			_ = c.lastWords(c.panicked(p))
		}
	}()
	c.conversing.Store(true)
	for {
		f, err := c.next()
		if e := c.idle.stop(); e != nil && err == nil {
			err = c.lastWords(e)
		}
		if err == nil {
			c.begin()
			err = c.handle(f)
			if f.ahead {
				c.in.release(f.body)
			}
		}
		if err != nil {
			return
		}
	}
}

// next waits for a message. While it waits there is nothing to cancel, and
// letters are delivered.
func (c *conn) next() (frame, error) {
	for {
		if e := c.mail.ending(!c.inBatch); e != nil {
			return frame{}, c.lastWords(e)
		}
		// Whether the reader reads has to be known first: a reader that gives back
		// has put its last message into the inbox before.
		ahead := c.rest()
		f, ok, err := c.in.take()
		if ok {
			return f, nil
		}
		if err != nil {
			return frame{}, c.streamEnd(err)
		}
		if !ahead && (c.left > 0 || arrived(c.r)) {
			if f, err = c.read(); err != nil {
				err = c.streamEnd(err)
			}
			return f, err
		}
		c.run.end()
		if err := c.deliver(); err != nil {
			return frame{}, err
		}
		c.startIdle()
		if ahead {
			select {
			case <-c.in.ready:
			case <-c.mail.wake:
			}
			continue
		}
		f, err = c.receive()
		switch {
		case err == nil:
			return f, nil
		case err != errPoked:
			return frame{}, c.streamEnd(err)
		}
	}
}

// await waits for a message within a command (CopyIn), until ctx ends.
func (c *conn) await(ctx context.Context) (frame, error) {
	c.readAhead()
	for {
		f, ok, err := c.in.take()
		switch {
		case ok:
			return f, nil
		case pgerr.As(err) != nil:
			return frame{}, err
		case err != nil:
			return frame{}, errors.Join(errGone, err)
		}
		select {
		case <-c.in.ready:
		case <-ctx.Done():
			return frame{}, context.Cause(ctx)
		}
	}
}

// deliver sends letters to a client that waits for nothing.
func (c *conn) deliver() error {
	if c.inBatch || !c.mail.any.Load() {
		return nil
	}
	ms := c.mail.letters(c.session.TxStatus() == TxIdle)
	if len(ms) == 0 {
		return nil
	}
	if err := c.out.sendAll(ms...); err != nil {
		return err
	}
	return c.out.flush()
}

// streamEnd ends the conversation after the last message.
func (c *conn) streamEnd(err error) error {
	if e := pgerr.As(err); e != nil {
		return c.lastWords(e)
	}
	if err != io.EOF {
		c.log.Debug("connection to client lost", "err", err)
	}
	return errEnd
}

// lastWords sends a FATAL error, if the client still listens, and ends.
func (c *conn) lastWords(e *pgerr.Error) error {
	if c.out.send(errorMessage(e)) == nil {
		_ = c.out.flush()
	}
	return errEnd
}

// handle works on one message. An error ends the conversation.
func (c *conn) handle(f frame) error {
	cmd := &commands[f.typ]
	if c.skipping {
		if !cmd.always {
			return nil
		}
		c.run.end() // a cancel of what is skipped
	}
	if cmd.batch {
		c.inBatch = true
	}
	ctx := c.run.begin(c.ctx)
	err := c.perform(ctx, cmd, f)
	if err != nil {
		err = c.report(ctx, err, cmd)
	}
	if err == nil && c.lost {
		return c.lastWords(errLostSync)
	}
	if err == nil && cmd.ready {
		err = c.ready()
	}
	return err
}

// perform runs a command unless it was cancelled before it began.
func (c *conn) perform(ctx context.Context, cmd *command, f frame) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = c.panicked(p)
		}
	}()
	if cmd.engine {
		if err := beforehand(ctx, f); err != nil {
			c.session.Fail(errorFor(ctx, err))
			return err
		}
	}
	c.spooled = f.spooled
	return cmd.run(c, ctx, f.body)
}

// beforehand is what is wrong with a message before it is looked into.
func beforehand(ctx context.Context, f frame) error {
	if f.err != nil {
		return f.err
	}
	return ctx.Err()
}

func (c *conn) panicked(p any) *pgerr.Error {
	c.log.Error("panic in a session", "panic", p, "pid", c.info.PID, "stack", string(debug.Stack()))
	return pgerr.Fatal(pgerr.InternalError, "internal error: %s", fmt.Sprint(p))
}

// report sends an error of a command. It returns errEnd if that was fatal.
func (c *conn) report(ctx context.Context, err error, cmd *command) error {
	if errors.Is(err, errGone) || errors.Is(err, errEnd) {
		return errEnd
	}
	e := errorFor(ctx, err)
	if isFatal(e) {
		return c.lastWords(e)
	}
	if e.IsFault() {
		c.log.Error("internal error", "err", err, "pid", c.info.PID)
	}
	c.skipping = cmd.batch
	// A cancel has hit once it was reported: the next message begins anew.
	c.run.end()
	if err := c.out.send(errorMessage(e)); err != nil || !cmd.batch {
		return err
	}
	// A client that has sent Flush waits for it before it sends Sync; the Flush is
	// among what is skipped (send_message_to_frontend flushes for the same reason).
	return c.out.flush()
}

// ready tells the client that it is its turn.
func (c *conn) ready() error {
	c.inBatch, c.skipping = false, false
	c.run.end()
	status := c.session.TxStatus()
	if c.mail.any.Load() {
		ms := append(c.mail.letters(status == TxIdle), c.mail.changedParameters()...)
		if err := c.out.sendAll(ms...); err != nil {
			return err
		}
	}
	c.out.add(msgReadyForQuery, byte(status))
	return c.out.flush()
}

// closeSession closes the session once, whatever it does.
func (c *conn) closeSession() {
	defer func() {
		if p := recover(); p != nil {
			_ = c.panicked(p)
		}
	}()
	c.run.end()
	c.session.Close()
}
