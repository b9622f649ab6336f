package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// Rows lie in the order of their keys, whatever CLUSTER says, and nothing is replicated:
// both leave a mark in the catalog, for dumps.

// indexNamed is an index of a table: 42704.
func indexNamed(rel *catalog.Relation, name string) *catalog.Index {
	for _, ix := range rel.Indexes {
		if ix.Name == name && ix != rel.HiddenKey() {
			return ix
		}
	}
	failAt(-1, pgerr.UndefinedObject, "index \"%s\" for table \"%s\" does not exist", name, rel.Name)
	return nil
}

// clusterOn is ATExecClusterOn.
func (a *alteration) clusterOn(x parser.AlterAction) catalog.AlterAction {
	ix := indexNamed(a.rel, x.Cmd.Name)
	checkClusterable(ix)
	return catalog.SetClustered{Index: ix.OID}
}

// checkClusterable is check_index_is_clusterable: 0A000.
func checkClusterable(ix *catalog.Index) {
	switch {
	case ix.Method != opclass.BTree && ix.Method != "gist":
		failAt(-1, pgerr.FeatureNotSupported, "cannot cluster on index \"%s\" because access method does not support clustering", ix.Name)
	case ix.Predicate != "":
		failAt(-1, pgerr.FeatureNotSupported, "cannot cluster on partial index \"%s\"", ix.Name)
	}
}

// cluster is CLUSTER (cluster.c): of one table, or of all that have a mark.
func (b *binder) cluster(c *parser.ClusterStmt) plan.Statement {
	if c.Relation == nil {
		return &plan.Nothing{Tag: "CLUSTER"}
	}
	rel := b.definedRelation(c.Relation)
	b.checkOwned(rel)
	if !rel.IsTable() && rel.Kind != catalog.MaterializedView {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a table or materialized view", rel.Name)
	}
	on := rel.ClusteredOn
	if c.Indexname != "" {
		ix := indexNamed(rel, c.Indexname)
		checkClusterable(ix)
		on = ix.OID
	}
	if on == 0 {
		failAt(-1, pgerr.UndefinedObject, "there is no previously clustered index for table \"%s\"", rel.Name)
	}
	return &plan.AlterTable{Tag: "CLUSTER", Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{catalog.SetClustered{Index: on}}}
}

// replicaIdentity is ATExecReplicaIdentity.
func (a *alteration) replicaIdentity(x parser.AlterAction) catalog.AlterAction {
	id := x.Cmd.Def.GetReplicaIdentityStmt()
	out := catalog.SetReplicaIdentity{Kind: id.IdentityType[0]}
	if out.Kind != 'i' {
		return out
	}
	ix := indexNamed(a.rel, id.Name)
	switch {
	case !ix.Unique:
		failAt(-1, pgerr.WrongObjectType, "cannot use non-unique index \"%s\" as replica identity", ix.Name)
	case ix.Deferrable:
		failAt(-1, pgerr.FeatureNotSupported, "cannot use non-immediate index \"%s\" as replica identity", ix.Name)
	case ix.Computed() && ix.Predicate == "":
		failAt(-1, pgerr.FeatureNotSupported, "cannot use expression index \"%s\" as replica identity", ix.Name)
	case ix.Predicate != "":
		failAt(-1, pgerr.FeatureNotSupported, "cannot use partial index \"%s\" as replica identity", ix.Name)
	}
	for _, num := range ix.Declared {
		if c := a.rel.Column(num); c != nil && !c.NotNull {
			failAt(-1, pgerr.WrongObjectType, "index \"%s\" cannot be used as replica identity because column \"%s\" is nullable", ix.Name, c.Name)
		}
	}
	out.Index = ix.OID
	return out
}
