package gen

import (
	"fmt"
	"strings"
)

// merge is MERGE, and what it leaves behind. Each row of the target meets one row of
// the source at most, but where it is to fail.
func (g *Gen) merge() Script {
	t, other := pick(g.Choices, g.schema.Tables), pick(g.Choices, g.schema.Tables)
	target, source := tableScope(t, "t."), tableScope(other, "s.")
	both := joinScopes(target, source)
	on := "t.id = s.id"
	switch g.n(4) {
	case 1:
		on = "t.id = s.id + 1"
	case 2:
		on += " AND " + g.expr(both, Bool, 1)
	}
	sql := "MERGE INTO " + t.Name + " AS t USING " + g.mergeSource(other) + " AS s ON " + on
	for range 1 + g.n(3) {
		if g.n(2) == 0 {
			sql += " WHEN MATCHED" + g.mergeCondition(both) + " THEN " + g.mergeMatched(t, both)
		} else {
			sql += " WHEN NOT MATCHED" + g.mergeCondition(source) + " THEN " + g.mergeInsert(t, source)
		}
	}
	return block(sql, "SELECT * FROM "+t.Name)
}

func (g *Gen) mergeSource(other *Table) string {
	switch g.n(3) {
	case 1:
		return "(SELECT * FROM " + other.Name + " WHERE id < 5)"
	case 2:
		return "(SELECT * FROM " + other.Name + g.where(tableScope(other, ""), 1) + ")"
	}
	return other.Name
}

func (g *Gen) mergeCondition(s *scope) string {
	if g.n(2) == 0 {
		return ""
	}
	return " AND " + g.expr(s, Bool, 1)
}

func (g *Gen) mergeMatched(t *Table, both *scope) string {
	switch g.n(4) {
	case 0:
		return "DO NOTHING"
	case 1:
		return "DELETE"
	}
	return "UPDATE" + g.set(t, both)
}

func (g *Gen) mergeInsert(t *Table, source *scope) string {
	if g.n(3) == 0 {
		return "DO NOTHING"
	}
	names, values := []string{"id"}, []string{"s.id + 300"}
	for _, c := range t.Columns[1:] {
		value := g.expr(source, c.Type, 1)
		if c.NotNull {
			value = "coalesce(" + value + ", " + literal(g.Choices, c.Type) + ")"
		} else if g.oneIn(5) {
			value = "DEFAULT"
		}
		names, values = append(names, c.Name), append(values, value)
	}
	return "INSERT (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")"
}

func joinScopes(a, b *scope) *scope {
	return &scope{cols: append(append([]column{}, a.cols...), b.cols...)}
}

// withChanges is a query over data-modifying CTEs, which see the tables as they were
// before.
func (g *Gen) withChanges() Script {
	t := pick(g.Choices, g.schema.Tables)
	second := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "")
	var first string
	switch g.n(4) {
	case 0:
		first = "INSERT INTO " + t.Name + " VALUES " + g.row(t, "401") + ", " + g.row(t, "402")
	case 1:
		first = "UPDATE " + t.Name + g.set(t, s) + g.where(s, 1)
	case 2:
		first = "DELETE FROM " + t.Name + g.where(s, 1)
	case 3:
		first = "INSERT INTO " + t.Name + " VALUES " + g.row(t, "1") + " ON CONFLICT (id) DO UPDATE" + g.set(t, tableScope(t, t.Name+"."))
	}
	with := "WITH a AS (" + first + " RETURNING *)"
	after := []string{"SELECT * FROM " + t.Name}
	switch g.n(6) {
	case 0:
		return block(append([]string{with + " SELECT count(*), min(id), max(id) FROM a"}, after...)...)
	case 1:
		return block(append([]string{with + " SELECT * FROM a JOIN " + second.Name + " AS b ON a.id = b.id"}, after...)...)
	case 2:
		if second != t {
			both := joinScopes(tableScope(second, second.Name+"."), tableScope(t, "a."))
			sql := with + " UPDATE " + second.Name + g.set(second, both) + " FROM a WHERE a.id = " + second.Name + ".id RETURNING a.*"
			return block(append([]string{sql, "SELECT * FROM " + second.Name}, after...)...)
		}
	case 3:
		if second != t {
			sql := with + ", b AS (DELETE FROM " + second.Name + " USING a WHERE a.id = " + second.Name + ".id RETURNING " + second.Name + ".id) SELECT count(*) FROM b"
			return block(append([]string{sql, "SELECT * FROM " + second.Name}, after...)...)
		}
	case 4:
		return block(append([]string{with + " INSERT INTO " + t.Name + " (id" + g.notNullNames(t) + ") SELECT id + 1000" + g.notNullValues(t) + " FROM a RETURNING id"}, after...)...)
	}
	return block(append([]string{with + " SELECT x.id, (SELECT count(*) FROM a) FROM " + t.Name + " AS x"}, after...)...)
}

func (g *Gen) notNullNames(t *Table) string {
	out := ""
	for _, c := range t.Columns[1:] {
		if c.NotNull {
			out += ", " + c.Name
		}
	}
	return out
}

func (g *Gen) notNullValues(t *Table) string {
	out := ""
	for _, c := range t.Columns[1:] {
		if c.NotNull {
			out += ", " + literal(g.Choices, c.Type)
		}
	}
	return out
}

