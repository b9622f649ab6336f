package bind

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// candidate is an overload under consideration: FuncCandidateList. args are its
// argument types as matched against the call (variadic expanded, defaults cut).
type candidate[T any] struct {
	of   T
	args []types.OID
}

// matching is func_match_argtypes: the candidates that the arguments could be
// coerced to implicitly.
func matching[T any](b *binder, inputs []types.OID, cs []candidate[T]) []candidate[T] {
	var out []candidate[T]
	for _, c := range cs {
		if b.canCoerce(inputs, c.args, coerceImplicit) {
			out = append(out, c)
		}
	}
	return out
}

// choose is func_select_candidate: PostgreSQL documentation, "Type Conversion",
// steps 4.a to 4.f of functions and operators. nil if none is best.
func choose[T any](b *binder, inputs []types.OID, cs []candidate[T]) *candidate[T] {
	base := make([]types.OID, len(inputs))
	unknowns := 0
	for i, in := range inputs {
		base[i] = types.UnknownOID
		if in == types.UnknownOID {
			unknowns++
		} else {
			base[i] = b.baseType(in)
		}
	}
	cs = keepBest(cs, func(c candidate[T]) int { return exactMatches(base, c.args) })
	if len(cs) == 1 {
		return &cs[0]
	}
	cs = keepBest(cs, func(c candidate[T]) int { return b.exactOrPreferred(base, c.args) })
	if len(cs) == 1 {
		return &cs[0]
	}
	if unknowns == 0 {
		return nil
	}
	if cs = unknownCategories(b, base, cs); len(cs) == 1 {
		return &cs[0]
	}
	return sameAsKnown(b, base, unknowns, cs)
}

// keepBest keeps the candidates with the highest score, all of them if every
// score is 0.
func keepBest[T any](cs []candidate[T], score func(candidate[T]) int) []candidate[T] {
	best := 0
	var out []candidate[T]
	for _, c := range cs {
		switch n := score(c); {
		case n > best || out == nil && n == best:
			best, out = n, []candidate[T]{c}
		case n == best:
			out = append(out, c)
		}
	}
	return out
}

func exactMatches(base, args []types.OID) int {
	n := 0
	for i, t := range base {
		if t != types.UnknownOID && args[i] == t {
			n++
		}
	}
	return n
}

func (b *binder) exactOrPreferred(base, args []types.OID) int {
	n := 0
	for i, t := range base {
		if t != types.UnknownOID && (args[i] == t || b.isPreferred(b.category(t), args[i])) {
			n++
		}
	}
	return n
}

// unknownCategories picks a category for each untyped argument, String if any
// candidate takes one, and drops the candidates that don't fit it.
func unknownCategories[T any](b *binder, base []types.OID, cs []candidate[T]) []candidate[T] {
	slots := make([]categorySlot, len(base))
	for i, t := range base {
		if t != types.UnknownOID {
			continue
		}
		var ok bool
		if slots[i], ok = slotOf(b, i, cs); !ok {
			return cs
		}
	}
	var out []candidate[T]
	for _, c := range cs {
		if b.fitsSlots(base, c.args, slots) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return cs
	}
	return out
}

type categorySlot struct {
	category  types.Category
	preferred bool
}

func slotOf[T any](b *binder, i int, cs []candidate[T]) (categorySlot, bool) {
	var s categorySlot
	conflict := false
	for _, c := range cs {
		t := b.reg.ByOID(c.args[i])
		if t == nil {
			continue
		}
		switch {
		case s.category == 0:
			s = categorySlot{t.Category, t.Preferred}
		case s.category == t.Category:
			s.preferred = s.preferred || t.Preferred
		case t.Category == types.String:
			return stringSlot(b, i, cs), true
		case s.category != types.String:
			conflict = true
		}
	}
	return s, !conflict
}

// stringSlot is the slot where some candidate takes a string: "STRING always
// wins if available".
func stringSlot[T any](b *binder, i int, cs []candidate[T]) categorySlot {
	s := categorySlot{category: types.String}
	for _, c := range cs {
		if t := b.reg.ByOID(c.args[i]); t != nil && t.Category == types.String {
			s.preferred = s.preferred || t.Preferred
		}
	}
	return s
}

func (b *binder) fitsSlots(base, args []types.OID, slots []categorySlot) bool {
	for i, t := range base {
		if t != types.UnknownOID {
			continue
		}
		a := b.reg.ByOID(args[i])
		if a == nil || a.Category != slots[i].category || slots[i].preferred && !a.Preferred {
			return false
		}
	}
	return true
}

// sameAsKnown assumes that untyped arguments are of the type that all the
// others have (step 4.f).
func sameAsKnown[T any](b *binder, base []types.OID, unknowns int, cs []candidate[T]) *candidate[T] {
	if unknowns == len(base) {
		return nil
	}
	known := types.UnknownOID
	for _, t := range base {
		switch {
		case t == types.UnknownOID:
		case known == types.UnknownOID:
			known = t
		case known != t:
			return nil
		}
	}
	all := make([]types.OID, len(base))
	for i := range all {
		all[i] = known
	}
	var found *candidate[T]
	for i := range cs {
		if b.canCoerce(all, cs[i].args, coerceImplicit) {
			if found != nil {
				return nil
			}
			found = &cs[i]
		}
	}
	return found
}
