package wire

import (
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// idleTimer ends a session whose client leaves it idle for too long. It runs from
// ReadyForQuery to the client's next message (PostgresMain).
type idleTimer struct {
	timer  *time.Timer // nil while it does not run
	reason *pgerr.Error
}

// startIdle starts the timer unless it runs: a letter that is delivered meanwhile does
// not make the client less idle.
func (c *conn) startIdle() {
	if c.inBatch || c.idle.timer != nil {
		return
	}
	limit, reason := c.session.IdleLimit()
	if limit <= 0 {
		return
	}
	c.idle.reason = asFatal(reason)
	c.idle.timer = time.AfterFunc(limit, func() { c.mail.terminate(reason) })
}

// stop is called when a message has come. It returns why the session ends if that was
// too late.
func (t *idleTimer) stop() *pgerr.Error {
	if t.timer == nil {
		return nil
	}
	inTime := t.timer.Stop()
	t.timer = nil
	if inTime {
		return nil
	}
	return t.reason
}
