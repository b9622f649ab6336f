package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// addForeign adds a foreign key whose columns are numbered as name knows them; a
// reference to no relation is one to the table itself.
func (t *ownTable) addForeign(f catalog.Constraint, o *oids, resource string, name func(num int16) string) {
	names := func(nums []int16) []string {
		var out []string
		for _, n := range nums {
			out = append(out, name(n))
		}
		return out
	}
	fk := ownFK{OID: o.of("foreign", resource+"/"+f.Name), Name: f.Name, Ref: f.RefRelation, Columns: names(f.Columns),
		RefColumns: slices.Clone(f.RefColumns), OnUpdate: f.OnUpdate, OnDelete: f.OnDelete, MatchFull: f.MatchFull,
		DeleteColumns: names(f.DeleteColumns), Deferrable: f.Deferrable, Deferred: f.Deferred, NotValid: f.NotValid}
	if fk.Ref == 0 {
		fk.Ref, fk.RefColumns = t.OID, nil
		for _, n := range names(f.RefColumns) {
			fk.RefColumns = append(fk.RefColumns, t.column(n).Num)
		}
	}
	t.Foreign = append(t.Foreign, fk)
}

// foreignOf adds a foreign key to a table that exists; added names the columns
// whose numbers are not the table's own.
func (a *alteration) foreignOf(f catalog.Constraint, added map[int16]string) error {
	a.numberAll()
	if f.RefRelation != a.own.OID && a.st.resourceOf(f.RefRelation) == "" {
		return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", f.RefRelation)
	}
	a.own.addForeign(f, a.st.assigned(), a.resource, func(num int16) string {
		for _, c := range a.own.Columns {
			if c.Num == num {
				return c.Name
			}
		}
		return added[num]
	})
	return nil
}

// renameKeys gives a column another name in the foreign keys that it is part of.
func (t *ownTable) renameKeys(from, to string) {
	for i := range t.Foreign {
		for _, names := range []*[]string{&t.Foreign[i].Columns, &t.Foreign[i].DeleteColumns} {
			*names = slices.Clone(*names)
			if k := slices.Index(*names, from); k >= 0 {
				(*names)[k] = to
			}
		}
	}
}

// Referencing implements catalog.Reader.
func (s *snapshot) Referencing(rel types.OID) []*catalog.Relation {
	var out []*catalog.Relation
	for _, e := range s.entries {
		if e.own != nil && slices.ContainsFunc(e.own.Foreign, func(f ownFK) bool { return f.Ref == rel }) {
			out = append(out, s.relation(e))
		}
	}
	return out
}

func (t *tx) Referencing(rel types.OID) []*catalog.Relation { return t.view.Referencing(rel) }
