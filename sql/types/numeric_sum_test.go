package types

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNumericSum compares the accumulator with plain addition.
func TestNumericSum(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 1))
	for range 200 {
		var sum, left, right NumericSum
		want := Numeric{}
		for i := range 50 {
			n := randomNumeric(r)
			sum.Add(n)
			if i%2 == 0 {
				left.Add(n)
			} else {
				right.Add(n)
			}
			var err error
			want, err = want.Add(n)
			require.NoError(t, err)
		}
		left.Merge(&right)
		for _, s := range []*NumericSum{&sum, &left} {
			got, err := s.Numeric()
			require.NoError(t, err)
			assert.Equal(t, want.String(), got.String())
		}
		n := randomNumeric(r)
		sum.Add(n)
		sum.Sub(n)
		got, err := sum.Numeric()
		require.NoError(t, err)
		assert.True(t, want.Equal(got))
	}
}

// randomNumeric draws from all sizes: inline, at the limits, and beyond 128
// bits.
func randomNumeric(r *rand.Rand) Numeric {
	c := int64(r.Uint64() >> r.IntN(64))
	if r.IntN(2) == 0 {
		c = -c
	}
	n := NumericFromScaled(c, int32(r.IntN(6)))
	if r.IntN(4) == 0 {
		n, _ = n.Mul(NumericFromInt64(int64(r.Uint64())))
	}
	if r.IntN(10) == 0 {
		n, _ = n.Mul(n)
	}
	return n
}

func TestNumericSumSpecial(t *testing.T) {
	var s NumericSum
	s.Add(NumericFromInt64(1))
	s.Add(NumericPosInf)
	assertSum(t, &s, "Infinity")
	s.Add(NumericNegInf)
	assertSum(t, &s, "NaN")
	s.Sub(NumericPosInf)
	assertSum(t, &s, "-Infinity")
	s.Sub(NumericNegInf)
	assertSum(t, &s, "1")
	s.Add(NumericNaN)
	assertSum(t, &s, "NaN")
}

func assertSum(t *testing.T, s *NumericSum, want string) {
	t.Helper()
	got, err := s.Numeric()
	require.NoError(t, err)
	assert.Equal(t, want, got.String())
}

// TestNumericInlineAndBigAgree runs the arithmetic on the same values held
// inline and pushed through the slow path.
func TestNumericInlineAndBigAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 2))
	for range 2000 {
		a, b := randomNumeric(r), randomNumeric(r)
		sum, err := a.Add(b)
		require.NoError(t, err)
		back, err := sum.Sub(b)
		require.NoError(t, err)
		require.True(t, back.Equal(a), "%s + %s", a, b)
		require.Equal(t, a.Hash(), back.Hash(), "%s", a)
		require.Equal(t, -1*a.Cmp(b), b.Cmp(a))
		again, err := NumericFromBinary(a.AppendBinary(nil))
		require.NoError(t, err)
		require.Equal(t, a.String(), again.String())
		if b.IsZero() {
			continue
		}
		q, err := a.DivTrunc(b)
		require.NoError(t, err)
		m, err := a.Mod(b)
		require.NoError(t, err)
		p, err := q.Mul(b)
		require.NoError(t, err)
		p, err = p.Add(m)
		require.NoError(t, err)
		require.True(t, p.Equal(a), "%s = %s * %s + %s", a, q, b, m)
	}
}
