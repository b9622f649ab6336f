package partition

import "github.com/s3db-sql/s3db-sql/catalog"

// Tree is a partitioned table with its partitions, of all levels.
type Tree struct {
	*Desc
	// Sub are the trees of Parts, nil for those that are not partitioned.
	Sub []*Tree
}

// Expand reads the tree below rel, which must be partitioned.
func Expand(r catalog.Reader, rel *catalog.Relation) (*Tree, error) {
	d, err := Describe(r, rel)
	if err != nil {
		return nil, err
	}
	t := &Tree{Desc: d, Sub: make([]*Tree, len(d.Parts))}
	for i, p := range d.Parts {
		if p.Kind != catalog.PartitionedTable {
			continue
		}
		if t.Sub[i], err = Expand(r, p); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Leaves are the partitions with rows, in the order of their bounds.
func (t *Tree) Leaves() []*catalog.Relation {
	var out []*catalog.Relation
	for i, p := range t.Parts {
		if t.Sub[i] != nil {
			out = append(out, t.Sub[i].Leaves()...)
		} else {
			out = append(out, p)
		}
	}
	return out
}

// Ancestors are the partitioned tables that a partition is below, the nearest first
// (get_partition_ancestors).
func Ancestors(r catalog.Reader, rel *catalog.Relation) []*catalog.Relation {
	var out []*catalog.Relation
	for rel = catalog.PartitionedBy(r, rel); rel != nil; rel = catalog.PartitionedBy(r, rel) {
		out = append(out, rel)
	}
	return out
}

// Top is the partitioned table above all others that rel is below, or rel itself.
func Top(r catalog.Reader, rel *catalog.Relation) *catalog.Relation {
	if above := Ancestors(r, rel); len(above) > 0 {
		return above[len(above)-1]
	}
	return rel
}
