package gen

import "strings"

// scope is the columns that an expression may name.
type scope struct {
	cols []column
	// keys together tell each row from every other; nil if nothing does.
	keys  []string
	outer *scope // of a correlated subquery
	// aggregated: outside of aggregates only cols may be named; inner is what the
	// arguments of aggregates see.
	inner *scope
	// windowed: window functions may stand here.
	windowed bool
}

type column struct {
	sql string
	typ Type
}

// Gen makes statements over one schema.
type Gen struct {
	*Choices
	schema *Schema
	names  int
	ctes   []*cte
}

// New draws from c.
func New(c *Choices, s *Schema) *Gen { return &Gen{Choices: c, schema: s} }

// expr makes an expression of type t of at most that depth.
func (g *Gen) expr(s *scope, t Type, depth int) string {
	if depth <= 0 {
		return g.leaf(s, t)
	}
	switch k := g.n(12); {
	case k < 4:
		return g.leaf(s, t)
	case k < 9:
		return g.fill(s, pick(g.Choices, productions[t]), t, depth-1)
	case k == 9:
		return g.fill(s, pick(g.Choices, polymorphic), t, depth-1)
	case k == 10:
		return g.special(s, t, depth)
	}
	return g.subquery(s, t, depth)
}

// special is an aggregate or a window function where one may stand.
func (g *Gen) special(s *scope, t Type, depth int) string {
	switch {
	case s.inner != nil:
		return g.aggregate(s, t, depth)
	case s.windowed:
		if w := g.window(s, t); w != "" {
			return w
		}
	}
	return g.fill(s, pick(g.Choices, productions[t]), t, depth-1)
}

func (g *Gen) aggregate(s *scope, t Type, depth int) string {
	return g.fill(s.inner, pick(g.Choices, aggregates[t]), t, min(depth-1, 1))
}

// leaf is a column of the type, or a constant.
func (g *Gen) leaf(s *scope, t Type) string {
	from := s
	if s.outer != nil && g.oneIn(3) {
		from = s.outer
	}
	if !g.oneIn(5) {
		if c := g.columnOf(from, t); c != "" {
			return c
		}
	}
	if g.oneIn(12) {
		return "NULL::" + string(t)
	}
	return literal(g.Choices, t)
}

// fill replaces each {type} of a template.
func (g *Gen) fill(s *scope, template string, self Type, depth int) string {
	var out strings.Builder
	last := ""
	for {
		before, rest, ok := strings.Cut(template, "{")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		typ := Type(name)
		switch {
		case name == "=":
			out.WriteString(last)
			template = after
			continue
		case name == "self":
			typ = self
		case productions[typ] == nil: // a brace of the SQL itself
			out.WriteString("{")
			template = rest
			continue
		}
		last = g.expr(s, typ, depth)
		out.WriteString(last)
		template = after
	}
}

// subquery is a scalar subquery, or a predicate over one.
func (g *Gen) subquery(s *scope, t Type, depth int) string {
	if s.windowed || s.inner != nil || depth < 2 {
		return g.fill(s, pick(g.Choices, productions[t]), t, depth-1)
	}
	if t != Bool {
		sub := g.from(s, 1)
		sub.scope.outer = s
		// Arguments of outer columns alone would make it the outer query's aggregate.
		grouped := &scope{inner: &scope{cols: sub.scope.cols}}
		return "(SELECT " + g.aggregate(grouped, t, 2) + sub.sql + g.where(sub.scope, depth-1) + ")"
	}
	sub := g.from(s, 1)
	sub.scope.outer = s
	where := g.where(sub.scope, depth-1)
	typ := pick(g.Choices, []Type{Int, Text, Date, Numeric})
	item := g.leaf(&scope{cols: sub.scope.cols}, typ)
	switch g.n(6) {
	case 0:
		return "EXISTS (SELECT 1" + sub.sql + where + ")"
	case 1:
		return "NOT EXISTS (SELECT 1" + sub.sql + where + ")"
	case 2:
		return "(" + g.expr(s, typ, 1) + " IN (SELECT " + item + sub.sql + where + "))"
	case 3:
		return "(" + g.expr(s, typ, 1) + " NOT IN (SELECT " + item + sub.sql + where + "))"
	case 4:
		return "(" + g.expr(s, typ, 1) + " >= ALL (SELECT " + item + sub.sql + where + "))"
	}
	return "(" + g.expr(s, typ, 1) + " < ANY (SELECT " + item + sub.sql + where + "))"
}

// window is a window function, "" where the type has none.
func (g *Gen) window(s *scope, t Type) string {
	plain := &scope{cols: s.cols, outer: s.outer}
	over := "PARTITION BY " + g.expr(plain, pick(g.Choices, []Type{Int, Text, Bool}), 1)
	if g.oneIn(3) {
		over = ""
	}
	calls, order, frame := windows[t], g.expr(plain, pick(g.Choices, []Type{Int, Text, Date}), 1), pick(g.Choices, peerFrames)
	if s.keys != nil && g.oneIn(2) {
		calls, frame = orderedWindows[t], pick(g.Choices, frames)
		order += pick(g.Choices, []string{"", " DESC", " NULLS FIRST"}) + ", " + strings.Join(s.keys, ", ")
	}
	if len(calls) == 0 {
		return ""
	}
	call := pick(g.Choices, calls)
	return g.fill(plain, call, t, 1) + " OVER (" + strings.TrimSpace(over+" ORDER BY "+order+" "+frame) + ")"
}
