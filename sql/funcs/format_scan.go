package funcs

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// dateScan reads a text by a template of dates (DCH_from_char of formatting.c).
type dateScan struct {
	nodes []templateNode
	in    string // the whole text
	at    int
	fixed bool // FX was seen
	// standard: separators and texts must match the template, and all of the
	// text must be read.
	standard bool
	extra    int // characters skipped beyond what the template asked for
	mode     dateMode
	clock12  bool
	// Values by field; 0 is not set, as in PostgreSQL.
	hh, pm, mi, ss, ssss, ms, us, precision int
	d, dd, ddd, mm, year, yearSize, cc, bc  int
	j, ww, w                                int
	tzSign, tzh, tzm                        int
}

type dateMode uint8

const (
	anyMode dateMode = iota
	gregorian
	isoWeek
)

// scanPattern is how a pattern is read.
type scanPattern struct {
	mode   dateMode
	length int  // digits of a fixed-width number
	digits bool // the pattern begins with a digit
	read   func(s *dateScan, n *templateNode, length int) error
}

func invalidDateText(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.InvalidDatetimeFormat, format, args...)
}

// numericField reads a number into a field.
func numericField(mode dateMode, length int, field func(s *dateScan) *int) scanPattern {
	return scanPattern{mode: mode, length: length, digits: true, read: func(s *dateScan, n *templateNode, length int) error {
		_, err := s.number(n, length, field(s))
		return err
	}}
}

// wordField reads one of words; value turns its number into the field's value.
func wordField(mode dateMode, words []string, field func(s *dateScan) *int, value func(i int) int) scanPattern {
	return scanPattern{mode: mode, read: func(s *dateScan, n *templateNode, _ int) error {
		i, err := s.word(n, words)
		if err != nil {
			return err
		}
		return s.set(n, field(s), value(i))
	}}
}

// yearField reads a year; fewer than four digits mean one near 2020.
func yearField(mode dateMode, size int) scanPattern {
	return scanPattern{mode: mode, length: size, digits: true, read: func(s *dateScan, n *templateNode, length int) error {
		used, err := s.number(n, length, &s.year)
		if err != nil {
			return err
		}
		s.yearSize = size
		if size < 4 && used < 4 {
			s.year = near2020(s.year)
		}
		return nil
	}}
}

func near2020(year int) int {
	switch {
	case year < 70:
		return year + 2000
	case year < 100:
		return year + 1900
	case year < 520:
		return year + 2000
	case year < 1000:
		return year + 1000
	}
	return year
}

// secondFraction reads up to size digits of a fraction into units of 10^-total.
func secondFraction(size, total int, field func(s *dateScan) *int, precision int) scanPattern {
	return scanPattern{length: size, digits: true, read: func(s *dateScan, n *templateNode, length int) error {
		f := field(s)
		used, err := s.number(n, length, f)
		if err != nil {
			return err
		}
		if precision > 0 {
			s.precision = precision
		}
		*f *= int(math.Pow10(max(total-used, 0)))
		return nil
	}}
}

func onlyToChar(name string) scanPattern {
	return scanPattern{read: func(*dateScan, *templateNode, int) error {
		return pgerr.New(pgerr.FeatureNotSupported, "formatting field \"%s\" is only supported in to_char", name)
	}}
}

func hour12Field() scanPattern {
	return scanPattern{length: 2, digits: true, read: func(s *dateScan, n *templateNode, length int) error {
		_, err := s.number(n, length, &s.hh)
		s.clock12 = true
		return err
	}}
}

func halfField(words []string) scanPattern {
	p := wordField(anyMode, words, func(s *dateScan) *int { return &s.pm }, func(i int) int { return i % 2 })
	read := p.read
	p.read = func(s *dateScan, n *templateNode, length int) error {
		s.clock12 = true
		return read(s, n, length)
	}
	return p
}

// scanPatterns are the patterns by their upper-case name. It is filled by init:
// reading a field looks at the next one's entry.
var scanPatterns map[string]scanPattern

