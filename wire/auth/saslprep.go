package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Prepare is SASLprep (RFC 4013) as PostgreSQL applies it: a password that it
// forbids is used as it is (pg_saslprep's caller). Code points that Unicode 3.2
// did not have are let through.
func Prepare(password string) string {
	if !utf8.ValidString(password) {
		return password
	}
	s := norm.NFKC.String(strings.Map(mapRune, password))
	if s == "" || strings.ContainsFunc(s, prohibited) || !bidiOK(s) {
		return password
	}
	return s
}

// mapRune maps spaces to SPACE (table C.1.2) and drops what is "commonly mapped
// to nothing" (table B.1).
func mapRune(r rune) rune {
	switch {
	case unicode.Is(droppedRunes, r):
		return -1
	case r == 0x200b || unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

// droppedRunes is RFC 3454 table B.1. U+200B is in C.1.2, too, which PostgreSQL
// looks at first.
var droppedRunes = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1},
		{Lo: 0x034f, Hi: 0x034f, Stride: 1},
		{Lo: 0x1806, Hi: 0x1806, Stride: 1},
		{Lo: 0x180b, Hi: 0x180d, Stride: 1},
		{Lo: 0x200c, Hi: 0x200d, Stride: 1},
		{Lo: 0x2060, Hi: 0x2060, Stride: 1},
		{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1},
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1},
	},
	LatinOffset: 1,
}

// prohibited is RFC 4013 section 2.3: tables C.1.2, C.2.1, C.2.2, C.3 to C.9.
func prohibited(r rune) bool {
	switch {
	case r == ' ':
		return false
	case unicode.In(r, unicode.Zs, unicode.Cc, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point):
		return true
	}
	return unicode.Is(prohibitedRunes, r)
}

// prohibitedRunes is what the categories do not cover.
var prohibitedRunes = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0340, Hi: 0x0341, Stride: 1}, // C.8
		{Lo: 0x06dd, Hi: 0x06dd, Stride: 1}, // C.2.2
		{Lo: 0x070f, Hi: 0x070f, Stride: 1},
		{Lo: 0x180e, Hi: 0x180e, Stride: 1},
		{Lo: 0x200e, Hi: 0x200f, Stride: 1}, // C.8
		{Lo: 0x2028, Hi: 0x202e, Stride: 1},
		{Lo: 0x2061, Hi: 0x2063, Stride: 1},
		{Lo: 0x206a, Hi: 0x206f, Stride: 1},
		{Lo: 0x2ff0, Hi: 0x2ffb, Stride: 1}, // C.7
		{Lo: 0xfff9, Hi: 0xfffd, Stride: 1}, // C.6
	},
	R32: []unicode.Range32{
		{Lo: 0x1d173, Hi: 0x1d17a, Stride: 1},
		{Lo: 0xe0001, Hi: 0xe0001, Stride: 1}, // C.9
		{Lo: 0xe0020, Hi: 0xe007f, Stride: 1},
	},
}

// bidiOK is RFC 3454 section 6: text with right-to-left characters has no
// left-to-right ones, and begins and ends with the former.
func bidiOK(s string) bool {
	if !strings.ContainsFunc(s, rightToLeft) {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return !strings.ContainsFunc(s, leftToRight) && rightToLeft(first) && rightToLeft(last)
}

func rightToLeft(r rune) bool {
	c := classOf(r)
	return c == bidi.R || c == bidi.AL
}

func leftToRight(r rune) bool { return classOf(r) == bidi.L }

func classOf(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}
