package plpgsql

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func (*block) kind() string { return "statement block" }

// exec is exec_stmt_block.
func (b *block) exec(f *frame) (result, error) {
	f.doing = "during statement block local variable initialization"
	for _, v := range b.vars {
		f.doingLine = v.line
		if err := f.initialize(v); err != nil {
			return rcOK, err
		}
	}
	f.doing, f.doingLine = "", 0
	run := f.body
	if b.handlers != nil {
		run = f.guarded
	}
	rc, err := run(b)
	if err != nil {
		return rc, err
	}
	if rc == rcExit && f.label != "" && f.label == b.label {
		f.label = ""
		rc = rcOK
	}
	return rc, nil
}

func (f *frame) body(b *block) (result, error) { return f.executeAll(b.body) }

// initialize gives a declared variable its first value.
func (f *frame) initialize(v *variable) error {
	f.values[v.dno] = nil
	switch {
	case v.cursor != nil: // the name of its portal is its own
		f.values[v.dno] = v.ident
		return nil
	case v.init != nil:
		value, t, err := f.eval(v.init)
		if err != nil {
			return err
		}
		return f.assign(v, value, t.Type, t.mod)
	case v.typ.Constrained(): // a domain may refuse NULL
		return f.assign(v, nil, types.UnknownType, -1)
	}
	return nil
}

// guarded runs a block's body in a subtransaction and its handlers after an
// error.
func (f *frame) guarded(b *block) (result, error) {
	sub := f.spi.Subtransaction()
	rc, err := f.executeAll(b.body)
	if err == nil {
		sub.Commit()
		return rc, nil
	}
	if undo := sub.Rollback(f.ctx); undo != nil {
		return rcOK, undo
	}
	e := pgerr.As(err)
	h := b.handlerOf(e)
	if h == nil {
		return rc, err
	}
	caught := &handled{err: err, full: pgerr.As(f.inContext(err)), stmt: f.stmt}
	f.stmt, f.doing, f.doingLine = b, "", 0
	f.values[b.sqlstate.dno], f.values[b.sqlerrm.dno] = string(e.Code), e.Message
	saved := f.handling
	f.handling = caught
	rc, err = f.executeAll(h.body)
	if err == nil {
		f.handling = saved
	}
	return rc, err
}

// handlerOf finds the handler of an error, nil if there is none.
func (b *block) handlerOf(e *pgerr.Error) *handler {
	if e == nil || e.Severity != pgerr.SeverityError {
		return nil
	}
	for i := range b.handlers {
		for _, c := range b.handlers[i].conditions {
			if c.matches(e.Code) {
				return &b.handlers[i]
			}
		}
	}
	return nil
}

// matches is exception_matches_conditions: OTHERS takes all but a cancellation
// and a failed assertion.
func (c condition) matches(code pgerr.Code) bool {
	switch {
	case c == "":
		return code != pgerr.QueryCanceled && code != pgerr.AssertFailure
	case pgerr.Code(c) == code:
		return true
	}
	return strings.HasSuffix(string(c), "000") && pgerr.Code(c).Class() == code.Class()
}

func (*assignStmt) kind() string { return "assignment" }

func (s *assignStmt) exec(f *frame) (result, error) {
	v, t, err := f.eval(s.expr)
	if err != nil {
		return rcOK, err
	}
	return rcOK, f.assign(s.target, v, t.Type, t.mod)
}

func (*ifStmt) kind() string { return "IF" }

func (s *ifStmt) exec(f *frame) (result, error) {
	for _, b := range s.branches {
		ok, err := f.evalBool(b.cond)
		if err != nil {
			return rcOK, err
		}
		if ok {
			return f.executeAll(b.body)
		}
	}
	return f.executeAll(s.otherwise)
}

func (*caseStmt) kind() string { return "CASE" }

// exec is exec_stmt_case.
func (s *caseStmt) exec(f *frame) (result, error) {
	if s.test != nil {
		v, t, err := f.eval(s.test)
		if err != nil {
			return rcOK, err
		}
		if t.OID == types.UnknownOID {
			t = dtype{types.TextType, -1}
		}
		if s.testVar.typ.OID != t.OID { // the conditions compare with another type than before
			s.testVar.typ = t
			for _, w := range s.whens {
				w.cond.plan = nil
			}
		}
		f.values[s.testVar.dno] = v
	}
	for _, w := range s.whens {
		ok, err := f.evalBool(w.cond)
		if err != nil {
			return rcOK, err
		}
		if ok {
			return f.executeAll(w.body)
		}
	}
	if !s.hasElse {
		return rcOK, pgerr.New(pgerr.CaseNotFound, "case not found").WithHint("CASE statement is missing ELSE part.")
	}
	return f.executeAll(s.otherwise)
}

func (s *exitStmt) kind() string {
	if s.exit {
		return "EXIT"
	}
	return "CONTINUE"
}

func (s *exitStmt) exec(f *frame) (result, error) {
	if s.cond != nil {
		ok, err := f.evalBool(s.cond)
		if !ok || err != nil {
			return rcOK, err
		}
	}
	f.label = s.label
	if s.exit {
		return rcExit, nil
	}
	return rcContinue, nil
}

func (*assertStmt) kind() string { return "ASSERT" }

// exec is exec_stmt_assert.
func (s *assertStmt) exec(f *frame) (result, error) {
	if setting(f.spi, "plpgsql.check_asserts") == "off" {
		return rcOK, nil
	}
	ok, err := f.evalBool(s.cond)
	if ok || err != nil {
		return rcOK, err
	}
	message := "assertion failed"
	if s.message != nil {
		text, err := f.evalText(s.message)
		if err != nil {
			return rcOK, err
		}
		if text != nil {
			message = *text
		}
	}
	return rcOK, pgerr.New(pgerr.AssertFailure, "%s", message)
}
