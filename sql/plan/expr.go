package plan

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ColumnID names a column of a plan: unique within one statement. Every node
// lists the columns that it puts out.
type ColumnID int32

// Expr is a typed expression. Expressions are not changed once made; rewriting
// makes new ones (see Rewrite).
type Expr interface {
	Type() *types.Type
	// Typmod is -1 where there is none.
	Typmod() int32
	// Pos is the byte offset in the statement's source, -1 if it has none.
	Pos() int
	// Children are the direct subexpressions (not those inside subplans).
	Children() []Expr
	// WithChildren copies the expression with other children.
	WithChildren(c []Expr) Expr
}

// Meta is the common part of expressions.
type Meta struct {
	Typ *types.Type
	Mod int32
	At  int
}

// Type implements Expr.
func (m Meta) Type() *types.Type { return m.Typ }

// Typmod implements Expr.
func (m Meta) Typmod() int32 { return m.Mod }

// Pos implements Expr.
func (m Meta) Pos() int { return m.At }

func (m *Meta) retype(t *types.Type) { m.Typ = t }

// Retyped is a copy of e, of another type: for what does not change its values,
// their collation.
func Retyped(e Expr, t *types.Type) Expr {
	c, ok := e.(*Const)
	if ok {
		n := *c
		n.Typ = t
		return &n
	}
	n := e.WithChildren(e.Children())
	n.(interface{ retype(t *types.Type) }).retype(t)
	return n
}

// M makes a Meta without typmod.
func M(t *types.Type, pos int) Meta { return Meta{Typ: t, Mod: -1, At: pos} }

