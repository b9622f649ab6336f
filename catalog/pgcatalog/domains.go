package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// DomainConstraints yields the CHECKs of domains. A constraint's relation is a
// stand-in: it has the domain's schema, and neither oid nor columns.
func DomainConstraints(v View, yield func(domain *types.Type, rel *catalog.Relation, con *catalog.Constraint)) {
	for _, t := range v.Catalog().Types().All() {
		if t.Domain == nil {
			continue
		}
		rel := &catalog.Relation{Namespace: namespaceOID(v, t.Namespace), Schema: t.Namespace}
		for _, k := range t.Domain.Checks {
			yield(t, rel, &catalog.Constraint{OID: k.OID, Name: k.Name, Kind: catalog.CheckConstraint, Expr: k.Expr,
				NotValid: k.NotValid, Comment: k.Comment})
		}
	}
}

// domainConstraint finds a domain's constraint by its oid; nil if it is none.
func domainConstraint(v View, oid types.OID) (domain *types.Type, rel *catalog.Relation, con *catalog.Constraint) {
	DomainConstraints(v, func(t *types.Type, r *catalog.Relation, c *catalog.Constraint) {
		if c.OID == oid {
			domain, rel, con = t, r, c
		}
	})
	return domain, rel, con
}
