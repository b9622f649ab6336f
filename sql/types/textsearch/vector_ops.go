package textsearch

import (
	"iter"
	"slices"
)

// Strip removes the positions.
func (v *Vector) Strip() *Vector {
	out := make([]Lexeme, len(v.Lexemes))
	for i, l := range v.Lexemes {
		out[i].Word = l.Word
	}
	return &Vector{out}
}

// SetWeight gives w to the positions of the lexemes that are chosen.
func (v *Vector) SetWeight(w Weight, chosen func(word string) bool) *Vector {
	out := slices.Clone(v.Lexemes)
	for i, l := range out {
		if !chosen(l.Word) {
			continue
		}
		out[i].Positions = make([]Position, len(l.Positions))
		for j, p := range l.Positions {
			out[i].Positions[j] = NewPosition(p.Place(), w)
		}
	}
	return &Vector{out}
}

// Delete removes the lexemes of words.
func (v *Vector) Delete(words ...string) *Vector {
	return &Vector{slices.DeleteFunc(slices.Clone(v.Lexemes), func(l Lexeme) bool { return slices.Contains(words, l.Word) })}
}

// Filter keeps the positions whose weight's bit is set, and the lexemes that
// still have one (tsvector_filter).
func (v *Vector) Filter(weights uint8) *Vector {
	var out []Lexeme
	for _, l := range v.Lexemes {
		if ps := filterPositions(l.Positions, weights); len(ps) > 0 {
			out = append(out, Lexeme{l.Word, ps})
		}
	}
	return &Vector{out}
}

func filterPositions(ps []Position, weights uint8) []Position {
	var out []Position
	for _, p := range ps {
		if weights&(1<<p.Weight()) != 0 {
			out = append(out, p)
		}
	}
	return out
}

// FromWords makes a vector of words without positions.
func FromWords(words []string) *Vector {
	words = slices.Compact(slices.Sorted(slices.Values(words)))
	out := make([]Lexeme, len(words))
	for i, w := range words {
		out[i].Word = w
	}
	return &Vector{out}
}

// Concat is a || b: b's positions follow the last of a's (tsvector_concat).
// 54000 if the result is too long.
func Concat(a, b *Vector) (*Vector, error) {
	last := 0
	for _, l := range a.Lexemes {
		for _, p := range l.Positions {
			last = max(last, p.Place())
		}
	}
	var out []Lexeme
	i := 0
	for _, l := range b.Lexemes {
		for ; i < len(a.Lexemes) && a.Lexemes[i].Word < l.Word; i++ {
			out = append(out, a.Lexemes[i])
		}
		joined := Lexeme{Word: l.Word}
		if i < len(a.Lexemes) && a.Lexemes[i].Word == l.Word {
			joined.Positions = slices.Clone(a.Lexemes[i].Positions)
			i++
		}
		joined.Positions = addPositions(joined.Positions, l.Positions, last)
		out = append(out, joined)
	}
	return (&Vector{append(out, a.Lexemes[i:]...)}).checked()
}

// addPositions appends ps moved by offset, as many as there is room for
// (add_pos).
func addPositions(dst, ps []Position, offset int) []Position {
	for _, p := range ps {
		if n := len(dst); n >= maxPerWord || n > 0 && dst[n-1].Place() == MaxPosition-1 {
			break
		}
		dst = append(dst, NewPosition(p.Place()+offset, p.Weight()))
	}
	return dst
}

// Entries yields the words with the number of their positions that have one of
// the weights, all of them if weights is 0. A stripped lexeme counts as one
// position of no weight.
func (v *Vector) Entries(weights uint8) iter.Seq2[string, int] {
	return func(yield func(word string, n int) bool) {
		for _, l := range v.Lexemes {
			n := max(len(l.Positions), 1)
			if weights != 0 {
				n = len(filterPositions(l.Positions, weights))
			}
			if n > 0 && !yield(l.Word, n) {
				return
			}
		}
	}
}