type (
	// Const is a literal or a folded value; nil is NULL.
	Const struct {
		Meta
		Value any
	}
	// Param is $n (Index 1-based).
	Param struct {
		Meta
		Index int
	}
	// Column refers to a column of the node's input, or, inside a subquery, of an
	// outer query (Subquery.Outer lists those).
	Column struct {
		Meta
		ID   ColumnID
		Name string
	}
	// Call is a function call or operator with a resolved overload. Args are
	// already coerced to the function's argument types. Variadic functions get
	// their trailing arguments unpacked unless VariadicArray.
	Call struct {
		Meta
		Func *funcs.Func
		// Op is the operator it was written as, or nil.
		Op   *funcs.Operator
		Args []Expr
		// Display says how EXPLAIN and ruleutils show it.
		Display       CallDisplay
		VariadicArray bool
		// Columns are those of a column definition list, which the function fills.
		Columns []types.Column
		// Syntax is the keyword of a DisplaySQLSyntax call that has one: CURRENT_DATE.
		Syntax string
		// Written are the arguments as the call has them, where it names some or leaves
		// some out; nil: all, in order.
		Written []WrittenArg
	}
	// Convert is a conversion without a function in pg_cast: a relabelling
	// (binary-coercible), through text (In/Out functions), or element by element.
	Convert struct {
		Meta
		Kind ConvertKind
		Arg  Expr
		// Elem converts one element, given as a Column with ID ElemColumn, for
		// ConvertArray.
		Elem    Expr
		Display CallDisplay
		// Collate: a COLLATE clause; the collation is the type's.
		Collate bool
	}
	// And, Or and Not are three-valued; And and Or have two or more Args and stop
	// early.
	And struct {
		Meta
		Args []Expr
	}
	Or struct {
		Meta
		Args []Expr
		// Restricted: what it says of single relations is applied to them already.
		Restricted bool
	}
	Not struct {
		Meta
		Arg Expr
	}
	// NullTest is IS [NOT] NULL. RowWise: the argument is a row, tested by field.
	NullTest struct {
		Meta
		Arg     Expr
		Not     bool
		RowWise bool
	}
	// BoolTest is IS [NOT] TRUE, FALSE, UNKNOWN.
	BoolTest struct {
		Meta
		Arg  Expr
		Test BoolTestKind
	}
	// Case is CASE. With Operand, each When.Cond is a comparison in which
	// CaseOperand stands for the operand, evaluated once.
	Case struct {
		Meta
		Operand Expr
		Whens   []When
		Else    Expr // never nil: a NULL constant where left out
	}
	// CaseOperand stands for the operand of the innermost Case around it.
	CaseOperand struct{ Meta }
	// Coalesce returns its first argument that is not NULL.
	Coalesce struct {
		Meta
		Args []Expr
	}
	// NullIf is NULL where the = Call Eq is true of Left and Right, else Left.
	NullIf struct {
		Meta
		Left, Right Expr
		Eq          *Call
	}
	// MinMax is GREATEST or LEAST.
	MinMax struct {
		Meta
		Greatest bool
		Args     []Expr
	}
	// Distinct is IS [NOT] DISTINCT FROM; Eq is the = Call.
	Distinct struct {
		Meta
		Left, Right Expr
		Eq          *Call
		Not         bool
	}
	// ArrayOp is scalar op ANY/ALL (array); IN over a list is ANY of an
	// ArrayExpr.
	ArrayOp struct {
		Meta
		Func *funcs.Func
		Op   *funcs.Operator
		// Left and Array are coerced to the operator's types.
		Left  Expr
		Array Expr
		All   bool
	}
	// ArrayExpr is ARRAY[…]. Nested: its elements are arrays (multidimensional).
	ArrayExpr struct {
		Meta
		Elems  []Expr
		Nested bool
	}
	// RowExpr is ROW(…).
	RowExpr struct {
		Meta
		Fields []Expr
		Names  []string
		// Whole is the entry of a query's tree of which this is the row; nil for ROW(…).
		Whole *TreeEntry
		// Display is DisplayExplicitCast where the row was cast to its type.
		Display CallDisplay
	}
	// RowCompare is (a, b) op (c, d) for <, <=, >, >=: Ops are the element
	// comparison calls (both < and = forms), row-wise lexicographic. = and <> are
	// bound as And and Or.
	RowCompare struct {
		Meta
		Op          string
		Left, Right []Expr
		Less, Equal []*funcs.Func
	}
	// FieldSelect takes field Index (0-based) of a record.
	FieldSelect struct {
		Meta
		Arg   Expr
		Index int
		Name  string
	}
	// FieldStore is the record with field Index (0-based) replaced: SET col.field =
	// v. A NULL record is one of NULLs.
	FieldStore struct {
		Meta
		Arg   Expr
		Index int
		Name  string
		Value Expr
	}
	// Subscript is a[1], a[1:2], or jsonb['key'].
	Subscript struct {
		Meta
		Arg     Expr
		Indexes []SubscriptIndex
		Slice   bool
	}
	// SubscriptStore is the container with one element or slice replaced: SET
	// a[1] = v, SET doc['key'] = v (jsonb_set semantics; a NULL value is JSON
	// null, a NULL container an empty one).
	SubscriptStore struct {
		Meta
		Arg     Expr
		Indexes []SubscriptIndex
		Slice   bool
		Value   Expr
	}
	// Subquery is a subquery in an expression. Plan's own columns are its
	// output. Outer lists the columns of enclosing queries that it uses; empty
	// means it can run once.
	Subquery struct {
		Meta
		Kind SubqueryKind
		Plan Node
		// Test is for Any and All: an expression that compares the left side with
		// the subquery's output columns (as Column of Plan.Columns()).
		Test  Expr
		Outer []ColumnID
		// Tree is the query as it was written, where the binder keeps that.
		Tree *QueryTree
		// Twins are the plans of the subqueries that are written alike at one level of a
		// query, shared by them: they mean the same as long as they have those plans.
		Twins *[]Node
	}
	// Agg is an aggregate call; it stands only in an Aggregate node's Aggs.
	Agg struct {
		Meta
		Func     *funcs.Func
		Args     []Expr // direct arguments first for ordered-set aggregates
		Star     bool
		Distinct bool
		Order    []SortKey // ORDER BY in the call, or WITHIN GROUP
		Filter   Expr
		// VariadicArray as in Call.
		VariadicArray bool
	}
	// Win is a window function call; it stands only in a Window node.
	Win struct {
		Meta
		Func   *funcs.Func
		Args   []Expr
		Star   bool
		Filter Expr
		// IgnoreNulls is reserved.
	}
	// GroupingCall is GROUPING(…): which of the grouping expressions (by position
	// in Aggregate.GroupBy) are not in the current set.
	GroupingCall struct {
		Meta
		Groups []int
	}
	// SetReturning is a set-returning call in a select list; it stands only in a
	// ProjectSet node.
	SetReturning struct {
		Meta
		Call *Call
	}
	// SQLValue is CURRENT_DATE and its family, and other values fixed at the
	// start of the statement: evaluated by Func without arguments.
	// (Bound as Call; kept out of constant folding by volatility.)

	// Default stands for a column's default in INSERT … VALUES (…, DEFAULT); the
	// binder replaces it.
	Default struct{ Meta }
)

