package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// triggerCall is a trigger's function that runs: what statements in it see of the
// one that fired it.
type triggerCall struct {
	data *funcs.TriggerData
	// written are the rows of the statement whose BEFORE row trigger it is, or of
	// one around that.
	written *exec.Written
}

// afterTriggers is what a statement of the open transaction will owe to AFTER
// triggers; out takes the notices of their functions.
func (s *Session) afterTriggers(out Output) *exec.AfterTriggers {
	return &exec.AfterTriggers{
		Call: func(ctx context.Context, t *catalog.Trigger, d *funcs.TriggerData, w *exec.Written) (*types.Record, error) {
			return s.callTriggerFunction(ctx, t, d, w, out)
		},
		IsDeferred: s.isDeferredTrigger,
		Later: func(e *exec.AfterEvent) {
			s.tx.triggers = append(s.tx.triggers[:len(s.tx.triggers):len(s.tx.triggers)], e)
		},
		Replica: s.values.Raw("session_replication_role") == "replica",
	}
}

func (s *Session) isDeferredTrigger(t *catalog.Trigger) bool {
	return s.tx.constraints.isDeferred(t.Constraint, t.Deferrable, t.Deferred)
}

// callTriggerFunction is ExecCallTriggerFunc: 54001 where triggers fire each other
// without an end.
func (s *Session) callTriggerFunction(ctx context.Context, t *catalog.Trigger, d *funcs.TriggerData, w *exec.Written, out Output) (*types.Record, error) {
	if len(s.triggers) >= maxRoutineDepth {
		return nil, errStackDepth()
	}
	if w == nil {
		w = s.outerWritten()
	}
	s.triggers = append(s.triggers, triggerCall{d, w})
	defer func() { s.triggers = s.triggers[:len(s.triggers)-1] }()
	f := s.facts(out)
	c := &funcs.Call{Ctx: ctx, Env: s.statementEnv(), Session: f, Result: types.ByOID(types.TriggerOID), Typmod: -1}
	row, err := f.runTrigger(c, t, d)
	if err != nil || row == nil || len(row.Values) == len(d.Relation.Columns) {
		return row, err
	}
	return nil, pgerr.Internal("trigger function %d returned a row of %d columns", t.Function, len(row.Values))
}

// runTrigger calls a built-in trigger function, or one of the database's own.
func (f *facts) runTrigger(c *funcs.Call, t *catalog.Trigger, d *funcs.TriggerData) (*types.Record, error) {
	if c.Func = funcs.ByOID(t.Function); c.Func != nil {
		return c.Func.Trigger(c, d)
	}
	fn := f.catalog().Routines().Function(t.Function)
	if fn == nil {
		return nil, pgerr.Internal("cache lookup failed for function %d", t.Function)
	}
	c.Func = &funcs.Func{OID: fn.OID, Name: fn.Name, Namespace: fn.Schema, Result: fn.Result, Kind: funcs.Normal,
		Volatility: funcs.Volatility(fn.Volatility), NotStrict: true, User: true}
	return f.callTrigger(fn, c, d)
}

// outerWritten are the rows of the innermost statement whose BEFORE row trigger
// runs; nil for none.
func (s *Session) outerWritten() *exec.Written {
	if len(s.triggers) == 0 {
		return nil
	}
	return s.triggers[len(s.triggers)-1].written
}

// transitions are the transition tables that the innermost trigger's function sees.
func (s *Session) transitions() []*funcs.TransitionTable {
	if len(s.triggers) == 0 {
		return nil
	}
	var out []*funcs.TransitionTable
	d := s.triggers[len(s.triggers)-1].data
	for _, t := range []*funcs.TransitionTable{d.OldTable, d.NewTable} {
		if t != nil {
			out = append(out, t)
		}
	}
	return out
}

func (s *Session) transitionTable(name string) *funcs.TransitionTable {
	for _, t := range s.transitions() {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// TriggerDepth implements funcs.TriggerDepth.
func (f *facts) TriggerDepth() int { return len(f.triggers) }

// fireDeferred fires the constraint triggers that wait for COMMIT, and those that
// their functions cause (AfterTriggerFireDeferred).
func (s *Session) fireDeferred(ctx context.Context) error {
	return s.fireWaiting(ctx, func(*catalog.Trigger) bool { return true })
}

// fireWaiting fires the events that wait for COMMIT, of the triggers that due says,
// until there are none.
func (s *Session) fireWaiting(ctx context.Context, due func(t *catalog.Trigger) bool) error {
	out := s.listener.out
	for i := 0; i < len(s.tx.triggers); {
		e := s.tx.triggers[i]
		if !due(e.Trigger()) {
			i++
			continue
		}
		rest := append(s.tx.triggers[:i:i], s.tx.triggers[i+1:]...)
		s.tx.triggers = rest
		if !s.hasTrigger(e.Trigger()) {
			continue
		}
		if err := e.Fire(ctx, s.afterTriggers(out)); err != nil {
			return err
		}
	}
	return nil
}

// hasTrigger says whether a trigger still exists.
func (s *Session) hasTrigger(t *catalog.Trigger) bool {
	for _, rel := range s.catalog().Relations() {
		if have := rel.TriggerNamed(t.Name); have != nil && have.OID == t.OID {
			return true
		}
	}
	return false
}

// triggerUsers are the triggers of a relation that call a function.
func (s *Session) triggerUsers(rel *catalog.Relation, function types.OID) []dependent {
	var users []dependent
	for _, t := range rel.Triggers {
		if t.Inherited { // it goes with the one that it is a clone of
			continue
		}
		if uses, err := bind.TriggerUses(s.bindEnv(nil), rel, t, function); err != nil || !uses {
			continue
		}
		users = append(users, dependent{text: s.describedPart("trigger", t.Name, rel), drop: func(ctx context.Context) error {
			return s.dropTrigger(ctx, rel.OID, t.Name)
		}})
	}
	return users
}

// dropTrigger drops a trigger, unless it went with its relation.
func (s *Session) dropTrigger(ctx context.Context, table types.OID, name string) error {
	rel := s.catalog().RelationByOID(table)
	if rel == nil || rel.TriggerNamed(name) == nil {
		return nil
	}
	_, err := s.tx.catalogTx().AlterTable(ctx, table, []catalog.AlterAction{catalog.DropTrigger{Name: name}})
	return s.changeCatalog(err)
}

// checkNotInUse is CheckTableNotInUse, of what a cursor reads or a trigger's function does to the
// table of the trigger, and of firings that wait for COMMIT: 55006.
func (s *Session) checkNotInUse(oid types.OID, verb string) error {
	why := ""
	if slices.ContainsFunc(s.triggers, func(c triggerCall) bool { return c.data.Relation.OID == oid }) || s.isRead(oid) {
		why = "because it is being used by active queries in this session"
	} else if slices.ContainsFunc(s.tx.triggers, func(e *exec.AfterEvent) bool { return e.Table() == oid }) {
		why = "because it has pending trigger events"
	}
	if why == "" {
		return nil
	}
	return pgerr.New(pgerr.ObjectInUse, "cannot %s \"%s\" %s", verb, s.catalog().RelationByOID(oid).Name, why)
}

// settleStatement does what a statement owes to foreign keys and AFTER triggers
// once it has written everything. Referential actions add to both.
func settleStatement(ctx context.Context, env *exec.Env) error {
	for env.Foreign != nil && env.Foreign.Owes() || env.Triggers.Owes() {
		if env.Foreign != nil {
			if err := env.Foreign.Run(ctx); err != nil {
				return err
			}
		}
		if env.Triggers.Owes() {
			if err := env.Triggers.Run(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
