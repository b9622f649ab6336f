package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// createMaterializedView is CREATE MATERIALIZED VIEW: a table made of a query
// whose text is kept as a view's (transformCreateTableAsStmt).
func (b *binder) createMaterializedView(c *parser.CreateTableAsStmt) *plan.CreateTable {
	if c.Into.Rel.Relpersistence == unlogged {
		failAt(-1, pgerr.FeatureNotSupported, "materialized views cannot be unlogged")
	}
	query := parser.Clone(c.Query)
	b.freezing = true
	out := b.tableFromQuery(query, c.Into, c.IfNotExists)
	b.freezing = false
	switch {
	case b.writes:
		failAt(-1, pgerr.FeatureNotSupported, "materialized views must not use data-modifying statements in WITH")
	case b.readsTemporary():
		failAt(-1, pgerr.FeatureNotSupported, "materialized views must not use temporary tables or views")
	case len(b.params.oids) > 0:
		failAt(-1, pgerr.FeatureNotSupported, "materialized views may not be defined using bound parameters")
	}
	out.Def.Query, out.Def.Populated = b.keptQuery(c.Query, query), !c.Into.SkipData
	return out
}

// refresh is ExecRefreshMatView. CONCURRENTLY demands what PostgreSQL demands;
// the rows are replaced in the same way.
func (b *binder) refresh(r *parser.RefreshMatViewStmt) plan.Statement {
	rel := b.definedRelation(r.Relation)
	switch {
	case rel.Kind != catalog.MaterializedView:
		failAt(-1, pgerr.FeatureNotSupported, "\"%s\" is not a materialized view", rel.Name)
	case r.Concurrent && !rel.Populated:
		failAt(-1, pgerr.FeatureNotSupported, "CONCURRENTLY cannot be used when the materialized view is not populated")
	case r.Concurrent && r.SkipData:
		failAt(-1, pgerr.SyntaxError, "CONCURRENTLY and WITH NO DATA options cannot be used together")
	case r.Concurrent && !slices.ContainsFunc(rel.Indexes, func(ix *catalog.Index) bool { return ix.Kind == catalog.UniqueIndex }):
		fail(pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cannot refresh materialized view \"%s\" concurrently",
			quoteIdent(rel.Schema)+"."+quoteIdent(rel.Name)).
			WithHint("Create a unique index with no WHERE clause on one or more columns of the materialized view."))
	}
	out := &plan.Refresh{Relation: rel.OID}
	if rel.Populated {
		out.Empty = b.deleteAll(rel)
	}
	if !r.SkipData {
		defer b.inView()()
		if owner := catalog.RoleByOID(b.env.Catalog, rel.Owner); owner != nil {
			b.env.User = owner.Name // whoever asks for it
		}
		stmts, err := parser.Parse(rel.Definition)
		if err != nil {
			fail(err)
		}
		out.As = b.topQuery(stmts[0].Node)
	}
	return out
}

// deleteAll is DELETE of all rows of a relation.
func (b *binder) deleteAll(rel *catalog.Relation) *plan.Query {
	c, node := b.newScope(nil).changedRows(&writeTarget{table: rel, named: rel, verb: deleting}, nil, nil)
	del := &plan.Delete{Rel: rel, Target: c.cols, TargetNums: c.nums, Image: c.image, Input: c.rows(node)}
	return &plan.Query{Root: del, Kind: plan.DeleteQuery, Relations: []catalog.OID{rel.OID}}
}
