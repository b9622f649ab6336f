package funcs

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

var forms = map[string]norm.Form{"nfc": norm.NFC, "nfd": norm.NFD, "nfkc": norm.NFKC, "nfkd": norm.NFKD}

func formNamed(name string) (norm.Form, error) {
	f, ok := forms[lowerASCII(name)]
	if !ok {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid normalization form: %s", name)
	}
	return f, nil
}

func normalize(s, form string) (string, error) {
	f, err := formNamed(form)
	if err != nil {
		return "", err
	}
	return f.String(s), nil
}

func isNormalized(s, form string) (bool, error) {
	f, err := formNamed(form)
	if err != nil {
		return false, err
	}
	return f.IsNormalString(s), nil
}

func badUnicodeEscape() *pgerr.Error {
	return pgerr.New(pgerr.SyntaxError, "invalid Unicode escape").
		WithHint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.")
}

// unistr replaces Unicode escapes (unistr of varlena.c).
func unistr(s string) (string, error) {
	var out strings.Builder
	high := rune(0)
	for s != "" {
		if s[0] != '\\' {
			if high != 0 {
				return "", invalidSurrogates()
			}
			n := strings.IndexByte(s, '\\')
			if n < 0 {
				n = len(s)
			}
			out.WriteString(s[:n])
			s = s[n:]
			continue
		}
		if strings.HasPrefix(s, `\\`) {
			if high != 0 {
				return "", invalidSurrogates()
			}
			out.WriteByte('\\')
			s = s[2:]
			continue
		}
		r, size, ok := unicodeEscape(s)
		if !ok {
			return "", badUnicodeEscape()
		}
		s = s[size:]
		if err := addCodePoint(&out, r, &high); err != nil {
			return "", err
		}
	}
	if high != 0 {
		return "", invalidSurrogates()
	}
	return out.String(), nil
}

func invalidSurrogates() error { return pgerr.New(pgerr.SyntaxError, "invalid Unicode surrogate pair") }

// addCodePoint writes r, joining surrogate pairs: high keeps a first half.
func addCodePoint(out *strings.Builder, r rune, high *rune) error {
	isHigh, isLow := r >= 0xd800 && r < 0xdc00, r >= 0xdc00 && r < 0xe000
	switch {
	case r == 0 || r > utf8.MaxRune:
		return pgerr.New(pgerr.SyntaxError, "invalid Unicode code point: %04X", r)
	case (*high != 0) != isLow:
		return invalidSurrogates()
	case isHigh:
		*high = r
		return nil
	case isLow:
		r = utf16.DecodeRune(*high, r)
		*high = 0
	}
	out.WriteRune(r)
	return nil
}

