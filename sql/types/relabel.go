package types

import "slices"

// Values of enums are their labels (NewEnumType). One that was made before ALTER TYPE …
// RENAME VALUE is called otherwise after it.

// Relabelled is the value v of t with the labels of enums, in it at any depth, that these
// have today: by their oids, in what today knows of a type. It leaves v as it is.
func Relabelled(v any, t *Type, today func(OID) *Type) any {
	switch v := v.(type) {
	case string:
		for t.Domain != nil {
			t = t.Domain.Base
		}
		return relabelled(v, t, today(t.OID))
	case *Array:
		out := *v
		out.Elems = relabelledAll(v.Elems, func(int) *Type { return v.Elem }, today)
		return &out
	case *Record:
		out := *v
		out.Values = relabelledAll(v.Values, func(i int) *Type { return v.Types[i] }, today)
		return &out
	case *Range:
		return relabelledRange(v, today)
	case *Multirange:
		out := *v
		out.Ranges = slices.Clone(v.Ranges)
		for i, r := range out.Ranges {
			out.Ranges[i] = relabelledRange(r, today)
		}
		return &out
	}
	return v
}

func relabelled(label string, then, now *Type) string {
	if then.Kind != 'e' || now == nil {
		return label
	}
	i := slices.IndexFunc(then.Labels, func(l EnumLabel) bool { return l.Name == label })
	if i < 0 {
		return label
	}
	k := slices.IndexFunc(now.Labels, func(l EnumLabel) bool { return l.OID == then.Labels[i].OID })
	if k < 0 {
		return label
	}
	return now.Labels[k].Name
}

func relabelledAll(values []any, of func(int) *Type, today func(OID) *Type) []any {
	out := slices.Clone(values)
	for i, v := range out {
		if v != nil {
			out[i] = Relabelled(v, of(i), today)
		}
	}
	return out
}

func relabelledRange(r *Range, today func(OID) *Type) *Range {
	out := *r
	for _, b := range []*RangeBound{&out.Lower, &out.Upper} {
		if b.Val != nil {
			b.Val = Relabelled(b.Val, r.Def.Subtype, today)
		}
	}
	return &out
}
