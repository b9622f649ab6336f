package fuzzystrmatch

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

//go:embed fuzzystrmatch.sql
var script string

func init() {
	missing := funcs.Strict(func(c *funcs.Call, _ []any) (any, error) {
		return nil, pgerr.Unsupported("function %s() of fuzzystrmatch", c.Func.Name)
	})
	ext.Register(&ext.Extension{
		Name: "fuzzystrmatch", Version: "1.1", Comment: "determine similarities and distance between strings", Trusted: true, Script: script,
		Symbols: map[string]funcs.Kernel{
			"levenshtein":            funcs.E2(func(a, b string) (int32, error) { return levenshtein(a, b, costs{1, 1, 1}) }),
			"levenshtein_less_equal": funcs.E3(func(a, b string, limit int32) (int32, error) { return lessEqual(a, b, costs{1, 1, 1}, limit) }),
			"levenshtein_with_costs": funcs.Strict(func(_ *funcs.Call, args []any) (any, error) {
				return levenshtein(args[0].(string), args[1].(string), costsOf(args[2:]))
			}),
			"levenshtein_less_equal_with_costs": funcs.Strict(func(_ *funcs.Call, args []any) (any, error) {
				return lessEqual(args[0].(string), args[1].(string), costsOf(args[2:]), args[5].(int32))
			}),
			"soundex":    funcs.F1(soundex),
			"difference": funcs.F2(difference),
			"metaphone":  missing, "dmetaphone": missing, "dmetaphone_alt": missing,
		},
	})
}

// costs are those of one letter more, one less, and another one.
type costs struct{ insert, remove, replace int32 }

func costsOf(args []any) costs { return costs{args[0].(int32), args[1].(int32), args[2].(int32)} }

// maxLength is MAX_LEVENSHTEIN_STRLEN.
const maxLength = 255

// levenshtein is the least cost of turning a into b, letter by letter.
func levenshtein(a, b string, c costs) (int32, error) {
	if utf8.RuneCountInString(a) > maxLength || utf8.RuneCountInString(b) > maxLength {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "levenshtein argument exceeds maximum length of %d characters", maxLength)
	}
	from, to := []rune(a), []rune(b)
	switch {
	case len(from) == 0:
		return int32(len(to)) * c.insert, nil
	case len(to) == 0:
		return int32(len(from)) * c.remove, nil
	}
	row := make([]int32, len(from)+1)
	for i := range row {
		row[i] = int32(i) * c.remove
	}
	for j := range to {
		left := row[0]
		row[0] = int32(j+1) * c.insert
		for i := range from {
			same := left
			if from[i] != to[j] {
				same += c.replace
			}
			left = row[i+1]
			row[i+1] = min(row[i+1]+c.insert, row[i]+c.remove, same)
		}
	}
	return row[len(from)], nil
}

// lessEqual is exact up to the limit, and one more than it above; a negative limit is
// none. Against the empty text it is exact, as PostgreSQL looks at that first.
func lessEqual(a, b string, c costs, limit int32) (int32, error) {
	n, err := levenshtein(a, b, c)
	if limit >= 0 && n > limit && a != "" && b != "" {
		n = limit + 1
	}
	return n, err
}

// soundexLength is SOUNDEX_LEN.
const soundexLength = 4

// soundex is a letter and three digits, of letters of ASCII alone; "" where there are
// none.
func soundex(s string) string {
	start := strings.IndexFunc(s, func(r rune) bool { return r < utf8.RuneSelf && isLetter(byte(r)) })
	if start < 0 {
		return ""
	}
	out := []byte{upper(s[start])}
	for i := start + 1; i < len(s) && len(out) < soundexLength; i++ {
		if code := soundexCode(s[i]); isLetter(s[i]) && code != soundexCode(s[i-1]) && code != '0' {
			out = append(out, code)
		}
	}
	return string(out) + strings.Repeat("0", soundexLength-len(out))
}

func isLetter(c byte) bool { return upper(c) >= 'A' && upper(c) <= 'Z' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func soundexCode(c byte) byte {
	if !isLetter(c) {
		return c
	}
	return "01230120022455012623010202"[upper(c)-'A']
}

// difference counts the places in which the codes agree.
func difference(a, b string) (n int32) {
	x, y := soundex(a), soundex(b)
	for i := range soundexLength {
		if at(x, i) == at(y, i) {
			n++
		}
	}
	return n
}

func at(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}
