package session

import (
	"context"
	"reflect"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The catalog keeps the values of a partition's bound as text of the key's types. They are
// read before a label of an enum gets another name, and written after.

// keptBound is the bound of a partition and the values in it, as they are before the change.
type keptBound struct {
	rel   *catalog.Relation
	types []*types.Type
	// list, lower and upper are those of the bound; nil stands for NULL and for infinity.
	list, lower, upper []any
}

// keptBoundOf reads a partition's bound; false for none that has values.
func (s *Session) keptBoundOf(rel *catalog.Relation) (k keptBound, ok bool) {
	if rel.Bound == nil || rel.Bound.Default || rel.Bound.Strategy == catalog.ByHash {
		return k, false
	}
	d, err := partition.Describe(s.catalog(), s.catalog().RelationByOID(rel.Parents[0]))
	if err != nil {
		return k, false
	}
	k = keptBound{rel: rel, types: d.Types}
	read := func(of func(int) *types.Type, data []catalog.PartitionDatum) []any {
		out := make([]any, len(data))
		for i, x := range data {
			if x.Null || x.Infinite != 0 || err != nil {
				continue
			}
			out[i], err = partition.ParseDatum(of(i), x)
		}
		return out
	}
	k.list = read(k.first, rel.Bound.List)
	k.lower, k.upper = read(k.nth, rel.Bound.Lower), read(k.nth, rel.Bound.Upper)
	return k, err == nil
}

func (k keptBound) first(int) *types.Type { return k.types[0] }

func (k keptBound) nth(i int) *types.Type { return k.types[i] }

// bound is the bound in today's words.
func (k keptBound) bound(today *types.Registry) *catalog.PartitionBound {
	out := *k.rel.Bound
	write := func(of func(int) *types.Type, data []catalog.PartitionDatum, values []any) []catalog.PartitionDatum {
		var out []catalog.PartitionDatum
		for i, x := range data {
			if values[i] != nil {
				v := types.Relabelled(values[i], of(i), today.ByOID)
				x.Value = string(of(i).Out(types.DefaultEnv(), nil, v))
			}
			out = append(out, x)
		}
		return out
	}
	out.List = write(k.first, out.List, k.list)
	out.Lower, out.Upper = write(k.nth, out.Lower, k.lower), write(k.nth, out.Upper, k.upper)
	return &out
}

// followBounds writes the bounds whose words have changed.
func (s *Session) followBounds(ctx context.Context, kept []keptBound) error {
	tx := s.tx.catalogTx()
	for _, k := range kept {
		now := k.bound(tx.Types())
		if reflect.DeepEqual(now, k.rel.Bound) {
			continue
		}
		if _, err := tx.AlterTable(ctx, k.rel.OID, []catalog.AlterAction{catalog.SetBound{Bound: now}}); err != nil {
			return err
		}
	}
	return nil
}
