package tsearch

// part is a candidate for the headline: words from begin to end, of which count
// count and interesting are in the query.
type part struct {
	begin, end         int
	count, interesting int
	covers             bool // it holds a whole match
}

func (h *headline) add(p *part, i int) {
	p.count += h.counts(i)
	p.interesting += h.interesting(i)
}

// chooseWords makes a headline of one piece of the best match
// (mark_hl_words).
func (h *headline) chooseWords() {
	if h.opt.highlightAll {
		h.mark(0, len(h.words)-1)
		return
	}
	best := part{begin: -1, end: -1, interesting: -1}
	for p := 0; ; p++ {
		from, to, ok := h.cover(p)
		if !ok {
			break
		}
		p = from
		if c := h.around(from, to); h.better(&c, &best) {
			best = c
		}
	}
	if best.interesting < 0 {
		h.markBeginning()
		return
	}
	h.mark(best.begin, best.end)
}

// better prefers parts with a whole match, then with more interesting words,
// then those that end well.
func (h *headline) better(c, best *part) bool {
	if c.covers != best.covers {
		return c.covers
	}
	if c.interesting != best.interesting {
		return c.interesting > best.interesting
	}
	return !h.badEnd(c.end) && h.badEnd(best.end)
}

// around makes the match of words p to q as long as a headline should be.
func (h *headline) around(p, q int) part {
	c := part{begin: p, end: p}
	i := p
	for ; i <= q && c.count < h.opt.maxWords; i++ {
		h.add(&c, i)
		c.end = i
	}
	if c.count < h.opt.maxWords {
		h.lengthen(&c, i-1, p, q)
	} else {
		h.shorten(&c, min(i, q))
	}
	c.covers = c.begin <= p && c.end >= q
	return c
}

// lengthen goes on to a good end, or at the end of the text to the left.
func (h *headline) lengthen(c *part, i, p, q int) {
	for ; i < len(h.words) && c.count < h.opt.maxWords; i++ {
		if i > q {
			h.add(c, i)
		}
		if c.end = i; !h.badEnd(i) && c.count >= h.opt.minWords {
			break
		}
	}
	if c.count >= h.opt.minWords {
		return
	}
	for i = p - 1; i >= 0; i-- {
		if h.add(c, i); c.count >= h.opt.maxWords || !h.badEnd(i) && c.count >= h.opt.minWords {
			break
		}
	}
	c.begin = max(i, 0)
}

// shorten cuts back to a good end.
func (h *headline) shorten(c *part, i int) {
	for ; c.count > h.opt.minWords && h.badEnd(i); i-- {
		c.count -= h.counts(i)
		c.interesting -= h.interesting(i)
		c.end = i - 1
	}
}
