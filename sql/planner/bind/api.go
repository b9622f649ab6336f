package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// TypeName resolves a type as it is written: 42704 if there is none.
func TypeName(env *Env, tn *parser.TypeName) (t *types.Type, typmod int32, err error) {
	defer recoverBind(&err)
	t, typmod = newBinder(env).typeNameType(tn)
	return t, typmod, nil
}

// Argument binds the n-th argument of EXECUTE: an expression without columns,
// coerced as an assignment to the parameter's type. 42804 if it can't be.
func Argument(env *Env, node *parser.Node, t *types.Type, n int) (out plan.Expr, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	e := b.newScope(nil).bind(node, kindExecuteParameter)
	if c := b.coerceToTarget(e, t, -1, coerceAssignment, plan.DisplayImplicitCast, e.Pos()); c != nil {
		return c, nil
	}
	return nil, pgerr.New(pgerr.DatatypeMismatch, "parameter $%d of type %s cannot be coerced to the expected type %s",
		n, b.typeName(e.Type()), b.typeName(t)).WithHint("You will need to rewrite or cast the expression.").AtByte(e.Pos())
}

// Types lists the types that the text of a view names.
func Types(env *Env, definition string) (out []types.OID, err error) {
	defer recoverBind(&err)
	stmts, err := parser.Parse(definition)
	if err != nil {
		return nil, err
	}
	b := newBinder(env)
	parser.Walk(stmts[0].Node, func(n *parser.Node) bool {
		tn := n.GetTypeName()
		if c := n.GetTypeCast(); c != nil {
			tn = c.TypeName
		}
		if tn != nil {
			if t := b.maybeTypeName(tn); t != nil {
				out = append(out, t.OID)
			}
		}
		return true
	})
	return out, nil
}

// Collations lists the collations that the text of a view names.
func Collations(env *Env, definition string) (out []types.OID, err error) {
	defer recoverBind(&err)
	stmts, err := parser.Parse(definition)
	if err != nil {
		return nil, err
	}
	b := newBinder(env)
	parser.Walk(stmts[0].Node, func(n *parser.Node) bool {
		if c := n.GetCollateClause(); c != nil {
			out = append(out, b.collation(nameParts(c.Collname), -1).OID)
		}
		return true
	})
	return out, nil
}

// Relations binds the text of a view and returns what it reads, the views it
// stands on and their tables included.
func Relations(env *Env, definition string) ([]types.OID, error) {
	stmts, err := parser.Parse(definition)
	if err != nil {
		return nil, err
	}
	bound, err := Bind(env, stmts[0])
	if err != nil {
		return nil, err
	}
	q, ok := bound.(*plan.Query)
	if !ok {
		return nil, pgerr.Internal("a view's definition is no query")
	}
	return q.Relations, nil
}

// RoutineUses lists the functions and relations that an SQL-standard body uses;
// one that is text depends on nothing.
func RoutineUses(env *Env, f *catalog.Function) (out []types.OID, err error) {
	defer recoverBind(&err)
	if f.Body == nil {
		return nil, nil
	}
	b := newBinder(env)
	var args []*types.Type
	for _, oid := range f.InputTypes() {
		args = append(args, b.typ(oid))
	}
	body, err := NewBody(env, f, args, b.typ(f.Result))
	if err != nil {
		return nil, err
	}
	r, err := BindRoutine(env, body)
	if err != nil {
		return nil, err
	}
	for _, stmt := range r.Statements {
		if stmt.Query != nil {
			out = append(out, stmt.Query.Relations...)
		}
	}
	return out, nil
}

// RelationNamed finds a table, view, composite type or index by the parts of its
// name: 42P01.
func RelationNamed(env *Env, names []string) (rel *catalog.Relation, err error) {
	defer recoverBind(&err)
	rv := &parser.RangeVar{Location: -1}
	rv.Schemaname, rv.Relname = qualified(names)
	return newBinder(env).relation(rv), nil
}

// Signature is format_procedure: f(integer).
func Signature(env *Env, f *catalog.Function) string { return newBinder(env).routineSignature(f) }

// ExprUses lists the functions that the text of a default or CHECK of rel uses.
func ExprUses(env *Env, text string, rel *catalog.Relation) (out []types.OID, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	_, _, item := b.newScope(nil).rowOf(rel, rel.Name)
	b.textExpr(text, item, kindCheck)
	return b.relationOIDs(), nil
}

// DeclaredFunction is the registry's entry of a function that the database
// defines.
func DeclaredFunction(env *Env, f *catalog.Function) *funcs.Func {
	return newBinder(env).userFunction(f)
}
