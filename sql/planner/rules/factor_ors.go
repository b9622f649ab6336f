package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// factorOrs takes what all arms of an OR have in common out of it: (a AND b) OR (a
// AND c) is a AND (b OR c). A join's equality that is repeated in every arm becomes a
// condition of its own, which the join can hash (find_duplicate_ors of prepqual.c).
func factorOrs(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		switch t := n.(type) {
		case *plan.Filter:
			if cond := factor(t.Cond); cond != t.Cond {
				return &plan.Filter{Input: t.Input, Cond: cond}
			}
		case *plan.Join:
			if on := factor(t.On); on != t.On && !t.NullAware {
				c := *t
				c.On = on
				return &c
			}
		}
		return n
	})
}

// factor returns cond itself where there is nothing to take out.
func factor(cond plan.Expr) plan.Expr {
	var out []plan.Expr
	changed := false
	for _, c := range plan.Conjuncts(cond) {
		if or, ok := c.(*plan.Or); ok {
			if common, rest := factorOr(or); len(common) > 0 {
				out, changed = append(append(out, common...), plan.Conjuncts(rest)...), true
				continue
			}
		}
		out = append(out, c)
	}
	if !changed {
		return cond
	}
	return plan.Conjunction(out)
}

// factorOr returns the conjuncts that all arms share and the OR of what is left of
// the arms, nil where an arm has nothing left: then the others do not matter.
func factorOr(or *plan.Or) (common []plan.Expr, rest plan.Expr) {
	shared := sharedConjuncts(or.Args)
	for _, c := range plan.Conjuncts(or.Args[0]) {
		if shared[plan.Key(c)] {
			common = append(common, c)
		}
	}
	if len(common) == 0 {
		return nil, nil
	}
	var arms []plan.Expr
	for _, a := range or.Args {
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
	return common, &plan.Or{Meta: or.Meta, Args: arms}
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
