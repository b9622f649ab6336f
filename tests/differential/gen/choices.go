package gen

import "github.com/s3db-sql/s3db-sql/internal/rng"

// Choices yields the numbers that a statement is made of, and records them. Lower
// numbers mean simpler SQL.
type Choices struct {
	source rng.Source // nil: draws past the end are 0
	drawn  []uint32
	at     int
}

// NewChoices draws from source.
func NewChoices(source rng.Source) *Choices { return &Choices{source: source} }

// Drawn is what has been drawn so far.
func (c *Choices) Drawn() []uint32 { return c.drawn[:c.at] }

// replay draws what was drawn before, and 0 after its end.
func replay(drawn []uint32) *Choices { return &Choices{drawn: drawn} }

// n returns a number in [0, k).
func (c *Choices) n(k int) int {
	if c.at == len(c.drawn) {
		if c.source == nil {
			return 0
		}
		c.drawn = append(c.drawn, uint32(c.source.Uint64()>>32))
	}
	v := c.drawn[c.at] % uint32(k)
	c.drawn[c.at] = v
	c.at++
	return int(v)
}

// oneIn is true once in k times, and never for a draw of 0.
func (c *Choices) oneIn(k int) bool { return c.n(k) == k-1 }

func pick[T any](c *Choices, from []T) T { return from[c.n(len(from))] }

// shrinkBudget bounds how often a statement is tried.
const shrinkBudget = 400

// Shrink returns the smallest draws found for which fails still holds; fails makes
// its statement from the Choices.
func Shrink(drawn []uint32, fails func(*Choices) bool) []uint32 {
	s := &shrinker{best: drawn, left: shrinkBudget, fails: fails}
	for s.pass() {
	}
	return s.best
}

type shrinker struct {
	best  []uint32
	left  int
	fails func(*Choices) bool
}

// pass says whether it found something smaller.
func (s *shrinker) pass() bool {
	before := len(s.best)
	smaller := false
	for size := len(s.best) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(s.best); {
			if s.try(s.without(at, size)) || s.try(s.zeroed(at, size)) {
				smaller = true
				continue
			}
			at += size
		}
	}
	return smaller && s.left > 0 && len(s.best) < before
}

func (s *shrinker) without(at, size int) []uint32 {
	return append(append([]uint32{}, s.best[:at]...), s.best[at+size:]...)
}

func (s *shrinker) zeroed(at, size int) []uint32 {
	out := append([]uint32{}, s.best...)
	clear(out[at : at+size])
	return out
}

func (s *shrinker) try(drawn []uint32) bool {
	if s.left == 0 || !less(drawn, s.best) {
		return false
	}
	s.left--
	c := replay(drawn)
	if !s.fails(c) {
		return false
	}
	s.best = drawn[:min(c.at, len(drawn))]
	return true
}

// less orders draws by length, then by their sum.
func less(a, b []uint32) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	var x, y uint64
	for i := range a {
		x, y = x+uint64(a[i]), y+uint64(b[i])
	}
	return x < y
}
