package funcs

import (
	"math/bits"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

func dateMinus(a, b int32) (int32, error) {
	if types.IsInfiniteDate(a) || types.IsInfiniteDate(b) {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "cannot subtract infinite dates")
	}
	return a - b, nil
}

func datePlusDays(d, n int32) (int32, error) { return dateAdd(d, int64(n)) }

func dateMinusDays(d, n int32) (int32, error) { return dateAdd(d, -int64(n)) }

func dateAdd(d int32, n int64) (int32, error) {
	if types.IsInfiniteDate(d) {
		return d, nil
	}
	if sum := int64(d) + n; datetime.ValidDays(int(sum)) {
		return int32(sum), nil
	}
	return 0, dateOutOfRange()
}

func datePlusInterval(d int32, v types.Interval) (int64, error) {
	ts, err := types.DateToTimestamp(d)
	if err != nil {
		return 0, err
	}
	return types.TimestampAddInterval(ts, v)
}

// minusInterval adds the negative of an interval.
func minusInterval[T, R any](add func(T, types.Interval) (R, error)) func(T, types.Interval) (R, error) {
	return func(t T, v types.Interval) (r R, err error) {
		v, err = v.Neg()
		if err != nil {
			return r, err
		}
		return add(t, v)
	}
}

func flipped[A, B, R any](f func(A, B) (R, error)) func(B, A) (R, error) {
	return func(b B, a A) (R, error) { return f(a, b) }
}

func timestampMinus(a, b int64) (types.Interval, error) {
	if types.IsInfiniteTimestamp(a) || types.IsInfiniteTimestamp(b) {
		return types.Interval{}, pgerr.New(pgerr.DatetimeFieldOverflow, "cannot subtract infinite timestamps")
	}
	diff, borrow := bits.Sub64(uint64(a)^1<<63, uint64(b)^1<<63, 0)
	if d := int64(diff); (borrow == 0) != (d >= 0) {
		return types.Interval{}, intervalOutOfRange()
	}
	return types.Interval{Micros: int64(diff)}.JustifyHours()
}

// zoned lifts timestamptz + interval, which counts days on the session's clock.
func zoned(negate bool) Kernel {
	return Lift2(func(c *Call, ts int64, v types.Interval) (_ int64, err error) {
		if negate {
			if v, err = v.Neg(); err != nil {
				return 0, err
			}
		}
		return types.TimestamptzAddInterval(ts, v, c.Env.Loc())
	})
}

// timePlus wraps where the sum leaves 64 bits, as PostgreSQL's does.
func timePlus(t int64, v types.Interval) int64 {
	return floorMod(t+v.Micros, types.MicrosPerDay)
}

func timeMinus(t int64, v types.Interval) int64 {
	return floorMod(t-v.Micros, types.MicrosPerDay)
}

func onTimetz(f func(int64, types.Interval) int64) func(types.TimeTZ, types.Interval) types.TimeTZ {
	return func(t types.TimeTZ, v types.Interval) types.TimeTZ {
		t.Micros = f(t.Micros, v)
		return t
	}
}

// intervalSum is sum(interval) and avg(interval).
type intervalSum struct {
	sum types.Interval
	n   int64
}

func intervalTotal(average bool) AggFunc {
	return agg(aggSpec[intervalSum]{
		strict: true,
		update: perRow(func(s *intervalSum, v types.Interval) (err error) {
			s.n++
			s.sum, err = s.sum.Add(v)
			return err
		}),
		merge: func(_ *aggState[intervalSum], into, from *intervalSum) (err error) {
			into.n += from.n
			into.sum, err = into.sum.Add(from.sum)
			return err
		},
		result: func(_ *Call, s *intervalSum, out vec.Builder) (err error) {
			if s.n == 0 {
				out.AppendNull()
				return nil
			}
			v := s.sum
			if average {
				v, err = v.Div(float64(s.n))
			}
			put(out, v)
			return err
		},
	})
}

func init() {
	plus := types.TimestampAddInterval
	kernels{
		"date_mi":          E2(dateMinus),
		"date_pli":         E2(datePlusDays),
		"date_mii":         E2(dateMinusDays),
		"date_larger":      F2(func(a, b int32) int32 { return max(a, b) }),
		"date_smaller":     F2(func(a, b int32) int32 { return min(a, b) }),
		"date_pl_interval": E2(datePlusInterval),
		"date_mi_interval": E2(minusInterval(datePlusInterval)),
		"date_finite":      F1(func(d int32) bool { return !types.IsInfiniteDate(d) }),

		"timestamp_mi":            E2(timestampMinus),
		"timestamp_larger":        F2(func(a, b int64) int64 { return max(a, b) }),
		"timestamp_smaller":       F2(func(a, b int64) int64 { return min(a, b) }),
		"timestamp_pl_interval":   E2(plus),
		"timestamp_mi_interval":   E2(minusInterval(plus)),
		"timestamptz_pl_interval": zoned(false),
		"timestamptz_mi_interval": zoned(true),
		"timestamp_finite":        F1(func(ts int64) bool { return !types.IsInfiniteTimestamp(ts) }),

		"time_larger":        F2(func(a, b int64) int64 { return max(a, b) }),
		"time_smaller":       F2(func(a, b int64) int64 { return min(a, b) }),
		"time_mi_time":       F2(func(a, b int64) types.Interval { return types.Interval{Micros: a - b} }),
		"time_pl_interval":   F2(timePlus),
		"time_mi_interval":   F2(timeMinus),
		"timetz_pl_interval": F2(onTimetz(timePlus)),
		"timetz_mi_interval": F2(onTimetz(timeMinus)),
		"timetz_larger":      F2(larger(types.TimeTZ.Compare)),
		"timetz_smaller":     F2(smaller(types.TimeTZ.Compare)),

		"interval_um":               E1(types.Interval.Neg),
		"interval_pl":               E2(types.Interval.Add),
		"interval_mi":               E2(types.Interval.Sub),
		"interval_mul":              E2(types.Interval.Mul),
		"mul_d_interval":            E2(flipped(types.Interval.Mul)),
		"interval_div":              E2(types.Interval.Div),
		"interval_larger":           F2(larger(types.Interval.Compare)),
		"interval_smaller":          F2(smaller(types.Interval.Compare)),
		"interval_cmp":              F2(threeWay(types.Interval.Compare)),
		"interval_finite":           F1(func(types.Interval) bool { return true }),
		"interval_justify_hours":    E1(types.Interval.JustifyHours),
		"interval_justify_days":     E1(types.Interval.JustifyDays),
		"interval_justify_interval": E1(types.Interval.Justify),

		"integer_pl_date(int4,date)":                E2(flipped(datePlusDays)),
		"interval_pl_date(interval,date)":           E2(flipped(datePlusInterval)),
		"interval_pl_timestamp(interval,timestamp)": E2(flipped(plus)),
		"interval_pl_time(interval,time)":           F2(func(v types.Interval, t int64) int64 { return timePlus(t, v) }),
		"interval_pl_timetz(interval,timetz)":       F2(func(v types.Interval, t types.TimeTZ) types.TimeTZ { return onTimetz(timePlus)(t, v) }),
		"interval_pl_timestamptz(interval,timestamptz)": Lift2(func(c *Call, v types.Interval, ts int64) (int64, error) {
			return types.TimestamptzAddInterval(ts, v, c.Env.Loc())
		}),
	}.bind()
	aggregates{
		"sum(interval)": intervalTotal(false),
		"avg(interval)": intervalTotal(true),
	}.bind()
}
