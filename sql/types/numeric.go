package types

import "math/big"

// Numeric is an exact decimal: coefficient × 10^-scale, where scale is the
// display scale (dscale) that PostgreSQL keeps, so 1.50 and 1.5 compare equal
// and print differently. Coefficients that fit an int64 are held inline and
// cost no allocation. The zero value is 0.
type Numeric struct {
	coef  int64
	big   *big.Int // the coefficient where it does not fit coef; never changed
	scale int32
	kind  numericKind
}

type numericKind uint8

const (
	numFinite numericKind = iota
	numNaN
	numPosInf
	numNegInf
)
