package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// iterate runs a loop's body once and says whether the loop goes on; rc is how
// the loop ends if it does not (LOOP_RC_PROCESSING).
func (f *frame) iterate(l *loop) (rc result, more bool, err error) {
	rc, err = f.executeAll(l.body)
	switch {
	case err != nil || rc == rcReturn:
		return rc, false, err
	case rc == rcOK:
		return rcOK, true, nil
	case f.label == "" || f.label == l.label:
		f.label = ""
		return rcOK, rc == rcContinue, nil
	}
	return rc, false, nil
}

func (*loopStmt) kind() string { return "LOOP" }

func (s *loopStmt) exec(f *frame) (result, error) {
	for {
		if err := f.interrupted(); err != nil {
			return rcOK, err
		}
		if rc, more, err := f.iterate(&s.loop); !more {
			return rc, err
		}
	}
}

// interrupted is CHECK_FOR_INTERRUPTS, for loops without statements.
func (f *frame) interrupted() error {
	if f.ctx.Err() != nil {
		return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(f.ctx.Err())
	}
	return nil
}

func (*whileStmt) kind() string { return "WHILE" }

func (s *whileStmt) exec(f *frame) (result, error) {
	for {
		if err := f.interrupted(); err != nil {
			return rcOK, err
		}
		ok, err := f.evalBool(s.cond)
		if !ok || err != nil {
			return rcOK, err
		}
		if rc, more, err := f.iterate(&s.loop); !more {
			return rc, err
		}
	}
}

func (*forIntegerStmt) kind() string { return "FOR with integer loop variable" }

// bound evaluates one of the numbers of an integer loop.
func (s *forIntegerStmt) bound(f *frame, e *expr, what string) (int32, error) {
	v, err := f.evalAs(e, types.Int4Type)
	if err != nil {
		return 0, err
	}
	n, ok := v.(int32)
	if !ok {
		return 0, pgerr.New(pgerr.NullValueNotAllowed, "%s of FOR loop cannot be null", what)
	}
	return n, nil
}

// exec is exec_stmt_fori.
func (s *forIntegerStmt) exec(f *frame) (result, error) {
	lower, err := s.bound(f, s.lower, "lower bound")
	if err != nil {
		return rcOK, err
	}
	upper, err := s.bound(f, s.upper, "upper bound")
	if err != nil {
		return rcOK, err
	}
	step := int32(1)
	if s.step != nil {
		if step, err = s.bound(f, s.step, "BY value"); err != nil {
			return rcOK, err
		}
		if step <= 0 {
			return rcOK, pgerr.New(pgerr.InvalidParameterValue, "BY value of FOR loop must be greater than zero")
		}
	}
	rc, found := rcOK, false
	for i := int64(lower); s.reverse && i >= int64(upper) || !s.reverse && i <= int64(upper); {
		found = true
		f.values[s.v.dno] = int32(i)
		if err := f.interrupted(); err != nil {
			return rcOK, err
		}
		var more bool
		if rc, more, err = f.iterate(&s.loop); err != nil {
			return rc, err
		} else if !more {
			break
		}
		if s.reverse {
			i -= int64(step)
		} else {
			i += int64(step)
		}
		if i != int64(int32(i)) { // as an integer, it would overflow
			break
		}
	}
	f.setFound(found)
	return rc, nil
}

// forRows is exec_for_query.
func (f *frame) forRows(l *loop, target datum, rows pl.Rows) (rc result, err error) {
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	found := false
	for {
		if err := f.interrupted(); err != nil {
			return rcOK, err
		}
		row, err := rows.Next()
		if err != nil {
			return rcOK, err
		}
		if row == nil {
			if !found {
				if err := f.moveRow(target, rows.Columns(), nil); err != nil {
					return rcOK, err
				}
			}
			f.setFound(found)
			return rcOK, nil
		}
		found = true
		if err := f.moveRow(target, rows.Columns(), row); err != nil {
			return rcOK, err
		}
		rc, more, err := f.iterate(l)
		if err != nil {
			return rc, err
		}
		if !more {
			f.setFound(true)
			return rc, nil
		}
	}
}

func (*forQueryStmt) kind() string { return "FOR over SELECT rows" }

func (s *forQueryStmt) exec(f *frame) (result, error) {
	if err := f.prepare(s.query); err != nil {
		return rcOK, err
	}
	rows, err := s.query.plan.Rows(f.ctx, f.params())
	if err != nil {
		return rcOK, err
	}
	return f.forRows(&s.loop, s.target, rows)
}

