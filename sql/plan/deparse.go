package plan

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// masked stands in EXPLAIN for what is compared with a secret.
const masked = "***"

// printer writes expressions as PostgreSQL's ruleutils does: fully
// parenthesised, constants with their types.
type printer struct {
	*names
	env *types.Env
	// prefix qualifies columns with their table's alias; local columns never are.
	prefix bool
	local  ColumnSet
	// mask hides constants: the expression has to do with a secret.
	mask bool
}

// String prints one condition or key. Constants beside a secret column are
// masked, conjunct by conjunct.
func (p *printer) String(e Expr) string {
	if and, ok := e.(*And); ok {
		parts := make([]string, len(and.Args))
		for i, a := range and.Args {
			parts[i] = p.String(a)
		}
		return "(" + strings.Join(parts, " AND ") + ")"
	}
	q := *p
	q.mask = p.mask || p.touchesSecret(e)
	return q.expr(e)
}

func (p *printer) expr(e Expr) string {
	switch e := e.(type) {
	case *Const:
		return p.constant(e)
	case *Param:
		return "$" + strconv.Itoa(e.Index)
	case *Column:
		return p.column(e)
	case *Call:
		return p.call(e)
	case *Convert:
		return p.convert(e)
	case *And:
		return "(" + p.joined(e.Args, " AND ") + ")"
	case *Or:
		return "(" + p.joined(e.Args, " OR ") + ")"
	case *Not:
		return "(NOT " + p.expr(e.Arg) + ")"
	case *NullTest:
		return "(" + p.expr(e.Arg) + " IS " + word(e.Not, "NOT ") + "NULL)"
	case *BoolTest:
		return "(" + p.expr(e.Arg) + " IS " + boolTestNames[e.Test] + ")"
	case *Case:
		return p.caseWhen(e)
	case *ArrayOp:
		return p.arrayOp(e)
	case *Agg:
		return p.agg(e)
	case *Win:
		return p.aggCall(e.Func.Name, e.Args, e.Star, false, nil, e.Filter) + " OVER (?)"
	case *Subquery:
		return p.subquery(e)
	}
	return p.rest(e)
}

func (p *printer) rest(e Expr) string {
	switch e := e.(type) {
	case *CaseOperand:
		return "CASE_TEST_EXPR"
	case *Coalesce:
		return "COALESCE(" + p.joined(e.Args, ", ") + ")"
	case *NullIf:
		return "NULLIF(" + p.expr(e.Left) + ", " + p.expr(e.Right) + ")"
	case *MinMax:
		if e.Greatest {
			return "GREATEST(" + p.joined(e.Args, ", ") + ")"
		}
		return "LEAST(" + p.joined(e.Args, ", ") + ")"
	case *Distinct:
		return "(" + p.expr(e.Left) + " IS " + word(e.Not, "NOT ") + "DISTINCT FROM " + p.expr(e.Right) + ")"
	case *ArrayExpr:
		return p.array(e)
	case *RowExpr:
		return "ROW(" + p.joined(e.Fields, ", ") + ")"
	case *RowCompare:
		return "(ROW(" + p.joined(e.Left, ", ") + ") " + e.Op + " ROW(" + p.joined(e.Right, ", ") + "))"
	case *FieldSelect:
		return "(" + p.expr(e.Arg) + ")." + types.QuoteIdent(e.Name)
	case *FieldStore:
		return "(" + p.expr(e.Arg) + ")." + types.QuoteIdent(e.Name) + " := " + p.expr(e.Value)
	case *Subscript:
		return p.subscripts(e.Arg, e.Indexes, e.Slice)
	case *SubscriptStore:
		return p.subscripts(e.Arg, e.Indexes, e.Slice) + " := " + p.expr(e.Value)
	case *GroupingCall:
		return "GROUPING(…)"
	case *SetReturning:
		return p.expr(e.Call)
	case *Default:
		return "DEFAULT"
	}
	return "?"
}

func word(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

var boolTestNames = map[BoolTestKind]string{
	IsTrue: "TRUE", IsNotTrue: "NOT TRUE", IsFalse: "FALSE", IsNotFalse: "NOT FALSE",
	IsUnknown: "UNKNOWN", IsNotUnknown: "NOT UNKNOWN",
}

func (p *printer) joined(es []Expr, sep string) string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = p.expr(e)
	}
	return strings.Join(parts, sep)
}

