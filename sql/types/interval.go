package types

import (
	"math/bits"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// IntervalType is interval.
var IntervalType = Register(Def[Interval]{
	Type: Type{OID: IntervalOID, Name: "interval", Array: 1187, Len: 16, Align: 'd', Category: Timespan, Preferred: true,
		Doc: "@ <number> <units>, time interval"},
	Impl: Impl[Interval]{
		In: ParseInterval,
		Out: func(env *Env, dst []byte, v Interval) []byte {
			style := IntervalPostgres
			if env != nil {
				style = env.IntervalStyle
			}
			return v.span().Append(dst, datetime.IntervalStyle(style))
		},
		Recv: func(_ *Env, b []byte, typmod int32) (Interval, error) {
			if len(b) != 16 {
				return Interval{}, badBinary("interval")
			}
			v := Interval{int64(beUint64(b)), int32(beUint32(b[8:])), int32(beUint32(b[12:]))}
			return v.ApplyTypmod(typmod), nil
		},
		Send: func(_ *Env, dst []byte, v Interval) []byte {
			return appendBE(appendBE(appendBE(dst, uint64(v.Micros), 8), uint64(v.Days), 4), uint64(v.Months), 4)
		},
		Compare: Interval.Compare,
		Hash:    Interval.Hash,
	},
	TypmodIn:  intervalTypmodIn,
	TypmodOut: intervalTypmodOut,
})

func (v Interval) span() datetime.Span {
	return datetime.Span{Months: v.Months, Days: v.Days, Micros: v.Micros}
}

func intervalOf(s datetime.Span) Interval { return Interval{s.Micros, s.Days, s.Months} }

// ParseInterval reads an interval in any of PostgreSQL's forms. 22007, 22015,
// 22008.
func ParseInterval(env *Env, s string, typmod int32) (Interval, error) {
	rng, _ := intervalTypmodParts(typmod)
	span, err := datetime.ParseInterval(s, rng, env != nil && env.IntervalStyle == IntervalSQLStandard)
	if err != nil {
		return Interval{}, err
	}
	return intervalOf(span).ApplyTypmod(typmod), nil
}

// intervalFullPrecision is the precision half of a typmod without one.
const intervalFullPrecision = 0xffff

func intervalTypmodParts(typmod int32) (datetime.Range, int32) {
	if typmod < 0 {
		return datetime.FullRange, intervalFullPrecision
	}
	return datetime.Range(typmod >> 16 & 0x7fff), typmod & 0xffff
}

const (
	rangeYear   = datetime.RangeYear
	rangeMonth  = datetime.RangeMonth
	rangeDay    = datetime.RangeDay
	rangeHour   = datetime.RangeHour
	rangeMinute = datetime.RangeMinute
	rangeSecond = datetime.RangeSecond
)

// intervalRanges are the declarations of fields, with their text.
var intervalRanges = map[datetime.Range]string{
	datetime.FullRange:                 "",
	rangeYear:                          " year",
	rangeMonth:                         " month",
	rangeYear | rangeMonth:             " year to month",
	rangeDay:                           " day",
	rangeHour:                          " hour",
	rangeMinute:                        " minute",
	rangeSecond:                        " second",
	rangeDay | rangeHour:               " day to hour",
	rangeDay | rangeHour | rangeMinute: " day to minute",
	rangeDay | rangeHour | rangeMinute | rangeSecond: " day to second",
	rangeHour | rangeMinute:                          " hour to minute",
	rangeHour | rangeMinute | rangeSecond:            " hour to second",
	rangeMinute | rangeSecond:                        " minute to second",
}

// intervalTypmodIn takes the set of fields (INTERVAL_MASKs, 32767 for all) and
// optionally a precision, as the grammar hands them over.
func intervalTypmodIn(mods []int32) (int32, error) {
	if len(mods) == 0 || len(mods) > 2 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid INTERVAL type modifier")
	}
	rng := datetime.Range(mods[0])
	if _, ok := intervalRanges[rng]; !ok {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid INTERVAL type modifier")
	}
	if len(mods) == 1 {
		if rng == datetime.FullRange {
			return -1, nil
		}
		return mods[0]<<16 | intervalFullPrecision, nil
	}
	if mods[1] < 0 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "INTERVAL(%d) precision must not be negative", mods[1])
	}
	return mods[0]<<16 | min(mods[1], maxTimePrecision), nil
}

func intervalTypmodOut(typmod int32) string {
	if typmod < 0 {
		return ""
	}
	rng, precision := intervalTypmodParts(typmod)
	if precision == intervalFullPrecision {
		return intervalRanges[rng]
	}
	return intervalRanges[rng] + typmodText(precision)
}

// ApplyTypmod drops what is finer than the declared fields, and rounds seconds
// to the declared precision.
func (v Interval) ApplyTypmod(typmod int32) Interval {
	if typmod < 0 {
		return v
	}
	rng, precision := intervalTypmodParts(typmod)
	switch {
	case rng&rangeSecond != 0:
	case rng&rangeMinute != 0:
		v.Micros -= v.Micros % datetime.Minute
	case rng&rangeHour != 0:
		v.Micros -= v.Micros % datetime.Hour
	case rng&rangeDay != 0:
		v.Micros = 0
	case rng&rangeMonth != 0:
		v.Micros, v.Days = 0, 0
	default:
		v.Micros, v.Days = 0, 0
		v.Months -= v.Months % 12
	}
	if precision != intervalFullPrecision {
		v.Micros = roundSeconds(v.Micros, precision)
	}
	return v
}

// value is the interval in microseconds of 128 bits, with days of 24 hours and
// months of 30 days: what comparison goes by.
func (v Interval) value() (hi int64, lo uint64) {
	days := int64(v.Months)*30 + int64(v.Days)
	h, l := bits.Mul64(uint64(days), uint64(datetime.Day))
	if days < 0 {
		h -= uint64(datetime.Day)
	}
	l, carry := bits.Add64(l, uint64(v.Micros), 0)
	h, _ = bits.Add64(h, uint64(v.Micros>>63), carry)
	return int64(h), l
}

// Compare is interval's order: 1 month is 30 days, 1 day 24 hours.
func (v Interval) Compare(w Interval) int {
	vh, vl := v.value()
	wh, wl := w.value()
	if c := cmpInt64(vh, wh); c != 0 {
		return c
	}
	return compareUint64(vl, wl)
}

// Hash agrees with Compare.
func (v Interval) Hash() uint64 {
	hi, lo := v.value()
	return hashCombine(hashUint64(lo), uint64(hi))
}
