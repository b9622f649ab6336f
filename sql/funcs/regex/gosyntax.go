package regex

import (
	"fmt"
	"strings"
)

// goSyntax writes the language of n for Go's regexp, without captures; false if
// that has no word for a part. Preferences do not matter to it: only whether,
// where first and how far a match can go.
func goSyntax(n *node) (string, bool) {
	var b strings.Builder
	ok := writeGo(&b, n)
	return b.String(), ok
}

var goAssertions = map[assertion]string{
	lineStart: "(?m:^)", lineEnd: "(?m:$)", textStart: `\A`, textEnd: `\z`, wordEdge: `\b`, notWordEdge: `\B`,
}

func writeGo(b *strings.Builder, n *node) bool {
	switch n.op {
	case opSet:
		writeSet(b, n.set)
	case opFail:
		b.WriteString(`[^\x{0}-\x{10FFFF}]`)
	case opAssert:
		s, ok := goAssertions[n.assert]
		b.WriteString(s)
		return ok
	case opCapture:
		return writeGroup(b, n.subs[0], "")
	case opConcat:
		for _, s := range n.subs {
			if !writeGroup(b, s, "") {
				return false
			}
		}
	case opAlt:
		for i, s := range n.subs {
			if i > 0 {
				b.WriteByte('|')
			}
			if !writeGroup(b, s, "") {
				return false
			}
		}
	case opRepeat:
		return writeGroup(b, n.subs[0], goQuantifier(n))
	case opBackref, opLook:
		return false
	}
	return true
}

func writeGroup(b *strings.Builder, n *node, suffix string) bool {
	if n.op == opSet {
		writeSet(b, n.set)
		b.WriteString(suffix)
		return true
	}
	b.WriteString("(?:")
	ok := writeGo(b, n)
	b.WriteString(")" + suffix)
	return ok
}

func goQuantifier(n *node) string {
	if n.max == unlimited {
		return fmt.Sprintf("{%d,}", n.min)
	}
	return fmt.Sprintf("{%d,%d}", n.min, n.max)
}

func writeSet(b *strings.Builder, s charSet) {
	b.WriteByte('[')
	for i := 0; i < len(s); i += 2 {
		fmt.Fprintf(b, `\x{%x}-\x{%x}`, s[i], s[i+1])
	}
	b.WriteByte(']')
}
