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

// MemberIndex is the index of a table in a tree that stands for one of the root's:
// over the same columns and expressions (CompareIndexInfo). nil for none.
func MemberIndex(root, member *Relation, ix *Index) *Index {
	want := indexShape(root, ix)
	for _, own := range member.Indexes {
		if own.Unique == ix.Unique && own.Primary == ix.Primary && own.Predicate == ix.Predicate &&
			own.NullsNotDistinct == ix.NullsNotDistinct && slices.Equal(indexShape(member, own), want) {
			return own
		}
	}
	return nil
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
