package wire

import (
	"bufio"
	"context"
	"crypto/subtle"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Server accepts connections and gives each a session of its Handler.
type Server struct {
	cfg Config
	// tls is for the connections to come.
	tls atomic.Pointer[tls.Config]

	mu       sync.Mutex
	conns    map[*conn]struct{} // all, also those that are not admitted yet
	sessions map[int32]*conn    // the admitted, by PID
	lastPID  int32
	draining bool
	changed  chan struct{} // signals that a connection ended
}

// NewServer makes a server; Handler and Auth must be set.
func NewServer(cfg Config) *Server {
	s := &Server{
		cfg:      cfg.withDefaults(),
		conns:    map[*conn]struct{}{},
		sessions: map[int32]*conn{},
		changed:  make(chan struct{}, 1),
	}
	s.SetTLS(cfg.TLS)
	return s
}

// SetTLS gives the connections to come another Config.TLS: certificates are renewed
// while the server runs.
func (s *Server) SetTLS(conf *tls.Config) { s.tls.Store(conf) }

// netConn and the like keep the startup code free of the package's name, which
// conn's field hides.
type netConn = net.Conn

var noDeadline time.Time

// bufferedConn is a connection of which some bytes were read already.
type bufferedConn struct {
	net.Conn
	r *bufio.Reader
}

func (b bufferedConn) Read(p []byte) (int, error) { return b.r.Read(p) }

// Serve accepts connections until ctx ends. Then it drains: new connections get
// 57P03, idle sessions end with 57P01 at once, busy ones when their statement is
// done or DrainTimeout has passed. It closes ln, and returns when every
// connection and goroutine is gone; nil after a drain.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	done := make(chan struct{})
	stopped, stop := context.WithCancel(ctx)
	go func() {
		defer close(done)
		<-stopped.Done()
		s.drain()
		ln.Close()
	}()
	err := s.accept(context.WithoutCancel(ctx), ln)
	stop()
	<-done
	s.await(nil)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// accept takes connections until the listener is closed. When the process runs
// out of files it waits for better times.
func (s *Server) accept(ctx context.Context, ln net.Listener) error {
	for {
		raw, err := ln.Accept()
		if err == nil {
			s.begin(ctx, raw)
			continue
		}
		var ne net.Error
		if errors.Is(err, net.ErrClosed) || !errors.As(err, &ne) {
			return err
		}
		s.cfg.Log.Warn("could not accept a connection", "err", err)
		<-s.cfg.Clock.After(100 * time.Millisecond)
	}
}

// begin serves a connection in a goroutine of its own. Beyond twice the limit
// not even the refusal is worth a goroutine.
func (s *Server) begin(ctx context.Context, raw net.Conn) {
	c := newConn(ctx, s, raw)
	s.mu.Lock()
	full := len(s.conns) >= 2*s.cfg.MaxConnections+16
	if !full {
		s.conns[c] = struct{}{}
	}
	s.mu.Unlock()
	if full {
		raw.Close()
		return
	}
	go s.serve(c)
}

func (s *Server) serve(c *conn) {
	defer s.forget(c)
	defer c.shut()
	if err := c.handshake(); err != nil {
		c.refuse(err)
		if c.session != nil {
			c.closeSession()
		}
		return
	}
	c.converse()
}

// admit gives a connection its place among the sessions, its PID and secret.
func (s *Server) admit(c *conn, secretLen int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return errStopping
	}
	if len(s.sessions) >= s.cfg.MaxConnections {
		return errTooMany
	}
	c.info.PID = s.nextPID()
	c.info.Secret = make([]byte, secretLen)
	s.cfg.Rand.Read(c.info.Secret)
	s.sessions[c.info.PID] = c
	return nil
}

func (s *Server) nextPID() int32 {
	for {
		s.lastPID = max(s.lastPID+1, 1)
		if s.sessions[s.lastPID] == nil {
			return s.lastPID
		}
	}
}

func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	delete(s.sessions, c.info.PID)
	signal(s.changed)
}

// Sessions is the number of sessions that are open.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// cancelRequest cancels what a session runs, given its PID and secret.
func (s *Server) cancelRequest(body []byte) {
	if len(body) < 8 {
		return
	}
	pid, secret := int32(binary.BigEndian.Uint32(body)), body[4:]
	s.mu.Lock()
	c := s.sessions[pid]
	s.mu.Unlock()
	if c == nil || subtle.ConstantTimeCompare(secret, c.info.Secret) != 1 {
		s.cfg.Log.Info("cancel request does not match a session", "pid", pid)
		return
	}
	c.run.interrupt(errUserCancel)
}

// drain ends all connections: first it asks, then it cancels, then it cuts.
func (s *Server) drain() {
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	s.each((*conn).drain)
	if s.await(s.cfg.Clock.After(s.cfg.DrainTimeout)) {
		return
	}
	s.each(func(c *conn) { c.terminate(errShutdown) })
	if s.await(s.cfg.Clock.After(killDelay)) {
		return
	}
	s.each((*conn).cut)
}

func (s *Server) each(f func(*conn)) {
	s.mu.Lock()
	cs := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		cs = append(cs, c)
	}
	s.mu.Unlock()
	for _, c := range cs {
		f(c)
	}
}

// await waits until no connection is left; false if the timeout fires first.
func (s *Server) await(timeout <-chan time.Time) bool {
	for {
		s.mu.Lock()
		n := len(s.conns)
		s.mu.Unlock()
		if n == 0 {
			signal(s.changed) // somebody else may wait, too
			return true
		}
		select {
		case <-s.changed:
		case <-timeout:
			return false
		}
	}
}
