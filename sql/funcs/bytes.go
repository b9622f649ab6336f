package funcs

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"math/bits"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func md5Hex[T string | []byte](s T) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// codec is one format of encode and decode.
type codec struct {
	encode func(b []byte) string
	decode func(s string) ([]byte, error)
}

var codecs = map[string]codec{
	"hex":    {hex.EncodeToString, decodeHex},
	"base64": {encodeBase64, decodeBase64},
	"escape": {encodeEscape, decodeEscape},
}

func codecNamed(name string) (codec, error) {
	c, ok := codecs[lowerASCII(name)]
	if !ok {
		return c, pgerr.New(pgerr.InvalidParameterValue, "unrecognized encoding: \"%s\"", name)
	}
	return c, nil
}

func encodeBytes(b []byte, name string) (string, error) {
	c, err := codecNamed(name)
	if err != nil {
		return "", err
	}
	return c.encode(b), nil
}

func decodeText(s, name string) ([]byte, error) {
	c, err := codecNamed(name)
	if err != nil {
		return nil, err
	}
	return c.decode(s)
}

func decodeHex(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); {
		if strings.IndexByte(" \n\t\r", s[i]) >= 0 {
			i++
			continue
		}
		hi, err := hexDigit(s[i:])
		if err != nil {
			return nil, err
		}
		if i+1 >= len(s) {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
		}
		lo, err := hexDigit(s[i+1:])
		if err != nil {
			return nil, err
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	return out, nil
}

func hexDigit(s string) (byte, error) {
	v, err := strconv.ParseUint(s[:1], 16, 8)
	if err != nil {
		bad, _ := clipChars(s, 1)
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid hexadecimal digit: \"%s\"", bad)
	}
	return byte(v), nil
}

// encodeBase64 breaks lines after 76 characters (RFC 2045).
func encodeBase64(b []byte) string {
	s := base64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	for len(s) > 76 {
		out.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return out.String() + s
}

// decodeBase64 follows pg_base64_decode, for its errors.
func decodeBase64(s string) ([]byte, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var out []byte
	var buf uint32
	pos, end := 0, 0
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(" \t\n\r", c) >= 0 {
			continue
		}
		v := strings.IndexByte(alphabet, c)
		if c == '=' {
			if end == 0 {
				switch pos {
				case 2:
					end = 1
				case 3:
					end = 2
				default:
					return nil, pgerr.New(pgerr.InvalidParameterValue, "unexpected \"=\" while decoding base64 sequence")
				}
			}
			v = 0
		} else if v < 0 {
			bad, _ := clipChars(s[i:], 1)
			return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid symbol \"%s\" found while decoding base64 sequence", bad)
		}
		buf = buf<<6 | uint32(v)
		if pos++; pos == 4 {
			out = append(out, byte(buf>>16))
			if end == 0 || end > 1 {
				out = append(out, byte(buf>>8))
			}
			if end == 0 || end > 2 {
				out = append(out, byte(buf))
			}
			buf, pos = 0, 0
		}
	}
	if pos != 0 {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid base64 end sequence").
			WithHint("Input data is missing padding, is truncated, or is otherwise corrupted.")
	}
	return out, nil
}