// params are the parameters of a query that goes on while variables change.
func (f *frame) params() []any { return append([]any(nil), f.values...) }

func (*forExecuteStmt) kind() string { return "FOR over EXECUTE statement" }

func (s *forExecuteStmt) exec(f *frame) (result, error) {
	text, args, err := f.dynamic(s.query, s.using)
	if err != nil {
		return rcOK, err
	}
	rows, err := f.spi.Query(f.ctx, text, args)
	if err != nil {
		return rcOK, err
	}
	return f.forRows(&s.loop, s.target, rows)
}

func (*forCursorStmt) kind() string { return "FOR over cursor" }

// exec is exec_stmt_forc.
func (s *forCursorStmt) exec(f *frame) (result, error) {
	name, err := f.cursorName(s.cursor)
	if err != nil {
		return rcOK, err
	}
	cur, err := f.openBound(s.cursor, name, s.args)
	if err != nil {
		return rcOK, err
	}
	if name == "" {
		f.values[s.cursor.dno] = cur.Name()
	}
	rc, err := f.forRows(&s.loop, s.target, &cursorRows{f: f, c: cur})
	if err == nil && name == "" {
		f.values[s.cursor.dno] = nil
	}
	return rc, err
}

// cursorRows are the rows of a cursor.
type cursorRows struct {
	f *frame
	c pl.Cursor
}

// Columns implements pl.Rows.
func (r *cursorRows) Columns() []types.Column { return r.c.Columns() }

// Next implements pl.Rows.
func (r *cursorRows) Next() ([]any, error) {
	rows, n, err := r.c.Fetch(r.f.ctx, parser.FetchDirection_FETCH_FORWARD, 1, false)
	if n == 0 || err != nil {
		return nil, err
	}
	return rows[0], nil
}

// Close implements pl.Rows.
func (r *cursorRows) Close() error { return r.c.Close() }

func (*foreachStmt) kind() string { return "FOREACH over array" }

// exec is exec_stmt_foreach_a.
func (s *foreachStmt) exec(f *frame) (result, error) {
	v, t, err := f.eval(s.array)
	if err != nil {
		return rcOK, err
	}
	if v == nil {
		return rcOK, pgerr.New(pgerr.NullValueNotAllowed, "FOREACH expression must not be null")
	}
	base, _ := t.BaseType(-1)
	elem := f.spi.Catalog().Types().ByOID(base.Elem)
	a, ok := v.(*types.Array)
	if !ok || elem == nil {
		return rcOK, pgerr.New(pgerr.DatatypeMismatch, "FOREACH expression must yield an array, not type %s", t.SQLName())
	}
	if s.slice < 0 || s.slice > len(a.Dims) {
		return rcOK, pgerr.New(pgerr.ArraySubscriptError, "slice dimension (%d) is out of the valid range 0..%d", s.slice, len(a.Dims))
	}
	if err := s.checkTarget(f); err != nil {
		return rcOK, err
	}
	item := dtype{elem, t.mod}
	if s.slice > 0 {
		item = dtype{base, t.mod}
	}
	rc, found := rcOK, false
	for _, x := range slicesOf(a, s.slice) {
		found = true
		if err := f.assign(s.target, x, item.Type, item.mod); err != nil {
			return rcOK, err
		}
		var more bool
		if rc, more, err = f.iterate(&s.loop); err != nil {
			return rc, err
		} else if !more {
			break
		}
	}
	f.setFound(found)
	return rc, nil
}

func (s *foreachStmt) checkTarget(f *frame) error {
	v, ok := s.target.(*variable)
	array := ok && v.typ.Elem != 0 && v.typ.Type.IsArray()
	switch {
	case s.slice > 0 && !array:
		return pgerr.New(pgerr.DatatypeMismatch, "FOREACH ... SLICE loop variable must be of an array type")
	case s.slice == 0 && array:
		return pgerr.New(pgerr.DatatypeMismatch, "FOREACH loop variable must not be of an array type")
	}
	return nil
}

// slicesOf are the elements of an array, or its slices of so many dimensions.
func slicesOf(a *types.Array, dims int) []any {
	if dims == 0 {
		return a.Elems
	}
	inner := a.Dims[len(a.Dims)-dims:]
	size := 1
	for _, d := range inner {
		size *= int(d.Len)
	}
	var out []any
	for i := 0; size > 0 && i+size <= len(a.Elems); i += size {
		out = append(out, &types.Array{Elem: a.Elem, Dims: inner, Elems: a.Elems[i : i+size]})
	}
	return out
}
