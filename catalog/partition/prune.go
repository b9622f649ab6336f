package partition

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
)

// Term is what a condition says of one column of the key.
type Term struct {
	// Points are the values that it can have; nil says nothing, empty is none.
	Points []any
	// Low and High bound it, of nil they do not.
	Low, High *End
	// Null: it is NULL. NotNull: it is not.
	Null, NotNull bool
}

// End is one end of an interval.
type End struct {
	Value     any
	Inclusive bool
}

// maxTuples bounds the combinations of the columns' values that are looked at.
const maxTuples = 1024

// Keep says which of Parts can have rows whose key is as terms, one for each column
// of the key, say (get_matching_partitions). Without the Hasher that the key needs it
// keeps all.
func (d *Desc) Keep(terms []Term, hash Hasher) ([]bool, error) {
	keep := make([]bool, len(d.Parts))
	for _, t := range terms {
		if t.Points != nil && len(t.Points) == 0 || t.Null && (t.NotNull || t.Points != nil || t.Low != nil || t.High != nil) {
			return keep, nil
		}
	}
	var err error
	switch d.Rel.Partitioning.Strategy {
	case catalog.ByHash:
		err = d.keepHash(terms, keep, hash)
	case catalog.ByList:
		d.keepList(terms[0], keep)
	default:
		d.keepRange(terms, keep)
	}
	return keep, err
}

func mark(keep []bool, at int) {
	if at >= 0 {
		keep[at] = true
	}
}

func all(keep []bool) {
	for i := range keep {
		keep[i] = true
	}
}

// keepHash needs to know every column.
func (d *Desc) keepHash(terms []Term, keep []bool, hash Hasher) error {
	if hash == nil && d.OwnHash() {
		all(keep)
		return nil
	}
	tuples := [][]any{nil}
	for _, t := range terms {
		points := t.Points
		if t.Null {
			points = []any{nil}
		}
		if points == nil || len(points)*len(tuples) > maxTuples {
			all(keep)
			return nil
		}
		tuples = extended(tuples, points)
	}
	for _, tuple := range tuples {
		at, err := d.Find(tuple, hash)
		if err != nil {
			return err
		}
		mark(keep, at)
	}
	return nil
}

// extended are the tuples with each of some values behind them.
func extended(tuples [][]any, points []any) [][]any {
	out := make([][]any, 0, len(tuples)*len(points))
	for _, t := range tuples {
		for _, p := range points {
			out = append(out, append(slices.Clip(t), p))
		}
	}
	return out
}

func (d *Desc) keepList(t Term, keep []bool) {
	switch {
	case t.Null:
		d.markOrDefault(keep, d.null)
	case t.Points != nil:
		for _, p := range t.Points {
			if p != nil && d.within(p, t) {
				d.markOrDefault(keep, d.findList(p))
			}
		}
	default:
		for _, v := range d.list {
			if d.within(v.value, t) {
				keep[v.part] = true
			}
		}
		mark(keep, d.def)
		if t.Low == nil && t.High == nil && !t.NotNull {
			mark(keep, d.null)
		}
	}
}

func (d *Desc) markOrDefault(keep []bool, at int) {
	if at < 0 {
		at = d.def
	}
	mark(keep, at)
}

// within says whether a value of the first column lies between the ends.
func (d *Desc) within(v any, t Term) bool {
	if t.Low != nil {
		if c := d.Types[0].Compare(v, t.Low.Value); c < 0 || c == 0 && !t.Low.Inclusive {
			return false
		}
	}
	if t.High != nil {
		if c := d.Types[0].Compare(v, t.High.Value); c > 0 || c == 0 && !t.High.Inclusive {
			return false
		}
	}
	return true
}

// keepRange looks at the values of the first columns and the interval of the one
// after them.
func (d *Desc) keepRange(terms []Term, keep []bool) {
	if slices.ContainsFunc(terms, func(t Term) bool { return t.Null }) {
		mark(keep, d.def) // the only one that takes NULL
		return
	}
	tuples, n := [][]any{nil}, 0
	for ; n < len(terms) && terms[n].Points != nil && len(terms[n].Points)*len(tuples) <= maxTuples; n++ {
		tuples = extended(tuples, terms[n].Points)
	}
	var low, high *End
	if n < len(terms) {
		low, high = terms[n].Low, terms[n].High
	}
	for _, tuple := range tuples {
		if slices.Contains(tuple, nil) {
			continue
		}
		r := region{d, ended(tuple, low), ended(tuple, high)}
		for _, p := range d.ranges {
			if r.meets(p) {
				keep[p.part] = true
			}
		}
		if !r.covered() {
			mark(keep, d.def)
		}
	}
}

// edge is the beginning of a key, where a region begins or ends; inclusive: keys that
// begin so belong to the region.
type edge struct {
	values    []any
	inclusive bool
}

func ended(tuple []any, e *End) edge {
	if e == nil {
		return edge{tuple, true}
	}
	return edge{append(slices.Clip(tuple), e.Value), e.Inclusive}
}

// region are the keys from one edge to another.
type region struct {
	d         *Desc
	low, high edge
}

// meets says whether a partition has a place for some key of the region.
func (r region) meets(p rangeBounds) bool {
	switch c := r.d.compareRow(p.upper, r.low.values); {
	case c < 0:
		return false
	case c == 0:
		n := len(r.low.values)
		if n == len(p.upper) || n > 0 && !r.low.inclusive || p.upper[n].infinite < 0 {
			return false
		}
	}
	switch c := r.d.compareRow(p.lower, r.high.values); {
	case c > 0:
		return false
	case c == 0:
		n := len(r.high.values)
		if n > 0 && !r.high.inclusive || n < len(p.lower) && p.lower[n].infinite > 0 {
			return false
		}
	}
	return true
}

// covered says whether every key of the region has a partition of its own, so that the
// default one has none: known of whole keys, and of intervals of a single column.
func (r region) covered() bool {
	n := len(r.d.Types)
	if len(r.low.values) < n || len(r.high.values) < n {
		return false
	}
	if n > 1 {
		return r.d.findRange(r.low.values) >= 0 && r.d.compareTuples(r.low.values, r.high.values) == 0
	}
	at := r.low.values
	for _, p := range r.d.ranges {
		switch {
		case r.d.compareRow(p.upper, at) <= 0:
			continue
		case r.d.compareRow(p.lower, at) > 0:
			return false
		}
		c := r.d.compareRow(p.upper, r.high.values)
		if c > 0 || c == 0 && !r.high.inclusive {
			return true
		}
		at = []any{p.upper[0].value}
	}
	return false
}

func (d *Desc) compareTuples(a, b []any) int {
	for i := range a {
		if c := d.Types[i].Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}
