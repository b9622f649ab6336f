package types

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// The built-in ranges with their multiranges (pg_range.dat).
var (
	Int4RangeType = registerRange("int4", "integers", 'i', [4]OID{3904, 3905, 4451, 6150},
		RangeDef{Subtype: Int4Type, Canonical: canonicalInt4, CanonicalProc: 3914, SubtypeDiff: 3922})
	NumRangeType = registerRange("num", "numerics", 'i', [4]OID{3906, 3907, 4532, 6151},
		RangeDef{Subtype: NumericType, SubtypeDiff: 3924})
	TSRangeType = registerRange("ts", "timestamps without time zone", 'd', [4]OID{3908, 3909, 4533, 6152},
		RangeDef{Subtype: TimestampType, SubtypeDiff: 3929})
	TSTZRangeType = registerRange("tstz", "timestamps with time zone", 'd', [4]OID{3910, 3911, 4534, 6153},
		RangeDef{Subtype: TimestamptzType, SubtypeDiff: 3930})
	DateRangeType = registerRange("date", "dates", 'i', [4]OID{3912, 3913, 4535, 6155},
		RangeDef{Subtype: DateType, Canonical: canonicalDate, CanonicalProc: 3915, SubtypeDiff: 3925})
	Int8RangeType = registerRange("int8", "bigints", 'd', [4]OID{3926, 3927, 4536, 6157},
		RangeDef{Subtype: Int8Type, Canonical: canonicalInt8, CanonicalProc: 3928, SubtypeDiff: 3923})
)

// registerRange adds a range and its multirange; oids are theirs and those of
// their arrays.
func registerRange(name, doc string, align byte, oids [4]OID, def RangeDef) *Type {
	NewRangeTypes(&def,
		Type{OID: oids[0], Array: oids[1], Name: name + "range", Align: align, Doc: "range of " + doc},
		Type{OID: oids[2], Array: oids[3], Name: name + "multirange", Align: align, Doc: "multirange of " + doc})
	for _, t := range []*Type{def.Range, def.Multirange} {
		builtin.add(t)
		builtin.add(newArrayType(t))
	}
	return def.Range
}

// NewRangeTypes makes the types of def, a range and its multirange; the two
// Types give oids, names and alignment. def's Subtype must have an order.
func NewRangeTypes(def *RangeDef, r, m Type) {
	r.Len, r.Category, r.Kind, r.Range = -1, RangeCat, 'r', def
	m.Len, m.Category, m.Kind, m.Range = -1, RangeCat, 'm', def
	def.Range = NewType(Def[*Range]{Type: r, Impl: Impl[*Range]{
		In:      def.parse,
		Out:     func(env *Env, dst []byte, v *Range) []byte { return v.AppendText(env, dst) },
		Recv:    def.recv,
		Send:    func(env *Env, dst []byte, v *Range) []byte { return v.AppendBinary(env, dst) },
		Compare: (*Range).Compare,
		Hash:    (*Range).Hash,
	}})
	def.Multirange = NewType(Def[*Multirange]{Type: m, Impl: Impl[*Multirange]{
		In:      def.parseMultirange,
		Out:     func(env *Env, dst []byte, v *Multirange) []byte { return v.AppendText(env, dst) },
		Recv:    def.recvMultirange,
		Send:    func(env *Env, dst []byte, v *Multirange) []byte { return v.AppendBinary(env, dst) },
		Compare: (*Multirange).Compare,
		Hash:    (*Multirange).Hash,
	}})
}

// RangeAtRest is the form of a range or multirange type whose bounds have the form
// subtype.
func RangeAtRest(t, subtype *Type) *Type {
	if !subtype.IsAtRest() {
		return t
	}
	values, def := t.Range, *t.Range
	def.Subtype = subtype
	if t.Kind == 'r' {
		impl := *ImplOf[*Range](t)
		impl.In = func(env *Env, s string, typmod int32) (*Range, error) {
			r, err := def.parse(env, s, typmod)
			return r.as(values), err
		}
		impl.Out = func(env *Env, dst []byte, v *Range) []byte { return v.as(&def).AppendText(env, dst) }
		return atRest(NewType(Def[*Range]{Type: *t, Impl: impl}), t)
	}
	impl := *ImplOf[*Multirange](t)
	impl.In = func(env *Env, s string, typmod int32) (*Multirange, error) {
		m, err := def.parseMultirange(env, s, typmod)
		return m.as(values), err
	}
	impl.Out = func(env *Env, dst []byte, v *Multirange) []byte { return v.as(&def).AppendText(env, dst) }
	return atRest(NewType(Def[*Multirange]{Type: *t, Impl: impl}), t)
}

// as is the same range of another type.
func (r *Range) as(def *RangeDef) *Range {
	if r == nil {
		return nil
	}
	c := *r
	c.Def = def
	return &c
}

func (m *Multirange) as(def *RangeDef) *Multirange {
	if m == nil {
		return nil
	}
	c := &Multirange{Def: def}
	for _, r := range m.Ranges {
		c.Ranges = append(c.Ranges, r.as(def))
	}
	return c
}

// discrete is the canonical form [a,b) of ranges of a type that has a next value:
// an exclusive lower bound and an inclusive upper one move to it.
func discrete(next func(v any) (any, error)) func(lower, upper RangeBound) (RangeBound, RangeBound, error) {
	return func(lower, upper RangeBound) (_, _ RangeBound, err error) {
		if !lower.Infinite && !lower.Inclusive {
			lower.Val, err = next(lower.Val)
			lower.Inclusive = true
		}
		if err == nil && !upper.Infinite && upper.Inclusive {
			upper.Val, err = next(upper.Val)
			upper.Inclusive = false
		}
		return lower, upper, err
	}
}

var canonicalInt4 = discrete(func(v any) (any, error) {
	if v.(int32) == math.MaxInt32 {
		return nil, pgerr.New(pgerr.NumericValueOutOfRange, "integer out of range")
	}
	return v.(int32) + 1, nil
})

var canonicalInt8 = discrete(func(v any) (any, error) {
	if v.(int64) == math.MaxInt64 {
		return nil, pgerr.New(pgerr.NumericValueOutOfRange, "bigint out of range")
	}
	return v.(int64) + 1, nil
})

// canonicalDate leaves infinite dates as they are.
func canonicalDate(lower, upper RangeBound) (RangeBound, RangeBound, error) {
	l, u, err := nextDates(lower, upper)
	if v, ok := lower.Val.(int32); ok && IsInfiniteDate(v) {
		l = lower
	}
	if v, ok := upper.Val.(int32); ok && IsInfiniteDate(v) {
		u = upper
	}
	return l, u, err
}

var nextDates = discrete(func(v any) (any, error) {
	d := v.(int32)
	if IsInfiniteDate(d) {
		return v, nil
	}
	if !datetime.ValidDays(int(d) + 1) {
		return nil, pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range")
	}
	return d + 1, nil
})
