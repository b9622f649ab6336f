package catalog

import "slices"

// ForeignKey is a foreign key with its two tables: Child, which has the
// constraint, and Parent, which it refers to.
type ForeignKey struct {
	*Constraint
	Child, Parent *Relation
	// Declared is the constraint as it stands in the catalog, and Root the table that it
	// names: Constraint and Parent, unless the key is seen from a partition of Root,
	// whose numbers Constraint has then.
	Declared *Constraint
	Root     *Relation
}

// ForeignKeys are those that a relation has.
func ForeignKeys(r Reader, rel *Relation) []ForeignKey {
	var out []ForeignKey
	for _, c := range rel.Constraints {
		if c.Kind != ForeignConstraint {
			continue
		}
		if parent := r.RelationByOID(c.RefRelation); parent != nil {
			out = append(out, ForeignKey{c, rel, parent, c, parent})
		}
	}
	return out
}

// ForeignKeysTo are those that refer to a relation, or to a table of which it is a
// partition. A key of a partitioned table is one, though its partitions have it too.
func ForeignKeysTo(r Reader, rel *Relation) []ForeignKey {
	var out []ForeignKey
	for root := rel; root != nil; root = PartitionedBy(r, root) {
		for _, child := range r.Referencing(root.OID) {
			for _, fk := range ForeignKeys(r, child) {
				if fk.RefRelation == root.OID && ForeignAbove(r, child, fk.Constraint) == nil {
					out = append(out, fk.of(rel))
				}
			}
		}
	}
	return out
}

// of is the key as one to a partition of its table.
func (fk ForeignKey) of(part *Relation) ForeignKey {
	if part == fk.Root {
		return fk
	}
	c := *fk.Declared
	c.RefColumns = MemberColumns(fk.Root, part, c.RefColumns)
	fk.Constraint, fk.Parent = &c, part
	return fk
}

// OfRoot is the key as it was declared.
func (fk ForeignKey) OfRoot() ForeignKey {
	fk.Constraint, fk.Parent = fk.Declared, fk.Root
	return fk
}

// ForeignAbove is the foreign key of a partitioned table that one of its partition rel
// stands for: to the same columns, from columns of the same names. nil for none.
func ForeignAbove(r Reader, rel *Relation, c *Constraint) *Constraint {
	above := PartitionedBy(r, rel)
	if above == nil {
		return nil
	}
	i := slices.IndexFunc(above.Constraints, func(k *Constraint) bool {
		return k.Kind == ForeignConstraint && k.RefRelation == c.RefRelation && slices.Equal(k.RefColumns, c.RefColumns) &&
			slices.Equal(MemberColumns(above, rel, k.Columns), c.Columns)
	})
	if i < 0 {
		return nil
	}
	return above.Constraints[i]
}

// Has says whether the key still stands in a catalog.
func (fk ForeignKey) Has(r Reader) bool {
	child := r.RelationByOID(fk.Child.OID)
	return child != nil && r.RelationByOID(fk.Parent.OID) != nil &&
		slices.ContainsFunc(child.Constraints, func(c *Constraint) bool { return c.OID == fk.OID })
}
