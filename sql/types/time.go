package types

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// TimeType is time without time zone: microseconds since midnight, up to and
// with 24:00:00.
var TimeType = Register(Def[int64]{
	Type: Type{OID: TimeOID, Name: "time", Array: 1183, Len: 8, ByVal: true, Align: 'd', Category: DateTime,
		Doc: "time of day"},
	Impl: Impl[int64]{
		In: func(env *Env, s string, typmod int32) (int64, error) {
			m, err := datetime.ParseTime(s, "time", env.config())
			return roundSeconds(m.TimeMicros(), typmod), err
		},
		Out: func(_ *Env, dst []byte, v int64) []byte { return datetime.AppendTime(dst, v) },
		Recv: func(_ *Env, b []byte, typmod int32) (int64, error) {
			if len(b) != 8 {
				return 0, badBinary("time")
			}
			v := int64(beUint64(b))
			if v < 0 || v > datetime.Day {
				return 0, timeOutOfRange()
			}
			return roundSeconds(v, typmod), nil
		},
		Send:    func(_ *Env, dst []byte, v int64) []byte { return appendBE(dst, uint64(v), 8) },
		Compare: cmpInt64,
		Hash:    func(v int64) uint64 { return hashUint64(uint64(v)) },
	},
	TypmodIn:  func(mods []int32) (int32, error) { return secondsTypmod(mods, "TIME", "") },
	TypmodOut: secondsTypmodOut(" without time zone"),
})

func timeOutOfRange() *pgerr.Error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "time out of range")
}

// TimeTZ is a time with time zone.
type TimeTZ struct {
	Micros int64 // since midnight, local
	// Offset is in seconds east of Greenwich; PostgreSQL's binary form counts
	// them west.
	Offset int32
}

// TimetzType is time with time zone.
var TimetzType = Register(Def[TimeTZ]{
	Type: Type{OID: TimetzOID, Name: "timetz", Array: 1270, Len: 12, Align: 'd', Category: DateTime,
		Doc: "time of day with time zone"},
	Impl: Impl[TimeTZ]{
		In: func(env *Env, s string, typmod int32) (TimeTZ, error) {
			m, err := datetime.ParseTime(s, "time with time zone", env.config())
			return TimeTZ{roundSeconds(m.TimeMicros(), typmod), int32(m.Offset)}, err
		},
		Out: func(_ *Env, dst []byte, v TimeTZ) []byte {
			return datetime.AppendOffset(datetime.AppendTime(dst, v.Micros), int(v.Offset))
		},
		Recv: recvTimetz,
		Send: func(_ *Env, dst []byte, v TimeTZ) []byte {
			return appendBE(appendBE(dst, uint64(v.Micros), 8), uint64(-v.Offset), 4)
		},
		Compare: TimeTZ.Compare,
		Hash:    func(v TimeTZ) uint64 { return hashCombine(hashUint64(uint64(v.Micros)), uint64(v.Offset)) },
	},
	TypmodIn:  func(mods []int32) (int32, error) { return secondsTypmod(mods, "TIME", " WITH TIME ZONE") },
	TypmodOut: secondsTypmodOut(" with time zone"),
})

// Compare orders by the moment in UTC, then the more western zone last.
func (t TimeTZ) Compare(u TimeTZ) int {
	a := t.Micros - int64(t.Offset)*datetime.Second
	b := u.Micros - int64(u.Offset)*datetime.Second
	if c := cmpInt64(a, b); c != 0 {
		return c
	}
	return cmpInt64(int64(u.Offset), int64(t.Offset))
}

// maxZoneOffset bounds the offsets of timetz, exclusive: 16 hours.
const maxZoneOffset = 16 * 60 * 60

func recvTimetz(_ *Env, b []byte, typmod int32) (TimeTZ, error) {
	if len(b) != 12 {
		return TimeTZ{}, badBinary("timetz")
	}
	t := TimeTZ{int64(beUint64(b)), -int32(beUint32(b[8:]))}
	if t.Micros < 0 || t.Micros > datetime.Day {
		return t, timeOutOfRange()
	}
	if t.Offset <= -maxZoneOffset || t.Offset >= maxZoneOffset {
		return t, pgerr.New(pgerr.InvalidTimeZoneDisplacementValue, "time zone displacement out of range")
	}
	t.Micros = roundSeconds(t.Micros, typmod)
	return t, nil
}
