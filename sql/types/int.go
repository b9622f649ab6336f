package types

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// ParseInt parses the text form of an integer type of that many bits as
// PostgreSQL 15 does: optional white space and sign, decimal digits only.
// 22P02, or 22003 if the digits do not fit (whatever follows them).
func ParseInt(s string, bits int, typeName string) (int64, error) {
	rest := strings.TrimLeft(s, spaces)
	neg := rest != "" && rest[0] == '-'
	if neg || rest != "" && rest[0] == '+' {
		rest = rest[1:]
	}
	digits, rest := splitDigits(rest)
	if digits == "" {
		return 0, InvalidInput(typeName, s)
	}
	limit := uint64(1) << (bits - 1)
	if !neg {
		limit--
	}
	u, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || u > limit {
		return 0, OutOfRange(typeName, s)
	}
	if trimSpace(rest) != "" {
		return 0, InvalidInput(typeName, s)
	}
	if neg {
		return -int64(u), nil
	}
	return int64(u), nil
}

// intImpl is the implementation of the integer types, by their width.
func intImpl[T int16 | int32 | int64](bits int, typeName string) Impl[T] {
	size := bits / 8
	return Impl[T]{
		In: func(_ *Env, s string, _ int32) (T, error) {
			v, err := ParseInt(s, bits, typeName)
			return T(v), err
		},
		Out: func(_ *Env, dst []byte, v T) []byte { return strconv.AppendInt(dst, int64(v), 10) },
		Recv: func(_ *Env, b []byte, _ int32) (T, error) {
			if len(b) != size {
				return 0, badBinary(typeName)
			}
			return T(beInt(b)), nil
		},
		Send:    func(_ *Env, dst []byte, v T) []byte { return appendBE(dst, uint64(v), size) },
		Compare: func(a, b T) int { return cmpInt64(int64(a), int64(b)) },
		Hash:    func(v T) uint64 { return hashUint64(uint64(v)) },
	}
}

// beInt reads a big-endian integer of b's width, sign extended.
func beInt(b []byte) int64 {
	switch len(b) {
	case 2:
		return int64(int16(beUint16(b)))
	case 4:
		return int64(int32(beUint32(b)))
	}
	return int64(beUint64(b))
}

func appendBE(dst []byte, v uint64, size int) []byte {
	switch size {
	case 2:
		return binary.BigEndian.AppendUint16(dst, uint16(v))
	case 4:
		return binary.BigEndian.AppendUint32(dst, uint32(v))
	}
	return binary.BigEndian.AppendUint64(dst, v)
}

// Int2Type is smallint.
var Int2Type = Register(Def[int16]{
	Type: Type{OID: Int2OID, Name: "int2", Array: Int2ArrayOID, Len: 2, ByVal: true, Align: 's',
		Category: NumericCat, Doc: "-32 thousand to 32 thousand, 2-byte storage"},
	Impl: intImpl[int16](16, "smallint"),
})

// Int4Type is integer.
var Int4Type = Register(Def[int32]{
	Type: Type{OID: Int4OID, Name: "int4", Array: Int4ArrayOID, Len: 4, ByVal: true,
		Category: NumericCat, Doc: "-2 billion to 2 billion integer, 4-byte storage"},
	Impl: intImpl[int32](32, "integer"),
})

// Int8Type is bigint.
var Int8Type = Register(Def[int64]{
	Type: Type{OID: Int8OID, Name: "int8", Array: Int8ArrayOID, Len: 8, ByVal: true, Align: 'd',
		Category: NumericCat, Doc: "~18 digit integer, 8-byte storage"},
	Impl: intImpl[int64](64, "bigint"),
})
