package session

import (
	"context"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fillTable runs the query of CREATE TABLE AS into its new table and returns the
// tag, SELECT with the number of rows.
func (s *Session) fillTable(ctx context.Context, rel *catalog.Relation, d *plan.CreateTable) (string, error) {
	run, err := s.ownRun(insertInto(rel, d.As), nil, d.Params)
	if err != nil {
		return "", err
	}
	_, err = run.Fetch(ctx, 0, unseen{})
	if err := displaced(firstError(err, run.Close())); err != nil {
		return "", err
	}
	return "SELECT " + strconv.FormatInt(run.affected, 10), nil
}

// tableAsExecute runs CREATE TABLE AS EXECUTE: the prepared query, bound again as
// part of this statement.
func tableAsExecute(stmt parser.Statement, n *parser.CreateTableAsStmt) *utility {
	return &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		execute := n.Query.GetExecuteStmt()
		p, err := s.statement(execute.Name)
		if err != nil {
			return err
		}
		if p.stmt.Node.GetSelectStmt() == nil {
			return pgerr.New(pgerr.WrongObjectType, "prepared statement is not a SELECT")
		}
		params, err := s.executeParams(ctx, p, execute)
		if err != nil {
			return err
		}
		bound, err := bind.Bind(s.bindEnv(oidsOf(p.params)), withQuery(stmt, n, p.stmt))
		if err != nil {
			return displaced(err)
		}
		d := bound.(*plan.CreateTable)
		d.Params = params
		if d.As == nil { // WITH NO DATA, and nothing else to tell
			out = retagged{out, "SELECT 0"}
		}
		_, err = (&definitionRun{s: s, stmt: d}).Fetch(ctx, 0, out)
		return err
	}}
}

// withQuery is CREATE TABLE AS with a prepared query in the place of its EXECUTE.
func withQuery(stmt parser.Statement, n *parser.CreateTableAsStmt, query parser.Statement) parser.Statement {
	create := parser.Clone(n)
	create.Query = query.Node
	stmt.Node = &parser.Node{Node: &parser.Node_CreateTableAsStmt{CreateTableAsStmt: create}}
	return stmt
}

func oidsOf(ts []*types.Type) []types.OID {
	out := make([]types.OID, len(ts))
	for i, t := range ts {
		out[i] = t.OID
	}
	return out
}

// retagged completes with another tag.
type retagged struct {
	Output
	tag string
}

// Complete implements Output.
func (r retagged) Complete(string) error { return r.Output.Complete(r.tag) }

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
