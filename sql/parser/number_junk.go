package parser

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// numberJunk finds the numbers that PostgreSQL 15's lexer refuses and the library's, of a
// later version, reads: digits with underscores between them (1_000) and those of other
// bases (0x1F). A name that touches a number is junk there (integer_junk, decimal_junk
// and real_junk of scan.l).
func numberJunk(source string, toks []Token) error {
	for _, t := range toks {
		if t.Kind != TokenInteger && t.Kind != TokenFloat {
			continue
		}
		if err := junkAt(source, t.Start); err != nil {
			return err
		}
	}
	return nil
}

// junkAt is the error of the number at a place in the text; nil if no name touches it,
// or there is no number.
func junkAt(source string, start int) *pgerr.Error {
	end := start + plainNumber(source[start:])
	if end == start || end == len(source) || !startsIdent(source[end]) {
		return nil
	}
	if sign := end + 1; source[end]|0x20 == 'e' && sign < len(source) && (source[sign] == '+' || source[sign] == '-') {
		end = sign + 1 // realfail: an exponent without digits
	} else {
		for end < len(source) && continuesIdent(source[end]) {
			end++
		}
	}
	return pgerr.New(pgerr.SyntaxError, "trailing junk after numeric literal at or near \"%s\"", source[start:end]).AtByte(start)
}

// plainNumber is the length of the number, an {integer}, {decimal} or {real}, that a text
// begins with.
func plainNumber(text string) int {
	end := digits(text, 0)
	if end < len(text) && text[end] == '.' {
		end = digits(text, end+1)
	}
	if end == len(text) || text[end]|0x20 != 'e' {
		return end
	}
	power := end + 1
	if power < len(text) && (text[power] == '+' || text[power] == '-') {
		power++
	}
	if last := digits(text, power); last > power {
		return last
	}
	return end
}

// digits is where the digits from a place on end.
func digits(text string, from int) int {
	for from < len(text) && isDigit(text[from]) {
		from++
	}
	return from
}

// mentionsNumberJunk says cheaply whether numberJunk can find anything.
func mentionsNumberJunk(text string) bool {
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) || i > 0 && continuesIdent(text[i-1]) {
			continue
		}
		i += plainNumber(text[i:])
		if i < len(text) && startsIdent(text[i]) {
			return true
		}
	}
	return false
}

func continuesIdent(c byte) bool { return startsIdent(c) || isDigit(c) || c == '$' }
