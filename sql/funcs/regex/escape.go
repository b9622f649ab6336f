package regex

var charEscapes = map[rune]rune{
	'a': 7, 'b': '\b', 'B': '\\', 'e': 27, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
}

var constraintEscapes = map[rune]assertion{
	'A': textStart, 'm': wordStart, 'M': wordEnd, 'y': wordEdge, 'Y': notWordEdge, 'Z': textEnd,
}

var classEscapes = map[rune]string{'d': "digit", 's': "space", 'w': "word", 'D': "digit", 'S': "space", 'W': "word"}

// escape reads what follows a backslash (PostgreSQL documentation, "Regular
// Expression Escapes").
func (p *parser) escape() (n *node, constraint bool) {
	if !p.more() {
		panic(errEscape)
	}
	r := p.next()
	if p.has(Extended) || !isASCIILetter(r) && !(r >= '0' && r <= '9') {
		return p.char(r), false
	}
	if c, ok := charEscapes[r]; ok {
		return p.char(c), false
	}
	if a, ok := constraintEscapes[r]; ok {
		return assertNode(a), true
	}
	if name, ok := classEscapes[r]; ok {
		return p.class(name, r < 'a'), false
	}
	switch r {
	case 'c':
		if !p.more() {
			panic(errEscape)
		}
		return p.char(p.next() & 0x1f), false
	case 'u':
		return p.char(p.hex(4, 4)), false
	case 'U':
		return p.char(p.hex(8, 8)), false
	case 'x':
		return p.char(p.hex(1, 255)), false
	}
	if r >= '0' && r <= '9' {
		return p.digits(r), false
	}
	panic(errEscape)
}

func (p *parser) class(name string, negative bool) *node {
	set := classesOf(p.has(Unicode))[name]
	if negative {
		if set = set.negate(); p.has(NewlineStop) && name != "word" {
			set = set.without('\n')
		}
	}
	return &node{op: opSet, set: set, number: classEscape}
}

func hexValue(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r - '0'
	case r|0x20 >= 'a' && r|0x20 <= 'f':
		return r | 0x20 - 'a' + 10
	}
	return -1
}

func (p *parser) hex(least, most int) rune {
	v := rune(0)
	n := 0
	for ; n < most && hexValue(p.peek()) >= 0; n++ {
		if v = v<<4 | hexValue(p.next()); v > maxRune {
			panic(errEscape)
		}
	}
	if n < least {
		panic(errEscape)
	}
	return v
}

// digits reads a back reference, or an octal character.
func (p *parser) digits(first rune) *node {
	start := p.pos
	n := int(first - '0')
	if first != '0' {
		for p.digitAt(0) && n < 1000 {
			n = n*10 + int(p.next()-'0')
		}
		if p.pos == start || n <= p.captures {
			return p.backref(n)
		}
	}
	p.pos = start - 1
	v := rune(0)
	for k := 0; k < 3 && p.peek() >= '0' && p.peek() <= '7'; k++ {
		v = v<<3 | (p.next() - '0')
	}
	if p.pos == start-1 {
		panic(errEscape)
	}
	return p.char(v)
}

func (p *parser) backref(n int) *node {
	if p.looks > 0 || n > p.captures || !p.closed[n] {
		panic(errSubReg)
	}
	return &node{op: opBackref, number: n, subs: []*node{p.bodies[n]}, deep: true, paren: true}
}