// ElemColumn is the ColumnID of the element inside Convert.Elem.
const ElemColumn ColumnID = -1

// When is one arm of a Case.
type When struct {
	Cond, Result Expr
}

// SubscriptIndex is one subscript; Lower is nil but for slices. Either may be
// nil in an open slice.
type SubscriptIndex struct {
	Lower, Upper Expr
}

// WrittenArg is an argument as a call has it: Index is its place in Call.Args.
type WrittenArg struct {
	Index int
	Name  string // "" for a positional one
}

// CallDisplay tells how a Call was written.
type CallDisplay uint8

// The displays.
const (
	DisplayCall CallDisplay = iota
	DisplayOperator
	DisplayExplicitCast
	DisplayImplicitCast
	DisplaySQLSyntax // EXTRACT(… FROM …), AT TIME ZONE
)

// ConvertKind is a kind of Convert.
type ConvertKind uint8

// The kinds of conversion.
const (
	ConvertRelabel ConvertKind = iota
	ConvertInOut
	ConvertArray
	// ConvertTypmod applies a length coercion that has no pg_cast function.
	ConvertTypmod
	// ConvertDomain checks a domain's constraints.
	ConvertDomain
)

// BoolTestKind is a kind of BoolTest.
type BoolTestKind uint8

// The kinds of boolean test.
const (
	IsTrue BoolTestKind = iota
	IsNotTrue
	IsFalse
	IsNotFalse
	IsUnknown
	IsNotUnknown
)

// SubqueryKind is a kind of Subquery.
type SubqueryKind uint8

// The kinds of subquery.
const (
	SubExists SubqueryKind = iota
	SubScalar
	SubAny
	SubAll
	SubArray
	// SubRow compares a row with the subquery's one row; it stands only in trees.
	SubRow
)

// SortKey is one ORDER BY key. Less order is the comparison of Expr's type, which
// has the collation.
type SortKey struct {
	Expr       Expr
	Desc       bool
	NullsFirst bool
	// Using is the operator of ORDER BY … USING where ASC and DESC don't say it, for the
	// text of a view; "" otherwise.
	Using string
}

// Children and WithChildren.

func leaf(c []Expr) {
	if len(c) != 0 {
		panic("plan: leaf expression with children")
	}
}

func (e *Const) Children() []Expr                  { return nil }
func (e *Const) WithChildren(c []Expr) Expr        { leaf(c); return e }
func (e *Param) Children() []Expr                  { return nil }
func (e *Param) WithChildren(c []Expr) Expr        { leaf(c); return e }
func (e *Column) Children() []Expr                 { return nil }
func (e *Column) WithChildren(c []Expr) Expr       { leaf(c); return e }
func (e *CaseOperand) Children() []Expr            { return nil }
func (e *CaseOperand) WithChildren(c []Expr) Expr  { leaf(c); return e }
func (e *Default) Children() []Expr                { return nil }
func (e *Default) WithChildren(c []Expr) Expr      { leaf(c); return e }
func (e *GroupingCall) Children() []Expr           { return nil }
func (e *GroupingCall) WithChildren(c []Expr) Expr { leaf(c); return e }

func (e *Call) Children() []Expr { return e.Args }
func (e *Call) WithChildren(c []Expr) Expr {
	n := *e
	n.Args = c
	return &n
}
func (e *Convert) Children() []Expr { return []Expr{e.Arg} }
func (e *Convert) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg = c[0]
	return &n
}
func (e *And) Children() []Expr { return e.Args }
func (e *And) WithChildren(c []Expr) Expr {
	n := *e
	n.Args = c
	return &n
}
func (e *Or) Children() []Expr { return e.Args }
func (e *Or) WithChildren(c []Expr) Expr {
	n := *e
	n.Args = c
	return &n
}
func (e *Not) Children() []Expr { return []Expr{e.Arg} }
func (e *Not) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg = c[0]
	return &n
}
func (e *NullTest) Children() []Expr { return []Expr{e.Arg} }
func (e *NullTest) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg = c[0]
	return &n
}
func (e *BoolTest) Children() []Expr { return []Expr{e.Arg} }
func (e *BoolTest) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg = c[0]
	return &n
}

