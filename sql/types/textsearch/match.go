package textsearch

import (
	"slices"
	"sort"
	"strings"
)

// Ternary is the outcome of matching: Maybe is that of a phrase over lexemes
// that have no positions.
type Ternary uint8

// The outcomes.
const (
	No Ternary = iota
	Yes
	Maybe
)

// Places is where an operand or a phrase matches: the ends of the matches, in
// order and distinct. Negate means everywhere else. Width is the length of a
// match in lexemes, less one.
type Places struct {
	At     []int
	Negate bool
	Width  int
}

// Check tells whether an operand occurs. If places is not nil it is filled, and
// Maybe is the answer where that cannot be done.
type Check func(n *Node, places *Places) Ternary

// Match is v @@ q.
func Match(v *Vector, q *Query) bool {
	return q.Root != nil && Execute(q.Root, v.check)
}

// Execute evaluates a query (TS_execute).
func Execute(n *Node, check Check) bool { return execute(n, check) != No }

// execute works above phrases, where places don't matter.
func execute(n *Node, check Check) Ternary {
	switch n.Op {
	case Operand:
		return check(n, nil)
	case Not:
		return [...]Ternary{No: Yes, Yes: No, Maybe: Maybe}[execute(n.Right, check)]
	case Phrase:
		// Without positions a phrase doesn't match.
		if executePhrase(n, check, &Places{}) == Yes {
			return Yes
		}
		return No
	case And:
		left := execute(n.Left, check)
		if left == No {
			return No
		}
		if right := execute(n.Right, check); right != Yes {
			return right
		}
		return left
	}
	left := execute(n.Left, check)
	if left == Yes {
		return Yes
	}
	if right := execute(n.Right, check); right != No {
		return right
	}
	return left
}

// executePhrase finds the places at which a part of a phrase matches
// (TS_phrase_execute). Unless it answers Yes, at is left empty.
func executePhrase(n *Node, check Check, at *Places) Ternary {
	switch n.Op {
	case Operand:
		return check(n, at)
	case Not:
		return negatePhrase(n, check, at)
	case Or:
		return orPhrase(n, check, at)
	}
	var l, r Places
	left := executePhrase(n.Left, check, &l)
	if left == No {
		return No
	}
	right := executePhrase(n.Right, check, &r)
	switch {
	case right == No:
		return No
	case left == Maybe || right == Maybe:
		return Maybe
	}
	m := merge{l: l, r: r}
	if n.Op == Phrase {
		m.lOffset = n.Distance + r.Width
		at.Width = n.Distance + l.Width + r.Width
	} else {
		at.Width = m.align()
	}
	switch {
	case l.Negate && r.Negate:
		return m.everywhereBut(at, inLeft|inRight|inBoth)
	case l.Negate:
		return m.places(at, inRight)
	case r.Negate:
		return m.places(at, inLeft)
	}
	return m.places(at, inBoth)
}

func negatePhrase(n *Node, check Check, at *Places) Ternary {
	switch executePhrase(n.Right, check, at) {
	case Maybe:
		return Maybe
	case No:
		at.Negate = true
		return Yes
	}
	if len(at.At) > 0 {
		at.Negate = !at.Negate
		return Yes
	}
	at.Negate = false // it matched everywhere
	return No
}

func orPhrase(n *Node, check Check, at *Places) Ternary {
	var l, r Places
	left, right := executePhrase(n.Left, check, &l), executePhrase(n.Right, check, &r)
	switch {
	case left == No && right == No:
		return No
	case left == Maybe || right == Maybe:
		return Maybe
	}
	if left == No {
		l.Width = 0
	}
	if right == No {
		r.Width = 0
	}
	m := merge{l: l, r: r}
	at.Width = m.align()
	switch {
	case l.Negate && r.Negate:
		return m.everywhereBut(at, inBoth)
	case l.Negate:
		return m.everywhereBut(at, inLeft)
	case r.Negate:
		return m.everywhereBut(at, inRight)
	}
	return m.places(at, inLeft|inRight|inBoth)
}

// Which places a merge keeps: those of one side only, or of both.
const (
	inLeft = 1 << iota
	inRight
	inBoth
)

// merge joins the places of two parts, each moved by its offset
// (TS_phrase_output).
type merge struct {
	l, r             Places
	lOffset, rOffset int
}

// align puts the narrower part at the right end of the wider one and returns
// the width of both.
func (m *merge) align() int {
	width := max(m.l.Width, m.r.Width)
	m.lOffset, m.rOffset = width-m.l.Width, width-m.r.Width
	return width
}

func (m *merge) everywhereBut(at *Places, keep int) Ternary {
	m.places(at, keep)
	at.Negate = true
	return Yes
}

func (m *merge) places(at *Places, keep int) Ternary {
	l, r := m.l.At, m.r.At
	for len(l) > 0 || len(r) > 0 {
		place, side := 0, inBoth
		switch {
		case len(r) == 0 || len(l) > 0 && l[0]+m.lOffset < r[0]+m.rOffset:
			place, side, l = l[0]+m.lOffset, inLeft, l[1:]
		case len(l) == 0 || l[0]+m.lOffset > r[0]+m.rOffset:
			place, side, r = r[0]+m.rOffset, inRight, r[1:]
		default:
			place, l, r = r[0]+m.rOffset, l[1:], r[1:]
		}
		if keep&side != 0 && place > 0 {
			at.At = append(at.At, place)
		}
	}
	if len(at.At) > 0 {
		return Yes
	}
	return No
}

// check is the Check of a vector (checkcondition_str).
func (v *Vector) check(n *Node, places *Places) Ternary {
	found := No
	for _, l := range v.matching(n) {
		switch l.check(n, places) {
		case Maybe:
			if places != nil {
				places.At = nil
			}
			return Maybe
		case Yes:
			if found = Yes; places == nil {
				return Yes
			}
		}
	}
	if places != nil && n.Prefix {
		sort.Ints(places.At)
		places.At = slices.Compact(places.At)
	}
	return found
}

// matching are the lexemes that an operand names: its word, or those that begin
// with it.
func (v *Vector) matching(n *Node) []Lexeme {
	i, found := v.Find(n.Word)
	if !n.Prefix {
		if !found {
			return nil
		}
		return v.Lexemes[i : i+1]
	}
	end := i
	for end < len(v.Lexemes) && strings.HasPrefix(v.Lexemes[end].Word, n.Word) {
		end++
	}
	return v.Lexemes[i:end]
}

// check looks at the weights that the operand allows, and adds the places to
// places (checkclass_str). A stripped lexeme has any weight.
func (l *Lexeme) check(n *Node, places *Places) Ternary {
	if len(l.Positions) == 0 {
		if places != nil {
			return Maybe
		}
		return Yes
	}
	found := No
	for _, p := range l.Positions {
		if n.Weights != 0 && n.Weights&(1<<p.Weight()) == 0 {
			continue
		}
		if found = Yes; places == nil {
			break
		}
		places.At = append(places.At, p.Place())
	}
	return found
}
