package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// selectWord is what makes a query of an expression.
const selectWord = "SELECT "

// spiPlan implements pl.Plan.
type spiPlan struct {
	s    *Session
	text string
	mode pl.ParseMode
	// p is the bound statement, whose text has shift bytes before the original.
	p     *prepared
	shift int
	vars  bind.Variables
	// declared are the types that were said of $1 … where there are no variables.
	declared []types.OID
	// dynamic: it is a text that EXECUTE runs.
	dynamic bool
	// simple is set where it is one expression.
	simple *evaluators
	// cursor is it bound as the query of a cursor, once it was opened as one.
	cursor *prepared
}

var _ pl.Plan = (*spiPlan)(nil)

// errContext puts an error into the place of the text that it came from
// (_SPI_error_callback).
func (p *spiPlan) errContext(err error) error { return spiError(err, p.text, p.mode, p.shift) }

var spiTexts = map[pl.ParseMode]string{
	pl.Statement: "SQL statement \"%s\"", pl.Expression: "SQL expression \"%s\"", pl.Assignment: "PL/pgSQL assignment \"%s\"",
}

func spiError(err error, text string, mode pl.ParseMode, shift int) error {
	if r, ok := err.(refusal); ok {
		return r.error
	}
	e := pgerr.As(objstore.ToPG(err))
	if e == nil {
		return err
	}
	if !e.HasPlace() {
		return inFunction(e, spiTexts[mode], text)
	}
	at := e.Byte(strings.Repeat(" ", shift)+text) - shift
	e = e.Displaced()
	e.InternalQuery = text
	if at >= 0 && at <= len(text) {
		e.InternalPosition = len([]rune(text[:at])) + 1
	}
	return e
}

// During implements pl.SPI.
func (x *spi) During(err error, text string, mode pl.ParseMode) error {
	return spiError(err, text, mode, 0)
}

// refusal is an error about a statement that has nothing of it in its context.
type refusal struct{ error }

// Unwrap lets the error be found.
func (r refusal) Unwrap() error { return r.error }

// Prepare implements pl.SPI.
func (x *spi) Prepare(text string, mode pl.ParseMode, vars bind.Variables, target *pl.Target) (pl.Plan, error) {
	p := &spiPlan{s: x.Session, text: text, mode: mode, vars: vars}
	if err := p.prepare(target); err != nil {
		return nil, p.errContext(err)
	}
	return p, nil
}

func (p *spiPlan) prepare(target *pl.Target) error {
	if p.mode == pl.Assignment {
		return p.prepareAssignment(target)
	}
	text := p.text
	if p.mode == pl.Expression {
		text, p.shift = selectWord+text, len(selectWord)
	}
	stmts, err := parser.Parse(text)
	if err != nil {
		return err
	}
	if len(stmts) != 1 {
		return pgerr.New(pgerr.SyntaxError, "query \"%s\" is not one statement", p.text)
	}
	if p.mode == pl.Expression {
		if err := oneColumnQuery(stmts[0]); err != nil {
			return err
		}
	}
	return p.bind(stmts[0])
}

// oneColumnQuery refuses what an expression must not be.
func oneColumnQuery(stmt parser.Statement) error {
	if sel := stmt.Node.GetSelectStmt(); sel == nil || sel.IntoClause != nil {
		return pgerr.New(pgerr.SyntaxError, "syntax error in expression")
	}
	return nil
}

// bind binds the statement; one that the session runs itself is kept as it is.
func (p *spiPlan) bind(stmt parser.Statement) error {
	if err := p.refuse(stmt); err != nil {
		return refusal{err}
	}
	p.p = &prepared{stmt: stmt, prepared: p.s.db.Clock.Now()}
	if u := utilityOf(stmt); u != nil {
		p.p.utility = u
		return p.describeUtility()
	}
	env := p.s.bindEnv(p.declared)
	env.Variables = p.vars
	bound, err := bind.Bind(env, stmt)
	if err != nil {
		return err
	}
	return p.bound(bound)
}

func (p *spiPlan) describeUtility() (err error) {
	if f := p.p.utility.fields; f != nil {
		p.p.fields, err = f(p.s)
	}
	return err
}

// refuse refuses what SPI does not run.
func (p *spiPlan) refuse(stmt parser.Statement) error {
	switch n := stmt.Node.GetNode().(type) {
	case *parser.Node_TransactionStmt:
		if p.dynamic {
			return pgerr.New(pgerr.FeatureNotSupported, "EXECUTE of transaction commands is not implemented")
		}
		return pgerr.New(pgerr.FeatureNotSupported, "unsupported transaction command in PL/pgSQL")
	case *parser.Node_CopyStmt:
		if n.CopyStmt.Filename == "" {
			return pgerr.New(pgerr.FeatureNotSupported, "cannot COPY to/from client in PL/pgSQL")
		}
	}
	return nil
}

func (p *spiPlan) bound(bound plan.Statement) error {
	q := p.p
	q.bound, q.version, q.path = bound, p.s.catalog().Version(), p.s.bindKey()
	switch b := bound.(type) {
	case *plan.Query:
		q.fields = fieldsOf(b)
		return p.simplify(b)
	case *plan.Rewritten:
		q.fields = rewrittenFields(b)
	case *plan.Explain:
		q.fields = explainFields(b)
	}
	return nil
}

