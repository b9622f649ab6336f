package textsearch

import "github.com/s3db-sql/s3db-sql/pgerr"

// cleanStopWords removes the places of stop words and the operators that they
// leave without operand (cleanup_tsquery_stopwords).
func cleanStopWords(q *Query, notice func(*pgerr.Error)) *Query {
	stops := 0
	q.Root.walk(func(n *Node) {
		if n.Op == Stop {
			stops++
		}
	})
	if stops == 0 {
		return q
	}
	root, _ := q.Root.withoutStops()
	if root == nil {
		notice(pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
			"text-search query contains only stop words or doesn't contain lexemes, ignored"))
	}
	return &Query{root}
}

// gap is what the distances of the phrases around a node must grow by, because
// words inside it are gone. A node that is gone has the same on both sides, to
// be counted once.
type gap struct{ left, right int }

// withoutStops is clean_stopword_intree: the node without stop words, or nil.
// b <-> (the <-> c) becomes b <2> c.
func (n *Node) withoutStops() (*Node, gap) {
	switch n.Op {
	case Operand:
		return n, gap{}
	case Stop:
		return nil, gap{}
	case Not:
		right, g := n.Right.withoutStops()
		if right == nil {
			return nil, g
		}
		return &Node{Op: Not, Right: right}, g
	}
	left, lg := n.Left.withoutStops()
	right, rg := n.Right.withoutStops()
	switch {
	case left == nil && right == nil:
		return nil, n.goneGap(lg, rg)
	case left == nil && n.Op == Phrase:
		return right, gap{lg.left + n.Distance + rg.left, rg.right}
	case left == nil:
		return right, rg
	case right == nil && n.Op == Phrase:
		return left, gap{lg.left, lg.right + n.Distance + rg.right}
	case right == nil:
		return left, lg
	case n.Op == Phrase:
		return &Node{Op: Phrase, Distance: n.Distance + lg.right + rg.left, Left: left, Right: right}, gap{lg.left, rg.right}
	}
	return &Node{Op: n.Op, Left: left, Right: right}, gap{}
}

// goneGap is the width of an operator of which nothing is left.
func (n *Node) goneGap(left, right gap) gap {
	width := max(left.left, right.left)
	if n.Op == Phrase {
		width = left.left + n.Distance + right.left
	}
	return gap{width, width}
}

// WithoutNots is querytree: what of the query an index could search, "T" for
// all of it.
func (q *Query) WithoutNots() string {
	if q.Root == nil {
		return ""
	}
	root := q.Root.withoutNots()
	if root == nil {
		return "T"
	}
	return (&Query{root}).String()
}

// withoutNots is clean_NOT_intree.
func (n *Node) withoutNots() *Node {
	switch n.Op {
	case Operand:
		return n
	case Not:
		return nil
	}
	left, right := n.Left.withoutNots(), n.Right.withoutNots()
	switch {
	case n.Op == Or && (left == nil || right == nil):
		return nil
	case left == nil:
		return right
	case right == nil:
		return left
	}
	return &Node{Op: n.Op, Distance: n.Distance, Left: left, Right: right}
}
