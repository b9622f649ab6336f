package types

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// TimestampType is timestamp without time zone: microseconds since 2000-01-01.
var TimestampType = Register(Def[int64]{
	Type: Type{OID: TimestampOID, Name: "timestamp", Array: 1115, Len: 8, ByVal: true, Align: 'd', Category: DateTime,
		Doc: "date and time"},
	Impl: timestampImpl("timestamp", ParseTimestamp, func(env *Env, dst []byte, v int64) []byte {
		style, order := env.dateStyle()
		return datetime.AppendTimestamp(dst, v, style, order)
	}),
	TypmodIn:  func(mods []int32) (int32, error) { return secondsTypmod(mods, "TIMESTAMP", "") },
	TypmodOut: secondsTypmodOut(" without time zone"),
})

// TimestamptzType is timestamp with time zone: microseconds since 2000-01-01
// UTC.
var TimestamptzType = Register(Def[int64]{
	Type: Type{OID: TimestamptzOID, Name: "timestamptz", Array: 1185, Len: 8, ByVal: true, Align: 'd',
		Category: DateTime, Preferred: true, Doc: "date and time with time zone"},
	Impl: timestampImpl("timestamp with time zone", ParseTimestamptz, func(env *Env, dst []byte, v int64) []byte {
		style, order := env.dateStyle()
		return datetime.AppendTimestamptz(dst, v, style, order, env.Loc())
	}),
	TypmodIn:  func(mods []int32) (int32, error) { return secondsTypmod(mods, "TIMESTAMP", " WITH TIME ZONE") },
	TypmodOut: secondsTypmodOut(" with time zone"),
})

func timestampImpl(name string, parse func(*Env, string) (int64, error), out func(*Env, []byte, int64) []byte) Impl[int64] {
	return Impl[int64]{
		In: func(env *Env, s string, typmod int32) (int64, error) {
			v, err := parse(env, s)
			if err != nil {
				return 0, err
			}
			return RoundTimestamp(v, typmod)
		},
		Out: func(env *Env, dst []byte, v int64) []byte {
			switch v {
			case TimestampInfinity:
				return append(dst, "infinity"...)
			case TimestampNegInfinity:
				return append(dst, "-infinity"...)
			}
			return out(env, dst, v)
		},
		Recv: func(_ *Env, b []byte, typmod int32) (int64, error) {
			if len(b) != 8 {
				return 0, badBinary(name)
			}
			v := int64(beUint64(b))
			if !IsInfiniteTimestamp(v) && !datetime.ValidMicros(v) {
				return 0, datetime.TimestampOverflow()
			}
			return RoundTimestamp(v, typmod)
		},
		Send:    func(_ *Env, dst []byte, v int64) []byte { return appendBE(dst, uint64(v), 8) },
		Compare: cmpInt64,
		Hash:    func(v int64) uint64 { return hashUint64(uint64(v)) },
	}
}

// RoundTimestamp rounds to the precision that a typmod declares. 22008.
func RoundTimestamp(ts int64, typmod int32) (int64, error) {
	if IsInfiniteTimestamp(ts) {
		return ts, nil
	}
	ts = roundSeconds(ts, typmod)
	if !datetime.ValidMicros(ts) {
		return 0, datetime.TimestampOverflow()
	}
	return ts, nil
}

// ParseTimestamp reads a timestamp without time zone; a zone in the text is
// checked and ignored. 22007, 22008, 22009, 22023.
func ParseTimestamp(env *Env, s string) (int64, error) {
	if ts, _, zoned, ok := datetime.QuickTimestamp(s); ok && !zoned {
		return ts, nil
	}
	return parseMoment(env, s, "timestamp", false)
}

// ParseTimestamptz reads a timestamp with time zone; without one in the text it
// is a local time of the session's zone. Errors as ParseTimestamp.
func ParseTimestamptz(env *Env, s string) (int64, error) {
	if ts, offset, zoned, ok := datetime.QuickTimestamp(s); ok {
		if !zoned {
			offset = datetime.LocalOffset(ts, env.Loc())
		}
		if ts -= int64(offset) * datetime.Second; datetime.ValidMicros(ts) {
			return ts, nil
		}
	}
	return parseMoment(env, s, "timestamp with time zone", true)
}

func parseMoment(env *Env, s, typeName string, zoned bool) (int64, error) {
	m, err := datetime.ParseTimestamp(s, typeName, env.config())
	if err != nil {
		return 0, err
	}
	switch m.Kind {
	case datetime.Epoch:
		return UnixEpochTimestamp, nil
	case datetime.Late:
		return TimestampInfinity, nil
	case datetime.Early:
		return TimestampNegInfinity, nil
	}
	ts, ok := m.TimestampMicros()
	if zoned && m.Year > -4715 && m.Year < 294278 {
		// The zone may bring a local time just outside the range into it.
		ts = int64(m.Days())*datetime.Day + m.TimeMicros() - int64(m.Offset)*datetime.Second
		ok = datetime.ValidMicros(ts)
	}
	if !ok {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "timestamp out of range: \"%s\"", s)
	}
	return ts, nil
}
