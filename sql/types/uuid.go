package types

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// UUIDType is uuid.
var UUIDType = Register(Def[UUID]{
	Type: Type{OID: UUIDOID, Name: "uuid", Array: 2951, Len: 16, Align: 'c', Category: UserDefined, Doc: "UUID datatype"},
	Impl: Impl[UUID]{
		In:  func(_ *Env, s string, _ int32) (UUID, error) { return ParseUUID(s) },
		Out: func(_ *Env, dst []byte, v UUID) []byte { return v.AppendText(dst) },
		Recv: func(_ *Env, b []byte, _ int32) (UUID, error) {
			if len(b) != len(UUID{}) {
				return UUID{}, badBinary("uuid")
			}
			return UUID(b), nil
		},
		Send:    func(_ *Env, dst []byte, v UUID) []byte { return append(dst, v[:]...) },
		Compare: func(a, b UUID) int { return bytes.Compare(a[:], b[:]) },
		Hash:    func(v UUID) uint64 { return hashBytes(v[:]) },
	},
})

// ParseUUID parses 32 hexadecimal digits with an optional hyphen after each
// group of four, optionally in braces. 22P02.
func ParseUUID(s string) (UUID, error) {
	var u UUID
	rest := s
	if inner, ok := strings.CutPrefix(s, "{"); ok {
		if rest, ok = strings.CutSuffix(inner, "}"); !ok {
			return u, InvalidInput("uuid", s)
		}
	}
	for i := range u {
		if len(rest) < 2 {
			return u, InvalidInput("uuid", s)
		}
		high, low := hexValue(rest[0]), hexValue(rest[1])
		if high < 0 || low < 0 {
			return u, InvalidInput("uuid", s)
		}
		u[i], rest = byte(high<<4|low), rest[2:]
		if i%2 == 1 && i < len(u)-1 {
			rest = strings.TrimPrefix(rest, "-")
		}
	}
	if rest != "" {
		return u, InvalidInput("uuid", s)
	}
	return u, nil
}

// AppendText appends the canonical form, in lower case with hyphens.
func (u UUID) AppendText(dst []byte) []byte {
	for i, part := range [][]byte{u[:4], u[4:6], u[6:8], u[8:10], u[10:]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, part)
	}
	return dst
}

// String is the canonical form.
func (u UUID) String() string { return string(u.AppendText(nil)) }
