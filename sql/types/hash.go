package types

import "hash/maphash"

// hashSeed is one per process: hashes are never stored, and a client must not
// be able to choose colliding keys.
var hashSeed = maphash.MakeSeed()

// hashKey64 is drawn from the seed for integers, which are mixed without
// maphash's set-up cost.
var hashKey64 = maphash.String(hashSeed, "uint64")

func hashBytes(b []byte) uint64 { return maphash.Bytes(hashSeed, b) }

func hashString(s string) uint64 { return maphash.String(hashSeed, s) }

// hashUint64 is a keyed finalizer (murmur3's), a bijection of its input.
func hashUint64(x uint64) uint64 {
	x ^= hashKey64
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// hashCombine mixes the hash of one more field into h.
func hashCombine(h, field uint64) uint64 { return hashUint64(h*31 + field) }
