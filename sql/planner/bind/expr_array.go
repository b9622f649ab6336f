package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// arrayExpr is transformArrayExpr. want is the array type that a cast around it
// asks for, nil for none.
func (s *scope) arrayExpr(a *parser.A_ArrayExpr, want *types.Type, typmod int32) plan.Expr {
	b, pos := s.b, s.b.at(a.Location)
	out := &plan.ArrayExpr{Meta: plan.M(nil, pos)}
	for _, n := range a.Elements {
		out.Elems = append(out.Elems, s.arrayElement(n, want, typmod))
		if e := out.Elems[len(out.Elems)-1]; n.GetAArrayExpr() != nil || e.Type().IsArray() && !isVector(e.Type().OID) {
			out.Nested = true
		}
	}
	if want == nil {
		b.unifyElements(out)
		return out
	}
	b.castElements(out, want, typmod)
	return out
}

func (s *scope) arrayElement(n *parser.Node, want *types.Type, typmod int32) plan.Expr {
	if inner := n.GetAArrayExpr(); inner != nil {
		return s.arrayExpr(inner, want, typmod)
	}
	return s.expr(n)
}

// unifyElements gives the elements their common type, and the array their common typmod
// (exprTypmod).
func (b *binder) unifyElements(a *plan.ArrayExpr) {
	if len(a.Elems) == 0 {
		fail(pgerr.New(pgerr.IndeterminateDatatype, "cannot determine type of empty array").
			WithHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].").AtByte(a.At))
	}
	var t *types.Type
	a.Elems, t = b.unify(a.Elems, "ARRAY")
	a.Mod = commonTypmod(a.Elems, t)
	if a.Nested {
		if !t.IsArray() {
			failAt(a.At, pgerr.UndefinedObject, "could not find element type for data type %s", b.typeName(t))
		}
		a.Typ = t
		return
	}
	if t.Array == 0 {
		failAt(a.At, pgerr.UndefinedObject, "could not find array type for data type %s", b.typeName(t))
	}
	a.Typ = b.typ(t.Array)
}

// castElements converts each element explicitly to the type that a cast around
// the ARRAY names.
func (b *binder) castElements(a *plan.ArrayExpr, want *types.Type, typmod int32) {
	a.Typ, a.Mod = want, typmod
	target := want
	if !a.Nested {
		target = b.typ(want.Elem)
	}
	for i, e := range a.Elems {
		c := b.coerceToTarget(e, target, typmod, coerceExplicit, plan.DisplayExplicitCast, e.Pos())
		if c == nil {
			b.failCast(e.Type(), target, e.Pos())
		}
		a.Elems[i] = c
	}
}
