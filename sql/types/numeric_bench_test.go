package types

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkNumeric is TPC-H's pricing arithmetic on numeric(15,2), per row.
func BenchmarkNumeric(b *testing.B) {
	price, discount := make([]Numeric, 1024), make([]Numeric, 1024)
	for i := range price {
		price[i] = NumericFromScaled(int64(90000+i*1037), 2)
		discount[i] = NumericFromScaled(int64(i%11), 2)
	}
	b.Run("add", func(b *testing.B) {
		sum := Numeric{scale: 2}
		for i := range b.N {
			sum, _ = sum.Add(price[i&1023])
		}
	})
	b.Run("mul", func(b *testing.B) {
		var p Numeric
		for i := range b.N {
			p, _ = price[i&1023].Mul(discount[i&1023])
		}
		require.Equal(b, int32(4), p.Scale())
	})
	b.Run("div", func(b *testing.B) {
		for i := range b.N {
			_, _ = price[i&1023].Div(NumericFromScaled(int64(i&1023+7), 2))
		}
	})
	b.Run("sum", func(b *testing.B) {
		sum := NumericSum{scale: 2}
		for i := range b.N {
			sum.Add(price[i&1023])
		}
	})
	b.Run("cmp", func(b *testing.B) {
		n := 0
		for i := range b.N {
			n += price[i&1023].Cmp(discount[i&1023])
		}
	})
	b.Run("text", func(b *testing.B) {
		var room [40]byte
		for i := range b.N {
			price[i&1023].AppendText(room[:0])
		}
	})
	b.Run("parse", func(b *testing.B) {
		for range b.N {
			_, _ = ParseNumeric("123456.78")
		}
	})
	b.Run("hash", func(b *testing.B) {
		for i := range b.N {
			price[i&1023].Hash()
		}
	})
}