// groupingAndSets are nested set operations, several grouping clauses, recursion and
// sets in the select list.
func (g *Gen) groupingAndSets() Script {
	switch g.n(4) {
	case 0:
		return single(g.groupingClauses())
	case 1:
		return single(g.nestedSets(3))
	case 2:
		return single(g.recursive())
	}
	return single(g.setsInSelectList())
}

func (g *Gen) groupingClauses() string {
	r := g.from(nil, 2)
	var keys []string
	for _, t := range []Type{Int, Text, Date, Bool, Int} {
		if c := g.columnOf(r.scope, t); c != "" {
			keys = append(keys, c)
		}
	}
	if len(keys) == 0 {
		return g.nestedSets(2)
	}
	key := func() string { return pick(g.Choices, keys) }
	var grouping func(depth int) string
	grouping = func(depth int) string {
		switch k := g.n(6); {
		case k == 0 || depth == 0:
			return key()
		case k == 1:
			return "ROLLUP (" + key() + ", " + key() + ")"
		case k == 2:
			return "CUBE (" + key() + ", (" + key() + ", " + key() + "))"
		case k == 3:
			return "()"
		case k == 4:
			return "GROUPING SETS (" + grouping(depth-1) + ", " + grouping(depth-1) + ", ())"
		}
		return "(" + key() + ", " + key() + ")"
	}
	// A grouped column may stand in the list and be asked for.
	k := keys[0]
	groups := "GROUPING SETS ((" + k + "), (" + k + ", " + key() + "), ()), " + grouping(2)
	if g.oneIn(4) {
		groups = "DISTINCT " + groups
	}
	inner := &scope{cols: r.scope.cols}
	items := k + ", grouping(" + k + "), count(*), " + g.aggregate(&scope{inner: inner}, Int, 1) + ", " + g.aggregate(&scope{inner: inner}, Text, 1)
	sql := "SELECT " + items + r.sql + g.where(r.scope, 1) + " GROUP BY " + groups
	if g.oneIn(3) {
		sql += " HAVING grouping(" + k + ") = 0 OR " + g.aggregate(&scope{inner: inner}, Bool, 1)
	}
	return sql
}

func (g *Gen) nestedSets(depth int) string {
	types := []Type{Int, pick(g.Choices, []Type{Text, Date, Bool, Big})}
	var tree func(depth int) string
	tree = func(depth int) string {
		if depth == 0 || g.n(3) == 0 {
			if g.oneIn(4) {
				return "VALUES (" + literal(g.Choices, types[0]) + ", " + literal(g.Choices, types[1]) + "), (" + literal(g.Choices, types[0]) + ", NULL)"
			}
			sql, _ := g.selectStatement(nil, 1, types)
			return "(" + sql + ")"
		}
		op := pick(g.Choices, []string{" UNION ALL ", " UNION ", " INTERSECT ", " EXCEPT ", " EXCEPT ALL ", " INTERSECT ALL "})
		out := tree(depth-1) + op + tree(depth-1)
		if g.n(2) == 0 {
			out = "(" + out + ")"
		}
		if g.oneIn(5) {
			out = "(" + out + " ORDER BY 1, 2 LIMIT 3)"
		}
		return out
	}
	return tree(depth)
}

func (g *Gen) recursive() string {
	t := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "t.")
	union := pick(g.Choices, []string{"UNION ALL", "UNION"})
	sql := fmt.Sprintf("WITH RECURSIVE r (id, n, v) AS (SELECT id, 0, %s FROM %s AS t%s %s SELECT t.id, r.n + 1, %s FROM %s AS t JOIN r ON t.id = r.id %s WHERE r.n < %d)",
		g.expr(s, Int, 1), t.Name, g.where(s, 1), union, pick(g.Choices, []string{"r.v % 10 + 1", "r.v", "t.id", "r.n"}), t.Name, pick(g.Choices, []string{"+ 1", "", "* 2", "- 1"}), 1+g.n(4))
	switch g.n(4) {
	case 1:
		sql += " SEARCH DEPTH FIRST BY id SET o"
	case 2:
		sql += " SEARCH BREADTH FIRST BY id, n SET o"
	case 3:
		sql += " CYCLE id SET c USING p"
	}
	return sql + pick(g.Choices, []string{" SELECT * FROM r", " SELECT n, count(*), sum(v) FROM r GROUP BY n", " SELECT r.* FROM r WHERE n > 0 AND id > 2"})
}

var setItems = []string{"generate_series(1, {int4} % 4)", "unnest({int4[]})", "unnest({text[]})", "generate_series(1, 2) + {int4} % 10", "regexp_split_to_table({text}, '[ab]')", "jsonb_array_elements(jsonb_build_array({int4}, {text}))",
	"coalesce(unnest({int4[]}), -1)", "generate_series({int4} % 3, 3, 2)", "string_to_table({text}, 'b')", "(unnest({int4[]}) * generate_series(1, 2))", "jsonb_object_keys(jsonb_build_object('a', {int4}, 'b', 2))"}

func (g *Gen) setsInSelectList() string {
	r := g.from(nil, 1)
	var items []string
	for range 1 + g.n(3) {
		items = append(items, g.fill(r.scope, pick(g.Choices, setItems), Int, 1))
	}
	items = append(items, g.expr(r.scope, Int, 1))
	sql := "SELECT " + strings.Join(items, ", ") + r.sql + g.where(r.scope, 1)
	switch g.n(4) {
	case 1:
		return "SELECT count(*) FROM (" + sql + ") AS x"
	case 2:
		return strings.Replace(sql, "SELECT ", "SELECT DISTINCT ", 1)
	}
	return sql
}
