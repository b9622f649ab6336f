package bind

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// deriveSubquery: the test of ANY is an expression like any other; the result
// has the collation of the subquery's column.
func (b *binder) deriveSubquery(e *plan.Subquery) (plan.Expr, collateState) {
	out, _ := b.deriveChildren(e)
	if e.Kind == plan.SubScalar {
		return b.ownCollation(out)
	}
	if e.Kind != plan.SubArray || !e.Typ.Collatable() {
		return out, collateState{}
	}
	c := e.Plan.Columns()[0].Type.Collation
	if c == 0 {
		return b.resultCollation(out, collateState{strength: collateConflict})
	}
	return b.resultCollation(out, collateState{collation: c, strength: collateImplicit, pos: e.At})
}

// deriveRowCompare: each pair has a collation of its own.
func (b *binder) deriveRowCompare(e *plan.RowCompare) plan.Expr {
	out := *e
	out.Left, out.Right = make([]plan.Expr, len(e.Left)), make([]plan.Expr, len(e.Right))
	for i := range e.Left {
		l, ls := b.derive(e.Left[i])
		r, rs := b.derive(e.Right[i])
		b.merge(&ls, rs)
		b.checkInput(comparisonUse, []plan.Expr{l, r}, ls, e.At)
		out.Left[i], out.Right[i] = b.operand(l, ls), b.operand(r, ls)
	}
	return &out
}

func (b *binder) deriveDistinct(e *plan.Distinct) plan.Expr {
	eq, _ := b.derive(e.Eq)
	out := *e
	out.Eq = eq.(*plan.Call)
	out.Left, out.Right = out.Eq.Args[0], out.Eq.Args[1]
	return &out
}

func (b *binder) deriveNullIf(e *plan.NullIf) (plan.Expr, collateState) {
	l, st := b.derive(e.Left)
	r, rs := b.derive(e.Right)
	eq, _ := b.derive(e.Eq)
	b.merge(&st, rs)
	out := *e
	out.Left, out.Right, out.Eq = l, r, eq.(*plan.Call)
	return b.resultCollation(&out, st)
}

// deriveCase: neither the operand nor the conditions matter to the result.
func (b *binder) deriveCase(e *plan.Case) (plan.Expr, collateState) {
	out := *e
	st := collateState{}
	if e.Operand != nil {
		out.Operand, _ = b.derive(e.Operand)
	}
	result := func(r plan.Expr) plan.Expr {
		r, one := b.derive(r)
		b.merge(&st, one)
		return r
	}
	out.Whens = make([]plan.When, len(e.Whens))
	for i, w := range e.Whens {
		out.Whens[i].Cond, _ = b.derive(w.Cond)
		out.Whens[i].Result = result(w.Result)
	}
	out.Else = result(e.Else)
	return b.resultCollation(&out, st)
}

// deriveSubscript: the subscripts don't matter to the result.
func (b *binder) deriveSubscript(e *plan.Subscript) (plan.Expr, collateState) {
	children := e.Children()
	st := collateState{}
	for i, c := range children {
		out, one := b.derive(c)
		children[i] = out
		if i == 0 {
			st = one
		}
	}
	return b.resultCollation(e.WithChildren(children), st)
}

// collateAggregate is assign_aggregate_collations and, for an ordered-set
// aggregate, assign_ordered_set_collations: each sort key has its own collation
// unless there is but one.
func (b *binder) collateAggregate(agg *plan.Agg) collateState {
	st := collateState{}
	direct := len(agg.Args) - len(aggregatedArgs(agg))
	together := direct == 0 && agg.Func.Agg.OrderedSet != 'o' && agg.Func.Agg.OrderedSet != 'h' || len(agg.Args)-direct == 1
	args := make([]plan.Expr, len(agg.Args))
	for i, a := range agg.Args {
		var one collateState
		args[i], one = b.derive(a)
		if i < direct || together {
			b.merge(&st, one)
		}
	}
	b.checkInput(collationUse(agg.Func), args, st, agg.At)
	for i, a := range args {
		if together {
			args[i] = b.operand(a, st)
		}
	}
	for i, k := range agg.Order {
		for j, a := range agg.Args {
			if k.Expr == a {
				agg.Order[i].Expr = args[j]
			}
		}
	}
	agg.Args = args
	return b.collateResult(&agg.Meta, st)
}