// unicodeEscape reads the escape at the start of s.
func unicodeEscape(s string) (r rune, size int, ok bool) {
	for _, f := range []struct {
		prefix string
		digits int
	}{{`\u`, 4}, {`\U`, 8}, {`\+`, 6}, {`\`, 4}} {
		end := len(f.prefix) + f.digits
		if !strings.HasPrefix(s, f.prefix) || len(s) < end {
			continue
		}
		if v, err := strconv.ParseUint(s[len(f.prefix):end], 16, 32); err == nil {
			return rune(v), end, true
		}
	}
	return 0, 0, false
}

// encodings are those that convert_to and convert_from know besides UTF8, by
// PostgreSQL's name and aliases without punctuation.
var encodings = map[string]encoding.Encoding{
	"latin1": charmap.ISO8859_1, "iso88591": charmap.ISO8859_1,
	"latin2": charmap.ISO8859_2, "iso88592": charmap.ISO8859_2,
	"latin5": charmap.ISO8859_9, "iso88599": charmap.ISO8859_9,
	"latin9": charmap.ISO8859_15, "iso885915": charmap.ISO8859_15,
	"win1250": charmap.Windows1250, "windows1250": charmap.Windows1250,
	"win1251": charmap.Windows1251, "windows1251": charmap.Windows1251,
	"win1252": charmap.Windows1252, "windows1252": charmap.Windows1252,
	"koi8r": charmap.KOI8R, "koi8": charmap.KOI8R,
}

// unicodeNames are the names of encodings whose bytes pass unchanged.
var unicodeNames = map[string]bool{"utf8": true, "unicode": true, "sqlascii": true}

// encodingKey is a name in small letters without punctuation (clean_encoding_name).
func encodingKey(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, lowerASCII(name))
}

// encodingNamed finds an encoding; plain says that bytes pass unchanged.
func encodingNamed(name, msg string) (e encoding.Encoding, plain bool, err error) {
	key := encodingKey(name)
	if unicodeNames[key] {
		return nil, true, nil
	}
	if e = encodings[key]; e == nil {
		return nil, false, pgerr.New(pgerr.InvalidParameterValue, msg, name)
	}
	return e, false, nil
}

func convertTo(s, name string) ([]byte, error) {
	e, plain, err := encodingNamed(name, "invalid destination encoding name \"%s\"")
	if err != nil {
		return nil, err
	}
	if plain {
		return []byte(s), nil
	}
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		return nil, pgerr.New(pgerr.UntranslatableCharacter, "a character of the string has no equivalent in encoding \"%s\"", strings.ToUpper(name))
	}
	return b, nil
}

func convertFrom(b []byte, name string) (string, error) {
	e, plain, err := encodingNamed(name, "invalid source encoding name \"%s\"")
	if err != nil {
		return "", err
	}
	if !plain {
		if b, err = e.NewDecoder().Bytes(b); err != nil {
			return "", pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"%s\"", name)
		}
	}
	return string(b), validUTF8(b)
}

// convertBetween is convert(bytea, from, to).
func convertBetween(b []byte, from, to string) ([]byte, error) {
	if _, _, err := encodingNamed(from, "invalid source encoding name \"%s\""); err != nil {
		return nil, err
	}
	if _, _, err := encodingNamed(to, "invalid destination encoding name \"%s\""); err != nil {
		return nil, err
	}
	s, err := convertFrom(b, from)
	switch {
	case err != nil || len(b) == 0:
		return b, err
	case !convertible(encodingKey(from), encodingKey(to)):
		return nil, pgerr.New(pgerr.UndefinedFunction, "default conversion function for encoding \"%s\" to \"%s\" does not exist",
			strings.ToUpper(from), strings.ToUpper(to))
	}
	return convertTo(s, to)
}

// directConversions are those of pg_conversion between encodings of one script; others
// go to and from UTF8 only.
var directConversions = map[[2]string]bool{
	{"koi8r", "win1251"}: true, {"win1251", "koi8r"}: true, {"latin2", "win1250"}: true, {"win1250", "latin2"}: true,
}

func convertible(from, to string) bool {
	return from == to || unicodeNames[from] || unicodeNames[to] || directConversions[[2]string{from, to}]
}

// validUTF8 is 22021 naming the first sequence that is not UTF-8, or a zero
// byte.
func validUTF8(b []byte) error {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if b[i] == 0 || r == utf8.RuneError && size == 1 {
			return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": %s", hexBytes(b[i:badLen(b[i:])+i]))
		}
		i += size
	}
	return nil
}

// badLen is the number of bytes that the lead byte asks for, within b.
func badLen(b []byte) int {
	n := 1
	switch {
	case b[0]&0xe0 == 0xc0:
		n = 2
	case b[0]&0xf0 == 0xe0:
		n = 3
	case b[0]&0xf8 == 0xf0:
		n = 4
	}
	return min(n, len(b))
}

func hexBytes(b []byte) string {
	const digits = "0123456789abcdef"
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = "0x" + string([]byte{digits[c>>4], digits[c&15]})
	}
	return strings.Join(parts, " ")
}

func init() {
	kernels{
		"unicode_normalize_func": E2(normalize),
		"unicode_is_normalized":  E2(isNormalized),
		"unistr":                 E1(unistr),
		"pg_convert_to":          E2(convertTo),
		"pg_convert_from":        E2(convertFrom),
		"pg_convert":             E3(convertBetween),
		"length_in_encoding": E2(func(b []byte, name string) (int32, error) {
			s, err := convertFrom(b, name)
			return int32(charLen(s)), err
		}),
	}.bind()
}
