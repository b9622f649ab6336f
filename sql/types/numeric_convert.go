package types

import (
	"math"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Int64 rounds half away from zero to an integer; ok is false for NaN, the
// infinities and what does not fit.
func (n Numeric) Int64() (v int64, ok bool) {
	if n.kind != numFinite {
		return 0, false
	}
	if n.scale != 0 {
		n = n.Round(0)
	}
	return n.coef, n.big == nil
}

// Int32 is Int64 for an int32.
func (n Numeric) Int32() (int32, bool) {
	v, ok := n.Int64()
	return int32(v), ok && int64(int32(v)) == v
}

// Int16 is Int64 for an int16.
func (n Numeric) Int16() (int16, bool) {
	v, ok := n.Int64()
	return int16(v), ok && int64(int16(v)) == v
}

// ToInt8 is the cast to bigint: 22003 if out of range, 0A000 for NaN and the
// infinities.
func (n Numeric) ToInt8() (int64, error) { return castInt(n, n.Int64, "bigint") }

// ToInt4 is the cast to integer, with ToInt8's errors.
func (n Numeric) ToInt4() (int32, error) { return castInt(n, n.Int32, "integer") }

// ToInt2 is the cast to smallint, with ToInt8's errors.
func (n Numeric) ToInt2() (int16, error) { return castInt(n, n.Int16, "smallint") }

func castInt[T any](n Numeric, get func() (T, bool), name string) (T, error) {
	v, ok := get()
	switch {
	case ok:
		return v, nil
	case n.kind == numNaN:
		return v, pgerr.New(pgerr.FeatureNotSupported, "cannot convert NaN to %s", name)
	case n.kind != numFinite:
		return v, pgerr.New(pgerr.FeatureNotSupported, "cannot convert infinity to %s", name)
	}
	return v, pgerr.New(pgerr.NumericValueOutOfRange, "%s out of range", name)
}

// pow10F holds the powers of ten that a float64 holds exactly.
var pow10F = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Float64 is the nearest float8; 22003 where PostgreSQL's cast raises it
// (too large, or not zero and too small).
func (n Numeric) Float64() (float64, error) {
	if n.kind == numFinite && n.big == nil && n.coef > -1<<53 && n.coef < 1<<53 && int(n.scale) < len(pow10F) {
		return float64(n.coef) / pow10F[n.scale], nil // exact operands: rounded once
	}
	return n.parseFloat(64, "double precision")
}

// Float32 is the nearest float4; 22003 as Float64.
func (n Numeric) Float32() (float32, error) {
	f, err := n.parseFloat(32, "real")
	return float32(f), err
}

func (n Numeric) parseFloat(bits int, name string) (float64, error) {
	switch n.kind {
	case numNaN:
		return math.NaN(), nil
	case numPosInf:
		return math.Inf(1), nil
	case numNegInf:
		return math.Inf(-1), nil
	}
	s := n.String()
	f, err := strconv.ParseFloat(s, bits)
	if err != nil || f == 0 && !n.IsZero() {
		return 0, pgerr.New(pgerr.NumericValueOutOfRange, "\"%s\" is out of range for type %s", s, name)
	}
	return f, nil
}

// approxFloat is Float64 with the infinities for what is out of range: the
// estimates of numeric.c.
func (n Numeric) approxFloat() float64 {
	f, err := n.Float64()
	if err == nil {
		return f
	}
	f, _ = strconv.ParseFloat(n.String(), 64)
	return f
}

// Hash is equal for equal values, whatever their scales.
func (n Numeric) Hash() uint64 {
	if n.kind != numFinite {
		return hashUint64(uint64(n.kind) + 0x9e37)
	}
	n = n.TrimScale()
	if n.big == nil {
		return hashUint64(uint64(n.coef) + uint64(n.scale)*0x9e3779b97f4a7c15)
	}
	h := hashBytes(n.big.Bytes()) + uint64(n.scale)
	if n.big.Sign() < 0 {
		h = ^h
	}
	return h
}