func init() { scanPatterns = newScanPatterns() }

func newScanPatterns() map[string]scanPattern {
	next := func(i int) int { return i + 1 }
	odd := func(i int) int { return i % 2 }
	us := func(s *dateScan) *int { return &s.us }
	mm := func(s *dateScan) *int { return &s.mm }
	day := func(s *dateScan) *int { return &s.d }
	bc := func(s *dateScan) *int { return &s.bc }
	m := map[string]scanPattern{
		"FX": {read: func(s *dateScan, _ *templateNode, _ int) error { s.fixed = true; return nil }},
		"HH": hour12Field(), "HH12": hour12Field(),
		"HH24":  numericField(anyMode, 2, func(s *dateScan) *int { return &s.hh }),
		"MI":    numericField(anyMode, 2, func(s *dateScan) *int { return &s.mi }),
		"SS":    numericField(anyMode, 2, func(s *dateScan) *int { return &s.ss }),
		"SSSS":  numericField(anyMode, 4, func(s *dateScan) *int { return &s.ssss }),
		"SSSSS": numericField(anyMode, 5, func(s *dateScan) *int { return &s.ssss }),
		"MS":    secondFraction(3, 3, func(s *dateScan) *int { return &s.ms }, 0),
		"US":    secondFraction(6, 6, us, 0),
		"TZ":    onlyToChar("TZ"), "OF": onlyToChar("OF"),
		"TZH": {length: 2, read: (*dateScan).zoneHours},
		"TZM": {length: 2, digits: true, read: (*dateScan).zoneMinutes},

		"MONTH": wordField(gregorian, monthNames, mm, next),
		"MON":   wordField(gregorian, short(monthNames), mm, next),
		"RM":    wordField(gregorian, romanMonthsDown, mm, func(i int) int { return 12 - i }),
		"DAY":   wordField(anyMode, dayNames, day, next),
		"DY":    wordField(anyMode, short(dayNames), day, next),
		"MM":    numericField(gregorian, 2, mm),
		"DD":    numericField(gregorian, 2, func(s *dateScan) *int { return &s.dd }),
		"DDD":   numericField(gregorian, 3, func(s *dateScan) *int { return &s.ddd }),
		"IDDD":  numericField(isoWeek, 3, func(s *dateScan) *int { return &s.ddd }),
		"D":     numericField(gregorian, 1, day),
		"ID":    {mode: isoWeek, length: 1, digits: true, read: (*dateScan).isoDay},
		"WW":    numericField(gregorian, 2, func(s *dateScan) *int { return &s.ww }),
		"IW":    numericField(isoWeek, 2, func(s *dateScan) *int { return &s.ww }),
		"W":     numericField(gregorian, 1, func(s *dateScan) *int { return &s.w }),
		"Q":     numericField(anyMode, 1, func(*dateScan) *int { return nil }),
		"CC":    numericField(anyMode, 2, func(s *dateScan) *int { return &s.cc }),
		"J":     numericField(anyMode, 1, func(s *dateScan) *int { return &s.j }),

		"Y,YYY": {mode: gregorian, length: 5, digits: true, read: (*dateScan).commaYear},
		"YYYY":  yearField(gregorian, 4), "YYY": yearField(gregorian, 3), "YY": yearField(gregorian, 2), "Y": yearField(gregorian, 1),
		"IYYY": yearField(isoWeek, 4), "IYY": yearField(isoWeek, 3), "IY": yearField(isoWeek, 2), "I": yearField(isoWeek, 1),
	}
	for n := 1; n <= 6; n++ {
		m["FF"+string(rune('0'+n))] = secondFraction(n, 6, us, n)
	}
	for _, names := range [][]string{{"A.M.", "P.M."}, {"AM", "PM"}} {
		m[names[0]], m[names[1]] = halfField(names), halfField(names)
	}
	for _, names := range [][]string{{"A.D.", "B.C."}, {"AD", "BC"}} {
		p := wordField(anyMode, names, bc, odd)
		m[names[0]], m[names[1]] = p, p
	}
	return m
}

