package tsearch

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

// headline is a text whose parts are chosen and marked (HeadlineParsedText).
type headline struct {
	words []headlineWord
	query *textsearch.Query
	opt   headlineOptions
}

// headlineWord is a token of the text. A token that several operands match
// stands there several times; all but the first are repeated.
type headlineWord struct {
	Token
	operand  *textsearch.Node // that matches it, or nil
	place    int
	repeated bool

	in       bool // part of the headline
	selected bool // to be marked
	skip     bool // not to be written: its parts are
	replace  bool // to be written as a space
}

// Headline is ts_headline: parts of a text that match a query, with the words
// of the query marked. options are "Name=value, …". 22023, 22P02, 42601.
func (c *Config) Headline(text string, q *textsearch.Query, options string, notice Notice) (string, error) {
	opt, err := parseHeadlineOptions(options)
	if err != nil {
		return "", err
	}
	h := &headline{query: q, opt: opt}
	h.parse(c, text, notice)
	if opt.maxFragments == 0 {
		h.chooseWords()
	} else {
		h.chooseFragments()
	}
	return h.String(), nil
}

// parse is hlparsetext.
func (h *headline) parse(c *Config, text string, notice Notice) {
	operands := h.query.Operands()
	place := 0
	tokens(text, notice, func(t Token) {
		h.words = append(h.words, headlineWord{Token: t})
		dict := c.Dicts[t.Type]
		if dict == nil {
			return
		}
		place++
		if lexeme, ok := dict.Lexize(t.Text); ok {
			h.match(operands, lexeme, min(place, textsearch.MaxPosition-1))
		}
	})
}

// match finds the operands that the last word matches (hlfinditem).
func (h *headline) match(operands []*textsearch.Node, lexeme string, place int) {
	at := len(h.words) - 1
	h.words[at].place = place
	for _, n := range operands {
		if n.Word != lexeme && !(n.Prefix && strings.HasPrefix(lexeme, n.Word)) {
			continue
		}
		if h.words[at].operand == nil {
			h.words[at].operand = n
			continue
		}
		again := h.words[at]
		again.operand, again.repeated = n, true
		h.words = append(h.words, again)
	}
}

// String writes what is in (generateHeadline).
func (h *headline) String() string {
	var b strings.Builder
	fragments, inside := 0, false
	for i := range h.words {
		w := &h.words[i]
		if w.repeated {
			continue
		}
		if !w.in {
			inside = false
			continue
		}
		if !inside {
			if inside = true; fragments > 0 {
				b.WriteString(h.opt.delimiter)
			}
			fragments++
		}
		h.write(&b, w)
	}
	return b.String()
}

func (h *headline) write(b *strings.Builder, w *headlineWord) {
	switch {
	case w.replace:
		b.WriteByte(' ')
	case w.skip:
	case w.selected:
		b.WriteString(h.opt.startSel + w.Text + h.opt.stopSel)
	default:
		b.WriteString(w.Text)
	}
}

// compound says whether tokens of this type are followed by their parts.
func compound(t TokenType) bool { return t == URL || t == NumHWord || t == ASCIIHWord || t == HWord }

// noWord says whether a token does not count as a word (NONWORDTOKEN).
func noWord(t TokenType) bool { return t == Blank || t == Tag || compound(t) }

// noEnd says whether a headline should not end at a token of this type
// (NOENDTOKEN).
func noEnd(t TokenType) bool {
	switch t {
	case SFloat, Version, Float, Int, UInt, Protocol, Entity:
		return true
	}
	return noWord(t)
}

func (h *headline) counts(i int) int {
	if noWord(h.words[i].Type) {
		return 0
	}
	return 1
}

// interesting words are those of the query.
func (h *headline) interesting(i int) int {
	if w := &h.words[i]; w.operand == nil || w.repeated {
		return 0
	}
	return 1
}

// badEnd: a headline should end neither here, unless the word is interesting.
func (h *headline) badEnd(i int) bool {
	w := &h.words[i]
	return (noEnd(w.Type) || len(w.Text) <= h.opt.shortWord) && h.interesting(i) == 0
}

// mark puts words from to end into the headline (mark_fragment).
func (h *headline) mark(from, to int) {
	for i := from; i <= to; i++ {
		w := &h.words[i]
		w.selected = w.selected || w.operand != nil
		w.replace = w.replace || !h.opt.highlightAll && w.Type == Tag
		w.skip = w.skip || compound(w.Type)
		w.in = !w.repeated
	}
}

// markBeginning shows the first words where nothing matches.
func (h *headline) markBeginning() {
	count, end := 0, -1
	for i := 0; i < len(h.words) && count < h.opt.minWords; i++ {
		count += h.counts(i)
		end = i
	}
	h.mark(0, end)
}

// nextMatch is the first word from i on that is in the query, or -1
// (hlFirstIndex).
func (h *headline) nextMatch(i int) int {
	for ; i < len(h.words); i++ {
		if h.words[i].operand != nil {
			return i
		}
	}
	return -1
}

// cover finds the next part of the text, from word i on, that matches: words p
// to q, which are both in the query, at most maxCover words apart (hlCover).
func (h *headline) cover(i int) (p, q int, ok bool) {
	if h.query.Root == nil {
		return 0, 0, false
	}
	for p = h.nextMatch(i); p >= 0; p = h.nextMatch(p + 1) {
		for q = p; q >= 0 && q-p < h.opt.maxCover(); q = h.nextMatch(q + 1) {
			if textsearch.Execute(h.query.Root, checkWords(h.words[p:q+1])) {
				return p, q, true
			}
		}
	}
	return 0, 0, false
}

// checkWords is the Check of a part of the text (checkcondition_HL).
func checkWords(words []headlineWord) textsearch.Check {
	return func(n *textsearch.Node, places *textsearch.Places) textsearch.Ternary {
		found := textsearch.No
		for i := range words {
			w := &words[i]
			if w.operand != n {
				continue
			}
			if found = textsearch.Yes; places == nil {
				return found
			}
			if k := len(places.At); k == 0 || places.At[k-1] < w.place {
				places.At = append(places.At, w.place)
			}
		}
		return found
	}
}
