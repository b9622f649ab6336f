package types

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// The built-in ranges with their multiranges.
var (
	Int4RangeType = registerRange(builtinRange{3904, 3905, 4451, 6150, "int4", "integers", 'i', Int4Type, canonicalInt4})
	NumRangeType  = registerRange(builtinRange{3906, 3907, 4532, 6151, "num", "numerics", 'i', NumericType, nil})
	TSRangeType   = registerRange(builtinRange{3908, 3909, 4533, 6152, "ts", "timestamps without time zone", 'd', TimestampType, nil})
	TSTZRangeType = registerRange(builtinRange{3910, 3911, 4534, 6153, "tstz", "timestamps with time zone", 'd', TimestamptzType, nil})
	DateRangeType = registerRange(builtinRange{3912, 3913, 4535, 6155, "date", "dates", 'i', DateType, canonicalDate})
	Int8RangeType = registerRange(builtinRange{3926, 3927, 4536, 6157, "int8", "bigints", 'd', Int8Type, canonicalInt8})
)

type builtinRange struct {
	oid, array, multirange, multirangeArray OID
	name, doc                               string
	align                                   byte
	subtype                                 *Type
	canonical                               func(lower, upper RangeBound) (RangeBound, RangeBound, error)
}

func registerRange(b builtinRange) *Type {
	name := b.name + "range"
	def := &RangeDef{Subtype: b.subtype, Canonical: b.canonical, SubtypeDiff: name + "_subdiff"}
	if b.canonical != nil {
		def.CanonicalProc = name + "_canonical"
	}
	NewRangeTypes(def,
		Type{OID: b.oid, Array: b.array, Name: name, Align: b.align, Doc: "range of " + b.doc},
		Type{OID: b.multirange, Array: b.multirangeArray, Name: b.name + "multirange", Align: b.align, Doc: "multirange of " + b.doc})
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
