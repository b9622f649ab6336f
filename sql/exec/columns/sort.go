package columns

import (
	"encoding/binary"
	"math"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// sortEntry is a row with the first bytes of its first key, encoded so that
// unsigned order is the key's order: most comparisons need no more.
type sortEntry struct {
	prefix uint64
	row    int32
}

// Sort returns the rows of keys (dense vectors of n rows) in order; rows that
// compare equal come as PostgreSQL's sort leaves them.
func (o Orders) Sort(keys []vec.Vector, n int) []int32 {
	es := make([]sortEntry, n)
	for i := range es {
		es[i].row = int32(i)
	}
	first := 0
	if len(o) > 0 && fillPrefixes(es, &o[0], keys[0]) {
		first = 1
	}
	var ties []func(i, j int32) int
	for k := first; k < len(o); k++ {
		ties = append(ties, opsOf(o[k].Type).rowOrder(&o[k], vec.Flatten(keys[k])))
	}
	qsort(es, func(a, b *sortEntry) int {
		if a.prefix != b.prefix {
			return compareInt(a.prefix, b.prefix)
		}
		for _, tie := range ties {
			if c := tie(a.row, b.row); c != 0 {
				return c
			}
		}
		return 0
	})
	out := make([]int32, n)
	for k, e := range es {
		out[k] = e.row
	}
	return out
}

// fillPrefixes sets the entries' prefixes; exact means that equal prefixes are
// equal keys.
func fillPrefixes(es []sortEntry, o *keyOrder, v vec.Vector) (exact bool) {
	exact = !v.HasNulls()
	switch v := v.(type) {
	case *vec.Vec[int64]:
		prefixes(es, o, v, func(x int64) uint64 { return uint64(x) ^ 1<<63 })
	case *vec.Vec[int32]:
		prefixes(es, o, v, func(x int32) uint64 { return uint64(int64(x)) ^ 1<<63 })
	case *vec.Vec[int16]:
		prefixes(es, o, v, func(x int16) uint64 { return uint64(int64(x)) ^ 1<<63 })
	case *vec.Vec[uint32]:
		prefixes(es, o, v, func(x uint32) uint64 { return uint64(x) })
	case *vec.Vec[bool]:
		prefixes(es, o, v, func(x bool) uint64 { return uint64(boolBit(x)) })
	case *vec.Vec[float64]:
		prefixes(es, o, v, func(x float64) uint64 { return uint64(FloatKey(x)) ^ 1<<63 })
	case *vec.Vec[float32]:
		prefixes(es, o, v, func(x float32) uint64 { return uint64(FloatKey(float64(x))) ^ 1<<63 })
	case *vec.Vec[types.UUID]:
		prefixes(es, o, v, func(x types.UUID) uint64 { return binary.BigEndian.Uint64(x[:8]) })
		exact = false
	case *vec.Vec[string]:
		exact = false
		if o.Type.Collator == nil && !blankPadded(o.Type) && !isEnum(o.Type) {
			prefixes(es, o, v, textPrefix)
		}
	default:
		exact = false
	}
	return exact
}

func textPrefix(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

func prefixes[T any](es []sortEntry, o *keyOrder, v *vec.Vec[T], f func(T) uint64) {
	null := uint64(math.MaxUint64)
	if o.NullsFirst {
		null = 0
	}
	var flip uint64
	if o.Desc {
		flip = math.MaxUint64
	}
	for i := range es {
		if v.IsNull(i) {
			es[i].prefix = null
		} else {
			es[i].prefix = f(v.At(i)) ^ flip
		}
	}
}
