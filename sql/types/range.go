package types

import "github.com/s3db-sql/s3db-sql/pgerr"

// RangeDef is what pg_range says of a range type and its multirange type; both
// share one.
type RangeDef struct {
	Range, Multirange, Subtype *Type
	// Canonical brings a range of a discrete subtype into its one form; nil for
	// continuous ones. CanonicalProc and SubtypeDiff are the oids of the functions
	// that pg_range shows, 0 for none.
	Canonical                  func(lower, upper RangeBound) (RangeBound, RangeBound, error)
	CanonicalProc, SubtypeDiff OID
	// Collation by which bounds compare, 0 where the subtype has none.
	Collation OID
}

// RangeBound is one end of a range. An infinite bound has a nil value and is
// never inclusive.
type RangeBound struct {
	Val                        any
	Infinite, Inclusive, Lower bool
}

// Range is a value of a range type. The bounds of an empty one are zero.
type Range struct {
	Def          *RangeDef
	Empty        bool
	Lower, Upper RangeBound
}

// NewRange is make_range: 22000 if the bounds are the wrong way round, and what
// the canonical form raises (22003, 22008).
func NewRange(def *RangeDef, lower, upper RangeBound) (*Range, error) {
	r, err := newPlainRange(def, lower, upper)
	if err != nil || r.Empty || def.Canonical == nil {
		return r, err
	}
	lower, upper, err = def.Canonical(r.Lower, r.Upper)
	if err != nil {
		return nil, err
	}
	return newPlainRange(def, lower, upper)
}

// newPlainRange is range_serialize: a range that is not made canonical.
func newPlainRange(def *RangeDef, lower, upper RangeBound) (*Range, error) {
	lower.Lower, upper.Lower = true, false
	c := def.compareValues(lower, upper)
	if c > 0 {
		return nil, pgerr.New(pgerr.DataException, "range lower bound must be less than or equal to range upper bound")
	}
	if c == 0 && !(lower.Inclusive && upper.Inclusive) {
		return def.EmptyRange(), nil
	}
	lower.Inclusive = lower.Inclusive && !lower.Infinite
	upper.Inclusive = upper.Inclusive && !upper.Infinite
	return &Range{Def: def, Lower: lower, Upper: upper}, nil
}

// EmptyRange is the empty range.
func (def *RangeDef) EmptyRange() *Range { return &Range{Def: def, Empty: true} }

// compareInfinite compares two bounds of which one is infinite.
func compareInfinite(a, b RangeBound) (c int, infinite bool) {
	side := func(lower bool) int {
		if lower {
			return -1
		}
		return 1
	}
	switch {
	case a.Infinite && b.Infinite && a.Lower == b.Lower:
		return 0, true
	case a.Infinite:
		return side(a.Lower), true
	case b.Infinite:
		return -side(b.Lower), true
	}
	return 0, false
}

// compareValues is range_cmp_bound_values: whether bounds are inclusive does not
// matter.
func (def *RangeDef) compareValues(a, b RangeBound) int {
	if c, infinite := compareInfinite(a, b); infinite {
		return c
	}
	return def.Subtype.Compare(a.Val, b.Val)
}

// compareBounds is range_cmp_bounds: bounds as points between values.
func (def *RangeDef) compareBounds(a, b RangeBound) int {
	if c, infinite := compareInfinite(a, b); infinite {
		return c
	}
	if c := def.Subtype.Compare(a.Val, b.Val); c != 0 {
		return c
	}
	return a.offset() - b.offset()
}

// offset is where a bound lies beside its value: an exclusive lower one after it,
// an exclusive upper one before it.
func (b RangeBound) offset() int {
	switch {
	case b.Inclusive:
		return 0
	case b.Lower:
		return 1
	}
	return -1
}

// complement is the bound at the same place of what lies on its other side.
func (b RangeBound) complement() RangeBound {
	b.Inclusive, b.Lower = !b.Inclusive, !b.Lower
	return b
}

func (def *RangeDef) minBound(a, b RangeBound) RangeBound {
	if def.compareBounds(a, b) <= 0 {
		return a
	}
	return b
}

func (def *RangeDef) maxBound(a, b RangeBound) RangeBound {
	if def.compareBounds(a, b) >= 0 {
		return a
	}
	return b
}

// Compare is range_cmp: empty ranges first, then by lower and by upper bound.
func (r *Range) Compare(o *Range) int {
	switch {
	case r.Empty && o.Empty:
		return 0
	case r.Empty:
		return -1
	case o.Empty:
		return 1
	}
	if c := r.Def.compareBounds(r.Lower, o.Lower); c != 0 {
		return c
	}
	return r.Def.compareBounds(r.Upper, o.Upper)
}

// Hash agrees with Compare.
func (r *Range) Hash() uint64 {
	h := hashUint64(uint64(r.flags()))
	for _, b := range []RangeBound{r.Lower, r.Upper} {
		if !r.Empty && !b.Infinite {
			h = hashCombine(h, r.Def.Subtype.Hash(b.Val))
		}
	}
	return h
}

