package partition

import (
	"cmp"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Desc are the partitions of one partitioned table (PartitionDesc).
type Desc struct {
	Rel *catalog.Relation
	// Types of the key's columns.
	Types []*types.Type
	// Parts are in the order of their bounds, the default partition last.
	Parts []*catalog.Relation
	// def is the default partition's place in Parts and null that of the one that
	// takes NULL by list, -1 for none.
	def, null int
	list      []listValue
	ranges    []rangeBounds
	// remainders has for each remainder of the greatest modulus the partition's
	// place, -1 for none.
	remainders []int
}

// listValue is a value of FOR VALUES IN and the place of its partition.
type listValue struct {
	value any
	part  int
}

// datum is one column of a range bound.
type datum struct {
	infinite int8
	value    any
}

type rangeBounds struct {
	lower, upper []datum
	part         int
}

// Describe reads the partitions of rel, which must be partitioned.
func Describe(r catalog.Reader, rel *catalog.Relation) (*Desc, error) {
	return DescribeWith(r, rel, nil, nil)
}

// DescribeWith is Describe with one more partition, or without one: part with that
// bound, or with none.
func DescribeWith(r catalog.Reader, rel, part *catalog.Relation, bound *catalog.PartitionBound) (*Desc, error) {
	d := &Desc{Rel: rel, def: -1, null: -1}
	for _, k := range rel.Partitioning.Keys {
		t := keyType(r, rel, k)
		if t == nil {
			return nil, pgerr.New(pgerr.UndefinedObject, "type with OID %d does not exist", k.Type)
		}
		d.Types = append(d.Types, t)
	}
	bounds := map[*catalog.Relation]*catalog.PartitionBound{}
	for _, p := range r.Inheriting(rel.OID) {
		if p.Bound != nil && (part == nil || p.OID != part.OID) {
			d.Parts, bounds[p] = append(d.Parts, p), p.Bound
		}
	}
	if bound != nil {
		d.Parts, bounds[part] = append(d.Parts, part), bound
	}
	return d, d.order(bounds)
}

// keyType is the type of a column of the key, with its collation; nil for one that is
// gone.
func keyType(r catalog.Reader, rel *catalog.Relation, k catalog.PartitionKey) *types.Type {
	t := r.Types().ByOID(k.Type)
	if c := rel.ColumnByName(k.Column); c != nil && k.Column != "" {
		t = c.Type
	}
	if c := r.Types().CollationByOID(k.Collation); c != nil && t != nil {
		t = c.Of(t)
	}
	return t
}

// part is a partition whose bound has been read.
type part struct {
	rel    *catalog.Relation
	bound  *catalog.PartitionBound
	list   []any
	ranges rangeBounds
}

// order sorts the partitions (partition_bounds_create).
func (d *Desc) order(bounds map[*catalog.Relation]*catalog.PartitionBound) error {
	parts := make([]part, len(d.Parts))
	for i, rel := range d.Parts {
		var err error
		if parts[i], err = d.read(rel, bounds[rel]); err != nil {
			return err
		}
	}
	slices.SortStableFunc(parts, d.compareParts)
	for i, p := range parts {
		d.Parts[i] = p.rel
		d.place(i, p)
	}
	slices.SortStableFunc(d.list, func(a, b listValue) int { return d.Types[0].Compare(a.value, b.value) })
	return nil
}

func (d *Desc) read(rel *catalog.Relation, b *catalog.PartitionBound) (p part, err error) {
	p.rel, p.bound = rel, b
	for _, x := range b.List {
		if x.Null {
			continue
		}
		v, err := ParseDatum(d.Types[0], x)
		if err != nil {
			return p, err
		}
		p.list = append(p.list, v)
	}
	slices.SortFunc(p.list, func(a, b any) int { return d.Types[0].Compare(a, b) })
	if p.ranges.lower, err = d.rangeBound(b.Lower); err == nil {
		p.ranges.upper, err = d.rangeBound(b.Upper)
	}
	return p, err
}

func (d *Desc) rangeBound(xs []catalog.PartitionDatum) ([]datum, error) {
	out := make([]datum, len(xs))
	for i, x := range xs {
		out[i].infinite = x.Infinite
		if x.Infinite != 0 {
			continue
		}
		var err error
		if out[i].value, err = ParseDatum(d.Types[i], x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ParseDatum reads the value of a bound.
func ParseDatum(t *types.Type, x catalog.PartitionDatum) (any, error) {
	return t.In(types.DefaultEnv(), x.Value, -1)
}

// compareParts puts those with the least values first, the one of NULL alone and the
// default last.
func (d *Desc) compareParts(a, b part) int {
	if a.bound.Default || b.bound.Default {
		return cmp.Compare(boolInt(a.bound.Default), boolInt(b.bound.Default))
	}
	switch d.Rel.Partitioning.Strategy {
	case catalog.ByHash:
		return cmp.Or(cmp.Compare(a.bound.Modulus, b.bound.Modulus), cmp.Compare(a.bound.Remainder, b.bound.Remainder))
	case catalog.ByRange:
		return d.compareBounds(a.ranges.lower, b.ranges.lower)
	}
	if len(a.list) == 0 || len(b.list) == 0 {
		return cmp.Compare(boolInt(len(a.list) == 0), boolInt(len(b.list) == 0))
	}
	return d.Types[0].Compare(a.list[0], b.list[0])
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (d *Desc) place(i int, p part) {
	switch {
	case p.bound.Default:
		d.def = i
	case d.Rel.Partitioning.Strategy == catalog.ByList:
		if slices.ContainsFunc(p.bound.List, func(x catalog.PartitionDatum) bool { return x.Null }) {
			d.null = i
		}
		for _, v := range p.list {
			d.list = append(d.list, listValue{v, i})
		}
	case d.Rel.Partitioning.Strategy == catalog.ByRange:
		p.ranges.part = i
		d.ranges = append(d.ranges, p.ranges)
	default:
		d.placeHash(i, p.bound)
	}
}

// placeHash comes in the order of the moduli, each a factor of the next.
func (d *Desc) placeHash(i int, b *catalog.PartitionBound) {
	had := d.remainders
	if len(had) < int(b.Modulus) {
		d.remainders = make([]int, b.Modulus)
		for r := range d.remainders {
			d.remainders[r] = -1
			if len(had) > 0 {
				d.remainders[r] = had[r%len(had)]
			}
		}
	}
	for r := int(b.Remainder); r < len(d.remainders); r += int(b.Modulus) {
		d.remainders[r] = i
	}
}

// compareBounds orders bounds of one kind, lower or upper (partition_rbound_cmp).
func (d *Desc) compareBounds(a, b []datum) int {
	for i := range a {
		if c := cmp.Compare(a[i].infinite, b[i].infinite); c != 0 {
			return c
		}
		if a[i].infinite != 0 {
			return 0 // no later column is considered
		}
		if c := d.Types[i].Compare(a[i].value, b[i].value); c != 0 {
			return c
		}
	}
	return 0
}

// compareRow orders a bound against the values of a key
// (partition_rbound_datum_cmp); fewer values than columns compare as far as they go.
func (d *Desc) compareRow(a []datum, values []any) int {
	for i := range values {
		if a[i].infinite != 0 {
			return int(a[i].infinite)
		}
		if c := d.Types[i].Compare(a[i].value, values[i]); c != 0 {
			return c
		}
	}
	return 0
}

// Default is the default partition, nil for none.
func (d *Desc) Default() *catalog.Relation {
	if d.def < 0 {
		return nil
	}
	return d.Parts[d.def]
}

// Hasher hashes the value of a column of the key by the function that its operator
// class names (PartitionKey.Hash).
type Hasher func(column int, value any) (uint64, error)

// Find is the place in Parts of the partition that takes a row with these values of
// the key, -1 for none (get_partition_for_tuple). hash may be nil for a key that
// needs none.
func (d *Desc) Find(values []any, hash Hasher) (int, error) {
	at := -1
	switch d.Rel.Partitioning.Strategy {
	case catalog.ByHash:
		h, err := d.RowHash(values, hash)
		if err != nil || len(d.remainders) == 0 {
			return -1, err
		}
		return d.remainders[h%uint64(len(d.remainders))], nil
	case catalog.ByList:
		at = d.findList(values[0])
	default:
		at = d.findRange(values)
	}
	if at < 0 {
		at = d.def
	}
	return at, nil
}

func (d *Desc) findList(v any) int {
	if v == nil {
		return d.null
	}
	i, found := slices.BinarySearchFunc(d.list, v, func(x listValue, v any) int { return d.Types[0].Compare(x.value, v) })
	if !found {
		return -1
	}
	return d.list[i].part
}

func (d *Desc) findRange(values []any) int {
	if slices.Contains(values, nil) {
		return -1
	}
	i, _ := slices.BinarySearchFunc(d.ranges, values, func(r rangeBounds, values []any) int {
		if d.compareRow(r.lower, values) <= 0 {
			return -1
		}
		return 1
	})
	if i--; i < 0 || d.compareRow(d.ranges[i].upper, values) <= 0 {
		return -1
	}
	return d.ranges[i].part
}

func (d *Desc) hashValue(i int, v any, hash Hasher) (uint64, error) {
	switch {
	case d.Rel.Partitioning.Keys[i].Hash == 0:
		return types.HashExtended(d.Types[i], v, hashSeed)
	case hash == nil:
		return 0, pgerr.Unsupported("hashing partition keys by an operator class of the database's own here")
	}
	return hash(i, v)
}

// OwnHash says whether a function of the database's hashes some column of the key.
func (d *Desc) OwnHash() bool {
	return slices.ContainsFunc(d.Rel.Partitioning.Keys, func(k catalog.PartitionKey) bool { return k.Hash != 0 })
}

// hashSeed is HASH_PARTITION_SEED.
const hashSeed = 0x7A5B22367996DCFD

// HashSeed is what a function that hashes a key takes behind the value: a bigint.
const HashSeed = int64(hashSeed)

// RowHash is compute_partition_hash_value: NULLs do not count.
func (d *Desc) RowHash(values []any, hash Hasher) (uint64, error) {
	var h uint64
	for i, v := range values {
		if v == nil {
			continue
		}
		x, err := d.hashValue(i, v, hash)
		if err != nil {
			return 0, err
		}
		h ^= x + 0x49a0f4dd15e5a8e3 + h<<54 + h>>7 // hash_combine64
	}
	return h, nil
}
