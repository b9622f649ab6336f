package vec

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Concat joins vectors of type t into one dense vector of n rows in all.
func Concat(t *types.Type, vs []Vector, n int) Vector { return reps[t.Rep].concat(t, vs, n) }

func concat[T any](t *types.Type, vs []Vector, n int) Vector {
	if len(vs) == 1 && !vs[0].IsConst() {
		return vs[0]
	}
	vals := make([]T, 0, n)
	var nulls Bitmap
	for _, v := range vs {
		tv := Of[T](v)
		at := len(vals)
		if tv.IsConst() {
			for range tv.Len() {
				vals = append(vals, tv.Vals[0])
			}
		} else {
			vals = append(vals, tv.Vals...)
		}
		if !tv.HasNulls() {
			continue
		}
		if nulls == nil {
			nulls = NewBitmap(n)
		}
		for i := range tv.Len() {
			if tv.IsNull(i) {
				nulls.Set(at + i)
			}
		}
	}
	return NewVec(t, vals, nulls)
}

// maxShared is the most different texts of a column that are looked for in it.
const maxShared = 256

// Packed is Concat for columns that are to stay: texts no longer hold on to the
// memory that they are parts of, and a column of few different texts has each of
// them once.
func Packed(t *types.Type, vs []Vector, n int) Vector {
	v := Concat(t, vs, n)
	texts, ok := v.(*Vec[string])
	if !ok {
		return v
	}
	return NewVec(t, packed(texts.Vals), texts.Nulls)
}

func packed(texts []string) []string {
	out := make([]string, len(texts))
	shared := map[string]string{}
	for i, s := range texts {
		one, ok := shared[s]
		if !ok {
			if len(shared) == maxShared {
				return packedApart(texts)
			}
			one = strings.Clone(s)
			shared[one] = one
		}
		out[i] = one
	}
	return out
}

// packBytes is about how much text shares one allocation.
const packBytes = 64 << 10

func packedApart(texts []string) []string {
	out := make([]string, len(texts))
	for from := 0; from < len(texts); {
		size, to := 0, from
		for ; to < len(texts) && (to == from || size+len(texts[to]) <= packBytes); to++ {
			size += len(texts[to])
		}
		var b strings.Builder
		b.Grow(size)
		for _, s := range texts[from:to] {
			b.WriteString(s)
		}
		all := b.String()
		for i := from; i < to; i++ {
			out[i], all = all[:len(texts[i])], all[len(texts[i]):]
		}
		from = to
	}
	return out
}
