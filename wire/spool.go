package wire

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Large messages are not held in memory: CopyData goes on in pieces, and a Bind waits in
// a temporary file until its values are looked at.

// copyPiece is the most of a CopyData message that one frame has.
const copyPiece = reuseSize

// readMessage reads the next message, or the next piece of one of CopyData, into buf,
// which it may grow.
func (c *conn) readMessage(buf []byte) (frame, error) {
	if c.left > 0 {
		return c.readPiece(buf)
	}
	typ, n, limit := byte(0), 0, c.srv.cfg.MaxMessage
	if h, err := c.r.Peek(headerBytes); err == nil {
		typ, n = h[0], bodySize(h)
	}
	switch {
	case n > limit || n > maxBody(typ):
	case typ == msgCopyData && n > copyPiece:
		_, _ = c.r.Discard(headerBytes)
		c.left = n
		return c.readPiece(buf)
	case typ == msgBind && n > types.ToastThreshold:
		_, _ = c.r.Discard(headerBytes)
		return c.spool(n)
	}
	return readFrame(c.r, buf, limit)
}

func (c *conn) readPiece(buf []byte) (frame, error) {
	n := min(c.left, copyPiece)
	body, err := readBody(c.r, buf, n)
	c.left -= n
	return frame{typ: msgCopyData, body: body}, err
}

// spool reads a Bind into a temporary file. What is wrong with the disk is the frame's
// err: the message has been read then.
func (c *conn) spool(n int) (frame, error) {
	from := &io.LimitedReader{R: c.r, N: int64(n)}
	body, err := types.SpoolExternal(c.srv.cfg.TempDir, from)
	f := frame{typ: msgBind, spooled: body}
	if err != nil {
		f.err = pgerr.As(err)
		if _, lost := io.Copy(io.Discard, from); lost != nil || f.err == nil {
			return f, err
		}
	}
	if f.err == nil && from.N > 0 {
		return f, io.ErrUnexpectedEOF
	}
	return f, nil
}

// bindRequest reads a Bind that is in a file: its large values stay there.
func (c *conn) bindRequest(ctx context.Context, body *types.External) (req BindRequest, err error) {
	in, err := body.Open(ctx)
	if err != nil {
		return req, err
	}
	m := spooledBind{r: bufio.NewReader(in), whole: body, left: body.Size}
	head := c.message(m.strings(2))
	req.Portal, req.Statement = head.text(), head.text()
	m.fail(head.err)
	req.ParamFormats = m.formats()
	req.Params, req.Spooled = m.values()
	req.ResultFormats = m.formats()
	if m.err == nil && m.left > 0 {
		m.fail(pgerr.New(pgerr.ProtocolViolation, "invalid message format"))
	}
	return req, m.err
}

// spooledBind is message for a Bind in a file.
type spooledBind struct {
	r     *bufio.Reader
	whole *types.External
	left  int64
	err   error
}

func (m *spooledBind) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

// take reads n bytes.
func (m *spooledBind) take(n int64) []byte {
	if m.err == nil && (n < 0 || n > m.left) {
		m.fail(pgerr.New(pgerr.ProtocolViolation, "insufficient data left in message"))
	}
	if m.err != nil {
		return nil
	}
	b := make([]byte, n)
	_, err := io.ReadFull(m.r, b)
	m.fail(err)
	m.left -= n
	return b
}

// strings reads n strings with their ends.
func (m *spooledBind) strings(n int) (out []byte) {
	for range n {
		for m.err == nil {
			b := m.take(1)
			if out = append(out, b...); len(b) == 1 && b[0] == 0 {
				break
			}
		}
	}
	return out
}

func (m *spooledBind) count() int64 {
	if b := m.take(2); b != nil {
		return int64(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (m *spooledBind) formats() []Format {
	raw := m.take(2 * m.count())
	fs := make([]Format, len(raw)/2)
	for i := range fs {
		fs[i] = int16(binary.BigEndian.Uint16(raw[2*i:]))
	}
	return fs
}

// values reads the parameters: those that stay in the file have no bytes here.
func (m *spooledBind) values() (values [][]byte, spooled map[int]*types.External) {
	n := m.count()
	if 4*n > m.left {
		m.take(4 * n)
		return nil, nil
	}
	values, spooled = make([][]byte, n), map[int]*types.External{}
	for i := range values {
		head := m.take(4)
		if m.err != nil {
			break
		}
		size := int64(int32(binary.BigEndian.Uint32(head)))
		switch {
		case size == -1:
		case size > types.ToastThreshold && size <= m.left:
			spooled[i], values[i] = m.whole.Slice(m.whole.Size-m.left, size), []byte{}
			m.left -= size
			_, err := m.r.Discard(int(size))
			m.fail(err)
		default:
			if values[i] = m.take(size); values[i] == nil {
				values[i] = []byte{}
			}
		}
	}
	return values, spooled
}
