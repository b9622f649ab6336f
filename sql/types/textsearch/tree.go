package textsearch

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// tree is a query in the form in which queries are compared and rewritten: a
// chain of the same & or | is one node with many children, in order
// (tsquery_util.c's QTNode).
type tree struct {
	op       Op
	distance int
	children []*tree // as stored: the right operand first
	operand  *Node
	crc      int32
	sign     uint32 // a bit per word below, to tell quickly what is not there
	done     bool   // just put in: not to be searched
}

// treeOf is QT2QTN.
func treeOf(n *Node) *tree {
	if n.Op == Operand {
		crc := wordCRC(n.Word)
		return &tree{operand: n, crc: crc, sign: 1 << (uint32(crc) % 32)}
	}
	t := &tree{op: n.Op, distance: n.Distance, children: []*tree{treeOf(n.Right)}}
	if n.Op != Not {
		t.children = append(t.children, treeOf(n.Left))
	}
	for _, c := range t.children {
		t.sign |= c.sign
	}
	return t
}

// compareTrees is QTNodeCompare: operators before words, then greater ones
// first.
func compareTrees(a, b *tree) int {
	switch {
	case a.op != b.op:
		return cmp.Compare(b.op, a.op)
	case a.op == Operand:
		return compareOperands(a, b)
	case len(a.children) != len(b.children):
		return cmp.Compare(len(b.children), len(a.children))
	}
	for i, c := range a.children {
		if d := compareTrees(c, b.children[i]); d != 0 {
			return d
		}
	}
	return cmp.Compare(b.distance, a.distance)
}

func compareOperands(a, b *tree) int {
	if a.crc != b.crc {
		return cmp.Compare(b.crc, a.crc)
	}
	if c := cmp.Compare(len(b.operand.Word), len(a.operand.Word)); c != 0 {
		return c
	}
	return strings.Compare(a.operand.Word, b.operand.Word)
}

// flatten joins chains of & and of | (QTNTernary).
func (t *tree) flatten() {
	var out []*tree
	for _, c := range t.children {
		if c.flatten(); c.op == t.op && (t.op == And || t.op == Or) {
			out = append(out, c.children...)
		} else {
			out = append(out, c)
		}
	}
	t.children = out
}

// sort orders the children of all but phrases (QTNSort).
func (t *tree) sort() {
	for _, c := range t.children {
		c.sort()
	}
	if t.op != Phrase {
		sort.SliceStable(t.children, func(i, j int) bool { return compareTrees(t.children[i], t.children[j]) < 0 })
	}
}

// node makes a query of two-armed operators again (QTNBinary): the first two
// children are joined, and then joined with the last, the last but one …
func (t *tree) node() *Node {
	if t.op == Operand {
		return t.operand
	}
	if t.op == Not {
		return &Node{Op: Not, Right: t.children[0].node()}
	}
	first, rest := t.children[0].node(), t.children[1:]
	if len(rest) > 1 {
		first = &Node{Op: t.op, Right: first, Left: rest[0].node()}
		for rest = rest[1:]; len(rest) > 1; rest = rest[:len(rest)-1] {
			first = &Node{Op: t.op, Right: first, Left: rest[len(rest)-1].node()}
		}
	}
	return &Node{Op: t.op, Distance: t.distance, Right: first, Left: rest[0].node()}
}

// Rewrite puts sub in the place of target wherever it occurs in q, as a whole
// or among the operands of a chain; an empty sub removes it (tsquery_rewrite).
func Rewrite(q, target, sub *Query) *Query {
	if q.Root == nil || target.Root == nil {
		return q
	}
	t := orderedTree(q.Root).replace(orderedTree(target.Root), sub.Root)
	if t == nil {
		return &Query{}
	}
	return &Query{t.node()}
}

// RewriteAll rewrites by each pair of target and sub, one after the other, and
// orders the chains of what comes out (tsquery_rewrite_query).
func RewriteAll(q *Query, pairs [][2]*Query) *Query {
	if q.Root == nil {
		return q
	}
	t := orderedTree(q.Root)
	for _, p := range pairs {
		if p[0].Root == nil {
			continue
		}
		if t = t.replace(orderedTree(p[0].Root), p[1].Root); t == nil {
			return &Query{}
		}
		t = orderedTree(t.node())
	}
	return &Query{t.node()}
}

// orderedTree is treeOf in the form in which equal queries are equal.
func orderedTree(n *Node) *tree {
	t := treeOf(n)
	t.flatten()
	t.sort()
	return t
}

// replace is dofindsubquery: it returns the changed tree, or nil if nothing is
// left.
func (t *tree) replace(ex *tree, sub *Node) *tree {
	if t = t.replaceHere(ex, sub); t == nil || t.done || t.op == Operand {
		return t
	}
	var kept []*tree
	for _, c := range t.children {
		if c = c.replace(ex, sub); c != nil {
			kept = append(kept, c)
		}
	}
	t.children = kept
	switch {
	case len(kept) == 0:
		return nil
	case len(kept) == 1 && t.op != Not:
		return kept[0]
	}
	return t
}

// replaceHere is findeq.
func (t *tree) replaceHere(ex *tree, sub *Node) *tree {
	if t.sign&ex.sign != ex.sign || t.op != ex.op || t.done {
		return t
	}
	if len(t.children) == len(ex.children) {
		if t.sign == ex.sign && compareTrees(t, ex) == 0 {
			return substitute(sub)
		}
		return t
	}
	if rest, ok := without(t.children, ex.children); ok {
		if s := substitute(sub); s != nil {
			rest = append(rest, s)
		}
		t.children = rest
		t.sort()
	}
	return t
}

func substitute(sub *Node) *tree {
	if sub == nil {
		return nil
	}
	t := treeOf(sub)
	t.done = true
	return t
}

// without removes wanted from children, both in order; ok is false unless all
// of them are there.
func without(children, wanted []*tree) (rest []*tree, ok bool) {
	if len(wanted) == 0 || len(wanted) > len(children) {
		return nil, false
	}
	for i, c := range children {
		if len(wanted) == 0 {
			return append(rest, children[i:]...), true
		}
		switch d := compareTrees(c, wanted[0]); {
		case d > 0:
			return nil, false
		case d == 0:
			wanted = wanted[1:]
		default:
			rest = append(rest, c)
		}
	}
	return slices.Clip(rest), len(wanted) == 0
}
