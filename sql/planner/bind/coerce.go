package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// coerceToTarget is coerce_to_target_type: nil where the conversion is not
// allowed in this context.
func (b *binder) coerceToTarget(e plan.Expr, t *types.Type, typmod int32, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	if !b.canCoerce([]types.OID{e.Type().OID}, []types.OID{t.OID}, ctx) {
		return nil
	}
	c := b.coerce(e, t, typmod, ctx, d, pos)
	if c != e && typmod >= 0 && c.Typmod() != typmod {
		c = hiddenCoercion(c)
	}
	return b.coerceTypmod(c, t, typmod, ctx, d, pos)
}

// hiddenCoercion is hide_coercion_node: x::varchar(3) is shown as one cast, not as
// one to varchar and one to its length.
func hiddenCoercion(e plan.Expr) plan.Expr {
	switch x := e.(type) {
	case *plan.Call:
		if x.Display == plan.DisplayExplicitCast {
			out := *x
			out.Display = plan.DisplayImplicitCast
			return &out
		}
	case *plan.Convert:
		if x.Display == plan.DisplayExplicitCast {
			out := *x
			out.Display = plan.DisplayImplicitCast
			return &out
		}
	}
	return e
}

// coerce is coerce_type: the caller has checked that it can be done. typmod
// matters only to literals of interval and casts that apply it themselves.
func (b *binder) coerce(e plan.Expr, t *types.Type, typmod int32, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	from := e.Type().OID
	if from == t.OID {
		return e
	}
	if isPseudoTarget(t.OID) && !(from == types.UnknownOID && t.OID != types.AnyOID) {
		return e
	}
	if from == types.UnknownOID {
		if out := b.coerceUnknown(e, t, typmod, ctx, d, pos); out != nil {
			return out
		}
	}
	kind, cast := b.coercionPath(t.OID, from, ctx)
	base := b.typ(b.baseType(t.OID))
	inner := d
	if t.Domain != nil {
		inner = plan.DisplayImplicitCast // only the cast to the domain is shown
	}
	switch kind {
	case pathFunc:
		_, mod := t.BaseType(typmod)
		return b.toDomain(b.castCall(e, cast.Func, base, mod, ctx, inner, pos), t, ctx, d)
	case pathArray:
		return b.toDomain(b.convertArray(e, base, ctx, inner), t, ctx, d)
	case pathInOut:
		return b.toDomain(&plan.Convert{Meta: plan.M(base, e.Pos()), Kind: plan.ConvertInOut, Arg: e, Display: inner}, t, ctx, d)
	case pathRelabel:
		return b.toDomain(b.relabel(e, base, inner), t, ctx, d)
	}
	return b.coerceRow(e, t, ctx, d, pos)
}

func isPseudoTarget(oid types.OID) bool {
	switch oid {
	case types.AnyOID, types.AnyElementOID, types.AnyNonArrayOID, types.AnyCompatibleOID, types.AnyCompatibleNonArrayOID,
		types.AnyArrayOID, types.AnyEnumOID, types.AnyCompatibleArrayOID,
		types.AnyRangeOID, types.AnyMultirangeOID, types.AnyCompatibleRangeOID, types.AnyCompatibleMultirangeOID:
		return true
	}
	return false
}

// coerceUnknown gives an untyped literal or parameter its type: nil if it is
// neither.
func (b *binder) coerceUnknown(e plan.Expr, t *types.Type, typmod int32, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	switch e := e.(type) {
	case *plan.Const:
		return b.literal(e, t, typmod, ctx, d)
	case *plan.Param:
		return b.coerceParam(e, t, pos)
	}
	return nil
}

// literal parses an untyped literal as t. Only interval's input needs the
// modifier; other types get theirs by a length coercion afterwards.
func (b *binder) literal(c *plan.Const, t *types.Type, typmod int32, ctx coercion, d plan.CallDisplay) plan.Expr {
	base, typmod := t.BaseType(typmod)
	mod := int32(-1)
	if base.OID == types.IntervalOID {
		mod = typmod
	}
	out := &plan.Const{Meta: plan.Meta{Typ: base, Mod: mod, At: c.At}}
	if c.Value != nil {
		out.Value = b.parseLiteral(c.Value.(string), base, mod, c.At)
	}
	return b.toDomain(out, t, ctx, d)
}