func encodeEscape(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		switch {
		case c == 0 || c >= 0x80:
			out.WriteString("\\" + string([]byte{'0' + c>>6, '0' + c>>3&7, '0' + c&7}))
		case c == '\\':
			out.WriteString(`\\`)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

func decodeEscape(s string) ([]byte, error) {
	var out []byte
	octal := func(i int, most byte) bool { return i < len(s) && s[i] >= '0' && s[i] <= most }
	for i := 0; i < len(s); {
		switch {
		case s[i] != '\\':
			out = append(out, s[i])
			i++
		case octal(i+1, '3') && octal(i+2, '7') && octal(i+3, '7'):
			out = append(out, (s[i+1]-'0')<<6|(s[i+2]-'0')<<3|(s[i+3]-'0'))
			i += 4
		case i+1 < len(s) && s[i+1] == '\\':
			out = append(out, '\\')
			i += 2
		default:
			return nil, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type %s", "bytea")
		}
	}
	return out, nil
}

func byteIndex(i, limit int64) (int64, error) {
	if i < 0 || i >= limit {
		return 0, pgerr.New(pgerr.ArraySubscriptError, "index %d out of valid range, 0..%d", i, limit-1)
	}
	return i, nil
}

func getByte(b []byte, n int32) (int32, error) {
	i, err := byteIndex(int64(n), int64(len(b)))
	if err != nil {
		return 0, err
	}
	return int32(b[i]), nil
}

func setByte(b []byte, n, v int32) ([]byte, error) {
	i, err := byteIndex(int64(n), int64(len(b)))
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(b)
	out[i] = byte(v)
	return out, nil
}

func getBit(b []byte, n int64) (int32, error) {
	i, err := byteIndex(n, int64(len(b))*8)
	if err != nil {
		return 0, err
	}
	return int32(b[i/8] >> (i % 8) & 1), nil
}

func setBit(b []byte, n int64, v int32) ([]byte, error) {
	i, err := byteIndex(n, int64(len(b))*8)
	if err != nil {
		return nil, err
	}
	if v != 0 && v != 1 {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "new bit must be 0 or 1")
	}
	out := bytes.Clone(b)
	out[i/8] = out[i/8]&^(1<<(i%8)) | byte(v)<<(i%8)
	return out, nil
}

func bitCount(b []byte) int64 {
	n := 0
	for _, c := range b {
		n += bits.OnesCount8(c)
	}
	return int64(n)
}

func subBytes(b []byte, start, length int32, bounded bool) ([]byte, error) {
	from, to, err := sliceBounds(start, length, bounded)
	if err != nil {
		return nil, err
	}
	from, to = min(from, int64(len(b))), min(to, int64(len(b)))
	return b[from:max(from, to)], nil
}

func overlayBytes(b, with []byte, start, length int32) ([]byte, error) {
	end := int64(start) + int64(length)
	if start <= 0 {
		return nil, pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
	}
	if end > 1<<31-1 {
		return nil, outOfRange("integer")
	}
	head, err := subBytes(b, 1, start-1, true)
	if err != nil {
		return nil, err
	}
	tail, err := subBytes(b, int32(end), 0, false)
	return slicesConcat(head, with, tail), err
}

func slicesConcat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func trimBytes(left, right bool) func(b, set []byte) []byte {
	return func(b, set []byte) []byte {
		for left && len(b) > 0 && bytes.IndexByte(set, b[0]) >= 0 {
			b = b[1:]
		}
		for right && len(b) > 0 && bytes.IndexByte(set, b[len(b)-1]) >= 0 {
			b = b[:len(b)-1]
		}
		return b
	}
}

func toHex[T int32 | int64](unsigned func(T) uint64) Kernel {
	return F1(func(v T) string { return strconv.FormatUint(unsigned(v), 16) })
}

func init() {
	byteLen := F1(func(b []byte) int32 { return int32(len(b)) })
	kernels{
		"md5_text":     F1(md5Hex[string]),
		"md5_bytea":    F1(md5Hex[[]byte]),
		"sha224_bytea": F1(func(b []byte) []byte { s := sha256.Sum224(b); return s[:] }),
		"sha256_bytea": F1(func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }),
		"sha384_bytea": F1(func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }),
		"sha512_bytea": F1(func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }),

		"binary_encode": E2(encodeBytes),
		"binary_decode": E2(decodeText),
		"to_hex32":      toHex(func(v int32) uint64 { return uint64(uint32(v)) }),
		"to_hex64":      toHex(func(v int64) uint64 { return uint64(v) }),

		"byteaoctetlen":       byteLen,
		"bit_length(bytea)":   F1(func(b []byte) int32 { return int32(len(b)) * 8 }),
		"byteacat":            F2(func(a, b []byte) []byte { return slicesConcat(a, b) }),
		"bytea_substr":        E3(func(b []byte, s, n int32) ([]byte, error) { return subBytes(b, s, n, true) }),
		"bytea_substr_no_len": E2(func(b []byte, s int32) ([]byte, error) { return subBytes(b, s, 0, false) }),
		"byteapos":            F2(func(b, sub []byte) int32 { return int32(bytes.Index(b, sub)) + 1 }),
		"byteaoverlay":        Lift4(func(_ *Call, b, w []byte, s, n int32) ([]byte, error) { return overlayBytes(b, w, s, n) }),
		"byteaoverlay_no_len": E3(func(b, w []byte, s int32) ([]byte, error) { return overlayBytes(b, w, s, int32(len(w))) }),
		"byteatrim":           F2(trimBytes(true, true)),
		"bytealtrim":          F2(trimBytes(true, false)),
		"byteartrim":          F2(trimBytes(false, true)),
		"byteaGetByte":        E2(getByte),
		"byteaSetByte":        E3(setByte),
		"byteaGetBit":         E2(getBit),
		"byteaSetBit":         E3(setBit),
		"bytea_bit_count":     F1(bitCount),
		"byteacmp":            F2(func(a, b []byte) int32 { return byteDiff(string(a), string(b)) }),
	}.bind()
}
