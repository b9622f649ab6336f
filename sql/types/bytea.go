package types

import (
	"bytes"
	"encoding/hex"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ByteaType is bytea.
var ByteaType = Register(Def[[]byte]{
	Type: Type{OID: ByteaOID, Name: "bytea", Array: ByteaArrayOID, Len: -1, Category: UserDefined,
		Doc: "variable-length string, binary values escaped"},
	Impl: Impl[[]byte]{
		In: func(_ *Env, s string, _ int32) ([]byte, error) { return ParseBytea(s) },
		Out: func(env *Env, dst []byte, v []byte) []byte {
			if env != nil && env.ByteaEscape {
				return appendByteaEscape(dst, v)
			}
			return hex.AppendEncode(append(dst, '\\', 'x'), v)
		},
		Recv:    func(_ *Env, b []byte, _ int32) ([]byte, error) { return append([]byte{}, b...), nil },
		Send:    func(_ *Env, dst []byte, v []byte) []byte { return append(dst, v...) },
		Compare: bytes.Compare,
		Hash:    hashBytes,
	},
})

// ParseBytea parses both forms of bytea: \x and hexadecimal digits, or the
// escape form. 22023 for bad digits, 22P02 for bad escapes.
func ParseBytea(s string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(s, "\\x"); ok {
		return DecodeHex(digits)
	}
	if strings.IndexByte(s, '\\') < 0 {
		return []byte(s), nil
	}
	return parseByteaEscape(s)
}

// DecodeHex decodes pairs of hexadecimal digits, with white space between the
// pairs, as decode(…, 'hex') does. 22023.
func DecodeHex(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); {
		if strings.IndexByte(" \n\t\r", s[i]) >= 0 {
			i++
			continue
		}
		high, err := hexDigit(s[i:])
		if err != nil {
			return nil, err
		}
		if i+1 == len(s) {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
		}
		low, err := hexDigit(s[i+1:])
		if err != nil {
			return nil, err
		}
		out = append(out, high<<4|low)
		i += 2
	}
	return out, nil
}

func hexDigit(s string) (byte, error) {
	if d := hexValue(s[0]); d >= 0 {
		return byte(d), nil
	}
	return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid hexadecimal digit: \"%s\"", s[:runeLen(s)])
}

func parseByteaEscape(s string) ([]byte, error) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		switch {
		case s[i] != '\\':
			out = append(out, s[i])
			i++
		case strings.HasPrefix(s[i:], "\\\\"):
			out = append(out, '\\')
			i += 2
		case isOctalEscape(s[i:]):
			out = append(out, octalEscape(s[i:]))
			i += 4
		default:
			return nil, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
	}
	return out, nil
}

func isOctalEscape(s string) bool {
	return len(s) >= 4 && s[1]-'0' < 4 && s[2]-'0' < 8 && s[3]-'0' < 8
}

// octalEscape is the byte that \ooo stands for.
func octalEscape(s string) byte { return (s[1]-'0')<<6 | (s[2]-'0')<<3 | (s[3] - '0') }

func appendOctal(dst []byte, c byte) []byte { return append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7) }

func appendByteaEscape(dst, v []byte) []byte {
	for _, c := range v {
		switch {
		case c == '\\':
			dst = append(dst, '\\', '\\')
		case c < 0x20 || c > 0x7e:
			dst = appendOctal(dst, c)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
