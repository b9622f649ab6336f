package types

// Sortable says whether values have a default btree operator class: those of an array
// or a row if those of its parts have one (TYPECACHE_LT_OPR).
func (t *Type) Sortable() bool {
	return t.hasClass(func(t *Type) bool { return !t.Unordered })
}

// Hashable says whether they have a default hash operator class (TYPECACHE_HASH_PROC).
func (t *Type) Hashable() bool {
	return t.hasClass(func(t *Type) bool { return !t.Unhashable })
}

func (t *Type) hasClass(has func(t *Type) bool) bool {
	switch {
	case t.Domain != nil:
		return t.Domain.Base.hasClass(has)
	case t.elem != nil:
		return t.elem.hasClass(has)
	case t.Range != nil:
		return t.Range.Subtype.hasClass(has)
	case t.Kind == 'c':
		for _, c := range t.Columns {
			if !c.Type.hasClass(has) {
				return false
			}
		}
		return true
	}
	return t.Compare != nil && has(t)
}
