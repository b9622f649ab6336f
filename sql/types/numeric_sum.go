package types

import (
	"math/big"
	"math/bits"
)

// NumericSum adds numerics exactly and without allocating while the sum fits
// 128 bits. It is the state of sum, avg and the variances. Subtracting what was
// added undoes it, so moving frames may use it. The zero value is the sum of
// nothing: 0.
type NumericSum struct {
	hi, lo uint64 // two's complement, at scale
	big    *big.Int
	scale  int32
	// counts of values that are not finite; a finite sum with any of these is
	// NaN or infinite.
	nan, posInf, negInf int64
}

// Add adds n.
func (s *NumericSum) Add(n Numeric) {
	if n.kind == numFinite && n.big == nil && n.scale == s.scale && s.big == nil {
		var carry uint64
		lo, carry := bits.Add64(s.lo, uint64(n.coef), 0)
		ext := uint64(n.coef >> 63)
		hi, _ := bits.Add64(s.hi, ext, carry)
		if int64((hi^s.hi)&(hi^ext)) >= 0 {
			s.hi, s.lo = hi, lo
			return
		}
	}
	s.addSlow(n, 1)
}

// Sub takes away an n that was added.
func (s *NumericSum) Sub(n Numeric) {
	if n.kind != numFinite {
		s.count(n.kind, -1)
		return
	}
	s.Add(n.Neg())
}

// Merge adds what o added.
func (s *NumericSum) Merge(o *NumericSum) {
	s.nan += o.nan
	s.posInf += o.posInf
	s.negInf += o.negInf
	s.Add(NumericFromBigInt(o.bigValue(), o.scale))
}

func (s *NumericSum) count(k numericKind, by int64) {
	switch k {
	case numNaN:
		s.nan += by
	case numPosInf:
		s.posInf += by
	case numNegInf:
		s.negInf += by
	}
}

func (s *NumericSum) addSlow(n Numeric, by int64) {
	if n.kind != numFinite {
		s.count(n.kind, by)
		return
	}
	sum := s.bigValue()
	if n.scale > s.scale {
		sum.Mul(sum, pow10Big(n.scale-s.scale))
		s.scale = n.scale
	}
	s.setBig(sum.Add(sum, n.bigAt(s.scale)))
}

// bigValue is the sum of the finite values at s.scale; the result is the
// caller's.
func (s *NumericSum) bigValue() *big.Int {
	if s.big != nil {
		return new(big.Int).Set(s.big)
	}
	hi, lo, neg := s.hi, s.lo, int64(s.hi) < 0
	if neg {
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	v := new(big.Int).SetUint64(hi)
	v.Lsh(v, 64).Or(v, new(big.Int).SetUint64(lo))
	if neg {
		v.Neg(v)
	}
	return v
}

// setBig stores v inline if it fits, so that a wide scale or one large value
// does not slow down what follows. It keeps v.
func (s *NumericSum) setBig(v *big.Int) {
	if v.BitLen() > 126 {
		s.big = v
		return
	}
	var room [16]byte
	v.FillBytes(room[:])
	s.big, s.hi, s.lo = nil, beUint64(room[:8]), beUint64(room[8:])
	if v.Sign() < 0 {
		var borrow uint64
		s.lo, borrow = bits.Sub64(0, s.lo, 0)
		s.hi, _ = bits.Sub64(0, s.hi, borrow)
	}
}

// Numeric returns the sum, whose scale is the largest that was added. 22003 if
// the format overflows.
func (s *NumericSum) Numeric() (Numeric, error) {
	switch {
	case s.nan > 0 || s.posInf > 0 && s.negInf > 0:
		return NumericNaN, nil
	case s.posInf > 0:
		return NumericPosInf, nil
	case s.negInf > 0:
		return NumericNegInf, nil
	case s.big == nil && s.hi == uint64(int64(s.lo)>>63):
		return Numeric{coef: int64(s.lo), scale: s.scale}, nil
	}
	return checkedBig(s.bigValue(), s.scale)
}
