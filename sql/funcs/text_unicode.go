package funcs

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

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

func init() {
	kernels{
		"unicode_normalize_func": E2(normalize),
		"unicode_is_normalized":  E2(isNormalized),
		"unistr":                 E1(unistr),
	}.bind()
}
