package tsearch

import (
	"embed"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// OID is PostgreSQL's object identifier.
type OID = uint32

// Template is a kind of dictionary (pg_ts_template).
type Template struct {
	OID          OID
	Name, Doc    string
	Init, Lexize OID // the functions that pg_ts_template names
}

// Templates are all kinds of dictionary. Only dictionaries of the kinds simple
// and snowball exist.
var Templates = []Template{
	{3727, "simple", "simple dictionary: just lower case and check for stopword", 3725, 3726},
	{3730, "synonym", "synonym dictionary: replace word by its synonym", 3728, 3729},
	{3733, "ispell", "ispell dictionary", 3731, 3732},
	{3742, "thesaurus", "thesaurus dictionary: phrase by phrase substitution", 3740, 3741},
	{13150, "snowball", "snowball stemmer", 13148, 13149},
}

// FindTemplate returns the kind of dictionary, or nil.
func FindTemplate(oid OID) *Template {
	for i := range Templates {
		if Templates[i].OID == oid {
			return &Templates[i]
		}
	}
	return nil
}

const (
	simpleTemplate   OID = 3727
	snowballTemplate OID = 13150
)

// Dictionary turns words into lexemes (pg_ts_dict).
type Dictionary struct {
	OID       OID
	Name, Doc string
	Template  OID
	Options   string // dictinitoption; "" for NULL

	stopWords func() map[string]bool // nil without a list
	stemmer   *stemmer               // nil in simple
}

// Lexize returns the lexeme of a word; ok is false for a stop word. Every word
// is known.
func (d *Dictionary) Lexize(word string) (lexeme string, ok bool) {
	lower := toLower(word)
	switch {
	case d.stemmer != nil && len(word) > longestStemmed:
		return lower, true
	case lower == "" || d.stopWords != nil && d.stopWords()[lower]:
		return "", false
	case d.stemmer == nil:
		return lower, true
	}
	return d.stemmer.stem(lower), true
}

// toLower is lower() in the C locale: only ASCII letters have a case.
func toLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

//go:embed stop/*.stop
var stopFiles embed.FS

// stopList reads the list of a language when it is first asked for.
func stopList(language string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		text, err := stopFiles.ReadFile("stop/" + language + ".stop")
		if err != nil {
			panic("tsearch: " + err.Error())
		}
		words := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > 0 {
				words[toLower(f[0])] = true
			}
		}
		return words
	})
}

// longWord is what the client is told of a word that is not indexed.
func longWord(max int) *pgerr.Error {
	return pgerr.Notice(pgerr.SeverityNotice, pgerr.ProgramLimitExceeded, "word is too long to be indexed").
		WithDetail("Words longer than %d characters are ignored.", max)
}