func (b *binder) parseLiteral(text string, t *types.Type, typmod int32, pos int) any {
	if t.In == nil {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", b.typeName(t)).AtByte(pos))
	}
	v, err := t.In(b.env.TypesEnv.WithNotice(func(n *pgerr.Error) *pgerr.Error { return n.AtByte(pos) }), text, typmod)
	if err != nil {
		fail(pgerr.At(err, pos))
	}
	return v
}

// toDomain is coerce_to_domain: the base type's modifier first, then the
// domain's constraints.
func (b *binder) toDomain(e plan.Expr, t *types.Type, ctx coercion, d plan.CallDisplay) plan.Expr {
	if t.Domain == nil || e.Type().OID == t.OID {
		return e
	}
	base, typmod := t.BaseType(-1)
	e = b.coerceTypmod(e, base, typmod, ctx, plan.DisplayImplicitCast, -1)
	return &plan.Convert{Meta: plan.M(t, e.Pos()), Kind: plan.ConvertDomain, Arg: e, Display: d}
}

func (b *binder) relabel(e plan.Expr, t *types.Type, d plan.CallDisplay) plan.Expr {
	if e.Type().OID == t.OID {
		return e
	}
	return &plan.Convert{Meta: plan.M(t, e.Pos()), Kind: plan.ConvertRelabel, Arg: e, Display: d}
}

// castCall calls a pg_cast function; its second argument is the modifier, the
// third whether the cast is explicit.
func (b *binder) castCall(e plan.Expr, f *funcs.Func, t *types.Type, typmod int32, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	if !implemented(f) {
		b.failCast(e.Type(), t, e.Pos())
	}
	args := []plan.Expr{e}
	if len(f.Args) == 1 {
		typmod = -1
	} else {
		args = append(args, &plan.Const{Meta: plan.M(b.typ(types.Int4OID), -1), Value: typmod})
	}
	if len(f.Args) > 2 {
		args = append(args, &plan.Const{Meta: plan.M(b.typ(types.BoolOID), -1), Value: ctx == coerceExplicit})
	}
	if pos < 0 {
		pos = e.Pos()
	}
	args[0] = b.coerceArg(e, f.Args[0], pos)
	return &plan.Call{Meta: plan.Meta{Typ: t, Mod: typmod, At: pos}, Func: f, Args: args, Display: d}
}

// coerceArg fits an argument to a declared type by relabelling.
func (b *binder) coerceArg(e plan.Expr, oid types.OID, pos int) plan.Expr {
	if e.Type().OID == oid || isPolymorphic(oid) || oid == types.AnyOID {
		return e
	}
	return b.coerce(e, b.typ(oid), -1, coerceImplicit, plan.DisplayImplicitCast, pos)
}

// convertArray converts element by element.
func (b *binder) convertArray(e plan.Expr, t *types.Type, ctx coercion, d plan.CallDisplay) plan.Expr {
	from, to := b.typ(b.elemOf(b.baseType(e.Type().OID))), b.typ(t.Elem)
	elem := &plan.Column{Meta: plan.M(from, -1), ID: plan.ElemColumn}
	return &plan.Convert{
		Meta: plan.M(t, e.Pos()), Kind: plan.ConvertArray, Arg: e, Display: d,
		Elem: b.coerce(elem, to, -1, ctx, d, -1),
	}
}

// coerceTypmod is coerce_type_typmod: the length coercion of varchar(10),
// numeric(10,2) …
func (b *binder) coerceTypmod(e plan.Expr, t *types.Type, typmod int32, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	if e.Typmod() == typmod {
		return e
	}
	if typmod < 0 { // the value stays, what is known of it does not
		return &plan.Convert{Meta: plan.M(e.Type(), e.Pos()), Kind: plan.ConvertRelabel, Arg: e, Display: d}
	}
	base := b.typ(b.baseType(t.OID))
	if c := b.findCast(base.OID, base.OID); c != nil && c.Func != nil && implemented(c.Func) {
		return b.castCall(e, c.Func, t, typmod, ctx, d, pos)
	}
	meta := plan.Meta{Typ: t, Mod: typmod, At: e.Pos()}
	if elem := b.elemOf(base.OID); elem != 0 {
		return b.arrayTypmod(e, meta, b.typ(elem), ctx, d)
	}
	if base.TypmodIn == nil {
		return e
	}
	return &plan.Convert{Meta: meta, Kind: plan.ConvertTypmod, Arg: e, Display: d}
}

