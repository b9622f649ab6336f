package textsearch

import (
	"cmp"
	"hash/crc32"
	"sort"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Op is an operator of a query. The numbers are those of the binary form.
type Op int8

// The operators. Operand is none: the node is a word. Stop is the place of a
// stop word, which Clean removes.
const (
	Stop    Op = -1
	Operand Op = 0
	Not     Op = 1
	And     Op = 2
	Or      Op = 3
	Phrase  Op = 4
)

// priority says which operator binds tighter (tsearch_op_priority).
var priority = [...]int{Not: 4, And: 2, Or: 1, Phrase: 3}

// Node is one item of a query. A Not has Right only.
type Node struct {
	Op          Op
	Distance    int // of a Phrase: lexemes from left to right
	Left, Right *Node

	Word    string
	Weights uint8 // of an operand: bit w allows Weight w; 0 allows all
	Prefix  bool  // of an operand: lexemes that begin with Word match
}

// Query is a tsquery; Root is nil in the empty one. Queries are not changed
// once made.
type Query struct{ Root *Node }

// walk visits the nodes below and at n in the order in which PostgreSQL stores
// them: an operator, its right operand, its left one.
func (n *Node) walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	n.Right.walk(visit)
	n.Left.walk(visit)
}

// Operands are the words of the query, in stored order.
func (q *Query) Operands() []*Node {
	var out []*Node
	q.Root.walk(func(n *Node) {
		if n.Op == Operand {
			out = append(out, n)
		}
	})
	return out
}

// NumNodes is the number of operators and operands.
func (q *Query) NumNodes() int {
	count := 0
	q.Root.walk(func(*Node) { count++ })
	return count
}

// Size is the bytes that PostgreSQL would store, which its order looks at.
func (q *Query) Size() int {
	size := 8
	q.Root.walk(func(n *Node) {
		if size += 12; n.Op == Operand {
			size += len(n.Word) + 1
		}
	})
	return size
}

// Join is a && b, a || b or, at a distance, a <-> b; an empty operand gives the
// other one.
func Join(op Op, a, b *Query, distance int) *Query {
	switch {
	case a.Root == nil:
		return b
	case b.Root == nil:
		return a
	}
	return &Query{&Node{Op: op, Distance: distance, Left: a.Root, Right: b.Root}}
}

// PhraseAt is tsquery_phrase with a distance. 22023.
func PhraseAt(a, b *Query, distance int) (*Query, error) {
	if distance < 0 || distance > MaxPosition {
		return nil, badDistance()
	}
	return Join(Phrase, a, b, distance), nil
}

func badDistance() error {
	return pgerr.New(pgerr.InvalidParameterValue,
		"distance in phrase operator must be an integer value between zero and %d inclusive", MaxPosition)
}

// Negate is !! q.
func Negate(q *Query) *Query {
	if q.Root == nil {
		return q
	}
	return &Query{&Node{Op: Not, Right: q.Root}}
}

// CompareQueries is the order of tsquery's btree operator class (CompareTSQ).
// Weights and prefix marks do not count.
func CompareQueries(a, b *Query) int {
	if c := cmp.Compare(a.NumNodes(), b.NumNodes()); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Size(), b.Size()); c != 0 {
		return c
	}
	if a.Root == nil {
		return 0
	}
	return compareTrees(treeOf(a.Root), treeOf(b.Root))
}

// Contains is query @> other: the words of other are among those of query.
func (q *Query) Contains(other *Query) bool {
	have := map[string]bool{}
	for _, n := range q.Operands() {
		have[n.Word] = true
	}
	for _, n := range other.Operands() {
		if !have[n.Word] {
			return false
		}
	}
	return true
}

// distinctOperands are the words of the query, each once, in order
// (SortAndUniqItems).
func (q *Query) distinctOperands() []*Node {
	ops := q.Operands()
	sort.SliceStable(ops, func(i, j int) bool { return ops[i].Word < ops[j].Word })
	out := ops[:0]
	for _, n := range ops {
		if len(out) == 0 || strings.Compare(out[len(out)-1].Word, n.Word) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// wordCRC is the checksum by which queries order their words: PostgreSQL's old
// CRC-32, which shifts the wrong way through the reflected table (COMP_LEGACY_CRC32).
func wordCRC(word string) int32 {
	crc := ^uint32(0)
	for i := range len(word) {
		crc = crc32.IEEETable[byte(crc>>24)^word[i]] ^ crc<<8
	}
	return int32(^crc)
}
