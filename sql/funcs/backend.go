package funcs

import (
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Backend is a Session that reaches other sessions: notifications (async.c) and
// signals (signalfuncs.c).
type Backend interface {
	// Notify sends a notification when the transaction commits; 22023 for a channel
	// or payload that can't be.
	Notify(channel, payload string) error
	// ListeningChannels are those that the session listens on.
	ListeningChannels() []string
	// Signal cancels the statement of a session, or ends the session; false: there
	// is none with that process id.
	Signal(pid int32, terminate bool) (known bool, err error)
	// ExportSnapshot lets other transactions read what the current one reads, until it
	// ends, under the name that it returns; 25001 in a subtransaction.
	ExportSnapshot() (string, error)
}

// backendOf is 0A000 for a session that reaches no other.
func backendOf(c *Call) (Backend, error) {
	if b, ok := c.Session.(Backend); ok {
		return b, nil
	}
	return nil, pgerr.Unsupported("%s() here", c.Func.Name)
}

func notify(c *Call, args []any) (any, error) {
	b, err := backendOf(c)
	if err != nil {
		return nil, err
	}
	channel, _ := args[0].(string)
	payload, _ := args[1].(string)
	return "", b.Notify(channel, payload)
}

// ownSignal is how long a statement that signals its own session waits for that.
const ownSignal = time.Second

// signal is pg_cancel_backend and pg_terminate_backend, whose time-out is not
// waited for: a session ends at the next boundary of its messages.
func signal(terminate bool) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		b, err := backendOf(c)
		if err != nil {
			return nil, err
		}
		pid := args[0].(int32)
		if timeout, _ := argOr(args, 1).(int64); timeout < 0 {
			return nil, pgerr.New(pgerr.NumericValueOutOfRange, "\"timeout\" must not be negative")
		}
		known, err := b.Signal(pid, terminate)
		if err == nil && pid == c.Session.BackendPID() {
			err = sleep(c, ownSignal)
		}
		if known || err != nil {
			return known, err
		}
		c.Session.Notice(pgerr.Notice(pgerr.SeverityWarning, pgerr.Warning, "PID %d is not a PostgreSQL server process", pid))
		return false, nil
	})
}

func exportSnapshot(c *Call, _ []any) (any, error) {
	b, err := backendOf(c)
	if err != nil {
		return nil, err
	}
	return b.ExportSnapshot()
}

func listeningChannels(c *Call, _ []any) (RowIter, error) {
	b, err := backendOf(c)
	if err != nil {
		return nil, err
	}
	var names []any
	for _, n := range b.ListeningChannels() {
		names = append(names, n)
	}
	return valuesOf(c, names), nil
}

func init() {
	kernels{
		"pg_notify":                   Boxed(false, notify),
		"pg_notification_queue_usage": constant(float64(0)), // each client has a queue of its own
		"pg_export_snapshot":          Boxed(false, exportSnapshot),
		"pg_cancel_backend":           signal(false),
		"pg_terminate_backend":        signal(true),
	}.bind()
	rowsFuncs{"pg_listening_channels": listeningChannels}.bind()
}
