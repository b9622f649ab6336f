package mb

import (
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Conversion takes text from one encoding to another.
type Conversion struct {
	From, To Encoding
	// table maps codes to codes: a character's bytes as a big-endian number, for
	// UTF8 its code point, or two of them.
	table *table
	// algorithm is asked what the table does not have; nil none.
	algorithm func(code uint64) (uint64, bool)
}

// second is where a code keeps the second of two code points.
const second = 21

// Convert is pg_do_encoding_conversion: src itself where nothing is to be
// converted. 22021 for what is not valid in from, 22P05 for what to does not
// have, 42883 where there is no conversion, 0A000 for those of MULE_INTERNAL.
func Convert(src []byte, from, to Encoding) ([]byte, error) {
	switch {
	case len(src) == 0 || from == to || to == SQLASCII:
		return src, nil
	case from == SQLASCII:
		_, err := to.Count(src)
		return src, err
	}
	c, err := Default(from, to)
	if err != nil {
		return nil, err
	}
	dst, n := c.Append(make([]byte, 0, len(src)+len(src)/8), src)
	if n < len(src) {
		return nil, c.Refused(src[n:])
	}
	return dst, nil
}

// Default finds the default conversion between two encodings: 42883, or 0A000
// for those of MULE_INTERNAL.
func Default(from, to Encoding) (*Conversion, error) {
	if !Convertible(from, to) {
		return nil, pgerr.New(pgerr.UndefinedFunction, "default conversion function for encoding \"%s\" to \"%s\" does not exist", from, to)
	}
	if from == MuleInternal || to == MuleInternal {
		return nil, pgerr.Unsupported("the conversion from encoding \"%s\" to \"%s\"", from, to)
	}
	return conversion(from, to), nil
}

// Convertible says whether pg_conversion has a default conversion.
func Convertible(from, to Encoding) bool {
	for _, c := range Catalog {
		if c.From == from && c.To == to {
			return true
		}
	}
	return false
}

// Append converts src as far as it can be, and says how much of it that was.
// Refused says why it stopped before the end.
func (c *Conversion) Append(dst, src []byte) (out []byte, n int) {
	for n < len(src) {
		ascii := asciiPrefix(src[n:])
		dst = append(dst, src[n:n+ascii]...)
		if n += ascii; n == len(src) {
			break
		}
		l := c.From.valid(src[n:])
		if l < 0 {
			break
		}
		code, size, ok := c.convert(src[n:], l)
		if !ok {
			break
		}
		dst = c.appendCode(dst, code)
		n += size
	}
	return dst, n
}

// asciiPrefix is how many bytes of s are ASCII, but zero.
func asciiPrefix(s []byte) int {
	for i, b := range s {
		if b == 0 || b >= utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}

// convert converts the character of l bytes at the start of s, or that and the
// next, if there is one code for both.
func (c *Conversion) convert(s []byte, l int) (code uint64, size int, ok bool) {
	from := c.From.code(s[:l])
	if c.From == UTF8 && c.table.pairs && l < len(s) && s[l] >= utf8.RuneSelf {
		if k := UTF8.valid(s[l:]); k > 0 {
			if to, ok := c.table.find(from | UTF8.code(s[l:l+k])<<second); ok {
				return to, l + k, true
			}
		}
	}
	if code, ok = c.table.find(from); !ok && c.algorithm != nil {
		code, ok = c.algorithm(from)
	}
	return code, l, ok
}

// code is a valid character as a number.
func (e Encoding) code(s []byte) uint64 {
	if e == UTF8 {
		r, _ := utf8.DecodeRune(s)
		return uint64(r)
	}
	n := uint64(0)
	for _, b := range s {
		n = n<<8 | uint64(b)
	}
	return n
}

func (c *Conversion) appendCode(dst []byte, code uint64) []byte {
	if c.To == UTF8 {
		dst = utf8.AppendRune(dst, rune(code&(1<<second-1)))
		if code >>= second; code != 0 {
			dst = utf8.AppendRune(dst, rune(code))
		}
		return dst
	}
	for shift := 24; shift > 0; shift -= 8 {
		if code>>shift != 0 {
			dst = append(dst, byte(code>>shift))
		}
	}
	return append(dst, byte(code))
}

// Refused is why the character at the start of s is not converted: 22021 if it
// is not valid, 22P05 if the other encoding does not have it.
func (c *Conversion) Refused(s []byte) error {
	between2004 := c.From == EUCJIS2004 && c.To == ShiftJIS2004 || c.From == ShiftJIS2004 && c.To == EUCJIS2004
	if c.From.valid(s) < 0 || between2004 { // euc2004_sjis2004.c knows one error only
		return c.From.Invalid(s)
	}
	return pgerr.New(pgerr.UntranslatableCharacter, "character with byte sequence %s in encoding \"%s\" has no equivalent in encoding \"%s\"",
		c.From.shown(s), c.From, c.To)
}
