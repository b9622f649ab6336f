package session

import (
	"context"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// explainFields is EXPLAIN's one column.
func explainFields(e *plan.Explain) []Field { return explainColumn(e.Format == plan.ExplainJSON) }

// explainColumn is text, or json for FORMAT JSON (ExplainResultDesc).
func explainColumn(json bool) []Field {
	t := types.TextOID
	if json {
		t = types.JSONOID
	}
	return []Field{{Name: "QUERY PLAN", Type: types.ByOID(t), Typmod: -1}}
}

// executeWithin is the EXECUTE that EXPLAIN is of, directly or in CREATE TABLE AS;
// nil for none.
func executeWithin(n *parser.ExplainStmt) *parser.ExecuteStmt {
	if e := n.Query.GetExecuteStmt(); e != nil {
		return e
	}
	return n.Query.GetCreateTableAsStmt().GetQuery().GetExecuteStmt()
}

// explainExecute is EXPLAIN of EXECUTE (ExplainExecuteQuery): the prepared
// statement, bound again as part of this one. Its plan is the same for all
// parameters.
func explainExecute(stmt parser.Statement, n *parser.ExplainStmt) *utility {
	execute := executeWithin(n)
	explain := func(s *Session) (*plan.Explain, *prepared, error) {
		p, err := s.statement(execute.Name)
		if err != nil {
			return nil, nil, err
		}
		inner, whole := parser.Clone(n), stmt
		if c := inner.Query.GetCreateTableAsStmt(); c != nil {
			c.Query = p.stmt.Node
		} else {
			inner.Query = p.stmt.Node
		}
		whole.Node = &parser.Node{Node: &parser.Node_ExplainStmt{ExplainStmt: inner}}
		bound, err := bind.Bind(s.bindEnv(oidsOf(p.params)), whole)
		if err != nil {
			return nil, nil, displaced(err)
		}
		return bound.(*plan.Explain), p, nil
	}
	return &utility{
		fields: func(*Session) ([]Field, error) {
			json := false
			for _, o := range n.Options {
				if d := o.GetDefElem(); d.Defname == "format" {
					json = d.Arg.GetString_().GetSval() == "json"
				}
			}
			return explainColumn(json), nil
		},
		run: func(ctx context.Context, s *Session, _ []any, out Output) error {
			e, p, err := explain(s)
			if err != nil {
				return err
			}
			params, err := s.executeParams(ctx, p, execute)
			if err != nil {
				return err
			}
			_, err = (&explainRun{s: s, e: e, params: params, fields: explainFields(e)}).Fetch(ctx, 0, out)
			return err
		},
	}
}

// explainRun is EXPLAIN [ANALYZE].
type explainRun struct {
	s      *Session
	e      *plan.Explain
	params []any
	fields []Field
}

// Fields implements run.
func (r *explainRun) Fields() []Field { return r.fields }

// Close implements run.
func (r *explainRun) Close() error { return nil }

// Fetch implements run.
func (r *explainRun) Fetch(ctx context.Context, _ int, out Output) (bool, error) {
	if r.e.Skipped != nil {
		return true, firstError(r.s.notice(out, r.e.Skipped), out.Complete("EXPLAIN"))
	}
	report, err := r.report(ctx, out)
	if err != nil {
		return false, err
	}
	b := vec.NewVecBuilder[string](r.fields[0].Type, 16)
	for _, line := range explainLines(report) {
		b.Put(line)
	}
	if err := out.Rows(vec.BuildBatch([]vec.Builder{b})); err != nil {
		return false, err
	}
	return true, out.Complete("EXPLAIN")
}

func (r *explainRun) report(ctx context.Context, out Output) (*plan.Report, error) {
	begin := r.s.db.Clock.Now()
	q, err := r.s.optimize(r.e.Query)
	if err != nil {
		return nil, err
	}
	report := &plan.Report{Explain: r.e, Root: q.Root, Planning: r.s.db.Clock.Now().Sub(begin)}
	switch {
	case !r.e.Analyze:
	case r.e.Makes != nil:
		err = r.analyzeMaking(ctx, report, out)
	default:
		err = r.analyze(ctx, q, report, out)
	}
	return report, objstore.ToPG(err)
}

// analyzeMaking makes the table of CREATE TABLE AS and, unless it is to be empty,
// fills it; what is shown is the query.
func (r *explainRun) analyzeMaking(ctx context.Context, report *plan.Report, out Output) error {
	if err := r.s.mayWrite("EXPLAIN ANALYZE"); err != nil {
		return err
	}
	tx := r.s.tx
	save := tx.save("", r.s.values.Mark())
	err := r.makeAndFill(ctx, report, out)
	if err != nil && r.s.tx == tx {
		return firstError(tx.rollbackTo(ctx, save), err)
	}
	return err
}

func (r *explainRun) makeAndFill(ctx context.Context, report *plan.Report, out Output) error {
	empty := *r.e.Makes
	empty.As = nil
	if _, err := r.s.createTable(ctx, &empty, out); err != nil {
		return err
	}
	if r.e.NoData {
		report.Actual = exec.NewStats(false).Actual
		return nil
	}
	def := empty.Def
	q, err := r.s.optimize(insertInto(r.s.catalog().Relation(def.Schema, def.Name), r.e.Query))
	if err != nil {
		return err
	}
	report.Root = q.Root.Inputs()[0]
	return r.analyze(ctx, q, report, out)
}

// explainLines is one row per line of text, one row for the other formats.
func explainLines(r *plan.Report) []string {
	text := r.String()
	if r.Explain.Format == plan.ExplainText {
		return strings.Split(strings.TrimRight(text, "\n"), "\n")
	}
	return []string{text}
}

// analyze runs the query and throws its rows away.
func (r *explainRun) analyze(ctx context.Context, q *plan.Query, report *plan.Report, out Output) error {
	if !q.ReadOnly {
		if err := r.s.mayWrite("EXPLAIN ANALYZE"); err != nil {
			return err
		}
	}
	save := r.s.tx.writes.Save()
	meter := objstore.NewMeter(r.s.meter)
	ctx, stop := r.s.deadline(objstore.WithMeter(ctx, meter))
	defer stop()
	env := r.s.execEnv(r.params, out)
	env.Stats, env.Now = exec.NewStats(r.e.Timing), r.s.db.Clock.Now
	begin := r.s.db.Clock.Now()
	if err := drain(ctx, q, env); err != nil {
		if undo := r.s.tx.writes.RollbackTo(ctx, save); undo != nil {
			return undo
		}
		return timedOut(ctx, err)
	}
	report.Execution = r.s.db.Clock.Now().Sub(begin).Round(time.Microsecond)
	report.Usage = meter.Usage()
	report.Actual = env.Stats.Actual
	return nil
}

func drain(ctx context.Context, q *plan.Query, env *exec.Env) error {
	op, err := exec.Build(q.Root, env)
	if err != nil {
		return err
	}
	err = op.Open(ctx)
	for err == nil {
		var b *vec.Batch
		if b, err = op.Next(ctx); b == nil {
			break
		}
	}
	if err == nil {
		err = settleStatement(ctx, env)
	}
	if env.Triggers != nil {
		env.Triggers.Close()
	}
	return firstError(err, op.Close())
}
