package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// spi implements pl.SPI for one running function.
type spi struct {
	*Session
	out    Output
	atomic bool
	// readOnly: the function is declared not to change anything.
	readOnly bool
	// env reads and writes values; nil after something that may have changed the
	// settings.
	env *types.Env
	// outer is the function that called it, through the plan that is running there.
	outer   *spi
	running *spiPlan
	where   func() string
}

var _ pl.SPI = (*spi)(nil)

// cacheKey is what languages keep compiled functions under.
type cacheKey struct {
	key     any
	version uint64
	path    string
}

// Cache implements pl.SPI.
func (x *spi) Cache(key any, make func() (any, error)) (any, error) {
	k := cacheKey{key, x.catalog().Version(), x.bindKey()}
	if v, ok := x.compiled[k]; ok {
		return v, nil
	}
	v, err := make()
	if err != nil {
		return nil, err
	}
	if x.compiled == nil || len(x.compiled) >= maxRoutines {
		x.compiled = map[cacheKey]any{}
	}
	x.compiled[k] = v
	return v, nil
}

// Types implements pl.SPI.
func (x *spi) Types() *types.Env {
	if x.env == nil {
		x.env = x.statementEnv()
	}
	return x.env
}

// Catalog implements pl.SPI.
func (x *spi) Catalog() catalog.Reader { return x.catalog() }

// Setting implements pl.SPI.
func (x *spi) Setting(name string) (string, bool) { return x.values.Get(name) }

// Type implements pl.SPI.
func (x *spi) Type(tn *parser.TypeName) (*types.Type, int32, error) {
	return bind.TypeName(x.bindEnv(nil), tn)
}

// Relation implements pl.SPI.
func (x *spi) Relation(names []string) (*catalog.Relation, error) {
	return bind.RelationNamed(x.bindEnv(nil), names)
}

// Actual implements pl.SPI.
func (x *spi) Actual(fn *catalog.Function, oid types.OID, args []*types.Type) (*types.Type, error) {
	return bind.ActualType(x.bindEnv(nil), fn, oid, args)
}

// Tell implements pl.SPI.
func (x *spi) Tell(where func() string) { x.where = where }

// Context implements pl.SPI.
func (x *spi) Context() string {
	var lines []string
	for f := x; f != nil; f = f.outer {
		if f != x && f.running != nil {
			lines = append(lines, fmt.Sprintf(spiTexts[f.running.mode], f.running.text))
		}
		if f.where != nil {
			lines = append(lines, f.where())
		}
	}
	return strings.Join(lines, "\n")
}

// Notice implements pl.SPI.
func (x *spi) Notice(n *pgerr.Error) {
	out := x.out
	if out == nil {
		out = x.listener.out
	}
	// The client's end shows in the next write of the result.
	_ = x.notice(out, n)
}

// Atomic implements pl.SPI.
func (x *spi) Atomic() bool { return x.atomic }

// EndTransaction implements pl.SPI: SPI_commit and SPI_rollback.
func (x *spi) EndTransaction(ctx context.Context, commit, chain bool) error {
	what := "commit"
	if !commit {
		what = "roll back"
	}
	switch {
	case x.atomic:
		return pgerr.New(pgerr.InvalidTransactionTermination, "invalid transaction termination")
	case len(x.tx.saves) > 0:
		return pgerr.New(pgerr.InvalidTransactionTermination, "cannot %s while a subtransaction is active", what)
	}
	readOnly := x.tx.readOnly
	if err := x.end(ctx, commit); err != nil {
		return firstError(err, x.restart(false))
	}
	return x.restart(chain && readOnly)
}

// restart begins the transaction after one that the function has ended.
func (x *spi) restart(readOnly bool) error {
	tx := x.begin(false)
	tx.writes.Buffer()
	tx.readOnly = tx.readOnly || readOnly
	x.env = nil
	return nil
}

// subtransaction is a savepoint without a name.
type subtransaction struct {
	x     *spi
	tx    *transaction
	level int
	save  savepoint
}

// Subtransaction implements pl.SPI.
func (x *spi) Subtransaction() pl.Subtransaction {
	sub := &subtransaction{x: x, tx: x.tx, level: len(x.tx.saves), save: x.tx.save("", x.values.Mark())}
	x.tx.saves = append(x.tx.saves, sub.save)
	return sub
}

// Commit implements pl.Subtransaction.
func (t *subtransaction) Commit() {
	t.tx.saves = t.tx.saves[:t.level]
	for _, po := range t.x.portals {
		po.level = min(po.level, t.level)
	}
}

// Rollback implements pl.Subtransaction.
func (t *subtransaction) Rollback(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	err := t.tx.rollbackTo(ctx, t.save)
	t.x.abortPortals(t.level + 1)
	t.x.values.Rollback(t.save.settings)
	t.x.envDirty, t.x.env = true, nil
	t.tx.saves = t.tx.saves[:t.level]
	return err
}

// castKey is a conversion between two types.
type castKey struct {
	from, to       types.OID
	fromMod, toMod int32
	version        uint64
}

// Convert implements pl.SPI.
func (x *spi) Convert(ctx context.Context, v any, from *types.Type, fromMod int32, to *types.Type, toMod int32) (any, error) {
	if from.OID == to.OID && (toMod < 0 || toMod == fromMod) && !to.Constrained() || v == nil && !to.Constrained() {
		return v, nil
	}
	key := castKey{from.OID, to.OID, fromMod, toMod, x.catalog().Version()}
	c := x.casts[key]
	if c == nil {
		e, err := bind.Cast(x.bindEnv(nil), from, fromMod, to, toMod)
		if err != nil {
			return nil, err
		}
		if x.casts == nil || len(x.casts) >= maxRoutines {
			x.casts = map[castKey]*evaluators{}
		}
		c = &evaluators{s: x.Session, e: e}
		x.casts[key] = c
	}
	return c.eval(ctx, x.Types(), []any{v})
}

// evaluators are an expression's compiled forms: one for each activation of it,
// where it calls itself.
type evaluators struct {
	s    *Session
	e    plan.Expr
	free []*exec.Evaluator
}

func (c *evaluators) eval(ctx context.Context, env *types.Env, params []any) (any, error) {
	var v *exec.Evaluator
	if n := len(c.free); n > 0 {
		v, c.free = c.free[n-1], c.free[:n-1]
	} else {
		var err error
		if v, err = exec.NewEvaluator(c.e, c.s.execEnv(nil, nil)); err != nil {
			return nil, err
		}
	}
	out, err := v.Eval(ctx, env, params)
	if err == nil { // after an error its state may be anything
		c.free = append(c.free, v)
	}
	return out, err
}
