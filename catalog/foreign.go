package catalog

import "slices"

// ForeignKey is a foreign key with its two tables: Child, which has the
// constraint, and Parent, which it refers to.
type ForeignKey struct {
	*Constraint
	Child, Parent *Relation
}

// ForeignKeys are those that a relation has.
func ForeignKeys(r Reader, rel *Relation) []ForeignKey {
	var out []ForeignKey
	for _, c := range rel.Constraints {
		if c.Kind != ForeignConstraint {
			continue
		}
		if parent := r.RelationByOID(c.RefRelation); parent != nil {
			out = append(out, ForeignKey{c, rel, parent})
		}
	}
	return out
}

// ForeignKeysTo are those that refer to a relation.
func ForeignKeysTo(r Reader, rel *Relation) []ForeignKey {
	var out []ForeignKey
	for _, child := range r.Referencing(rel.OID) {
		for _, fk := range ForeignKeys(r, child) {
			if fk.RefRelation == rel.OID {
				out = append(out, fk)
			}
		}
	}
	return out
}

// Has says whether the key still stands in a catalog.
func (fk ForeignKey) Has(r Reader) bool {
	child := r.RelationByOID(fk.Child.OID)
	return child != nil && r.RelationByOID(fk.Parent.OID) != nil &&
		slices.ContainsFunc(child.Constraints, func(c *Constraint) bool { return c.OID == fk.OID })
}
