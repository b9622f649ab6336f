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
	simpleRange
	simpleMultirange
	commonElem
	commonArray
	commonRange
	commonMultirange
)

var polyFamilies = map[types.OID]polyFamily{
	types.AnyElementOID: simpleElem, types.AnyNonArrayOID: simpleElem, types.AnyEnumOID: simpleElem,
	types.AnyArrayOID: simpleArray, types.AnyRangeOID: simpleRange, types.AnyMultirangeOID: simpleMultirange,
	types.AnyCompatibleOID: commonElem, types.AnyCompatibleNonArrayOID: commonElem,
	types.AnyCompatibleArrayOID: commonArray, types.AnyCompatibleRangeOID: commonRange,
	types.AnyCompatibleMultirangeOID: commonMultirange,
}

// isCommon says whether f belongs to the anycompatible types.
func (f polyFamily) isCommon() bool { return f >= commonElem }

func isPolymorphic(oid types.OID) bool { return polyFamilies[oid] != notPoly }

// polySolver finds the actual types behind polymorphic arguments. In checking
// mode it only says whether there are any (check_generic_type_consistency);
// otherwise it raises PostgreSQL's errors (enforce_generic_type_consistency).
type polySolver struct {
	b                       *binder
	elem, array, rng, multi types.OID
	common                  []types.OID
	commonElem              types.OID
	commonRng, commonMulti  types.OID
	simple, commonUsed      bool
	nonArray, enum          bool
	commonNonArray          bool
	err                     *pgerr.Error
}

func (b *binder) genericConsistent(actual, declared []types.OID) bool {
	p := &polySolver{b: b}
	p.collect(actual, declared)
	p.solve(true)
	return p.err == nil
}

// genericTypes resolves polymorphic declared types in place and returns the
// result type.
func (b *binder) genericTypes(actual, declared []types.OID, result types.OID) types.OID {
	p := &polySolver{b: b}
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
		p.simple = p.simple || !f.isCommon()
		p.commonUsed = p.commonUsed || f.isCommon()
		p.nonArray = p.nonArray || d == types.AnyNonArrayOID
		p.enum = p.enum || d == types.AnyEnumOID
		p.commonNonArray = p.commonNonArray || d == types.AnyCompatibleNonArrayOID
		if actual[i] != types.UnknownOID {
			p.add(f, actual[i], d)
		}
	}
}

func (p *polySolver) add(f polyFamily, actual, declared types.OID) {
	switch f {
	case simpleElem:
		p.alike(&p.elem, actual, declared)
	case simpleArray:
		p.alike(&p.array, p.b.baseType(actual), declared)
	case simpleRange:
		p.alike(&p.rng, p.b.baseType(actual), declared)
	case simpleMultirange:
		p.alike(&p.multi, p.b.baseType(actual), declared)
	case commonElem:
		p.common = append(p.common, actual)
	case commonArray:
		p.addCommon(p.b.elemOf(p.b.baseType(actual)), actual, declared)
	case commonRange:
		p.alike(&p.commonRng, p.b.baseType(actual), declared)
		p.addCommon(p.b.subtypeOf(p.commonRng, 'r'), actual, declared)
	case commonMultirange:
		p.alike(&p.commonMulti, p.b.baseType(actual), declared)
		p.addCommon(p.b.subtypeOf(p.commonMulti, 'm'), actual, declared)
	}
}

// addCommon adds what an argument is made of to the types that the common one is
// chosen from.
func (p *polySolver) addCommon(elem, actual, declared types.OID) {
	if actual == declared { // an aggregate's own parameter, for its transition function
		elem = types.AnyCompatibleOID
	}
	if elem == 0 {
		p.notA(declared, actual)
		return
	}
	p.common = append(p.common, elem)
}

// subtypeOf is get_range_subtype for a range ('r') and its like for a multirange
// ('m'), 0 for what is neither.
func (b *binder) subtypeOf(oid types.OID, kind byte) types.OID {
	if t := b.reg.ByOID(oid); t != nil && t.Kind == kind {
		return t.Range.Subtype.OID
	}
	return 0
}

// rangeOf is get_multirange_range, multirangeOf get_range_multirange: 0 for what
// is no (multi)range.
func (b *binder) rangeOf(oid types.OID) types.OID {
	if t := b.reg.ByOID(oid); t != nil && t.Range != nil {
		return t.Range.Range.OID
	}
	return 0
}

func (b *binder) multirangeOf(oid types.OID) types.OID {
	if t := b.reg.ByOID(oid); t != nil && t.Range != nil {
		return t.Range.Multirange.OID
	}
	return 0
}

