package funcs

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// numberReader reads a number by a template (NUM_processor, to_number's side).
type numberReader struct {
	*numberTemplate
	in                string
	sign              byte // ' ' until one is read
	digits            []byte
	readPre, readPost int
	readPoint         bool
}

func toNumber(c *Call, s, template string) (types.Numeric, bool, error) {
	if template == "" {
		return types.Numeric{}, false, nil
	}
	t, err := numberTemplateOf(c, template)
	if err != nil {
		return types.Numeric{}, false, err
	}
	switch {
	case t.sci:
		return types.Numeric{}, false, pgerr.New(pgerr.FeatureNotSupported, "\"EEEE\" not supported for input")
	case t.roman:
		return types.Numeric{}, false, pgerr.New(pgerr.FeatureNotSupported, "\"RN\" not supported for input")
	}
	r := &numberReader{numberTemplate: t, in: s, sign: ' '}
	for _, n := range t.nodes {
		if r.in == "" {
			break
		}
		r.node(n)
	}
	n, err := r.value()
	return n, true, err
}

func (r *numberReader) value() (types.Numeric, error) {
	digits := strings.TrimSuffix(string(r.digits), ".")
	text := string(r.sign) + digits
	n, err := types.ParseNumeric(text)
	if err != nil {
		return n, err
	}
	precision := int32(r.pre + r.multi + r.readPost)
	if n, err = n.ApplyTypmod(types.NumericTypmod(precision, int32(r.readPost))); err != nil || !r.shift {
		return n, err
	}
	factor, err := types.NumericFromInt64(10).Power(types.NumericFromInt64(int64(-r.multi)))
	if err != nil {
		return n, err
	}
	return n.Mul(factor)
}

// skip drops n bytes of input.
func (r *numberReader) skip(n int) { r.in = r.in[min(n, len(r.in)):] }

func (r *numberReader) skipChar() {
	_, size := utf8.DecodeRuneInString(r.in)
	r.skip(size)
}

// skipOthers drops up to n characters that could not be part of a number.
func (r *numberReader) skipOthers(n int) {
	for ; n > 0 && r.in != "" && strings.IndexByte("0123456789.,+-", r.in[0]) < 0; n-- {
		r.skipChar()
	}
}

func (r *numberReader) node(n templateNode) {
	if n.pattern == "" {
		r.skipChar()
		return
	}
	switch key := upperASCII(n.pattern); key {
	case "9", "0", ".", "D":
		r.digit(key)
		r.skip(1)
	case ",", "G":
		if !r.fill && strings.HasPrefix(r.in, ",") {
			r.skip(1)
		}
	case "L":
		r.skipOthers(1)
	case "TH":
		if !r.decimal {
			r.skipOthers(2)
		}
	case "MI":
		r.readSign("-")
	case "PL":
		r.readSign("+")
	case "SG":
		r.readSign("+-")
	}
}

func (r *numberReader) readSign(signs string) {
	if strings.IndexByte(signs, r.in[0]) >= 0 {
		r.sign = r.in[0]
		r.skip(1)
		return
	}
	r.skipOthers(1)
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }

// digit reads one place (NUM_numpart_from_char). The caller skips the byte that
// it stops at.
func (r *numberReader) digit(key string) {
	if r.in[0] == ' ' {
		r.skip(1)
	}
	if r.in == "" {
		return
	}
	r.leadingSign(key)
	if r.in == "" {
		return
	}
	read := false
	switch {
	case isDigitByte(r.in[0]):
		if r.readPoint && r.readPost == r.post {
			return
		}
		r.digits = append(r.digits, r.in[0])
		if r.readPoint {
			r.readPost++
		} else {
			r.readPre++
		}
		read = true
	case r.decimal && !r.readPoint && r.in[0] == '.':
		r.digits = append(r.digits, '.')
		r.readPoint, read = true, true
	}
	r.trailingSign(read)
}

func (r *numberReader) leadingSign(key string) {
	if r.sign != ' ' || key != "9" && key != "0" || r.readPre+r.readPost > 0 {
		return
	}
	switch c := r.in[0]; {
	case c == '-', c == '<' && r.bracket && !(r.lsign && r.signAt == signBefore):
		r.sign = '-'
		r.skip(1)
	case c == '+':
		r.sign = '+'
		r.skip(1)
	}
}

// trailingSign reads a sign behind the last digit.
func (r *numberReader) trailingSign(read bool) {
	if r.sign != ' ' || r.readPre+r.readPost == 0 {
		return
	}
	switch {
	case r.lsign && read && len(r.in) > 1 && !isDigitByte(r.in[1]):
		if c := r.in[1]; c == '-' || c == '+' {
			r.sign = c
			r.skip(1)
		}
	case !read && !r.lsign && (r.plus || r.minus):
		if c := r.in[0]; c == '-' || c == '+' {
			r.sign = c
		}
	}
}

func init() {
	kernels{"numeric_to_number": Maybe2(toNumber)}.bind()
}