// constant is get_const_expr: integers and numerics bare where that reads back
// as the same type, everything else quoted with its type.
func (p *printer) constant(e *Const) string {
	t := e.Typ
	switch {
	case e.Value == nil:
		return "NULL::" + types.FormatType(t, e.Mod)
	case p.mask:
		return masked
	}
	text := string(t.Out(p.env, nil, e.Value))
	switch t.OID {
	case types.BoolOID:
		if text == "t" {
			return "true"
		}
		return "false"
	case types.Int4OID, types.NumericOID:
		if strings.Trim(text, "0123456789.") == "" {
			return text
		}
	case types.UnknownOID:
		return quote(text)
	}
	return quote(text) + "::" + types.FormatType(t, e.Mod)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (p *printer) column(e *Column) string {
	if def := p.defs[e.ID]; def != nil {
		return p.defined(def)
	}
	n, ok := p.columns[e.ID]
	if !ok {
		return types.QuoteIdent(e.Name)
	}
	if n.alias != "" && !p.local[e.ID] && (p.prefix || p.local != nil) {
		return types.QuoteIdent(n.alias) + "." + types.QuoteIdent(n.name)
	}
	return types.QuoteIdent(n.name)
}

// defined prints what a lower node computed, in parentheses unless it is a
// plain column.
func (p *printer) defined(def Expr) string {
	s := p.expr(def)
	if _, plain := def.(*Column); plain || strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		return s
	}
	return "(" + s + ")"
}

func (p *printer) call(e *Call) string {
	switch e.Display {
	case DisplayExplicitCast, DisplayImplicitCast:
		return p.cast(e.Args[0], e.Typ, e.Mod)
	case DisplayOperator:
		if e.Op != nil && len(e.Args) == 1 {
			return "(" + e.Op.Name + " " + p.expr(e.Args[0]) + ")"
		}
		if e.Op != nil {
			return "(" + p.expr(e.Args[0]) + " " + e.Op.Name + " " + p.expr(e.Args[1]) + ")"
		}
	}
	args := make([]string, len(e.Args))
	for i, a := range e.Args {
		args[i] = p.expr(a)
	}
	if e.VariadicArray && len(args) > 0 {
		args[len(args)-1] = "VARIADIC " + args[len(args)-1]
	}
	return types.QuoteIdent(e.Func.Name) + "(" + strings.Join(args, ", ") + ")"
}

func (p *printer) cast(arg Expr, t *types.Type, mod int32) string {
	s := p.expr(arg)
	if !strings.HasPrefix(s, "(") || !strings.HasSuffix(s, ")") {
		s = "(" + s + ")"
	}
	return s + "::" + types.FormatType(t, mod)
}

func (p *printer) convert(e *Convert) string {
	if e.Kind == ConvertRelabel && e.Typ.OID == e.Arg.Type().OID && (e.Collate || e.Display != DisplayExplicitCast) {
		return p.expr(e.Arg) // the same with another collation, which only sort keys show
	}
	if k, ok := e.Arg.(*Const); ok && k.Value != nil && !p.mask && k.Typ.OID == types.UnknownOID {
		return quote(string(k.Typ.Out(p.env, nil, k.Value))) + "::" + types.FormatType(e.Typ, e.Mod)
	}
	return p.cast(e.Arg, e.Typ, e.Mod)
}

func (p *printer) caseWhen(e *Case) string {
	var b strings.Builder
	b.WriteString("CASE")
	if e.Operand != nil {
		b.WriteString(" " + p.expr(e.Operand))
	}
	for _, w := range e.Whens {
		b.WriteString(" WHEN " + p.when(e, w.Cond) + " THEN " + p.expr(w.Result))
	}
	return b.String() + " ELSE " + p.expr(e.Else) + " END"
}

// when prints only the value that the operand is compared with.
func (p *printer) when(e *Case, cond Expr) string {
	if c, ok := cond.(*Call); ok && e.Operand != nil && len(c.Args) == 2 {
		if _, ok := c.Args[0].(*CaseOperand); ok {
			return p.expr(c.Args[1])
		}
	}
	return p.expr(cond)
}

