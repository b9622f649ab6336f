package access

import (
	"math"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// terms are the conditions on one column that a key can use.
type terms struct {
	equal     *plan.KeyTerm // the column equals one of these
	equalFrom plan.Expr     // the conjunct it was made of
	low, high *plan.Bound
	ranges    []plan.Expr
	// strict: some conjunct can't be true where the column is NULL.
	strict bool
}

// matcher collects terms by column number.
type matcher struct {
	rel     *catalog.Relation
	numOf   map[plan.ColumnID]int16
	byNum   map[int16]*terms
	convert func(e plan.Expr, to *catalog.Column) plan.Expr
	// fails says whether an expression of constants fails.
	fails func(e plan.Expr) bool
}

func match(s *plan.Scan, env *Env) *matcher {
	m := &matcher{rel: s.Rel, numOf: map[plan.ColumnID]int16{}, byNum: map[int16]*terms{}}
	for i, c := range s.Cols {
		m.numOf[c.ID] = s.Nums[i]
	}
	m.convert = func(e plan.Expr, to *catalog.Column) plan.Expr { return ConvertKey(e, to, env) }
	m.fails = func(e plan.Expr) bool {
		v, err := env.Evaluate(e)
		return err != nil || v == nil
	}
	for _, c := range plan.Conjuncts(s.Filter) {
		m.conjunct(c)
	}
	for num, t := range m.byNum {
		t.enumerate(m.rel.Column(num))
	}
	return m
}

func (m *matcher) of(num int16) *terms {
	t := m.byNum[num]
	if t == nil {
		t = &terms{}
		m.byNum[num] = t
	}
	return t
}

// conjunct records what one conjunct says about a column.
func (m *matcher) conjunct(e plan.Expr) {
	switch e := e.(type) {
	case *plan.Call:
		m.comparison(e)
	case *plan.ArrayOp:
		m.arrayOp(e)
	case *plan.Or:
		m.alternatives(e)
	case *plan.Column:
		m.boolean(e, e, true)
	case *plan.Not:
		if c, ok := e.Arg.(*plan.Column); ok {
			m.boolean(e, c, false)
		}
	case *plan.BoolTest:
		c, ok := e.Arg.(*plan.Column)
		if ok && (e.Test == plan.IsTrue || e.Test == plan.IsFalse) {
			m.boolean(e, c, e.Test == plan.IsTrue)
		}
	case *plan.NullTest:
		if num, ok := m.column(e.Arg); ok && e.Not {
			m.of(num).strict = true
		}
	}
}

// column returns the table column that e is, relabelled or not.
func (m *matcher) column(e plan.Expr) (int16, bool) {
	for {
		c, ok := e.(*plan.Convert)
		if !ok || c.Kind != plan.ConvertRelabel {
			break
		}
		e = c.Arg
	}
	c, ok := e.(*plan.Column)
	if !ok {
		return 0, false
	}
	num, ok := m.numOf[c.ID]
	return num, ok
}

// widened is column, but sees through the implicit cast of a column that is
// compared for equality with a constant of a wider type (int8col = 5.0): the
// constant is converted the other way, if nothing is lost by it.
func (m *matcher) widened(op string, e, value plan.Expr) (int16, bool) {
	c, isCast := e.(*plan.Call)
	_, isConst := value.(*plan.Const)
	if isCast && isConst && op == "=" && c.Display == plan.DisplayImplicitCast && len(c.Args) == 1 {
		e = c.Args[0]
	}
	return m.column(e)
}

// fixed says whether e has one value for the whole scan.
func (m *matcher) fixed(e plan.Expr) bool {
	for id := range plan.ColumnsOf(e) {
		if _, own := m.numOf[id]; own {
			return false
		}
	}
	return !plan.IsVolatile(e)
}

// Commuted is the operator seen from the other side.
var Commuted = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (m *matcher) comparison(c *plan.Call) {
	if c.Op == nil || len(c.Args) != 2 || !c.Op.Known() {
		return
	}
	op, col, value := c.Op.Name, c.Args[0], c.Args[1]
	if m.leafEqual(c, col, value) || m.leafEqual(c, value, col) {
		return
	}
	num, ok := m.widened(op, col, value)
	if !ok {
		if num, ok = m.widened(op, value, col); !ok || Commuted[op] == "" {
			m.rounded(c)
			return
		}
		op, value = Commuted[op], col
	}
	if !m.fixed(value) {
		return
	}
	t := m.of(num)
	t.strict = true
	if !KeyOrdered(op, c.Args) {
		return
	}
	if prefixOf[op] != nil {
		m.prefix(t, c, op, value)
		return
	}
	if Commuted[op] == "" {
		return
	}
	key := m.convert(value, m.rel.Column(num))
	if key == nil {
		return
	}
	t.compare(op, key, c)
}

// KeyOrdered: keys are ordered by bytes. Other collations agree with them on
// what is equal, if they are deterministic, and on nothing else.
func KeyOrdered(op string, operands []plan.Expr) bool {
	for _, e := range operands {
		t := e.Type()
		if !t.Bytewise() || t.Collator != nil && op != "=" && prefixOf[op] == nil {
			return false
		}
	}
	return true
}

func (t *terms) compare(op string, key plan.Expr, from plan.Expr) {
	switch op {
	case "=":
		t.setEqual(&plan.KeyTerm{Values: []plan.Expr{key}}, from)
	case ">", ">=":
		t.low = &plan.Bound{Value: key, Inclusive: op == ">="}
		t.ranges = append(t.ranges, from)
	case "<", "<=":
		t.high = &plan.Bound{Value: key, Inclusive: op == "<="}
		t.ranges = append(t.ranges, from)
	}
}

// setEqual keeps the shortest list of alternatives: any one of several
// conditions is enough to find the rows.
func (t *terms) setEqual(k *plan.KeyTerm, from plan.Expr) {
	t.strict = true
	if t.equal == nil || alternatives(k) < alternatives(t.equal) {
		t.equal, t.equalFrom = k, from
	}
}

// mentions says whether the predicate says anything about a field of ix.
func (m *matcher) mentions(ix *catalog.Index) bool {
	for _, f := range ix.Columns {
		if m.byNum[f.Num] != nil {
			return true
		}
	}
	return false
}

// alternatives counts the values of a term; an array of unknown length counts
// as ten.
func alternatives(k *plan.KeyTerm) int {
	n := len(k.Values)
	for _, e := range k.Arrays {
		c, _ := e.(*plan.Const)
		if c == nil {
			n += 10
		} else if a, ok := c.Value.(*types.Array); ok {
			n += len(a.Elems)
		}
	}
	return n
}

// prefixOf are the operators whose pattern says how what matches begins; exact if that
// is all of it.
var prefixOf = map[string]func(pattern string) (prefix string, exact bool){
	"^@": func(text string) (string, bool) { return text, false }, "~~": likePrefix, "~": regexPrefix,
}

// prefix turns LIKE 'x%', ~ '^x' and ^@ 'x' into a bound. The pattern must be known.
func (m *matcher) prefix(t *terms, c *plan.Call, op string, value plan.Expr) {
	k, ok := value.(*plan.Const)
	if !ok {
		return
	}
	text, ok := k.Value.(string)
	if !ok {
		return
	}
	text, exact := prefixOf[op](text)
	if text == "" {
		return
	}
	e := &plan.Const{Meta: plan.M(types.ByOID(types.TextOID), k.At), Value: text}
	if exact {
		t.setEqual(&plan.KeyTerm{Values: []plan.Expr{e}}, c)
		return
	}
	t.low = &plan.Bound{Value: e, Inclusive: true, Prefix: true}
	t.high = t.low
	t.ranges = append(t.ranges, c)
}

// likePrefix returns the text before a LIKE pattern's first wildcard; exact if
// it has none.
func likePrefix(pattern string) (prefix string, exact bool) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '%', '_':
			return b.String(), false
		case '\\':
			i++
			if i == len(pattern) {
				return b.String(), false
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String(), true
}

func (m *matcher) arrayOp(a *plan.ArrayOp) {
	num, ok := m.column(a.Left)
	if !ok {
		m.leafAny(a)
	}
	if !ok || a.All || a.Op == nil || !a.Op.Known() || !m.fixed(a.Array) {
		return
	}
	t := m.of(num)
	t.strict = true
	if a.Op.Name != "=" || !a.Left.Type().Bytewise() {
		return
	}
	if k := m.arrayTerm(a.Array, m.rel.Column(num)); k != nil {
		t.setEqual(k, a)
	}
}

// arrayTerm makes a term of the elements of IN (…) or of an array.
func (m *matcher) arrayTerm(array plan.Expr, col *catalog.Column) *plan.KeyTerm {
	list, ok := array.(*plan.ArrayExpr)
	if !ok {
		return wholeArray(array, col)
	}
	k := &plan.KeyTerm{}
	for _, e := range list.Elems {
		key := m.convert(e, col)
		if key == nil {
			return nil
		}
		k.Values = append(k.Values, key)
	}
	return k
}

// wholeArray uses an array whose elements need no conversion.
func wholeArray(array plan.Expr, col *catalog.Column) *plan.KeyTerm {
	elem := types.Builtin().ByOID(array.Type().Elem)
	if elem == nil || elem.Rep != col.Type.Rep || !SameValues(elem, col.Type) {
		return nil
	}
	return &plan.KeyTerm{Arrays: []plan.Expr{array}}
}

// SameValues says whether values of a are values of b as they are.
func SameValues(a, b *types.Type) bool {
	return a.OID == b.OID || a.Rep == types.RepString && b.Rep == types.RepString && b.OID != types.BpcharOID
}

// alternatives makes a term of (c = 1 OR c = 2 OR c IN (…)) over one column.
func (m *matcher) alternatives(o *plan.Or) {
	var num int16
	k := &plan.KeyTerm{}
	for i, arm := range o.Args {
		n, t := m.equalityOf(arm)
		if t == nil || i > 0 && n != num {
			return
		}
		num = n
		k.Values = append(k.Values, t.Values...)
		k.Arrays = append(k.Arrays, t.Arrays...)
	}
	m.of(num).setEqual(k, o)
}

// equalityOf returns the column and term of an arm that says nothing but that a
// column equals something.
func (m *matcher) equalityOf(e plan.Expr) (int16, *plan.KeyTerm) {
	sub := &matcher{rel: m.rel, numOf: m.numOf, byNum: map[int16]*terms{}, convert: m.convert, fails: m.fails}
	sub.conjunct(e)
	for num, t := range sub.byNum {
		if t.equal != nil {
			return num, t.equal
		}
	}
	return 0, nil
}

func (m *matcher) boolean(from plan.Expr, c *plan.Column, v bool) {
	num, ok := m.numOf[c.ID]
	if !ok {
		return
	}
	k := &plan.Const{Meta: plan.M(c.Typ, c.At), Value: v}
	m.of(num).setEqual(&plan.KeyTerm{Values: []plan.Expr{k}}, from)
}

// ConvertKey makes a key value of the column's type out of a comparison's other
// side; nil where the value could be lost or refused on the way.
func ConvertKey(e plan.Expr, to *catalog.Column, env *Env) plan.Expr {
	from := e.Type()
	if SameValues(from, to.Type) {
		return e
	}
	cast := funcs.FindCast(from.OID, to.Type.OID)
	if cast == nil || cast.Func == nil {
		return nil
	}
	call := &plan.Call{Meta: plan.M(to.Type, e.Pos()), Func: cast.Func, Args: []plan.Expr{e}, Display: plan.DisplayImplicitCast}
	_, isConst := e.(*plan.Const)
	switch {
	case isConst:
		return exactConversion(e, call, env)
	case cast.Context == funcs.CastImplicit:
		return call
	}
	return narrowed(e, call)
}

// exactConversion folds the cast of a constant, if converting back gives the
// same value.
func exactConversion(e, call plan.Expr, env *Env) plan.Expr {
	v, err := env.Evaluate(call)
	if err != nil || v == nil {
		return nil
	}
	k := &plan.Const{Meta: plan.M(call.Type(), e.Pos()), Value: v}
	back := funcs.FindCast(call.Type().OID, e.Type().OID)
	if back == nil || back.Func == nil || e.Type().Compare == nil {
		return nil
	}
	w, err := env.Evaluate(&plan.Call{Meta: plan.M(e.Type(), -1), Func: back.Func, Args: []plan.Expr{k}})
	if err != nil || w == nil || e.Type().Compare(w, e.(*plan.Const).Value) != 0 {
		return nil
	}
	return k
}

// integerLimits are the largest values of the integer types.
var integerLimits = map[types.OID]int64{types.Int2OID: math.MaxInt16, types.Int4OID: math.MaxInt32, types.Int8OID: math.MaxInt64}

// narrowed guards the cast of an integer that is not known yet: out of the
// range of the key's type it is NULL, which finds nothing, as the comparison
// itself would. Other narrowing casts could lose something, and give nil.
func narrowed(e plan.Expr, call *plan.Call) plan.Expr {
	from, limit := e.Type(), integerLimits[call.Type().OID]
	ge, le := funcs.FindOperator(">=", from.OID, from.OID), funcs.FindOperator("<=", from.OID, from.OID)
	if limit == 0 || integerLimits[from.OID] <= limit || ge == nil || le == nil {
		return nil
	}
	boolean := plan.M(types.ByOID(types.BoolOID), -1)
	bound := func(op *funcs.Operator, v int64) plan.Expr {
		k := &plan.Const{Meta: plan.M(from, -1), Value: integerOf(from.OID, v)}
		return &plan.Call{Meta: boolean, Func: op.Func, Op: op, Args: []plan.Expr{e, k}, Display: plan.DisplayOperator}
	}
	fits := &plan.And{Meta: boolean, Args: []plan.Expr{bound(ge, -limit-1), bound(le, limit)}}
	return &plan.Case{Meta: call.Meta, Whens: []plan.When{{Cond: fits, Result: call}}, Else: &plan.Const{Meta: plan.M(call.Type(), -1)}}
}

// integerOf boxes v as the type's values are.
func integerOf(oid types.OID, v int64) any {
	if oid == types.Int4OID {
		return int32(v)
	}
	return v
}
