package wire

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// mailbox holds what others want a client to be told. Only the conversation
// writes to the client, so everybody else leaves a letter and wakes it.
type mailbox struct {
	wake chan struct{}
	// poke ends a wait that does not look at wake.
	poke func()

	// any says whether there may be something below.
	any atomic.Bool

	mu       sync.Mutex
	params   []Setting // not reported yet, at most one per name
	reported map[string]string
	notices  []*pgproto3.NoticeResponse
	notifies []*pgproto3.NotificationResponse
	bytes    int // of notifies
	end      *pgerr.Error
	draining bool
}

// maxNotifyBytes bounds the notifications that wait for one client.
const maxNotifyBytes = 8 << 20

// maxNotices bounds the notices that wait; later ones are dropped.
const maxNotices = 1000

func newMailbox() *mailbox {
	return &mailbox{wake: make(chan struct{}, 1), poke: func() {}, reported: map[string]string{}}
}

// rouse tells the conversation that there is mail.
func (m *mailbox) rouse() {
	m.any.Store(true)
	signal(m.wake)
	m.poke()
}

func (m *mailbox) parameter(name, value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.any.Store(true)
	i := slices.IndexFunc(m.params, func(s Setting) bool { return s.Name == name })
	if i >= 0 {
		m.params[i].Value = value
		return
	}
	m.params = append(m.params, Setting{name, value})
}

func (m *mailbox) notice(n *pgerr.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.notices) < maxNotices {
		m.notices = append(m.notices, noticeMessage(n))
	}
	m.rouse()
}

func (m *mailbox) notify(pid int32, channel, payload string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	size := len(channel) + len(payload) + frameCost
	if m.bytes+size > maxNotifyBytes {
		return false
	}
	m.bytes += size
	m.notifies = append(m.notifies, &pgproto3.NotificationResponse{
		PID: uint32(pid), Channel: clean(channel), Payload: clean(payload),
	})
	m.rouse()
	return true
}

// terminate records why the session must end; the first reason stands.
func (m *mailbox) terminate(reason *pgerr.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.end == nil {
		m.end = asFatal(reason)
	}
	m.rouse()
}

func (m *mailbox) drain() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.draining = true
	m.rouse()
}

// ending returns why the session must end now: it was terminated, or the server
// drains and the session is between two runs of messages.
func (m *mailbox) ending(between bool) *pgerr.Error {
	if !m.any.Load() {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.end == nil && m.draining && between {
		return errShutdown
	}
	return m.end
}

// changedParameters returns the parameters whose reported value is out of date.
func (m *mailbox) changedParameters() []pgproto3.BackendMessage {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []pgproto3.BackendMessage
	for _, p := range m.params {
		if old, ok := m.reported[p.Name]; !ok || old != p.Value {
			m.reported[p.Name] = p.Value
			out = append(out, &pgproto3.ParameterStatus{Name: clean(p.Name), Value: clean(p.Value)})
		}
	}
	m.params = m.params[:0]
	m.taken()
	return out
}

// letters returns the waiting notices, and the notifications too if the session
// is outside of a transaction.
func (m *mailbox) letters(idle bool) []pgproto3.BackendMessage {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []pgproto3.BackendMessage
	for _, n := range m.notices {
		out = append(out, n)
	}
	m.notices = nil
	if idle {
		for _, n := range m.notifies {
			out = append(out, n)
		}
		m.notifies, m.bytes = nil, 0
	}
	m.taken()
	return out
}

// taken is called where something was taken out.
func (m *mailbox) taken() {
	m.any.Store(m.end != nil || m.draining || len(m.params)+len(m.notices)+len(m.notifies) > 0)
}

// client is the Client that a Session gets.
type client struct{ c *conn }

var _ Client = client{}

func (cl client) ParameterStatus(name, value string) { cl.c.mail.parameter(name, value) }
func (cl client) Notice(n *pgerr.Error)              { cl.c.mail.notice(n) }
func (cl client) Cancel(cause *pgerr.Error)          { cl.c.run.interrupt(cause) }
func (cl client) Terminate(reason *pgerr.Error)      { cl.c.terminate(reason) }

func (cl client) Notify(pid int32, channel, payload string) bool {
	return cl.c.mail.notify(pid, channel, payload)
}
