package session

import (
	"context"
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// Notifications as async.c has them, among the sessions of this process: what a
// transaction sends and which channels it listens on takes effect when it
// commits.

// maxPayload is NOTIFY_PAYLOAD_MAX_LENGTH, which a payload must stay below.
const maxPayload = 8000

// maxChannel is NAMEDATALEN - 1.
const maxChannel = 63

type notification struct{ channel, payload string }

// listenAction begins (or with unlisten, ends) listening on a channel; "" means
// every channel, to end it.
type listenAction struct {
	channel  string
	unlisten bool
}

// channels are the sessions that listen, by channel.
type channels struct {
	mu        sync.Mutex
	listeners map[string][]*Session
}

// apply does what the transaction of s said about listening.
func (c *channels) apply(s *Session, actions []listenAction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listeners == nil {
		c.listeners = map[string][]*Session{}
	}
	for _, a := range actions {
		switch {
		case a.channel == "":
			for _, name := range s.listening {
				c.remove(s, name)
			}
			s.listening = nil
		case a.unlisten:
			c.remove(s, a.channel)
			s.listening = slices.DeleteFunc(s.listening, func(name string) bool { return name == a.channel })
		case !slices.Contains(s.listening, a.channel):
			s.listening = append(s.listening, a.channel)
			c.listeners[a.channel] = append(c.listeners[a.channel], s)
		}
	}
}

func (c *channels) remove(s *Session, channel string) {
	left := slices.DeleteFunc(c.listeners[channel], func(l *Session) bool { return l == s })
	if c.listeners[channel] = left; len(left) == 0 {
		delete(c.listeners, channel)
	}
}

// publish gives notifications to those who listen. A client that lets too many
// wait is ended: it would miss some without knowing.
func (c *channels) publish(from int32, notes []notification) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range notes {
		for _, l := range c.listeners[n.channel] {
			if !l.client.Notify(from, n.channel, n.payload) {
				l.client.Terminate(pgerr.Fatal(pgerr.ProgramLimitExceeded, "too many notifications wait for this client"))
			}
		}
	}
}

var _ funcs.Backend = (*facts)(nil)

// Notify implements funcs.Backend: Async_Notify. The same notification again is
// none.
func (s *Session) Notify(channel, payload string) error {
	switch {
	case channel == "":
		return pgerr.New(pgerr.InvalidParameterValue, "channel name cannot be empty")
	case len(channel) > maxChannel:
		return pgerr.New(pgerr.InvalidParameterValue, "channel name too long")
	case len(payload) >= maxPayload:
		return pgerr.New(pgerr.InvalidParameterValue, "payload string too long")
	}
	if n := (notification{channel, payload}); !slices.Contains(s.tx.notes, n) {
		s.tx.notes = append(s.tx.notes, n)
	}
	return nil
}

// ListeningChannels implements funcs.Backend.
func (s *Session) ListeningChannels() []string { return s.listening }

// Signal implements funcs.Backend: 42501 for a session of a role that the current one
// is no member of (pg_signal_backend).
func (s *Session) Signal(pid int32, terminate bool) (known bool, err error) {
	other := s.db.Session(pid)
	if other == nil || other.client == nil {
		return false, nil
	}
	if err := s.maySignal(other, terminate); err != nil {
		return false, err
	}
	switch {
	case terminate:
		other.client.Terminate(pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to administrator command"))
	default:
		other.client.Cancel(pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request"))
	}
	return true, nil
}

func (s *Session) maySignal(other *Session, terminate bool) error {
	role := s.current()
	if role == nil || role.Superuser {
		return nil
	}
	of := catalog.RoleByName(s.catalog(), other.user)
	verb, noun := "cancel", "query"
	if terminate {
		verb, noun = "terminate", "process"
	}
	if of == nil || of.Superuser {
		return pgerr.New(pgerr.InsufficientPrivilege, "must be a superuser to %s superuser %s", verb, noun)
	}
	if catalog.HasPrivsOf(s.catalog(), role, of.OID) || catalog.HasPrivsOf(s.catalog(), role, catalog.RoleSignalBackend) {
		return nil
	}
	what := "query is being canceled"
	if terminate {
		what = "process is being terminated"
	}
	return pgerr.New(pgerr.InsufficientPrivilege, "must be a member of the role whose %s or member of pg_signal_backend", what)
}

func notifyUtility(n *parser.NotifyStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		return firstError(s.Notify(n.Conditionname, n.Payload), out.Complete("NOTIFY"))
	}}
}

// listenUtility runs LISTEN and UNLISTEN, of all channels where channel is "".
func listenUtility(channel string, unlisten bool, tag string) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		s.queueListen(listenAction{channel, unlisten})
		return out.Complete(tag)
	}}
}

// queueListen notes what to do at commit. Without a client there is nobody to tell.
func (s *Session) queueListen(a listenAction) {
	if s.client != nil {
		s.tx.listens = append(s.tx.listens, a)
	}
}

// announce does at commit what the transaction has collected.
func (s *Session) announce(t *transaction) {
	if len(t.listens) > 0 {
		s.db.channels.apply(s, t.listens)
	}
	if len(t.notes) > 0 {
		s.db.channels.publish(s.pid, t.notes)
	}
}
