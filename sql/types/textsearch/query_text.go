package textsearch

import (
	"encoding/binary"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// AppendText appends tsqueryout's form: 'a' & !( 'b':*A | 'c' ).
func (q *Query) AppendText(dst []byte) []byte {
	if q.Root == nil {
		return dst
	}
	return q.Root.infix(dst, -1, false)
}

// String is the text form.
func (q *Query) String() string { return string(q.AppendText(nil)) }

// infix writes n in parentheses if it binds less than its parent, or is a
// phrase on the right of one.
func (n *Node) infix(dst []byte, parent int, rightOfPhrase bool) []byte {
	if n.Op == Operand {
		return n.appendOperand(dst)
	}
	prio := priority[n.Op]
	inner := prio < parent || n.Op == Phrase && rightOfPhrase
	if inner {
		dst = append(dst, "( "...)
	}
	if n.Op == Not {
		dst = n.Right.infix(append(dst, '!'), prio, false)
	} else {
		dst = n.Left.infix(dst, prio, false)
		dst = n.appendOperator(dst)
		dst = n.Right.infix(dst, prio, n.Op == Phrase)
	}
	if inner {
		dst = append(dst, " )"...)
	}
	return dst
}

func (n *Node) appendOperator(dst []byte) []byte {
	switch {
	case n.Op == And:
		return append(dst, " & "...)
	case n.Op == Or:
		return append(dst, " | "...)
	case n.Distance == 1:
		return append(dst, " <-> "...)
	}
	dst = strconv.AppendInt(append(dst, " <"...), int64(n.Distance), 10)
	return append(dst, "> "...)
}

func (n *Node) appendOperand(dst []byte) []byte {
	dst = appendWord(dst, n.Word)
	if n.Weights == 0 && !n.Prefix {
		return dst
	}
	dst = append(dst, ':')
	if n.Prefix {
		dst = append(dst, '*')
	}
	for w := int(WeightA); w >= int(WeightD); w-- {
		if n.Weights&(1<<w) != 0 {
			dst = append(dst, Weight(w).Letter())
		}
	}
	return dst
}

// Kinds of node in the binary form.
const (
	wireOperand  = 1
	wireOperator = 2
)

// AppendBinary appends tsquerysend's form: the number of nodes, and these in
// stored order.
func (q *Query) AppendBinary(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(q.NumNodes()))
	q.Root.walk(func(n *Node) {
		if n.Op == Operand {
			prefix := byte(0)
			if n.Prefix {
				prefix = 1
			}
			dst = append(append(append(dst, wireOperand, n.Weights, prefix), n.Word...), 0)
			return
		}
		if dst = append(dst, wireOperator, byte(n.Op)); n.Op == Phrase {
			dst = binary.BigEndian.AppendUint16(dst, uint16(n.Distance))
		}
	})
	return dst
}

// QueryFromBinary is tsqueryrecv. 08P01 for bytes that end early or late, XX000
// for what is no tsquery.
func QueryFromBinary(b []byte) (*Query, error) {
	r := reader{rest: b}
	size := int(r.uint32())
	if size > len(b) {
		return nil, pgerr.Internal("invalid size of tsquery")
	}
	q := &Query{}
	if size > 0 {
		root, err := r.node(&size)
		if err != nil {
			return nil, err
		}
		if q.Root = root; size != 0 {
			return nil, pgerr.Internal("malformed tsquery: extra nodes")
		}
	}
	return q, r.end()
}

// node reads a node and those below it; left counts the nodes that remain.
func (r *reader) node(left *int) (*Node, error) {
	if *left--; *left < 0 {
		return nil, pgerr.Internal("malformed tsquery: operand not found")
	}
	switch kind := r.uint8(); kind {
	case wireOperand:
		return r.operand()
	case wireOperator:
		return r.operator(left)
	default:
		if r.err != nil {
			return nil, r.err
		}
		return nil, pgerr.Internal("unrecognized tsquery node type: %d", kind)
	}
}

func (r *reader) operand() (*Node, error) {
	n := &Node{Weights: r.uint8(), Prefix: r.uint8() != 0, Word: r.cstring()}
	switch {
	case r.err != nil:
		return nil, r.err
	case n.Weights > 0xf:
		return nil, pgerr.Internal("invalid tsquery: invalid weight bitmap")
	case len(n.Word) > maxWord:
		return nil, pgerr.Internal("invalid tsquery: operand too long")
	}
	return n, nil
}

func (r *reader) operator(left *int) (n *Node, err error) {
	n = &Node{Op: Op(r.uint8())}
	if n.Op < Not || n.Op > Phrase {
		return nil, pgerr.Internal("invalid tsquery: unrecognized operator type %d", n.Op)
	}
	if n.Op == Phrase {
		n.Distance = int(r.uint16())
	}
	if n.Right, err = r.node(left); err != nil || n.Op == Not {
		return n, err
	}
	n.Left, err = r.node(left)
	return n, err
}
