package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// body is interpret_AS_clause.
func (x *functionBuilder) body() {
	as, sql := x.given["as"], x.stmt.SqlBody
	switch {
	case as == nil && sql == nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "no function body specified")
	case as != nil && sql != nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "duplicate function body specified")
	case as != nil:
		parts := as.Arg.GetList().GetItems()
		if x.f.Language == cLanguage {
			x.libraryBody(parts)
			return
		}
		if len(parts) != 1 {
			failAt(-1, pgerr.InvalidFunctionDefinition, "only one AS item needed for language \"%s\"", x.f.Language)
		}
		if x.f.Source = parts[0].GetString_().GetSval(); x.f.Source == "" && x.f.Language == internalLanguage {
			x.f.Source = x.f.Name // as interpret_AS_clause has it, for old dumps
		}
	default:
		x.sqlBody(sql)
	}
}

// sqlBody keeps the statements of an SQL-standard body as text that means what
// it means now: names in it are bound at once.
func (x *functionBuilder) sqlBody(n *parser.Node) {
	for _, p := range x.f.InputTypes() {
		if isPolymorphic(p) {
			failAt(-1, pgerr.FeatureNotSupported, "SQL function with unquoted function body cannot have polymorphic arguments")
		}
	}
	x.f.Body = []string{}
	if r := n.GetReturnStmt(); r != nil {
		x.f.Return = true
		x.sqlReturn(r)
		if r.Returnval.GetAExpr() != nil || r.Returnval.GetBoolExpr() != nil { // as ruleutils.c shows operators
			x.f.Body[0] = "SELECT (" + strings.TrimPrefix(x.f.Body[0], "SELECT ") + ")"
		}
		return
	}
	for _, stmt := range bodyItems(n) {
		if r := stmt.GetReturnStmt(); r != nil {
			x.sqlReturn(r)
			continue
		}
		x.keep(stmt)
	}
}

func (x *functionBuilder) sqlReturn(r *parser.ReturnStmt) {
	target := &parser.Node{Node: &parser.Node_ResTarget{ResTarget: &parser.ResTarget{Val: r.Returnval, Location: -1}}}
	x.keep(&parser.Node{Node: &parser.Node_SelectStmt{SelectStmt: &parser.SelectStmt{TargetList: []*parser.Node{target},
		LimitOption: parser.LimitOption_LIMIT_OPTION_DEFAULT, Op: parser.SetOperation_SETOP_NONE}}})
}

// bodyItems are the statements of BEGIN ATOMIC … END: a list in a list.
func bodyItems(n *parser.Node) []*parser.Node {
	var out []*parser.Node
	for _, item := range n.GetList().GetItems() {
		if inner := item.GetList(); inner != nil {
			out = append(out, inner.GetItems()...)
			continue
		}
		out = append(out, item)
	}
	return slices.DeleteFunc(out, func(n *parser.Node) bool { return n.GetNode() == nil })
}

// keep binds a copy of one statement with its names made lasting, and adds its
// text.
func (x *functionBuilder) keep(n *parser.Node) {
	copied := parser.Clone(n)
	env := *x.env
	env.Body = x.declaredBody()
	b := newBinder(&env)
	b.freezing, b.noPolicies = true, true
	if b.bodyStatement(parser.Statement{Node: copied}) == nil {
		failAt(-1, pgerr.FeatureNotSupported, "%s is not yet supported in unquoted SQL function body", parser.CommandTag(n))
	}
	text, err := parser.Deparse(copied)
	if err != nil {
		fail(err)
	}
	x.f.Body = append(x.f.Body, text)
}

// declaredBody is the body as its declaration types it.
func (x *functionBuilder) declaredBody() *Body {
	var args []*types.Type
	for _, oid := range x.f.InputTypes() {
		args = append(args, x.typ(oid))
	}
	body, err := NewBody(x.env, x.f, args, x.typ(x.f.Result))
	if err != nil {
		fail(err)
	}
	return body
}

// validate is fmgr_sql_validator: the body is bound, unless parameters are
// polymorphic; then it is only parsed. A place in a body that stands verbatim in
// the statement becomes one in the statement.
func (x *functionBuilder) validate(stmt parser.Statement) {
	err := x.checkBody()
	if err == nil {
		return
	}
	e := pgerr.As(err)
	if e == nil {
		fail(err)
	}
	if x.given["as"] != nil && e.HasPlace() {
		offset := e.Byte(x.f.Source)
		e = e.Displaced()
		if at := BodyOffset(stmt, x.given["as"], x.f.Source); at >= 0 {
			e.AtByte(at + offset)
		}
		fail(e)
	}
	e.Where = "SQL function \"" + x.f.Name + "\""
	fail(e)
}

