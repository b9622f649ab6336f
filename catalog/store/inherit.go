package store

import (
	"github.com/s3db-sql/s3db-sql/catalog"
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
