package session

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// maxRoutineDepth bounds calls of functions within functions: each takes some
// kilobytes of the goroutine's stack.
const maxRoutineDepth = 2000

// maxRoutines bounds the bodies that a session keeps planned.
const maxRoutines = 500

// routineKey is what a planned body depends on.
type routineKey struct {
	oid     types.OID
	version uint64
	path    string
	args    string
	plan    planKey
}

// routineCode is a function's body, planned for arguments of certain types:
// SQLFunctionCache.
type routineCode struct {
	*bind.Routine
	record *types.Record // names and types of the row it returns
}

var _ funcs.Routines = (*facts)(nil)

// Routine implements funcs.Routines: fmgr_sql.
func (f *facts) Routine(c *funcs.Call, args []any) (funcs.RowIter, error) {
	fn := f.catalog().Routines().Function(c.Func.OID)
	if fn == nil {
		return nil, pgerr.Internal("cache lookup failed for function %d", c.Func.OID)
	}
	if l := languages[fn.Language]; l != nil {
		return f.callLanguage(l, fn, c, args)
	}
	if f.depth >= maxRoutineDepth {
		return nil, errStackDepth()
	}
	restore, err := f.configure(fn)
	if err != nil {
		return nil, err
	}
	nonatomic := f.nonatomic
	f.depth, f.nonatomic = f.depth+1, false
	defer func() { f.depth, f.nonatomic = f.depth-1, nonatomic }()
	rows, err := f.runBody(fn, c, args)
	return rows, firstError(err, restore())
}

// runBody runs a body that is SQL: fmgr_sql.
func (f *facts) runBody(fn *catalog.Function, c *funcs.Call, args []any) (funcs.RowIter, error) {
	code, err := f.routineCode(fn, c)
	if err != nil {
		return nil, err
	}
	var rows []any
	for i, stmt := range code.Statements {
		last := i == len(code.Statements)-1
		if rows, err = f.runStatement(c, code, stmt, args, last); err != nil {
			return nil, inFunction(err, "SQL function \"%s\" statement %d", fn.Name, i+1)
		}
	}
	return funcs.RowsOf(c.Result, rows), nil
}

// inFunction adds a line to an error's context. Its place is none in the
// client's text.
func inFunction(err error, format string, args ...any) error {
	e := pgerr.As(objstore.ToPG(err))
	if e == nil {
		return err
	}
	e = e.Displaced()
	line := fmt.Sprintf(format, args...)
	if e.Where != "" {
		line = e.Where + "\n" + line
	}
	e.Where = line
	return e
}

// routineCode binds and plans a body, once for each combination of argument
// types.
func (s *Session) routineCode(fn *catalog.Function, c *funcs.Call) (*routineCode, error) {
	key := routineKey{oid: fn.OID, version: s.catalog().Version(), path: s.bindKey(), args: typeKey(c),
		plan: planKey{trust: s.values.Bool("s3db.trust_partitions")}}
	if code := s.routines[key]; code != nil {
		return code, nil
	}
	code, err := s.planRoutine(fn, c)
	if err != nil {
		return nil, inFunction(err, "SQL function \"%s\" during startup", fn.Name)
	}
	if s.routines == nil || len(s.routines) >= maxRoutines {
		s.routines = map[routineKey]*routineCode{}
	}
	s.routines[key] = code
	return code, nil
}

func typeKey(c *funcs.Call) string {
	var b strings.Builder
	for _, t := range append([]*types.Type{c.Result}, c.Args...) {
		fmt.Fprintf(&b, "%d:%d,", t.OID, t.Collation)
	}
	return b.String()
}

func (s *Session) planRoutine(fn *catalog.Function, c *funcs.Call) (*routineCode, error) {
	env := s.bindEnv(nil)
	body, err := bind.NewBody(env, fn, c.Args, c.Result)
	if err != nil {
		return nil, err
	}
	r, err := bind.BindRoutine(env, body)
	if err != nil {
		return nil, err
	}
	code := &routineCode{Routine: r, record: &types.Record{Type: c.Result}}
	for i := range r.Statements {
		if err := s.planStatement(fn, &r.Statements[i]); err != nil {
			return nil, err
		}
	}
	if n := len(r.Statements); n > 0 && r.Statements[n-1].Query != nil {
		for i, col := range r.Statements[n-1].Query.Output {
			name := col.Name
			if i < len(body.Columns) {
				name = body.Columns[i].Name
			}
			code.record.Names, code.record.Types = append(code.record.Names, name), append(code.record.Types, col.Type)
		}
	}
	return code, nil
}

