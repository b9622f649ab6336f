package types

import (
	"strconv"
	"strings"
)

// uint32Impl is the implementation of the types that are 32 bits without sign.
func uint32Impl(typeName string, in func(s string) (uint32, error)) Impl[uint32] {
	return Impl[uint32]{
		In:  func(_ *Env, s string, _ int32) (uint32, error) { return in(s) },
		Out: func(_ *Env, dst []byte, v uint32) []byte { return strconv.AppendUint(dst, uint64(v), 10) },
		Recv: func(_ *Env, b []byte, _ int32) (uint32, error) {
			if len(b) != 4 {
				return 0, badBinary(typeName)
			}
			return beUint32(b), nil
		},
		Send:    func(_ *Env, dst []byte, v uint32) []byte { return appendBE(dst, uint64(v), 4) },
		Compare: func(a, b uint32) int { return cmpInt64(int64(a), int64(b)) },
		Hash:    func(v uint32) uint64 { return hashUint64(uint64(v)) },
	}
}

// OidType is oid.
var OidType = Register(Def[uint32]{
	Type: Type{OID: OidOID, Name: "oid", Array: OidArrayOID, Len: 4, ByVal: true, Category: NumericCat, Preferred: true,
		Doc: "object identifier(oid), maximum 4 billion"},
	Impl: uint32Impl("oid", ParseOID),
})

// ParseOID parses oid's text form: a decimal number, where a negative one means
// its two's complement. 22P02, 22003.
func ParseOID(s string) (OID, error) {
	body := trimSpace(s)
	digits := strings.TrimLeft(body, "+-")
	if num, rest := splitDigits(digits); num == "" || rest != "" || len(body)-len(digits) > 1 {
		return 0, InvalidInput("oid", s)
	}
	v, err := strconv.ParseInt(body, 10, 64)
	if err != nil || v > 1<<32-1 || v < -1<<31 {
		return 0, OutOfRange("oid", s)
	}
	return uint32(v), nil
}

// XidType is xid. Its input takes what C's strtoul takes and ignores the rest,
// as PostgreSQL 15 does. It can be compared for equality only.
var XidType = Register(Def[uint32]{
	Type: Type{OID: XidOID, Name: "xid", Array: 1011, Len: 4, ByVal: true, Category: UserDefined, Unordered: true,
		Doc: "transaction id"},
	Impl: uint32Impl("xid", func(s string) (uint32, error) { return uint32(parseUnsigned(s)), nil }),
})

// CidType is cid, with xid's rules.
var CidType = Register(Def[uint32]{
	Type: Type{OID: CidOID, Name: "cid", Array: 1012, Len: 4, ByVal: true, Category: UserDefined, Unordered: true,
		Doc: "command identifier type, sequence in transaction id"},
	Impl: uint32Impl("cid", func(s string) (uint32, error) { return uint32(parseUnsigned(s)), nil }),
})

// XID8 is a full transaction id.
type XID8 uint64

// Xid8Type is xid8.
var Xid8Type = Register(Def[XID8]{
	Type: Type{OID: 5069, Name: "xid8", Array: 271, Len: 8, ByVal: true, Align: 'd', Category: UserDefined,
		Doc: "full transaction id"},
	Impl: Impl[XID8]{
		In:  func(_ *Env, s string, _ int32) (XID8, error) { return XID8(parseUnsigned(s)), nil },
		Out: func(_ *Env, dst []byte, v XID8) []byte { return strconv.AppendUint(dst, uint64(v), 10) },
		Recv: func(_ *Env, b []byte, _ int32) (XID8, error) {
			if len(b) != 8 {
				return 0, badBinary("xid8")
			}
			return XID8(beUint64(b)), nil
		},
		Send:    func(_ *Env, dst []byte, v XID8) []byte { return appendBE(dst, uint64(v), 8) },
		Compare: compareUint64[XID8],
		Hash:    func(v XID8) uint64 { return hashUint64(uint64(v)) },
	},
})

func compareUint64[T ~uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// parseUnsigned is C's strtoull with base 0: the number that s begins with, 0
// where it begins with none.
func parseUnsigned(s string) uint64 {
	s = strings.TrimLeft(s, spaces)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-")
	base := uint64(10)
	if len(s) > 1 && s[0] == '0' {
		base, s = 8, s[1:]
		if s[0]|0x20 == 'x' {
			base, s = 16, s[1:]
		}
	}
	var v uint64
	for i := 0; i < len(s); i++ {
		d := hexValue(s[i])
		if d < 0 || uint64(d) >= base {
			break
		}
		if v > (1<<64-1-uint64(d))/base {
			return 1<<64 - 1
		}
		v = v*base + uint64(d)
	}
	if neg {
		return -v
	}
	return v
}
