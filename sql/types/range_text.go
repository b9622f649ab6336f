package types

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Flags of the binary form (rangetypes.h).
const (
	rangeEmpty = 1 << iota
	rangeLowerInc
	rangeUpperInc
	rangeLowerInf
	rangeUpperInf
)

const emptyLiteral = "empty"

func (r *Range) flags() byte {
	if r.Empty {
		return rangeEmpty
	}
	var f byte
	for bit, set := range map[byte]bool{
		rangeLowerInc: r.Lower.Inclusive, rangeUpperInc: r.Upper.Inclusive,
		rangeLowerInf: r.Lower.Infinite, rangeUpperInf: r.Upper.Infinite,
	} {
		if set {
			f |= bit
		}
	}
	return f
}

func malformedRange(s, detail string) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "malformed range literal: \"%s\"", s).WithDetail("%s", detail)
}

// parse is range_in: [a,b), "empty", bounds quoted as fields of records are;
// 22P02, and what the subtype's input raises.
func (def *RangeDef) parse(env *Env, s string, typmod int32) (*Range, error) {
	text := strings.TrimLeft(s, spaces)
	if len(text) >= len(emptyLiteral) && strings.EqualFold(text[:len(emptyLiteral)], emptyLiteral) {
		if strings.Trim(text[len(emptyLiteral):], spaces) != "" {
			return nil, malformedRange(s, "Junk after \"empty\" key word.")
		}
		return def.EmptyRange(), nil
	}
	lit, err := splitRange(s, text)
	if err != nil {
		return nil, err
	}
	for _, b := range []*RangeBound{&lit.lower, &lit.upper} {
		if b.Infinite {
			continue
		}
		if b.Val, err = def.Subtype.In(env, b.Val.(string), typmod); err != nil {
			return nil, err
		}
	}
	return NewRange(def, lit.lower, lit.upper)
}

// rangeLiteral is a range whose bounds are still text.
type rangeLiteral struct{ lower, upper RangeBound }

// splitRange is range_parse.
func splitRange(s, text string) (lit rangeLiteral, err error) {
	if text == "" || text[0] != '[' && text[0] != '(' {
		return lit, malformedRange(s, "Missing left parenthesis or bracket.")
	}
	lit.lower.Inclusive = text[0] == '['
	rest := text[1:]
	if lit.lower, rest, err = cutBound(s, rest, lit.lower); err != nil {
		return lit, err
	}
	if rest[0] != ',' {
		return lit, malformedRange(s, "Missing comma after lower bound.")
	}
	if lit.upper, rest, err = cutBound(s, rest[1:], lit.upper); err != nil {
		return lit, err
	}
	switch {
	case rest[0] == ',':
		return lit, malformedRange(s, "Too many commas.")
	case strings.Trim(rest[1:], spaces) != "":
		return lit, malformedRange(s, "Junk after right parenthesis or bracket.")
	}
	lit.upper.Inclusive = rest[0] == ']'
	return lit, nil
}

func cutBound(s, rest string, b RangeBound) (RangeBound, string, error) {
	text, infinite, rest, ok := cutField(rest, ",)]")
	if !ok {
		return b, "", malformedRange(s, "Unexpected end of input.")
	}
	if b.Infinite = infinite; !infinite {
		b.Val = text
	}
	return b, rest, nil
}

// AppendText appends range_out's form.
func (r *Range) AppendText(env *Env, dst []byte) []byte {
	if r.Empty {
		return append(dst, emptyLiteral...)
	}
	open, end := byte('('), byte(')')
	if r.Lower.Inclusive {
		open = '['
	}
	if r.Upper.Inclusive {
		end = ']'
	}
	dst = r.appendBound(env, append(dst, open), r.Lower)
	dst = r.appendBound(env, append(dst, ','), r.Upper)
	return append(dst, end)
}

func (r *Range) appendBound(env *Env, dst []byte, b RangeBound) []byte {
	if b.Infinite {
		return dst
	}
	start := len(dst)
	dst = r.Def.Subtype.Out(env, dst, b.Val)
	if text := string(dst[start:]); needsRangeQuotes(text) {
		return appendRecordQuoted(dst[:start], text)
	}
	return dst
}

func needsRangeQuotes(text string) bool {
	return text == "" || strings.ContainsAny(text, `"\()[],`+spaces)
}

// AppendBinary appends range_send's form: flags, and each finite bound with its
// length.
func (r *Range) AppendBinary(env *Env, dst []byte) []byte {
	dst = append(dst, r.flags())
	for _, b := range []RangeBound{r.Lower, r.Upper} {
		if !r.Empty && !b.Infinite {
			dst = appendSized(env, dst, r.Def.Subtype, b.Val)
		}
	}
	return dst
}

// recv is range_recv.
func (def *RangeDef) recv(env *Env, b []byte, typmod int32) (*Range, error) {
	r := binaryReader{rest: b}
	f := r.bytes(1)
	if r.short {
		return nil, badBinary(def.Range.Name)
	}
	flags := f[0]
	lower := RangeBound{Infinite: flags&rangeLowerInf != 0, Inclusive: flags&rangeLowerInc != 0}
	upper := RangeBound{Infinite: flags&rangeUpperInf != 0, Inclusive: flags&rangeUpperInc != 0}
	for _, bound := range []*RangeBound{&lower, &upper} {
		if flags&rangeEmpty != 0 || bound.Infinite {
			continue
		}
		var err error
		if bound.Val, err = r.value(env, def.Subtype, typmod); err != nil {
			return nil, err
		}
		if bound.Val == nil {
			return nil, badBinary(def.Range.Name)
		}
	}
	if r.short || len(r.rest) > 0 {
		return nil, badBinary(def.Range.Name)
	}
	if flags&rangeEmpty != 0 {
		return def.EmptyRange(), nil
	}
	return NewRange(def, lower, upper)
}
