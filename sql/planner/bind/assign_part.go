package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// partAssignment is the assignment of a value to a part of a column: SET
// col.field, col[1].field, col.field[2] … (transformAssignmentIndirection).
type partAssignment struct {
	*scope
	column string
	value  assigned
	pos    int
	// loose: explicit casts will do, as in PL/pgSQL.
	loose bool
}

// assignPart is the column c, as before, with the part at steps replaced.
func (s *scope) assignPart(c *catalog.Column, steps []*parser.Node, v assigned, before plan.Expr, pos int) plan.Expr {
	p := &partAssignment{scope: s, column: c.Name, value: v, pos: pos}
	return p.into(withPos(before, pos), c.Type, c.Typmod, steps, false)
}

// into makes the new value of base, which has type t. sub says that base is a
// part itself.
func (p *partAssignment) into(base plan.Expr, t *types.Type, typmod int32, steps []*parser.Node, sub bool) plan.Expr {
	if len(steps) == 0 {
		return p.whole(t, typmod)
	}
	if !sub {
		base = unchecked(base)
	}
	under, underMod := t.BaseType(typmod)
	if steps[0].GetAIndices() != nil {
		return p.element(p.b.relabel(base, under, plan.DisplayImplicitCast), t, under, underMod, steps)
	}
	name := steps[0].GetString_().GetSval()
	if under.Kind != 'c' {
		failAt(p.pos, pgerr.DatatypeMismatch, "cannot assign to field \"%s\" of column \"%s\" because its type %s is not a composite type",
			name, p.column, p.b.typeName(t))
	}
	for i, f := range p.b.compositeFields(under) {
		if f.Name != name {
			continue
		}
		rest, field := storedField(base, i)
		if field == nil {
			field = &plan.FieldSelect{Meta: plan.Meta{Typ: f.Type, Mod: f.Typmod, At: p.pos}, Arg: base, Index: i, Name: name}
		}
		out := &plan.FieldStore{Meta: plan.M(under, p.pos), Arg: rest, Index: i, Name: name,
			Value: p.into(field, f.Type, f.Typmod, steps[1:], true)}
		return p.b.toDomain(out, t, coerceAssignment, plan.DisplayImplicitCast)
	}
	failAt(p.pos, pgerr.UndefinedColumn, "cannot assign to field \"%s\" of column \"%s\" because there is no such column in data type %s",
		name, p.column, p.b.typeName(t))
	return nil
}

// unchecked is what an assignment to a part has made, before the column's domain has
// checked it: all the assignments to a column come first (process_matched_tle).
func unchecked(e plan.Expr) plan.Expr {
	c, ok := e.(*plan.Convert)
	if !ok || c.Kind != plan.ConvertDomain {
		return e
	}
	switch c.Arg.(type) {
	case *plan.FieldStore, *plan.SubscriptStore:
		return c.Arg
	}
	return e
}

// storedField is the value that earlier assignments have given to a field, with the
// row without that assignment; nil if there was none.
func storedField(row plan.Expr, index int) (rest, value plan.Expr) {
	store, ok := row.(*plan.FieldStore)
	switch {
	case !ok:
		return row, nil
	case store.Index == index:
		return store.Arg, store.Value
	}
	if rest, value = storedField(store.Arg, index); value == nil {
		return row, nil
	}
	c := *store
	c.Arg = rest
	return &c, value
}

// whole coerces the value to the part's type.
func (p *partAssignment) whole(t *types.Type, typmod int32) plan.Expr {
	e := p.value.expr
	out := p.coerce(e, t, typmod)
	if out == nil {
		fail(pgerr.New(pgerr.DatatypeMismatch, "subfield \"%s\" is of type %s but expression is of type %s",
			p.column, p.b.typeName(t), p.b.typeName(e.Type())).
			WithHint("You will need to rewrite or cast the expression.").AtByte(p.pos))
	}
	return out
}

// coerce makes e of type t; nil if it can't be.
func (p *partAssignment) coerce(e plan.Expr, t *types.Type, typmod int32) plan.Expr {
	out := p.b.coerceToTarget(e, t, typmod, coerceAssignment, plan.DisplayImplicitCast, -1)
	if out == nil && p.loose {
		out = p.b.coerceToTarget(e, t, typmod, coerceExplicit, plan.DisplayImplicitCast, -1)
	}
	return out
}

// element stores into the subscripts at the front of steps
// (transformAssignmentSubscripts).
func (p *partAssignment) element(base plan.Expr, t, under *types.Type, typmod int32, steps []*parser.Node) plan.Expr {
	n := 0
	var subs []*parser.A_Indices
	for n < len(steps) && steps[n].GetAIndices() != nil {
		subs = append(subs, steps[n].GetAIndices())
		n++
	}
	saved := p.kind
	p.kind = kindUpdateTarget
	old := p.subscript(base, subs).(*plan.Subscript)
	p.kind = saved
	out := &plan.SubscriptStore{Meta: plan.Meta{Typ: under, Mod: typmod, At: p.pos}, Arg: base, Indexes: old.Indexes, Slice: old.Slice}
	if n < len(steps) {
		out.Value = p.into(old, old.Typ, typmod, steps[n:], true)
	} else {
		out.Value = p.coerceElement(old.Typ, typmod)
	}
	return p.b.toDomain(out, t, coerceAssignment, plan.DisplayImplicitCast)
}

func (p *partAssignment) coerceElement(want *types.Type, typmod int32) plan.Expr {
	value := p.coerce(p.value.expr, want, typmod)
	if value == nil {
		fail(pgerr.New(pgerr.DatatypeMismatch, "subscripted assignment to \"%s\" requires type %s but expression is of type %s",
			p.column, p.b.typeName(want), p.b.typeName(p.value.expr.Type())).
			WithHint("You will need to rewrite or cast the expression.").AtByte(p.pos))
	}
	return value
}