// Children of a Case: the operand if any, each When's condition and result, the
// else.
func (e *Case) Children() []Expr {
	var c []Expr
	if e.Operand != nil {
		c = append(c, e.Operand)
	}
	for _, w := range e.Whens {
		c = append(c, w.Cond, w.Result)
	}
	return append(c, e.Else)
}
func (e *Case) WithChildren(c []Expr) Expr {
	n := *e
	if e.Operand != nil {
		n.Operand, c = c[0], c[1:]
	}
	n.Whens = make([]When, len(e.Whens))
	for i := range n.Whens {
		n.Whens[i] = When{Cond: c[2*i], Result: c[2*i+1]}
	}
	n.Else = c[len(c)-1]
	return &n
}
func (e *Coalesce) Children() []Expr { return e.Args }
func (e *Coalesce) WithChildren(c []Expr) Expr {
	n := *e
	n.Args = c
	return &n
}
func (e *NullIf) Children() []Expr { return []Expr{e.Left, e.Right} }
func (e *NullIf) WithChildren(c []Expr) Expr {
	n := *e
	n.Left, n.Right = c[0], c[1]
	return &n
}
func (e *MinMax) Children() []Expr { return e.Args }
func (e *MinMax) WithChildren(c []Expr) Expr {
	n := *e
	n.Args = c
	return &n
}
func (e *Distinct) Children() []Expr { return []Expr{e.Left, e.Right} }
func (e *Distinct) WithChildren(c []Expr) Expr {
	n := *e
	n.Left, n.Right = c[0], c[1]
	return &n
}
func (e *ArrayOp) Children() []Expr { return []Expr{e.Left, e.Array} }
func (e *ArrayOp) WithChildren(c []Expr) Expr {
	n := *e
	n.Left, n.Array = c[0], c[1]
	return &n
}
func (e *ArrayExpr) Children() []Expr { return e.Elems }
func (e *ArrayExpr) WithChildren(c []Expr) Expr {
	n := *e
	n.Elems = c
	return &n
}
func (e *RowExpr) Children() []Expr { return e.Fields }
func (e *RowExpr) WithChildren(c []Expr) Expr {
	n := *e
	n.Fields = c
	return &n
}
func (e *RowCompare) Children() []Expr { return append(append([]Expr{}, e.Left...), e.Right...) }
func (e *RowCompare) WithChildren(c []Expr) Expr {
	n := *e
	n.Left, n.Right = c[:len(e.Left)], c[len(e.Left):]
	return &n
}
func (e *FieldSelect) Children() []Expr { return []Expr{e.Arg} }
func (e *FieldSelect) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg = c[0]
	return &n
}

func (e *FieldStore) Children() []Expr { return []Expr{e.Arg, e.Value} }
func (e *FieldStore) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg, n.Value = c[0], c[1]
	return &n
}

// Children of a Subscript: the container, then each index's bounds that exist.
func (e *Subscript) Children() []Expr {
	c := []Expr{e.Arg}
	for _, i := range e.Indexes {
		if i.Lower != nil {
			c = append(c, i.Lower)
		}
		if i.Upper != nil {
			c = append(c, i.Upper)
		}
	}
	return c
}
func (e *Subscript) WithChildren(c []Expr) Expr {
	n := *e
	n.Arg, c = c[0], c[1:]
	n.Indexes = make([]SubscriptIndex, len(e.Indexes))
	for k, i := range e.Indexes {
		if i.Lower != nil {
			n.Indexes[k].Lower, c = c[0], c[1:]
		}
		if i.Upper != nil {
			n.Indexes[k].Upper, c = c[0], c[1:]
		}
	}
	return &n
}

// Children of a SubscriptStore: those of a Subscript, then the value.
func (e *SubscriptStore) Children() []Expr {
	return append((&Subscript{Arg: e.Arg, Indexes: e.Indexes}).Children(), e.Value)
}
func (e *SubscriptStore) WithChildren(c []Expr) Expr {
	n := *e
	s := (&Subscript{Arg: e.Arg, Indexes: e.Indexes}).WithChildren(c[:len(c)-1]).(*Subscript)
	n.Arg, n.Indexes, n.Value = s.Arg, s.Indexes, c[len(c)-1]
	return &n
}

// Children of a Subquery: the test, whose columns of the enclosing query count
// as uses there.
func (e *Subquery) Children() []Expr {
	if e.Test == nil {
		return nil
	}
	return []Expr{e.Test}
}
func (e *Subquery) WithChildren(c []Expr) Expr {
	n := *e
	if e.Test != nil {
		n.Test = c[0]
	}
	return &n
}

