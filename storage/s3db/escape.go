package s3db

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Escaping of key segments, for resources that s3db-sql made: each byte that a
// key (or s3db.js) can't carry is written as ~ and two hexadecimal digits in
// upper case, the empty text as a lone ~. s3db.js sees the escaped text as the
// id. Since ~ sorts after all other ASCII characters, an escaped text never
// sorts lower than the plain one would.
const (
	escapeChar = EscapeChar
	// keySeparator stands between the parts of a key of several columns.
	keySeparator = "~-"
)

// EscapeChar begins an escaped character.
const EscapeChar = '~'

// Escaped says whether EscapeID escapes a character.
func Escaped(c byte) bool { return escapeIDs.must(c) }

// Escapes says whether the ids of the resource's rows are escaped.
func (s *Schema) Escapes() bool { return s.opt.EscapeKeys }

// escaping is a set of printable characters that are escaped, beside the
// control characters.
type escaping string

const (
	// escapeIDs: what 19 and 21 refuse in ids.
	escapeIDs escaping = `/\=%~`
	// escapeValues: what breaks a partition's key. All else is left to what
	// s3db.js writes and lists by.
	escapeValues escaping = `/~`
	escapeNone   escaping = ""
)

func (e escaping) must(c byte) bool {
	return e != escapeNone && (c < 0x20 || c == 0x7F || strings.IndexByte(string(e), c) >= 0)
}

// EscapeID makes any text a key segment, reversibly.
func EscapeID(s string) string {
	if s == "" {
		return string(escapeChar)
	}
	return escapeIDs.escape(s)
}

// UnescapeID is the inverse of EscapeID; ok is false for text that it does not
// make.
func UnescapeID(s string) (text string, ok bool) {
	if s == string(escapeChar) {
		return "", true
	}
	text, ok = escapeIDs.unescape(s)
	return text, ok && s != ""
}

func (e escaping) escape(s string) string {
	n := 0
	for i := 0; i < len(s); i++ {
		if e.must(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*n)
	for i := 0; i < len(s); i++ {
		if c := s[i]; e.must(c) {
			b = append(b, escapeChar, upperHex[c>>4], upperHex[c&15])
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// plain is the part of s before the first character that is escaped: no text
// from s up has a key below it.
func (e escaping) plain(s string) string {
	for i := 0; i < len(s); i++ {
		if e.must(s[i]) {
			return s[:i]
		}
	}
	return s
}

func (e escaping) unescape(s string) (string, bool) {
	if e == escapeNone {
		return s, true
	}
	b, ok := unescapeHex(s, escapeChar)
	return b, ok && e.escape(b) == s
}

// unescapeHex replaces mark and two hexadecimal digits by the byte they name; false
// where the digits are missing.
func unescapeHex(s string, mark byte) (string, bool) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != mark {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := unhex(s[i+1]), unhex(s[i+2])
		if hi < 0 || lo < 0 {
			return "", false
		}
		b = append(b, byte(hi<<4|lo))
		i += 2
	}
	return string(b), true
}

// checkSegment holds a finished key segment against what every server takes.
func checkSegment(what, segment string) error {
	if len(segment) > maxSegment {
		return pgerr.New(pgerr.ProgramLimitExceeded, "%s is too long for a key", what).
			WithDetail("\"%s\" has %d bytes; %d are allowed.", clip(segment), len(segment), maxSegment)
	}
	if !utf8.ValidString(segment) {
		return pgerr.New(pgerr.CharacterNotInRepertoire, "%s is not valid UTF-8", what)
	}
	return nil
}

// refuse is the error of text that an unescaped key can't carry.
func refuse(what, text string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "%s can't be part of a key: \"%s\"", what, clip(text)).
		WithDetail("In a resource made by s3db.js it must have no control characters, and behind a slash something other than a slash, . or .., without =.")
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7F })
}

// ---- primary and unique keys ----------------------------------------------

