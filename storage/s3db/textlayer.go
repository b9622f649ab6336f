package s3db

import (
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf8"

	"compress/flate"
)

// The text layer of today's era: how a hook's string becomes a header value
// (section 6). Any form is legal to write; a reader looks at the prefix only.

// dictionary words by their letter. Where two words share a letter the later
// one is what a reader gets: font/woff2 reads back as failed, so it is never
// written that way.
const wordList = `application/json j,application/xml X,application/ld+json J,text/html H,text/plain T,` +
	`text/css C,text/javascript V,text/csv v,image/png P,image/jpeg I,image/gif G,image/svg+xml S,` +
	`image/webp W,application/pdf Q,application/zip z,application/octet-stream o,` +
	`application/x-www-form-urlencoded u,multipart/form-data F,font/woff w,font/woff2 f,` +
	`processing p,completed c,succeeded s,failed f,cancelled x,timeout t,retrying r,authorized a,` +
	`captured K,refunded R,declined d,shipped h,delivered D,returned e,in_transit i,` +
	`initialized n,terminated m`

var (
	wordByLetter = map[string]string{}
	letterByWord = map[string]string{}
)

func init() {
	for _, entry := range strings.Split(wordList, ",") {
		word, letter, _ := strings.Cut(entry, " ")
		wordByLetter[letter] = word
	}
	for letter, word := range wordByLetter {
		letterByWord[word] = letter
	}
}

// prefixes, longest first; those that are not shorter than their code are only
// ever read.
var prefixes = []struct{ text, code string }{
	{"https://s3.amazonaws.com/", "@s"}, {"https://api.example.com/", "@A"},
	{"http://localhost:", "@L"}, {"http://localhost", "@l"},
	{"https://api.", "@H"}, {"https://www.", "@W"}, {"https://s3-", "@S"},
	{"/products/", "@p"}, {"/api/v1/", "@1"}, {"/api/v2/", "@2"}, {"/api/v3/", "@3"},
	{"https://", "@h"}, {"http://", "@t"}, {"/users/", "@u"}, {"/api/", "@a"}, {"/v1/", "@v"},
}

// textState is what the text layer makes of a header.
type textState uint8

const (
	absent textState = iota
	null
	present
)

// decodeText opens a header value. What can't be decoded stays as it is.
func decodeText(v string) (string, textState) {
	switch v {
	case "null":
		return "", null
	case "undefined":
		return "", absent
	}
	scheme, rest, ok := strings.Cut(v, ":")
	if !ok {
		return v, present
	}
	if decode := schemes[scheme]; decode != nil {
		if s, ok := decode(rest); ok {
			return s, present
		}
	}
	return v, present
}

var schemes = map[string]func(string) (string, bool){
	"d": decodeDictionary, "u": decodePercent, "b": decodeBase64, "z": inflateBase64, "z85": inflate85,
}

func decodeDictionary(s string) (string, bool) {
	if w, ok := wordByLetter[s]; ok {
		return w, true
	}
	for _, p := range prefixes {
		if strings.HasPrefix(s, p.code) {
			return p.text + s[len(p.code):], true
		}
	}
	return "", false
}

// decodePercent is decodeURIComponent.
func decodePercent(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	text, ok := unescapeHex(s, '%')
	return text, ok && utf8.ValidString(text)
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// decodeBase64 is Buffer.from(s, 'base64'): padding is optional.
func decodeBase64(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	b, ok := looseBase64(s)
	if !ok {
		return "", false
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), true
}

func looseBase64(s string) ([]byte, bool) {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return b, err == nil
}

// maxInflate bounds what a compressed header may unfold to.
const maxInflate = 16 << 20

func inflateBase64(s string) (string, bool) {
	b, ok := looseBase64(s)
	if !ok {
		return "", false
	}
	return inflate(b)
}

func inflate(b []byte) (string, bool) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(string(b))), maxInflate+1))
	if err != nil || len(out) > maxInflate || !utf8.Valid(out) {
		return "", false
	}
	return string(out), true
}

// alphabet85 is ZeroMQ's Z85.
const alphabet85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

func inflate85(s string) (string, bool) {
	if len(s) == 0 || len(s)%5 != 0 {
		return "", false
	}
	var b []byte
	for i := 0; i < len(s); i += 5 {
		var n uint64
		for _, c := range []byte(s[i : i+5]) {
			d := strings.IndexByte(alphabet85, c)
			if d < 0 {
				return "", false
			}
			n = n*85 + uint64(d)
		}
		b = append(b, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return inflate(b)
}

// encodeText makes a header value. It writes what the library writes, but
// where that does not come back: the words null and undefined, spaces at the
// ends, text after a dictionary prefix that is not ASCII (traps 4 and 5), and
// text that looks like an RFC 2047 word, which HTTP clients may decode.
func encodeText(s string) string {
	switch {
	case s == "":
		return ""
	case s == "null", s == "undefined", hasScheme(s), strings.HasPrefix(s, "=?"):
		return encodeBase64(s)
	}
	ascii, many := shape(s)
	if !ascii {
		return encodeWide(s, many)
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return encodeBase64(s)
	}
	return encodeDictionary(s)
}

func hasScheme(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	return ok && schemes[scheme] != nil
}

func encodeBase64(s string) string { return "b:" + base64.StdEncoding.EncodeToString([]byte(s)) }

func encodeWide(s string, many bool) string {
	if many {
		return encodeBase64(s)
	}
	return "u:" + encodePercent(s)
}

func encodeDictionary(s string) string {
	if l, ok := letterByWord[s]; ok && 2+len(l) < len(s) {
		return "d:" + l
	}
	for _, p := range prefixes {
		if strings.HasPrefix(s, p.text) {
			if 2+len(p.code) < len(p.text) {
				return "d:" + p.code + s[len(p.text):]
			}
			break
		}
	}
	return s
}

// shape says whether s is printable ASCII, and if not, whether the library
// would choose base64 for it: by the share of UTF-16 units that are control
// characters or above U+00FF, or else of those from U+0080 to U+00FF.
func shape(s string) (ascii, many bool) {
	units, far, latin := 0, 0, 0
	for _, r := range s {
		n := 1
		if r > 0xFFFF {
			n = 2
		}
		units += n
		switch {
		case r < 0x20 || r == 0x7F || r > 0xFF:
			far += n
		case r >= 0x80:
			latin++
		}
	}
	switch {
	case far == 0 && latin == 0:
		return true, false
	case far > 0:
		return false, float64(far)/float64(units) > 0.3
	}
	return false, float64(latin)/float64(units) > 0.5
}

const upperHex = "0123456789ABCDEF"

// encodePercent is encodeURIComponent.
func encodePercent(s string) string {
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isAlnum(c) || strings.IndexByte("-_.!~*'()", c) >= 0 {
			b = append(b, c)
			continue
		}
		b = append(b, '%', upperHex[c>>4], upperHex[c&15])
	}
	return string(b)
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
