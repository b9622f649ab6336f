package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func (*returnStmt) kind() string { return "RETURN" }

// exec is exec_stmt_return.
func (s *returnStmt) exec(f *frame) (result, error) {
	var err error
	switch {
	case f.fn.returnsSet:
		return rcReturn, nil
	case s.v != nil:
		f.ret, f.retType, err = f.value(s.v)
	case s.expr != nil:
		f.ret, f.retType, err = f.eval(s.expr)
		if _, row := f.ret.(*types.Record); err == nil && f.ret != nil && f.returnsRow() && !row && f.trigger == nil {
			return rcOK, pgerr.New(pgerr.DatatypeMismatch, "cannot return non-composite value from function returning composite type")
		}
	default:
		f.ret, f.retType = "", dtype{types.VoidType, -1}
	}
	return rcReturn, err
}

func (*returnNextStmt) kind() string { return "RETURN NEXT" }

// exec is exec_stmt_return_next.
func (s *returnNextStmt) exec(f *frame) (result, error) {
	const wrong = "wrong record type supplied in RETURN NEXT"
	var v any
	var t dtype
	var err error
	if s.v != nil {
		v, t, err = f.value(s.v)
	} else {
		v, t, err = f.eval(s.expr)
	}
	if err != nil {
		return rcOK, err
	}
	r, isRecord := v.(*types.Record)
	switch {
	case !f.returnsRow():
		if v, err = f.convert(v, t, dtype{f.fn.result, -1}); err != nil {
			return rcOK, err
		}
	case v == nil:
		if v, err = f.nullRow(s); err != nil {
			return rcOK, err
		}
	case !isRecord && s.v != nil:
		return rcOK, pgerr.New(pgerr.DatatypeMismatch, "wrong result type supplied in RETURN NEXT")
	case !isRecord:
		return rcOK, pgerr.New(pgerr.DatatypeMismatch, "cannot return non-composite value from function returning composite type")
	default:
		if v, err = f.fitRecord(r, wrong); err != nil {
			return rcOK, err
		}
	}
	f.rows = append(f.rows, v)
	return rcOK, nil
}

// nullRow is a row of NULLs, for a composite that is NULL: 55000 for a record
// without structure.
func (f *frame) nullRow(s *returnNextStmt) (any, error) {
	if v, ok := s.v.(*variable); ok {
		if _, err := f.record(v); err != nil {
			return nil, err
		}
	}
	cols := f.expected()
	return f.resultRecord(cols, make([]any, len(cols)))
}

func (*returnQueryStmt) kind() string { return "RETURN QUERY" }

// exec is exec_stmt_return_query.
func (s *returnQueryStmt) exec(f *frame) (result, error) {
	cols, rows, text, err := s.run(f)
	if err != nil {
		return rcOK, err
	}
	have := make([]*types.Type, len(cols))
	for i, c := range cols {
		have[i] = c.Type
	}
	const mismatch = "structure of query does not match function result type"
	want := []types.Column{{Type: f.fn.result, Typmod: -1}}
	if f.returnsRow() {
		want = f.expected()
	}
	if want == nil {
		want = cols
	} else {
		if err := sameColumns(have, want, mismatch); err != nil {
			return rcOK, f.spi.During(err, text, pl.Statement)
		}
	}
	for _, row := range rows {
		if !f.returnsRow() {
			f.rows = append(f.rows, row[0])
			continue
		}
		v, err := f.resultRecord(want, row)
		if err != nil {
			return rcOK, err
		}
		f.rows = append(f.rows, v)
	}
	f.processed = int64(len(rows))
	f.setFound(len(rows) > 0)
	return rcOK, nil
}

// run executes the query.
func (s *returnQueryStmt) run(f *frame) (cols []types.Column, rows [][]any, text string, err error) {
	const noRows = "%s query does not return tuples"
	if s.dynamic {
		text, args, err := f.dynamic(s.query, s.using)
		if err != nil {
			return nil, nil, "", err
		}
		if selectInto(text) {
			return nil, nil, "", pgerr.New(pgerr.SyntaxError, noRows, "SELECT INTO")
		}
		r, err := f.spi.Execute(f.ctx, text, args, 0)
		if err == nil && r.Columns == nil {
			err = pgerr.New(pgerr.SyntaxError, noRows, r.Command)
		}
		if err != nil {
			return nil, nil, "", err
		}
		return r.Columns, r.Rows, text, nil
	}
	if err := f.prepare(s.query); err != nil {
		return nil, nil, "", err
	}
	if s.query.plan.Columns() == nil {
		return nil, nil, "", pgerr.New(pgerr.SyntaxError, noRows, s.query.plan.Command())
	}
	r, err := s.query.plan.Run(f.ctx, f.params(), 0)
	if err != nil {
		return nil, nil, "", err
	}
	return r.Columns, r.Rows, s.query.text, nil
}
