package dml

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
)

// keyPlace is a table with rows in which keys are looked for: values of its columns
// nums.
type keyPlace struct {
	rel    *catalog.Relation
	nums   []int16
	values [][]any
}

// places are the tables that may hold keys of rel: rel itself or, of a partitioned
// table, for each key the partition that it belongs to, if the key tells; else all.
func (l *keyLookup) places(rel *catalog.Relation, nums []int16, values [][]any) ([]keyPlace, error) {
	switch {
	case len(values) == 0:
		return nil, nil
	case rel.Kind != catalog.PartitionedTable:
		return []keyPlace{{rel, nums, values}}, nil
	}
	tree, err := partition.Expand(l.catalog, rel)
	if err != nil {
		return nil, err
	}
	p := &keyPlaces{root: rel, nums: nums}
	for _, v := range values {
		if err := p.add(tree, v); err != nil {
			return nil, err
		}
	}
	return p.places, nil
}

// keyPlaces collects the places of keys in a tree.
type keyPlaces struct {
	root   *catalog.Relation
	nums   []int16
	places []keyPlace
}

// add finds the partitions below t in which one key may be.
func (p *keyPlaces) add(t *partition.Tree, value []any) error {
	key, ok := p.partitionKey(t, value)
	if !ok {
		for i := range t.Parts {
			if err := p.below(t, i, value); err != nil {
				return err
			}
		}
		return nil
	}
	at, err := t.Find(key, nil)
	if err != nil || at < 0 {
		return err
	}
	return p.below(t, at, value)
}

// below is add in one part of t.
func (p *keyPlaces) below(t *partition.Tree, at int, value []any) error {
	if t.Sub[at] != nil {
		return p.add(t.Sub[at], value)
	}
	leaf := t.Parts[at]
	i := slices.IndexFunc(p.places, func(k keyPlace) bool { return k.rel.OID == leaf.OID })
	if i < 0 {
		i, p.places = len(p.places), append(p.places, keyPlace{rel: leaf, nums: catalog.MemberColumns(p.root, leaf, p.nums)})
	}
	p.places[i].values = append(p.places[i].values, value)
	return nil
}

// partitionKey are the values by which t divides its rows; false where the key that is
// looked for does not have them all.
func (p *keyPlaces) partitionKey(t *partition.Tree, value []any) ([]any, bool) {
	if t.OwnHash() {
		return nil, false
	}
	out := make([]any, len(t.Rel.Partitioning.Keys))
	for i, k := range t.Rel.Partitioning.Keys {
		at := slices.IndexFunc(p.nums, func(num int16) bool { return p.root.Column(num).Name == k.Column })
		if at < 0 {
			return nil, false
		}
		out[i] = value[at]
	}
	return out, true
}