// keyText renders a key column's value: equal values give equal text.
func (o *Options) keyText(t SQLType, v any) (string, error) {
	switch v := v.(type) {
	case string:
		if t.OID == types.BpcharOID {
			return strings.TrimRight(v, " "), nil
		}
		return o.isoText(t, v), nil
	case *types.Record:
		return o.recordKeyText(t, v)
	case types.Numeric:
		return v.TrimScale().String(), nil
	case float64:
		return jsNumber(v), nil // -0 is 0
	case types.Interval:
		return "", errNotAKey("type interval")
	case *types.JSON:
		return "", errNotAKey("type jsonb")
	case *types.Array:
		return o.arrayKeyText(t, v)
	case bool, []byte:
		return o.isoText(t, v), nil
	}
	return o.isoText(t, v), nil
}

// recordKeyText is a composite value in its form at rest, of its fields' key texts.
func (o *Options) recordKeyText(t SQLType, v *types.Record) (string, error) {
	text, err := types.NumberedText(o.typeOf(t.OID).Columns, v, func(col types.Column, field any) (string, error) {
		base, typmod := col.Type.BaseType(col.Typmod)
		return o.keyText(SQLType{base.OID, typmod}, field)
	})
	return text, err
}

// EncodeID makes an id of the values of a declared primary key (or the implicit
// id), reversibly: plain text where it has only characters that keys carry,
// escaped elsewhere; the parts of several columns stand with ~- between them.
// Errors: 22023 for text that an s3db.js resource's key can't carry, 54000 for
// length.
func (s *Schema) EncodeID(ts []SQLType, values []any) (string, error) {
	parts := make([]string, len(values))
	for i, v := range values {
		text, err := s.opt.keyText(ts[i], v)
		if err != nil {
			return "", err
		}
		if parts[i] = text; s.opt.EscapeKeys {
			parts[i] = EscapeID(text)
		}
	}
	id := strings.Join(parts, keySeparator)
	return id, s.CheckID(id)
}

// DecodeID is the inverse of EncodeID; ok is false for an id that it does not
// make, such as one that s3db.js wrote.
func (s *Schema) DecodeID(ts []SQLType, id string) (values []any, ok bool) {
	parts := []string{id}
	if len(ts) > 1 {
		parts = strings.Split(id, keySeparator)
	}
	if len(parts) != len(ts) {
		return nil, false
	}
	values = make([]any, len(ts))
	for i, p := range parts {
		text := p
		if s.opt.EscapeKeys {
			if text, ok = UnescapeID(p); !ok {
				return nil, false
			}
		}
		v, err := s.opt.fromText(ts[i], text)
		if err != nil {
			return nil, false
		}
		values[i] = declaredForm(ts[i], v)
	}
	return values, true
}

// UniqueKey is the key of a unique-key object: resource=R/unique=NAME/TEXT. ok
// is false if a value is NULL, unless NULLs are not distinct (nulls). Long texts
// are named by their digest: the object's body tells the row.
func (s *Schema) UniqueKey(name string, ts []SQLType, values []any, nulls bool) (key string, ok bool, err error) {
	parts := make([]string, len(values))
	for i, v := range values {
		if v == nil && !nulls {
			return "", false, nil
		}
		if v == nil {
			parts[i] = nullKey
			continue
		}
		text, err := s.opt.uniqueText(ts[i], v)
		if err != nil {
			return "", false, err
		}
		parts[i] = EscapeID(text)
	}
	text := strings.Join(parts, keySeparator)
	switch {
	case text == "." || text == "..":
		text = "~d" + text // no segment of a key may be just that
	case len(text) > maxSegment:
		sum := sha256.Sum256([]byte(text))
		text = "~h" + hex.EncodeToString(sum[:])
	}
	return s.UniquePrefix(name) + text, true, nil
}

// nullKey stands for NULL in a unique key: no text is escaped so.
const nullKey = "~n"

// UniquePrefix is the prefix of all keys of a unique constraint; it ends with /.
func (s *Schema) UniquePrefix(name string) string {
	return "resource=" + s.Name + "/unique=" + EscapeID(name) + "/"
}
