package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Body tells of the function whose body is bound: SQLFunctionParseInfo. In it,
// $n and, where no column has the name, name, function.name are parameters.
type Body struct {
	Function *catalog.Function
	// Args are the types of the inputs, polymorphic ones resolved; Result and
	// Columns likewise. Columns are those of a result that is a row, nil where they
	// are not known (a bare record) or there are none.
	Args    []*types.Type
	Result  *types.Type
	Columns []types.Column
}

// Routine is a bound body, ready to be run.
type Routine struct {
	Body       *Body
	Statements []BodyStatement
	// Whole: the last statement's one column is the row that the function returns,
	// rather than a column of it.
	Whole bool
}

// BodyStatement is one statement of a body: a query that is bound, or a utility
// statement, which is bound when its turn comes.
type BodyStatement struct {
	Query   *plan.Query
	Utility parser.Statement
}

// BindRoutine binds a function's body for arguments of the given types:
// init_sql_fcache. Errors in a body that was text have their place in it.
func BindRoutine(env *Env, body *Body) (r *Routine, err error) {
	defer recoverBind(&err)
	stmts, err := BodyStatements(env, body.Function)
	if err != nil {
		return nil, err
	}
	e := *env
	e.Body = body
	r = &Routine{Body: body}
	for i, stmt := range stmts {
		q := newBinder(&e).bodyStatement(stmt)
		if i == len(stmts)-1 {
			r.Whole = newBinder(&e).finalStatement(q, body)
		}
		r.Statements = append(r.Statements, BodyStatement{Query: q, Utility: stmt})
	}
	if len(stmts) == 0 && body.Result.OID != types.VoidOID {
		return nil, noFinal(body)
	}
	return r, nil
}

// BodyStatements parses a body, a text by standard_conforming_strings as it is now.
func BodyStatements(env *Env, f *catalog.Function) ([]parser.Statement, error) {
	if f.Body == nil {
		return parseBody(env, f.Source)
	}
	var out []parser.Statement
	for _, text := range f.Body {
		stmts, err := parser.Parse(text)
		if err != nil {
			return nil, err
		}
		out = append(out, stmts...)
	}
	return out, nil
}

func parseBody(env *Env, text string) ([]parser.Statement, error) {
	if env.Settings == nil {
		return parser.Parse(text)
	}
	if v, _ := env.Settings("standard_conforming_strings"); v == "off" {
		conforming, _, err := parser.Conforming(text)
		if err != nil {
			return nil, err
		}
		text = conforming
	}
	return parser.Parse(text)
}

// bodyStatement binds one statement: nil for a utility statement.
func (b *binder) bodyStatement(stmt parser.Statement) *plan.Query {
	switch n := stmt.Node.GetNode().(type) {
	case *parser.Node_SelectStmt:
		if _, into := parser.Into(stmt.Node); into != nil {
			return nil
		}
		return b.topQuery(stmt.Node)
	case *parser.Node_InsertStmt, *parser.Node_UpdateStmt, *parser.Node_DeleteStmt, *parser.Node_MergeStmt:
		return b.topQuery(stmt.Node)
	case *parser.Node_CallStmt:
		return b.callProcedure(n.CallStmt)
	case *parser.Node_ExplainStmt, *parser.Node_VariableShowStmt, *parser.Node_ExecuteStmt, *parser.Node_FetchStmt:
		unsupported(-1, "%s in a function", parser.CommandTag(stmt.Node)) // they return rows
	}
	return nil
}

// finalStatement is check_sql_fn_retval: the last statement's columns are
// coerced to what the function returns. 42P13 where they can't be.
func (b *binder) finalStatement(q *plan.Query, body *Body) (whole bool) {
	result := body.Result
	switch {
	case result.OID == types.VoidOID:
		return false
	case q == nil || len(q.Output) == 0:
		fail(noFinal(body))
	case result.Kind == 'c' || result.OID == types.RecordOID || body.Columns != nil:
		return b.finalRow(q, body)
	case result.Kind == 'p':
		failAt(-1, pgerr.InvalidFunctionDefinition, "return type %s is not supported for SQL functions", b.typeName(result))
	case len(q.Output) != 1:
		fail(b.mismatch(body).WithDetail("Final statement must return exactly one column."))
	}
	if !b.coerceOutput(q, []types.Column{{Type: result, Typmod: -1}}) {
		fail(b.mismatch(body).WithDetail("Actual return type is %s.", b.typeName(q.Output[0].Type)))
	}
	return true
}

func noFinal(body *Body) error {
	return (&binder{}).mismatch(body).
		WithDetail("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.")
}

func (b *binder) mismatch(body *Body) *pgerr.Error {
	return pgerr.New(pgerr.InvalidFunctionDefinition, "return type mismatch in function declared to return %s", body.Result.SQLName())
}

