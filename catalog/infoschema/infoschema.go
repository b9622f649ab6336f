package infoschema

import (
	_ "embed"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// View is what the views see of a session.
type View = virtual.View

//go:embed columns.tsv
var columnsTSV string

// Schema is information_schema.
var Schema = &catalog.Schema{OID: catalog.InformationSchemaOID, Name: "information_schema", Owner: catalog.BootstrapSuperuser}

// registry has the views of information_schema, which each file declares for itself.
var registry virtual.Declarations

// Set returns the views of information_schema.
var Set = sync.OnceValue(func() *virtual.Set {
	return virtual.NewSet(virtual.ParseListing(Schema, columnsTSV), registry.Tables())
})

// The reasons why a view has no rows.
const (
	noForeign = "there are no foreign servers: the store is the only one"
	noTypes   = "there are no types of that kind yet"
)

func init() { registry.Declare(empty...) }

// empty are the views without rows, each with its reason.
var empty = []virtual.Table{
	virtual.Empty{Of: "_pg_foreign_data_wrappers", Why: noForeign},
	virtual.Empty{Of: "_pg_foreign_servers", Why: noForeign},
	virtual.Empty{Of: "_pg_foreign_table_columns", Why: noForeign},
	virtual.Empty{Of: "_pg_foreign_tables", Why: noForeign},
	virtual.Empty{Of: "_pg_user_mappings", Why: noForeign},
	virtual.Empty{Of: "foreign_data_wrapper_options", Why: noForeign},
	virtual.Empty{Of: "foreign_data_wrappers", Why: noForeign},
	virtual.Empty{Of: "foreign_server_options", Why: noForeign},
	virtual.Empty{Of: "foreign_servers", Why: noForeign},
	virtual.Empty{Of: "foreign_table_options", Why: noForeign},
	virtual.Empty{Of: "foreign_tables", Why: noForeign},
	virtual.Empty{Of: "column_options", Why: noForeign},
	virtual.Empty{Of: "user_mapping_options", Why: noForeign},
	virtual.Empty{Of: "user_mappings", Why: noForeign},
	virtual.Empty{Of: "transforms", Why: noTypes},
}
