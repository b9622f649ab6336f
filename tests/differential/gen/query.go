package gen

import (
	"fmt"
	"strings"
)

// relation is FROM and what it brings into scope.
type relation struct {
	sql   string
	scope *scope
}

// cte is a common table expression in scope.
type cte struct {
	name string
	cols []column
}

// name returns a fresh alias.
func (g *Gen) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// from makes FROM with up to that many items; outer is what LATERAL may see beside
// them.
func (g *Gen) from(outer *scope, most int) relation {
	r := g.item(outer, 0)
	for n := g.n(most); n > 0; n-- {
		if g.oneIn(6) {
			r = g.lateral(r)
			continue
		}
		r = g.join(r, g.item(outer, 1))
	}
	return relation{sql: " FROM " + r.sql, scope: r.scope}
}

// item is a table, a CTE, or a derived table.
func (g *Gen) item(outer *scope, depth int) relation {
	alias := g.name("r")
	switch k := g.n(9); {
	case k == 8:
		return g.function(alias)
	case k == 7 && len(g.ctes) > 0:
		c := pick(g.Choices, g.ctes)
		return named(c.name+" AS "+alias, alias, c.cols, false)
	case k == 6 && depth == 0:
		sub, types := g.selectStatement(nil, 1, pickTypes(g, 3))
		return named("("+sub+") AS "+alias+" ("+columnNames(len(types))+")", alias, numbered(types), false)
	case k == 5:
		return named(fmt.Sprintf("generate_series(1, %d) AS %s (c0)", 1+g.n(4), alias), alias, []column{{"c0", Int}}, true)
	case k == 4:
		return g.valuesItem(alias)
	}
	t := pick(g.Choices, g.schema.Tables)
	var cols []column
	for _, c := range t.Columns {
		cols = append(cols, column{c.Name, c.Type})
	}
	r := named(t.Name+" AS "+alias, alias, cols, false)
	r.scope.keys = []string{alias + ".id"}
	return r
}

// function is a set-returning function in FROM.
func (g *Gen) function(alias string) relation {
	f := pick(g.Choices, tableFunctions)
	call := g.fill(&scope{}, f.call, Int, 1)
	return named(call+" AS "+alias+" ("+columnNames(len(f.types))+")", alias, numbered(f.types), false)
}

func (g *Gen) valuesItem(alias string) relation {
	types := pickTypes(g, 2)
	var rows []string
	for range 1 + g.n(3) {
		var row []string
		for _, t := range types {
			row = append(row, literal(g.Choices, t))
		}
		rows = append(rows, "("+strings.Join(row, ", ")+")")
	}
	return named("(VALUES "+strings.Join(rows, ", ")+") AS "+alias+" ("+columnNames(len(types))+")", alias, numbered(types), false)
}

// named qualifies the columns by the alias.
func named(sql, alias string, cols []column, firstIsKey bool) relation {
	s := &scope{}
	for _, c := range cols {
		s.cols = append(s.cols, column{alias + "." + c.sql, c.typ})
	}
	if firstIsKey {
		s.keys = []string{s.cols[0].sql}
	}
	return relation{sql: sql, scope: s}
}

func pickTypes(g *Gen, n int) []Type {
	out := []Type{Int}
	for len(out) < n {
		out = append(out, pick(g.Choices, Types))
	}
	return out
}

func columnNames(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(names, ", ")
}

func numbered(types []Type) []column {
	out := make([]column, len(types))
	for i, t := range types {
		out[i] = column{fmt.Sprintf("c%d", i), t}
	}
	return out
}

var joinKinds = []string{"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"}

func (g *Gen) join(l, r relation) relation {
	both := &scope{cols: append(append([]column{}, l.scope.cols...), r.scope.cols...)}
	if l.scope.keys != nil && r.scope.keys != nil {
		both.keys = append(append([]string{}, l.scope.keys...), r.scope.keys...)
	}
	kind := pick(g.Choices, joinKinds)
	sql := l.sql + " " + kind + " " + r.sql
	switch kind {
	case "CROSS JOIN":
	case "FULL JOIN": // PostgreSQL wants a condition that can be merged or hashed
		sql += " ON " + g.equality(l.scope, r.scope)
	default:
		sql += " ON " + g.joinCondition(l.scope, r.scope, both)
	}
	return relation{sql: sql, scope: both}
}

