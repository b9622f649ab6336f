package funcs

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The templates of to_char, to_number, to_date and to_timestamp (formatting.c;
// PostgreSQL documentation, "Data Type Formatting Functions").

// templateNode is a pattern, or text that stands for itself.
type templateNode struct {
	pattern string // "" for text
	text    string // one character of it
	// quoted text is not a separator, even where its characters are.
	quoted bool
	// Modifiers of a date pattern: FM, TM before it; TH, th, SP after it.
	fill, locale, ordinal, ordinalUpper bool
}

var numberPatterns = patternTable(
	", . 0 9 B C D EEEE FM G L MI PL PR RN SG SP S TH V b c d eeee fm g l mi pl pr rn sg sp s th v")

var datePatterns = patternTable(`A.D. A.M. AD AM B.C. BC CC DAY DDD DD DY Day Dy D FF1 FF2 FF3 FF4 FF5 FF6 FX HH24 HH12 HH
	IDDD ID IW IYYY IYY IY I J MI MM MONTH MON MS Month Mon OF P.M. PM Q RM SSSSS SSSS SS TZH TZM TZ US WW W Y,YYY YYYY YYY YY Y
	a.d. a.m. ad am b.c. bc cc day ddd dd dy d ff1 ff2 ff3 ff4 ff5 ff6 fx hh24 hh12 hh iddd id iw iyyy iyy iy i j mi mm month
	mon ms of p.m. pm q rm sssss ssss ss tzh tzm tz us ww w y,yyy yyyy yyy yy y`)

// patternTable groups patterns by their first byte, in order: the first that
// matches wins.
func patternTable(list string) map[byte][]string {
	m := map[byte][]string{}
	for _, p := range strings.Fields(list) {
		m[p[0]] = append(m[p[0]], p)
	}
	return m
}

func findPattern(table map[byte][]string, s string) string {
	if s == "" {
		return ""
	}
	ps := table[s[0]]
	if i := slices.IndexFunc(ps, func(p string) bool { return strings.HasPrefix(s, p) }); i >= 0 {
		return ps[i]
	}
	return ""
}

// parseTemplate splits a template. dates says that it is one of dates.
func parseTemplate(s string, dates bool) []templateNode {
	table := numberPatterns
	if dates {
		table = datePatterns
	}
	var nodes []templateNode
	for s != "" {
		var n templateNode
		if dates {
			s = cutPrefixes(&n, s)
		}
		if p := findPattern(table, s); p != "" {
			n.pattern = p
			s = s[len(p):]
			if dates {
				s = cutSuffix(&n, s)
			}
			nodes = append(nodes, n)
			continue
		}
		nodes, s = appendText(nodes, s)
	}
	return nodes
}

// cutPrefixes reads the modifiers before a pattern; one that no pattern follows
// is lost.
func cutPrefixes(n *templateNode, s string) string {
	switch {
	case strings.HasPrefix(s, "FM"), strings.HasPrefix(s, "fm"):
		n.fill = true
	case strings.HasPrefix(s, "TM"), strings.HasPrefix(s, "tm"):
		n.locale = true
	default:
		return s
	}
	return s[2:]
}

func cutSuffix(n *templateNode, s string) string {
	switch {
	case strings.HasPrefix(s, "TH"):
		n.ordinal, n.ordinalUpper = true, true
	case strings.HasPrefix(s, "th"):
		n.ordinal = true
	case strings.HasPrefix(s, "SP"):
	default:
		return s
	}
	return s[2:]
}

// appendText adds a character, or a quoted text.
func appendText(nodes []templateNode, s string) ([]templateNode, string) {
	if s == "" {
		return nodes, s
	}
	if s[0] != '"' {
		if strings.HasPrefix(s, `\"`) {
			s = s[1:]
		}
		_, size := utf8.DecodeRuneInString(s)
		return append(nodes, templateNode{text: s[:size]}), s[size:]
	}
	s = s[1:]
	for s != "" {
		if s[0] == '"' {
			return nodes, s[1:]
		}
		if s[0] == '\\' && len(s) > 1 {
			s = s[1:]
		}
		_, size := utf8.DecodeRuneInString(s)
		nodes = append(nodes, templateNode{text: s[:size], quoted: true})
		s = s[size:]
	}
	return nodes, s
}

// ordinalSuffix is st, nd, rd or th for a number's digits.
func ordinalSuffix(digits string, upper bool) string {
	suffix := "th"
	n := len(digits)
	if n > 0 && (n < 2 || digits[n-2] != '1') {
		switch digits[n-1] {
		case '1':
			suffix = "st"
		case '2':
			suffix = "nd"
		case '3':
			suffix = "rd"
		}
	}
	if upper {
		return upperASCII(suffix)
	}
	return suffix
}

var romanDigits = []struct {
	value int
	text  string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"},
	{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
}

// roman writes 1 to 3999; anything else is fifteen #.
func roman(n int) string {
	if n < 1 || n > 3999 {
		return strings.Repeat("#", 15)
	}
	var out strings.Builder
	for _, d := range romanDigits {
		for n >= d.value {
			out.WriteString(d.text)
			n -= d.value
		}
	}
	return out.String()
}
