package pgcatalog

import (
	_ "embed"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// View is what the relations and functions see of a session.
type View = virtual.View

//go:embed data/columns.tsv
var columnsTSV string

// Schema is pg_catalog.
var Schema = &catalog.Schema{OID: catalog.PgCatalogOID, Name: "pg_catalog", Owner: catalog.BootstrapSuperuser, Comment: "system catalog schema"}

var set = virtual.NewSet(virtual.ParseListing(Schema, columnsTSV), append(filled, empty...))

// Set returns the relations of pg_catalog.
func Set() *virtual.Set { return set }

// filled are the relations that have rows.
var filled = []virtual.Table{
	pgAggregate, pgAm, pgAmop, pgAmproc, pgAttrdef, pgAttribute, pgAuthid, pgCast, pgClass, pgCollation, pgConstraint,
	pgDatabase, pgDepend, pgDescription, pgEnum, pgGroup, pgAuthMembers, pgRange, pgIndex, pgIndexes, pgLanguage, pgLocks, pgNamespace, pgOpclass, pgOperator, pgOpfamily, pgProc,
	pgInherits, pgPartitionedTable, pgRewrite, pgRules, pgRoles, pgSequence, pgSequences, pgSettings, pgShadow, pgShdescription, pgStatActivity, pgStatDatabase, pgTables, pgTablespace, pgTrigger,
	pgMatviews, pgTimezoneNames, pgTsConfig, pgTsConfigMap, pgTsDict, pgTsParser, pgTsTemplate, pgType, pgUser, pgViews,
	pgCursors, pgPreparedStatements,
	statTables("pg_stat_all_tables", anyTable), statTables("pg_stat_sys_tables", systemTable), statTables("pg_stat_user_tables", userTable),
	statIndexes("pg_stat_all_indexes", anyTable), statIndexes("pg_stat_user_indexes", userTable),
}
