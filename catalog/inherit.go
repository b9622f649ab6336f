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
