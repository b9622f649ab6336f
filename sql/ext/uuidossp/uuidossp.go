package uuidossp

import (
	"crypto/md5"
	"crypto/sha1"
	_ "embed"
	"encoding/binary"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

//go:embed uuid-ossp.sql
var script string

func init() {
	ext.Register(&ext.Extension{
		Name: "uuid-ossp", Version: "1.1", Comment: "generate universally unique identifiers (UUIDs)", Trusted: true, Script: script,
		Symbols: map[string]funcs.Kernel{
			"uuid_nil":           constant(types.UUID{}),
			"uuid_ns_dns":        constant(namespace(0x10)),
			"uuid_ns_url":        constant(namespace(0x11)),
			"uuid_ns_oid":        constant(namespace(0x12)),
			"uuid_ns_x500":       constant(namespace(0x14)),
			"uuid_generate_v1":   funcs.Lift0(func(c *funcs.Call) (types.UUID, error) { return timed.next(c.Env.ClockTime(), timed.node), nil }),
			"uuid_generate_v1mc": funcs.Lift0(func(c *funcs.Call) (types.UUID, error) { return timed.next(c.Env.ClockTime(), multicast()), nil }),
			"uuid_generate_v4":   funcs.Lift0(func(*funcs.Call) (types.UUID, error) { return random(), nil }),
			"uuid_generate_v3":   funcs.F2(func(ns types.UUID, name string) types.UUID { return named(ns, name, 3) }),
			"uuid_generate_v5":   funcs.F2(func(ns types.UUID, name string) types.UUID { return named(ns, name, 5) }),
		},
	})
}

func constant(u types.UUID) funcs.Kernel {
	return funcs.Lift0(func(*funcs.Call) (types.UUID, error) { return u, nil })
}

// namespace is a name space of RFC 4122, appendix C; they differ in one byte.
func namespace(n byte) types.UUID {
	return types.UUID{0x6b, 0xa7, 0xb8, n, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
}

// marked has the version and the variant of RFC 4122 set.
func marked(u types.UUID, version byte) types.UUID {
	u[6], u[8] = u[6]&0x0f|version<<4, u[8]&0x3f|0x80
	return u
}

func random() types.UUID {
	var u types.UUID
	rng.System.Read(u[:])
	return marked(u, 4)
}

// named hashes a name in its name space: by MD5 for version 3, by SHA-1 for 5.
func named(ns types.UUID, name string, version byte) types.UUID {
	text := append(append([]byte{}, ns[:]...), name...)
	var u types.UUID
	if version == 3 {
		sum := md5.Sum(text)
		copy(u[:], sum[:])
	} else {
		sum := sha1.Sum(text)
		copy(u[:], sum[:])
	}
	return marked(u, version)
}

// generator makes UUIDs of version 1: the time in 100 ns since 1582, a clock sequence
// and a node. The node is a random one with the multicast bit set (RFC 4122, section
// 4.5), since a server on many machines has no address that would say more.
type generator struct {
	node     [6]byte
	mu       sync.Mutex
	last     uint64
	sequence uint16
}

var timed = newGenerator()

func newGenerator() *generator {
	var b [2]byte
	rng.System.Read(b[:])
	return &generator{node: multicast(), sequence: binary.BigEndian.Uint16(b[:])}
}

func multicast() (node [6]byte) {
	rng.System.Read(node[:])
	node[0] |= 1
	return node
}

// gregorian is the time between 1582-10-15 and 1970 in units of 100 ns.
const gregorian = 0x01b21dd213814000

// next never gives a time twice: where the clock has not moved on it counts.
func (g *generator) next(now time.Time, node [6]byte) types.UUID {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := uint64(now.UnixNano()/100) + gregorian
	if t <= g.last {
		t = g.last + 1
	}
	g.last = t
	var u types.UUID
	binary.BigEndian.PutUint32(u[0:], uint32(t))
	binary.BigEndian.PutUint16(u[4:], uint16(t>>32))
	binary.BigEndian.PutUint16(u[6:], uint16(t>>48))
	binary.BigEndian.PutUint16(u[8:], g.sequence)
	copy(u[10:], node[:])
	return marked(u, 1)
}
