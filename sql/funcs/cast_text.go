package funcs

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// nameDataLen is the most bytes that a name holds (NAMEDATALEN - 1).
const nameDataLen = 63

// clipBytes shortens s to at most n bytes at a character boundary.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// clipChars returns the first n characters of s, and what is left.
func clipChars(s string, n int) (head, rest string) {
	if n >= len(s) {
		return s, ""
	}
	for i := range s {
		if n == 0 {
			return s[:i], s[i:]
		}
		n--
	}
	return s, ""
}

func charLen(s string) int { return utf8.RuneCountInString(s) }

// fitText applies varchar(n) or, padding, char(n): an explicit cast cuts, an
// assignment refuses to cut anything but blanks (PostgreSQL documentation,
// "Character Types").
func fitText(typeName string, pad bool) func(s string, typmod int32, explicit bool) (string, error) {
	return func(s string, typmod int32, explicit bool) (string, error) {
		if typmod < 4 {
			return s, nil
		}
		limit := int(typmod - 4)
		head, rest := clipChars(s, limit)
		if rest != "" && !explicit && strings.TrimRight(rest, " ") != "" {
			return "", pgerr.New(pgerr.StringDataRightTruncation, "value too long for type %s(%d)", typeName, limit)
		}
		if pad {
			if missing := limit - charLen(head); missing > 0 {
				return head + strings.Repeat(" ", missing), nil
			}
		}
		return head, nil
	}
}

func firstByte(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}

// charText is char_text: as the type's own output has it.
func charText(c *Call, v string) (string, error) {
	return string(types.ImplOf[string](types.CharType).Out(c.Env, nil, v)), nil
}

func charToInt4(s string) int32 {
	if s == "" {
		return 0
	}
	return int32(int8(s[0]))
}

func int4ToChar(a int32) (string, error) {
	if a < -128 || a > 127 {
		return "", outOfRange("\"char\"")
	}
	if a == 0 {
		return "", nil
	}
	return string([]byte{byte(a)}), nil
}

// lookUpName resolves text to a reg* value of the session's catalog.
func lookUpName(kind types.RegKind) func(c *Call, name string) (uint32, error) {
	return func(c *Call, name string) (uint32, error) {
		if c.Env == nil || c.Env.Names == nil {
			return 0, pgerr.Unsupported("looking up a name without a catalog")
		}
		return c.Env.Names.OIDOf(kind, name)
	}
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func identityText(s string) string { return s }

func init() {
	kernels{
		"rtrim1":      F1(trimBlanks),
		"name_text":   F1(identityText),
		"name_bpchar": F1(identityText),
		"char_text":   Lift1(charText),
		"char_bpchar": F1(identityText),
		"text_name":   F1(func(s string) string { return clipBytes(s, nameDataLen) }),
		"bpchar_name": F1(func(s string) string { return clipBytes(trimBlanks(s), nameDataLen) }),
		"text_char":   Lift1(func(c *Call, s string) (string, error) { return types.ImplOf[string](types.CharType).In(c.Env, s, -1) }),
		"chartoi4":    F1(charToInt4),
		"i4tochar":    E1(int4ToChar),
		"booltext":    F1(boolText),
		"varchar":     E3(fitText("character varying", false)),
		"bpchar":      E3(fitText("character", true)),

		"text_regclass": Lift1(lookUpName(types.RegClass)),
	}.bind()
}
