package gen

import (
	"fmt"
	"strings"
)

// cursor opens a cursor over a total order and moves about in it.
func (g *Gen) cursor() Script {
	t := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "")
	query := "SELECT id, " + g.expr(s, Text, 1) + " FROM " + t.Name + g.where(s, 1) + " ORDER BY id" + pick(g.Choices, []string{"", " DESC"})
	out := Script{Block: true}
	out.add("DECLARE c " + pick(g.Choices, []string{"", "SCROLL ", "NO SCROLL ", "INSENSITIVE SCROLL "}) + "CURSOR " + pick(g.Choices, []string{"", "WITH HOLD ", "WITHOUT HOLD "}) + "FOR " + query)
	for range 1 + g.n(6) {
		verb := pick(g.Choices, []string{"FETCH ", "FETCH ", "FETCH ", "MOVE "})
		out.Statements = append(out.Statements, Statement{SQL: verb + pick(g.Choices, cursorMoves) + " FROM c", Ordered: true})
		if g.oneIn(8) {
			out.add("UPDATE " + t.Name + g.set(t, s) + " WHERE id > 3")
		}
	}
	out.add("CLOSE c")
	return out
}

var cursorMoves = []string{"NEXT", "2", "ALL", "FIRST", "LAST", "PRIOR", "ABSOLUTE 3", "RELATIVE 2", "BACKWARD 1", "BACKWARD ALL", "FORWARD 0", "ABSOLUTE -1", "RELATIVE -2", "0", "ABSOLUTE 0", "-1", "FORWARD ALL", "RELATIVE 0", "1"}

// prepare is PREPARE with parameters whose types the statement must tell, and EXECUTE.
func (g *Gen) prepare() Script {
	t := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "")
	typ := pick(g.Choices, []Type{Int, Text, Date, Numeric, Bool, Timestamp, JSON, Interval, Big, Ints})
	operand := g.expr(s, typ, 1)
	sql := pick(g.Choices, preparedQueries)
	sql = strings.NewReplacer("OPERAND", operand, "TABLE", t.Name, "TYPE", string(typ)).Replace(sql)
	types := pick(g.Choices, []string{"", "", "", "(unknown)", "(" + string(typ) + ")", "(text)", "(int4, text)"})
	out := block("DEALLOCATE ALL", "PREPARE p"+types+" AS "+sql, "SELECT parameter_types, from_sql FROM pg_prepared_statements WHERE name = 'p'")
	for range 1 + g.n(2) {
		args := []string{g.argument(typ)}
		for range strings.Count(sql, "$2") {
			args = append(args, g.argument(Int))
		}
		out.add("EXECUTE p(" + strings.Join(args, ", ") + ")")
	}
	return Script{Block: true, Statements: append(out.Statements, Statement{SQL: "DEALLOCATE p"})}
}

func (g *Gen) argument(t Type) string {
	switch g.n(4) {
	case 1:
		return "NULL"
	case 2:
		return pick(g.Choices, []string{"'1'", "'a'", "2", "1.5", "true", "'2024-01-01'", "'[1]'", "'{1}'"})
	}
	return literal(g.Choices, t)
}

var preparedQueries = []string{
	"SELECT id FROM TABLE WHERE OPERAND = $1", "SELECT $1", "SELECT id, OPERAND < $1 FROM TABLE", "SELECT coalesce($1, OPERAND) FROM TABLE", "SELECT id FROM TABLE WHERE OPERAND IN ($1, NULL)",
	"SELECT CASE WHEN id > 2 THEN OPERAND ELSE $1 END FROM TABLE", "SELECT $1 || 'x'", "SELECT $1 + 1", "SELECT id FROM TABLE WHERE id = ANY ($1)", "SELECT count(*) FROM TABLE WHERE OPERAND BETWEEN $1 AND $1",
	"SELECT $1::TYPE", "SELECT ARRAY[$1, OPERAND] FROM TABLE WHERE id = 1", "SELECT id FROM TABLE LIMIT $2 OFFSET $2 * 0", "SELECT greatest($1, OPERAND) FROM TABLE", "SELECT id FROM TABLE WHERE ($1 IS NULL OR OPERAND = $1)",
	"SELECT nullif(OPERAND, $1) FROM TABLE", "SELECT * FROM (VALUES (1, $1)) v(a, b)", "SELECT id + $2 FROM TABLE WHERE OPERAND <> $1", "SELECT length($1)", "SELECT upper($1) FROM TABLE WHERE id = $2", "SELECT concat($1, $2)",
	"SELECT $1 UNION ALL SELECT OPERAND FROM TABLE", "SELECT jsonb_build_object('a', $1)", "SELECT row($1, 2)", "SELECT id FROM TABLE WHERE id IN (SELECT $2)", "SELECT $1 IS NULL", "SELECT - $2", "SELECT $1 = $1", "SELECT date_trunc('day', $1)", "SELECT OPERAND IS DISTINCT FROM $1 FROM TABLE",
}

