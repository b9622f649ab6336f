package access

import "strings"

// regexPrefix returns the text that everything a pattern of ~ matches begins with; exact
// if that is all it matches (regex_fixed_prefix of like_support.c). Of patterns it
// knows ^text…, ^text$ and both in one pair of parentheses, which is how psql writes a
// name: ^(text)$.
func regexPrefix(pattern string) (prefix string, exact bool) {
	rest, anchored := strings.CutPrefix(pattern, "^")
	if !anchored || strings.Contains(rest, "|") {
		return "", false
	}
	rest, ended := strings.CutSuffix(rest, "$")
	if ended && strings.HasSuffix(rest, `\`) {
		return "", false // the end is a dollar sign
	}
	if inner, ok := strings.CutPrefix(rest, "("); ok {
		inner, closed := strings.CutSuffix(inner, ")")
		if !closed || strings.HasPrefix(inner, "?") || strings.ContainsAny(inner, "()") {
			return "", false
		}
		rest = inner
	}
	prefix, whole := literalPrefix(rest)
	return prefix, whole && ended
}

// literalPrefix is the text before the first character of a pattern that stands for
// others; whole if there is none.
func literalPrefix(pattern string) (prefix string, whole bool) {
	var b strings.Builder
	last := 0 // where the last literal begins, which a quantifier takes back
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case strings.IndexByte("*?{", c) >= 0:
			return b.String()[:last], false
		case strings.IndexByte("+.[]()^$", c) >= 0:
			return b.String(), false
		case c == '\\':
			i++
			if i == len(pattern) || isWord(pattern[i]) {
				return b.String(), false // a class, or another escape
			}
			c = pattern[i]
		}
		if c < 0x80 || c >= 0xC0 {
			last = b.Len()
		}
		b.WriteByte(c)
	}
	return b.String(), true
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}
