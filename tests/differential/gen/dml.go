package gen

import "strings"

// Change makes an INSERT, UPDATE or DELETE and names its table.
func (g *Gen) Change() (sql, table string) {
	t := pick(g.Choices, g.schema.Tables)
	switch g.n(6) {
	case 0, 1:
		return g.update(t), t.Name
	case 2:
		return g.delete(t), t.Name
	case 3:
		return g.upsert(t), t.Name
	case 4:
		return g.updateFrom(t), t.Name
	}
	return g.insert(t), t.Name
}

func tableScope(t *Table, qualifier string) *scope {
	s := &scope{}
	for _, c := range t.Columns {
		s.cols = append(s.cols, column{qualifier + c.Name, c.Type})
	}
	return s
}

// set assigns to some columns, but not to the key.
func (g *Gen) set(t *Table, s *scope) string {
	var out []string
	for i, c := range t.Columns[1:] {
		if i > 0 && g.n(2) == 0 {
			continue
		}
		value := g.expr(s, c.Type, 2)
		if c.NotNull {
			value = "coalesce(" + value + ", " + literal(g.Choices, c.Type) + ")"
		}
		out = append(out, c.Name+" = "+value)
	}
	return " SET " + strings.Join(out, ", ")
}

func (g *Gen) returning(s *scope) string {
	switch g.n(3) {
	case 0:
		return ""
	case 1:
		return " RETURNING *"
	}
	return " RETURNING " + g.list(s, pickTypes(g, 2), 1)
}

func (g *Gen) update(t *Table) string {
	s := tableScope(t, "")
	return "UPDATE " + t.Name + g.set(t, s) + g.where(s, 2) + g.returning(s)
}

// updateFrom joins by the other table's key, so that each row is met once at most.
func (g *Gen) updateFrom(t *Table) string {
	other := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, t.Name+".")
	both := &scope{cols: append(append([]column{}, s.cols...), tableScope(other, "o.").cols...)}
	key := g.leaf(&scope{cols: s.cols}, Int)
	sql := "UPDATE " + t.Name + g.set(t, both) + " FROM " + other.Name + " AS o WHERE o.id = " + key
	if g.oneIn(2) {
		sql += " AND " + g.expr(both, Bool, 1)
	}
	return sql + g.returning(both)
}

func (g *Gen) delete(t *Table) string {
	s := tableScope(t, t.Name+".")
	if g.oneIn(3) {
		other := pick(g.Choices, g.schema.Tables)
		both := &scope{cols: append(append([]column{}, s.cols...), tableScope(other, "o.").cols...)}
		return "DELETE FROM " + t.Name + " USING " + other.Name + " AS o WHERE o.id = " + g.leaf(&scope{cols: s.cols}, Int) +
			" AND " + g.expr(both, Bool, 1) + g.returning(s)
	}
	return "DELETE FROM " + t.Name + g.where(s, 2) + g.returning(s)
}

// row has a key that is new, or that is taken.
func (g *Gen) row(t *Table, id string) string {
	values := []string{id}
	for _, c := range t.Columns[1:] {
		values = append(values, t.value(g.Choices, c))
	}
	return "(" + strings.Join(values, ", ") + ")"
}

func (g *Gen) insert(t *Table) string {
	if g.n(2) == 0 {
		return "INSERT INTO " + t.Name + " VALUES " + g.row(t, "101") + ", " + g.row(t, "102") + g.returning(tableScope(t, ""))
	}
	var items []string
	s := tableScope(t, "")
	for _, c := range t.Columns[1:] {
		value := g.expr(s, c.Type, 1)
		if c.NotNull {
			value = "coalesce(" + value + ", " + literal(g.Choices, c.Type) + ")"
		}
		items = append(items, value)
	}
	return "INSERT INTO " + t.Name + " SELECT id + 200, " + strings.Join(items, ", ") + " FROM " + t.Name + g.where(s, 2) + g.returning(s)
}

func (g *Gen) upsert(t *Table) string {
	sql := "INSERT INTO " + t.Name + " VALUES " + g.row(t, "1") + ", " + g.row(t, "103") + " ON CONFLICT "
	s := tableScope(t, t.Name+".")
	if g.n(2) == 0 {
		return sql + "DO NOTHING" + g.returning(s)
	}
	both := &scope{cols: append(append([]column{}, s.cols...), tableScope(t, "excluded.").cols...)}
	return sql + "(id) DO UPDATE" + g.set(t, both) + g.where(both, 1) + g.returning(s)
}
