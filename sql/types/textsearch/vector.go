package textsearch

import (
	"cmp"
	"sort"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Limits of the types (tsearch/ts_type.h).
const (
	maxWord     = 1<<11 - 1 // bytes of a lexeme, exclusive
	maxText     = 1<<20 - 1 // bytes of all lexemes with their positions
	MaxPosition = 1 << 14   // positions are below it
	maxPerWord  = 256       // positions of one lexeme, exclusive
)

// MaxWord is the length in bytes from which a word is not indexed.
const MaxWord = maxWord

// Weight is the class of a position: D, the default, to A.
type Weight uint8

// The weights.
const (
	WeightD Weight = iota
	WeightC
	WeightB
	WeightA
)

// Letter is the weight's name, 'A' to 'D'.
func (w Weight) Letter() byte { return 'D' - byte(w) }

// WeightOf reads a weight's letter in either case.
func WeightOf(c byte) (Weight, bool) {
	c &^= 'a' - 'A'
	if c < 'A' || c > 'D' {
		return 0, false
	}
	return Weight('D' - c), true
}

// Position is a place in a document, from 1 to MaxPosition-1, and its weight in
// the two highest bits.
type Position uint16

// NewPosition makes a Position; places beyond the last stand at the last.
func NewPosition(place int, w Weight) Position {
	return Position(min(place, MaxPosition-1)&(MaxPosition-1)) | Position(w)<<14
}

// Place is the position without its weight.
func (p Position) Place() int { return int(p & (MaxPosition - 1)) }

// Weight is the position's weight.
func (p Position) Weight() Weight { return Weight(p >> 14) }

// Lexeme is one word of a Vector and where it stands, in order; a stripped
// lexeme has no positions.
type Lexeme struct {
	Word      string
	Positions []Position
}

// Vector is a tsvector: distinct lexemes, ordered by the bytes of their words.
// Vectors are not changed once made.
type Vector struct{ Lexemes []Lexeme }

// NewVector sorts lexemes and joins those of one word; it keeps the slice.
// 54000 for what a tsvector cannot hold.
func NewVector(lexemes []Lexeme) (*Vector, error) {
	sort.SliceStable(lexemes, func(i, j int) bool { return lexemes[i].Word < lexemes[j].Word })
	out := lexemes[:0]
	for _, l := range lexemes {
		if n := len(out); n > 0 && out[n-1].Word == l.Word {
			out[n-1].Positions = append(out[n-1].Positions[:len(out[n-1].Positions):len(out[n-1].Positions)], l.Positions...)
			continue
		}
		out = append(out, l)
	}
	for i := range out {
		out[i].Positions = uniquePositions(out[i].Positions)
	}
	return (&Vector{out}).checked()
}

// uniquePositions sorts positions and keeps the highest weight of each place
// (uniquePos).
func uniquePositions(ps []Position) []Position {
	if len(ps) <= 1 {
		return ps
	}
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].Place() < ps[j].Place() })
	last := 0
	for _, p := range ps[1:] {
		if p.Place() == ps[last].Place() {
			ps[last] = max(ps[last], p)
			continue
		}
		last++
		if ps[last] = p; last >= maxPerWord-1 || p.Place() == MaxPosition-1 {
			break
		}
	}
	return ps[:last+1]
}

// dataSize is the bytes of the lexemes as PostgreSQL stores them: words, and
// positions aligned to two bytes.
func (v *Vector) dataSize() int {
	n := 0
	for _, l := range v.Lexemes {
		if n += len(l.Word); len(l.Positions) > 0 {
			n += n&1 + 2 + 2*len(l.Positions)
		}
	}
	return n
}

// Size is the bytes that PostgreSQL would store, which its order looks at first.
func (v *Vector) Size() int { return 8 + 4*len(v.Lexemes) + v.dataSize() }

func (v *Vector) checked() (*Vector, error) {
	if n := v.dataSize(); n > maxText {
		return nil, pgerr.New(pgerr.ProgramLimitExceeded, "string is too long for tsvector (%d bytes, max %d bytes)", n, maxText)
	}
	return v, nil
}

// Find returns the index of a word, or where it would stand.
func (v *Vector) Find(word string) (int, bool) {
	return sort.Find(len(v.Lexemes), func(i int) int { return strings.Compare(word, v.Lexemes[i].Word) })
}

// Count is the number of lexemes' occurrences; a stripped lexeme counts as one.
func (v *Vector) Count() int {
	n := 0
	for _, l := range v.Lexemes {
		n += max(len(l.Positions), 1)
	}
	return n
}

// Compare is the order of tsvector's btree operator class (silly_cmp_tsvector):
// by size first.
func Compare(a, b *Vector) int {
	if c := cmp.Compare(a.Size(), b.Size()); c != 0 {
		return c
	}
	if c := cmp.Compare(len(a.Lexemes), len(b.Lexemes)); c != 0 {
		return c
	}
	for i := range a.Lexemes {
		if c := compareLexemes(&a.Lexemes[i], &b.Lexemes[i]); c != 0 {
			return c
		}
	}
	return 0
}

// compareLexemes puts more positions, later ones and higher weights first.
func compareLexemes(a, b *Lexeme) int {
	switch {
	case (len(a.Positions) > 0) != (len(b.Positions) > 0):
		return cmp.Compare(len(b.Positions), len(a.Positions))
	case a.Word != b.Word:
		return strings.Compare(a.Word, b.Word)
	case len(a.Positions) != len(b.Positions):
		return cmp.Compare(len(b.Positions), len(a.Positions))
	}
	for i, p := range a.Positions {
		q := b.Positions[i]
		if p.Place() != q.Place() {
			return cmp.Compare(q.Place(), p.Place())
		}
		if p != q {
			return cmp.Compare(q, p)
		}
	}
	return 0
}
