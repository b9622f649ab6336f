package types

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Bits is a bit string: a byte '0' or '1' for each bit, the first bit first. Its
// order as a string is bit_cmp's.
type Bits string

// BitType is bit(n). Its typmod is n.
var BitType = Register(Def[Bits]{
	Type: Type{OID: BitOID, Name: "bit", Array: 1561, Len: -1, Category: BitString, Unhashable: true, Doc: "fixed-length bit string"},
	Impl: bitsImpl("bit", func(v Bits, typmod int32) (Bits, error) { return CoerceBit(v, typmod, false) }),
	TypmodIn: func(mods []int32) (int32, error) {
		return bitTypmod(mods, "bit")
	},
	TypmodOut: typmodOutBits,
})

// VarbitType is bit varying(n). Its typmod is n.
var VarbitType = Register(Def[Bits]{
	Type: Type{OID: VarbitOID, Name: "varbit", Array: 1563, Len: -1, Category: BitString, Preferred: true, Unhashable: true,
		Doc: "variable-length bit string"},
	Impl: bitsImpl("bit varying", func(v Bits, typmod int32) (Bits, error) { return CoerceVarbit(v, typmod, false) }),
	TypmodIn: func(mods []int32) (int32, error) {
		return bitTypmod(mods, "varbit")
	},
	TypmodOut: typmodOutBits,
})

func bitsImpl(name string, fit func(v Bits, typmod int32) (Bits, error)) Impl[Bits] {
	return Impl[Bits]{
		In: func(_ *Env, s string, typmod int32) (Bits, error) {
			v, err := parseBits(s)
			if err != nil {
				return "", err
			}
			return fit(v, typmod)
		},
		Out: func(_ *Env, dst []byte, v Bits) []byte { return append(dst, v...) },
		Recv: func(_ *Env, b []byte, typmod int32) (Bits, error) {
			v, err := recvBits(b, name)
			if err != nil {
				return "", err
			}
			return fit(v, typmod)
		},
		Send:    func(_ *Env, dst []byte, v Bits) []byte { return append(appendBE(dst, uint64(len(v)), 4), v.Bytes()...) },
		Compare: func(a, b Bits) int { return strings.Compare(string(a), string(b)) },
		Hash:    func(v Bits) uint64 { return hashString(string(v)) },
	}
}

// Bytes are the bits by eight, the last ones filled with zeros.
func (v Bits) Bytes() []byte {
	out := make([]byte, (len(v)+7)/8)
	for i := range len(v) {
		out[i/8] |= (v[i] - '0') << (7 - i%8)
	}
	return out
}

// bitsOf are the first n bits of b.
func bitsOf(b []byte, n int) Bits {
	out := make([]byte, n)
	for i := range out {
		out[i] = '0' + b[i/8]>>(7-i%8)&1
	}
	return Bits(out)
}

// parseBits is bit_in without its length check: binary digits, after b if one
// likes, or hexadecimal ones after x.
func parseBits(s string) (Bits, error) {
	switch {
	case s != "" && s[0]|0x20 == 'x':
		return parseHexBits(s[1:])
	case s != "" && s[0]|0x20 == 'b':
		s = s[1:]
	}
	for i := range len(s) {
		if s[i] != '0' && s[i] != '1' {
			return "", badDigit(s[i:], "binary")
		}
	}
	return Bits(s), nil
}

func parseHexBits(s string) (Bits, error) {
	out := make([]byte, 0, 4*len(s))
	for i := range len(s) {
		d := hexValue(s[i])
		if d < 0 {
			return "", badDigit(s[i:], "hexadecimal")
		}
		for shift := 3; shift >= 0; shift-- {
			out = append(out, '0'+byte(d>>shift)&1)
		}
	}
	return Bits(out), nil
}

func badDigit(s, base string) error {
	_, n := utf8.DecodeRuneInString(s)
	return pgerr.New(pgerr.InvalidTextRepresentation, "\"%s\" is not a valid %s digit", s[:n], base)
}

func recvBits(b []byte, name string) (Bits, error) {
	if len(b) < 4 {
		return "", badBinary(name)
	}
	n := int32(beUint32(b))
	if n < 0 || int64(len(b)-4) != (int64(n)+7)/8 {
		return "", pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid length in external bit string")
	}
	return bitsOf(b[4:], int(n)), nil
}

// maxBitLength is the longest declared length of a bit type (MaxAttrSize bytes).
const maxBitLength = 8 * maxCharLength

func bitTypmod(mods []int32, name string) (int32, error) {
	switch {
	case len(mods) != 1:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid type modifier")
	case mods[0] < 1:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s must be at least 1", name)
	case mods[0] > maxBitLength:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s cannot exceed %d", name, maxBitLength)
	}
	return mods[0], nil
}

func typmodOutBits(typmod int32) string {
	if typmod < 0 {
		return ""
	}
	return typmodText(typmod)
}

// CoerceBit fits v into bit(n) of a typmod: an explicit cast cuts it or fills it
// with zeros at its end, otherwise another length is 22026.
func CoerceBit(v Bits, typmod int32, explicit bool) (Bits, error) {
	n := int(typmod)
	switch {
	case n <= 0 || n > maxBitLength || n == len(v):
		return v, nil
	case !explicit:
		return "", pgerr.New(pgerr.StringDataLengthMismatch, "bit string length %d does not match type bit(%d)", len(v), n)
	case len(v) > n:
		return v[:n], nil
	}
	return v + Bits(strings.Repeat("0", n-len(v))), nil
}

// CoerceVarbit fits v into bit varying(n) of a typmod: what is too long is cut
// by an explicit cast, else 22001.
func CoerceVarbit(v Bits, typmod int32, explicit bool) (Bits, error) {
	n := int(typmod)
	switch {
	case n <= 0 || n >= len(v):
		return v, nil
	case !explicit:
		return "", pgerr.New(pgerr.StringDataRightTruncation, "bit string too long for type bit varying(%d)", n)
	}
	return v[:n], nil
}
