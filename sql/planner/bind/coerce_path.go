package bind

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// coercion is CoercionContext: how much a conversion may do unasked.
type coercion uint8

const (
	coerceImplicit coercion = iota
	coerceAssignment
	coerceExplicit
)

// pathKind is CoercionPathType.
type pathKind uint8

const (
	pathNone pathKind = iota
	pathFunc
	pathRelabel
	pathArray
	pathInOut
)

var castContexts = map[funcs.CastContext]coercion{
	funcs.CastImplicit: coerceImplicit, funcs.CastAssignment: coerceAssignment, funcs.CastExplicit: coerceExplicit,
}

// baseType unwraps domains.
func (b *binder) baseType(oid types.OID) types.OID {
	for {
		t := b.reg.ByOID(oid)
		if t == nil || t.Kind != 'd' {
			return oid
		}
		oid = t.Base
	}
}

// elemOf is get_element_type: 0 unless oid is a true array type.
func (b *binder) elemOf(oid types.OID) types.OID {
	if t := b.reg.ByOID(oid); t != nil && t.IsArray() && t.Kind != 'd' {
		return t.Elem
	}
	return 0
}

func (b *binder) arrayOf(oid types.OID) types.OID {
	if t := b.reg.ByOID(oid); t != nil {
		return t.Array
	}
	return 0
}

func (b *binder) category(oid types.OID) types.Category {
	if t := b.reg.ByOID(oid); t != nil {
		return t.Category
	}
	return 0
}

// isPreferred is IsPreferredType.
func (b *binder) isPreferred(c types.Category, oid types.OID) bool {
	t := b.reg.ByOID(oid)
	return t != nil && t.Preferred && (c == t.Category || c == 0)
}

// isComplex says whether values of a type are rows of known columns: ISCOMPLEX.
func (b *binder) isComplex(oid types.OID) bool {
	t := b.reg.ByOID(b.baseType(oid))
	return t != nil && t.Kind == 'c'
}

// coercionPath is find_coercion_pathway.
func (b *binder) coercionPath(target, source types.OID, ctx coercion) (pathKind, *funcs.Cast) {
	target, source = b.baseType(target), b.baseType(source)
	if target == source {
		return pathRelabel, nil
	}
	if c := b.findCast(source, target); c != nil {
		return castPath(c, ctx)
	}
	if p := b.arrayPath(target, source, ctx); p != pathNone {
		return p, nil
	}
	if ctx >= coerceAssignment && b.category(target) == types.String ||
		ctx >= coerceExplicit && b.category(source) == types.String {
		return pathInOut, nil
	}
	return pathNone, nil
}

func castPath(c *funcs.Cast, ctx coercion) (pathKind, *funcs.Cast) {
	switch {
	case ctx < castContexts[c.Context]:
		return pathNone, nil
	case c.InOut:
		return pathInOut, c
	case c.Func == nil:
		return pathRelabel, c
	}
	return pathFunc, c
}

func (b *binder) arrayPath(target, source types.OID, ctx coercion) pathKind {
	if target == types.OidVectorOID || target == types.Int2VectorOID {
		return pathNone
	}
	te, se := b.elemOf(target), b.elemOf(source)
	if te == 0 || se == 0 {
		return pathNone
	}
	if p, _ := b.coercionPath(te, se, ctx); p == pathNone {
		return pathNone
	}
	return pathArray
}

// canCoerce is can_coerce_type.
func (b *binder) canCoerce(inputs, targets []types.OID, ctx coercion) bool {
	generic := false
	for i, in := range inputs {
		target := targets[i]
		switch {
		case in == target, target == types.AnyOID:
		case isPolymorphic(target):
			generic = true
		case in == types.UnknownOID:
		case b.canCoerceOne(in, target, ctx):
		default:
			return false
		}
	}
	return !generic || b.genericConsistent(inputs, targets)
}

func (b *binder) canCoerceOne(in, target types.OID, ctx coercion) bool {
	if p, _ := b.coercionPath(target, in, ctx); p != pathNone {
		return true
	}
	switch {
	case in == types.RecordOID && b.isComplex(target), target == types.RecordOID && b.isComplex(in):
		return true
	}
	return target == types.RecordArrayOID && b.isComplex(b.elemOf(in))
}