func (p *printer) arrayOp(e *ArrayOp) string {
	name := e.Func.Name
	if e.Op != nil {
		name = e.Op.Name
	}
	quantifier := "ANY"
	if e.All {
		quantifier = "ALL"
	}
	return "(" + p.expr(e.Left) + " " + name + " " + quantifier + " (" + p.expr(e.Array) + "))"
}

// array prints a list of constants as the array constant that it amounts to.
func (p *printer) array(e *ArrayExpr) string {
	elems := make([]any, len(e.Elems))
	for i, x := range e.Elems {
		k, ok := x.(*Const)
		if !ok || e.Nested {
			return "ARRAY[" + p.joined(e.Elems, ", ") + "]"
		}
		elems[i] = k.Value
	}
	if len(elems) == 0 {
		return "'{}'::" + types.FormatType(e.Typ, -1)
	}
	elem := e.Elems[0].Type()
	return p.constant(&Const{Meta: M(e.Typ, -1), Value: types.NewArray(elem, elems)})
}

func (p *printer) agg(e *Agg) string {
	args, order := e.Args, e.Order
	if kind := e.Func.Agg.OrderedSet; kind == 'o' || kind == 'h' {
		n := min(e.Func.Agg.NumDirect, len(args))
		return e.Func.Name + "(" + p.joined(args[:n], ", ") + ") WITHIN GROUP (ORDER BY " + p.keys(order) + ")" + p.filter(e.Filter)
	}
	return p.aggCall(e.Func.Name, args, e.Star, e.Distinct, order, e.Filter)
}

func (p *printer) aggCall(name string, args []Expr, star, distinct bool, order []SortKey, filter Expr) string {
	in := word(distinct, "DISTINCT ") + p.joined(args, ", ")
	if star {
		in = "*"
	}
	if len(order) > 0 {
		in += " ORDER BY " + p.keys(order)
	}
	return types.QuoteIdent(name) + "(" + in + ")" + p.filter(filter)
}

func (p *printer) filter(e Expr) string {
	if e == nil {
		return ""
	}
	return " FILTER (WHERE " + p.expr(e) + ")"
}

func (p *printer) keys(keys []SortKey) string {
	return strings.Join(p.keyList(keys), ", ")
}

// keyList prints sort keys; NULLS FIRST and LAST only where they are not the
// default of the direction.
func (p *printer) keyList(keys []SortKey) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		s := p.String(k.Expr) + collated(k.Expr.Type()) + word(k.Desc, " DESC")
		switch {
		case k.NullsFirst && !k.Desc:
			s += " NULLS FIRST"
		case !k.NullsFirst && k.Desc:
			s += " NULLS LAST"
		}
		out[i] = s
	}
	return out
}

// collated is the COLLATE of a sort key whose collation is not its type's
// (show_sortorder_options).
func collated(t *types.Type) string {
	if t.Collation == 0 || t.Collation == t.OwnCollation() {
		return ""
	}
	if t.Collator != nil {
		return " COLLATE " + types.QuoteIdent(t.Collator.Name)
	}
	if c := types.Builtin().CollationByOID(t.Collation); c != nil {
		return " COLLATE " + types.QuoteIdent(c.Name)
	}
	return ""
}

func (p *printer) subscripts(arg Expr, indexes []SubscriptIndex, slice bool) string {
	var b strings.Builder
	if _, plain := arg.(*Column); plain {
		b.WriteString(p.expr(arg))
	} else {
		b.WriteString("(" + p.expr(arg) + ")")
	}
	for _, ix := range indexes {
		b.WriteString("[")
		if ix.Lower != nil {
			b.WriteString(p.expr(ix.Lower))
		}
		b.WriteString(word(slice, ":"))
		if ix.Upper != nil {
			b.WriteString(p.expr(ix.Upper))
		}
		b.WriteString("]")
	}
	return b.String()
}

func (p *printer) subquery(e *Subquery) string {
	name := subqueryKind(e) + " " + strconv.Itoa(p.number(e))
	switch e.Kind {
	case SubExists:
		return "EXISTS(" + name + ")"
	case SubArray:
		return "ARRAY(" + name + ")"
	case SubAny:
		return "(ANY " + p.expr(e.Test) + " FROM " + name + ")"
	case SubAll:
		return "(ALL " + p.expr(e.Test) + " FROM " + name + ")"
	}
	return "(" + name + ")"
}
