package session

import (
	"context"
	"io"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// rewrittenRun runs the queries that rules made of one statement, one after the other
// (PortalRunMulti): each sees what those before it wrote. Rows and tag are those of
// the query that stands for the statement.
type rewrittenRun struct {
	s      *Session
	stmt   *plan.Rewritten
	params []any
	fields []Field
	// affected are the rows of the query that stands for the statement.
	affected int64
}

// rewrittenFields are those of the rows that the statement gives.
func rewrittenFields(stmt *plan.Rewritten) []Field {
	if stmt.Tag < 0 {
		return nil
	}
	return fieldsOf(stmt.Queries[stmt.Tag])
}

// Fields implements run.
func (r *rewrittenRun) Fields() []Field { return r.fields }

// Close implements run.
func (r *rewrittenRun) Close() error { return nil }

// Fetch implements run. It is not suspended: max is ignored.
func (r *rewrittenRun) Fetch(ctx context.Context, _ int, out Output) (bool, error) {
	tx := r.s.tx
	sp := tx.save("", r.s.values.Mark())
	tag, err := r.run(ctx, out)
	if err != nil {
		if r.s.tx == tx {
			err = firstError(tx.rollbackTo(ctx, sp), err)
		}
		return false, timedOut(ctx, objstore.ToPG(err))
	}
	return true, out.Complete(tag)
}

func (r *rewrittenRun) run(ctx context.Context, out Output) (string, error) {
	tag := queryTags[r.stmt.Kind] + " 0"
	if r.stmt.Kind == plan.InsertQuery {
		tag += " 0"
	}
	for i, q := range r.stmt.Queries {
		to, fields := &taggedOutput{Output: out, quiet: true}, []Field(nil)
		if i == r.stmt.Tag {
			to.quiet, fields = false, r.fields
		}
		n, err := r.query(ctx, q, fields, to)
		if err != nil {
			return "", err
		}
		if i == r.stmt.Tag {
			tag, r.affected = to.tag, n
		}
	}
	return tag, nil
}

// query runs one of the queries, and says how many rows it changed.
func (r *rewrittenRun) query(ctx context.Context, q *plan.Query, fields []Field, out Output) (int64, error) {
	run, err := r.s.ownRun(q, fields, r.params)
	if err != nil {
		return 0, err
	}
	_, err = run.Fetch(ctx, 0, out)
	return run.affected, firstError(err, run.Close())
}

// rulesOver are the rules and policies of other relations that name one.
func (s *Session) rulesOver(of *catalog.Relation, dropped []plan.DropObject) []dependent {
	var deps []dependent
	for _, rel := range s.catalog().Relations() {
		if rel.OID == of.OID || slices.ContainsFunc(dropped, func(o plan.DropObject) bool { return o.OID == rel.OID }) {
			continue
		}
		for _, rule := range rel.Rules {
			if !slices.Contains(rule.Reads, of.OID) {
				continue
			}
			deps = append(deps, dependent{text: s.describedPart("rule", rule.Name, rel), drop: func(ctx context.Context) error { return s.dropRule(ctx, rel.OID, rule.Name) }})
		}
		for _, p := range rel.Policies {
			if slices.Contains(p.Reads, of.OID) {
				deps = append(deps, dependent{text: s.describedPart("policy", p.Name, rel), drop: func(ctx context.Context) error { return s.dropPolicy(ctx, rel.OID, p.Name) }})
			}
		}
	}
	return deps
}

// dropPolicy drops a policy that may be gone already, with its table.
func (s *Session) dropPolicy(ctx context.Context, oid types.OID, name string) error {
	if rel := s.catalog().RelationByOID(oid); rel == nil || rel.Policy(name) == nil {
		return nil
	}
	_, err := s.tx.catalogTx().AlterTable(ctx, oid, []catalog.AlterAction{catalog.DropPolicy{Name: name}})
	s.tx.changed()
	return err
}

// dropRule drops a rule that may be gone already, with its relation.
func (s *Session) dropRule(ctx context.Context, oid types.OID, name string) error {
	if rel := s.catalog().RelationByOID(oid); rel == nil || rel.Rule(name) == nil {
		return nil
	}
	_, err := s.tx.catalogTx().AlterTable(ctx, oid, []catalog.AlterAction{catalog.DropRule{Name: name}})
	s.tx.changed()
	return err
}

// taggedOutput keeps the tag of a query, and if it is quiet its rows.
type taggedOutput struct {
	Output
	quiet bool
	tag   string
}

// Describe implements Output.
func (o *taggedOutput) Describe([]Field) error { return nil }

// Rows implements Output.
func (o *taggedOutput) Rows(b *vec.Batch) error {
	if o.quiet {
		return nil
	}
	return o.Output.Rows(b)
}

// Complete implements Output.
func (o *taggedOutput) Complete(tag string) error {
	o.tag = tag
	return nil
}

// CopyOut implements Output.
func (o *taggedOutput) CopyOut(bool, int) (io.WriteCloser, error) {
	return nil, pgerr.Internal("COPY in a rule")
}
