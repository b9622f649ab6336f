package types

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// MoneyType is money. Its values are hundredths; they are written as the locale C has
// it, and en_US too (cash.c where localeconv() says nothing).
var MoneyType = Register(Def[int64]{
	Type: Type{OID: 790, Name: "money", Array: 791, Len: 8, ByVal: true, Align: 'd', Category: NumericCat,
		Unhashable: true, IOPrefix: "cash_", Doc: "monetary amounts, $d,ddd.cc"},
	Impl: func() Impl[int64] {
		i := intImpl[int64](64, "money")
		i.In = func(_ *Env, s string, _ int32) (int64, error) { return parseMoney(s) }
		i.Out = func(_ *Env, dst []byte, v int64) []byte { return appendMoney(dst, v) }
		return i
	}(),
})

// MoneyScale is how many units of money's values are one of the currency's.
const MoneyScale = 100

// moneyDigits are the digits behind the decimal point.
const moneyDigits = 2

// moneyText is what cash_in has read of a text: the amount is built in the negative,
// whose range is the larger.
type moneyText struct {
	rest     string
	negative bool
	amount   int64
	overflow bool
}

// parseMoney is cash_in. Errors: 22P02, 22003.
func parseMoney(s string) (int64, error) {
	m := &moneyText{rest: s}
	m.skipCurrency()
	if m.cut("-") || m.cut("(") {
		m.negative = true
	} else {
		m.cut("+")
	}
	m.skipCurrency()
	m.readAmount()
	m.rest = strings.TrimLeft(m.rest, "0123456789")
	if !m.overflow && !m.readEnd() {
		return 0, InvalidInput("money", s)
	}
	switch {
	case m.overflow || !m.negative && m.amount == math.MinInt64:
		return 0, OutOfRange("money", s)
	case m.negative:
		return m.amount, nil
	}
	return -m.amount, nil
}

func (m *moneyText) cut(prefix string) (ok bool) {
	m.rest, ok = strings.CutPrefix(m.rest, prefix)
	return ok
}

func (m *moneyText) skipCurrency() {
	m.rest = strings.TrimLeft(m.rest, spaces)
	m.cut("$")
	m.rest = strings.TrimLeft(m.rest, spaces)
}

// readAmount reads digits, commas among them, and one point; the digit behind the last
// that counts rounds.
func (m *moneyText) readAmount() {
	point, fraction := false, 0
	for m.rest != "" {
		switch c := m.rest[0]; {
		case isDigit(c) && (!point || fraction < moneyDigits):
			m.shift(c)
			if point {
				fraction++
			}
		case c == '.' && !point:
			point = true
		case c != ',':
			if c >= '5' && c <= '9' {
				m.subtract(1)
			}
			m.pad(fraction)
			return
		}
		m.rest = m.rest[1:]
	}
	m.pad(fraction)
}

func (m *moneyText) pad(fraction int) {
	for ; fraction < moneyDigits; fraction++ {
		m.shift('0')
	}
}

func (m *moneyText) shift(digit byte) {
	hi, lo := bits.Mul64(absInt64(m.amount), 10)
	if hi != 0 || lo > 1<<63 {
		m.overflow = true
		return
	}
	m.amount = -int64(lo)
	m.subtract(int64(digit - '0'))
}

func (m *moneyText) subtract(by int64) {
	if m.amount < math.MinInt64+by {
		m.overflow = true
		return
	}
	m.amount -= by
}

// readEnd reads what may stand behind the digits.
func (m *moneyText) readEnd() bool {
	for m.rest != "" {
		switch c := m.rest[0]; {
		case c == '-':
			m.negative = true
		case strings.IndexByte(spaces+")+$", c) < 0:
			return false
		}
		m.rest = m.rest[1:]
	}
	return true
}

// appendMoney is cash_out: -$1,234.56.
func appendMoney(dst []byte, v int64) []byte {
	if v < 0 {
		dst = append(dst, '-')
	}
	dst = append(dst, '$')
	amount := absInt64(v)
	units := strconv.FormatUint(amount/MoneyScale, 10)
	for i := range len(units) {
		if left := len(units) - i; i > 0 && left%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, units[i])
	}
	cents := byte(amount % MoneyScale)
	return append(dst, '.', '0'+cents/10, '0'+cents%10)
}

// MoneyFromNumeric is numeric_cash: rounded to hundredths. 22003.
func MoneyFromNumeric(n Numeric) (int64, error) {
	scaled, err := n.Mul(NumericFromInt64(MoneyScale))
	if err != nil {
		return 0, err
	}
	return scaled.ToInt8()
}