// romanMonthsDown begins with the longest that could hide a shorter one.
var romanMonthsDown = []string{"XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I"}

func (s *dateScan) rest() string { return s.in[s.at:] }

func (s *dateScan) skipSpaces() {
	for s.at < len(s.in) && isSpaceByte(s.in[s.at]) {
		s.at++
		s.extra++
	}
}

func (s *dateScan) skipChar() {
	_, size := utf8.DecodeRuneInString(s.rest())
	s.at += size
}

func isSeparator(text string) bool {
	return len(text) == 1 && text[0] > ' ' && text[0] < 0x7f && !isAlnum(text[0])
}

func isAlnum(c byte) bool { return isDigitByte(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

// scan reads the text.
func (s *dateScan) scan() error {
	for i := range s.nodes {
		if s.at >= len(s.in) {
			return s.tooShort()
		}
		n := &s.nodes[i]
		if !s.fixed && upperASCII(n.pattern) != "FX" && (n.pattern != "" || i == 0) {
			s.skipSpaces()
		}
		if n.pattern == "" {
			if err := s.checkText(n); err != nil {
				return err
			}
			s.text(n)
			continue
		}
		if err := s.field(i); err != nil {
			return err
		}
		if !s.fixed {
			s.extra = 0
			s.skipSpaces()
		}
	}
	return s.checkRest()
}

// text consumes a character for one of the template's that is no pattern.
func (s *dateScan) text(n *templateNode) {
	separator := !n.quoted && (isSeparator(n.text) || isSpaceByte(n.text[0]))
	switch {
	case s.fixed:
		s.skipChar()
	case separator:
		s.extra--
		if s.at < len(s.in) && (isSpaceByte(s.in[s.at]) || isSeparator(s.in[s.at:s.at+1])) {
			s.at++
			s.extra++
		}
	case s.extra > 0:
		s.extra--
	default:
		s.skipChar()
	}
}

func (s *dateScan) field(i int) error {
	n := &s.nodes[i]
	p, ok := scanPatterns[upperASCII(n.pattern)]
	if !ok {
		return nil
	}
	if p.mode != anyMode && s.mode != anyMode && p.mode != s.mode {
		return invalidDateText("invalid combination of date conventions").
			WithHint("Do not mix Gregorian and ISO week date conventions in a formatting template.")
	}
	s.mode = max(s.mode, p.mode)
	length := p.length
	if n.fill || s.separatorFollows(i) {
		length = 0 // as many digits as there are
	}
	if err := p.read(s, n, length); err != nil {
		return err
	}
	if p.digits && n.ordinal {
		for k := 0; k < 2 && s.at < len(s.in); k++ {
			s.skipChar()
		}
	}
	return nil
}

// separatorFollows says that what comes after pattern i does not begin with a
// digit.
func (s *dateScan) separatorFollows(i int) bool {
	if s.nodes[i].ordinal || i+1 == len(s.nodes) {
		return true
	}
	next := s.nodes[i+1]
	if next.pattern != "" {
		return !scanPatterns[upperASCII(next.pattern)].digits
	}
	return !isDigitByte(next.text[0])
}

const fixedWidthHint = "If your source string is not fixed-width, try using the \"FM\" modifier."

// number reads an integer into dest: of exactly length characters, or of any
// length if that is 0. It returns the characters consumed.
func (s *dateScan) number(n *templateNode, length int, dest *int) (used int, err error) {
	begin := s.at
	for s.at < len(s.in) && isSpaceByte(s.in[s.at]) {
		s.at++
	}
	rest := s.rest()
	limit := len(rest)
	if length > 0 {
		if limit = length; len(rest) < length {
			return 0, invalidDateText("source string too short for \"%s\" formatting field", n.pattern).
				WithDetail("Field requires %d characters, but only %d remain.", length, len(rest)).
				WithHint(fixedWidthHint)
		}
	}
	v, size := leadingInt(rest[:limit])
	if size == 0 {
		return 0, s.invalid(n, rest, length).WithDetail("Value must be an integer.")
	}
	if size < length {
		return 0, s.invalid(n, rest, length).
			WithDetail("Field requires %d characters, but only %d could be parsed.", length, size).
			WithHint(fixedWidthHint)
	}
	if v != int64(int32(v)) {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "value for \"%s\" in source string is out of range", n.pattern).
			WithDetail("Value must be in the range %d to %d.", math.MinInt32, math.MaxInt32)
	}
	s.at += size
	if dest == nil {
		return s.at - begin, nil
	}
	return s.at - begin, s.set(n, dest, int(v))
}

// leadingInt is strtol.
func leadingInt(s string) (v int64, size int) {
	i := 0
	for i < len(s) && isSpaceByte(s[i]) {
		i++
	}
	negative := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	start := i
	for ; i < len(s) && isDigitByte(s[i]); i++ {
		v = min(v*10+int64(s[i]-'0'), math.MaxInt64/20)
	}
	if i == start {
		return 0, 0
	}
	if negative {
		v = -v
	}
	return v, i
}

func (s *dateScan) invalid(n *templateNode, rest string, length int) *pgerr.Error {
	if length == 0 {
		length = scanPatterns[upperASCII(n.pattern)].length
	}
	return invalidDateText("invalid value \"%s\" for \"%s\"", rest[:min(length, len(rest))], n.pattern)
}

func (s *dateScan) set(n *templateNode, dest *int, v int) error {
	if *dest != 0 && *dest != v {
		return invalidDateText("conflicting values for \"%s\" field in formatting string", n.pattern).
			WithDetail("This value contradicts a previous setting for the same field type.")
	}
	*dest = v
	return nil
}

// word finds which of words the text goes on with, whatever the case.
func (s *dateScan) word(n *templateNode, words []string) (int, error) {
	rest := lowerASCII(s.rest())
	for i, w := range words {
		if strings.HasPrefix(rest, lowerASCII(w)) {
			s.at += len(w)
			return i, nil
		}
	}
	given := s.rest()
	if i := strings.IndexFunc(given, func(r rune) bool { return r < 0x80 && isSpaceByte(byte(r)) }); i >= 0 {
		given = given[:i]
	}
	return 0, invalidDateText("invalid value \"%s\" for \"%s\"", given, n.pattern).
		WithDetail("The given value did not match any of the allowed values for this field.")
}

// zoneHours reads TZH, whose sign may have been taken for a separator.
func (s *dateScan) zoneHours(n *templateNode, length int) error {
	s.tzSign = 1
	switch c := s.in[s.at]; {
	case c == '+' || c == '-' || c == ' ':
		if c == '-' {
			s.tzSign = -1
		}
		s.at++
	case s.extra > 0 && s.at > 0 && s.in[s.at-1] == '-':
		s.tzSign = -1
	}
	_, err := s.number(n, length, &s.tzh)
	return err
}

func (s *dateScan) zoneMinutes(n *templateNode, length int) error {
	if s.tzSign == 0 {
		s.tzSign = 1
	}
	_, err := s.number(n, length, &s.tzm)
	return err
}

// isoDay reads ID and counts as D does: Sunday is 1.
func (s *dateScan) isoDay(n *templateNode, length int) error {
	if _, err := s.number(n, length, &s.d); err != nil {
		return err
	}
	if s.d++; s.d > 7 {
		s.d = 1
	}
	return nil
}

func (s *dateScan) commaYear(n *templateNode, _ int) error {
	thousands, size := leadingInt(s.rest())
	rest := s.rest()[size:]
	if size == 0 || !strings.HasPrefix(rest, ",") {
		return invalidDateText("invalid input string for \"Y,YYY\"")
	}
	years, more := leadingInt(rest[1:min(4, len(rest))])
	if more == 0 {
		return invalidDateText("invalid input string for \"Y,YYY\"")
	}
	s.at += size + 1 + more
	s.yearSize = 4
	return s.set(n, &s.year, int(thousands*1000+years))
}
