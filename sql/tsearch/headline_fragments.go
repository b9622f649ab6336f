package tsearch

import "math"

// chooseFragments makes a headline of up to MaxFragments pieces
// (mark_hl_fragments).
func (h *headline) chooseFragments() {
	covers := h.fragments()
	chosen := 0
	for ; chosen < h.opt.maxFragments; chosen++ {
		best := densest(covers)
		if best < 0 {
			break
		}
		f := covers[best].part
		h.stretch(&f)
		h.mark(f.begin, f.end)
		for i := range covers {
			covers[i].done = covers[i].done || i == best || covers[i].begin <= f.end && covers[i].end >= f.begin
		}
	}
	if chosen == 0 {
		h.markBeginning()
	}
}

type fragment struct {
	part
	done bool // chosen, or overlapping one that is
}

// fragments cuts the matches into pieces of at most MaxWords words.
func (h *headline) fragments() []fragment {
	var out []fragment
	for i := 0; ; i++ {
		p, q, ok := h.cover(i)
		if !ok {
			return out
		}
		i = p
		for p <= q {
			f := h.fragment(p, q)
			out = append(out, fragment{part: f})
			p = f.end + 1
		}
	}
}

// fragment is the first piece of words p to q that begins and ends with words
// of the query (get_next_fragment).
func (h *headline) fragment(p, q int) part {
	f := part{begin: p, end: q}
	for f.begin < q && h.interesting(f.begin) == 0 {
		f.begin++
	}
	i := f.begin
	for ; i <= q && f.count < h.opt.maxWords; i++ {
		h.add(&f, i)
	}
	if q <= i {
		return f
	}
	for ; i >= f.begin; i-- {
		if f.end = i; h.interesting(i) > 0 {
			break
		}
		f.count -= h.counts(i)
	}
	return f
}

// densest is the fragment with the most words of the query, of those the
// shortest; -1 if none is left.
func densest(covers []fragment) int {
	best, most, shortest := -1, 0, math.MaxInt32
	for i := range covers {
		c := &covers[i]
		if !c.done && (c.interesting > most || c.interesting == most && c.count < shortest) {
			best, most, shortest = i, c.interesting, c.count
		}
	}
	return best
}

// stretch makes a fragment longer on both sides, up to MaxWords and to other
// fragments, and cuts it back to good ends.
func (h *headline) stretch(f *part) {
	if f.count >= h.opt.maxWords {
		return
	}
	room := (h.opt.maxWords - f.count) / 2
	marker := f.begin
	for i, added := f.begin-1, 0; i >= 0 && added < room && !h.words[i].in; i-- {
		f.count += h.counts(i)
		added += h.counts(i)
		marker = i
	}
	for ; marker < f.begin && h.badEnd(marker); marker++ {
		f.count -= h.counts(marker)
	}
	f.begin = marker
	marker = f.end
	for i := f.end + 1; i < len(h.words) && f.count < h.opt.maxWords && !h.words[i].in; i++ {
		f.count += h.counts(i)
		marker = i
	}
	for ; marker > f.end && h.badEnd(marker); marker-- {
		f.count -= h.counts(marker)
	}
	f.end = marker
}
