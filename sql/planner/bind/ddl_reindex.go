package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// reindex is REINDEX (ExecReindex).
func (b *binder) reindex(r *parser.ReindexStmt) plan.Statement {
	out := &plan.Verify{Kind: plan.Reindex}
	for _, n := range r.Params {
		d := n.GetDefElem()
		switch d.Defname {
		case "concurrently":
			out.Outside = "REINDEX CONCURRENTLY"
		case "verbose":
		case "tablespace":
			b.checkTablespace(defText(d))
		default:
			failAt(b.at(d.Location), pgerr.SyntaxError, "unrecognized REINDEX option \"%s\"", d.Defname)
		}
	}
	switch r.Kind {
	case parser.ReindexObjectType_REINDEX_OBJECT_TABLE:
		out.Relations = []types.OID{b.reindexTable(r.Relation)}
	case parser.ReindexObjectType_REINDEX_OBJECT_INDEX:
		rel, ix := b.definedIndex(r.Relation, false)
		out.Relations, out.Index = []types.OID{rel.OID}, ix.OID
	default:
		b.reindexMany(r, out)
	}
	return out
}

func (b *binder) reindexTable(rv *parser.RangeVar) types.OID {
	if _, ix := b.findIndex(rv.Schemaname, rv.Relname); ix != nil {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a table or materialized view", rv.Relname)
	}
	rel := b.definedRelation(rv)
	if !rel.Stored() {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a table or materialized view", rel.Name)
	}
	return rel.OID
}

// reindexMany is ReindexMultipleTables, for the owner of the schema or database (42501).
// The catalog has no indexes of its own.
func (b *binder) reindexMany(r *parser.ReindexStmt, out *plan.Verify) {
	in := func(*catalog.Relation) bool { return true }
	verb := "REINDEX DATABASE"
	switch r.Kind {
	case parser.ReindexObjectType_REINDEX_OBJECT_SCHEMA:
		verb = "REINDEX SCHEMA"
		if b.env.Catalog.SchemaByName(r.Name) == nil {
			failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", r.Name)
		}
		b.ownSchema(r.Name)
		in = func(rel *catalog.Relation) bool { return rel.Schema == r.Name }
	case parser.ReindexObjectType_REINDEX_OBJECT_SYSTEM:
		verb = "REINDEX SYSTEM"
		if out.Outside != "" {
			failAt(-1, pgerr.FeatureNotSupported, "cannot reindex system catalogs concurrently")
		}
		in = func(*catalog.Relation) bool { return false }
	}
	out.Outside = verb
	if r.Kind != parser.ReindexObjectType_REINDEX_OBJECT_SCHEMA {
		if r.Name != "" && r.Name != b.env.Database {
			failAt(-1, pgerr.FeatureNotSupported, "can only reindex the currently open database")
		}
		d := b.env.Catalog.Database()
		b.mustOwn(d.Owner, "database", d.Name)
	}
	for _, rel := range b.env.Catalog.Relations() {
		if rel.Stored() && !rel.Resource.ReadOnly && in(rel) {
			out.Relations = append(out.Relations, rel.OID)
		}
	}
}
