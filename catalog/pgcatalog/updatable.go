package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/updatable"
)

// Bits of pg_relation_is_updatable: 1 << CmdType.
const (
	UpdateBit = 1 << 2
	InsertBit = 1 << 3
	DeleteBit = 1 << 4
)

const allBits = UpdateBit | InsertBit | DeleteBit

func relationIsUpdatable(q *call) (any, error) {
	return int32(updatableBits(q.View, q.Catalog().RelationByOID(q.oid(0)), q.flag(1))), nil
}

// columnIsUpdatable is pg_column_is_updatable: the column can be updated and its
// row deleted.
func columnIsUpdatable(q *call) (any, error) {
	rel := q.Catalog().RelationByOID(q.oid(0))
	return rel != nil && ColumnUpdatable(q.View, rel, rel.Column(q.args[1].(int16))), nil
}

// ColumnUpdatable says whether UPDATE can set a column.
func ColumnUpdatable(v View, rel *catalog.Relation, c *catalog.Column) bool {
	const needed = UpdateBit | DeleteBit
	if c == nil || c.Num <= 0 || Updatable(v, rel)&needed != needed {
		return false
	}
	if rel.IsTable() {
		return true
	}
	view, _, err := updatable.Open(v.Catalog(), rel)
	if err != nil || view == nil {
		return false
	}
	for i, shown := range rel.VisibleColumns() {
		if shown == c {
			return view.Columns[i].Column != nil
		}
	}
	return false
}

// Updatable are the bits of the statements that can change a table, or a table
// through a view without a trigger's help.
func Updatable(v View, rel *catalog.Relation) int { return updatableBits(v, rel, false) }

// updatableBits is relation_is_updatable; triggers: INSTEAD OF triggers count.
func updatableBits(v View, rel *catalog.Relation, triggers bool) int {
	switch {
	case rel == nil || rel.Virtual:
		return 0
	case rel.IsTable() && rel.Resource != nil && !rel.Resource.ReadOnly:
		return allBits
	case rel.Kind != catalog.View:
		return 0
	}
	bits := 0
	if triggers {
		bits = triggerUpdatable(rel)
	}
	view, _, err := updatable.Open(v.Catalog(), rel)
	if err != nil || view == nil {
		return bits
	}
	below := updatableBits(v, view.Table, triggers)
	if view.WithoutColumns() != nil {
		below &= DeleteBit
	}
	return bits | below
}

// triggerUpdatable are the bits of a view's INSTEAD OF triggers.
func triggerUpdatable(rel *catalog.Relation) int {
	bits := 0
	for _, e := range []struct {
		event catalog.TriggerType
		bit   int
	}{{catalog.TriggerUpdate, UpdateBit}, {catalog.TriggerInsert, InsertBit}, {catalog.TriggerDelete, DeleteBit}} {
		if rel.HasTrigger(catalog.TriggerInsteadOf | catalog.TriggerRow | e.event) {
			bits |= e.bit
		}
	}
	return bits
}
