package plpgsql

import (
	"context"
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// frame is one activation of a function: PLpgSQL_execstate.
type frame struct {
	ctx context.Context
	spi pl.SPI
	fn  *function
	// values are the variables' by number, and the parameters of its SQL; a record
	// is a *types.Record, nil while it is not assigned.
	values []any
	// columns are what the call says of the rows of a function returning record.
	columns []types.Column

	// ret is what RETURN gave, of type retType.
	ret     any
	retType dtype
	// rows are those of a set.
	rows []any
	// label is where EXIT or CONTINUE goes, "" for the innermost loop.
	label string
	// stmt is the statement that runs, nil for none; doing says what happens
	// outside of one.
	stmt  stmt
	doing string
	// doingLine is the line of a declaration that doing speaks of.
	doingLine int
	// handling is the exception that a handler handles, nil outside of one.
	handling *handled
	// processed is ROW_COUNT.
	processed int64
	// trigger is set in trigger functions.
	trigger *funcs.TriggerData
	// noRow has the fields of NEW or OLD where there is no such row.
	noRow *types.Record
}

// handled is an exception that a handler handles.
type handled struct {
	err error
	// full is it with the context of this function, stmt where it came from.
	full *pgerr.Error
	stmt stmt
}

// result says how a statement ended.
type result byte

const (
	rcOK result = iota
	rcExit
	rcReturn
	rcContinue
)

func newFrame(ctx context.Context, s pl.SPI, fn *function) *frame {
	f := &frame{ctx: ctx, spi: s, fn: fn, values: make([]any, len(fn.datums)), retType: dtype{types.UnknownType, -1}}
	s.Tell(f.where)
	return f
}

// run executes the body: rcReturn or 2F005.
func (f *frame) run() error {
	f.setFound(false)
	f.doing = ""
	rc, err := f.execute(f.fn.body)
	if err == nil && rc != rcReturn {
		f.stmt = nil
		err = pgerr.New(pgerr.FunctionExecutedNoReturnStatement, "control reached end of function without RETURN")
	}
	return f.inContext(err)
}

// inContext adds the function's line to an error's context:
// plpgsql_exec_error_callback.
func (f *frame) inContext(err error) error {
	e := pgerr.As(err)
	if e == nil {
		return err
	}
	c := e.Displaced()
	if c.Where != "" {
		c.Where += "\n"
	}
	c.Where += f.where()
	return c
}

func (f *frame) where() string {
	text := "PL/pgSQL function " + f.fn.signature
	switch {
	case f.doing != "" && f.doingLine > 0:
		return text + fmt.Sprintf(" line %d %s", f.doingLine, f.doing)
	case f.doing != "":
		return text + " " + f.doing
	case f.stmt != nil && f.stmt.at() > 0:
		return text + fmt.Sprintf(" line %d at %s", f.stmt.at(), f.stmt.kind())
	}
	return text
}

// execute runs one statement: exec_stmt.
func (f *frame) execute(s stmt) (result, error) {
	if f.ctx.Err() != nil {
		return rcOK, pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(f.ctx.Err())
	}
	saved := f.stmt
	f.stmt = s
	rc, err := s.exec(f)
	if err == nil {
		f.stmt = saved
	}
	return rc, err
}

// executeAll is exec_stmts.
func (f *frame) executeAll(list []stmt) (result, error) {
	for _, s := range list {
		if rc, err := f.execute(s); rc != rcOK || err != nil {
			return rc, err
		}
	}
	return rcOK, nil
}

// call is plpgsql_exec_function.
func (f *frame) call(c *funcs.Call, args []any) (funcs.RowIter, error) {
	f.doing = "while storing call arguments into local variables"
	for i, v := range f.fn.args {
		if err := f.assign(v, args[i], c.Args[i], -1); err != nil {
			return nil, f.inContext(err)
		}
	}
	f.doing = "during function entry"
	if err := f.run(); err != nil {
		return nil, err
	}
	if f.fn.returnsSet {
		return funcs.RowsOf(c.Result, f.rows), nil
	}
	f.stmt, f.doing = nil, "while casting return value to function's return type"
	v, err := f.finalValue(c)
	if err != nil {
		return nil, f.inContext(err)
	}
	return funcs.RowsOf(c.Result, []any{v}), nil
}

// finalValue casts what RETURN gave to the function's result.
func (f *frame) finalValue(c *funcs.Call) (any, error) {
	switch {
	case c.Result.OID == types.VoidOID:
		return "", nil
	case f.ret == nil && !c.Result.Constrained():
		return nil, nil
	case f.returnsRow():
		return f.finalRecord(c)
	}
	return f.convert(f.ret, f.retType, dtype{c.Result, -1})
}

// returnsRow says whether a row of the result is a record.
func (f *frame) returnsRow() bool {
	return f.fn.columns != nil || f.fn.result.OID == types.RecordOID
}

func (f *frame) finalRecord(c *funcs.Call) (any, error) {
	r, ok := f.ret.(*types.Record)
	if !ok {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot return non-composite value from function returning composite type")
	}
	return f.fitRecord(r, "returned record type does not match expected record type")
}

// expected are the columns that a row of the result must have, nil if any will
// do.
func (f *frame) expected() []types.Column {
	if f.fn.columns != nil {
		return f.fn.columns
	}
	return f.columns
}

// fitRecord is convert_tuples_by_position: the record as one of the result's
// type, 42804 where its columns are of other types.
func (f *frame) fitRecord(r *types.Record, mismatch string) (any, error) {
	want := f.expected()
	if want == nil {
		return r, nil
	}
	if err := sameColumns(r.Types, want, mismatch); err != nil {
		return nil, err
	}
	return f.resultRecord(want, r.Values)
}

// resultRecord makes a record of the result's type.
func (f *frame) resultRecord(cols []types.Column, values []any) (any, error) {
	base, _ := f.fn.result.BaseType(-1)
	out := &types.Record{Type: base, Values: values}
	for _, c := range cols {
		out.Names, out.Types = append(out.Names, c.Name), append(out.Types, c.Type)
	}
	if base != f.fn.result {
		return f.convert(out, dtype{base, -1}, dtype{f.fn.result, -1})
	}
	return out, nil
}

func sameColumns(have []*types.Type, want []types.Column, mismatch string) error {
	for i, c := range want {
		if i < len(have) && have[i].OID != c.Type.OID {
			return pgerr.New(pgerr.DatatypeMismatch, "%s", mismatch).
				WithDetail("Returned type %s does not match expected type %s in column %d.", have[i].SQLName(), c.Type.SQLName(), i+1)
		}
	}
	if len(have) != len(want) {
		return pgerr.New(pgerr.DatatypeMismatch, "%s", mismatch).
			WithDetail("Number of returned columns (%d) does not match expected column count (%d).", len(have), len(want))
	}
	return nil
}

func (f *frame) setFound(found bool) { f.values[f.fn.found.dno] = found }

// convert is exec_cast_value.
func (f *frame) convert(v any, from, to dtype) (any, error) {
	return f.spi.Convert(f.ctx, v, from.Type, from.mod, to.Type, to.mod)
}
