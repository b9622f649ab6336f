package types

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ParseArray parses array_in's syntax for elements of a type. 22P02 with
// PostgreSQL's details, 2202E and 54000 for bounds, and what elem.In raises.
func ParseArray(env *Env, elem *Type, s string, typmod int32) (*Array, error) {
	p := arrayParser{text: s, rest: s, delim: elem.Delim}
	given, err := p.bounds()
	if err != nil {
		return nil, err
	}
	lens, err := p.contents(len(given) > 0)
	if err != nil {
		return nil, err
	}
	dims, err := p.match(given, lens)
	if err != nil {
		return nil, err
	}
	n, err := countElems(dims)
	if err != nil {
		return nil, err
	}
	if n != len(p.items) {
		return nil, p.fail("Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	if n == 0 {
		return &Array{Elem: elem}, nil
	}
	elems := make([]any, n)
	for i, item := range p.items {
		if item.null {
			continue
		}
		if elems[i], err = elem.In(env, item.text, typmod); err != nil {
			return nil, err
		}
	}
	return &Array{Elem: elem, Dims: dims, Elems: elems}, nil
}

// arrayParser is PostgreSQL 15's array parser (ArrayCount and ReadArrayStr of
// arrayfuncs.c) in one pass: a machine over characters whose state decides
// which may follow.
type arrayParser struct {
	text, rest string
	delim      byte
	state      arrayState
	items      []arrayItem

	item    []byte // the element being read
	solid   int    // its length without blanks at the end that may be cut
	escaped bool   // it had quotes or escapes, so it is not the word NULL

	nest  int
	ndim  int
	count [maxDims]int // elements or sub-arrays seen at each level
	elems [maxDims]int
	last  [maxDims]int // what a sub-array of each level must have; 0 is unknown
}

type arrayItem struct {
	text string
	null bool
}

// arrayState is a set so that a test for several states is one mask.
type arrayState uint16

const (
	noLevel arrayState = 1 << iota
	levelStarted
	elemStarted
	quotedStarted
	quotedCompleted
	elemDelimited
	levelCompleted
	levelDelimited

	mayStartElem = levelStarted | elemStarted | elemDelimited
	mayEndElem   = elemStarted | quotedCompleted | levelCompleted
)

func (p *arrayParser) fail(detail string, args ...any) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "malformed array literal: \"%s\"", p.text).WithDetail(detail, args...)
}

func (p *arrayParser) unexpected(c byte) error { return p.fail("Unexpected \"%c\" character.", c) }

// bounds parses the explicit dimensions before the braces, [l:u] or [u] each.
func (p *arrayParser) bounds() ([]Dim, error) {
	var dims []Dim
	for {
		p.rest = strings.TrimLeft(p.rest, spaces)
		if p.rest == "" || p.rest[0] != '[' {
			return dims, nil
		}
		if len(dims) == maxDims {
			return nil, tooManyDims(maxDims + 1)
		}
		p.rest = p.rest[1:]
		d, err := p.bound()
		if err != nil {
			return nil, err
		}
		dims = append(dims, d)
	}
}

func tooManyDims(n int) error {
	return pgerr.New(pgerr.ProgramLimitExceeded,
		"number of array dimensions (%d) exceeds the maximum allowed (%d)", n, maxDims)
}

func (p *arrayParser) bound() (Dim, error) {
	lower, upper := int32(1), p.number()
	if upper == "" {
		return Dim{}, p.fail("\"[\" must introduce explicitly-specified array dimensions.")
	}
	if strings.HasPrefix(p.rest, ":") {
		p.rest = p.rest[1:]
		lower = atoi(upper)
		if upper = p.number(); upper == "" {
			return Dim{}, p.fail("Missing array dimension value.")
		}
	}
	if !strings.HasPrefix(p.rest, "]") {
		return Dim{}, p.fail("Missing \"%s\" after array dimensions.", "]")
	}
	p.rest = p.rest[1:]
	if atoi(upper) < lower {
		return Dim{}, pgerr.New(pgerr.ArraySubscriptError, "upper bound cannot be less than lower bound")
	}
	return Dim{Len: atoi(upper) - lower + 1, Lower: lower}, nil
}

// number cuts digits and signs off the front.
func (p *arrayParser) number() string {
	rest := strings.TrimLeft(p.rest, "0123456789+-")
	n := p.rest[:len(p.rest)-len(rest)]
	p.rest = rest
	return n
}

// atoi is C's atoi for what number cuts: the valid front of s, wrapped to 32
// bits, as PostgreSQL's bounds are.
func atoi(s string) int32 {
	sign := 0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign = 1
	}
	digits, _ := splitDigits(s[sign:])
	v, _ := strconv.ParseInt(s[:sign]+digits, 10, 64)
	return int32(v)
}

