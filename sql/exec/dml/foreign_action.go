package dml

import (
	"context"
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
)

// act runs CASCADE ('c'), SET NULL ('n') or SET DEFAULT ('d') for each key, with
// the statements that PostgreSQL runs (ri_triggers.c): the planner chooses how
// their rows are found, and EXPLAIN of the same text shows it.
func (q *ForeignChecks) act(ctx context.Context, e *foreignEvent, action byte) error {
	fk := e.fk
	text := actionText(fk, action, e.deleted)
	ref, own := refTypes(fk), columnTypes(fk.Child, fk.Columns)
	for _, k := range e.keys {
		key, ok := convertedKey(q.Types, k.key, ref, own)
		if !ok {
			continue // no row can refer to it
		}
		params := key
		if action == 'c' && !e.deleted {
			now, ok := convertedKey(q.Types, k.now, ref, own)
			if !ok {
				l := &keyLookup{fk: fk, env: q.Types}
				return l.stillReferenced(k.key)
			}
			params = append(now, key...)
		}
		if err := q.Query(ctx, text, params); err != nil {
			return err
		}
	}
	if action == 'd' { // a default that is the old key changes nothing
		check := q.event(fk, true, e.deleted)
		check.fk.Constraint = noAction(fk.Constraint)
		for _, k := range e.keys {
			check.add(k)
		}
	}
	return nil
}

// noAction is the constraint without its actions.
func noAction(c *catalog.Constraint) *catalog.Constraint {
	plain := *c
	plain.OnUpdate, plain.OnDelete = 'a', 'a'
	return &plain
}

func actionText(fk catalog.ForeignKey, action byte, deleted bool) string {
	table := quoted(fk.Child.Schema) + "." + quoted(fk.Child.Name)
	if fk.Child.Kind != catalog.PartitionedTable {
		table = "ONLY " + table
	}
	switch {
	case action == 'c' && deleted:
		return "DELETE FROM " + table + whereKey(fk, 1)
	case action == 'c':
		sets := make([]string, len(fk.Columns))
		for i, num := range fk.Columns {
			sets[i] = fmt.Sprintf("%s = $%d", quoted(fk.Child.Column(num).Name), i+1)
		}
		return "UPDATE " + table + " SET " + strings.Join(sets, ", ") + whereKey(fk, len(sets)+1)
	}
	value, nums := "NULL", fk.Columns
	if action == 'd' {
		value = "DEFAULT"
	}
	if deleted && len(fk.DeleteColumns) > 0 {
		nums = fk.DeleteColumns
	}
	sets := make([]string, len(nums))
	for i, num := range nums {
		sets[i] = quoted(fk.Child.Column(num).Name) + " = " + value
	}
	return "UPDATE " + table + " SET " + strings.Join(sets, ", ") + whereKey(fk, 1)
}

// whereKey compares the referencing columns with the parameters from first on.
func whereKey(fk catalog.ForeignKey, first int) string {
	terms := make([]string, len(fk.Columns))
	for i, num := range fk.Columns {
		terms[i] = fmt.Sprintf("$%d OPERATOR(pg_catalog.=) %s", first+i, quoted(fk.Child.Column(num).Name))
	}
	return " WHERE " + strings.Join(terms, " AND ")
}

// quoted is quoteOneName: always in quotes.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
