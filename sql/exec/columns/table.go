package columns

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Table maps rows of keys to dense numbers 0, 1, 2, … in order of first
// appearance. It is the hash table of grouping, DISTINCT and set operations.
type Table struct {
	types   []*types.Type
	hashers []Hasher
	cols    []KeyColumn
	hashes  []uint64 // by number
	slots   []int32  // number + 1, 0 empty
	scratch []uint64
}

// NewTable makes an empty table over keys of the given types.
func NewTable(ts []*types.Type) *Table {
	t := &Table{types: ts, hashers: Hashers(ts), slots: make([]int32, 64)}
	for _, typ := range ts {
		t.cols = append(t.cols, NewKeyColumn(typ))
	}
	return t
}

// Reader is the same table for Hash and Find by another goroutine, as long as nobody
// inserts.
func (t *Table) Reader() *Table {
	r := *t
	r.scratch = nil
	r.cols = make([]KeyColumn, len(t.cols))
	for i, c := range t.cols {
		r.cols[i] = c.Reader()
	}
	return &r
}

// Len is the number of different keys.
func (t *Table) Len() int { return len(t.hashes) }

// Hash hashes the rows of keys; the result is valid until the next call.
func (t *Table) Hash(keys []vec.Vector, sel []int32, n int) []uint64 {
	if cap(t.scratch) < n {
		t.scratch = make([]uint64, n)
	}
	h := t.scratch[:n]
	HashRows(t.hashers, keys, sel, n, h)
	return h
}

// Insert finds or adds each row of keys among sel and writes its number to
// out[k] for the k-th row of sel. It returns the number of keys before the
// call: a row whose number is not below it is new.
func (t *Table) Insert(keys []vec.Vector, sel []int32, n int, hashes []uint64, out []int32) int {
	before := len(t.hashes)
	t.bind(keys)
	t.each(sel, n, func(k, i int) {
		at := t.find(hashes[i], i)
		if at < 0 {
			at = t.add(hashes[i], i)
		}
		out[k] = at
	})
	return before
}

// Find writes the number of each row, or -1.
func (t *Table) Find(keys []vec.Vector, sel []int32, n int, hashes []uint64, out []int32) {
	t.bind(keys)
	t.each(sel, n, func(k, i int) { out[k] = t.find(hashes[i], i) })
}

func (t *Table) each(sel []int32, n int, f func(k, i int)) {
	if sel == nil {
		for i := range n {
			f(i, i)
		}
		return
	}
	for k, i := range sel {
		f(k, int(i))
	}
}

func (t *Table) bind(keys []vec.Vector) {
	for c, col := range t.cols {
		col.Bind(keys[c])
	}
}

func (t *Table) find(h uint64, i int) int32 {
	mask := uint64(len(t.slots) - 1)
	for s := h & mask; ; s = (s + 1) & mask {
		at := t.slots[s] - 1
		if at < 0 {
			return -1
		}
		if t.hashes[at] == h && t.equal(i, at) {
			return at
		}
	}
}

func (t *Table) equal(i int, at int32) bool {
	for _, c := range t.cols {
		if !c.Equal(i, at) {
			return false
		}
	}
	return true
}

func (t *Table) add(h uint64, i int) int32 {
	if 2*(len(t.hashes)+1) > len(t.slots) {
		t.grow()
	}
	at := int32(len(t.hashes))
	t.hashes = append(t.hashes, h)
	for _, c := range t.cols {
		c.Append(i)
	}
	t.place(h, at)
	return at
}

func (t *Table) place(h uint64, at int32) {
	mask := uint64(len(t.slots) - 1)
	s := h & mask
	for t.slots[s] != 0 {
		s = (s + 1) & mask
	}
	t.slots[s] = at + 1
}

func (t *Table) grow() {
	t.slots = make([]int32, 2*len(t.slots))
	for at, h := range t.hashes {
		t.place(h, int32(at))
	}
}

// Keys returns keys [from, to) as vectors.
func (t *Table) Keys(from, to int) []vec.Vector {
	out := make([]vec.Vector, len(t.cols))
	for c, col := range t.cols {
		out[c] = col.Vector(t.types[c], from, to)
	}
	return out
}

// MemSize estimates the bytes held.
func (t *Table) MemSize() int64 {
	n := int64(len(t.slots))*4 + int64(cap(t.hashes))*8
	for _, c := range t.cols {
		n += c.MemSize()
	}
	return n
}
