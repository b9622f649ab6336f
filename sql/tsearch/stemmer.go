package tsearch

import (
	"sync"

	"github.com/tebeka/snowball"
)

// longestStemmed is the length in bytes up to which a word is stemmed: nothing
// longer is a word of any language.
const longestStemmed = 1000

// stemmer is the Snowball stemmer of one language. The C library's stemmers
// serve one goroutine at a time: stemmer keeps those that are not at work.
type stemmer struct {
	language string
	mu       sync.Mutex
	idle     []*snowball.Stemmer
}

func (s *stemmer) take() *snowball.Stemmer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		st := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return st
	}
	st, err := snowball.New(s.language)
	if err != nil {
		panic("tsearch: " + err.Error()) // the languages are part of the program
	}
	return st
}

func (s *stemmer) give(st *snowball.Stemmer) {
	s.mu.Lock()
	s.idle = append(s.idle, st)
	s.mu.Unlock()
}

// stem returns the stem of a word in lower case; the word itself where nothing
// would be left of it.
func (s *stemmer) stem(word string) string {
	st := s.take()
	defer s.give(st)
	if stem := st.Stem(word); stem != "" {
		return stem
	}
	return word
}
