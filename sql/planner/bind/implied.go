package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// implied is predicate_implied_by: every row that satisfies all clauses satisfies
// the predicate. It may say no where the answer is yes.
func implied(clauses []plan.Expr, predicate plan.Expr) bool {
	for _, p := range conjuncts(predicate) {
		if !impliedOne(clauses, p) {
			return false
		}
	}
	return true
}

// impliedOne is implied for a predicate that is no AND.
func impliedOne(clauses []plan.Expr, p plan.Expr) bool {
	for _, c := range clauses {
		if clauseImplies(c, p) {
			return true
		}
	}
	alternatives := disjuncts(p)
	return len(alternatives) > 1 && slices.ContainsFunc(alternatives, func(p plan.Expr) bool { return implied(clauses, p) })
}

func clauseImplies(c, p plan.Expr) bool {
	if alternatives := disjuncts(c); len(alternatives) > 1 {
		return !slices.ContainsFunc(alternatives, func(c plan.Expr) bool { return !implied(conjuncts(c), p) })
	}
	return plan.Key(c) == plan.Key(p) || impliesNotNull(c, p) || compares(c, p)
}

// conjuncts are the conditions of a nested AND.
func conjuncts(e plan.Expr) []plan.Expr { return flattened(e, false) }

// disjuncts are the conditions of a nested OR.
func disjuncts(e plan.Expr) []plan.Expr { return flattened(e, true) }

func flattened(e plan.Expr, or bool) []plan.Expr {
	var args []plan.Expr
	switch e := e.(type) {
	case *plan.And:
		if or {
			return []plan.Expr{e}
		}
		args = e.Args
	case *plan.Or:
		if !or {
			return []plan.Expr{e}
		}
		args = e.Args
	default:
		return []plan.Expr{e}
	}
	var out []plan.Expr
	for _, a := range args {
		out = append(out, flattened(a, or)...)
	}
	return out
}

// impliesNotNull: a strict condition that holds has no NULL among its operands.
func impliesNotNull(c, p plan.Expr) bool {
	test, ok := p.(*plan.NullTest)
	if !ok || !test.Not || test.RowWise {
		return false
	}
	call, ok := c.(*plan.Call)
	if !ok || call.Func.NotStrict {
		return false
	}
	key := plan.Key(test.Arg)
	return slices.ContainsFunc(call.Args, func(a plan.Expr) bool { return plan.Key(a) == key })
}

// compares is operator_predicate_proof for two comparisons of one expression with
// constants of its type.
func compares(c, p plan.Expr) bool {
	cc, ok := comparisonOf(c)
	if !ok {
		return false
	}
	pc, ok := comparisonOf(p)
	if !ok || cc.operand != pc.operand || cc.typ.OID != pc.typ.OID || !sortable(cc.typ) {
		return false
	}
	d := cc.typ.Compare(cc.value, pc.value)
	switch pc.op {
	case "=":
		return cc.op == "=" && d == 0
	case "<>":
		return cc.op == "=" && d != 0 || cc.op == "<>" && d == 0 || belowOp[cc.op] && (d < 0 || d == 0 && cc.op == "<") || aboveOp[cc.op] && (d > 0 || d == 0 && cc.op == ">")
	case "<":
		return cc.op == "<" && d <= 0 || (cc.op == "<=" || cc.op == "=") && d < 0
	case "<=":
		return (belowOp[cc.op] || cc.op == "=") && d <= 0
	case ">":
		return cc.op == ">" && d >= 0 || (cc.op == ">=" || cc.op == "=") && d > 0
	}
	return (aboveOp[cc.op] || cc.op == "=") && d >= 0
}

var (
	belowOp = map[string]bool{"<": true, "<=": true}
	aboveOp = map[string]bool{">": true, ">=": true}
	// turned are the operators with their operands exchanged.
	turned = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
)

// sortable: a btree operator class says that =, < and their like are one order.
func sortable(t *types.Type) bool {
	return t.Compare != nil && opclass.Default(opclass.FindMethod(opclass.BTree), t) != nil
}

// comparison is operand op value.
type comparison struct {
	operand string // its plan.Key
	op      string
	typ     *types.Type
	value   any
}

func comparisonOf(e plan.Expr) (comparison, bool) {
	call, ok := e.(*plan.Call)
	if !ok || len(call.Args) != 2 || call.Op == nil || turned[call.Op.Name] == "" || !call.Op.Known() {
		return comparison{}, false
	}
	if v, ok := call.Args[1].(*plan.Const); ok && v.Value != nil {
		return comparison{plan.Key(call.Args[0]), call.Op.Name, v.Typ, v.Value}, true
	}
	if v, ok := call.Args[0].(*plan.Const); ok && v.Value != nil {
		return comparison{plan.Key(call.Args[1]), turned[call.Op.Name], v.Typ, v.Value}, true
	}
	return comparison{}, false
}
