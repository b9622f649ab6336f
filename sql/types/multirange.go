package types

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Multirange is a value of a multirange type: ranges in order, none empty, none
// touching the next.
type Multirange struct {
	Def    *RangeDef
	Ranges []*Range
}

// NewMultirange is make_multirange: it sorts the ranges, joins those that touch
// and drops empty ones. It keeps no reference to ranges.
func NewMultirange(def *RangeDef, ranges []*Range) (*Multirange, error) {
	sorted := slices.DeleteFunc(slices.Clone(ranges), func(r *Range) bool { return r.Empty })
	slices.SortStableFunc(sorted, (*Range).Compare)
	m := &Multirange{Def: def}
	for _, r := range sorted {
		last := len(m.Ranges) - 1
		if last < 0 || m.Ranges[last].Before(r) && !m.Ranges[last].Adjacent(r) {
			m.Ranges = append(m.Ranges, r)
			continue
		}
		var err error
		if m.Ranges[last], err = m.Ranges[last].Merge(r); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Span is the smallest range that has all of m.
func (m *Multirange) Span() (*Range, error) {
	if len(m.Ranges) == 0 {
		return m.Def.EmptyRange(), nil
	}
	return NewRange(m.Def, m.Ranges[0].Lower, m.Ranges[len(m.Ranges)-1].Upper)
}

// Ends are m's first and last ranges, empty ones if it has none: what the
// operators that compare positions look at.
func (m *Multirange) Ends() (first, last *Range) {
	if len(m.Ranges) == 0 {
		return m.Def.EmptyRange(), m.Def.EmptyRange()
	}
	return m.Ranges[0], m.Ranges[len(m.Ranges)-1]
}

// Compare is multirange_cmp.
func (m *Multirange) Compare(o *Multirange) int {
	return slices.CompareFunc(m.Ranges, o.Ranges, (*Range).Compare)
}

// Hash agrees with Compare.
func (m *Multirange) Hash() uint64 {
	h := hashUint64(uint64(len(m.Ranges)))
	for _, r := range m.Ranges {
		h = hashCombine(h, r.Hash())
	}
	return h
}

// ContainsElem says whether v is in one of the ranges.
func (m *Multirange) ContainsElem(v any) bool {
	return slices.ContainsFunc(m.Ranges, func(r *Range) bool { return r.ContainsElem(v) })
}

// ContainsRange says whether o is in one of the ranges; an empty one is in
// every multirange.
func (m *Multirange) ContainsRange(o *Range) bool {
	return o.Empty || slices.ContainsFunc(m.Ranges, func(r *Range) bool { return r.Contains(o) })
}

// Contains says whether each range of o is in one of m's.
func (m *Multirange) Contains(o *Multirange) bool {
	return !slices.ContainsFunc(o.Ranges, func(r *Range) bool { return !m.ContainsRange(r) })
}

// OverlapsRange says whether a range of m overlaps r.
func (m *Multirange) OverlapsRange(r *Range) bool { return slices.ContainsFunc(m.Ranges, r.Overlaps) }

// Overlaps says whether a range of m overlaps one of o.
func (m *Multirange) Overlaps(o *Multirange) bool {
	return slices.ContainsFunc(o.Ranges, m.OverlapsRange)
}

// Union is multirange_union.
func (m *Multirange) Union(o *Multirange) (*Multirange, error) {
	return NewMultirange(m.Def, slices.Concat(m.Ranges, o.Ranges))
}

// Minus is multirange_minus.
func (m *Multirange) Minus(o *Multirange) (*Multirange, error) {
	var out []*Range
	for _, r := range m.Ranges {
		for _, hole := range o.Ranges {
			left, right, err := r.cut(hole)
			if err != nil {
				return nil, err
			}
			if out, r = append(out, left), right; r.Empty {
				break
			}
		}
		out = append(out, r)
	}
	return NewMultirange(m.Def, out)
}

// Intersect is multirange_intersect.
func (m *Multirange) Intersect(o *Multirange) (*Multirange, error) {
	var out []*Range
	for i, j := 0, 0; i < len(m.Ranges) && j < len(o.Ranges); {
		a, b := m.Ranges[i], o.Ranges[j]
		both, err := a.Intersect(b)
		if err != nil {
			return nil, err
		}
		out = append(out, both)
		if a.OverLeft(b) {
			i++
		} else {
			j++
		}
	}
	return NewMultirange(m.Def, out)
}

// AppendText appends multirange_out's form: {[1,2),[4,5)}.
func (m *Multirange) AppendText(env *Env, dst []byte) []byte {
	dst = append(dst, '{')
	for i, r := range m.Ranges {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = r.AppendText(env, dst)
	}
	return append(dst, '}')
}

func malformedMultirange(s, detail string) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "malformed multirange literal: \"%s\"", s).WithDetail("%s", detail)
}