func (p *polySolver) alike(have *types.OID, actual, declared types.OID) {
	if *have != 0 && *have != actual {
		p.mismatch("arguments declared \"%s\" are not all alike", p.b.oidName(declared)).
			WithDetail("%s versus %s", p.b.oidName(*have), p.b.oidName(actual))
		return
	}
	*have = actual
}

// notWhat is what an argument should have been, by the family it is declared as.
var notWhat = map[polyFamily]string{
	simpleArray: "an array but", commonArray: "an array but",
	simpleRange: "a range type but", commonRange: "a range type but",
	simpleMultirange: "a multirange type but", commonMultirange: "a multirange type but",
}

func (p *polySolver) notA(declared, actual types.OID) {
	p.mismatch("argument declared %s is not %s type %s", p.b.oidName(declared), notWhat[polyFamilies[declared]], p.b.oidName(actual))
}

// undetermined is for a range type that would have to be guessed by its subtype.
func (p *polySolver) undetermined(declared types.OID) types.OID {
	p.mismatch("could not determine polymorphic type %s because input has type %s", p.b.oidName(declared), "unknown")
	return 0
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
	if p.multi != 0 {
		p.matchMultirange()
	}
	if p.rng != 0 {
		p.matchElem(p.b.subtypeOf(p.rng, 'r'), p.rng, types.AnyRangeOID)
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
	p.matchElem(elem, p.array, types.AnyArrayOID)
}

// matchElem takes the element type from what an array or range is made of.
func (p *polySolver) matchElem(elem, actual, declared types.OID) {
	switch {
	case elem == 0:
		p.notA(declared, actual)
	case p.elem == 0:
		p.elem = elem
	case p.elem != elem:
		p.inconsistent(declared, types.AnyElementOID, actual, p.elem)
	}
}

func (p *polySolver) matchMultirange() {
	rng := p.b.rangeOf(p.multi)
	switch {
	case rng == 0 || rng == p.multi:
		p.notA(types.AnyMultirangeOID, p.multi)
	case p.rng == 0:
		p.rng = rng
	case p.rng != rng:
		p.inconsistent(types.AnyMultirangeOID, types.AnyRangeOID, p.multi, p.rng)
	}
}

func (p *polySolver) inconsistent(declared, with, actual, have types.OID) {
	p.mismatch("argument declared %s is not consistent with argument declared %s", p.b.oidName(declared), p.b.oidName(with)).
		WithDetail("%s versus %s", p.b.oidName(actual), p.b.oidName(have))
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
	p.matchCommon("anycompatiblerange", p.commonRng, 'r')
	p.matchCommon("anycompatiblemultirange", p.commonMulti, 'm')
	if p.commonNonArray && p.b.elemOf(p.b.baseType(t.OID)) != 0 {
		p.mismatch("type matched to anycompatiblenonarray is an array type: %s", p.b.typeName(t))
	}
}

// matchCommon: a range's subtype can't be coerced, it must be the common type.
func (p *polySolver) matchCommon(declared string, actual types.OID, kind byte) {
	if actual != 0 && p.b.subtypeOf(actual, kind) != p.commonElem {
		p.mismatch("%s type %s does not match anycompatible type %s", declared, p.b.oidName(actual), p.b.oidName(p.commonElem))
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
		f := polyFamilies[d]
		if f.isCommon() || f != notPoly && actual[i] == types.UnknownOID {
			declared[i] = p.result(d)
		}
	}
}

func (p *polySolver) arrayType(elem types.OID) types.OID {
	switch elem {
	case types.AnyElementOID:
		return types.AnyArrayOID
	case types.AnyCompatibleOID:
		return types.AnyCompatibleArrayOID
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
	case simpleRange:
		return p.rangeType(declared, p.rng)
	case simpleMultirange:
		return p.rangeType(declared, p.multi, p.b.multirangeOf(p.rng))
	case commonElem:
		return p.commonElem
	case commonArray:
		return p.arrayType(p.commonElem)
	case commonRange:
		return p.rangeType(declared, p.commonRng, p.b.rangeOf(p.commonMulti))
	case commonMultirange:
		return p.rangeType(declared, p.commonMulti, p.b.multirangeOf(p.commonRng))
	}
	return declared
}

// rangeType is the first type that is known.
func (p *polySolver) rangeType(declared types.OID, known ...types.OID) types.OID {
	for _, oid := range known {
		if oid != 0 {
			return oid
		}
	}
	return p.undetermined(declared)
}
