package funcs

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// similarToRegex turns a SIMILAR TO pattern into a regular expression
// (similar_escape_internal of regexp.c).
func similarToRegex(pattern, escape string) (string, error) {
	if charLen(escape) > 1 {
		return "", pgerr.New(pgerr.InvalidEscapeSequence, "invalid escape string").
			WithHint("Escape string must be empty or one character.")
	}
	var out strings.Builder
	out.WriteString("^(?:")
	escaped, inClass, quotes := false, false, 0
	for _, r := range pattern {
		switch {
		case escaped && r == '"' && !inClass:
			if quotes == 2 {
				return "", pgerr.New(pgerr.InvalidUseOfEscapeCharacter, "SQL regular expression may not contain more than two escape-double-quote separators")
			}
			out.WriteString([]string{"){1,1}?(", "){1,1}(?:"}[quotes])
			quotes++
			escaped = false
		case escaped:
			out.WriteString(`\` + string(r))
			escaped = false
		case escape != "" && string(r) == escape:
			escaped = true
		case inClass:
			if r == '\\' {
				out.WriteByte('\\')
			}
			out.WriteRune(r)
			inClass = r != ']'
		default:
			out.WriteString(similarChar(r))
			inClass = r == '['
		}
	}
	out.WriteString(")$")
	return out.String(), nil
}

func similarChar(r rune) string {
	switch r {
	case '%':
		return ".*"
	case '_':
		return "."
	case '(':
		return "(?:"
	case '\\', '.', '^', '$':
		return `\` + string(r)
	}
	return string(r)
}

// similarEscape is the older similar_escape, where a NULL escape is the
// backslash.
func similarEscape(_ *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	escape, ok := args[1].(string)
	if !ok {
		escape = `\`
	}
	return similarToRegex(args[0].(string), escape)
}

// similarSubstring is substring(text SIMILAR pattern ESCAPE escape).
func similarSubstring(c *Call, s, pattern, escape string) (string, bool, error) {
	re, err := similarToRegex(pattern, escape)
	if err != nil {
		return "", false, err
	}
	return regexSubstring(c, s, re)
}
