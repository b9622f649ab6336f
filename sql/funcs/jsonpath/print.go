package jsonpath

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// quote writes s as a JSON string.
func quote(b *strings.Builder, s string) { b.Write(types.AppendJSONString(nil, s)) }

// print is printJsonPathItem: the chain that n begins. inKey says that something
// stands before it, brackets that an operator needs parentheses around it.
func (n *Node) print(b *strings.Builder, inKey, brackets bool) {
	switch {
	case n.op == opNumeric && n.next != nil:
		b.WriteString("(" + n.num.String() + ")")
	case n.isOperator() && brackets:
		b.WriteByte('(')
		n.printOperator(b)
		b.WriteByte(')')
	case n.isOperator():
		n.printOperator(b)
	case n.op >= opType:
		n.printMethod(b)
	default:
		n.printAccessor(b, inKey)
	}
	if n.next != nil {
		n.next.print(b, true, true)
	}
}

// isOperator says that the operation is written with its operands around it.
func (n *Node) isOperator() bool {
	switch n.op {
	case opNot, opIsUnknown, opExists:
		return false
	}
	return n.op >= opAnd && n.op <= opMinus
}

func (n *Node) printOperand(b *strings.Builder, o *Node) {
	o.print(b, false, o.op.priority() <= n.op.priority())
}

func (n *Node) printOperator(b *strings.Builder) {
	switch n.op {
	case opPlus, opMinus:
		b.WriteString(opNames[n.op])
		n.printOperand(b, n.left)
	case opLikeRegex:
		n.printOperand(b, n.left)
		b.WriteString(" like_regex ")
		quote(b, n.str)
		n.flags.print(b)
	default:
		n.printOperand(b, n.left)
		b.WriteString(" " + opNames[n.op] + " ")
		n.printOperand(b, n.right)
	}
}

func (f regexFlags) print(b *strings.Builder) {
	letters := ""
	for _, flag := range []struct {
		set    bool
		letter string
	}{{f.icase, "i"}, {f.dotall, "s"}, {f.mline, "m"}, {f.wspace, "x"}, {f.quote, "q"}} {
		if flag.set {
			letters += flag.letter
		}
	}
	if letters != "" {
		b.WriteString(` flag "` + letters + `"`)
	}
}

func (n *Node) printMethod(b *strings.Builder) {
	b.WriteString("." + opNames[n.op] + "(")
	if n.left != nil {
		n.left.print(b, false, false)
	}
	b.WriteByte(')')
}

// wrap writes the operand between two texts.
func (n *Node) wrap(b *strings.Builder, before, after string) {
	b.WriteString(before)
	n.left.print(b, false, false)
	b.WriteString(after)
}

func (n *Node) printAccessor(b *strings.Builder, inKey bool) {
	if inKey && (n.op == opKey || n.op == opAnyKey || n.op == opAny) {
		b.WriteByte('.')
	}
	switch n.op {
	case opNull:
		b.WriteString("null")
	case opBool:
		b.WriteString(strconv.FormatBool(n.bool))
	case opNumeric:
		b.WriteString(n.num.String())
	case opString, opKey:
		quote(b, n.str)
	case opVariable:
		b.WriteByte('$')
		quote(b, n.str)
	case opRoot:
		b.WriteByte('$')
	case opCurrent:
		b.WriteByte('@')
	case opLast:
		b.WriteString("last")
	case opAnyKey:
		b.WriteByte('*')
	case opAnyArray:
		b.WriteString("[*]")
	case opAny:
		n.printAny(b)
	case opIndexArray:
		n.printSubscripts(b)
	case opFilter:
		n.wrap(b, "?(", ")")
	case opNot:
		n.wrap(b, "!(", ")")
	case opIsUnknown:
		n.wrap(b, "(", ") is unknown")
	case opExists:
		n.wrap(b, "exists (", ")")
	}
}

func (n *Node) printSubscripts(b *strings.Builder) {
	b.WriteByte('[')
	for i, s := range n.subscripts {
		if i > 0 {
			b.WriteByte(',')
		}
		s.from.print(b, false, false)
		if s.to != nil {
			b.WriteString(" to ")
			s.to.print(b, false, false)
		}
	}
	b.WriteByte(']')
}

func (n *Node) printAny(b *strings.Builder) {
	level := func(l uint32) string {
		if l == lastLevel {
			return "last"
		}
		return strconv.FormatUint(uint64(l), 10)
	}
	b.WriteString("**")
	switch {
	case n.first == 0 && n.last == lastLevel:
	case n.first == n.last:
		b.WriteString("{" + level(n.first) + "}")
	default:
		b.WriteString("{" + level(n.first) + " to " + level(n.last) + "}")
	}
}