func (b *binder) arrayTypmod(e plan.Expr, meta plan.Meta, elem *types.Type, ctx coercion, d plan.CallDisplay) plan.Expr {
	one := &plan.Column{Meta: plan.M(elem, -1), ID: plan.ElemColumn}
	converted := b.coerceTypmod(one, elem, meta.Mod, ctx, d, -1)
	if converted == plan.Expr(one) {
		return e
	}
	return &plan.Convert{Meta: meta, Kind: plan.ConvertArray, Arg: e, Elem: converted, Display: d}
}

// coerceRow converts between records and composite types: coerce_record_to_complex.
func (b *binder) coerceRow(e plan.Expr, t *types.Type, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	from := e.Type()
	if t.OID == types.RecordOID && b.isComplex(from.OID) || t.OID == types.RecordArrayOID {
		return b.relabel(e, t, d)
	}
	row, ok := e.(*plan.RowExpr)
	if !ok || !b.isComplex(t.OID) {
		b.failCast(from, t, pos)
	}
	return b.rowToComposite(row, t, ctx, d, pos)
}

func (b *binder) rowToComposite(row *plan.RowExpr, t *types.Type, ctx coercion, d plan.CallDisplay, pos int) plan.Expr {
	base, _ := t.BaseType(-1)
	fields := b.compositeFields(base)
	switch {
	case len(row.Fields) < len(fields):
		fail(b.cannotCast(row.Typ, t, pos).WithDetail("Input has too few columns."))
	case len(row.Fields) > len(fields):
		fail(b.cannotCast(row.Typ, t, pos).WithDetail("Input has too many columns."))
	}
	out := &plan.RowExpr{Meta: plan.M(base, row.At), Whole: row.Whole, Display: d}
	for i, f := range fields {
		c := b.coerceToTarget(row.Fields[i], f.Type, f.Typmod, ctx, d, pos)
		if c == nil {
			fail(b.cannotCast(row.Typ, t, pos).WithDetail("Cannot cast type %s to %s in column %d.",
				b.typeName(row.Fields[i].Type()), b.typeName(f.Type), i+1))
		}
		out.Fields, out.Names = append(out.Fields, c), append(out.Names, f.Name)
	}
	return b.toDomain(out, t, ctx, d)
}

func (b *binder) cannotCast(from, to *types.Type, pos int) *pgerr.Error {
	return pgerr.New(pgerr.CannotCoerce, "cannot cast type %s to %s", b.typeName(from), b.typeName(to)).AtByte(pos)
}

func (b *binder) failCast(from, to *types.Type, pos int) { fail(b.cannotCast(from, to, pos)) }

// boolean is coerce_to_boolean.
func (b *binder) boolean(e plan.Expr, construct string) plan.Expr {
	t := b.typ(types.BoolOID)
	if c := b.coerceToTarget(e, t, -1, coerceAssignment, plan.DisplayImplicitCast, -1); c != nil {
		return c
	}
	failAt(exprLocation(e), pgerr.DatatypeMismatch, "argument of %s must be type %s, not type %s", construct, "boolean", b.typeName(e.Type()))
	return nil
}

// exprLocation is where an expression begins (PostgreSQL's function of that name): an operator's own place
// is behind its left operand's, as COLLATE's is.
func exprLocation(e plan.Expr) int {
	pos := e.Pos()
	switch x := e.(type) {
	case *plan.Call:
		if x.Display != plan.DisplayOperator {
			return pos
		}
	case *plan.Convert:
		if !x.Collate {
			return pos
		}
	default:
		return pos
	}
	for _, a := range e.Children() {
		if p := exprLocation(a); p >= 0 && (pos < 0 || p < pos) {
			pos = p
		}
	}
	return pos
}

// specificType is coerce_to_specific_type.
func (b *binder) specificType(e plan.Expr, oid types.OID, construct string) plan.Expr {
	t := b.typ(oid)
	if e.Type().OID != oid {
		c := b.coerceToTarget(e, t, -1, coerceAssignment, plan.DisplayImplicitCast, -1)
		if c == nil {
			failAt(e.Pos(), pgerr.DatatypeMismatch, "argument of %s must be type %s, not type %s", construct, b.typeName(t), b.typeName(e.Type()))
		}
		e = c
	}
	return e
}
