package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// createOpClass is CREATE and ALTER OPERATOR CLASS and FAMILY.
func (s *Session) createOpClass(ctx context.Context, d *plan.CreateOpClass) error {
	tx := s.tx.catalogTx()
	if d.Family != nil {
		oid, err := tx.PutOpFamily(ctx, d.Family)
		if err != nil {
			return err
		}
		if d.Class != nil {
			d.Class.Family = oid
		}
	}
	if d.Class == nil {
		return s.changeCatalog(nil)
	}
	return s.changeCatalog(tx.PutOpClass(ctx, d.Class, d.Members))
}

func (s *Session) alterOpFamily(ctx context.Context, d *plan.AlterOpFamily) error {
	return s.changeCatalog(s.tx.catalogTx().AlterOpFamily(ctx, d.Family, d.Add, d.Drop))
}

// dropOpClass drops a class or a family, unless it went with another object.
func (s *Session) dropOpClass(ctx context.Context, o plan.RoutineObject) error {
	tx, have := s.tx.catalogTx(), s.catalog().Routines().OpClasses()
	switch {
	case o.Class == plan.OpClassObject && have.Class(o.OID) != nil:
		return s.changeCatalog(tx.DropOpClass(ctx, o.OID))
	case o.Class == plan.OpFamilyObject && have.Family(o.OID) != nil:
		return s.changeCatalog(tx.DropOpFamily(ctx, o.OID))
	}
	return nil
}

func opClassObject(c *catalog.OpClass) plan.RoutineObject {
	return plan.RoutineObject{OID: c.OID, Class: plan.OpClassObject, Description: bind.DescribeOpClass(c)}
}

// opClassUsers are what is declared with an operator class: indexes and partition
// keys.
func (s *Session) opClassUsers(oid types.OID) []dependent {
	var users []dependent
	for _, rel := range s.catalog().Relations() {
		if rel.Partitioning != nil && slices.ContainsFunc(rel.Partitioning.Keys, func(k catalog.PartitionKey) bool { return k.OpclassOID == oid }) {
			users = append(users, s.dependentView(rel))
			continue
		}
		for _, ix := range rel.Indexes {
			if slices.ContainsFunc(ix.Keys, func(k catalog.IndexKey) bool { return k.OpClass == oid }) {
				users = append(users, dependent{text: s.describedIndex(rel, ix.Name, ix.OID), drop: func(ctx context.Context) error {
					if now := s.catalog().RelationByOID(rel.OID); now == nil || !slices.ContainsFunc(now.Indexes, func(have *catalog.Index) bool { return have.OID == ix.OID }) {
						return nil // it went with the table
					}
					return s.dropIndex(ctx, ix.OID)
				}})
			}
		}
	}
	return users
}

// opFamilyUsers are what uses the classes of a family, which go with it.
func (s *Session) opFamilyUsers(oid types.OID) []dependent {
	var users []dependent
	for _, c := range s.catalog().Routines().OpClasses().Classes {
		if c.Family == oid {
			users = append(users, s.dependentOpClass(c)[1:]...)
		}
	}
	return users
}

// dependentOpClass is a class with what uses it.
func (s *Session) dependentOpClass(c *catalog.OpClass) []dependent {
	o := opClassObject(c)
	out := []dependent{{text: o.Description, drop: func(ctx context.Context) error { return s.dropOpClass(ctx, o) }}}
	for _, u := range s.opClassUsers(c.OID) {
		u.on = o.Description
		out = append(out, u)
	}
	return out
}

// memberUsers are the classes that can't do without a function.
func (s *Session) memberUsers(oid types.OID) []dependent {
	var users []dependent
	have := s.catalog().Routines().OpClasses()
	for _, m := range have.Members {
		if c := have.Class(m.Class); m.Object == oid && m.Hard() && c != nil {
			users = append(users, s.dependentOpClass(c)...)
		}
	}
	return users
}

// typeOpClasses are the classes of a type.
func (s *Session) typeOpClasses(t *types.Type) []dependent {
	var users []dependent
	for _, c := range s.catalog().Routines().OpClasses().Classes {
		if c.In == t.OID {
			users = append(users, s.dependentOpClass(c)...)
		}
	}
	return users
}

// opClassesOf are the families and classes of a schema.
func (s *Session) opClassesOf(schema string) []plan.RoutineObject {
	var out []plan.RoutineObject
	have := s.catalog().Routines().OpClasses()
	for _, c := range have.Classes {
		if c.Schema == schema {
			out = append(out, opClassObject(c))
		}
	}
	for _, f := range have.Families {
		if f.Schema == schema {
			out = append(out, plan.RoutineObject{OID: f.OID, Class: plan.OpFamilyObject, Description: bind.DescribeOpFamily(f)})
		}
	}
	return out
}
