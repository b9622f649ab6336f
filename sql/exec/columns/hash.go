package columns

import (
	"hash/maphash"
	"math"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// seed is one per process: hashes are never stored beyond a temporary file, and
// a client must not be able to choose colliding keys.
var (
	seed    = maphash.MakeSeed()
	hashKey = maphash.String(seed, "columns")
)

// nullHash is the hash of NULL.
const nullHash = 0x9e3779b97f4a7c15

// mix is a keyed finalizer (murmur3's).
func mix(x uint64) uint64 {
	x ^= hashKey
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

func hashString(s string) uint64 { return maphash.String(seed, s) }

func hashBytes(b []byte) uint64 { return maphash.Bytes(seed, b) }

// Remix derives another hash for the given level: partitions of partitions must
// not all fall together.
func Remix(h uint64, level int) uint64 { return mix(h + uint64(level)*nullHash) }

// FloatKey maps a float to an integer of PostgreSQL's order of floats: -0
// equals 0, NaN equals NaN and is above everything.
func FloatKey(f float64) int64 {
	if f != f {
		return math.MaxInt64
	}
	bits := int64(math.Float64bits(f + 0))
	return bits ^ int64(uint64(bits>>63)>>1)
}

// Hasher folds the hashes of v's rows sel (all n if nil) into out, which has a
// running hash per row.
type Hasher func(v vec.Vector, sel []int32, n int, out []uint64)

// NewHasher returns the hasher of a type. Integers of any width with the same
// value hash alike, as do floats.
func NewHasher(t *types.Type) Hasher { return opsOf(t).hasher(t) }

func hashLoop[T any](hash func(T) uint64) Hasher {
	return func(v vec.Vector, sel []int32, n int, out []uint64) {
		t := vec.Of[T](v)
		switch {
		case t.IsConst():
			hashConst(t, hash, sel, n, out)
		case sel != nil:
			for _, i := range sel {
				out[i] = fold(out[i], hashAt(t, hash, int(i)))
			}
		case t.Nulls != nil:
			for i := range n {
				out[i] = fold(out[i], hashAt(t, hash, i))
			}
		default:
			for i, x := range t.Vals[:n] {
				out[i] = fold(out[i], hash(x))
			}
		}
	}
}

func hashConst[T any](t *vec.Vec[T], hash func(T) uint64, sel []int32, n int, out []uint64) {
	h := hashAt(t, hash, 0)
	if sel == nil {
		for i := range n {
			out[i] = fold(out[i], h)
		}
		return
	}
	for _, i := range sel {
		out[i] = fold(out[i], h)
	}
}

func hashAt[T any](t *vec.Vec[T], hash func(T) uint64, i int) uint64 {
	if t.IsNull(i) {
		return nullHash
	}
	return hash(t.At(i))
}

func fold(h, field uint64) uint64 { return (h ^ field) * 0x9fb21c651e98df25 }

// boxedImplHasher uses the type's own hash; a type without one hashes its text.
func boxedImplHasher[T any](t *types.Type) Hasher {
	if impl := types.ImplOf[T](t); impl != nil && impl.Hash != nil {
		return hashLoop(impl.Hash)
	}
	if t.Hash != nil {
		return hashLoop(func(v T) uint64 { return t.Hash(v) })
	}
	env := types.DefaultEnv()
	return hashLoop(func(v T) uint64 { return hashBytes(t.Out(env, nil, v)) })
}

// HashRows hashes each row of keys among sel into out, which it overwrites; out
// has n entries.
func HashRows(hs []Hasher, keys []vec.Vector, sel []int32, n int, out []uint64) {
	clear(out[:n])
	for c, h := range hs {
		h(keys[c], sel, n, out)
	}
	finishHashes(sel, n, out)
}

func finishHashes(sel []int32, n int, out []uint64) {
	if sel != nil {
		for _, i := range sel {
			out[i] ^= out[i] >> 32
		}
		return
	}
	for i := range n {
		out[i] ^= out[i] >> 32
	}
}

// Hashers returns one hasher per type.
func Hashers(ts []*types.Type) []Hasher {
	hs := make([]Hasher, len(ts))
	for i, t := range ts {
		hs[i] = NewHasher(t)
	}
	return hs
}
