package gen

import (
	"fmt"
	"strings"
)

// Schema is a set of tables and what is in them.
type Schema struct{ Tables []*Table }

// Table has an int4 key id, and columns of all types.
type Table struct {
	Name    string
	Columns []Column
	Rows    [][]string // literals
}

// Column is one column of a table.
type Column struct {
	Name    string
	Type    Type
	NotNull bool
}

// rowsAtMost keeps joins of four tables small.
const rowsAtMost = 12

// NewSchema makes four tables.
func NewSchema(c *Choices) *Schema {
	s := &Schema{}
	for i := range 4 {
		s.Tables = append(s.Tables, newTable(c, fmt.Sprintf("t%d", i)))
	}
	return s
}

func newTable(c *Choices, name string) *Table {
	t := &Table{Name: name, Columns: []Column{{Name: "id", Type: Int, NotNull: true}}}
	for i := range 3 + c.n(6) {
		typ := pick(c, Types)
		t.Columns = append(t.Columns, Column{Name: fmt.Sprintf("%s%d", typ.letter(), i), Type: typ, NotNull: c.oneIn(6)})
	}
	for id := range c.n(rowsAtMost + 1) {
		row := []string{fmt.Sprint(id + 1)}
		for _, col := range t.Columns[1:] {
			row = append(row, t.value(c, col))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (t *Table) value(c *Choices, col Column) string {
	if !col.NotNull && c.oneIn(4) {
		return "NULL"
	}
	return literal(c, col.Type)
}

// Statements create the tables and fill them.
func (s *Schema) Statements() []string {
	var out []string
	for _, t := range s.Tables {
		out = append(out, t.create())
		if len(t.Rows) > 0 {
			out = append(out, t.insert())
		}
	}
	return out
}

// Drops remove the tables.
func (s *Schema) Drops() []string {
	var out []string
	for _, t := range s.Tables {
		out = append(out, "DROP TABLE IF EXISTS "+t.Name)
	}
	return out
}

func (t *Table) create() string {
	var cols []string
	for _, c := range t.Columns {
		def := c.Name + " " + string(c.Type)
		switch {
		case c.Name == "id":
			def += " PRIMARY KEY"
		case c.NotNull:
			def += " NOT NULL"
		}
		cols = append(cols, def)
	}
	return "CREATE TABLE " + t.Name + " (" + strings.Join(cols, ", ") + ")"
}

func (t *Table) insert() string {
	var rows []string
	for _, r := range t.Rows {
		rows = append(rows, "("+strings.Join(r, ", ")+")")
	}
	return "INSERT INTO " + t.Name + " VALUES " + strings.Join(rows, ", ")
}

// Without returns the schema with one row less, for making a reproduction small.
func (s *Schema) Without(table, row int) *Schema {
	out := &Schema{Tables: append([]*Table{}, s.Tables...)}
	t := *s.Tables[table]
	t.Rows = append(append([][]string{}, t.Rows[:row]...), t.Rows[row+1:]...)
	out.Tables[table] = &t
	return out
}
