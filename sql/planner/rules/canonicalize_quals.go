package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// canonicalizeQuals simplifies the conditions of filters and joins, for which false
// and NULL are the same (canonicalize_qual of prepqual.c): NULL disappears from OR and
// makes AND false, and what all arms of an OR have in common is taken out of it: (a
// AND b) OR (a AND c) is a AND (b OR c), so that a join's equality that is repeated
// in every arm becomes a condition of its own, which the join can hash.
func canonicalizeQuals(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		switch t := n.(type) {
		case *plan.Filter:
			if cond := findDuplicateOrs(t.Cond); cond != t.Cond {
				return foldFilter(&plan.Filter{Input: t.Input, Cond: cond})
			}
		case *plan.Join:
			if t.On == nil || t.NullAware {
				return n
			}
			if on := findDuplicateOrs(t.On); on != t.On {
				c := *t
				c.On = on
				return &c
			}
		}
		return n
	})
}

// findDuplicateOrs works on the AND and OR at the top of cond, which foldConstants
// left flat. It returns cond itself where there is nothing to do.
func findDuplicateOrs(cond plan.Expr) plan.Expr {
	switch e := cond.(type) {
	case *plan.Or:
		args, changed, decided := withoutConstants(e.Args, true)
		switch {
		case decided != nil:
			return decided
		case len(args) == 0:
			return boolConst(e, false)
		}
		args = pullOrs(args)
		if common, rest := processDuplicateOrs(e, args); common != nil {
			return plan.Conjunction(append(common, plan.Conjuncts(rest)...))
		}
		if !changed {
			return e
		}
		return disjunction(e, args)
	case *plan.And:
		args, changed, decided := withoutConstants(e.Args, false)
		switch {
		case decided != nil:
			return boolConst(e, false)
		case len(args) == 0:
			return boolConst(e, true)
		case !changed:
			return e
		}
		return plan.Conjunction(plan.Conjuncts(plan.Conjunction(args)))
	}
	return cond
}

// withoutConstants treats the arguments of an AND or OR and drops the constants that
// say nothing; decided is one that decides: true in OR, false or NULL in AND.
func withoutConstants(args []plan.Expr, deciding bool) (kept []plan.Expr, changed bool, decided plan.Expr) {
	for _, a := range args {
		arg := findDuplicateOrs(a)
		k, constant := arg.(*plan.Const)
		changed = changed || constant || arg != a
		switch {
		case !constant:
			kept = append(kept, arg)
		case (k.Value == true) == deciding:
			return nil, true, arg
		}
	}
	return kept, changed, nil
}

func boolConst(of plan.Expr, value bool) *plan.Const {
	return &plan.Const{Meta: plan.Meta{Typ: of.Type(), Mod: -1, At: of.Pos()}, Value: value}
}

func pullOrs(args []plan.Expr) []plan.Expr {
	var out []plan.Expr
	for _, a := range args {
		if or, ok := a.(*plan.Or); ok {
			out = append(out, pullOrs(or.Args)...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// disjunction is the OR of args instead of those of or.
func disjunction(or *plan.Or, args []plan.Expr) plan.Expr {
	if len(args) == 1 {
		return args[0]
	}
	return &plan.Or{Meta: or.Meta, Args: args, Restricted: or.Restricted}
}

// processDuplicateOrs returns the conjuncts that all arms share, in the order of the
// shortest arm, and the OR of what is left of the arms, nil where an arm has nothing
// left: then the others do not matter. common is nil where the arms share nothing.
func processDuplicateOrs(or *plan.Or, args []plan.Expr) (common []plan.Expr, rest plan.Expr) {
	shared := sharedConjuncts(args)
	if len(shared) == 0 {
		return nil, nil
	}
	taken := map[string]bool{}
	for _, c := range shortestArm(args) {
		if key := plan.Key(c); shared[key] && !taken[key] {
			common, taken[key] = append(common, c), true
		}
	}
	var arms []plan.Expr
	for _, a := range args {
		var left []plan.Expr
		for _, c := range plan.Conjuncts(a) {
			if !shared[plan.Key(c)] {
				left = append(left, c)
			}
		}
		if len(left) == 0 {
			return common, nil
		}
		arms = append(arms, plan.Conjunction(left))
	}
	return common, disjunction(or, pullOrs(arms))
}

func shortestArm(args []plan.Expr) []plan.Expr {
	best := plan.Conjuncts(args[0])
	for _, a := range args[1:] {
		if arm := plan.Conjuncts(a); len(arm) < len(best) {
			best = arm
		}
	}
	return best
}

// sharedConjuncts are the keys of those that every arm has. A volatile one is never
// the same as another.
func sharedConjuncts(arms []plan.Expr) map[string]bool {
	var shared map[string]bool
	for _, a := range arms {
		own := map[string]bool{}
		for _, c := range plan.Conjuncts(a) {
			if key := plan.Key(c); !plan.IsVolatile(c) && (shared == nil || shared[key]) {
				own[key] = true
			}
		}
		shared = own
	}
	return shared
}
