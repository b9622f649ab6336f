package wire

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// errGone wraps every failure to write: the client is not there any more.
var errGone = errors.New("wire: connection to client lost")

// out gathers messages and writes them in pieces of about flushSize.
type out struct {
	w   io.Writer
	buf []byte
	err error
	// client converts the texts of messages; it returns nil where they are UTF8.
	client func() *mb.Client
}

// keepSize is the largest buffer that is kept after one huge row.
const keepSize = 4 * flushSize

func (o *out) flush() error {
	if o.err != nil {
		return o.err
	}
	if len(o.buf) == 0 {
		return nil
	}
	_, err := o.w.Write(o.buf)
	o.buf = o.buf[:0]
	if cap(o.buf) > keepSize {
		o.buf = nil
	}
	if err != nil {
		o.err = errors.Join(errGone, err)
	}
	return o.err
}

// flushIfFull writes when enough has gathered: it is where back-pressure acts.
func (o *out) flushIfFull() error {
	if len(o.buf) < flushSize {
		return o.err
	}
	return o.flush()
}

// send adds one message. 22P05 for a notice or a description of rows that the
// client's encoding does not have; of what is no statement's, and of an error, that
// error is sent instead.
func (o *out) send(m pgproto3.BackendMessage) error {
	if o.err != nil {
		return o.err
	}
	if client := o.client(); client != nil {
		if err := translate(m, client); err != nil {
			if ofStatement(m) {
				return err
			}
			m = errorMessage(errorFor(context.Background(), err))
		}
	}
	n := len(o.buf)
	buf, err := m.Encode(o.buf)
	if err != nil {
		o.buf = o.buf[:n]
		return pgerr.New(pgerr.ProgramLimitExceeded, "message to the client is too large").WithCause(err)
	}
	o.buf = buf
	return o.flushIfFull()
}

// add adds a message of a few bytes that has no texts; what is wrong with the
// connection shows in the next flush.
func (o *out) add(typ byte, body ...byte) {
	if o.err == nil {
		n := len(body) + 4
		o.buf = append(append(o.buf, typ, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)), body...)
	}
}

// addText adds a message of one text, which is ASCII.
func (o *out) addText(typ byte, text string) {
	if o.err == nil {
		n := len(text) + 5
		o.buf = append(append(append(o.buf, typ, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)), text...), 0)
	}
}

// sendAll adds messages up to the first error.
func (o *out) sendAll(ms ...pgproto3.BackendMessage) error {
	for _, m := range ms {
		err := o.send(m)
		if e := pgerr.As(err); e != nil { // a notice that is no statement's
			err = o.send(errorMessage(e))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