// copyOut is COPY … TO STDOUT of one table with options.
func (g *Gen) copyOut() Script {
	t := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "")
	from := "(SELECT id, " + g.list(s, pickTypes(g, 3), 1) + " FROM " + t.Name + " ORDER BY id)"
	if g.n(3) == 0 {
		from = t.Name
		if g.n(2) == 0 {
			from += " (id, " + t.Columns[1].Name + ")"
		}
	}
	options := []string{}
	csv := g.n(2) == 0
	if csv {
		options = append(options, "FORMAT csv")
	}
	for range g.n(4) {
		options = append(options, pick(g.Choices, copyOptions))
	}
	sql := "COPY " + from + " TO STDOUT"
	if len(options) > 0 {
		sql += " WITH (" + strings.Join(options, ", ") + ")"
	}
	return Script{Statements: []Statement{{SQL: sql, Ordered: from[0] == '(', Copy: true}}}
}

var copyOptions = []string{"HEADER", "NULL 'NULL'", "DELIMITER '|'", "QUOTE ''''", "ESCAPE '#'", "FORCE_QUOTE *", "HEADER false", "NULL ''", "DELIMITER ';'", "FORCE_QUOTE (id)", "DELIMITER E'\\t'", "NULL 'a'", "DELIMITER 'a'", "QUOTE '|'", "ENCODING 'UTF8'", "FORMAT text", "HEADER MATCH", "FORCE_NOT_NULL (id)", "DELIMITER ' '"}

// view makes views over views, reads and writes through them.
func (g *Gen) view() Script {
	t := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "")
	out := Script{Block: true}
	if g.n(3) == 0 {
		sql, types := g.selectStatement(nil, 2, pickTypes(g, 3))
		out.add("CREATE VIEW v (" + columnNames(len(types)) + ") AS " + sql)
		out.add("SELECT * FROM v" + g.where(&scope{cols: numbered(types)}, 2))
		out.add("SELECT count(*), min(c0) FROM v")
		return out
	}
	check := pick(g.Choices, []string{"", " WITH CHECK OPTION", " WITH LOCAL CHECK OPTION"})
	out.add("CREATE VIEW v AS SELECT * FROM " + t.Name + g.where(s, 2) + check)
	name := "v"
	if g.oneIn(3) {
		out.add("CREATE VIEW w AS SELECT * FROM v" + g.where(s, 1) + pick(g.Choices, []string{"", " WITH CASCADED CHECK OPTION"}))
		name = "w"
	}
	over := *t
	over.Name = name
	for range 1 + g.n(2) {
		switch g.n(5) {
		case 0:
			out.add("SELECT id, " + g.expr(s, Text, 1) + " FROM " + name + g.where(s, 1))
		case 1:
			out.add(g.update(&over))
		case 2:
			out.add("DELETE FROM " + name + g.where(s, 1) + g.returning(s))
		case 3:
			out.add("INSERT INTO " + name + " VALUES " + g.row(t, fmt.Sprint(500+g.n(100))) + " RETURNING *")
		case 4:
			out.add(g.upsert(&over))
		}
	}
	out.add("SELECT * FROM " + t.Name)
	out.add("SELECT is_updatable, is_insertable_into FROM information_schema.views WHERE table_name = '" + name + "'")
	return out
}
