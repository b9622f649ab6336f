package types

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// Add is v + w, field by field. 22008.
func (v Interval) Add(w Interval) (Interval, error) {
	micros := v.Micros + w.Micros
	if (micros^v.Micros)&(micros^w.Micros) < 0 {
		return Interval{}, datetime.IntervalOverflow()
	}
	return makeInterval(int64(v.Months)+int64(w.Months), int64(v.Days)+int64(w.Days), micros)
}

// Sub is v - w, field by field. 22008.
func (v Interval) Sub(w Interval) (Interval, error) {
	micros := v.Micros - w.Micros
	if (v.Micros^w.Micros)&(v.Micros^micros) < 0 {
		return Interval{}, datetime.IntervalOverflow()
	}
	return makeInterval(int64(v.Months)-int64(w.Months), int64(v.Days)-int64(w.Days), micros)
}

// Neg is -v. 22008.
func (v Interval) Neg() (Interval, error) {
	s, ok := v.span().Neg()
	if !ok {
		return Interval{}, datetime.IntervalOverflow()
	}
	return intervalOf(s), nil
}

func makeInterval(months, days, micros int64) (Interval, error) {
	if months != int64(int32(months)) || days != int64(int32(days)) {
		return Interval{}, datetime.IntervalOverflow()
	}
	return Interval{micros, int32(days), int32(months)}, nil
}

// JustifyHours turns full days of hours into days. 22008.
func (v Interval) JustifyHours() (Interval, error) {
	days := int64(v.Days) + v.Micros/datetime.Day
	micros := v.Micros % datetime.Day
	switch {
	case days > 0 && micros < 0:
		micros += datetime.Day
		days--
	case days < 0 && micros > 0:
		micros -= datetime.Day
		days++
	}
	return makeInterval(int64(v.Months), days, micros)
}

// JustifyDays turns each 30 days into a month. 22008.
func (v Interval) JustifyDays() (Interval, error) {
	months := int64(v.Months) + int64(v.Days/30)
	days := int64(v.Days % 30)
	switch {
	case months > 0 && days < 0:
		days += 30
		months--
	case months < 0 && days > 0:
		days -= 30
		months++
	}
	return makeInterval(months, days, v.Micros)
}

// Justify is justify_interval: days below 30, time below 24 hours, one sign.
// 22008.
func (v Interval) Justify() (Interval, error) {
	days := int64(v.Days)
	months := int64(v.Months)
	// Bring days down first if both point the same way, so that they do not
	// overflow when the time's days are added.
	if days > 0 && v.Micros > 0 || days < 0 && v.Micros < 0 {
		months += days / 30
		days %= 30
	}
	days += v.Micros / datetime.Day
	micros := v.Micros % datetime.Day
	months += days / 30
	days %= 30
	switch {
	case months > 0 && (days < 0 || days == 0 && micros < 0):
		days += 30
		months--
	case months < 0 && (days > 0 || days == 0 && micros > 0):
		days -= 30
		months++
	}
	switch {
	case days > 0 && micros < 0:
		micros += datetime.Day
		days--
	case days < 0 && micros > 0:
		micros -= datetime.Day
		days++
	}
	return makeInterval(months, days, micros)
}

// Mul is v × f: what is left of months goes to days, of days to the time
// (interval_mul). 22008.
func (v Interval) Mul(f float64) (Interval, error) {
	return v.scaled(float64(v.Months)*f, float64(v.Days)*f, func(rest float64) float64 {
		return math.RoundToEven(float64(float64(v.Micros)*f) + float64(rest*1e6))
	})
}

// Div is v ÷ f; 22012 for 0, 22008.
func (v Interval) Div(f float64) (Interval, error) {
	if f == 0 {
		return Interval{}, divisionByZero()
	}
	return v.scaled(float64(v.Months)/f, float64(v.Days)/f, func(rest float64) float64 {
		return math.RoundToEven(float64(v.Micros)/f + float64(rest*1e6))
	})
}

// scaled finishes Mul and Div of the scaled months and days; time gives the
// scaled microseconds with the seconds that are left of the days.
func (v Interval) scaled(months, days float64, time func(rest float64) float64) (Interval, error) {
	if !fitsInt32(months) || !fitsInt32(days) {
		return Interval{}, datetime.IntervalOverflow()
	}
	const secsPerDay = 86400
	monthRest := roundSubSecond((months - math.Trunc(months)) * 30)
	wholeDays := math.Trunc(days)
	secRest := roundSubSecond((days - wholeDays + monthRest - math.Trunc(monthRest)) * secsPerDay)
	if math.Abs(secRest) >= secsPerDay { // rounding made a whole day of it
		extra := math.Trunc(secRest / secsPerDay)
		wholeDays += extra
		secRest -= extra * secsPerDay
	}
	micros := time(secRest)
	if math.IsNaN(micros) || micros < math.MinInt64 || micros >= math.MaxInt64 {
		return Interval{}, datetime.IntervalOverflow()
	}
	return makeInterval(int64(months), int64(wholeDays+math.Trunc(monthRest)), int64(micros))
}

func fitsInt32(f float64) bool { return f >= math.MinInt32 && f <= math.MaxInt32 }

// roundSubSecond cuts the noise of binary fractions beyond microseconds
// (TSROUND).
func roundSubSecond(f float64) float64 { return math.RoundToEven(f*1e6) / 1e6 }