// planStatement plans one statement of a body: 0A000 for what no function may do,
// and for one that writes in a function that is not volatile
// (init_execution_state).
func (s *Session) planStatement(fn *catalog.Function, stmt *bind.BodyStatement) error {
	switch n := stmt.Utility.Node.GetNode().(type) {
	case *parser.Node_TransactionStmt:
		return pgerr.New(pgerr.FeatureNotSupported, "%s is not allowed in an SQL function", parser.CommandTag(stmt.Utility.Node))
	case *parser.Node_CopyStmt:
		if n.CopyStmt.Filename == "" {
			return pgerr.New(pgerr.FeatureNotSupported, "cannot COPY to/from client in an SQL function")
		}
	}
	if fn.Volatility != byte(funcs.Volatile) && (stmt.Query == nil || !stmt.Query.ReadOnly) {
		return pgerr.New(pgerr.FeatureNotSupported, "%s is not allowed in a non-volatile function", parser.CommandTag(stmt.Utility.Node))
	}
	if stmt.Query == nil {
		return nil
	}
	q, err := s.optimize(stmt.Query)
	stmt.Query = q
	return err
}

// runStatement runs one statement of a body and returns its rows where it is
// the last. Of a function that returns no set, only the first row is wanted.
func (s *Session) runStatement(c *funcs.Call, code *routineCode, stmt bind.BodyStatement, args []any, last bool) ([]any, error) {
	if stmt.Query == nil {
		return nil, s.runUtility(c, code, stmt.Utility, args)
	}
	q := stmt.Query
	run, err := s.start(q, fieldsOf(q), args)
	if err != nil {
		return nil, err
	}
	limit := 0
	if q.Kind == plan.SelectQuery && last && !c.Func.ReturnSet && c.Result.OID != types.VoidOID {
		limit = 1
	}
	out := &routineRows{code: code, wanted: last && c.Result.OID != types.VoidOID}
	_, err = run.Fetch(c.Ctx, limit, out)
	return out.rows, firstError(err, run.Close())
}

// runUtility runs a statement of a body that is no query.
func (s *Session) runUtility(c *funcs.Call, code *routineCode, stmt parser.Statement, args []any) error {
	r, err := s.utilityIn(code.Body, stmt, args)
	if err != nil {
		return err
	}
	_, err = r.Fetch(c.Ctx, 0, unseen{})
	return firstError(err, r.Close())
}

func (s *Session) utilityIn(body *bind.Body, stmt parser.Statement, args []any) (run, error) {
	if u := utilityOf(stmt); u != nil {
		if u.within != nil {
			u.within(body)
		}
		return &utilityRun{s: s, p: &prepared{stmt: stmt, utility: u}, params: args}, nil
	}
	env := *s.bindEnv(nil)
	env.Body = body
	bound, err := bind.Bind(&env, stmt)
	return &definitionRun{s: s, stmt: bound, params: args}, err
}

// routineRows collects what a body's last statement returns.
type routineRows struct {
	unseen
	code   *routineCode
	wanted bool
	rows   []any
}

// Rows implements Output.
func (o *routineRows) Rows(b *vec.Batch) error {
	if !o.wanted {
		return nil
	}
	for k := range b.Rows() {
		i := b.Row(k)
		if o.code.Whole {
			o.rows = append(o.rows, b.Cols[0].Value(i))
			continue
		}
		r := *o.code.record
		r.Values = make([]any, len(b.Cols))
		for j, col := range b.Cols {
			r.Values[j] = col.Value(i)
		}
		o.rows = append(o.rows, &r)
	}
	return nil
}

// inlineCall is the planner's door to bind.Inline.
func (s *Session) inlineCall(c *plan.Call) (plan.Expr, error) {
	fn := s.catalog().Routines().Function(c.Func.OID)
	if fn == nil {
		return nil, nil
	}
	e, err := bind.Inline(s.bindEnv(nil), fn, c)
	if err != nil {
		return nil, inFunction(err, "SQL function \"%s\" during inlining", fn.Name)
	}
	return e, nil
}
