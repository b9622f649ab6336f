package catalog

// Parts calls yield with the oids of what belongs to the relation and has a row of
// its own in a system catalog: row type and array type, indexes, constraints,
// triggers, rules.
func (r *Relation) Parts(yield func(oid OID)) {
	for _, oid := range []OID{r.Type, r.TypeArray} {
		if oid != 0 {
			yield(oid)
		}
	}
	for _, ix := range r.Indexes {
		yield(ix.OID)
	}
	for _, c := range r.Constraints {
		yield(c.OID)
	}
	for _, t := range r.Triggers {
		yield(t.OID)
	}
	for _, rule := range r.Rules {
		yield(rule.OID)
	}
	for _, p := range r.Policies {
		yield(p.OID)
	}
}

// HasPart says whether one of the relation's parts has that oid.
func (r *Relation) HasPart(oid OID) bool {
	has := false
	r.Parts(func(part OID) { has = has || part == oid })
	return has
}
