package parser

import (
	"iter"

	pg_query "github.com/pganalyze/pg_query_go/v6"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxHeight bounds the height of a tree, in the units of checkDepth: 2,000 on
// thread stacks of 5 MB and more, in proportion on smaller ones. PostgreSQL itself
// gives up between 2,000 and 5,000 operators.
//
// Measured on 8 MB: packing the tree of 1+1+… kills the process at about 24,000
// operators, deparsing it at about 4,400. The worst construct takes some 1.7 KB
// of stack a unit. Besides, protobuf refuses more than 10,000 nested messages;
// a unit is at most four of them.
var maxHeight = heightFor(threadStack())

const (
	fullHeight   = 2000
	bytesPerUnit = 2600
)

func heightFor(stack uint64) int { return int(min(stack/bytesPerUnit, fullHeight)) }

// freeBytes is the length under which a text cannot reach maxHeight: a unit
// costs at least a byte.
func freeBytes() int { return maxHeight }

// checkDepth refuses a text whose tree would be too high for the C code and the
// decoder to recurse over (54001, as PostgreSQL's stack limit).
//
// It computes an upper bound of the tree's height from the tokens alone. Lists
// (elements between commas, AND and OR, WHEN) are flat in the tree, so of their
// elements only the highest counts; operators, joins and set operations lean to
// one side, so they add up; what stands in parentheses, brackets and CASE … END
// adds to what stands around it.
func checkDepth(tokens iter.Seq[Token]) error {
	g := guard{frames: []frame{{}}}
	for t := range tokens {
		g.read(t)
		if len(g.frames) > maxHeight {
			return tooDeep(len(g.frames))
		}
	}
	for len(g.frames) > 1 {
		g.pop()
	}
	if h := g.top().height(); h > maxHeight {
		return tooDeep(h)
	}
	return nil
}

func tooDeep(height int) error {
	return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
		WithDetail("The statement nests %d levels deep or more; the limit is %d.", height, maxHeight).
		WithHint("Write long chains of operators as lists (IN, ANY, VALUES) or split the statement.")
}

// isLabel says whether a keyword stands where it can only be a name: after a
// dot or AS. A query may follow AS.
func isLabel(t Token, prev TokenKind) bool {
	if t.Category == 0 || prev != pg_query.Token_ASCII_46 && prev != pg_query.Token_AS {
		return false
	}
	return prev != pg_query.Token_AS || !queryWords[t.Kind]
}

type guard struct {
	frames []frame // innermost last, never empty
	prev   TokenKind
}

func (g *guard) read(t Token) {
	if c := guardClasses[t.Kind]; c != nil && !isLabel(t, g.prev) {
		c(g, g.top())
	}
	g.prev = t.Kind
}

// frame is an open parenthesis, bracket or CASE, or the whole text.
type frame struct {
	isCase bool
	base   int // units of the frame itself
	words  frameWords

	ops, operand     int // operators and highest inner frame of the current operand
	betweens         int // BETWEENs still without their AND
	operands         int // highest operand of the current AND/OR chain
	joins, joined    int // joins and highest operand of the current list element
	elements         int // highest list element of the current set operation branch
	setOps, branches int // set operations and highest branch of the current statement
	statements       int // highest statement before the last semicolon
}

// frameWords are words that add levels once per frame.
type frameWords struct{ query, order, logic bool }

func (w frameWords) units() (n int) {
	if w.query {
		n += 2
	}
	if w.order {
		n++
	}
	if w.logic {
		n++
	}
	return n
}

func (g *guard) top() *frame { return &g.frames[len(g.frames)-1] }

func (g *guard) push(isCase bool, base int) {
	g.frames = append(g.frames, frame{isCase: isCase, base: base})
}

func (g *guard) pop() {
	h := g.top().height()
	g.frames = g.frames[:len(g.frames)-1]
	g.top().operand = max(g.top().operand, h)
}

// close ends the innermost parenthesis or bracket, and any CASE left open in it.
func (g *guard) close() {
	for len(g.frames) > 1 {
		wasCase := g.top().isCase
		g.pop()
		if !wasCase {
			return
		}
	}
}

func (f *frame) endOperand() {
	f.operands = max(f.operands, f.ops+f.operand)
	f.ops, f.operand = 0, 0
}

func (f *frame) endJoined() {
	f.endOperand()
	f.joined = max(f.joined, f.operands)
	f.operands = 0
}

func (f *frame) endElement() {
	f.endJoined()
	f.elements = max(f.elements, f.joins+f.joined)
	f.joins, f.joined, f.betweens = 0, 0, 0
}

func (f *frame) endBranch() {
	f.endElement()
	f.branches = max(f.branches, f.elements)
	f.elements = 0
}

func (f *frame) endStatement() {
	f.endBranch()
	f.statements = max(f.statements, f.setOps+f.branches)
	f.setOps, f.branches = 0, 0
}

func (f *frame) height() int {
	f.endStatement()
	return f.base + f.words.units() + f.statements
}

// endChain ends an operand at AND or OR.
func (f *frame) endChain() {
	f.endOperand()
	f.words.logic = true
}

type guardClass func(*guard, *frame)

func guardOp(_ *guard, f *frame) { f.ops++ }

// guardAnd tells the AND of BETWEEN, which joins two operands of one operator,
// from the logical one.
func guardAnd(_ *guard, f *frame) {
	if f.betweens > 0 {
		f.betweens--
		return
	}
	f.endChain()
}

func guardEnd(g *guard, f *frame) {
	if f.isCase {
		g.pop()
	}
}

var queryWords = map[TokenKind]bool{
	pg_query.Token_SELECT: true, pg_query.Token_WITH: true, pg_query.Token_VALUES: true, pg_query.Token_TABLE: true,
	pg_query.Token_INSERT: true, pg_query.Token_UPDATE: true, pg_query.Token_DELETE_P: true, pg_query.Token_MERGE: true,
}

// guardOps are the tokens of which at least one stands for each level of
// a_expr, b_expr and c_expr that is not in parentheses, and the words of
// expressions that take more levels than their parentheses say.
var guardOps = []TokenKind{
	'+', '-', '*', '/', '%', '^', '<', '>', '=', ':', pg_query.Token_Op, pg_query.Token_OPERATOR, pg_query.Token_TYPECAST,
	pg_query.Token_LESS_EQUALS, pg_query.Token_GREATER_EQUALS, pg_query.Token_NOT_EQUALS,
	pg_query.Token_EQUALS_GREATER, pg_query.Token_COLON_EQUALS,
	pg_query.Token_COLLATE, pg_query.Token_AT, pg_query.Token_NOT, pg_query.Token_NOT_LA, pg_query.Token_IS,
	pg_query.Token_ISNULL, pg_query.Token_NOTNULL, pg_query.Token_LIKE, pg_query.Token_ILIKE, pg_query.Token_SIMILAR,
	pg_query.Token_ESCAPE, pg_query.Token_IN_P, pg_query.Token_OVERLAPS, pg_query.Token_OVER, pg_query.Token_PASSING,
	pg_query.Token_VALUE_P, pg_query.Token_JSON, pg_query.Token_JSON_ARRAY, pg_query.Token_JSON_ARRAYAGG,
	pg_query.Token_JSON_EXISTS, pg_query.Token_JSON_OBJECT, pg_query.Token_JSON_OBJECTAGG, pg_query.Token_JSON_QUERY,
	pg_query.Token_JSON_SCALAR, pg_query.Token_JSON_SERIALIZE, pg_query.Token_JSON_TABLE, pg_query.Token_JSON_VALUE,
	pg_query.Token_NESTED, pg_query.Token_COLUMNS, pg_query.Token_XMLCONCAT, pg_query.Token_XMLELEMENT,
	pg_query.Token_XMLEXISTS, pg_query.Token_XMLFOREST, pg_query.Token_XMLATTRIBUTES, pg_query.Token_XMLPARSE,
	pg_query.Token_XMLPI, pg_query.Token_XMLROOT, pg_query.Token_XMLSERIALIZE, pg_query.Token_XMLTABLE,
}

// guardClasses says what a token does to the bound; indexed by token kind.
var guardClasses = func() (classes [1024]guardClass) {
	for _, k := range guardOps {
		classes[k] = guardOp
	}
	for k := range queryWords {
		classes[k] = func(_ *guard, f *frame) { f.words.query = true }
	}
	classes[pg_query.Token_ORDER] = func(_ *guard, f *frame) { f.words.order = true }
	classes[pg_query.Token_BETWEEN] = func(_ *guard, f *frame) { f.ops++; f.betweens++ }
	classes[pg_query.Token_AND] = guardAnd
	classes[pg_query.Token_OR] = func(_ *guard, f *frame) { f.endChain() }
	classes[pg_query.Token_WHEN] = func(_ *guard, f *frame) { f.endElement() }
	classes[pg_query.Token_JOIN] = func(_ *guard, f *frame) { f.endJoined(); f.joins++ }
	for _, k := range []TokenKind{pg_query.Token_UNION, pg_query.Token_INTERSECT, pg_query.Token_EXCEPT} {
		classes[k] = func(_ *guard, f *frame) { f.endBranch(); f.setOps++ }
	}
	classes[','] = func(_ *guard, f *frame) { f.endElement() }
	classes[';'] = func(_ *guard, f *frame) { f.endStatement() }
	classes['('] = func(g *guard, _ *frame) { g.push(false, 1) }
	classes['['] = func(g *guard, _ *frame) { g.push(false, 2) }
	classes[')'] = func(g *guard, _ *frame) { g.close() }
	classes[']'] = func(g *guard, _ *frame) { g.close() }
	classes[pg_query.Token_CASE] = func(g *guard, _ *frame) { g.push(true, 2) }
	classes[pg_query.Token_END_P] = guardEnd
	return classes
}()
