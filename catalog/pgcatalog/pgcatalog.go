package pgcatalog

import (
	_ "embed"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// View is what the relations and functions see of a session.
type View = virtual.View

//go:embed data/columns.tsv
var columnsTSV string

// Schema is pg_catalog.
var Schema = &catalog.Schema{OID: catalog.PgCatalogOID, Name: "pg_catalog", Owner: catalog.BootstrapSuperuser, Comment: "system catalog schema"}

// registry has the relations of pg_catalog, which each file declares for itself.
var registry virtual.Declarations

// Set returns the relations of pg_catalog.
var Set = sync.OnceValue(func() *virtual.Set {
	return virtual.NewSet(virtual.ParseListing(Schema, columnsTSV), registry.Tables())
})