// finalRow fits the columns of a row, or one column that is the whole row.
func (b *binder) finalRow(q *plan.Query, body *Body) (whole bool) {
	if t := q.Output[0].Type; len(q.Output) == 1 && (t.OID == body.Result.OID || len(body.Columns) != 1 && t.OID == types.RecordOID && body.Columns == nil) {
		return true
	}
	if body.Columns == nil {
		return false
	}
	if len(q.Output) < len(body.Columns) {
		fail(b.mismatch(body).WithDetail("Final statement returns too few columns."))
	}
	for i, c := range q.Output {
		if i >= len(body.Columns) {
			fail(b.mismatch(body).WithDetail("Final statement returns too many columns."))
		}
		want := body.Columns[i].Type
		if c.Type.OID != types.UnknownOID && !b.canCoerce([]types.OID{c.Type.OID}, []types.OID{want.OID}, coerceAssignment) {
			fail(b.mismatch(body).WithDetail("Final statement returns %s instead of %s at column %d.", b.typeName(c.Type), b.typeName(want), i+1))
		}
	}
	b.coerceOutput(q, body.Columns)
	return false
}

// coerceOutput puts a projection over the query where its columns are not of
// the types wanted; false if one can't be coerced.
func (b *binder) coerceOutput(q *plan.Query, want []types.Column) bool {
	same := true
	for i, c := range q.Output {
		same = same && c.Type.OID == want[i].Type.OID && want[i].Typmod < 0
	}
	if same {
		return true
	}
	b.nextID = plan.MaxColumn(q.Root)
	p := &plan.Project{Input: q.Root}
	for i, c := range q.Output {
		e := b.coerceToTarget(colExpr(c, -1), want[i].Type, want[i].Typmod, coerceAssignment, plan.DisplayImplicitCast, -1)
		if e == nil {
			return false
		}
		p.Values = append(p.Values, e)
		p.Cols = append(p.Cols, b.outputCol(c.Name, want[i].Type, want[i].Typmod))
	}
	q.Root, q.Output = p, slices.Clone(p.Cols)
	return true
}

// bodyParam is sql_fn_param_ref: 42P02 where the function has no such parameter.
func (b *binder) bodyParam(n, pos int) plan.Expr {
	args := b.env.Body.Args
	if n < 1 || n > len(args) {
		failAt(pos, pgerr.UndefinedParameter, "there is no parameter $%d", n)
	}
	b.noteCollation(args[n-1])
	return &plan.Param{Meta: plan.M(args[n-1], pos), Index: n}
}

// bodyName is sql_fn_post_column_ref: a parameter by name, function.name, or
// either followed by a field of it; nil where there is none.
func (s *scope) bodyName(names []string, pos int) plan.Expr {
	body := s.b.env.Body
	if body == nil || len(names) > 3 {
		return nil
	}
	if len(names) > 1 && names[0] == body.Function.Name {
		if e := s.bodyField(names[1:], pos); e != nil {
			return e
		}
	}
	return s.bodyField(names, pos)
}

// bodyField reads parameter or parameter.field.
func (s *scope) bodyField(names []string, pos int) plan.Expr {
	for i, p := range s.b.env.Body.Function.Inputs() {
		if p.Name == "" || p.Name != names[0] || i >= len(s.b.env.Body.Args) {
			continue
		}
		e := s.b.bodyParam(i+1, pos)
		switch len(names) {
		case 1:
			return e
		case 2:
			return s.b.fieldOf(e, names[1], pos)
		}
	}
	return nil
}

// NewBody tells of a call of f with arguments of the given types.
func NewBody(env *Env, f *catalog.Function, args []*types.Type, result *types.Type) (body *Body, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	body = &Body{Function: f, Args: args, Result: result}
	outs := f.Outputs()
	switch {
	case len(outs) > 1 || len(outs) == 1 && outs[0].Mode == 't' && result.OID == types.RecordOID:
		for _, p := range outs {
			body.Columns = append(body.Columns, types.Column{Name: p.Name, Type: b.typ(b.resolved(f, p.Type, args)), Typmod: -1})
		}
	case result.Kind == 'c':
		for _, f := range b.compositeFields(result) {
			body.Columns = append(body.Columns, types.Column{Name: f.Name, Type: f.Type, Typmod: f.Typmod})
		}
	}
	return body, nil
}

// ActualType is the type of a parameter declared as oid in a call with arguments
// of the given types.
func ActualType(env *Env, f *catalog.Function, oid types.OID, args []*types.Type) (t *types.Type, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	return b.typ(b.resolved(f, oid, args)), nil
}

// resolved is the actual type of a parameter or result declared polymorphic.
func (b *binder) resolved(f *catalog.Function, oid types.OID, args []*types.Type) types.OID {
	if !isPolymorphic(oid) {
		return oid
	}
	actual := make([]types.OID, len(args))
	for i, t := range args {
		actual[i] = t.OID
	}
	return b.genericTypes(actual, f.InputTypes(), oid)
}
