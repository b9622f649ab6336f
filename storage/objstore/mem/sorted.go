package mem

import (
	"slices"
	"strings"
)

// chunkSize is the most entries of one chunk: large enough that the list of
// chunks stays short for millions of keys, small enough to insert by moving.
const chunkSize = 512

// sorted is an ordered map as a list of sorted chunks, none empty.
type sorted struct {
	chunks [][]*object
	n      int
}

// place is a position in a sorted: the entry, or the end of the last chunk.
type place struct{ chunk, entry int }

// find gives the place of the first key >= key, and whether it is key.
func (s *sorted) find(key string) (place, bool) {
	c, _ := slices.BinarySearchFunc(s.chunks, key, func(chunk []*object, key string) int {
		return strings.Compare(chunk[len(chunk)-1].info.Key, key)
	})
	if c == len(s.chunks) {
		return place{chunk: c}, false
	}
	e, ok := slices.BinarySearchFunc(s.chunks[c], key, func(o *object, key string) int {
		return strings.Compare(o.info.Key, key)
	})
	return place{c, e}, ok
}

func (s *sorted) at(p place) *object {
	if p.chunk >= len(s.chunks) {
		return nil
	}
	return s.chunks[p.chunk][p.entry]
}

// next is the place after p, which must be an entry.
func (s *sorted) next(p place) place {
	if p.entry++; p.entry == len(s.chunks[p.chunk]) {
		p = place{chunk: p.chunk + 1}
	}
	return p
}

func (s *sorted) get(key string) *object {
	if p, ok := s.find(key); ok {
		return s.at(p)
	}
	return nil
}

// put adds o or replaces the entry of its key.
func (s *sorted) put(o *object) {
	p, ok := s.find(o.info.Key)
	if ok {
		s.chunks[p.chunk][p.entry] = o
		return
	}
	s.n++
	if len(s.chunks) == 0 {
		s.chunks = [][]*object{{o}}
		return
	}
	if p.chunk == len(s.chunks) {
		p = place{p.chunk - 1, len(s.chunks[p.chunk-1])}
	}
	s.chunks[p.chunk] = slices.Insert(s.chunks[p.chunk], p.entry, o)
	if len(s.chunks[p.chunk]) > chunkSize {
		s.split(p)
	}
}

// split halves p's chunk, unless p is the very end, as when keys come in order:
// then the chunk stays full and a new one begins.
func (s *sorted) split(p place) {
	chunk := s.chunks[p.chunk]
	at := len(chunk) / 2
	if p.chunk == len(s.chunks)-1 && p.entry == len(chunk)-1 {
		at = len(chunk) - 1
	}
	right := slices.Clone(chunk[at:])
	clear(chunk[at:])
	s.chunks[p.chunk] = chunk[:at]
	s.chunks = slices.Insert(s.chunks, p.chunk+1, right)
}

// remove deletes key's entry, if there is one.
func (s *sorted) remove(key string) {
	p, ok := s.find(key)
	if !ok {
		return
	}
	s.n--
	s.chunks[p.chunk] = slices.Delete(s.chunks[p.chunk], p.entry, p.entry+1)
	if len(s.chunks[p.chunk]) == 0 {
		s.chunks = slices.Delete(s.chunks, p.chunk, p.chunk+1)
	}
}
