package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

// pgTsParser has the default parser, the only one.
var pgTsParser = virtual.Rel[struct{}]{
	Of:   "pg_ts_parser",
	Rows: func(_ View, yield func(struct{})) { yield(struct{}{}) },
	Columns: virtual.Columns[struct{}]{
		"oid":          is[struct{}](tsearch.DefaultParser),
		"prsname":      is[struct{}]("default"),
		"prsnamespace": is[struct{}](catalog.PgCatalogOID),
		"prsstart":     is[struct{}](catalog.OID(3717)),
		"prstoken":     is[struct{}](catalog.OID(3718)),
		"prsend":       is[struct{}](catalog.OID(3719)),
		"prsheadline":  is[struct{}](catalog.OID(3720)),
		"prslextype":   is[struct{}](catalog.OID(3721)),
	},
}
