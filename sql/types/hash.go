package types

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// Hashes are the same in every process: what a query returns without ORDER BY
// may depend on them, and a test must be able to repeat it. They are for tables
// in memory, never stored.

// Keys of the multiplications below (wyhash's).
const (
	hashKey0 = 0xa0761d6478bd642f
	hashKey1 = 0xe7037ed1a0b428db
	hashKey2 = 0x8ebc6af09c88c6e3
)

func hashMix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// hashBytes folds 16 bytes at a time with a 128-bit product, as wyhash does.
func hashBytes(b []byte) uint64 {
	n := len(b)
	h := hashKey0 ^ uint64(n)
	for len(b) > 16 {
		h = hashMix(binary.LittleEndian.Uint64(b)^hashKey1, binary.LittleEndian.Uint64(b[8:])^h)
		b = b[16:]
	}
	var x, y uint64
	switch rest := len(b); {
	case rest >= 8:
		x, y = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[rest-8:])
	case rest >= 4:
		x, y = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[rest-4:]))
	case rest > 0:
		x = uint64(b[0]) | uint64(b[rest/2])<<8 | uint64(b[rest-1])<<16
	}
	return hashMix(hashKey2^uint64(n), hashMix(x^hashKey1, y^h))
}

func hashString(s string) uint64 { return hashBytes(unsafe.Slice(unsafe.StringData(s), len(s))) }

// hashUint64 is a finalizer (murmur3's), a bijection of its input.
func hashUint64(x uint64) uint64 {
	x ^= hashKey0
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// hashCombine mixes the hash of one more field into h.
func hashCombine(h, field uint64) uint64 { return hashUint64(h*31 + field) }