// columnOf is a column of the type, "" if there is none. Every item of FROM has one
// of int4.
func (g *Gen) columnOf(s *scope, t Type) string {
	var cols []string
	for _, c := range s.cols {
		if c.typ == t {
			cols = append(cols, c.sql)
		}
	}
	if len(cols) == 0 {
		return ""
	}
	return pick(g.Choices, cols)
}

// lateral joins a subquery or a function that sees the items before it.
func (g *Gen) lateral(l relation) relation {
	alias := g.name("l")
	inner := &scope{cols: l.scope.cols}
	var r relation
	if g.n(2) == 0 {
		f := pick(g.Choices, tableFunctions)
		call := g.fill(inner, f.call, Int, 1)
		r = named("LATERAL "+call+" AS "+alias+" ("+columnNames(len(f.types))+")", alias, numbered(f.types), false)
	} else {
		sub, types := g.selectStatement(inner, 1, pickTypes(g, 2))
		r = named("LATERAL ("+sub+") AS "+alias+" ("+columnNames(len(types))+")", alias, numbered(types), false)
	}
	both := &scope{cols: append(append([]column{}, l.scope.cols...), r.scope.cols...)}
	if g.n(2) == 0 {
		return relation{sql: l.sql + " CROSS JOIN " + r.sql, scope: both}
	}
	return relation{sql: l.sql + " LEFT JOIN " + r.sql + " ON " + g.expr(both, Bool, 1), scope: both}
}

func (g *Gen) equality(l, r *scope) string {
	t := pick(g.Choices, []Type{Int, Text, Date, Big, Bool})
	a, b := g.columnOf(l, t), g.columnOf(r, t)
	if a == "" || b == "" {
		a, b = g.columnOf(l, Int), g.columnOf(r, Int)
	}
	return a + " = " + b
}

func (g *Gen) joinCondition(l, r, both *scope) string {
	switch g.n(4) {
	case 0, 1:
		return g.equality(l, r)
	case 2:
		return g.equality(l, r) + " AND " + g.expr(both, Bool, 1)
	}
	return g.expr(both, Bool, 2)
}

func (g *Gen) where(s *scope, depth int) string {
	if g.n(3) == 0 {
		return ""
	}
	return " WHERE " + g.expr(s, Bool, min(depth, 3))
}

// Query makes a SELECT with all that may stand around one. ordered says that its
// rows come in a certain order.
func (g *Gen) Query() (sql string, ordered bool) {
	with := g.with()
	var types []Type
	for range 1 + g.n(4) {
		types = append(types, pick(g.Choices, Types))
	}
	body, types := g.setOperation(types)
	tail, ordered := g.tail(types)
	return with + body + tail, ordered
}

func (g *Gen) with() string {
	if !g.oneIn(4) {
		return ""
	}
	var defs []string
	for range 1 + g.n(2) {
		name := g.name("w")
		sub, types := g.selectStatement(nil, 2, pickTypes(g, 2))
		hint := pick(g.Choices, []string{"", "MATERIALIZED ", "NOT MATERIALIZED "})
		defs = append(defs, name+" ("+columnNames(len(types))+") AS "+hint+"("+sub+")")
		g.ctes = append(g.ctes, &cte{name: name, cols: numbered(types)})
	}
	if g.oneIn(4) {
		name := g.name("w")
		defs = append(defs, fmt.Sprintf("%s (c0) AS (SELECT 1 UNION ALL SELECT c0 + 1 FROM %s WHERE c0 < %d)", name, name, 2+g.n(5)))
		g.ctes = append(g.ctes, &cte{name: name, cols: []column{{"c0", Int}}})
		return "WITH RECURSIVE " + strings.Join(defs, ", ") + " "
	}
	return "WITH " + strings.Join(defs, ", ") + " "
}

func (g *Gen) setOperation(types []Type) (string, []Type) {
	operations := 0
	for g.oneIn(6) {
		operations++
	}
	if operations > 0 {
		types = exact(types)
	}
	body, types := g.selectStatement(nil, 3, types)
	for range operations {
		op := pick(g.Choices, []string{" UNION ALL ", " UNION ", " INTERSECT ", " EXCEPT ", " EXCEPT ALL ", " INTERSECT ALL "})
		right, _ := g.selectStatement(nil, 2, types)
		body = "(" + body + ")" + op + "(" + right + ")"
	}
	return body, types
}

