package session

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/pljs"
	"github.com/s3db-sql/s3db-sql/sql/plpgsql"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// languages are the procedural languages by name; a new one is a line here and
// one in catalog.Languages.
var languages = map[string]pl.Language{
	"plpgsql":    plpgsql.Language{},
	"javascript": pljs.Language{},
	"plv8":       pljs.Language{},
}

var languageNames = slices.Sorted(maps.Keys(languages))

// errStackDepth is 54001.
func errStackDepth() error {
	return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
		WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
}

// callLanguage runs a function written in a procedural language.
func (f *facts) callLanguage(l pl.Language, fn *catalog.Function, c *funcs.Call, args []any) (rows funcs.RowIter, err error) {
	err = f.enter(fn, c, func(x *spi) error {
		rows, err = l.Call(x, fn, c, args)
		return err
	})
	return rows, err
}

// callTrigger runs a trigger function written in a procedural language.
func (f *facts) callTrigger(fn *catalog.Function, c *funcs.Call, d *funcs.TriggerData) (r *types.Record, err error) {
	l := languages[fn.Language]
	if l == nil {
		return nil, pgerr.Unsupported("a trigger function in language %s", fn.Language)
	}
	err = f.enter(fn, c, func(x *spi) error {
		r, err = l.CallTrigger(x, fn, c, d)
		return err
	})
	return r, err
}

// enter makes what a function sees of the session while run runs: the settings
// of its SET clause, and whether it may end the transaction.
func (f *facts) enter(fn *catalog.Function, c *funcs.Call, run func(x *spi) error) error {
	if f.depth >= maxRoutineDepth {
		return errStackDepth()
	}
	atomic := !f.nonatomic || c.Func.Kind != funcs.Procedure || fn.SecurityDefiner || len(fn.Config) > 0
	restore, err := f.configure(fn)
	if err != nil {
		return err
	}
	x := &spi{Session: f.Session, out: f.out, atomic: atomic, readOnly: fn.Volatility != byte(funcs.Volatile)}
	return firstError(x.within(func() error { return run(x) }), restore())
}

// within runs f as the innermost function.
func (x *spi) within(f func() error) error {
	s := x.Session
	outer, nonatomic := s.inner, s.nonatomic
	x.outer = outer
	s.inner, s.nonatomic = x, false
	s.depth++
	defer func() {
		s.depth--
		s.inner, s.nonatomic = outer, nonatomic
		if outer != nil {
			outer.env = nil // settings may have changed
		}
	}()
	return f()
}

// configure applies the SET clause of a function until the returned function is
// called (fmgr_security_definer).
func (s *Session) configure(fn *catalog.Function) (restore func() error, err error) {
	restore = s.asDefiner(fn)
	if len(fn.Config) == 0 {
		return restore, nil
	}
	done := restore
	type setting struct{ name, inside, before string }
	var set []setting
	restore = func() error {
		s.envDirty = true
		for _, c := range set {
			if s.values.Raw(c.name) != c.inside { // the function has set it for good
				continue
			}
			if err := s.assign(c.name, c.before, true); err != nil {
				return err
			}
		}
		return done()
	}
	for _, c := range fn.Config {
		name, value, _ := strings.Cut(c, "=")
		before := s.values.Raw(name)
		if err := s.assign(name, value, true); err != nil {
			return nil, firstError(err, restore())
		}
		set = append(set, setting{name, s.values.Raw(name), before})
	}
	s.envDirty = true
	return restore, nil
}

// validateRoutine is lanvalidator of a function that was just made: an error's
// place in the body becomes one in the statement.
func (s *Session) validateRoutine(ctx context.Context, fn *catalog.Function, bodyAt int) error {
	l := languages[fn.Language]
	if l == nil || !s.values.Bool("check_function_bodies") {
		return nil
	}
	x := &spi{Session: s, out: s.listener.out, atomic: true}
	err := x.within(func() error { return l.Validate(ctx, x, fn) })
	return placedInBody(err, fn.Source, bodyAt)
}

// placedInBody makes an error's place in a function's text one in the statement
// that has it from byte bodyAt on, -1 if it has not as it is
// (function_parse_error_transpose).
func placedInBody(err error, source string, bodyAt int) error {
	e := pgerr.As(err)
	if e == nil || !e.HasPlace() {
		return err
	}
	at := e.Byte(source)
	e = e.Displaced()
	if bodyAt >= 0 {
		return e.AtByte(bodyAt + at)
	}
	return e
}

// doUtility runs DO.
func doUtility(stmt parser.Statement, n *parser.DoStmt) *utility {
	return &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		name, source, bodyAt := "plpgsql", "", -1
		for _, a := range n.Args {
			switch d := a.GetDefElem(); d.Defname {
			case "language":
				name = d.Arg.GetString_().GetSval()
			case "as":
				source = d.Arg.GetString_().GetSval()
				bodyAt = bind.BodyOffset(stmt, d, source)
			}
		}
		l := languages[name]
		switch {
		case name == "sql":
			return pgerr.New(pgerr.FeatureNotSupported, "language \"sql\" does not support inline code execution")
		case l == nil:
			return pgerr.New(pgerr.UndefinedObject, "language \"%s\" does not exist", name)
		case s.depth >= maxRoutineDepth:
			return errStackDepth()
		}
		x := &spi{Session: s, out: out, atomic: !s.nonatomic && s.inBlock()}
		ctx, stop := s.deadline(ctx)
		defer stop()
		s.tx.writes.Buffer()
		sp, tx := s.tx.save("", s.values.Mark()), s.tx
		err := x.within(func() error { return l.Inline(ctx, x, source) })
		if err != nil {
			if s.tx == tx {
				err = firstError(err, tx.rollbackTo(context.WithoutCancel(ctx), sp))
			}
			return timedOut(ctx, placedInBody(err, source, bodyAt))
		}
		return out.Complete("DO")
	}}
}

// Describe implements pl.SPI.
func (x *spi) Describe(fn *catalog.Function) string { return bind.Signature(x.bindEnv(nil), fn) }
