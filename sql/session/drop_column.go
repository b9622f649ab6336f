package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// dropColumnUses deals with the foreign keys to columns that an ALTER TABLE drops, and
// with the views that read them: CASCADE drops them too, otherwise they are 2BP01.
func (s *Session) dropColumnUses(ctx context.Context, rel *catalog.Relation, actions []catalog.AlterAction, out Output) error {
	for _, a := range actions {
		d, ok := a.(catalog.DropColumn)
		if !ok {
			continue
		}
		c := rel.ColumnByName(d.Name)
		if c == nil {
			continue
		}
		what := s.describedColumn(rel, c.Name)
		deps := append(s.foreignKeysOver(rel, c), s.viewsOverColumn(rel, c)...)
		if err := s.dropAll(ctx, d.Cascade, deps, what, what, out); err != nil {
			return err
		}
	}
	return nil
}

// foreignKeysOver are the foreign keys to a column, or to a key that includes it, but for
// those of the column itself.
func (s *Session) foreignKeysOver(rel *catalog.Relation, c *catalog.Column) []dependent {
	var deps []dependent
	for _, fk := range catalog.ForeignKeysTo(s.catalog(), rel) {
		if fk.Child.OID == rel.OID && slices.Contains(fk.Columns, c.Num) {
			continue
		}
		dep := dependent{text: s.describedPart("constraint", fk.Name, fk.Child), drop: func(ctx context.Context) error {
			return s.dropConstraint(ctx, fk.Child.OID, fk.Name)
		}}
		if !slices.Contains(fk.RefColumns, c.Num) {
			key := fk.ReferencedKey(rel)
			if key == nil || !rel.Covers(key, c.Num) {
				continue
			}
			dep.on = s.describedIndex(rel, key.Name, key.Index)
		}
		deps = append(deps, dep)
	}
	return deps
}

// viewsOverColumn are the views that read a column, each before those over it.
func (s *Session) viewsOverColumn(rel *catalog.Relation, c *catalog.Column) []dependent {
	column := catalog.Reference{Class: catalog.ClassRelation, OID: rel.OID, Column: c.Num}
	none := func(types.OID) bool { return false }
	var deps []dependent
	var found []types.OID
	var add func(v *catalog.Relation, on string)
	add = func(v *catalog.Relation, on string) {
		if slices.Contains(found, v.OID) {
			return
		}
		dep := s.dependentView(v)
		dep.on = on
		found, deps = append(found, v.OID), append(deps, dep)
		for _, over := range s.viewsReading(v.OID, none) {
			add(over, dep.text)
		}
	}
	for _, v := range s.viewsReading(rel.OID, none) {
		if refs, err := bind.ViewReferences(s.bindEnv(nil), v.Definition); err == nil && slices.Contains(refs, column) {
			add(v, "")
		}
	}
	return deps
}

// releasedFirst splits an ALTER TABLE that drops columns of the key that rows' ids are made
// of: the key goes first, which makes ordinary columns of them. Nil: it drops none.
func releasedFirst(rel *catalog.Relation, d *plan.AlterTable) (first, rest *plan.AlterTable) {
	release := slices.IndexFunc(d.Actions, func(a catalog.AlterAction) bool {
		c, ok := a.(catalog.DropConstraint)
		return ok && c.Key
	})
	key := rel.PrimaryConstraint()
	drops := slices.ContainsFunc(d.Actions, func(a catalog.AlterAction) bool {
		c, ok := a.(catalog.DropColumn)
		col := rel.ColumnByName(c.Name)
		return ok && key != nil && col != nil && rel.Covers(key, col.Num)
	})
	if release < 0 || !drops {
		return nil, d
	}
	others := *d
	others.Actions = slices.Delete(slices.Clone(d.Actions), release, release+1)
	return &plan.AlterTable{Tag: d.Tag, Relation: d.Relation, Name: d.Name, Actions: d.Actions[release : release+1]}, &others
}
