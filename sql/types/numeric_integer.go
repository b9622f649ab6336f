package types

import (
	"math/big"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxFactorial is the largest argument whose factorial the format holds.
const maxFactorial = 32177

// NumericFactorial is factorial(): 22003 for a negative argument and for more
// than the format holds.
func NumericFactorial(n int64) (Numeric, error) {
	if n < 0 {
		return Numeric{}, pgerr.New(pgerr.NumericValueOutOfRange, "factorial of a negative number is undefined")
	}
	if n > maxFactorial {
		return Numeric{}, numericOverflow()
	}
	return NumericFromBigInt(new(big.Int).MulRange(1, n), 0), nil
}

// GCD is the greatest common divisor, never negative, with the larger scale;
// NaN unless both are finite.
func (n Numeric) GCD(m Numeric) Numeric {
	if n.kind != numFinite || m.kind != numFinite {
		return NumericNaN
	}
	scale := max(n.scale, m.scale)
	a, b := new(big.Int).Abs(n.bigAt(scale)), new(big.Int).Abs(m.bigAt(scale))
	return NumericFromBigInt(a.GCD(nil, nil, a, b), scale)
}

// LCM is the least common multiple, never negative, with the larger scale; NaN
// unless both are finite. 22003 if the format overflows.
func (n Numeric) LCM(m Numeric) (Numeric, error) {
	if n.kind != numFinite || m.kind != numFinite {
		return NumericNaN, nil
	}
	scale := max(n.scale, m.scale)
	if n.IsZero() || m.IsZero() {
		return Numeric{scale: scale}, nil
	}
	a, b := new(big.Int).Abs(n.bigAt(scale)), new(big.Int).Abs(m.bigAt(scale))
	g := new(big.Int).GCD(nil, nil, a, b)
	return checkedBig(a.Mul(a.Quo(a, g), b), scale)
}

// WidthBucket is width_bucket(): the bucket, from 1, that n falls into when
// [low, high) is cut into count equal parts; 0 below and count+1 above. The
// bounds may be given in descending order. 2201G for bad arguments.
func (n Numeric) WidthBucket(low, high Numeric, count int32) (int32, error) {
	if err := checkBuckets(n, low, high, count); err != nil {
		return 0, err
	}
	dir := high.Cmp(low)
	switch {
	case n.Cmp(low)*dir < 0:
		return 0, nil
	case n.kind != numFinite || n.Cmp(high)*dir >= 0:
		if count == 1<<31-1 {
			return 0, pgerr.New(pgerr.NumericValueOutOfRange, "integer out of range")
		}
		return count + 1, nil
	}
	scale := max(n.scale, low.scale, high.scale)
	lo, hi := low.bigAt(scale), high.bigAt(scale)
	num := new(big.Int).Sub(n.bigAt(scale), lo)
	num.Mul(num, big.NewInt(int64(count)))
	num.Quo(num, new(big.Int).Sub(hi, lo))
	return int32(num.Int64()) + 1, nil
}

func checkBuckets(n, low, high Numeric, count int32) error {
	msg := ""
	switch {
	case count <= 0:
		msg = "count must be greater than zero"
	case n.kind == numNaN || low.kind == numNaN || high.kind == numNaN:
		msg = "operand, lower bound, and upper bound cannot be NaN"
	case low.kind != numFinite || high.kind != numFinite:
		msg = "lower and upper bounds must be finite"
	case low.Cmp(high) == 0:
		msg = "lower bound cannot equal upper bound"
	default:
		return nil
	}
	return pgerr.New(pgerr.InvalidArgumentForWidthBucketFunction, "%s", msg)
}
