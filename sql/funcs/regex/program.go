package regex

type instOp uint8

const (
	instChar instOp = iota
	instSplit
	instJump
	instAssert
	instLook
	instMatch
)

// inst is one instruction of the automaton: it goes on at x, or at x and y.
type inst struct {
	op   instOp
	set  charSet
	x, y int
	node *node
}

// program is the automaton of a node, without captures: where from a start a
// match may end. Back references stand for whatever their group could match;
// dissection checks what it did match, as in PostgreSQL.
type program struct {
	insts []inst
	// unconstrained: what is being added stands for a back reference, whose text
	// need not meet the constraints of its group.
	unconstrained bool
}

// maxInsts bounds the expansion of counted repetitions.
const maxInsts = 100_000

// programOf compiles a node once.
func (re *Regexp) programOf(n *node) *program {
	re.mu.Lock()
	defer re.mu.Unlock()
	if n.prog == nil {
		p := &program{}
		p.add(n)
		p.emit(inst{op: instMatch})
		n.prog = p
	}
	return n.prog
}

func (p *program) emit(i inst) int {
	if len(p.insts) >= maxInsts {
		panic(errTooBig)
	}
	i.x = len(p.insts) + 1
	p.insts = append(p.insts, i)
	return len(p.insts) - 1
}

func (p *program) add(n *node) {
	switch n.op {
	case opSet:
		p.emit(inst{op: instChar, set: n.set})
	case opFail:
		p.emit(inst{op: instChar})
	case opConcat:
		for _, s := range n.subs {
			p.add(s)
		}
	case opAlt:
		p.addAlt(n.subs)
	case opRepeat:
		p.addRepeat(n)
	case opCapture:
		p.add(n.subs[0])
	case opBackref:
		free := p.unconstrained
		p.unconstrained = true
		p.add(n.subs[0])
		p.unconstrained = free
	case opAssert:
		p.addConstraint(inst{op: instAssert, node: n})
	case opLook:
		p.addConstraint(inst{op: instLook, node: n})
	}
}

func (p *program) addConstraint(i inst) {
	if !p.unconstrained {
		p.emit(i)
	}
}

func (p *program) addAlt(subs []*node) {
	var ends []int
	for _, s := range subs[:len(subs)-1] {
		split := p.emit(inst{op: instSplit})
		p.add(s)
		ends = append(ends, p.emit(inst{op: instJump}))
		p.insts[split].y = len(p.insts)
	}
	p.add(subs[len(subs)-1])
	for _, e := range ends {
		p.insts[e].x = len(p.insts)
	}
}

func (p *program) addRepeat(n *node) {
	for range n.min {
		p.add(n.subs[0])
	}
	if n.max == unlimited {
		loop := p.emit(inst{op: instSplit})
		p.add(n.subs[0])
		back := p.emit(inst{op: instJump})
		p.insts[back].x = loop
		p.insts[loop].y = len(p.insts)
		return
	}
	var splits []int
	for range n.max - n.min {
		splits = append(splits, p.emit(inst{op: instSplit}))
		p.add(n.subs[0])
	}
	for _, s := range splits {
		p.insts[s].y = len(p.insts)
	}
}

// states is a set of instruction numbers.
type states struct {
	dense  []int
	sparse []int
}

func newStates(n int) *states { return &states{sparse: make([]int, n)} }

func (s *states) has(i int) bool {
	k := s.sparse[i]
	return k < len(s.dense) && s.dense[k] == i
}

func (s *states) put(i int) {
	s.sparse[i] = len(s.dense)
	s.dense = append(s.dense, i)
}

// run finds, in ascending order, where matches of p that start at start end.
func (m *matcher) run(p *program, start int) []int {
	cur, next := newStates(len(p.insts)), newStates(len(p.insts))
	var ends []int
	m.follow(p, cur, 0, start)
	for pos := start; ; pos++ {
		next.dense = next.dense[:0]
		for _, i := range cur.dense {
			in := &p.insts[i]
			switch {
			case in.op == instMatch:
				ends = append(ends, pos)
			case in.op == instChar && pos < len(m.text.runes) && in.set.has(m.text.runes[pos]):
				m.follow(p, next, in.x, pos+1)
			}
		}
		if len(next.dense) == 0 {
			return ends
		}
		cur, next = next, cur
	}
}

// follow adds the states that i reaches without reading a character.
func (m *matcher) follow(p *program, set *states, i, pos int) {
	for !set.has(i) {
		set.put(i)
		in := &p.insts[i]
		switch in.op {
		case instJump:
		case instSplit:
			m.follow(p, set, in.x, pos)
			i = in.y
			continue
		case instAssert:
			if !m.holds(in.node.assert, pos) {
				return
			}
		case instLook:
			if m.looks(in.node, pos) == in.node.negative {
				return
			}
		default:
			return
		}
		i = in.x
	}
}

func (m *matcher) holds(a assertion, pos int) bool {
	text := m.text.runes
	before, after := pos > 0 && m.re.isWord(text[pos-1]), pos < len(text) && m.re.isWord(text[pos])
	switch a {
	case textStart:
		return pos == 0
	case textEnd:
		return pos == len(text)
	case lineStart:
		return pos == 0 || text[pos-1] == '\n'
	case lineEnd:
		return pos == len(text) || text[pos] == '\n'
	case wordStart:
		return !before && after
	case wordEnd:
		return before && !after
	case wordEdge:
		return before != after
	}
	return before == after
}

// looks says whether the body of a lookaround matches at pos.
func (m *matcher) looks(n *node, pos int) bool {
	if !n.behind {
		return len(m.ends(n.subs[0], pos)) > 0
	}
	for from := pos; from >= 0; from-- {
		if m.spans(n.subs[0], from, pos) {
			return true
		}
	}
	return false
}