// Children of an Agg: arguments, order keys, filter.
func (e *Agg) Children() []Expr {
	c := append([]Expr{}, e.Args...)
	for _, k := range e.Order {
		c = append(c, k.Expr)
	}
	if e.Filter != nil {
		c = append(c, e.Filter)
	}
	return c
}
func (e *Agg) WithChildren(c []Expr) Expr {
	n := *e
	n.Args, c = c[:len(e.Args):len(e.Args)], c[len(e.Args):]
	n.Order = make([]SortKey, len(e.Order))
	for i, k := range e.Order {
		k.Expr = c[i]
		n.Order[i] = k
	}
	if e.Filter != nil {
		n.Filter = c[len(c)-1]
	}
	return &n
}
func (e *Win) Children() []Expr {
	c := append([]Expr{}, e.Args...)
	if e.Filter != nil {
		c = append(c, e.Filter)
	}
	return c
}
func (e *Win) WithChildren(c []Expr) Expr {
	n := *e
	n.Args = c[:len(e.Args):len(e.Args)]
	if e.Filter != nil {
		n.Filter = c[len(c)-1]
	}
	return &n
}
func (e *SetReturning) Children() []Expr { return e.Call.Args }
func (e *SetReturning) WithChildren(c []Expr) Expr {
	n := *e
	n.Call = e.Call.WithChildren(c).(*Call)
	return &n
}

// Rewrite rebuilds e bottom-up: f sees each expression after its children were
// rewritten. Unchanged expressions are shared.
func Rewrite(e Expr, f func(Expr) Expr) Expr {
	if e == nil {
		return nil
	}
	if children, changed := mapped(e.Children(), func(c Expr) Expr { return Rewrite(c, f) }); changed {
		e = e.WithChildren(children)
	}
	return f(e)
}

// Walk visits e and its subexpressions top-down; f returning false skips the
// children. It does not enter subplans.
func Walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	for _, c := range e.Children() {
		Walk(c, f)
	}
}

// ColumnSet is a set of ColumnIDs.
type ColumnSet map[ColumnID]bool

// Add adds the columns that e uses, those that its subqueries use of the
// enclosing query included.
func (s ColumnSet) Add(e Expr) {
	Walk(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Column:
			s[e.ID] = true
		case *Subquery:
			for _, id := range e.Outer {
				s[id] = true
			}
		}
		return true
	})
}

// ColumnsOf returns the columns that the expressions use.
func ColumnsOf(es ...Expr) ColumnSet {
	s := ColumnSet{}
	for _, e := range es {
		s.Add(e)
	}
	return s
}

// ColumnIDs are the ids of columns.
func ColumnIDs(cols []Col) ColumnSet {
	s := make(ColumnSet, len(cols))
	for _, c := range cols {
		s[c.ID] = true
	}
	return s
}

// UsedBy says whether e uses a column of the set.
func (s ColumnSet) UsedBy(e Expr) bool {
	for id := range ColumnsOf(e) {
		if s[id] {
			return true
		}
	}
	return false
}

// IsVolatile says whether e holds a volatile function or a subquery with one.
func IsVolatile(e Expr) bool {
	found := false
	Walk(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Call:
			found = found || e.Func.Volatility == funcs.Volatile
		case *SetReturning:
			found = true
		case *Subquery:
			found = found || NodeIsVolatile(e.Plan)
		}
		return !found
	})
	return found
}

// VolatileCalls counts the calls of volatile functions in es, a subquery with any as one.
func VolatileCalls(es ...Expr) (n int) {
	for _, e := range es {
		Walk(e, func(e Expr) bool {
			switch e := e.(type) {
			case *Call:
				if e.Func.Volatility == funcs.Volatile {
					n++
				}
			case *Subquery:
				if NodeIsVolatile(e.Plan) {
					n++
				}
			}
			return true
		})
	}
	return n
}

// Bytewise says whether operands that c finds equal are the same value, which
// they need not be under a nondeterministic collation.
func Bytewise(c *Call) bool {
	for _, a := range c.Args {
		if !a.Type().Bytewise() {
			return false
		}
	}
	return true
}

// Conjuncts splits e at its ANDs; nil for a nil e.
func Conjuncts(e Expr) []Expr {
	switch e := e.(type) {
	case nil:
		return nil
	case *And:
		var out []Expr
		for _, a := range e.Args {
			out = append(out, Conjuncts(a)...)
		}
		return out
	}
	return []Expr{e}
}

// Conjunction is the AND of es; nil if there are none.
func Conjunction(es []Expr) Expr {
	switch len(es) {
	case 0:
		return nil
	case 1:
		return es[0]
	}
	return &And{Meta: M(es[0].Type(), -1), Args: es}
}
