package session

import (
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// execution is what a prepared statement is executed with: the operators and all that
// they hold on to. A statement keeps those of its last execution for the next one.
type execution struct {
	op     exec.Operator
	env    exec.Env
	types  environment
	facts  facts
	tables currentTables
	// reading are the tables as they are read, where the plan reads more than once.
	reading currentTables
	// changes of the session's parameters that it was made after.
	changes uint64
	plan    *plan.Query
}

// currentTables are the tables of the transaction that is open.
type currentTables struct{ now storage.Tables }

// Table implements storage.Tables.
func (t *currentTables) Table(oid types.OID) (storage.Table, error) { return t.now.Table(oid) }

// buildKept is build for a statement whose operators can be kept.
func (r *queryRun) buildKept(out Output) error {
	e := r.p.idle
	r.p.idle = nil // it may be executed within itself
	if e == nil || e.changes != r.s.values.Changes() || e.plan != r.q {
		e = &execution{changes: r.s.values.Changes(), plan: r.q}
	}
	r.kept, r.env = e, &e.env
	e.begin(r.s, r.params, out)
	if r.q.ReadsAgain {
		r.reading = r.tx.writes.Reading()
		e.reading.now, e.env.Reading = r.reading, &e.reading
	}
	if e.op != nil {
		exec.Rebind(e.op, &e.env)
		r.op = e.op
		return nil
	}
	var err error
	e.op, err = exec.Build(r.q.Root, &e.env)
	r.op = e.op
	return err
}

// begin makes the environment of another execution.
func (e *execution) begin(s *Session, params []any, out Output) {
	s.fillEnv(&e.types)
	e.facts = facts{Session: s, out: out}
	e.tables.now = s.tx.tables()
	if e.op != nil {
		e.env.Params, e.env.InTransaction = params, s.tx.writes.Buffered()
		return
	}
	e.env = exec.Env{
		Types: &e.types.Env, Session: &e.facts, Tables: &e.tables, Params: params, Reuse: true,
		WorkMem: s.vars().workMem, TempDir: s.db.TempDir, BatchSize: s.db.BatchSize, Workers: s.db.Workers,
		SkipDamaged: s.vars().skipDamaged, InTransaction: s.tx.writes.Buffered(),
	}
}

// giveBack keeps the operators of an execution that has come to its end for the next one
// of its statement.
func (r *queryRun) giveBack() {
	e := r.kept
	if e == nil || e.op == nil {
		return
	}
	exec.Release(e.op)
	e.tables.now, e.reading.now, e.facts.out, e.env.Params = nil, nil, nil, nil
	r.p.idle, r.kept = e, nil
}
