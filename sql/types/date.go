package types

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// DateType is date: days since 2000-01-01.
var DateType = Register(Def[int32]{
	Type: Type{OID: DateOID, Name: "date", Array: 1182, Len: 4, ByVal: true, Category: DateTime, Doc: "date"},
	Impl: Impl[int32]{
		In:      func(env *Env, s string, _ int32) (int32, error) { return ParseDate(env, s) },
		Out:     appendDate,
		Recv:    func(_ *Env, b []byte, _ int32) (int32, error) { return recvDate(b) },
		Send:    func(_ *Env, dst []byte, v int32) []byte { return appendBE(dst, uint64(v), 4) },
		Compare: func(a, b int32) int { return cmpInt64(int64(a), int64(b)) },
		Hash:    func(v int32) uint64 { return hashUint64(uint64(v)) },
	},
})

// ParseDate reads a date in any of PostgreSQL's forms. 22007, 22008.
func ParseDate(env *Env, s string) (int32, error) {
	if d, ok := datetime.QuickDate(s); ok {
		return int32(d), nil
	}
	m, err := datetime.ParseTimestamp(s, "date", env.config())
	if err != nil {
		return 0, err
	}
	switch m.Kind {
	case datetime.Epoch:
		return datetime.EpochDays, nil
	case datetime.Late:
		return DateInfinity, nil
	case datetime.Early:
		return DateNegInfinity, nil
	}
	if m.Year > 5874897 || !datetime.ValidDays(m.Days()) {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range: \"%s\"", s)
	}
	return int32(m.Days()), nil
}

func appendDate(env *Env, dst []byte, v int32) []byte {
	switch v {
	case DateInfinity:
		return append(dst, "infinity"...)
	case DateNegInfinity:
		return append(dst, "-infinity"...)
	}
	style, order := env.dateStyle()
	return datetime.AppendDate(dst, int(v), style, order)
}

func recvDate(b []byte) (int32, error) {
	if len(b) != 4 {
		return 0, badBinary("date")
	}
	v := int32(beUint32(b))
	if !IsInfiniteDate(v) && !datetime.ValidDays(int(v)) {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range")
	}
	return v, nil
}
