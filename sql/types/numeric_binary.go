package types

import (
	"math/big"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// The sign words of the binary form (numeric.c): the infinities carry a scale
// word of 32, which PostgreSQL sends too.
const (
	wireNegative = 0x4000
	wireNaN      = 0xC000
	wirePosInf   = 0xD000
	wireNegInf   = 0xF000
	wireInfScale = 0x20
)

// AppendBinary appends numeric_send's form: count of base-10000 digits, weight
// of the first, sign, scale, the digits.
func (n Numeric) AppendBinary(dst []byte) []byte {
	switch n.kind {
	case numNaN:
		return appendUint16s(dst, 0, 0, wireNaN, 0)
	case numPosInf:
		return appendUint16s(dst, 0, 0, wirePosInf, wireInfScale)
	case numNegInf:
		return appendUint16s(dst, 0, 0, wireNegInf, wireInfScale)
	}
	if n.IsZero() {
		return appendUint16s(dst, 0, 0, 0, uint16(n.scale))
	}
	var room [48]byte
	groups, weight := n.baseDigits(room[:0])
	sign := uint16(0)
	if n.Sign() < 0 {
		sign = wireNegative
	}
	dst = appendUint16s(dst, uint16(len(groups)/nbaseDigits), uint16(int16(weight)), sign, uint16(n.scale))
	for ; len(groups) > 0; groups = groups[nbaseDigits:] {
		dst = appendUint16s(dst, digitGroup(groups))
	}
	return dst
}

func digitGroup(d []byte) uint16 {
	return uint16(d[0]-'0')*1000 + uint16(d[1]-'0')*100 + uint16(d[2]-'0')*10 + uint16(d[3]-'0')
}

// baseDigits returns the decimal digits of n, aligned to groups of four around
// the point, without zero groups at either end; weight is the first group's.
func (n Numeric) baseDigits(buf []byte) (groups []byte, weight int) {
	digits := n.digitCount()
	exp := digits - 1 - int(n.scale)
	weight = floorDiv(exp, nbaseDigits)
	for range weight*nbaseDigits + nbaseDigits - 1 - exp {
		buf = append(buf, '0')
	}
	buf = n.appendDigits(buf)
	for len(buf)%nbaseDigits != 0 {
		buf = append(buf, '0')
	}
	for string(buf[len(buf)-nbaseDigits:]) == "0000" {
		buf = buf[:len(buf)-nbaseDigits]
	}
	return buf, weight
}

// NumericFromBinary parses numeric_send's form; 22P03 for what is not one.
func NumericFromBinary(b []byte) (Numeric, error) {
	if len(b) < 8 || len(b) != 8+2*int(beUint16(b)) {
		return Numeric{}, badBinary("numeric")
	}
	weight, sign, scale := int16(beUint16(b[2:])), beUint16(b[4:]), int32(beUint16(b[6:]))
	switch sign {
	case wireNaN:
		return NumericNaN, nil
	case wirePosInf:
		return NumericPosInf, nil
	case wireNegInf:
		return NumericNegInf, nil
	case 0, wireNegative:
	default:
		return Numeric{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid sign in external \"numeric\" value")
	}
	if scale > numericMaxDScale {
		return Numeric{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid scale in external \"numeric\" value")
	}
	coef, err := numericCoefficient(b[8:], int(weight), scale)
	if err != nil {
		return Numeric{}, err
	}
	if sign == wireNegative {
		coef.Neg(coef)
	}
	return checkedBig(coef, scale)
}

// numericCoefficient reads base-10000 digits into a coefficient at a scale,
// truncating what is finer, as numeric_recv does.
func numericCoefficient(b []byte, weight int, scale int32) (*big.Int, error) {
	text := make([]byte, 0, 2*len(b)+1)
	text = append(text, '0')
	for ; len(b) > 0; b = b[2:] {
		d := beUint16(b)
		if d > 9999 {
			return nil, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid digit in external \"numeric\" value")
		}
		text = append(text, byte('0'+d/1000), byte('0'+d/100%10), byte('0'+d/10%10), byte('0'+d%10))
	}
	c, _ := new(big.Int).SetString(string(text), 10)
	groups := (len(text) - 1) / nbaseDigits
	up := scale + int32(weight-groups+1)*nbaseDigits
	if up >= 0 {
		return c.Mul(c, pow10Big(up)), nil
	}
	return c.Quo(c, pow10Big(-up)), nil
}
