package regex

import (
	"slices"
	"sync"
	"unicode"
)

// classesOf are the character classes by name: of a locale where only ASCII's
// letters are letters, or of all others.
func classesOf(all bool) map[string]charSet {
	if all {
		return unicodeClasses()
	}
	return classes
}

// unicodeClasses are u_isalpha and its kin.
var unicodeClasses = sync.OnceValue(func() map[string]charSet {
	alpha, digit := tableSet(unicode.L), tableSet(unicode.Nd)
	blank := tableSet(unicode.Zs).with('\t', '\t')
	space := tableSet(unicode.White_Space)
	cntrl := tableSet(unicode.Cc)
	notGraph := slices.Concat(space, tableSet(unicode.Cc), tableSet(unicode.Cs), unassigned()).normalize()
	alnum := slices.Concat(alpha, digit).normalize()
	return map[string]charSet{
		"alpha": alpha, "digit": digit, "alnum": alnum,
		"upper": tableSet(unicode.Lu), "lower": tableSet(unicode.Ll),
		"xdigit": slices.Concat(digit, classes["xdigit"]).normalize(),
		"space":  space, "blank": blank, "cntrl": cntrl,
		"punct": tableSet(unicode.P),
		"graph": notGraph.negate(),
		"print": slices.Concat(notGraph.negate(), tableSet(unicode.Zs)).normalize(),
		"ascii": classes["ascii"],
		"word":  alnum.with('_', '_'),
	}
})

func (s charSet) with(lo, hi rune) charSet { return append(slices.Clone(s), lo, hi).normalize() }

// unassigned are the code points without a general category.
func unassigned() charSet {
	var known charSet
	for name, t := range unicode.Categories {
		if len(name) == 1 {
			known = append(known, tableSet(t)...)
		}
	}
	return known.normalize().negate()
}

func tableSet(t *unicode.RangeTable) charSet {
	var out charSet
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			out = append(out, lo, hi)
			return
		}
		for r := lo; r <= hi; r += stride {
			out = append(out, r, r)
		}
	}
	for _, r := range t.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return out.normalize()
}

// lastCased is behind the last letter that has cases.
const lastCased = 0x1e944

// foldUnicode adds the upper and lower case of each letter.
func (s charSet) foldUnicode() charSet {
	out := slices.Clone(s)
	for i := 0; i < len(s); i += 2 {
		for r := s[i]; r <= min(s[i+1], lastCased); r++ {
			if u := unicode.ToUpper(r); u != r {
				out = append(out, u, u)
			}
			if l := unicode.ToLower(r); l != r {
				out = append(out, l, l)
			}
		}
	}
	return out.normalize()
}
