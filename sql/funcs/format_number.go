package funcs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type signPlace uint8

const (
	signNone signPlace = iota
	signBefore
	signAfter
)

// numberTemplate is NUMDesc of formatting.c: a parsed template of numbers and
// what it says as a whole.
type numberTemplate struct {
	nodes     []templateNode
	pre, post int // digits before and after the point
	multi     int // digits after V
	// zeroStart and zeroEnd are the places of the first and last 0, from 1.
	zeroStart, zeroEnd                                                         int
	signAt                                                                     signPlace
	preSign                                                                    int // digits before S
	decimal, fill, zero, blank, lsign, bracket, minus, plus, roman, shift, sci bool
}

func formatSyntax(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.SyntaxError, format, args...)
}

// numberCache keeps the last template of a call site.
type numberCache struct {
	source string
	parsed *numberTemplate
}

// numberTemplateOf returns a copy that the caller may change.
func numberTemplateOf(c *Call, source string) (*numberTemplate, error) {
	cache, _ := c.State.(*numberCache)
	if cache == nil || cache.source != source {
		t := &numberTemplate{nodes: parseTemplate(source, false)}
		for _, n := range t.nodes {
			if err := t.note(n.pattern); err != nil {
				return nil, err
			}
		}
		cache = &numberCache{source, t}
		c.State = cache
	}
	t := *cache.parsed
	return &t, nil
}

// note takes one pattern in (NUMDesc_prepare).
func (t *numberTemplate) note(pattern string) error {
	key := upperASCII(pattern)
	if t.sci && key != "EEEE" && key != "" {
		return formatSyntax("\"EEEE\" must be the last pattern used")
	}
	switch key {
	case "9", "0":
		return t.noteDigit(key)
	case "B":
		t.blank = t.blank || t.pre == 0 && t.post == 0 && !t.zero
	case "D", ".":
		switch {
		case t.decimal:
			return formatSyntax("multiple decimal points")
		case t.shift:
			return formatSyntax("cannot use \"V\" and decimal point together")
		}
		t.decimal = true
	case "FM":
		t.fill = true
	case "V":
		if t.decimal {
			return formatSyntax("cannot use \"V\" and decimal point together")
		}
		t.shift = true
	case "RN":
		t.roman = true
	case "EEEE":
		return t.noteScientific()
	case "S", "MI", "PL", "SG", "PR":
		return t.noteSign(key)
	}
	return nil
}

func (t *numberTemplate) noteDigit(key string) error {
	if t.bracket {
		return formatSyntax("\"%s\" must be ahead of \"PR\"", key)
	}
	if key == "9" && t.shift {
		t.multi++
		return nil
	}
	if key == "0" && !t.zero && !t.decimal {
		t.zero, t.zeroStart = true, t.pre+1
	}
	if t.decimal {
		t.post++
	} else {
		t.pre++
	}
	if key == "0" {
		t.zeroEnd = t.pre + t.post
	}
	return nil
}

func (t *numberTemplate) noteScientific() error {
	switch {
	case t.sci:
		return formatSyntax("cannot use \"EEEE\" twice")
	case t.blank || t.fill || t.lsign || t.bracket || t.minus || t.plus || t.roman || t.shift:
		return formatSyntax("\"EEEE\" is incompatible with other formats").
			WithDetail("\"EEEE\" may only be used together with digit and decimal point patterns.")
	}
	t.sci = true
	return nil
}

func (t *numberTemplate) noteSign(key string) error {
	switch key {
	case "S":
		switch {
		case t.lsign:
			return formatSyntax("cannot use \"S\" twice")
		case t.plus || t.minus || t.bracket:
			return formatSyntax("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together")
		}
		t.lsign, t.signAt = true, signAfter
		if !t.decimal {
			t.signAt, t.preSign = signBefore, t.pre
		}
	case "PR":
		if t.lsign || t.plus || t.minus {
			return formatSyntax("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together")
		}
		t.bracket = true
	default:
		if t.lsign {
			return formatSyntax("cannot use \"S\" and \"%s\" together", key)
		}
		t.minus = t.minus || key != "PL"
		t.plus = t.plus || key != "MI"
	}
	return nil
}

// fit finishes a number that is already rounded: it pads, or shows that it does
// not fit.
func (t *numberTemplate) fit(s string) (string, error) {
	sign := byte('+')
	if strings.HasPrefix(s, "-") {
		sign, s = '-', s[1:]
	}
	pre := strings.IndexByte(s, '.')
	if pre < 0 {
		pre = len(s)
	}
	if pre > t.pre {
		b := []byte(strings.Repeat("#", t.pre+t.post+1))
		b[t.pre] = '.'
		return t.write(string(b), sign, 0)
	}
	return t.write(s, sign, t.pre-pre)
}

// unfit is the scientific form of what is not finite.
func (t *numberTemplate) unfit() string {
	b := []byte(strings.Repeat("#", t.pre+t.post+6))
	b[0], b[t.pre+1] = ' ', '.'
	return string(b)
}

