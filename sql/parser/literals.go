package parser

import "strings"

// hiddenLiteral stands for a constant.
const hiddenLiteral = "***"

// HideLiterals is a text without its string constants. One that can't be scanned ends at
// its first quote.
func HideLiterals(text string) string {
	tokens, err := Scan(text)
	if err != nil {
		if i := strings.IndexAny(text, "'\"$"); i >= 0 {
			return text[:i] + hiddenLiteral
		}
		return text
	}
	var b strings.Builder
	from := 0
	for _, t := range tokens {
		if stringKinds[t.Kind] {
			b.WriteString(text[from:t.Start])
			b.WriteString(hiddenLiteral)
			from = t.End
		}
	}
	b.WriteString(text[from:])
	return b.String()
}

// Literals are the string constants of a text as they are written; none where it can't be
// scanned.
func Literals(text string) (out []string) {
	tokens, _ := Scan(text)
	for _, t := range tokens {
		if stringKinds[t.Kind] {
			out = append(out, text[t.Start:t.End])
		}
	}
	return out
}

var stringKinds = map[TokenKind]bool{TokenString: true, TokenUnicodeStr: true, TokenBitString: true, TokenHexString: true}
