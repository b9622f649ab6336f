package wire

import (
	"bufio"
	"encoding/binary"
	"io"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// frame is one message as read: its type and its body.
type frame struct {
	typ  byte
	body []byte
	// spooled is the body of a large Bind, in place of body.
	spooled *types.External
	// err stands for a message that was skipped because of its size.
	err *pgerr.Error
	// ahead: the body's memory is the inbox's.
	ahead bool
}

// Limits of message bodies, PostgreSQL's (src/include/libpq/libpq.h): a message
// beyond them means that the two sides no longer agree where messages begin.
const (
	maxLargeBody = 0x3fffffff - 5
	maxSmallBody = 10000 - 4
)

// largeMessages may have bodies up to maxLargeBody.
const largeMessages = "QPBFd"

func maxBody(typ byte) int {
	for i := range len(largeMessages) {
		if largeMessages[i] == typ {
			return maxLargeBody
		}
	}
	return maxSmallBody
}

// headerBytes is the size of a message's type and length.
const headerBytes = 5

// readHeader reads the type and the length of the body that follows.
func readHeader(r *bufio.Reader) (typ byte, n int, err error) {
	h, err := r.Peek(headerBytes)
	if err != nil {
		if len(h) > 0 && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return 0, 0, err
	}
	typ, n = h[0], bodySize(h)
	_, err = r.Discard(headerBytes)
	return typ, n, err
}

// bodySize is the size of the body that a header announces.
func bodySize(header []byte) int { return int(int32(binary.BigEndian.Uint32(header[1:]))) - 4 }

// readFrame reads a message into buf, which it may grow. A body beyond limit is
// skipped and becomes the frame's err. The error is a *pgerr.Error if the stream
// is not the protocol.
func readFrame(r *bufio.Reader, buf []byte, limit int) (frame, error) {
	typ, n, err := readHeader(r)
	if err != nil {
		return frame{}, err
	}
	if commands[typ].run == nil {
		return frame{}, pgerr.Fatal(pgerr.ProtocolViolation, "invalid frontend message type %d", typ)
	}
	if n < 0 || n > maxBody(typ) {
		return frame{}, pgerr.Fatal(pgerr.ProtocolViolation, "invalid message length")
	}
	if n > limit {
		_, err := io.CopyN(io.Discard, r, int64(n))
		return frame{typ: typ, err: tooLong(n, limit)}, err
	}
	body, err := readBody(r, buf, n)
	return frame{typ: typ, body: body}, err
}

func tooLong(n, limit int) *pgerr.Error {
	return pgerr.New(pgerr.ProgramLimitExceeded, "message is too long").
		WithDetail("The message has %d bytes, the limit is %d.", n, limit).
		WithHint("Send the data in smaller pieces, or raise max_message_size.")
}

// readBody reads n bytes. Memory follows what arrives, not what the header
// claims.
func readBody(r io.Reader, buf []byte, n int) ([]byte, error) {
	const step = 64 << 10
	buf = buf[:0]
	for len(buf) < n {
		have := len(buf)
		want := min(n-have, max(have, step))
		buf = slices.Grow(buf, want)[:have+want]
		if _, err := io.ReadFull(r, buf[have:]); err != nil {
			return nil, err
		}
	}
	return buf, nil
}