func (x *functionBuilder) checkBody() error {
	stmts, err := BodyStatements(x.env, x.f)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(x.f.InputTypes(), isPolymorphic) {
		return nil
	}
	for _, s := range stmts {
		if s.Extension != parser.NoExtension {
			return pgerr.Unsupported("%s in a function", s.Extension)
		}
	}
	body, err := NewBody(x.env, x.f, x.declaredBody().Args, x.typ(x.f.Result))
	if err != nil {
		return err
	}
	_, err = BindRoutine(x.env, body)
	return err
}

// BodyOffset is where the body stands in the statement's source, -1 where it is
// not written there as it is (a quote or an escape in a plain literal).
func BodyOffset(stmt parser.Statement, as *parser.DefElem, body string) int {
	from := int(as.Location)
	if from < 0 || from > len(stmt.Source) {
		return -1
	}
	i := strings.Index(stmt.Source[from:], body)
	if i < 0 {
		return -1
	}
	return from + i
}

// replaced is the function of the same signature that CREATE OR REPLACE is to
// replace, nil if there is none: ProcedureCreate.
func (b *binder) replaced(f *catalog.Function, replace bool) *catalog.Function {
	var old *catalog.Function
	for _, have := range b.routines().Named(f.Name) {
		if have.Signature() == f.Signature() {
			old = have
		}
	}
	if old == nil {
		return nil
	}
	if !replace {
		failAt(-1, pgerr.DuplicateFunction, "function \"%s\" already exists with same argument types", f.Name)
	}
	if old.Kind != f.Kind {
		fail(pgerr.New(pgerr.WrongObjectType, "cannot change routine kind").WithDetail("\"%s\" is %s.", old.Name, routineKinds[old.Kind]))
	}
	b.checkSameResult(old, f)
	b.checkSameParameters(old, f)
	return old
}

var (
	routineKinds = map[byte]string{'f': "a function", 'p': "a procedure", 'a': "an aggregate function"}
	routineNouns = map[byte]string{'f': "FUNCTION", 'p': "PROCEDURE", 'a': "AGGREGATE"}
)

// dropFirst is the hint of what OR REPLACE can't change.
func (b *binder) dropFirst(e *pgerr.Error, f *catalog.Function) {
	fail(e.WithHint("Use DROP %s %s first.", routineNouns[f.Kind], b.routineSignature(f)))
}

// routineSignature is format_procedure: the name, qualified where the search
// path does not find it, with the types of its parameters.
func (b *binder) routineSignature(f *catalog.Function) string {
	parts := make([]string, 0, len(f.Params))
	for _, p := range f.Inputs() {
		parts = append(parts, b.oidName(p.Type))
	}
	name := parser.QuoteIdent(f.Name)
	if !slices.Contains(b.searchPath(), f.Schema) {
		name = parser.QuoteIdent(f.Schema) + "." + name
	}
	return name + "(" + strings.Join(parts, ",") + ")"
}

func (b *binder) checkSameResult(old, f *catalog.Function) {
	switch {
	case old.Result != f.Result || old.ReturnSet != f.ReturnSet:
		if f.Kind == 'p' {
			b.dropFirst(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot change whether a procedure has output parameters"), old)
		}
		b.dropFirst(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot change return type of existing function"), old)
	case f.Result == types.RecordOID && !slices.EqualFunc(old.Outputs(), f.Outputs(), func(a, b catalog.FunctionParam) bool {
		return a.Name == b.Name && a.Type == b.Type
	}):
		b.dropFirst(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot change return type of existing function").
			WithDetail("Row type defined by OUT parameters is different."), old)
	}
}

func (b *binder) checkSameParameters(old, f *catalog.Function) {
	now := f.Inputs()
	for i, p := range old.Inputs() {
		if p.Name != "" && p.Name != now[i].Name {
			b.dropFirst(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot change name of input parameter \"%s\"", p.Name), old)
		}
	}
	if len(f.Defaults()) < len(old.Defaults()) {
		b.dropFirst(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot remove parameter defaults from existing function"), old)
	}
}
