package regex

import "slices"

type op uint8

const (
	opEmpty   op = iota
	opSet        // one character of set
	opConcat     // subs in turn
	opAlt        // one of subs
	opRepeat     // subs[0], min to max times
	opCapture    // subs[0], remembered as number
	opBackref    // what capture number matched
	opAssert     // assert holds
	opLook       // subs[0] matches (or not) ahead or behind
	opFail       // nothing
)

type assertion uint8

const (
	lineStart assertion = iota // ^ where newlines count
	lineEnd
	textStart
	textEnd
	wordStart
	wordEnd
	wordEdge
	notWordEdge
)

// preference is for the longest or the shortest match.
type preference uint8

const (
	none preference = iota
	longest
	shortest
)

const unlimited = -1

// node is one part of an expression. Nodes do not change once parsed.
type node struct {
	op       op
	set      charSet
	subs     []*node
	min, max int // max may be unlimited
	number   int // of a capture or backref
	assert   assertion
	behind   bool
	negative bool
	pref     preference
	// paren: the node came from parentheses, so that dissection keeps it apart.
	paren bool
	// deep: captures or back references are inside.
	deep bool

	// made on demand
	prog   *program
	halves []*node // first unit and rest of a concatenation
	unroll *node   // what a repetition is dissected as
}

func concatNode(subs []*node) *node {
	switch len(subs) {
	case 0:
		return &node{op: opEmpty}
	case 1:
		return subs[0]
	}
	n := &node{op: opConcat, subs: subs}
	for _, s := range subs {
		if n.pref == none {
			n.pref = s.pref
		}
		n.deep = n.deep || s.deep
	}
	return n
}

func altNode(subs []*node) *node {
	if len(subs) == 1 {
		return subs[0]
	}
	n := &node{op: opAlt, subs: subs, pref: longest}
	for _, s := range subs {
		n.deep = n.deep || s.deep
	}
	return n
}

// units are the parts that a concatenation is dissected into: runs of simple
// parts that do not mix preferences count as one, as regcomp.c has it.
func (n *node) units() []*node {
	var out, run []*node
	pref := none
	flush := func() {
		if run != nil {
			out = append(out, concatNode(run))
		}
		run, pref = nil, none
	}
	for _, s := range n.subs {
		if s.paren || s.deep {
			flush()
			out = append(out, s)
			continue
		}
		if s.pref != none && pref != none && s.pref != pref {
			flush()
		}
		if pref == none {
			pref = s.pref
		}
		run = append(run, s)
	}
	flush()
	return out
}

// charSet is a sorted list of disjoint ranges: lo, hi, lo, hi …
type charSet []rune

const maxRune = 0x10ffff

func (s charSet) has(r rune) bool {
	for i := 0; i < len(s); i += 2 {
		if r <= s[i+1] {
			return r >= s[i]
		}
	}
	return false
}

func single(r rune) charSet { return charSet{r, r} }

// normalize sorts and joins ranges.
func (s charSet) normalize() charSet {
	type span struct{ lo, hi rune }
	spans := make([]span, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		spans = append(spans, span{s[i], s[i+1]})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo - b.lo) })
	var out charSet
	for _, sp := range spans {
		if k := len(out); k > 0 && sp.lo <= out[k-1]+1 {
			out[k-1] = max(out[k-1], sp.hi)
			continue
		}
		out = append(out, sp.lo, sp.hi)
	}
	return out
}

func (s charSet) negate() charSet {
	var out charSet
	next := rune(0)
	for i := 0; i < len(s); i += 2 {
		if s[i] > next {
			out = append(out, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= maxRune {
		out = append(out, next, maxRune)
	}
	return out
}

// foldCase adds the other case of letters: ASCII's, or all.
func (s charSet) foldCase(all bool) charSet {
	out := slices.Clone(s)
	if all {
		return s.foldUnicode()
	}
	for i := 0; i < len(s); i += 2 {
		for _, c := range [][3]rune{{'a', 'z', -0x20}, {'A', 'Z', 0x20}} {
			lo, hi := max(s[i], c[0]), min(s[i+1], c[1])
			if lo <= hi {
				out = append(out, lo+c[2], hi+c[2])
			}
		}
	}
	return out.normalize()
}

func (s charSet) without(r rune) charSet {
	return append(slices.Clone(s.negate()), r, r).normalize().negate()
}

var classes = map[string]charSet{
	"alpha":  {'A', 'Z', 'a', 'z'},
	"upper":  {'A', 'Z'},
	"lower":  {'a', 'z'},
	"digit":  {'0', '9'},
	"xdigit": {'0', '9', 'A', 'F', 'a', 'f'},
	"alnum":  {'0', '9', 'A', 'Z', 'a', 'z'},
	"space":  {'\t', '\r', ' ', ' '},
	"blank":  {'\t', '\t', ' ', ' '},
	"punct":  {'!', '/', ':', '@', '[', '`', '{', '~'},
	"cntrl":  {0, 31, 127, 127},
	"graph":  {'!', '~'},
	"print":  {' ', '~'},
	"ascii":  {0, 127},
	"word":   {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'},
}

func (re *Regexp) isWord(r rune) bool { return classesOf(re.unicode)["word"].has(r) }
