package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// addInheriting remembers a table under its parents.
func (s *snapshot) addInheriting(e *entry) {
	for _, parent := range e.own.Parents {
		s.inheriting[parent] = append(s.inheriting[parent], e)
	}
}

// Inheriting implements catalog.Reader: in the manifest's order, which is that of
// creation, as PostgreSQL's oids are.
func (s *snapshot) Inheriting(rel types.OID) []*catalog.Relation {
	var out []*catalog.Relation
	for _, e := range s.inheriting[rel] {
		out = append(out, s.relation(e))
	}
	return out
}

func (t *tx) Inheriting(rel types.OID) []*catalog.Relation { return t.view.Inheriting(rel) }

// setInheritance says where a column or a CHECK comes from.
func (a *alteration) setInheritance(c catalog.SetInheritance) error {
	if c.Column != "" {
		return a.withColumn(c.Column, func(o *ownColumn) { o.Inheritance = c.Inheritance })
	}
	i := slices.IndexFunc(a.own.Checks, func(k ownCheck) bool { return k.Name == c.Check })
	if i < 0 {
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", c.Check, a.own.Name)
	}
	a.own.Checks[i].Inheritance = c.Inheritance
	return nil
}
