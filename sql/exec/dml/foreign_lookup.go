package dml

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// keyLookup asks both sides of a foreign key for keys. Keys have the types of
// the referenced columns.
//
// The referenced side costs a point get (or what a unique index costs) per key,
// side by side. The referencing side is read by a partition, unique index or
// primary key that begins with its columns where it has one that is complete,
// and in full otherwise: a partition by the referencing columns makes deletes of
// referenced rows cheap, as an index does in PostgreSQL.
type keyLookup struct {
	fk      catalog.ForeignKey
	catalog catalog.Reader
	tables  storage.Tables
	env     *types.Env
}

// unlessThere drops the keys that the referenced table has, if look says so.
func (l *keyLookup) unlessThere(ctx context.Context, keys [][]any, look bool) ([][]any, error) {
	if !look || len(keys) == 0 {
		return keys, nil
	}
	there, err := l.find(ctx, l.fk.Root, l.fk.Declared.RefColumns, keys)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(keys), there.has), nil
}

// used keeps the keys that rows of the referencing table have.
func (l *keyLookup) used(ctx context.Context, keys [][]any) ([][]any, error) {
	found, err := l.find(ctx, l.fk.Child, l.fk.Columns, keys)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k []any) bool { return !found.has(k) }), nil
}

// find returns which keys the columns nums of a table's rows hold.
func (l *keyLookup) find(ctx context.Context, rel *catalog.Relation, nums []int16, keys [][]any) (keySet, error) {
	own, ref := columnTypes(rel, nums), refTypes(l.fk)
	found, wanted := newKeySet(ref), newKeySet(ref)
	var values [][]any
	for _, k := range keys {
		if v, ok := convertedKey(l.env, k, ref, own); ok && wanted.add(k) {
			values = append(values, v)
		}
	}
	parts, err := l.places(rel, nums, values)
	for _, p := range parts {
		if err != nil || found.n == wanted.n {
			break
		}
		err = l.findIn(ctx, p, &found, wanted)
	}
	return found, err
}

// findIn adds to found which of the keys wanted the rows of one table hold.
func (l *keyLookup) findIn(ctx context.Context, p keyPlace, found *keySet, wanted keySet) error {
	own, ref := columnTypes(p.rel, p.nums), refTypes(l.fk)
	table, err := l.tables.Table(p.rel.OID)
	if err != nil {
		return err
	}
	// What another open transaction is writing must not be passed over: of two that cross
	// each would find the other's rows as they were.
	s, err := table.Scan(storage.Strict(ctx), storage.ScanSpec{Path: keyPath(p.rel, p.nums, p.values), Columns: p.nums})
	if err != nil {
		return err
	}
	defer s.Close()
	for found.n < wanted.n {
		b, err := s.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		for k := range b.Rows() {
			key := make([]any, len(p.nums))
			for c := range p.nums {
				key[c] = b.Cols[c].Value(b.Row(k))
			}
			if slices.Contains(key, nil) {
				continue
			}
			if as, ok := convertedKey(l.env, key, own, ref); ok && wanted.has(as) {
				found.add(as)
			}
		}
	}
	return nil
}

// keyPath is the cheapest way to the rows whose columns nums have one of the
// values.
func keyPath(rel *catalog.Relation, nums []int16, values [][]any) storage.Path {
	for _, ix := range rel.Indexes {
		order := leadingOrder(ix, nums)
		if order == nil || !ix.Complete {
			continue
		}
		in := make([][]any, len(values))
		for i, v := range values {
			in[i] = permuted(v, order)
		}
		whole := len(ix.Columns) == len(nums)
		switch {
		case ix.Kind == catalog.PrimaryIndex && whole:
			return storage.Path{Kind: storage.PointGet, Keys: in}
		case ix.Kind == catalog.UniqueIndex && whole:
			return storage.Path{Kind: storage.UniqueGet, Partition: ix.Partition, Keys: in}
		case ix.Kind == catalog.PartitionIndex:
			return storage.Path{Kind: storage.Partition, Partition: ix.Partition, Prefixes: in}
		}
	}
	return storage.Path{Kind: storage.FullScan}
}

// leadingOrder says where the first columns of an index stand in nums; nil if
// they are not just those.
func leadingOrder(ix *catalog.Index, nums []int16) []int {
	if len(ix.Columns) < len(nums) {
		return nil
	}
	order := make([]int, len(nums))
	for i := range nums {
		c := ix.Columns[i]
		if order[i] = slices.Index(nums, c.Num); order[i] < 0 || c.Opaque {
			return nil
		}
	}
	return order
}

func permuted(values []any, order []int) []any {
	out := make([]any, len(order))
	for i, from := range order {
		out[i] = values[from]
	}
	return out
}

func (l *keyLookup) notPresent(key []any) error {
	return l.missing(keyText(l.env, key, refTypes(l.fk)))
}

// missing is 23503 for a key that the referenced table does not have.
func (l *keyLookup) missing(text string) error {
	fk := l.fk
	return foreignError(fk, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", fk.Child.Name, fk.Name).
		WithDetail("Key (%s)=(%s) is not present in table \"%s\".", columnNames(fk.Child, fk.Columns), text, fk.Parent.Name)
}

// stillReferenced is 23503 for a key that a row refers to.
func (l *keyLookup) stillReferenced(key []any) error {
	fk := l.fk
	return foreignError(fk, "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\"",
		fk.Parent.Name, fk.Name, fk.Child.Name).
		WithDetail("Key (%s)=(%s) is still referenced from table \"%s\".",
			columnNames(fk.Parent, fk.RefColumns), keyText(l.env, key, refTypes(fk)), fk.Child.Name)
}

// keySet is a set of keys, equal as their types compare.
type keySet struct {
	types []*types.Type
	keys  map[uint64][][]any
	n     int
}

func newKeySet(ts []*types.Type) keySet { return keySet{types: ts, keys: map[uint64][][]any{}} }

func (s *keySet) hash(key []any) uint64 {
	h := uint64(14695981039346656037)
	for i, v := range key {
		h = (h ^ s.types[i].Hash(v)) * 1099511628211
	}
	return h
}

func (s *keySet) has(key []any) bool {
	return slices.ContainsFunc(s.keys[s.hash(key)], func(k []any) bool {
		for i := range k {
			if s.types[i].Compare(k[i], key[i]) != 0 {
				return false
			}
		}
		return true
	})
}

// add says whether the key is new.
func (s *keySet) add(key []any) bool {
	if s.has(key) {
		return false
	}
	h := s.hash(key)
	s.keys[h] = append(s.keys[h], key)
	s.n++
	return true
}