// tail is ORDER BY, LIMIT and OFFSET over all columns, so that no tie is left. WITH
// TIES is left out: PostgreSQL 15 fails with it over min() and max().
func (g *Gen) tail(types []Type) (string, bool) {
	if g.n(3) > 0 {
		return "", false
	}
	total := true
	var keys []string
	for i, t := range types {
		total = total && t.sortsAsText()
		keys = append(keys, fmt.Sprint(i+1)+pick(g.Choices, []string{"", " DESC", " NULLS FIRST", " DESC NULLS LAST"}))
	}
	tail := " ORDER BY " + strings.Join(keys, ", ")
	if total && g.oneIn(3) {
		tail += pick(g.Choices, []string{" LIMIT 3", " LIMIT 2 OFFSET 1", " OFFSET 2", " FETCH FIRST 2 ROWS ONLY"})
	}
	return tail, total
}

// selectStatement makes one SELECT of the given types.
func (g *Gen) selectStatement(outer *scope, depth int, types []Type) (string, []Type) {
	r := g.from(outer, 1+depth)
	r.scope.outer = outer
	where := g.where(r.scope, depth)
	switch k := g.n(6); {
	case k < 3:
		return g.plain(r, where, types, depth), types
	case k < 5:
		return g.grouped(r, where, types), types
	case g.oneIn(3) && r.scope.keys != nil:
		return g.distinctOn(r, where, types), types
	}
	types = exact(types)
	return g.distinct(r, where, types), types
}

// exact replaces the types that have equal values with different texts: which of
// them stands for the others is open.
func exact(types []Type) []Type {
	out := make([]Type, len(types))
	for i, t := range types {
		if out[i] = t; !t.sortsAsText() {
			out[i] = Int
		}
	}
	return out
}

func (g *Gen) plain(r relation, where string, types []Type, depth int) string {
	s := *r.scope
	s.windowed = g.oneIn(3)
	return "SELECT " + g.list(&s, types, min(depth, 3)) + r.sql + where
}

// distinctOn keeps one row of each group, which a total order decides.
func (g *Gen) distinctOn(r relation, where string, types []Type) string {
	key := g.expr(r.scope, pick(g.Choices, []Type{Int, Text, Date, Bool}), 1)
	return "SELECT DISTINCT ON (" + key + ") " + g.list(r.scope, types, 1) + r.sql + where +
		" ORDER BY " + key + pick(g.Choices, []string{"", " DESC", " NULLS FIRST"}) + ", " + strings.Join(r.scope.keys, ", ")
}

func (g *Gen) distinct(r relation, where string, types []Type) string {
	return "SELECT DISTINCT " + g.list(r.scope, types, 2) + r.sql + where
}

func (g *Gen) list(s *scope, types []Type, depth int) string {
	items := make([]string, len(types))
	for i, t := range types {
		items[i] = g.expr(s, t, depth)
		if g.oneIn(5) {
			items[i] += fmt.Sprintf(" AS x%d", i)
		}
	}
	return strings.Join(items, ", ")
}

// grouped is a SELECT with GROUP BY, or with aggregates alone.
func (g *Gen) grouped(r relation, where string, types []Type) string {
	s := &scope{inner: r.scope}
	var keys []string
	for range g.n(3) {
		t := pick(g.Choices, []Type{Int, Text, Bool, Date, UUID})
		key := g.columnOf(r.scope, t)
		if key == "" {
			continue
		}
		keys = append(keys, key)
		s.cols = append(s.cols, column{key, t})
	}
	items := make([]string, len(types))
	for i, t := range types {
		items[i] = g.groupedItem(s, t)
	}
	sql := "SELECT " + strings.Join(items, ", ") + r.sql + where + g.groupBy(keys)
	if g.oneIn(4) {
		sql += " HAVING " + g.aggregate(s, Bool, 2)
	}
	return sql
}

func (g *Gen) groupedItem(s *scope, t Type) string {
	if g.n(2) == 0 {
		return g.aggregate(s, t, 2)
	}
	return g.expr(s, t, 2)
}

func (g *Gen) groupBy(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	list := strings.Join(keys, ", ")
	switch g.n(6) {
	case 4:
		return " GROUP BY ROLLUP (" + list + ")"
	case 5:
		return " GROUP BY GROUPING SETS ((" + list + "), (" + keys[0] + "), ())"
	case 3:
		return " GROUP BY CUBE (" + list + ")"
	}
	return " GROUP BY " + list
}
