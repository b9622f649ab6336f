package catalog

import "slices"

// Tree is a table with all that inherit from it, each once, parents before their
// children (find_all_inheritors).
func Tree(r Reader, rel *Relation) []*Relation {
	tree := []*Relation{rel}
	for i := 0; i < len(tree); i++ {
		for _, child := range r.Inheriting(tree[i].OID) {
			if !slices.ContainsFunc(tree, func(t *Relation) bool { return t.OID == child.OID }) {
				tree = append(tree, child)
			}
		}
	}
	return tree
}

// PartitionedBy is the table of which rel is a partition, nil for none.
func PartitionedBy(r Reader, rel *Relation) *Relation {
	if rel.Bound == nil || len(rel.Parents) == 0 {
		return nil
	}
	return r.RelationByOID(rel.Parents[0])
}

// MemberColumn is the column of a table in a tree that stands for the root's column
// num: the system columns are everywhere, the others go by name. nil for none.
func MemberColumn(root, member *Relation, num int16) *Column {
	if num < 0 || root == member {
		return member.Column(num)
	}
	if c := root.Column(num); c != nil {
		return member.ColumnByName(c.Name)
	}
	return nil
}

// MemberColumns are the numbers that columns of the root have in a table of its tree.
func MemberColumns(root, member *Relation, nums []int16) []int16 {
	var out []int16
	for _, num := range nums {
		if c := MemberColumn(root, member, num); c != nil {
			out = append(out, c.Num)
		}
	}
	return out
}

// MemberIndex is the index of a table in a tree that stands for one of the root's:
// over the same columns and expressions (CompareIndexInfo). nil for none.
func MemberIndex(root, member *Relation, ix *Index) *Index {
	want, primary := indexShape(root, ix), root.isPrimary(ix)
	for _, own := range member.Indexes {
		if own.Unique == ix.Unique && member.isPrimary(own) == primary && own.Predicate == ix.Predicate &&
			own.NullsNotDistinct == ix.NullsNotDistinct && slices.Equal(indexShape(member, own), want) {
			return own
		}
	}
	return nil
}

// isPrimary: an index is that of the PRIMARY KEY, made with the table or added later.
func (r *Relation) isPrimary(ix *Index) bool {
	c := r.PrimaryConstraint()
	return c != nil && c.Index == ix.OID
}

// IndexAbove is the index of the partitioned table whose partition an index of a
// partition is (index_get_partition, the other way): the first that stands for it.
// nil for none.
func IndexAbove(r Reader, rel *Relation, ix *Index) *Index {
	parent := PartitionedBy(r, rel)
	if parent == nil || ix == rel.HiddenKey() {
		return nil
	}
	above := MemberIndex(rel, parent, ix)
	if above == nil || MemberIndex(parent, rel, above).OID != ix.OID {
		return nil
	}
	return above
}

// IndexesBelow are the partitions of a partitioned table's index: one for each
// partition of the table that has one.
func IndexesBelow(r Reader, rel *Relation, ix *Index) []*Index {
	if rel.Partitioning == nil || ix == rel.HiddenKey() {
		return nil
	}
	var out []*Index
	for _, child := range r.Inheriting(rel.OID) {
		own := MemberIndex(rel, child, ix)
		if own == nil {
			continue
		}
		if above := IndexAbove(r, child, own); above != nil && above.OID == ix.OID {
			out = append(out, own)
		}
	}
	return out
}

// IndexWhole says whether every partition of a table has its part of an index, as
// pg_index.indisvalid of a partitioned index does.
func IndexWhole(r Reader, rel *Relation, ix *Index) bool {
	if rel.Partitioning == nil {
		return ix.Complete
	}
	for _, child := range r.Inheriting(rel.OID) {
		if own := MemberIndex(rel, child, ix); own == nil || !IndexWhole(r, child, own) {
			return false
		}
	}
	return true
}

// indexShape names the parts of an index's key.
func indexShape(rel *Relation, ix *Index) []string {
	var out []string
	for _, k := range ix.Keys {
		if c := rel.Column(k.Num); c != nil {
			out = append(out, c.Name)
		} else {
			out = append(out, "("+k.Expr+")")
		}
	}
	if len(ix.Keys) > 0 {
		return out
	}
	for _, num := range ix.Declared {
		if c := rel.Column(num); c != nil {
			out = append(out, c.Name)
		}
	}
	return out
}
