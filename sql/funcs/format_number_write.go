package funcs

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// numberWriter writes one number (NUM_processor, to_char's side).
type numberWriter struct {
	*numberTemplate
	out       strings.Builder
	number    string // digits with a point, without sign
	at        int    // next character of number
	sign      byte
	signed    bool // the sign is written, or not needed
	preSpaces int
	count     int
	current   int
	inNumber  bool
	// lastRelevant is the last character of number that FM keeps; -1 if all.
	lastRelevant int
	// end is where the output ends: at the first place behind the number's end, or
	// sign that is not known, which PostgreSQL writes as a zero byte. -1 if there is none.
	end int
}

// write renders number (without its sign) by the template.
func (t *numberTemplate) write(number string, sign byte, preSpaces int) (string, error) {
	if t.zeroStart > 0 {
		t.zeroStart--
	}
	if t.roman {
		*t = numberTemplate{nodes: t.nodes, fill: t.fill, roman: true}
		sign = 0
	}
	w := &numberWriter{numberTemplate: t, number: number, sign: sign, preSpaces: preSpaces, lastRelevant: -1, end: -1}
	w.prepareSign()
	w.count = t.post + t.pre - 1
	if t.fill && t.decimal {
		w.findLastRelevant()
	}
	if !w.signed && preSpaces == 0 {
		w.count++
	}
	for _, n := range t.nodes {
		if err := w.node(n); err != nil {
			return "", err
		}
	}
	if w.end >= 0 {
		return w.out.String()[:w.end], nil
	}
	return w.out.String(), nil
}

func (w *numberWriter) prepareSign() {
	if w.plus || w.minus { // MI, PL and SG write it themselves
		w.signed = !w.plus || w.minus
		return
	}
	if w.sign != '-' && w.fill {
		w.bracket = false
	}
	w.signed = w.sign == '+' && w.fill && !w.lsign
	if w.signAt == signBefore && w.pre == w.preSign {
		w.signAt = signAfter
	}
}

func (w *numberWriter) findLastRelevant() {
	point := strings.IndexByte(w.number, '.')
	if point < 0 {
		return
	}
	w.lastRelevant = point
	for i := point + 1; i < len(w.number); i++ {
		if w.number[i] != '0' {
			w.lastRelevant = i
		}
	}
	if w.zeroEnd > w.preSpaces {
		w.lastRelevant = max(w.lastRelevant, min(len(w.number)-1, w.zeroEnd-w.preSpaces))
	}
}

func (w *numberWriter) node(n templateNode) error {
	if n.pattern == "" {
		w.out.WriteString(n.text)
		return nil
	}
	switch key := upperASCII(n.pattern); key {
	case "9", "0", ".", "D":
		w.digit(key)
	case ",", "G":
		switch {
		case w.inNumber:
			w.out.WriteByte(',')
		case !w.fill:
			w.out.WriteByte(' ')
		}
	case "L":
		w.out.WriteByte(' ') // the currency symbol of locale C
	case "RN":
		w.romanNumber(n.pattern)
	case "TH":
		return w.ordinal(n.pattern == "TH")
	case "MI":
		w.signChar(w.sign == '-', '-')
	case "PL":
		w.signChar(w.sign == '+', '+')
	case "SG":
		w.byteOrEnd(w.sign)
	}
	return nil
}

func (w *numberWriter) ordinal(upper bool) error {
	if w.roman || strings.HasPrefix(w.number, "#") || w.sign == '-' || w.decimal {
		return nil
	}
	if last := w.number[len(w.number)-1]; last < '0' || last > '9' {
		return pgerr.New(pgerr.InvalidTextRepresentation, "\"%s\" is not a number", w.number)
	}
	w.out.WriteString(ordinalSuffix(w.number, upper))
	return nil
}

func (w *numberWriter) signChar(applies bool, c byte) {
	switch {
	case applies:
		w.out.WriteByte(c)
	case !w.fill:
		w.out.WriteByte(' ')
	}
}

func (w *numberWriter) romanNumber(pattern string) {
	s := w.number
	if pattern == "rn" {
		s = lowerASCII(s)
	}
	if !w.fill {
		s = fmt.Sprintf("%15s", s)
	}
	w.out.WriteString(s)
}

// leadingZero: the zero before the point, which a 9 shows as a blank.
func (w *numberWriter) leadingZero() bool {
	return !w.zero && w.at == 0 && strings.HasPrefix(w.number, "0") && w.post != 0
}

func (w *numberWriter) endsAtPoint() bool {
	return w.lastRelevant >= 0 && w.number[w.lastRelevant] == '.'
}

// digit writes one place (NUM_numpart_to_char).
func (w *numberWriter) digit(key string) {
	if w.roman {
		return
	}
	w.inNumber = false
	w.signBeforeDigit()
	padding := w.current < w.preSpaces
	switch {
	case padding && (w.zeroStart > w.current || !w.zero):
		if !w.fill {
			w.out.WriteByte(' ')
		}
	case padding:
		w.out.WriteByte('0')
		w.inNumber = true
	default:
		w.place(key)
		if w.at < len(w.number) {
			w.at++
		}
	}
	w.signAfterDigit()
	w.current++
}

func (w *numberWriter) signBeforeDigit() {
	if w.signed || w.current < w.preSpaces && !(w.zero && w.zeroStart == w.current) ||
		w.leadingZero() && !w.endsAtPoint() {
		return
	}
	switch {
	case w.lsign:
		if w.signAt == signBefore {
			w.out.WriteByte(w.sign)
			w.signed = true
		}
		return
	case w.bracket:
		w.out.WriteByte(pick(w.sign == '+', ' ', '<'))
	case w.sign == '-':
		w.out.WriteByte('-')
	case !w.fill:
		w.out.WriteByte(' ')
	}
	w.signed = true
}

func pick(first bool, a, b byte) byte {
	if first {
		return a
	}
	return b
}

func (w *numberWriter) place(key string) {
	c := byte(0)
	if w.at < len(w.number) {
		c = w.number[w.at]
	}
	switch {
	case c == '.':
		if !w.endsAtPoint() || w.fill {
			w.out.WriteByte('.')
		}
	case w.lastRelevant >= 0 && w.at > w.lastRelevant && key != "0":
	case w.leadingZero():
		if !w.fill {
			w.out.WriteByte(' ')
		} else if w.endsAtPoint() {
			w.out.WriteByte('0')
		}
	default:
		w.byteOrEnd(c)
		w.inNumber = true
	}
}

// byteOrEnd writes c; a zero byte ends the output.
func (w *numberWriter) byteOrEnd(c byte) {
	if c != 0 {
		w.out.WriteByte(c)
	} else if w.end < 0 {
		w.end = w.out.Len()
	}
}

func (w *numberWriter) signAfterDigit() {
	end := w.count
	if w.preSpaces > 0 {
		end++
	}
	if w.decimal {
		end++
	}
	if w.lastRelevant >= 0 && w.lastRelevant == w.at {
		end = w.current
	}
	if w.current+1 != end {
		return
	}
	switch {
	case w.signed && w.bracket:
		w.out.WriteByte(pick(w.sign == '+', ' ', '>'))
	case w.lsign && w.signAt == signAfter:
		w.out.WriteByte(w.sign)
	}
}
