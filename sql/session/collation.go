package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func (s *Session) createCollation(ctx context.Context, d *plan.CreateCollation, out Output) error {
	if d.Skipped != "" {
		return s.skipped(out, pgerr.DuplicateObject, "%s", d.Skipped)
	}
	return s.changeCatalog(s.tx.catalogTx().PutCollation(ctx, d.Collation))
}

// collationUsers are the domains, attributes, columns and views that have a
// collation.
func (s *Session) collationUsers(oid types.OID) []dependent {
	uses := func(t *types.Type) bool { return t != nil && t.Collation == oid }
	var deps []dependent
	for _, u := range s.catalog().Types().All() {
		if u.OID < types.FirstNormalOID || u.IsArray() {
			continue
		}
		if u.Domain != nil && uses(u) {
			deps = append(deps, s.dependentType(u)...)
		}
		for _, c := range u.Columns {
			if uses(c.Type) {
				deps = append(deps, s.dependentAttribute(u, c))
			}
		}
	}
	for _, rel := range s.catalog().Relations() {
		switch {
		case rel.Virtual:
		case rel.Partitioning != nil && slices.ContainsFunc(rel.Partitioning.Keys, func(k catalog.PartitionKey) bool { return k.Collation == oid }):
			deps = append(deps, s.dependentView(rel))
		case rel.IsTable():
			deps = append(deps, s.dependentColumns(rel, uses)...)
		case rel.Kind == catalog.View && s.viewCollates(rel, oid):
			deps = append(deps, s.dependentView(rel))
		}
	}
	return deps
}

func (s *Session) viewCollates(view *catalog.Relation, oid types.OID) bool {
	named, err := bind.Collations(s.bindEnv(nil), view.Definition)
	return err == nil && slices.Contains(named, oid) ||
		slices.ContainsFunc(view.Columns, func(c *catalog.Column) bool { return c.Collation == oid })
}