func scientific(f float64, post int) string {
	s := fmt.Sprintf("%+.*e", post, f)
	if s[0] == '+' {
		return " " + s[1:]
	}
	return s
}

func numericToChar(c *Call, n types.Numeric, template string) (string, error) {
	t, err := numberTemplateOf(c, template)
	if err != nil {
		return "", err
	}
	switch {
	case t.roman:
		v, err := n.Round(0).ToInt4()
		if err != nil {
			return "", err
		}
		return t.write(roman(int(v)), '+', 0)
	case t.sci && !n.IsFinite():
		return t.unfit(), nil
	case t.sci:
		return scientificNumeric(n, t.post), nil
	}
	if t.shift {
		factor, err := types.NumericFromInt64(10).Power(types.NumericFromInt64(int64(t.multi)))
		if err != nil {
			return "", err
		}
		if n, err = n.Mul(factor); err != nil {
			return "", err
		}
		t.pre += t.multi
	}
	return t.fit(n.Round(int32(t.post)).String())
}

// scientificNumeric keeps every digit: 1.23e+04.
func scientificNumeric(n types.Numeric, post int) string {
	f := n.Abs()
	exponent := 0
	if !f.IsZero() {
		digits := strings.TrimLeft(strings.ReplaceAll(f.String(), ".", ""), "0")
		exponent = len(digits) - 1 - int(f.Scale())
	}
	mantissa := f
	if exponent != 0 {
		mantissa, _ = shiftPoint(f, -exponent)
	}
	sign := " "
	if n.Sign() < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%se%+03d", sign, mantissa.Round(int32(post)), exponent)
}

// shiftPoint is n × 10^by, exactly.
func shiftPoint(n types.Numeric, by int) (types.Numeric, error) {
	scale := int(n.Scale()) - by
	if scale >= 0 {
		return types.NumericFromBigInt(n.Unscaled(), int32(scale)), nil
	}
	p, err := types.NumericFromInt64(10).Power(types.NumericFromInt64(int64(-scale)))
	if err != nil {
		return n, err
	}
	return types.NumericFromBigInt(n.Unscaled(), 0).Mul(p)
}

func intToChar[T int32 | int64](mul func(a, b T) (T, error)) func(c *Call, v T, template string) (string, error) {
	return func(c *Call, v T, template string) (string, error) {
		t, err := numberTemplateOf(c, template)
		if err != nil {
			return "", err
		}
		switch {
		case t.roman:
			narrow, err := types.NumericFromInt64(int64(v)).ToInt4() // int84
			if err != nil {
				return "", err
			}
			return t.write(roman(int(narrow)), '+', 0)
		case t.sci:
			return scientificNumeric(types.NumericFromInt64(int64(v)), t.post), nil
		}
		if t.shift {
			if v, err = mul(v, T(math.Pow10(t.multi))); err != nil {
				return "", err
			}
			t.pre += t.multi
		}
		s := strconv.FormatInt(int64(v), 10)
		if t.post > 0 {
			s += "." + strings.Repeat("0", t.post)
		}
		return t.fit(s)
	}
}

func mulChecked[T int32 | int64](name string) func(a, b T) (T, error) {
	return func(a, b T) (T, error) {
		p := a * b
		if a != 0 && (p/a != b || a == -1 && b == -b && b != 0) {
			return 0, outOfRange(name)
		}
		return p, nil
	}
}

// floatToChar shows no more digits than the type holds.
func floatToChar[T float](digits int) func(c *Call, v T, template string) (string, error) {
	return func(c *Call, v T, template string) (string, error) {
		t, err := numberTemplateOf(c, template)
		if err != nil {
			return "", err
		}
		f := float64(v)
		finite := !math.IsInf(f, 0) && f == f
		switch {
		case t.roman:
			return t.write(roman(int(math.RoundToEven(f))), '+', 0)
		case t.sci && !finite:
			return t.unfit(), nil
		case t.sci:
			return scientific(f, t.post), nil
		}
		if t.shift {
			f = float64(T(f) * T(math.Pow10(t.multi)))
			t.pre += t.multi
		}
		show := func(f float64, post int) string {
			if finite {
				return strconv.FormatFloat(f, 'f', post, 64)
			}
			return string(types.ByOID(types.Float8OID).Out(c.Env, nil, f))
		}
		t.post = max(0, min(t.post, digits-len(show(math.Abs(f), 0))))
		return t.fit(show(f, t.post))
	}
}

func init() {
	kernels{
		"numeric_to_char": Lift2(numericToChar),
		"int4_to_char":    Lift2(intToChar(mulChecked[int32]("integer"))),
		"int8_to_char":    Lift2(intToChar(mulChecked[int64]("bigint"))),
		"float4_to_char":  Lift2(floatToChar[float32](6)),
		"float8_to_char":  Lift2(floatToChar[float64](15)),
	}.bind()
}
