package regex

import (
	"regexp"
	"slices"
	"sync"
	"unicode/utf8"
)

// Regexp is a compiled expression. It may be used by several goroutines.
type Regexp struct {
	mu       sync.Mutex // guards what nodes make on demand
	root     *node
	captures int
	fold     bool
	unicode  bool
	backrefs bool
	// quick is Go's automaton for the same language, nil where it has none; it
	// finds whether and where a match starts. quickEnd is the same, with the
	// longest end.
	quick, quickEnd *regexp.Regexp
	// constraints: the expression has some, and they see the text around them.
	constraints bool
}

// Compile parses an expression. The error is *Error.
func Compile(pattern string, flags Flags) (re *Regexp, err error) {
	root, p, err := parse(pattern, flags)
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			re, err = nil, e
		}
	}()
	re = &Regexp{root: root, captures: p.captures, fold: p.has(IgnoreCase), unicode: p.has(Unicode)}
	re.programOf(root)
	re.inspect(root)
	if src, ok := goSyntax(root); ok && !(re.unicode && re.constraints) { // Go's \b is ASCII's
		if re.quick, err = regexp.Compile(src); err != nil {
			re.quick = nil // too large for Go: our own automaton does it
			return re, nil
		}
		re.quickEnd = regexp.MustCompile(src)
		re.quickEnd.Longest()
	}
	return re, nil
}

func (re *Regexp) inspect(n *node) {
	re.backrefs = re.backrefs || n.op == opBackref
	re.constraints = re.constraints || n.op == opAssert || n.op == opLook
	for _, s := range n.subs {
		re.inspect(s)
	}
}

// NumCaptures is the number of capturing parentheses.
func (re *Regexp) NumCaptures() int { return re.captures }

// Text is a string by characters.
type Text struct {
	s     string
	runes []rune
	// offsets are the byte offsets of the characters and of the end; nil if all
	// are one byte long.
	offsets []int
}

// NewText prepares a string for searches.
func NewText(s string) *Text {
	t := &Text{s: s, runes: []rune(s)}
	if len(t.runes) != len(s) {
		t.offsets = make([]int, 0, len(t.runes)+1)
		for i := range s {
			t.offsets = append(t.offsets, i)
		}
		t.offsets = append(t.offsets, len(s))
	}
	return t
}

// Len is the number of characters.
func (t *Text) Len() int { return len(t.runes) }

// Slice returns characters [from, to).
func (t *Text) Slice(from, to int) string { return t.s[t.byteAt(from):t.byteAt(to)] }

func (t *Text) byteAt(i int) int {
	if t.offsets == nil {
		return i
	}
	return t.offsets[i]
}

// Match says whether the expression matches anywhere in s.
func (re *Regexp) Match(s string) bool {
	if re.quick != nil {
		return re.quick.MatchString(s)
	}
	return re.Find(NewText(s), 0) != nil
}

// Find finds the first match that starts at or after character start: pairs of
// character positions of the whole match and of each capture, -1 for a capture
// that took no part; nil if there is none.
func (re *Regexp) Find(t *Text, start int) []int {
	m := &matcher{re: re, text: t, memo: map[memoKey][]int{}}
	if re.quick != nil && (start == 0 || !re.constraints) {
		return m.findQuick(start)
	}
	for ; start <= t.Len(); start++ {
		if loc := m.at(start); loc != nil {
			return loc
		}
	}
	return nil
}

// matcher is one search.
type matcher struct {
	re   *Regexp
	text *Text
	caps []int
	memo map[memoKey][]int
}

type memoKey struct {
	n   *node
	pos int
}

func (m *matcher) findQuick(start int) []int {
	from := m.text.byteAt(start)
	loc := m.re.quickEnd.FindStringIndex(m.text.s[from:])
	if loc == nil {
		return nil
	}
	begin := start + m.chars(from, from+loc[0])
	if m.re.root.deep || m.re.root.pref == shortest {
		return m.at(begin)
	}
	return []int{begin, begin + m.chars(from+loc[0], from+loc[1])}
}

func (m *matcher) chars(from, to int) int {
	if m.text.offsets == nil {
		return to - from
	}
	return utf8.RuneCountInString(m.text.s[from:to])
}

// at finds the match that starts at start, or nil.
func (m *matcher) at(start int) []int {
	root := m.re.root
	for _, end := range m.ordered(root, start, m.text.Len()) {
		m.caps = make([]int, 2*(m.re.captures+1))
		for i := range m.caps {
			m.caps[i] = -1
		}
		if m.dissect(root, start, end) {
			m.caps[0], m.caps[1] = start, end
			return m.caps
		}
		if !m.re.backrefs {
			return nil
		}
	}
	return nil
}

// ends are the places where a match of n from pos may end, ascending.
func (m *matcher) ends(n *node, pos int) []int {
	key := memoKey{n, pos}
	ends, ok := m.memo[key]
	if !ok {
		ends = m.run(m.re.programOf(n), pos)
		m.memo[key] = ends
	}
	return ends
}

// spans says whether n may match exactly [from, to).
func (m *matcher) spans(n *node, from, to int) bool {
	_, ok := slices.BinarySearch(m.ends(n, from), to)
	return ok
}