// simplify plans a query that is one expression, which then needs no query.
func (p *spiPlan) simplify(q *plan.Query) error {
	if bind.SimpleExpression(q) == nil {
		return nil
	}
	planned, err := p.s.optimize(q)
	if err != nil {
		return err
	}
	p.p.planned, p.p.planFor = planned, planKey{trust: p.s.values.Bool("s3db.trust_partitions")}
	if e := bind.SimpleExpression(planned); e != nil {
		p.simple = &evaluators{s: p.s, e: e}
	}
	return nil
}

// Valid implements pl.Plan.
func (p *spiPlan) Valid() bool {
	if q, ok := p.p.bound.(*plan.Query); ok && q.CurrentOf {
		return false
	}
	return p.p.bound == nil || p.p.version == p.s.catalog().Version() && p.p.path == p.s.bindKey()
}

// Columns implements pl.Plan.
func (p *spiPlan) Columns() []types.Column { return columnsOf(p.p.fields) }

func columnsOf(fields []Field) []types.Column {
	if fields == nil {
		return nil
	}
	out := make([]types.Column, len(fields))
	for i, f := range fields {
		out[i] = types.Column{Name: f.Name, Type: f.Type, Typmod: f.Typmod}
	}
	return out
}

// Command implements pl.Plan.
func (p *spiPlan) Command() string { return parser.CommandTag(p.p.stmt.Node) }

// Writes implements pl.Plan.
func (p *spiPlan) Writes() bool {
	if _, ok := p.p.bound.(*plan.Rewritten); ok {
		return true
	}
	q, ok := p.p.bound.(*plan.Query)
	return ok && q.Kind != plan.SelectQuery && q.Kind != plan.CallQuery
}

// Simple implements pl.Plan.
func (p *spiPlan) Simple() bool { return p.simple != nil }

// Eval implements pl.Plan. Errors have no context: exec_eval_simple_expr runs
// no SPI.
func (p *spiPlan) Eval(ctx context.Context, params []any) (any, error) {
	return p.simple.eval(ctx, p.s.inner.Types(), params)
}

// Procedure implements pl.Plan.
func (p *spiPlan) Procedure() (*catalog.Function, []*parser.Node) {
	c := p.p.stmt.Node.GetCallStmt()
	q, ok := p.p.bound.(*plan.Query)
	if c == nil || !ok {
		return nil, nil
	}
	for _, e := range q.Root.Exprs() {
		if call, ok := e.(*plan.Call); ok {
			return p.s.catalog().Routines().Function(call.Func.OID), c.Funccall.Args
		}
	}
	return nil, nil
}

// prepareAssignment binds variable[…].field := expression.
func (p *spiPlan) prepareAssignment(target *pl.Target) error {
	toks, err := parser.Scan(p.text)
	if err != nil {
		return err
	}
	op := assignmentOperator(p.text, toks)
	if op < 0 {
		return pgerr.New(pgerr.SyntaxError, "syntax error in assignment")
	}
	left, err := parser.ParseExpr(p.text[:toks[op].Start])
	if err != nil {
		return err
	}
	p.shift = len(selectWord)
	stmts, err := parser.Parse(selectWord + strings.Repeat(" ", toks[op].End) + p.text[toks[op].End:])
	if err != nil {
		return err
	}
	if len(stmts) != 1 {
		return pgerr.New(pgerr.SyntaxError, "query \"%s\" is not one statement", p.text)
	}
	if err := oneColumnQuery(stmts[0]); err != nil {
		return err
	}
	to := assignmentTarget(left, target)
	if len(to.Indirection) == 0 {
		return firstError(p.checkLiteral(stmts[0], target), p.bind(stmts[0]))
	}
	p.p = &prepared{stmt: stmts[0], prepared: p.s.db.Clock.Now()}
	env := p.s.bindEnv(nil)
	env.Variables = p.vars
	q, err := bind.Assign(env, stmts[0], to)
	if err != nil {
		return err
	}
	return p.bound(q)
}

// checkLiteral reads a literal as of the variable's type already when the
// assignment is planned, so that an error has its place.
func (p *spiPlan) checkLiteral(stmt parser.Statement, target *pl.Target) error {
	list := stmt.Node.GetSelectStmt().GetTargetList()
	if len(list) != 1 {
		return nil
	}
	c := list[0].GetResTarget().GetVal().GetAConst()
	if c == nil || c.GetSval() == nil {
		return nil
	}
	t, mod := target.Variable.Type.BaseType(target.Variable.Typmod)
	if t.OID == types.RecordOID {
		return nil
	}
	_, err := t.In(p.s.inner.Types(), c.GetSval().Sval, mod)
	return pgerr.At(err, int(c.Location))
}

// assignmentOperator is the first := or = outside of brackets.
func assignmentOperator(text string, toks []parser.Token) int {
	depth := 0
	for i, t := range toks {
		switch s := t.Text(text); s {
		case "[", "(":
			depth++
		case "]", ")":
			depth--
		case ":=", "=":
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// assignmentTarget splits what an assignment assigns to: the caller knows how
// many of the names are the variable's.
func assignmentTarget(left *parser.Node, v *pl.Target) *bind.AssignmentTarget {
	t := &bind.AssignmentTarget{Variable: v.Variable}
	if in := left.GetAIndirection(); in != nil {
		t.Indirection, left = in.Indirection, in.Arg
	}
	fields := left.GetColumnRef().GetFields()
	if n := len(fields); n > 0 {
		t.Name = fields[min(v.Names, n)-1].GetString_().GetSval()
		t.Indirection = append(slices.Clone(fields[min(v.Names, n):]), t.Indirection...)
	}
	return t
}
