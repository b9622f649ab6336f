package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// polyFamily groups the polymorphic pseudo-types (PostgreSQL documentation,
// table 38.1): the simple family must match exactly, the common one after
// finding a common type.
type polyFamily uint8

const (
	notPoly polyFamily = iota
	simpleElem
	simpleArray
	commonElem
	commonArray
)

var polyFamilies = map[types.OID]polyFamily{
	types.AnyElementOID: simpleElem, types.AnyNonArrayOID: simpleElem, types.AnyEnumOID: simpleElem,
	types.AnyArrayOID: simpleArray, types.AnyCompatibleOID: commonElem, types.AnyCompatibleNonArrayOID: commonElem,
	types.AnyCompatibleArrayOID: commonArray,
}

func isPolymorphic(oid types.OID) bool { return polyFamilies[oid] != notPoly }

// polySolver finds the actual types behind polymorphic arguments. In checking
// mode it only says whether there are any (check_generic_type_consistency);
// otherwise it raises PostgreSQL's errors (enforce_generic_type_consistency).
type polySolver struct {
	b                  *binder
	pos                int
	elem, array        types.OID
	common             []types.OID
	commonElem         types.OID
	simple, commonUsed bool
	unknowns           bool
	nonArray, enum     bool
	commonNonArray     bool
	err                *pgerr.Error
}

func (b *binder) genericConsistent(actual, declared []types.OID) bool {
	p := &polySolver{b: b, pos: -1}
	p.collect(actual, declared)
	p.solve(true)
	return p.err == nil
}

// genericTypes resolves polymorphic declared types in place and returns the
// result type.
func (b *binder) genericTypes(actual, declared []types.OID, result types.OID) types.OID {
	p := &polySolver{b: b, pos: -1}
	p.collect(actual, declared)
	if !p.simple && !p.commonUsed {
		return result
	}
	p.solve(false)
	p.assign(actual, declared)
	out := p.result(result)
	if p.err != nil {
		fail(p.err)
	}
	return out
}

func (p *polySolver) mismatch(format string, args ...any) *pgerr.Error {
	e := pgerr.New(pgerr.DatatypeMismatch, format, args...)
	if p.err == nil {
		p.err = e
	}
	return e
}

func (p *polySolver) collect(actual, declared []types.OID) {
	for i, d := range declared {
		f := polyFamilies[d]
		if f == notPoly {
			continue
		}
		p.simple = p.simple || f == simpleElem || f == simpleArray
		p.commonUsed = p.commonUsed || f == commonElem || f == commonArray
		p.nonArray = p.nonArray || d == types.AnyNonArrayOID
		p.enum = p.enum || d == types.AnyEnumOID
		p.commonNonArray = p.commonNonArray || d == types.AnyCompatibleNonArrayOID
		if actual[i] == types.UnknownOID {
			p.unknowns = true
			continue
		}
		p.add(f, actual[i], d)
	}
}

func (p *polySolver) add(f polyFamily, actual, declared types.OID) {
	switch f {
	case simpleElem:
		p.alike(&p.elem, actual, declared)
	case simpleArray:
		p.alike(&p.array, p.b.baseType(actual), declared)
	case commonElem:
		p.common = append(p.common, actual)
	case commonArray:
		elem := p.b.elemOf(p.b.baseType(actual))
		if elem == 0 {
			p.notArray("anycompatiblearray", actual)
			return
		}
		p.common = append(p.common, elem)
	}
}

func (p *polySolver) alike(have *types.OID, actual, declared types.OID) {
	if *have != 0 && *have != actual {
		p.mismatch("arguments declared \"%s\" are not all alike", p.b.oidName(declared)).
			WithDetail("%s versus %s", p.b.oidName(*have), p.b.oidName(actual))
		return
	}
	*have = actual
}

func (p *polySolver) notArray(declared string, actual types.OID) {
	p.mismatch("argument declared %s is not an array but type %s", declared, p.b.oidName(actual))
}

func (p *polySolver) solve(checking bool) {
	if p.simple {
		p.solveSimple(checking)
	}
	if p.commonUsed {
		p.solveCommon()
	}
}

func (p *polySolver) solveSimple(checking bool) {
	if p.array != 0 {
		p.matchArray()
	}
	switch {
	case p.elem == 0 && checking:
		return
	case p.elem == 0:
		p.mismatch("could not determine polymorphic type because input has type %s", "unknown")
	case p.nonArray && p.b.elemOf(p.b.baseType(p.elem)) != 0:
		p.mismatch("type matched to anynonarray is an array type: %s", p.b.oidName(p.elem))
	case p.enum && p.b.category(p.elem) != types.Enum:
		p.mismatch("type matched to anyenum is not an enum type: %s", p.b.oidName(p.elem))
	}
}

func (p *polySolver) matchArray() {
	elem := p.b.elemOf(p.array)
	if p.array == types.AnyArrayOID {
		elem = types.AnyElementOID
	}
	switch {
	case elem == 0:
		p.notArray("anyarray", p.array)
	case p.elem == 0:
		p.elem = elem
	case p.elem != elem:
		p.mismatch("argument declared %s is not consistent with argument declared %s", "anyarray", "anyelement").
			WithDetail("%s versus %s", p.b.oidName(p.array), p.b.oidName(p.elem))
	}
}

func (p *polySolver) solveCommon() {
	if len(p.common) == 0 {
		p.commonElem = types.TextOID
		return
	}
	es := make([]plan.Expr, len(p.common))
	for i, oid := range p.common {
		es[i] = &plan.Const{Meta: plan.M(p.b.typ(oid), -1)}
	}
	t := p.b.commonType(es, "")
	if t == nil || !p.allCoerce(t.OID) {
		p.mismatch("arguments of anycompatible family cannot be cast to a common type")
		return
	}
	p.commonElem = t.OID
	if p.commonNonArray && p.b.elemOf(p.b.baseType(t.OID)) != 0 {
		p.mismatch("type matched to anycompatiblenonarray is an array type: %s", p.b.typeName(t))
	}
}

func (p *polySolver) allCoerce(target types.OID) bool {
	for _, oid := range p.common {
		if !p.b.canCoerce([]types.OID{oid}, []types.OID{target}, coerceImplicit) {
			return false
		}
	}
	return true
}

// assign replaces the declared types that arguments must be coerced to.
func (p *polySolver) assign(actual, declared []types.OID) {
	for i, d := range declared {
		switch polyFamilies[d] {
		case simpleElem:
			if actual[i] == types.UnknownOID {
				declared[i] = p.elem
			}
		case simpleArray:
			if actual[i] == types.UnknownOID {
				declared[i] = p.arrayType(p.elem)
			}
		case commonElem:
			declared[i] = p.commonElem
		case commonArray:
			declared[i] = p.arrayType(p.commonElem)
		}
	}
}

func (p *polySolver) arrayType(elem types.OID) types.OID {
	if elem == types.AnyElementOID {
		return types.AnyArrayOID
	}
	a := p.b.arrayOf(elem)
	if a == 0 && p.err == nil {
		p.err = pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", p.b.oidName(elem))
	}
	return a
}

func (p *polySolver) result(declared types.OID) types.OID {
	switch polyFamilies[declared] {
	case simpleElem:
		return p.elem
	case simpleArray:
		if p.array != 0 && p.array != types.AnyArrayOID {
			return p.array
		}
		return p.arrayType(p.elem)
	case commonElem:
		return p.commonElem
	case commonArray:
		return p.arrayType(p.commonElem)
	}
	return declared
}
