package s3db

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/dlclark/regexp2/v2"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// patternTime is the longest that a pattern may look at one text: where
// backtracking takes longer, the text does not match.
const patternTime = time.Second

// patternFlags are JavaScript's flags that change what matches.
var patternFlags = map[rune]regexp2.RegexOptions{
	'i': regexp2.IgnoreCase, 'm': regexp2.Multiline, 's': regexp2.Singleline, 'u': regexp2.Unicode, 'v': regexp2.Unicode,
}

// jsPattern is a JavaScript regular expression. Without the flag u it sees a text
// as UTF-16 units, so that "." is half of an emoji.
type jsPattern struct {
	re      *regexp2.Regexp
	unicode bool
}

func compilePattern(expr, flags string) (*jsPattern, error) {
	options := regexp2.ECMAScript
	for _, f := range flags {
		options |= patternFlags[f]
	}
	p := &jsPattern{unicode: options&regexp2.Unicode != 0}
	if !p.unicode {
		expr = escapeAstral(expr)
	}
	var err error
	if p.re, err = regexp2.Compile(expr, options); err != nil {
		return nil, err
	}
	p.re.MatchTimeout = patternTime
	return p, nil
}

// escapeAstral writes what is beyond U+FFFF as its two units.
func escapeAstral(expr string) string {
	var b strings.Builder
	for _, r := range expr {
		if high, low := utf16.EncodeRune(r); high != 0xFFFD {
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (p *jsPattern) matches(s string) bool {
	if p.unicode {
		ok, err := p.re.MatchString(s)
		return ok && err == nil
	}
	units := utf16.Encode([]rune(s))
	text := make([]rune, len(units))
	for i, u := range units {
		text[i] = rune(u)
	}
	m, err := p.re.FindRunesMatch(text)
	return m != nil && err == nil
}

// patternCheck is the rule pattern: 22023 for what is no regular expression.
func (a *Attribute) patternCheck(r Rule) ([]check, error) {
	flags, _ := a.RuleArg("patternFlags")
	p, err := compilePattern(r.Arg, flags)
	if err != nil {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid pattern \"%s\" of attribute \"%s\"", r.Arg, a.Name).
			WithDetail("%s", sentence(err))
	}
	return one(r, "The '{field}' field fails to match the required pattern.", func(v any) bool {
		return a.checksText(v) && !p.matches(v.(string))
	})
}
