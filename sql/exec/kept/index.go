package kept

import (
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Index finds the rows with given values of some columns. It is safe for concurrent
// use.
type Index struct {
	table *columns.Table
	// rows are the numbers of all rows without a NULL among their values, value by
	// value and in their order; those of value v are rows[starts[v]:starts[v+1]].
	rows, starts []int32
	total        int       // rows of the table
	finders      sync.Pool // of *finder
}

// finder is what one look-up at a time needs.
type finder struct {
	table  *columns.Table
	values []int32
}

// IndexOf is the index of k's columns at the positions at, under the IndexKey of their
// numbers in the table: it is made where it is not there yet.
func IndexOf(k *storage.Kept, key string, at []int) *Index {
	return k.Derived(key, func() (any, int64) {
		x := newIndex(pick(k.Columns, at), k.Rows)
		return x, x.table.MemSize() + int64(len(x.rows)+len(x.starts))*4
	}).(*Index)
}

// IndexKey is what the index of columns of a table is kept under.
func IndexKey(nums []int16) string { return fmt.Sprint("index ", nums) }

func pick(cols []vec.Vector, at []int) []vec.Vector {
	out := make([]vec.Vector, len(at))
	for i, c := range at {
		out[i] = cols[c]
	}
	return out
}

// building is how many rows are hashed at a time.
const building = 4096

func newIndex(cols []vec.Vector, n int) *Index {
	ts := make([]*types.Type, len(cols))
	for i, c := range cols {
		ts[i] = c.Type()
	}
	x := &Index{table: columns.NewTable(ts), total: n}
	values := make([]int32, n) // of each row; -1 where it has a NULL
	part := make([]vec.Vector, len(cols))
	for from := 0; from < n; from += building {
		to := min(from+building, n)
		for i, c := range cols {
			part[i] = c.Slice(from, to)
		}
		x.number(part, values[from:to])
	}
	x.sort(values)
	return x
}

// number finds the numbers of the values of some rows, new ones among them.
func (x *Index) number(part []vec.Vector, out []int32) {
	n := len(out)
	sel := whole(part, n)
	if sel == nil {
		x.table.Insert(part, nil, n, x.table.Hash(part, nil, n), out)
		return
	}
	found := make([]int32, len(sel))
	x.table.Insert(part, sel, n, x.table.Hash(part, sel, n), found)
	for i := range out {
		out[i] = -1
	}
	for k, i := range sel {
		out[i] = found[k]
	}
}

// whole lists the rows without a NULL; nil for all of them.
func whole(cols []vec.Vector, n int) []int32 {
	if !slices.ContainsFunc(cols, vec.Vector.HasNulls) {
		return nil
	}
	sel := make([]int32, 0, n)
	for i := range n {
		if !slices.ContainsFunc(cols, func(v vec.Vector) bool { return v.IsNull(i) }) {
			sel = append(sel, int32(i))
		}
	}
	return sel
}

// sort puts the rows in the order of their values' numbers.
func (x *Index) sort(values []int32) {
	x.starts = make([]int32, x.table.Len()+1)
	all := 0
	for _, v := range values {
		if v >= 0 {
			x.starts[v+1]++
			all++
		}
	}
	for v := range x.table.Len() {
		x.starts[v+1] += x.starts[v]
	}
	x.rows = make([]int32, all)
	next := slices.Clone(x.starts)
	for row, v := range values {
		if v >= 0 {
			x.rows[next[v]] = int32(row)
			next[v]++
		}
	}
}

// Distinct is the number of different values.
func (x *Index) Distinct() int { return x.table.Len() }

// Rows lists the rows with one of the values that keys have among their rows sel (all
// n if nil), in order and each once; a value with a NULL in it has none. ok is false
// where they are more than most, so that reading all rows is as good. The slice is
// not to be changed.
func (x *Index) Rows(keys []vec.Vector, sel []int32, n, most int) (rows []int32, ok bool) {
	count := n
	if sel != nil {
		count = len(sel)
	}
	f := x.finder()
	defer x.finders.Put(f)
	values := slices.Grow(f.values[:0], count)[:count]
	f.values = values
	f.table.Find(keys, sel, n, f.table.Hash(keys, sel, n), values)
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) > 0 && values[0] < 0 {
		values = values[1:]
	}
	size := 0
	for _, v := range values {
		size += int(x.starts[v+1] - x.starts[v])
	}
	switch {
	case size > most:
		return nil, false
	case len(values) == 1:
		return x.of(values[0]), true
	}
	return x.union(values, size), true
}

func (x *Index) finder() *finder {
	if f, ok := x.finders.Get().(*finder); ok {
		return f
	}
	return &finder{table: x.table.Reader()}
}

func (x *Index) of(v int32) []int32 { return x.rows[x.starts[v]:x.starts[v+1]] }

// union is the rows of several values, of which there are size.
func (x *Index) union(values []int32, size int) []int32 {
	rows := make([]int32, 0, size)
	if size*64 < x.total {
		for _, v := range values {
			rows = append(rows, x.of(v)...)
		}
		slices.Sort(rows)
		return rows
	}
	marks := vec.NewBitmap(x.total)
	for _, v := range values {
		for _, row := range x.of(v) {
			marks.Set(int(row))
		}
	}
	for w, word := range marks {
		for ; word != 0; word &= word - 1 {
			rows = append(rows, int32(w<<6+bits.TrailingZeros64(word)))
		}
	}
	return rows
}
