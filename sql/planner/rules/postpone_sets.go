package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// postponeSets sorts before set-returning functions are run, where the order does not
// look at what they return (make_sort_input_target): fewer rows are sorted, and the
// rows of one set stay together in their order. DISTINCT ON goes with its order: it keeps
// the whole set of a row.
func postponeSets(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(plan.RewriteNodes(n, postponeDistinct), postponeSort)
}

func postponeDistinct(n plan.Node) plan.Node {
	d, ok := n.(*plan.DistinctRows)
	if !ok || d.On == nil {
		return n
	}
	s, ok := d.Input.(*plan.Sort)
	if !ok {
		return n
	}
	on := make([]plan.SortKey, len(d.On))
	for i, e := range d.On {
		on[i].Expr = e
	}
	if below := sortBelow(s.Input, ordering{s.Keys, on}); below != nil {
		return below
	}
	return n
}

func postponeSort(n plan.Node) plan.Node {
	s, ok := n.(*plan.Sort)
	if !ok {
		return n
	}
	if below := sortBelow(s.Input, ordering{keys: s.Keys}); below != nil {
		return below
	}
	return n
}

// ordering is what is done to rows: they are sorted by keys, and if on is not nil, the first
// of those that are alike in it is kept.
type ordering struct{ keys, on []plan.SortKey }

func (o ordering) over(n plan.Node) plan.Node {
	n = &plan.Sort{Input: n, Keys: o.keys}
	if o.on == nil {
		return n
	}
	d := &plan.DistinctRows{Input: n}
	for _, k := range o.on {
		d.On = append(d.On, k.Expr)
	}
	return d
}

// below is the ordering over the input of values; false where it depends on a set or on
// chance.
func (o ordering) below(values []plan.Expr, cols []plan.Col) (out ordering, ok bool) {
	if out.keys = keysBelow(o.keys, values, cols); out.keys == nil {
		return out, false
	}
	if o.on != nil {
		out.on = keysBelow(o.on, values, cols)
	}
	return out, (out.on == nil) == (o.on == nil)
}

// sortBelow is n with its rows ordered before the sets in it are run; nil where there are
// none, or the order depends on them.
func sortBelow(n plan.Node, o ordering) plan.Node {
	switch t := n.(type) {
	case *plan.Project:
		below, ok := o.below(t.Values, t.Cols)
		if !ok {
			return nil
		}
		in := sortBelow(t.Input, below)
		if in == nil {
			return nil
		}
		return t.WithInputs([]plan.Node{in})
	case *plan.ProjectSet:
		below, ok := o.below(t.Values, t.Cols)
		if !ok {
			return nil
		}
		return t.WithInputs([]plan.Node{below.over(t.Input)})
	}
	return nil
}

// keysBelow are sort keys over the input of values; nil where one depends on a set or
// on chance.
func keysBelow(keys []plan.SortKey, values []plan.Expr, cols []plan.Col) []plan.SortKey {
	by := map[plan.ColumnID]plan.Expr{}
	for i, c := range cols {
		by[c.ID] = values[i]
	}
	out := make([]plan.SortKey, len(keys))
	for i, k := range keys {
		for id := range plan.ColumnsOf(k.Expr) {
			if v := by[id]; v != nil && (plan.IsVolatile(v) || hasSet(v)) {
				return nil
			}
		}
		out[i] = k
		out[i].Expr = plan.Rewrite(k.Expr, func(e plan.Expr) plan.Expr {
			if c, ok := e.(*plan.Column); ok && by[c.ID] != nil {
				return by[c.ID]
			}
			return e
		})
	}
	return out
}

func hasSet(e plan.Expr) bool {
	found := false
	plan.Walk(e, func(e plan.Expr) bool {
		if _, ok := e.(*plan.SetReturning); ok {
			found = true
		}
		return !found
	})
	return found
}
