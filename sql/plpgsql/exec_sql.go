package plpgsql

import (
	"context"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func (*performStmt) kind() string { return "PERFORM" }

func (s *performStmt) exec(f *frame) (result, error) {
	r, err := f.runQuery(s.expr, 0)
	if err != nil {
		return rcOK, err
	}
	f.setFound(r.Processed != 0)
	return rcOK, nil
}

// runQuery is exec_run_select.
func (f *frame) runQuery(e *expr, limit int64) (*pl.Result, error) {
	if err := f.prepare(e); err != nil {
		return nil, err
	}
	r, err := e.plan.Run(f.ctx, f.params(), limit)
	if err == nil {
		f.processed = r.Processed
	}
	return r, err
}

func (*sqlStmt) kind() string { return "SQL statement" }

// exec is exec_stmt_execsql.
func (s *sqlStmt) exec(f *frame) (result, error) {
	if err := f.prepare(s.query); err != nil {
		return rcOK, err
	}
	p := s.query.plan
	limit := int64(0)
	if s.into != nil {
		level, _ := extraLevel(f.spi, tooManyRows)
		if limit = 1; s.strict || p.Writes() || level != checkOff {
			limit = 2
		}
	}
	r, err := p.Run(f.ctx, f.params(), limit)
	if err != nil {
		return rcOK, err
	}
	f.processed = r.Processed
	if p.Writes() || r.Command == "SELECT" {
		f.setFound(r.Processed != 0)
	}
	if s.into == nil {
		return rcOK, discarded(r)
	}
	if r.Columns == nil {
		return rcOK, pgerr.New(pgerr.SyntaxError, "INTO used with a command that cannot return data")
	}
	return rcOK, f.into(s.into, r, s.strict, p.Writes(), func() string { return f.strictParams(s.query) })
}

// discarded refuses a query whose rows go nowhere.
func discarded(r *pl.Result) error {
	if r.Columns == nil {
		return nil
	}
	e := pgerr.New(pgerr.SyntaxError, "query has no destination for result data")
	if r.Command == "SELECT" {
		e.WithHint("If you want to discard the results of a SELECT, use PERFORM instead.")
	}
	return e
}

// into gives the first row to the target; STRICT wants exactly one.
func (f *frame) into(target datum, r *pl.Result, strict, writes bool, params func() string) error {
	detail := func(e *pgerr.Error) *pgerr.Error {
		if f.fn.printStrict {
			if p := params(); p != "" {
				e.WithDetail("parameters: %s", p)
			}
		}
		return e
	}
	switch {
	case len(r.Rows) == 0:
		if strict {
			return detail(pgerr.New(pgerr.NoDataFound, "query returned no rows"))
		}
		return f.moveRow(target, r.Columns, nil)
	case len(r.Rows) > 1:
		level := checkError
		if !strict && !writes {
			level, _ = extraLevel(f.spi, tooManyRows)
		}
		e := detail(pgerr.New(pgerr.TooManyRows, "query returned more than one row")).
			WithHint("Make sure the query returns a single row, or use LIMIT 1.")
		if err := report(f.spi, level, e); err != nil {
			return err
		}
	}
	return f.moveRow(target, r.Columns, r.Rows[0])
}

// strictParams is format_expr_params.
func (f *frame) strictParams(e *expr) string {
	var parts []string
	for _, u := range e.params {
		v, t, err := f.value(u.datum)
		if err != nil {
			continue
		}
		parts = append(parts, u.datum.name()+"="+f.quoted(v, t.Type))
	}
	return strings.Join(parts, ", ")
}

func (f *frame) quoted(v any, t *types.Type) string {
	if v == nil {
		return "NULL"
	}
	return "'" + strings.ReplaceAll(string(t.Out(f.spi.Types(), nil, v)), "'", "''") + "'"
}

// usingParams is format_preparedparamsdata.
func (f *frame) usingParams(args []pl.Value) string {
	var parts []string
	for i, a := range args {
		parts = append(parts, paramName(i+1)+" = "+f.quoted(a.Value, a.Type))
	}
	return strings.Join(parts, ", ")
}

func paramName(n int) string { return "$" + strconv.Itoa(n) }

// dynamic evaluates what EXECUTE runs.
func (f *frame) dynamic(query *expr, using []*expr) (string, []pl.Value, error) {
	text, err := f.evalText(query)
	if err != nil {
		return "", nil, err
	}
	if text == nil {
		return "", nil, pgerr.New(pgerr.NullValueNotAllowed, "query string argument of EXECUTE is null")
	}
	args, err := f.evalList(using)
	return *text, args, err
}

func (*executeStmt) kind() string { return "EXECUTE" }

// exec is exec_stmt_dynexecute.
func (s *executeStmt) exec(f *frame) (result, error) {
	text, args, err := f.dynamic(s.query, s.using)
	if err != nil {
		return rcOK, err
	}
	if into := selectInto(text); into && s.into == nil {
		return rcOK, pgerr.New(pgerr.FeatureNotSupported, "EXECUTE of SELECT ... INTO is not implemented").
			WithHint("You might want to use EXECUTE ... INTO or EXECUTE CREATE TABLE ... AS instead.")
	}
	r, err := f.spi.Execute(f.ctx, text, args, 0)
	if err != nil {
		return rcOK, err
	}
	f.processed = r.Processed
	if s.into == nil {
		return rcOK, nil
	}
	if r.Columns == nil {
		return rcOK, pgerr.New(pgerr.SyntaxError, "INTO used with a command that cannot return data")
	}
	return rcOK, f.into(s.into, r, s.strict, false, func() string { return f.usingParams(args) })
}

// selectInto says whether a text is one SELECT INTO.
func selectInto(text string) bool {
	stmts, err := parser.Parse(text)
	if err != nil || len(stmts) == 0 {
		return false
	}
	_, into := parser.Into(stmts[len(stmts)-1].Node)
	return into != nil
}

func (s *callStmt) kind() string {
	if s.call {
		return "CALL"
	}
	return "DO"
}

// exec is exec_stmt_call.
func (s *callStmt) exec(f *frame) (result, error) {
	if err := f.prepare(s.expr); err != nil {
		return rcOK, err
	}
	target, err := s.outputs(f)
	if err != nil {
		return rcOK, err
	}
	r, err := s.expr.plan.Run(f.ctx, f.params(), 0)
	if err != nil {
		return rcOK, err
	}
	switch {
	case len(r.Rows) == 1 && target != nil:
		return rcOK, f.moveRow(target, r.Columns, r.Rows[0])
	case len(r.Rows) > 1:
		return rcOK, pgerr.Internal("procedure call returned more than one row")
	}
	return rcOK, nil
}

// outputs is make_callstmt_target: the variables that stand where the procedure
// has output parameters. 42601 where none stands there.
func (s *callStmt) outputs(f *frame) (*row, error) {
	fn, args := s.expr.plan.Procedure()
	if fn == nil {
		return nil, nil
	}
	target := &row{ident: "(unnamed row)"}
	for i, p := range fn.Params {
		if !p.IsOutput() {
			continue
		}
		arg := argumentOf(args, i, p.Name)
		if arg == nil {
			target.fields, target.names = append(target.fields, nil), append(target.names, "")
			continue
		}
		var names []string
		for _, n := range arg.GetColumnRef().GetFields() {
			names = append(names, n.GetString_().GetSval())
		}
		if n := arg.GetParamRef(); n != nil {
			names = []string{paramName(int(n.Number))}
		}
		d := f.datumNamed(s.expr.ns, names)
		if d == nil {
			name := p.Name
			if name == "" {
				return nil, pgerr.New(pgerr.SyntaxError, "procedure parameter %d is an output parameter but corresponding argument is not writable", i+1)
			}
			return nil, pgerr.New(pgerr.SyntaxError, "procedure parameter \"%s\" is an output parameter but corresponding argument is not writable", name)
		}
		if v, ok := d.(*variable); ok && v.constant {
			return nil, pgerr.New(pgerr.ErrorInAssignment, "variable \"%s\" is declared CONSTANT", v.ident)
		}
		target.fields, target.names = append(target.fields, d), append(target.names, d.name())
	}
	if len(target.fields) == 0 {
		return nil, nil
	}
	return target, nil
}

// argumentOf is the argument given for a parameter, by place or by name; nil if
// none is.
func argumentOf(args []*parser.Node, i int, name string) *parser.Node {
	for n, a := range args {
		if named := a.GetNamedArgExpr(); named != nil {
			if named.Name == name {
				return named.Arg
			}
		} else if n == i {
			return a
		}
	}
	return nil
}

// datumNamed resolves a name at run time.
func (f *frame) datumNamed(ns *nsItem, names []string) datum {
	if len(names) == 0 {
		return nil
	}
	it, used := ns.lookup(false, names...)
	if it == nil {
		return nil
	}
	v := f.fn.datums[it.dno].(*variable)
	switch len(names) - used {
	case 0:
		return v
	case 1:
		return f.fn.recField(v, names[used])
	}
	return nil
}

func (s *endTransactionStmt) kind() string {
	if s.commit {
		return "COMMIT"
	}
	return "ROLLBACK"
}

func (s *endTransactionStmt) exec(f *frame) (result, error) {
	return rcOK, f.spi.EndTransaction(context.WithoutCancel(f.ctx), s.commit, s.chain)
}