// ContainsElem is range_contains_elem.
func (r *Range) ContainsElem(v any) bool {
	if r.Empty {
		return false
	}
	at := RangeBound{Val: v, Inclusive: true}
	return r.Def.compareBounds(r.Lower, at) <= 0 && r.Def.compareBounds(at, r.Upper) <= 0
}

// Contains is range_contains: the empty range is in every one.
func (r *Range) Contains(o *Range) bool {
	if r.Empty || o.Empty {
		return o.Empty
	}
	return r.Def.compareBounds(r.Lower, o.Lower) <= 0 && r.Def.compareBounds(r.Upper, o.Upper) >= 0
}

// Before is range_before, <<: nothing is before or after an empty range.
func (r *Range) Before(o *Range) bool {
	return !r.Empty && !o.Empty && r.Def.compareBounds(r.Upper, o.Lower) < 0
}

// Overlaps is range_overlaps, &&.
func (r *Range) Overlaps(o *Range) bool {
	return !r.Empty && !o.Empty &&
		r.Def.compareBounds(r.Lower, o.Upper) <= 0 && r.Def.compareBounds(o.Lower, r.Upper) <= 0
}

// OverLeft is range_overleft, &<: r does not extend to the right of o.
func (r *Range) OverLeft(o *Range) bool {
	return !r.Empty && !o.Empty && r.Def.compareBounds(r.Upper, o.Upper) <= 0
}

// OverRight is range_overright, &>: r does not extend to the left of o.
func (r *Range) OverRight(o *Range) bool {
	return !r.Empty && !o.Empty && r.Def.compareBounds(r.Lower, o.Lower) >= 0
}

// Adjacent is range_adjacent, -|-.
func (r *Range) Adjacent(o *Range) bool { return r.Meets(o) || o.Meets(r) }

// Meets says whether o begins where r ends, with nothing between or in both.
func (r *Range) Meets(o *Range) bool {
	return !r.Empty && !o.Empty && r.Def.boundsAdjacent(r.Upper, o.Lower)
}

// boundsAdjacent is bounds_adjacent: no value lies between an upper and a lower
// bound, and none in both.
func (def *RangeDef) boundsAdjacent(upper, lower RangeBound) bool {
	switch c := def.compareValues(upper, lower); {
	case c == 0:
		return upper.Inclusive != lower.Inclusive
	case c > 0 || def.Canonical == nil:
		return false
	}
	between, err := NewRange(def, upper.complement(), lower.complement())
	return err == nil && between.Empty
}

// Union is range_union; 22000 where the result would have a gap.
func (r *Range) Union(o *Range) (*Range, error) {
	if !r.Empty && !o.Empty && !r.Overlaps(o) && !r.Adjacent(o) {
		return nil, pgerr.New(pgerr.DataException, "result of range union would not be contiguous")
	}
	return r.Merge(o)
}

// Merge is range_merge: the smallest range that has both.
func (r *Range) Merge(o *Range) (*Range, error) {
	switch {
	case r.Empty:
		return o, nil
	case o.Empty:
		return r, nil
	}
	return NewRange(r.Def, r.Def.minBound(r.Lower, o.Lower), r.Def.maxBound(r.Upper, o.Upper))
}

// Intersect is range_intersect.
func (r *Range) Intersect(o *Range) (*Range, error) {
	if !r.Overlaps(o) {
		return r.Def.EmptyRange(), nil
	}
	return NewRange(r.Def, r.Def.maxBound(r.Lower, o.Lower), r.Def.minBound(r.Upper, o.Upper))
}

// Minus is range_minus; 22000 where o lies within r.
func (r *Range) Minus(o *Range) (*Range, error) {
	left, right, err := r.cut(o)
	switch {
	case err != nil:
		return nil, err
	case left.Empty:
		return right, nil
	case right.Empty:
		return left, nil
	}
	return nil, pgerr.New(pgerr.DataException, "result of range difference would not be contiguous")
}

// cut is what is left of r to the left and to the right of o; all of it is left
// of an o that is empty.
func (r *Range) cut(o *Range) (left, right *Range, err error) {
	def := r.Def
	left, right = def.EmptyRange(), def.EmptyRange()
	switch {
	case r.Empty:
		return left, right, nil
	case o.Empty || r.Before(o):
		return r, right, nil
	case o.Before(r):
		return left, r, nil
	}
	if def.compareBounds(r.Lower, o.Lower) < 0 {
		if left, err = NewRange(def, r.Lower, o.Lower.complement()); err != nil {
			return nil, nil, err
		}
	}
	if def.compareBounds(r.Upper, o.Upper) > 0 {
		right, err = NewRange(def, o.Upper.complement(), r.Upper)
	}
	return left, right, err
}
