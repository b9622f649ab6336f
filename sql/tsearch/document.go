package tsearch

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

// Notice gets what a function tells beside its result.
type Notice func(*pgerr.Error)

// tokens calls visit for each token of a text but those that are too long.
func tokens(text string, notice Notice, visit func(Token)) {
	p := NewParser(text)
	for t, ok := p.Next(); ok; t, ok = p.Next() {
		if len(t.Text) >= textsearch.MaxWord {
			notice(longWord(textsearch.MaxWord))
			continue
		}
		visit(t)
	}
}

// Document collects the words of one or more texts (ParsedText).
type Document struct {
	config *Config
	notice Notice
	words  []docWord
	place  int // of the last word, stop words included
}

type docWord struct {
	lexeme string
	place  int
}

// NewDocument makes an empty document. notice gets what is left out of it.
func NewDocument(c *Config, notice Notice) *Document { return &Document{config: c, notice: notice} }

// Add parses a text (parsetext).
func (d *Document) Add(text string) {
	tokens(text, d.notice, func(t Token) {
		dict := d.config.Dicts[t.Type]
		if dict == nil {
			return
		}
		d.place++
		if lexeme, ok := dict.Lexize(t.Text); ok {
			d.words = append(d.words, docWord{lexeme, min(d.place, textsearch.MaxPosition-1)})
		}
	})
}

// AddElement adds a text that is apart from those before it, so that no phrase
// spans them.
func (d *Document) AddElement(text string) {
	before := len(d.words)
	if d.Add(text); len(d.words) > before {
		d.place++
	}
}

// maxPlaces is how many places of a word a document keeps.
const maxPlaces = 255

// Vector makes the tsvector of the document (make_tsvector). 54000 if it is too
// long.
func (d *Document) Vector() (*textsearch.Vector, error) {
	index := make(map[string]int, len(d.words))
	var lexemes []textsearch.Lexeme
	for _, w := range d.words {
		i, ok := index[w.lexeme]
		if !ok {
			i = len(lexemes)
			index[w.lexeme] = i
			lexemes = append(lexemes, textsearch.Lexeme{Word: w.lexeme})
		}
		ps := lexemes[i].Positions
		if n := len(ps); n < maxPlaces && (n == 0 || ps[n-1].Place() != w.place) {
			lexemes[i].Positions = append(ps, textsearch.NewPosition(w.place, textsearch.WeightD))
		}
	}
	return textsearch.NewVector(lexemes)
}
