package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// commonType is select_common_type: 42804 naming the context ("CASE", "UNION"
// …) where the types differ in kind. With an empty context it returns nil then.
func (b *binder) commonType(es []plan.Expr, context string) *types.Type {
	if t := sameType(es); t != nil {
		return t
	}
	best := b.baseType(es[0].Type().OID)
	for _, e := range es[1:] {
		next := b.baseType(e.Type().OID)
		if next == types.UnknownOID || next == best {
			continue
		}
		if best == types.UnknownOID {
			best = next
			continue
		}
		if b.category(next) != b.category(best) {
			if context == "" {
				return nil
			}
			failAt(e.Pos(), pgerr.DatatypeMismatch, "%s types %s and %s cannot be matched", context, b.oidName(best), b.oidName(next))
		}
		if b.prefers(best, next) {
			best = next
		}
	}
	if best == types.UnknownOID {
		best = types.TextOID
	}
	return b.typ(best)
}

// sameType is the fast path: all of one type, not unknown.
func sameType(es []plan.Expr) *types.Type {
	t := es[0].Type()
	if t.OID == types.UnknownOID {
		return nil
	}
	for _, e := range es[1:] {
		if e.Type().OID != t.OID {
			return nil
		}
	}
	return t
}

// prefers says that next wins over best, both of one category.
func (b *binder) prefers(best, next types.OID) bool {
	return !b.isPreferred(0, best) &&
		b.canCoerce([]types.OID{best}, []types.OID{next}, coerceImplicit) &&
		!b.canCoerce([]types.OID{next}, []types.OID{best}, coerceImplicit)
}

// commonTypmod is select_common_typmod.
func commonTypmod(es []plan.Expr, t *types.Type) int32 {
	mod := es[0].Typmod()
	for _, e := range es {
		if e.Type().OID != t.OID || e.Typmod() != mod {
			return -1
		}
	}
	return mod
}

// toCommon is coerce_to_common_type: 42846.
func (b *binder) toCommon(e plan.Expr, t *types.Type, context string) plan.Expr {
	if e.Type().OID == t.OID {
		return e
	}
	if !b.canCoerce([]types.OID{e.Type().OID}, []types.OID{t.OID}, coerceImplicit) {
		failAt(e.Pos(), pgerr.CannotCoerce, "%s could not convert type %s to %s", context, b.typeName(e.Type()), b.typeName(t))
	}
	return b.coerce(e, t, -1, coerceImplicit, plan.DisplayImplicitCast, -1)
}

// unify coerces all to their common type.
func (b *binder) unify(es []plan.Expr, context string) ([]plan.Expr, *types.Type) {
	t := b.commonType(es, context)
	out := make([]plan.Expr, len(es))
	for i, e := range es {
		out[i] = b.toCommon(e, t, context)
	}
	return out, t
}
