package copyfmt

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// maxLine is PostgreSQL's limit of a line's or value's bytes (MaxAllocSize).
const maxLine = 1<<30 - 1

// stream is the data that came and is still of use.
type stream struct {
	next func() ([]byte, error)
	text *decoder // of the formats that are text
	buf  []byte
	// start is where the present line or value begins, at the next byte.
	start, at int
	ended     bool
	err       error
	failed    error // becomes err when buf is used up
}

// fill gets another piece, moving what is still of use to the front of buf.
func (s *stream) fill() bool {
	if s.ended {
		return false
	}
	s.buf = append(s.buf[:0], s.buf[s.start:]...)
	s.at, s.start = s.at-s.start, 0
	if len(s.buf) > maxLine {
		s.fail(pgerr.New(pgerr.ProgramLimitExceeded, "out of memory").
			WithDetail("Cannot enlarge string buffer containing %d bytes by 1 more bytes.", len(s.buf)))
		return false
	}
	if s.failed != nil {
		s.fail(s.failed)
		return false
	}
	piece, err := s.next()
	if err == io.EOF && s.text != nil {
		err = s.text.end()
	}
	if err != nil {
		s.fail(err)
		return false
	}
	if s.text == nil {
		s.buf = append(s.buf, piece...)
		return true
	}
	s.buf, s.failed = s.text.append(s.buf, piece)
	return true
}

func (s *stream) fail(err error) {
	s.ended = true
	if err != io.EOF {
		s.err = err
	}
}

// have makes sure of n bytes from at.
func (s *stream) have(n int) bool {
	for len(s.buf)-s.at < n {
		if !s.fill() {
			return false
		}
	}
	return true
}

// drain reads to the end, throwing the data away, whatever they are.
func (s *stream) drain() error {
	for !s.ended {
		if _, err := s.next(); err != nil {
			s.fail(err)
		}
	}
	return s.err
}

// decoder makes UTF8 of the client's text, piece by piece.
type decoder struct {
	client *mb.Client // nil: it is UTF8
	rest   []byte     // the beginning of a character
}

// append adds the text of a piece; the error, 22021 or 22P05, is that of what stands
// behind it.
func (d *decoder) append(dst, piece []byte) ([]byte, error) {
	if d.client == nil && len(d.rest) == 0 && utf8.Valid(piece) && bytes.IndexByte(piece, 0) < 0 {
		return append(dst, piece...), nil
	}
	d.rest = append(d.rest, piece...)
	var n int
	if d.client != nil {
		dst, n = d.client.DecodePart(dst, d.rest)
	} else {
		n = mb.UTF8.ValidPrefix(d.rest)
		dst = append(dst, d.rest[:n]...)
	}
	d.rest = append(d.rest[:0], d.rest[n:]...)
	if len(d.rest) == 0 || d.incomplete() {
		return dst, nil
	}
	return dst, d.refused()
}

func (d *decoder) incomplete() bool {
	if d.client != nil {
		return d.client.Incomplete(d.rest)
	}
	return mb.UTF8.Incomplete(d.rest)
}

func (d *decoder) refused() error {
	if d.client != nil {
		return d.client.Refused(d.rest)
	}
	return mb.UTF8.Invalid(d.rest)
}

// end is io.EOF, or the error of a character that was cut off.
func (d *decoder) end() error {
	if len(d.rest) == 0 {
		return io.EOF
	}
	return d.refused()
}