// contents parses the braces and returns the length of each dimension; none
// for an empty array.
func (p *arrayParser) contents(afterBounds bool) ([]int, error) {
	if afterBounds {
		if !strings.HasPrefix(p.rest, "=") {
			return nil, p.fail("Missing \"%s\" after array dimensions.", "=")
		}
		p.rest = strings.TrimLeft(p.rest[1:], spaces)
	}
	if !strings.HasPrefix(p.rest, "{") {
		if afterBounds {
			return nil, p.fail("Array contents must start with \"{\".")
		}
		return nil, p.fail("Array value must start with \"{\" or dimension information.")
	}
	if err := p.braces(); err != nil {
		return nil, err
	}
	if strings.Trim(p.rest, spaces) != "" {
		return nil, p.fail("Junk after closing right brace.")
	}
	if len(p.items) == 0 {
		return nil, nil
	}
	return p.count[:p.ndim], nil
}

func (p *arrayParser) match(given []Dim, lens []int) ([]Dim, error) {
	if given == nil {
		for _, n := range lens {
			given = append(given, Dim{Len: int32(n), Lower: 1})
		}
		return given, nil
	}
	same := len(given) == len(lens)
	for i := 0; same && i < len(lens); i++ {
		same = int(given[i].Len) == lens[i]
	}
	if !same {
		return nil, p.fail("Specified array dimensions do not match array contents.")
	}
	return given, nil
}

// braces runs the machine up to the brace that closes the array.
func (p *arrayParser) braces() error {
	p.state = noLevel
	for i := range p.elems {
		p.elems[i] = 1
	}
	for p.rest != "" {
		c := p.rest[0]
		p.rest = p.rest[1:]
		var err error
		switch {
		case p.state == quotedStarted:
			err = p.inQuotes(c)
		case c == '"':
			err = p.openQuote()
		case c == '\\':
			err = p.escape(c)
		case c == '{':
			err = p.openLevel()
		case c == '}':
			err = p.closeLevel()
		case c == p.delim:
			err = p.delimiter()
		default:
			err = p.plain(c)
		}
		if err != nil {
			return err
		}
		if p.state == levelCompleted && p.nest == 0 {
			return nil
		}
	}
	return p.fail("Unexpected end of input.")
}

func (p *arrayParser) inQuotes(c byte) error {
	switch c {
	case '"':
		p.state = quotedCompleted
		p.solid = len(p.item)
	case '\\':
		return p.escape(c)
	default:
		p.item = append(p.item, c)
	}
	return nil
}

func (p *arrayParser) openQuote() error {
	if p.state&(levelStarted|elemDelimited) == 0 {
		return p.fail("Unexpected array element.")
	}
	p.state, p.escaped = quotedStarted, true
	return nil
}

// escape takes the character after a backslash as it is.
func (p *arrayParser) escape(c byte) error {
	if p.state&(mayStartElem|quotedStarted) == 0 {
		return p.unexpected(c)
	}
	if p.rest == "" {
		return p.fail("Unexpected end of input.")
	}
	if p.state != quotedStarted {
		p.state = elemStarted
	}
	p.item = append(p.item, p.rest[0])
	p.solid, p.escaped = len(p.item), true
	p.rest = p.rest[1:]
	return nil
}

// plain reads a character outside quotes; blanks around an element do not
// belong to it.
func (p *arrayParser) plain(c byte) error {
	if isSpace(c) {
		if p.state == elemStarted {
			p.item = append(p.item, c)
		}
		return nil
	}
	if p.state&mayStartElem == 0 {
		return p.fail("Unexpected array element.")
	}
	p.state = elemStarted
	p.item = append(p.item, c)
	p.solid = len(p.item)
	return nil
}

func (p *arrayParser) openLevel() error {
	if p.state&(noLevel|levelStarted|levelDelimited) == 0 {
		return p.unexpected('{')
	}
	p.state = levelStarted
	if p.nest >= maxDims {
		return tooManyDims(p.nest + 1)
	}
	p.count[p.nest] = 0
	p.nest++
	p.ndim = max(p.ndim, p.nest)
	return nil
}

func (p *arrayParser) closeLevel() error {
	empty := p.nest == 1 && p.state == levelStarted
	if p.state&mayEndElem == 0 && !empty {
		return p.unexpected('}')
	}
	if !empty {
		p.endItem()
	}
	p.state = levelCompleted
	p.nest--
	if p.last[p.nest] != 0 && p.elems[p.nest] != p.last[p.nest] {
		return p.fail("Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	p.count[p.nest] = p.elems[p.nest]
	p.last[p.nest], p.elems[p.nest] = p.elems[p.nest], 1
	return nil
}

func (p *arrayParser) delimiter() error {
	if p.state&mayEndElem == 0 {
		return p.unexpected(p.delim)
	}
	next := elemDelimited
	if p.state == levelCompleted {
		next = levelDelimited
	}
	p.endItem()
	p.state = next
	p.elems[p.nest-1]++
	return nil
}

// endItem keeps the element that was read, if any: after a sub-array there is
// none.
func (p *arrayParser) endItem() {
	if p.state&(elemStarted|quotedCompleted) == 0 {
		return
	}
	text := string(p.item[:p.solid])
	null := !p.escaped && strings.EqualFold(text, "null")
	p.items = append(p.items, arrayItem{text, null})
	p.item, p.solid, p.escaped = p.item[:0], 0, false
}
