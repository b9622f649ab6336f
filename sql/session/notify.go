package session

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/event"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Notifications as async.c has them, among the sessions of this process: what a
// transaction sends and which channels it listens on takes effect when it
// commits.

// maxChannel is NAMEDATALEN - 1.
const maxChannel = 63

// notification is one to be sent: with a payload, or that of an event, which depends on
// who listens.
type notification struct {
	channel, payload string
	event            *event.Event
	by               *eventWriter // the statement of a row's event
}

// listenAction begins (or with unlisten, ends) listening on a channel; "" means
// every channel, to end it.
type listenAction struct {
	channel  string
	unlisten bool
	// role is who listens, whose rights decide what it is told of events.
	role types.OID
}

// subscription is a session that listens on a channel.
type subscription struct {
	session *Session
	role    types.OID
}

// channels are the sessions that listen, by channel.
type channels struct {
	mu        sync.Mutex
	listeners map[string][]subscription
	// resources counts the channels of listeners by the resource that they may be of,
	// which all counts together.
	resources map[string]int
	all       atomic.Int64
}

// apply does what the transaction of s said about listening.
func (c *channels) apply(s *Session, actions []listenAction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listeners == nil {
		c.listeners, c.resources = map[string][]subscription{}, map[string]int{}
	}
	for _, a := range actions {
		switch {
		case a.channel == "":
			for _, name := range s.listening {
				c.remove(s, name)
			}
			s.listening = nil
		case slices.Contains(s.listening, a.channel):
			c.remove(s, a.channel)
			if a.unlisten {
				s.listening = slices.DeleteFunc(s.listening, func(name string) bool { return name == a.channel })
			} else {
				c.add(s, a)
			}
		case !a.unlisten:
			s.listening = append(s.listening, a.channel)
			c.add(s, a)
		}
	}
}

func (c *channels) add(s *Session, a listenAction) {
	c.listeners[a.channel] = append(c.listeners[a.channel], subscription{s, a.role})
	c.resources[event.Resource(a.channel)]++
	c.all.Add(1)
}

func (c *channels) remove(s *Session, channel string) {
	left := slices.DeleteFunc(c.listeners[channel], func(l subscription) bool { return l.session == s })
	if c.listeners[channel] = left; len(left) == 0 {
		delete(c.listeners, channel)
	}
	resource := event.Resource(channel)
	if c.resources[resource]--; c.resources[resource] == 0 {
		delete(c.resources, resource)
	}
	c.all.Add(-1)
}

// hears says whether anybody listens to a resource.
func (c *channels) hears(resource string) bool {
	if c.all.Load() == 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.resources[resource] > 0
}

// publish gives notifications to those who listen; r is the catalog by which they may
// read.
func (c *channels) publish(from int32, notes []notification, r catalog.Reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range notes {
		if n.event != nil {
			c.tell(from, n.event, r)
			continue
		}
		for _, l := range c.listeners[n.channel] {
			l.notify(from, n.channel, n.payload)
		}
	}
}

// tell sends an event, to each listener as far as it may read it.
func (c *channels) tell(from int32, e *event.Event, r catalog.Reader) {
	if c.resources[e.Resource] == 0 {
		return
	}
	rel := r.RelationByOID(e.Relation)
	if rel == nil {
		return
	}
	payloads := map[types.OID]string{} // by role
	for _, channel := range e.Channels() {
		for _, l := range c.listeners[channel] {
			payload, known := payloads[l.role]
			if !known {
				if may := event.Reader(r, rel, catalog.RoleByOID(r, l.role)); may != nil {
					payload = e.Payload(may)
				}
				payloads[l.role] = payload
			}
			if payload != "" {
				l.notify(from, channel, payload)
			}
		}
	}
}

// notify tells a client. One that lets too many wait is ended: it would miss some without
// knowing.
func (l subscription) notify(from int32, channel, payload string) {
	if !l.session.client.Notify(from, channel, payload) {
		l.session.client.Terminate(pgerr.Fatal(pgerr.ProgramLimitExceeded, "too many notifications wait for this client"))
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
	case len(payload) >= event.MaxPayload:
		return pgerr.New(pgerr.InvalidParameterValue, "payload string too long")
	}
	s.tx.notify(notification{channel: channel, payload: payload})
	return nil
}

// minHashedNotes is MIN_HASHABLE_NOTIFIES: as many are compared one by one.
const minHashedNotes = 16

// notify notes a notification, unless the transaction has the same one already.
func (t *transaction) notify(n notification) {
	if len(t.notes) < minHashedNotes {
		if !slices.Contains(t.notes, n) {
			t.notes = append(t.notes, n)
		}
		return
	}
	if t.noted == nil {
		t.noted = make(map[notification]bool, 2*len(t.notes))
		for _, earlier := range t.notes {
			t.noted[earlier] = true
		}
	}
	if !t.noted[n] {
		t.noted[n] = true
		t.notes = append(t.notes, n)
	}
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
		s.queueListen(listenAction{channel, unlisten, s.roleOID()})
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
func (s *Session) announce(ctx context.Context, t *transaction) {
	if len(t.listens) > 0 {
		s.db.channels.apply(s, t.listens)
		if s.db.Board != nil && s.db.Listens() {
			s.db.Board.Listen(ctx)
		}
	}
	s.noteVersions(t)
	if len(t.notes) == 0 {
		return
	}
	notes := t.announced()
	s.db.channels.publish(s.pid, notes, s.cat.Snapshot())
	s.db.post(ctx, s.pid, notes, s.cat.Snapshot())
}
