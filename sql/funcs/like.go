package funcs

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// likePattern is a compiled LIKE pattern: the text between the % signs. The
// first part is anchored at the start and the last at the end.
type likePattern struct {
	parts []likePart
	// trailingEscape: the pattern ends with an escape character, which is an
	// error only where matching gets there.
	trailingEscape bool
}

// likePart is text to match, with _ at the places where any is set. any is nil
// where there is none.
type likePart struct {
	text string
	any  []bool // per character of text
}

func compileLike(pattern string) *likePattern {
	p := &likePattern{parts: []likePart{{}}}
	var text strings.Builder
	var anyAt []bool
	hasAny := false
	flush := func() {
		part := likePart{text: text.String()}
		if hasAny {
			part.any = anyAt
		}
		p.parts[len(p.parts)-1] = part
		text.Reset()
		anyAt, hasAny = nil, false
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped || r != '\\' && r != '%' && r != '_':
			escaped = false
			text.WriteRune(r)
			anyAt = append(anyAt, false)
		case r == '\\':
			escaped = true
		case r == '_':
			text.WriteByte('_')
			anyAt, hasAny = append(anyAt, true), true
		default:
			flush()
			p.parts = append(p.parts, likePart{})
		}
	}
	p.trailingEscape = escaped
	flush()
	return p
}

// prefixLen returns the bytes of s that part matches at its start, or -1.
func (part *likePart) prefixLen(s string) int {
	if part.any == nil {
		if strings.HasPrefix(s, part.text) {
			return len(part.text)
		}
		return -1
	}
	at, k := 0, 0
	for _, r := range part.text {
		c, size := utf8.DecodeRuneInString(s[at:])
		if size == 0 || (c != r && !part.any[k]) {
			return -1
		}
		at += size
		k++
	}
	return at
}

// index finds the first match of part in s: [from, to), or -1.
func (part *likePart) index(s string) (from, to int) {
	if part.any == nil {
		from = strings.Index(s, part.text)
		return from, from + len(part.text)
	}
	for from = range s {
		if n := part.prefixLen(s[from:]); n >= 0 {
			return from, from + n
		}
	}
	return -1, -1
}

// matchesEnd says whether part matches the whole end of s.
func (part *likePart) matchesEnd(s string) bool {
	if part.any == nil {
		return strings.HasSuffix(s, part.text)
	}
	at := len(s)
	for range part.any {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		if size == 0 {
			return false
		}
		at -= size
	}
	return part.prefixLen(s[at:]) == len(s)-at
}

func (p *likePattern) match(s string) (bool, error) {
	if p.trailingEscape {
		return false, p.matchEscape(s)
	}
	first, last := &p.parts[0], &p.parts[len(p.parts)-1]
	n := first.prefixLen(s)
	if len(p.parts) == 1 || n < 0 {
		return n == len(s), nil
	}
	s = s[n:]
	for i := range p.parts[1 : len(p.parts)-1] {
		from, to := p.parts[i+1].index(s)
		if from < 0 {
			return false, nil
		}
		s = s[to:]
	}
	return last.matchesEnd(s), nil
}

// matchEscape raises the error of a trailing escape if the rest of the pattern
// matches a beginning of s that leaves something over.
func (p *likePattern) matchEscape(s string) error {
	head := likePattern{parts: p.parts}
	for i := range s {
		if ok, _ := head.match(s[:i]); ok {
			return pgerr.New(pgerr.InvalidEscapeSequence, "LIKE pattern must not end with escape character")
		}
	}
	return nil
}

// likeCache keeps the last pattern of a call site.
type likeCache struct {
	pattern  string
	compiled *likePattern
}

func (c *likeCache) get(pattern string) *likePattern {
	if c.compiled == nil || c.pattern != pattern {
		c.pattern, c.compiled = pattern, compileLike(pattern)
	}
	return c.compiled
}

// likeKernel is LIKE over operands of text or bytea, folded by fold first.
func likeKernel[T string | []byte](want bool, fold func(string) string) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		cache, _ := c.State.(*likeCache)
		if cache == nil {
			cache = &likeCache{}
			c.State = cache
		}
		if fold == nil {
			fold = func(s string) string { return s }
		}
		r := strictRows(c, args, sel, n)
		text, patterns := columnOf[T](args[0]), columnOf[T](args[1])
		out := make([]bool, r.n)
		var p *likePattern
		for k := range r.count() {
			i := r.row(k)
			if p == nil || patterns.mask != 0 {
				p = cache.get(fold(string(patterns.at(i))))
			}
			ok, err := p.match(fold(string(text.at(i))))
			if err != nil {
				return nil, err
			}
			out[i] = ok == want
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// likeEscape rewrites a pattern with another escape character to one with the
// backslash (like_escape of like_match.c).
func likeEscape(pattern, escape string) (string, error) {
	if charLen(escape) > 1 {
		return "", pgerr.New(pgerr.InvalidEscapeSequence, "invalid escape string").
			WithHint("Escape string must be empty or one character.")
	}
	if escape == "\\" {
		return pattern, nil
	}
	var out strings.Builder
	esc, _ := utf8.DecodeRuneInString(escape)
	afterEscape := false
	for _, r := range pattern {
		switch {
		case escape != "" && r == esc && !afterEscape:
			out.WriteByte('\\')
			afterEscape = true
			continue
		case r == '\\' && !afterEscape:
			out.WriteByte('\\')
		}
		out.WriteRune(r)
		afterEscape = false
	}
	return out.String(), nil
}

// latin1 makes every byte a character, as matching bytea asks.
func latin1(s string) string {
	rs := make([]rune, len(s))
	for i := range len(s) {
		rs[i] = rune(s[i])
	}
	return string(rs)
}

func likeEscapeBytes(pattern, escape []byte) ([]byte, error) {
	s, err := likeEscape(latin1(string(pattern)), latin1(string(escape)))
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = append(out, byte(r))
	}
	return out, err
}

func init() {
	like := bytewise("LIKE", likeKernel[string](true, nil))
	notLike := bytewise("LIKE", likeKernel[string](false, nil))
	ilike, notILike := ilikeKernel(true), ilikeKernel(false)
	kernels{
		"textlike": like, "textnlike": notLike,
		"namelike": like, "namenlike": notLike,
		"texticlike":        ilike,
		"texticnlike":       notILike,
		"nameiclike":        ilike,
		"nameicnlike":       notILike,
		"bytealike":         likeKernel[[]byte](true, latin1),
		"byteanlike":        likeKernel[[]byte](false, latin1),
		"like_escape":       E2(likeEscape),
		"like_escape_bytea": E2(likeEscapeBytes),
	}.bind()
}
