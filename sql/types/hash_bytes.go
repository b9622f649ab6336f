package types

import (
	"encoding/binary"
	"math/bits"
)

// PostgreSQL's hash of bytes is part of what a hash-partitioned table means:
// another function would look for rows in the wrong partition.

// hashInit is hash_bytes' start value.
func hashInit(length int) uint32 { return 0x9e3779b9 + uint32(length) + 3923095 }

// HashBytes is hash_bytes_extended (common/hashfn.c), Bob Jenkins' lookup3 on a
// little-endian machine; with seed 0 its lower half is hash_bytes.
func HashBytes(k []byte, seed uint64) uint64 {
	a := hashInit(len(k))
	b, c := a, a
	a, b, c = seeded(a, b, c, seed)
	for ; len(k) >= 12; k = k[12:] {
		a += binary.LittleEndian.Uint32(k)
		b += binary.LittleEndian.Uint32(k[4:])
		c += binary.LittleEndian.Uint32(k[8:])
		a, b, c = jenkinsMix(a, b, c)
	}
	for i, x := range k {
		switch {
		case i < 4:
			a += uint32(x) << (8 * i)
		case i < 8:
			b += uint32(x) << (8 * (i - 4))
		default: // the lowest byte of c is the length's
			c += uint32(x) << (8 * (i - 7))
		}
	}
	return jenkinsFinal(a, b, c)
}

// HashUint32 is hash_bytes_uint32_extended.
func HashUint32(k uint32, seed uint64) uint64 {
	a := hashInit(4)
	b, c := a, a
	a, b, c = seeded(a, b, c, seed)
	return jenkinsFinal(a+k, b, c)
}

func seeded(a, b, c uint32, seed uint64) (uint32, uint32, uint32) {
	if seed == 0 {
		return a, b, c
	}
	return jenkinsMix(a+uint32(seed>>32), b+uint32(seed), c)
}

func jenkinsMix(a, b, c uint32) (uint32, uint32, uint32) {
	rot := bits.RotateLeft32
	a, c = (a-c)^rot(c, 4), c+b
	b, a = (b-a)^rot(a, 6), a+c
	c, b = (c-b)^rot(b, 8), b+a
	a, c = (a-c)^rot(c, 16), c+b
	b, a = (b-a)^rot(a, 19), a+c
	c, b = (c-b)^rot(b, 4), b+a
	return a, b, c
}

func jenkinsFinal(a, b, c uint32) uint64 {
	rot := bits.RotateLeft32
	c = (c ^ b) - rot(b, 14)
	a = (a ^ c) - rot(c, 11)
	b = (b ^ a) - rot(a, 25)
	c = (c ^ b) - rot(b, 16)
	a = (a ^ c) - rot(c, 4)
	b = (b ^ a) - rot(a, 14)
	c = (c ^ b) - rot(b, 24)
	return uint64(b)<<32 | uint64(c)
}
