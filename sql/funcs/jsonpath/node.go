package jsonpath

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/funcs/regex"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Path is a jsonpath value. It is not changed once made.
type Path struct {
	// Strict: structural errors count; else (lax) they are mended or ignored.
	Strict bool
	root   *Node
}

// op is what a Node does (JsonPathItemType).
type op uint8

const (
	opNull op = iota
	opString
	opNumeric
	opBool
	opVariable
	opRoot
	opCurrent
	opLast
	opKey
	opAnyKey
	opAnyArray
	opIndexArray
	opAny
	opFilter

	opAnd
	opOr
	opNot
	opIsUnknown
	opExists
	opStartsWith
	opLikeRegex
	opEqual
	opNotEqual
	opLess
	opGreater
	opLessOrEqual
	opGreaterOrEqual

	opAdd
	opSub
	opMul
	opDiv
	opMod
	opPlus
	opMinus

	opType
	opSize
	opAbs
	opFloor
	opCeiling
	opDouble
	opDatetime
	opKeyValue
)

// opNames are the operators and methods as messages and the text form have them.
var opNames = [...]string{
	opAnd: "&&", opOr: "||", opEqual: "==", opNotEqual: "!=", opLess: "<", opGreater: ">",
	opLessOrEqual: "<=", opGreaterOrEqual: ">=", opStartsWith: "starts with",
	opAdd: "+", opSub: "-", opMul: "*", opDiv: "/", opMod: "%", opPlus: "+", opMinus: "-",
	opType: "type", opSize: "size", opAbs: "abs", opFloor: "floor", opCeiling: "ceiling",
	opDouble: "double", opDatetime: "datetime", opKeyValue: "keyvalue",
}

// methods are the operations written .name().
var methods = map[string]op{
	"type": opType, "size": opSize, "abs": opAbs, "floor": opFloor, "ceiling": opCeiling,
	"double": opDouble, "datetime": opDatetime, "keyvalue": opKeyValue,
}

// isPredicate says that the operation answers true, false or unknown.
func (o op) isPredicate() bool { return o >= opAnd && o <= opGreaterOrEqual }

// priority is how tightly an operation binds (operationPriority).
func (o op) priority() int {
	switch o {
	case opOr:
		return 0
	case opAnd:
		return 1
	case opEqual, opNotEqual, opLess, opGreater, opLessOrEqual, opGreaterOrEqual, opStartsWith:
		return 2
	case opAdd, opSub:
		return 3
	case opMul, opDiv, opMod:
		return 4
	case opPlus, opMinus:
		return 5
	}
	return 6
}

// lastLevel is "last" as a level of .**.
const lastLevel = math.MaxUint32

// Node is one operation of a path.
type Node struct {
	op   op
	str  string        // opString, opVariable, opKey; the pattern of opLikeRegex
	num  types.Numeric // opNumeric
	bool bool          // opBool

	left, right *Node       // operands
	subscripts  []subscript // opIndexArray
	first, last uint32      // opAny: the levels

	flags regexFlags // opLikeRegex
	re    *regex.Regexp

	next *Node
}

// subscript is one of [from, from to to].
type subscript struct{ from, to *Node }

// regexFlags are the flags of like_regex.
type regexFlags struct{ icase, dotall, mline, wspace, quote bool }

// end is the last node of the chain that n begins.
func (n *Node) end() *Node {
	for n.next != nil {
		n = n.next
	}
	return n
}