// parseMultirange is multirange_in; 22P02, and what the ranges' input raises.
func (def *RangeDef) parseMultirange(env *Env, s string, typmod int32) (*Multirange, error) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(s, spaces), "{")
	if !ok {
		return nil, malformedMultirange(s, "Missing left brace.")
	}
	var ranges []*Range
	for first := true; ; first = false {
		rest = strings.TrimLeft(rest, spaces)
		if first && strings.HasPrefix(rest, "}") {
			break
		}
		text, after, err := cutRange(s, rest)
		if err != nil {
			return nil, err
		}
		r, err := def.parse(env, text, typmod)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, r)
		if rest = strings.TrimLeft(after, spaces); strings.HasPrefix(rest, ",") {
			rest = rest[1:]
			continue
		}
		if strings.HasPrefix(rest, "}") {
			break
		}
		return nil, malformedMultirange(s, atEnd(rest, "Expected comma or end of multirange."))
	}
	if strings.Trim(rest[1:], spaces) != "" {
		return nil, malformedMultirange(s, "Junk after closing right brace.")
	}
	return NewMultirange(def, ranges)
}

// atEnd is the detail for text that is not as expected, or that has ended.
func atEnd(rest, detail string) string {
	if rest == "" {
		return "Unexpected end of input."
	}
	return detail
}

// cutRange cuts the text of one range, of which only quotes, backslashes and the
// closing character are looked at.
func cutRange(s, text string) (r, rest string, err error) {
	if len(text) >= len(emptyLiteral) && strings.EqualFold(text[:len(emptyLiteral)], emptyLiteral) {
		return text[:len(emptyLiteral)], text[len(emptyLiteral):], nil
	}
	if text == "" || text[0] != '[' && text[0] != '(' {
		return "", "", malformedMultirange(s, atEnd(text, "Expected range start."))
	}
	quoted := false
	for i := 1; i < len(text); i++ {
		switch ch := text[i]; {
		case ch == '\\':
			i++
		case ch == '"':
			quoted = !quoted // a doubled quote closes and opens
		case !quoted && (ch == ']' || ch == ')'):
			return text[:i+1], text[i+1:], nil
		}
	}
	return "", "", malformedMultirange(s, "Unexpected end of input.")
}

// AppendBinary appends multirange_send's form: the number of ranges, and each
// with its length.
func (m *Multirange) AppendBinary(env *Env, dst []byte) []byte {
	dst = appendBE(dst, uint64(len(m.Ranges)), 4)
	for _, r := range m.Ranges {
		dst = appendSized(env, dst, m.Def.Range, r)
	}
	return dst
}

// recvMultirange is multirange_recv.
func (def *RangeDef) recvMultirange(env *Env, b []byte, typmod int32) (*Multirange, error) {
	r := binaryReader{rest: b}
	n := int(int32(r.uint32()))
	if r.short || n < 0 || n > len(r.rest)/4 {
		return nil, badBinary(def.Multirange.Name)
	}
	ranges := make([]*Range, n)
	for i := range ranges {
		v, err := r.value(env, def.Range, typmod)
		if err != nil {
			return nil, err
		}
		if ranges[i], _ = v.(*Range); ranges[i] == nil {
			return nil, badBinary(def.Multirange.Name)
		}
	}
	if r.short || len(r.rest) > 0 {
		return nil, badBinary(def.Multirange.Name)
	}
	return NewMultirange(def, ranges)
}
