package funcs

import (
	"math"
	"math/bits"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// mulFloat is float8_mul, divFloat float8_div. 22003, 22012.
func mulFloat(x, y float64) (float64, error) {
	p := x * y
	if isInf(p) && !isInf(x) && !isInf(y) {
		return 0, floatOverflow()
	}
	if p == 0 && x != 0 && y != 0 {
		return 0, floatUnderflow()
	}
	return p, nil
}

func divFloat(x, y float64) (float64, error) {
	if y == 0 && x == x {
		return 0, divisionByZero()
	}
	q := x / y
	if isInf(q) && !isInf(x) {
		return 0, floatOverflow()
	}
	if q == 0 && x != 0 && !isInf(y) {
		return 0, floatUnderflow()
	}
	return q, nil
}

// toMoney is what a rounded product or quotient is worth. 22003 for what no money is.
func toMoney(f float64, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	if f = math.RoundToEven(f); !(f >= -(1<<63) && f < 1<<63) {
		return 0, outOfRange("money")
	}
	return int64(f), nil
}

func timesMoney[T float](c int64, f T) (int64, error) {
	return toMoney(mulFloat(float64(c), float64(f)))
}

func dividedMoney[T float](c int64, f T) (int64, error) {
	return toMoney(divFloat(float64(c), float64(f)))
}

func moneyTimes[T integer](name string) func(c int64, i T) (int64, error) {
	return func(c int64, i T) (int64, error) {
		hi, lo := bits.Mul64(uint64(c), uint64(i))
		hi -= uint64(c>>63)&uint64(i) + uint64(int64(i)>>63)&uint64(c) // the signed product's
		if int64(hi) != int64(lo)>>63 {
			return 0, outOfRange(name)
		}
		return int64(lo), nil
	}
}

func moneyBy[T integer](c int64, i T) (int64, error) {
	if i == 0 {
		return 0, divisionByZero()
	}
	return c / int64(i), nil
}

func moneyRatio(a, b int64) (float64, error) {
	if b == 0 {
		return 0, divisionByZero()
	}
	return float64(a) / float64(b), nil
}

func addMoney(a, b int64) (int64, error) {
	s := a + b
	if (a^s)&(b^s) < 0 {
		return 0, outOfRange("money")
	}
	return s, nil
}

func subMoney(a, b int64) (int64, error) {
	d := a - b
	if (a^b)&(a^d) < 0 {
		return 0, outOfRange("money")
	}
	return d, nil
}

// otherWay is an operation with its operands the other way round.
func otherWay[A, B, R any](f func(a A, b B) (R, error)) func(b B, a A) (R, error) {
	return func(b B, a A) (R, error) { return f(a, b) }
}

var smallNumbers = [...]string{
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
	"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
}

var tens = [...]string{2: "twenty", 3: "thirty", 4: "forty", 5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"}

// numberWords is num_word: a number below 1000.
func numberWords(n uint64) string {
	hundreds, rest := "", n%100
	if n > 99 {
		hundreds = smallNumbers[n/100] + " hundred"
		switch {
		case rest == 0:
			return hundreds
		case rest < 20:
			hundreds += " and "
		default:
			hundreds += " "
		}
	}
	switch {
	case rest < 20:
		return hundreds + smallNumbers[rest]
	case rest%10 == 0:
		return hundreds + tens[rest/10]
	}
	return hundreds + tens[rest/10] + " " + smallNumbers[rest%10]
}

var thousandNames = [...]string{"", " thousand ", " million ", " billion ", " trillion ", " quadrillion "}

// moneyWords is cash_words.
func moneyWords(v int64) string {
	amount := uint64(v)
	if v < 0 {
		amount = -amount
	}
	var b strings.Builder
	units := amount / types.MoneyScale
	for i, power := len(thousandNames)-1, uint64(1e15); i >= 0; i, power = i-1, power/1000 {
		if group := units / power % 1000; group != 0 {
			b.WriteString(numberWords(group) + thousandNames[i])
		}
	}
	if units == 0 {
		b.WriteString("zero")
	}
	words := b.String() + plural(units, " dollar and ", " dollars and ") + numberWords(amount%types.MoneyScale) +
		plural(amount%types.MoneyScale, " cent", " cents")
	if v < 0 {
		words = "minus " + words
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func plural(n uint64, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func init() {
	bindSix(underNames, "cash", ordered(same[int64], same[int64]))
	times2, times4, times8 := moneyTimes[int16]("money"), moneyTimes[int32]("money"), moneyTimes[int64]("money")
	units := moneyTimes[int64]("bigint")
	kernels{
		"cash_cmp":      compareImplKernel(),
		"cashlarger":    F2(func(a, b int64) int64 { return max(a, b) }),
		"cashsmaller":   F2(func(a, b int64) int64 { return min(a, b) }),
		"cash_pl":       E2(addMoney),
		"cash_mi":       E2(subMoney),
		"cash_div_cash": E2(moneyRatio),
		"cash_mul_flt4": E2(timesMoney[float32]), "flt4_mul_cash": E2(otherWay(timesMoney[float32])),
		"cash_mul_flt8": E2(timesMoney[float64]), "flt8_mul_cash": E2(otherWay(timesMoney[float64])),
		"cash_mul_int2": E2(times2), "int2_mul_cash": E2(otherWay(times2)),
		"cash_mul_int4": E2(times4), "int4_mul_cash": E2(otherWay(times4)),
		"cash_mul_int8": E2(times8), "int8_mul_cash": E2(otherWay(times8)),
		"cash_div_flt4": E2(dividedMoney[float32]), "cash_div_flt8": E2(dividedMoney[float64]),
		"cash_div_int2": E2(moneyBy[int16]), "cash_div_int4": E2(moneyBy[int32]), "cash_div_int8": E2(moneyBy[int64]),
		"cash_words":   F1(moneyWords),
		"cash_numeric": F1(func(v int64) types.Numeric { return types.NumericFromScaled(v, 2) }),
		"numeric_cash": E1(types.MoneyFromNumeric),
		"int4_cash":    E1(func(v int32) (int64, error) { return units(int64(v), types.MoneyScale) }),
		"int8_cash":    E1(func(v int64) (int64, error) { return units(v, types.MoneyScale) }),
	}.bind()
	bindMinMax[int64]("money")
	aggregates{"sum(money)": foldErr(addMoney)}.bind()
}
