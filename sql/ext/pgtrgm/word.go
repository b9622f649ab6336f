package pgtrgm

// extents looks for the part of a text that is most like a word: calc_word_similarity
// and iterate_word_similarity of trgm_op.c. Trigrams are numbers here, the same for the
// same.
type extents struct {
	// text are the trigrams of the text in order, wanted those that the word has too.
	text   []int
	wanted map[int]bool
	// words is how many different trigrams the word has.
	words  int
	strict bool
	edges  edges

	// From lower on, different trigrams were seen, of them both wanted.
	lower, different, both int
	last                   map[int]int // where a trigram was seen last
	best                   float32
}

// wordSimilarity is the greatest similarity between the trigrams of word and an extent
// of those of text; strict extents begin and end with words.
func wordSimilarity(l letters, word, text string, strict bool) float32 {
	x := extents{strict: strict, wanted: map[int]bool{}, last: map[int]int{}, lower: -1, edges: edges{map[int]bool{}, map[int]bool{}}}
	numbers := map[trigram]int{}
	number := func(t trigram) int {
		if _, ok := numbers[t]; !ok {
			numbers[t] = len(numbers)
		}
		return numbers[t]
	}
	for _, t := range trigramsOf(l, word, nil) {
		x.wanted[number(t)] = true
	}
	x.words = len(x.wanted)
	for _, t := range trigramsOf(l, text, &x.edges) {
		x.text = append(x.text, number(t))
	}
	if strict {
		x.lower = 0
	}
	for i := range x.text {
		x.step(i)
	}
	return x.best
}

// step takes the next trigram in; where an extent may end with it, it is measured.
func (x *extents) step(i int) {
	t := x.text[i]
	if x.lower >= 0 || x.wanted[t] {
		if _, seen := x.last[t]; !seen {
			x.different++
			if x.wanted[t] {
				x.both++
			}
		}
		x.last[t] = i
	}
	if x.strict && !x.edges.right[i] || !x.strict && !x.wanted[t] {
		return
	}
	if x.lower == -1 {
		x.lower, x.different = i, 1
	}
	from := x.lower
	x.best = max(x.best, x.shorten(i))
	for j := from; j < x.lower; j++ {
		if at, seen := x.last[x.text[j]]; seen && at == j {
			delete(x.last, x.text[j])
		}
	}
}

// shorten moves the beginning of the extent that ends at upper to where it is most
// similar, and returns how much.
func (x *extents) shorten(upper int) float32 {
	current := share(x.both, x.words, x.different)
	different, both := x.different, x.both
	for j := x.lower; j <= upper; j++ {
		if !x.strict || x.edges.left[j] {
			if s := share(both, x.words, different); s > current {
				current, x.different, x.lower, x.both = s, different, j, both
			}
		}
		t := x.text[j]
		if at, seen := x.last[t]; seen && at == j {
			different--
			if x.wanted[t] {
				both--
			}
		}
	}
	return current
}
