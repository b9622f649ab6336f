package columns

import (
	"math"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

func vector(t testing.TB, oid types.OID, texts ...string) vec.Vector {
	typ := types.ByOID(oid)
	b := vec.NewBuilder(typ, len(texts))
	for _, s := range texts {
		if s == "NULL" {
			b.AppendNull()
			continue
		}
		v, err := typ.In(types.DefaultEnv(), s, -1)
		require.NoError(t, err)
		b.Append(v)
	}
	return b.Build()
}

// equalValues are groups of texts that are equal values of their type, in
// ascending order; NULL is a group of its own.
var equalValues = []struct {
	oid    types.OID
	groups [][]string
}{
	{types.BoolOID, [][]string{{"f"}, {"t", "true"}, {"NULL"}}},
	{types.Int4OID, [][]string{{"-5"}, {"0", "-0"}, {"7"}, {"NULL"}}},
	{types.Float8OID, [][]string{{"-Infinity"}, {"-1.5"}, {"0", "-0"}, {"1e300"}, {"Infinity"}, {"NaN", "NaN"}, {"NULL"}}},
	{types.Float4OID, [][]string{{"-2"}, {"0", "-0"}, {"NaN", "NaN"}, {"NULL"}}},
	{types.NumericOID, [][]string{{"-1"}, {"1", "1.0", "1.00"}, {"10000000000000000000000"}, {"NaN"}, {"NULL"}}},
	{types.TextOID, [][]string{{""}, {"a"}, {"a "}, {"abcdefgh1"}, {"abcdefgh2"}, {"b"}, {"NULL"}}},
	{types.BpcharOID, [][]string{{"a", "a ", "a   "}, {"b"}, {"NULL"}}},
	{types.ByteaOID, [][]string{{`\x`}, {`\x00`}, {`\xff`}, {"NULL"}}},
	{types.IntervalOID, [][]string{{"1 day"}, {"30 days", "1 mon", "720:00:00"}, {"NULL"}}},
	{types.UUIDOID, [][]string{{"00000000-0000-0000-0000-000000000001"}, {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}, {"NULL"}}},
	{types.JSONBOID, [][]string{{`{"a": 1, "b": 2}`, `{"b": 2, "a": 1.0}`}, {"NULL"}}},
	{types.Int4ArrayOID, [][]string{{"{}"}, {"{1,2}"}, {"{1,3}"}, {"{2}"}, {"NULL"}}},
}

func TestEqualityHashAndOrderAgree(t *testing.T) {
	for _, c := range equalValues {
		var texts []string
		var group []int
		for g, members := range c.groups {
			for _, m := range members {
				texts, group = append(texts, m), append(group, g)
			}
		}
		v := vector(t, c.oid, texts...)
		typ := v.Type()
		table := NewTable([]*types.Type{typ})
		numbers := make([]int32, len(texts))
		keys := []vec.Vector{v}
		table.Insert(keys, nil, len(texts), table.Hash(keys, nil, len(texts)), numbers)
		require.Equal(t, len(c.groups), table.Len(), typ.Name)
		orders := NewOrders([]Order{{Type: typ}})
		for i := range texts {
			for j := range texts {
				require.Equal(t, group[i] == group[j], numbers[i] == numbers[j], "%s: %s and %s", typ.Name, texts[i], texts[j])
				require.Equal(t, sign(group[i]-group[j]), sign(orders.Compare(keys, i, keys, j)), "%s: %s and %s", typ.Name, texts[i], texts[j])
			}
		}
	}
}

func sign(n int) int { return max(-1, min(n, 1)) }

// TestSort: all rows, in order. That ties come as PostgreSQL has them is tested against
// it (tests/sqllogic, sort_ties).
func TestSort(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewSource(seed))
	for range 40 {
		n := rng.Intn(200)
		var keys []vec.Vector
		var orders []Order
		for _, k := range rng.Perm(len(equalValues))[:1+rng.Intn(3)] {
			c := equalValues[k]
			texts := make([]string, n)
			for i := range texts {
				g := c.groups[rng.Intn(len(c.groups))]
				texts[i] = g[rng.Intn(len(g))]
			}
			v := vector(t, c.oid, texts...)
			keys = append(keys, v)
			orders = append(orders, Order{Type: v.Type(), Desc: rng.Intn(2) == 0, NullsFirst: rng.Intn(2) == 0})
		}
		o := NewOrders(orders)
		got := o.Sort(keys, n)
		require.True(t, slices.IsSortedFunc(got, func(a, b int32) int { return o.Compare(keys, int(a), keys, int(b)) }))
		require.ElementsMatch(t, vec.All(n), got)
	}
}

func TestIntegersOfAnyWidthHashAlike(t *testing.T) {
	for _, pair := range [][2]types.OID{{types.Int2OID, types.Int4OID}, {types.Int4OID, types.Int8OID}, {types.Int8OID, types.Int2OID}, {types.Float4OID, types.Float8OID}} {
		a, b := vector(t, pair[0], "-7", "NULL", "3"), vector(t, pair[1], "-7", "NULL", "3")
		common, ok := Common(a.Type(), b.Type())
		require.True(t, ok)
		a, b = Widen(a, common), Widen(b, common)
		table := NewTable([]*types.Type{common})
		table.Insert([]vec.Vector{a}, nil, 3, table.Hash([]vec.Vector{a}, nil, 3), make([]int32, 3))
		found := make([]int32, 3)
		table.Find([]vec.Vector{b}, nil, 3, table.Hash([]vec.Vector{b}, nil, 3), found)
		require.Equal(t, []int32{0, 1, 2}, found)
	}
	_, ok := Common(types.ByOID(types.Int4OID), types.ByOID(types.TextOID))
	require.False(t, ok)
	_, ok = Common(types.ByOID(types.BpcharOID), types.ByOID(types.TextOID))
	require.False(t, ok, "bpchar ignores trailing blanks, text does not")
}

func TestFloatKeyOrders(t *testing.T) {
	fs := []float64{math.Inf(-1), -1e300, -1, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 1, 1e300, math.Inf(1), math.NaN()}
	for i := range fs[1:] {
		require.Less(t, FloatKey(fs[i]), FloatKey(fs[i+1]))
	}
	require.Equal(t, FloatKey(0), FloatKey(math.Copysign(0, -1)))
}

func TestAssembleGatherConcat(t *testing.T) {
	a, b := vector(t, types.TextOID, "a", "NULL", "c"), vector(t, types.TextOID, "x", "y", "NULL")
	out := NewAssembler(a.Type(), 3)
	out.Set(a, nil)
	out.Set(b, []int32{1, 2})
	v := out.Build()
	require.Equal(t, []any{"a", "y", nil}, []any{v.Value(0), v.Value(1), v.Value(2)})
	v = GatherNull(a, []int32{2, -1, 0, 1})
	require.Equal(t, []any{"c", nil, "a", nil}, []any{v.Value(0), v.Value(1), v.Value(2), v.Value(3)})
	v = vec.Concat(a.Type(), []vec.Vector{a, vec.Const(a.Type(), "k", 2), vec.Const(a.Type(), nil, 1)}, 6)
	require.Equal(t, []any{"a", nil, "c", "k", "k", nil}, []any{v.Value(0), v.Value(1), v.Value(2), v.Value(3), v.Value(4), v.Value(5)})
}
