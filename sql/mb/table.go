package mb

import (
	"bytes"
	"compress/flate"
	"embed"
	"encoding/binary"
	"io"
	"slices"
	"sync"
)

//go:embed tables
var tables embed.FS

// run maps n codes from one on to as many others.
type run struct{ from, to, n uint64 }

// table maps the codes of one encoding to those of another; the runs are sorted
// by from and do not overlap.
type table struct {
	runs  []run
	pairs bool // some codes are two code points
}

// find looks a code up. A code that maps to 0 has no equivalent.
func (t *table) find(code uint64) (uint64, bool) {
	i, found := slices.BinarySearchFunc(t.runs, code, func(r run, code uint64) int {
		switch {
		case code < r.from:
			return 1
		case code >= r.from+r.n:
			return -1
		}
		return 0
	})
	if !found {
		return 0, false
	}
	return t.runs[i].to + code - t.runs[i].from, true
}

func newTable(runs []run) *table {
	slices.SortFunc(runs, func(a, b run) int {
		if a.from < b.from {
			return -1
		}
		return 1
	})
	t := &table{runs: runs}
	t.pairs = len(runs) > 0 && runs[len(runs)-1].from>>second != 0
	return t
}

// loaded keeps the conversions in use: {from, to} to *Conversion.
var loaded sync.Map

func conversion(from, to Encoding) *Conversion {
	key := [2]Encoding{from, to}
	if c, ok := loaded.Load(key); ok {
		return c.(*Conversion)
	}
	c := &Conversion{From: from, To: to}
	switch {
	case to == UTF8 && from == GB18030:
		c.algorithm = gb18030ToUnicode
	case from == UTF8 && to == GB18030:
		c.algorithm = unicodeToGB18030
	}
	c.table = load(from, to)
	kept, _ := loaded.LoadOrStore(key, c)
	return kept.(*Conversion)
}

// fileName is the file of both directions of a conversion. Its data are, each
// compressed runs: the table from a to b; what of the table from b to a is not its
// inverse.
func fileName(a, b Encoding) string { return "tables/" + a.String() + "-" + b.String() }

func load(from, to Encoding) *table {
	if f, err := tables.ReadFile(fileName(from, to)); err == nil {
		forward, _ := readTables(f)
		return newTable(forward)
	}
	f, err := tables.ReadFile(fileName(to, from))
	if err != nil {
		panic(err) // the file of each conversion is embedded
	}
	return newTable(reversed(readTables(f)))
}

// readTables takes a file apart, which was written by the tests.
func readTables(file []byte) (forward, differing []run) {
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(file)))
	if err != nil {
		panic(err)
	}
	forward, data = readRuns(data)
	differing, _ = readRuns(data)
	return forward, differing
}

// readRuns reads a count and that many runs: how far each begins behind the last
// one, how far its target lies from the last one's, and how long it is.
func readRuns(data []byte) ([]run, []byte) {
	next := func() uint64 {
		v, n := binary.Uvarint(data)
		data = data[n:]
		return v
	}
	runs := make([]run, next())
	at, target := uint64(0), uint64(0)
	for i := range runs {
		at += next()
		target += unzigzag(next())
		n := next()
		runs[i] = run{at, target, n}
		at, target = at+n, target+n
	}
	return runs, data
}

func unzigzag(v uint64) uint64 { return v>>1 ^ -(v & 1) }

// reversed is the inverse of a table but for what differs: a target of 0 is none.
func reversed(forward, differing []run) []run {
	differs := newTable(slices.Clone(differing))
	var out []run
	for _, r := range forward {
		for i := range r.n {
			if _, found := differs.find(r.to + i); !found {
				out = appendCode(out, r.to+i, r.from+i)
			}
		}
	}
	for _, r := range differing {
		if r.to != 0 {
			out = append(out, r)
		}
	}
	return out
}

// appendCode adds a code to runs, to the last one if it continues that.
func appendCode(runs []run, from, to uint64) []run {
	if n := len(runs); n > 0 && to != 0 {
		if r := &runs[n-1]; r.from+r.n == from && r.to != 0 && r.to+r.n == to {
			r.n++
			return runs
		}
	}
	return append(runs, run{from, to, 1})
}