// collateWindow is the same for a window function.
func (b *binder) collateWindow(w *plan.Win) collateState {
	st := collateState{}
	for i, a := range w.Args {
		var one collateState
		w.Args[i], one = b.derive(a)
		b.merge(&st, one)
	}
	b.checkInput(collationUse(w.Func), w.Args, st, w.At)
	for i, a := range w.Args {
		w.Args[i] = b.operand(a, st)
	}
	return b.collateResult(&w.Meta, st)
}

// collateResult gives the result of a call its collation.
func (b *binder) collateResult(m *plan.Meta, st collateState) collateState {
	own := b.typ(m.Typ.OID).Collation
	switch {
	case own == 0:
		return collateState{}
	case st.strength == collateNone:
		return collateState{collation: own, strength: collateImplicit, pos: m.At}
	case st.strength == collateConflict:
		m.Typ = types.Indeterminate(m.Typ)
	default:
		m.Typ = b.collated(m.Typ, st.collation)
	}
	return st
}

// rememberCollation keeps how strong the collation of a call is that stands as
// a column in its expression.
func (b *binder) rememberCollation(id plan.ColumnID, st collateState) {
	if st.strength != collateNone {
		b.collations[id] = st
	}
}

const (
	comparisonUse = "string comparison"
	hashingUse    = "string hashing"
)

// collationUses is what a function needs a collation for, in the words of its
// error, by prosrc; "" where it does without.
var collationUses = map[string]string{
	"lower": "lower() function", "upper": "upper() function", "initcap": "initcap() function",
	"textlike": "LIKE", "textnlike": "LIKE", "bpcharlike": "LIKE", "bpcharnlike": "LIKE", "namelike": "LIKE", "namenlike": "LIKE",
	"texticlike": "ILIKE", "texticnlike": "ILIKE", "bpchariclike": "ILIKE", "bpcharicnlike": "ILIKE", "nameiclike": "ILIKE",
	"nameicnlike": "ILIKE",
}

func init() {
	for _, prefix := range []string{"text", "bpchar", "name"} {
		for _, op := range []string{"regexeq", "regexne", "icregexeq", "icregexne"} {
			collationUses[prefix+op] = "regular expression"
		}
	}
	for _, f := range []string{
		"texteq", "textne", "text_lt", "text_le", "text_gt", "text_ge", "bttextcmp", "text_larger", "text_smaller",
		"bpchareq", "bpcharne", "bpcharlt", "bpcharle", "bpchargt", "bpcharge", "bpcharcmp", "bpchar_larger", "bpchar_smaller",
		"nameeqtext", "namenetext", "namelttext", "nameletext", "namegttext", "namegetext",
		"texteqname", "textnename", "textltname", "textlename", "textgtname", "textgename",
		"nameeq", "namene", "namelt", "namele", "namegt", "namege", "textpos",
		"array_eq", "array_ne", "array_lt", "array_le", "array_gt", "array_ge", "array_larger", "array_smaller",
	} {
		collationUses[f] = comparisonUse
	}
	for _, f := range []string{"textregexsubstr", "textregexreplace_noopt", "textregexreplace", "textregexreplace_extended",
		"textregexreplace_extended_no_n", "textregexreplace_extended_no_flags", "regexp_match", "regexp_match_no_flags", "regexp_matches",
		"regexp_matches_no_flags", "regexp_split_to_table", "regexp_split_to_table_no_flags", "regexp_split_to_array",
		"regexp_split_to_array_no_flags", "regexp_like", "regexp_like_no_flags", "regexp_count", "regexp_instr", "regexp_substr"} {
		collationUses[f] = "regular expression"
	}
}

func collationUse(f *funcs.Func) string {
	if f.User {
		return ""
	}
	if f.Kind == funcs.Aggregate && (f.Name == "min" || f.Name == "max") {
		return comparisonUse
	}
	return collationUses[f.Source]
}
