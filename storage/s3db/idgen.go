package s3db

import (
	"encoding/binary"
	"encoding/hex"
	"sync"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// IDGenerator makes ids.
type IDGenerator func() string

// DefaultIDSize is the length of s3db.js's ids.
const DefaultIDSize = 22

// nanoAlphabet is nanoid's URL alphabet (section 2, Ids).
const nanoAlphabet = "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict"

// generators by name; default and custom are what s3db.json says of nanoid and
// of a function that it could not keep.
var generators = map[string]func(size int, src rng.Source, clk clock.Clock) IDGenerator{
	"": nanoid, "default": nanoid, "nanoid": nanoid, "custom": nanoid,
	"uuid":   func(_ int, s rng.Source, _ clock.Clock) IDGenerator { return func() string { return uuid4(s) } },
	"uuidv4": func(_ int, s rng.Source, _ clock.Clock) IDGenerator { return func() string { return uuid4(s) } },
	"uuidv1": func(_ int, s rng.Source, c clock.Clock) IDGenerator { return func() string { return uuid1(s, c) } },
	"uuidv7": func(_ int, s rng.Source, c clock.Clock) IDGenerator { return func() string { return uuid7(s, c) } },
	"ulid":   ulid,
}

// NewToken makes a text that nobody else makes.
func NewToken(src rng.Source) string { return nanoid(DefaultIDSize, src, nil)() }

// NewIDGenerator returns the generator of that name: nanoid (also default),
// uuid, uuidv1, uuidv7, ulid. size is nanoid's length, 0 is 22. 22023 for an
// unknown name or a size that is not 1 to 200. Incremental ids take requests: see
// Incremental.
func NewIDGenerator(name string, size int, src rng.Source, clk clock.Clock) (IDGenerator, error) {
	g := generators[name]
	if g == nil {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid value for option \"id_generator\": \"%s\"", name).
			WithDetail("Valid values are \"nanoid\", \"uuid\", \"uuidv1\", \"uuidv7\", \"ulid\", and \"incremental\".")
	}
	size, err := IDSize(size)
	if err != nil {
		return nil, err
	}
	return g(size, src, clk), nil
}

// IDSize is the length of ids that a size means, 0 being DefaultIDSize; 22023 for one that is
// not 0 to 200.
func IDSize(size int) (int, error) {
	switch {
	case size < 0 || size > 200:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid value for option \"id_size\": %d", size).
			WithDetail("Valid values are between \"1\" and \"200\".")
	case size == 0:
		return DefaultIDSize, nil
	}
	return size, nil
}

func nanoid(size int, src rng.Source, _ clock.Clock) IDGenerator {
	return func() string {
		b := make([]byte, size)
		src.Read(b)
		for i := range b {
			b[i] = nanoAlphabet[b[i]&63]
		}
		return string(b)
	}
}

// formatUUID sets version and variant (RFC 9562, section 4) and prints.
func formatUUID(u [16]byte, version byte) string {
	u[6] = u[6]&0x0F | version<<4
	u[8] = u[8]&0x3F | 0x80
	return dashed(u)
}

func dashed(u [16]byte) string {
	var b [36]byte
	hex.Encode(b[:8], u[:4])
	hex.Encode(b[9:13], u[4:6])
	hex.Encode(b[14:18], u[6:8])
	hex.Encode(b[19:23], u[8:10])
	hex.Encode(b[24:], u[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

func uuid4(src rng.Source) string {
	var u [16]byte
	src.Read(u[:])
	return formatUUID(u, 4)
}

// gregorian is the number of 100 ns between 1582-10-15 and 1970-01-01.
const gregorian = 0x01B21DD213814000

// uuid1 has a random node with the multicast bit, as RFC 9562 section 6.10
// allows where a hardware address should not be shown.
func uuid1(src rng.Source, clk clock.Clock) string {
	var u [16]byte
	src.Read(u[8:])
	u[10] |= 1
	ticks := uint64(clk.Now().UnixNano()/100) + gregorian
	binary.BigEndian.PutUint32(u[0:], uint32(ticks))
	binary.BigEndian.PutUint16(u[4:], uint16(ticks>>32))
	binary.BigEndian.PutUint16(u[6:], uint16(ticks>>48))
	return formatUUID(u, 1)
}

func uuid7(src rng.Source, clk clock.Clock) string {
	var u [16]byte
	src.Read(u[6:])
	putMillis(u[:], clk)
	return formatUUID(u, 7)
}

// putMillis writes the time in 48 bits.
func putMillis(b []byte, clk clock.Clock) {
	ms := uint64(clk.Now().UnixMilli())
	binary.BigEndian.PutUint16(b, uint16(ms>>32))
	binary.BigEndian.PutUint32(b[2:], uint32(ms))
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ulid returns a generator of 48 bits of time and 80 random ones in Crockford's base
// 32, the first character holding three bits. Each id is above the one before:
// within a millisecond, or when the clock goes back, the last one is counted up
// (the ULID specification's monotonicity). It is safe for concurrent use.
func ulid(_ int, src rng.Source, clk clock.Clock) IDGenerator {
	var mu sync.Mutex
	var hi, lo uint64 // the last id
	return func() string {
		var u [16]byte
		src.Read(u[6:])
		putMillis(u[:], clk)
		mu.Lock()
		defer mu.Unlock()
		if next := binary.BigEndian.Uint64(u[:8]); next>>16 > hi>>16 {
			hi, lo = next, binary.BigEndian.Uint64(u[8:])
		} else if lo++; lo == 0 {
			hi++
		}
		return base32(hi, lo)
	}
}

// base32 writes 128 bits in 26 characters.
func base32(hi, lo uint64) string {
	var b [26]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(b[:])
}
