package wire

import (
	"bytes"
	"encoding/binary"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// message reads the fields of a message's body, with the checks and the words of
// PostgreSQL's pqformat.c. The first error sticks; done returns it.
type message struct {
	rest []byte
	err  error
	// client converts the texts; nil where they are UTF8.
	client *mb.Client
}

func (m *message) fail(err error) {
	if m.err == nil {
		m.err = err
	}
	m.rest = nil
}

// bytes takes n bytes, which stay part of the body.
func (m *message) bytes(n int) []byte {
	if n < 0 || n > len(m.rest) {
		m.fail(pgerr.New(pgerr.ProtocolViolation, "insufficient data left in message"))
		return nil
	}
	b := m.rest[:n:n]
	m.rest = m.rest[n:]
	return b
}

func (m *message) byte() byte {
	if b := m.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (m *message) int16() int16 {
	if b := m.bytes(2); b != nil {
		return int16(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (m *message) int32() int32 {
	if b := m.bytes(4); b != nil {
		return int32(binary.BigEndian.Uint32(b))
	}
	return 0
}

// count takes a 16-bit number of fields; it is unsigned, so that a statement can
// have 65,535 parameters.
func (m *message) count() int { return int(uint16(m.int16())) }

// text takes a string, which must be valid in the client's encoding.
func (m *message) text() string {
	n := bytes.IndexByte(m.rest, 0)
	if n < 0 {
		m.fail(pgerr.New(pgerr.ProtocolViolation, "invalid string in message"))
		return ""
	}
	raw := m.rest[:n]
	m.rest = m.rest[n+1:]
	s, err := clientText(m.client, raw)
	if err != nil {
		m.fail(err)
	}
	return s
}

// clientText is a text of the client in UTF8. 22021, 22P05.
func clientText(client *mb.Client, raw []byte) (string, error) {
	if client != nil {
		b, err := client.Decode(raw)
		return string(b), err
	}
	s := string(raw)
	return s, pgerr.CheckText(s)
}

func (m *message) formats() []Format {
	n := m.count()
	if n == 0 || len(m.rest) < 2*n {
		m.bytes(2 * n)
		return nil
	}
	fs := make([]Format, n)
	for i := range fs {
		fs[i] = m.int16()
	}
	return fs
}

// value takes a length and that many bytes, nil for length -1.
func (m *message) value() []byte {
	n := m.int32()
	if n == -1 {
		return nil
	}
	b := m.bytes(int(n))
	if b == nil {
		b = []byte{}
	}
	return b
}

func (m *message) values() [][]byte {
	n := m.count()
	if n == 0 || len(m.rest) < 4*n {
		m.bytes(4 * n)
		return nil
	}
	vs := make([][]byte, n)
	for i := range vs {
		vs[i] = m.value()
	}
	return vs
}

// done checks that the whole body was taken.
func (m *message) done() error {
	if m.err == nil && len(m.rest) > 0 {
		m.err = pgerr.New(pgerr.ProtocolViolation, "invalid message format")
	}
	return m.err
}