// ordered are the ends of n from pos up to limit, those it prefers first.
func (m *matcher) ordered(n *node, pos, limit int) []int {
	ends := m.ends(n, pos)
	k, found := slices.BinarySearch(ends, limit)
	if found {
		k++
	}
	ends = ends[:k]
	if n.pref == shortest {
		return ends
	}
	ends = slices.Clone(ends)
	slices.Reverse(ends)
	return ends
}

// dissect finds the captures of n, which spans [from, to); false if a back
// reference does not hold.
func (m *matcher) dissect(n *node, from, to int) bool {
	if !n.deep {
		return true
	}
	switch n.op {
	case opCapture:
		if !m.dissect(n.subs[0], from, to) {
			return false
		}
		m.caps[2*n.number], m.caps[2*n.number+1] = from, to
		return true
	case opBackref:
		return m.sameAs(n.number, from, to)
	case opConcat:
		return m.dissectConcat(n, from, to)
	case opAlt:
		for _, s := range n.subs {
			if m.spans(s, from, to) && m.dissect(s, from, to) {
				return true
			}
			m.forget(s)
		}
		return false
	case opRepeat:
		return m.dissectRepeat(n, from, to)
	}
	return true
}

func (m *matcher) dissectConcat(n *node, from, to int) bool {
	left, right := m.re.split(n)
	if right == nil {
		return m.dissect(left, from, to)
	}
	for _, mid := range m.ordered(left, from, to) {
		if !m.spans(right, mid, to) {
			continue
		}
		if m.dissect(left, from, mid) && m.dissect(right, mid, to) {
			return true
		}
		m.forget(left)
		m.forget(right)
	}
	return false
}

// split is the first unit of a concatenation, and the rest.
func (re *Regexp) split(n *node) (left, right *node) {
	re.mu.Lock()
	defer re.mu.Unlock()
	if n.halves == nil {
		us := n.units()
		n.halves = []*node{us[0], nil}
		if len(us) > 1 {
			n.halves[1] = concatNode(us[1:])
		}
	}
	return n.halves[0], n.halves[1]
}

// dissectRepeat divides [from, to) into rounds. Only the last round's captures
// count, so that x{m,n} is x{m-1,n-1}x where nothing refers back, as regcomp.c
// has it: which preference the first rounds follow then differs.
func (m *matcher) dissectRepeat(n *node, from, to int) bool {
	if n.min > 0 && !n.refersBack() {
		return m.dissectConcat(m.re.unrolled(n), from, to)
	}
	if n.min == 0 && from == to {
		if n.subs[0].pref != shortest && m.spans(n.subs[0], from, to) {
			return m.dissect(n.subs[0], from, to)
		}
		return true
	}
	return m.rounds(n, 0, from, to)
}

// refersBack says whether n holds a back reference.
func (n *node) refersBack() bool {
	return n.op == opBackref || n.deep && slices.ContainsFunc(n.subs, (*node).refersBack)
}

// unrolled is x{m-1,n-1}x for x{m,n}.
func (re *Regexp) unrolled(n *node) *node {
	re.mu.Lock()
	defer re.mu.Unlock()
	if n.unroll == nil {
		first := &node{op: opRepeat, subs: n.subs, min: n.min - 1, max: n.max, pref: n.pref, paren: true}
		if n.max != unlimited {
			first.max--
		}
		n.unroll = &node{op: opConcat, subs: []*node{first, n.subs[0]}, deep: true}
		n.unroll.halves = n.unroll.subs
	}
	return n.unroll
}

func (m *matcher) rounds(n *node, done, from, to int) bool {
	if from == to && done >= n.min && done > 0 {
		return true
	}
	if n.max != unlimited && done >= n.max {
		return false
	}
	body := n.subs[0]
	for _, mid := range m.ordered(body, from, to) {
		if mid == from && (to > from || done >= n.min && done > 0) {
			continue
		}
		m.forget(body)
		if m.dissect(body, from, mid) && m.roundsAfter(n, done+1, mid, to) {
			return true
		}
	}
	m.forget(body)
	return false
}

// roundsAfter keeps the captures of the last round.
func (m *matcher) roundsAfter(n *node, done, from, to int) bool {
	if from == to && done >= n.min {
		return true
	}
	kept := slices.Clone(m.caps)
	if m.rounds(n, done, from, to) {
		return true
	}
	copy(m.caps, kept)
	return false
}

// forget drops the captures inside n.
func (m *matcher) forget(n *node) {
	if !n.deep {
		return
	}
	if n.op == opCapture {
		m.caps[2*n.number], m.caps[2*n.number+1] = -1, -1
	}
	if n.op != opBackref {
		for _, s := range n.subs {
			m.forget(s)
		}
	}
}

func (m *matcher) sameAs(number, from, to int) bool {
	a, b := m.caps[2*number], m.caps[2*number+1]
	if a < 0 || b-a != to-from {
		return false
	}
	for k := range to - from {
		x, y := m.text.runes[a+k], m.text.runes[from+k]
		if x != y && !(m.re.fold && single(x).foldCase(m.re.unicode).has(y)) {
			return false
		}
	}
	return true
}
