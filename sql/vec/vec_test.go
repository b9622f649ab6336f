package vec_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// TestAgainstSlices: every operation on vectors does what the same operation on
// a slice of boxed values does.
func TestAgainstSlices(t *testing.T) {
	src := rng.Seeded(7)
	int8 := types.ByOID(types.Int8OID)
	for range 200 {
		n := int(src.Uint64()%200) + 1
		want := make([]any, n)
		b := vec.NewBuilder(int8, 0)
		for i := range want {
			if src.Uint64()%4 != 0 {
				want[i] = int64(src.Uint64() % 100)
			}
			b.Append(want[i])
		}
		v := b.Build()
		require.Equal(t, want, boxed(v))

		from := int(src.Uint64()) & 0x7fff % n
		to := from + int(src.Uint64()&0x7fff)%(n-from+1)
		require.Equal(t, want[from:to], boxed(v.Slice(from, to)))

		sel := make([]int32, src.Uint64()%50)
		picked := make([]any, len(sel))
		for k := range sel {
			sel[k] = int32(src.Uint64() % uint64(n))
			picked[k] = want[sel[k]]
		}
		require.Equal(t, picked, boxed(v.Gather(sel)))

		c := vec.NewBuilder(int8, 0)
		c.AppendRows(v, sel)
		c.AppendFrom(v, 0)
		require.Equal(t, append(picked, want[0]), boxed(c.Build()))

		batch := vec.NewBatch([]vec.Vector{v}, n).WithSel(sel)
		require.Equal(t, picked, boxed(batch.Compact().Cols[0]))
	}
}

func boxed(v vec.Vector) []any {
	out := make([]any, v.Len())
	for i := range out {
		out[i] = v.Value(i)
	}
	return out
}

func TestConstants(t *testing.T) {
	text := types.ByOID(types.TextOID)
	for _, value := range []any{nil, "x"} {
		v := vec.Const(text, value, 3)
		require.True(t, v.IsConst())
		require.Equal(t, []any{value, value, value}, boxed(v))
		require.Equal(t, []any{value, value}, boxed(v.Gather([]int32{2, 0})))
		require.Equal(t, []any{value}, boxed(v.Slice(1, 2)))
		flat := vec.Flatten(v)
		require.False(t, flat.IsConst())
		require.Equal(t, []any{value, value, value}, boxed(flat))
	}
}

func TestEveryRep(t *testing.T) {
	for _, ty := range types.Builtin().All() {
		b := vec.NewBuilder(ty, 1)
		b.AppendNull()
		v := b.Build()
		require.Equal(t, []any{nil}, boxed(v), ty.Name)
		require.Equal(t, []any{nil, nil}, boxed(vec.Const(ty, nil, 2)), ty.Name)
	}
}

func TestBitmap(t *testing.T) {
	a, b := vec.NewBitmap(130), vec.NewBitmap(130)
	a.Set(0)
	a.Set(129)
	b.Set(64)
	u := vec.Union(a, b, 130)
	require.Equal(t, 3, u.Count())
	require.True(t, u.Get(0) && u.Get(64) && u.Get(129))
	u.Clear(64)
	require.False(t, u.Get(64))
	require.False(t, vec.Bitmap(nil).Get(5))
	require.Nil(t, vec.Union(nil, nil, 10))
}
