package txn

import (
	"iter"
	"maps"
)

// layers are the changed rows of a table by their ids, in maps on top of each other: one
// further up replaces what those below say of a row. A snapshot is a copy of the slice: who
// writes behind it does so into a new map on top, and no map that a snapshot has is ever
// changed. A statement takes one, so that a block of many statements must not copy what it
// has each time: of two maps of like size one is made, as each has grown to twice the size of
// the one above it, so that there are few and a row is copied few times.
type layers []map[string]*pending

// get is a row's entry, nil for none.
func (l layers) get(id string) *pending {
	for i := len(l) - 1; i >= 0; i-- {
		if p, ok := l[i][id]; ok {
			return p
		}
	}
	return nil
}

// all are the entries, each once, in no order.
func (l layers) all() iter.Seq2[string, *pending] {
	return func(yield func(string, *pending) bool) {
		for i := len(l) - 1; i >= 0; i-- {
			for id, p := range l[i] {
				if !l[i+1:].has(id) && !yield(id, p) {
					return
				}
			}
		}
	}
}

func (l layers) has(id string) bool { return l.get(id) != nil }

// size is the number of rows, of which some may count twice.
func (l layers) size() (n int) {
	for _, m := range l {
		n += len(m)
	}
	return n
}

// grown is l with an empty map on top, for what is written behind a snapshot.
func (l layers) grown() layers {
	out := append(layers(nil), l...)
	for n := len(out); n > 1 && len(out[n-2]) <= 2*len(out[n-1]); n = len(out) {
		both := make(map[string]*pending, len(out[n-2])+len(out[n-1]))
		maps.Copy(both, out[n-2])
		maps.Copy(both, out[n-1])
		out = append(out[:n-2], both)
	}
	return append(out, map[string]*pending{})
}
