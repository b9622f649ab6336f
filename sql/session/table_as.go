package session

import (
	"context"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// fillTable runs the query of CREATE TABLE AS into its new table and returns the
// tag, SELECT with the number of rows.
func (s *Session) fillTable(ctx context.Context, rel *catalog.Relation, q *plan.Query) (string, error) {
	run, err := s.ownRun(insertInto(rel, q), nil)
	if err != nil {
		return "", err
	}
	_, err = run.Fetch(ctx, 0, unseen{})
	if err := displaced(firstError(err, run.Close())); err != nil {
		return "", err
	}
	return "SELECT " + strconv.FormatInt(run.affected, 10), nil
}

// insertInto makes INSERT INTO rel of a query whose output has the types of
// rel's columns, in their order.
func insertInto(rel *catalog.Relation, q *plan.Query) *plan.Query {
	next := plan.MaxColumn(q.Root)
	column := func(name string, of plan.Col) plan.Col {
		next++
		of.ID, of.Name = next, name
		return of
	}
	input := &plan.Project{Input: q.Root}
	out := &plan.Insert{Rel: rel, Input: input}
	for _, c := range rel.Columns {
		if c.Num <= 0 || c.Hidden || len(input.Values) == len(q.Output) {
			continue
		}
		from := q.Output[len(input.Values)]
		input.Values = append(input.Values, &plan.Column{Meta: plan.Meta{Typ: from.Type, Mod: from.Mod, At: -1}, ID: from.ID, Name: from.Name})
		input.Cols = append(input.Cols, column(c.Name, from))
		target := column(c.Name, from)
		target.Relation, target.Num = rel.OID, c.Num
		out.Target, out.TargetNums, out.Nums = append(out.Target, target), append(out.TargetNums, c.Num), append(out.Nums, c.Num)
	}
	return &plan.Query{Root: out, Kind: plan.InsertQuery, Params: q.Params, Relations: append(q.Relations, rel.OID)}
}
