package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

func init() { registry.Declare(pgTsParser) }

// The default parser's functions in pg_proc.
const (
	parserStart    catalog.OID = 3717
	parserToken    catalog.OID = 3718
	parserEnd      catalog.OID = 3719
	parserHeadline catalog.OID = 3720
	parserTypes    catalog.OID = 3721
)

// pgTsParser has the default parser, the only one.
var pgTsParser = virtual.Rel[struct{}]{
	Of:   "pg_ts_parser",
	Size: virtual.Size{Fixed: 1},
	Rows: func(_ View, yield func(struct{})) { yield(struct{}{}) },
	Columns: virtual.Columns[struct{}]{
		"oid":          is[struct{}](tsearch.DefaultParser),
		"prsname":      is[struct{}]("default"),
		"prsnamespace": is[struct{}](catalog.PgCatalogOID),
		"prsstart":     is[struct{}](parserStart),
		"prstoken":     is[struct{}](parserToken),
		"prsend":       is[struct{}](parserEnd),
		"prsheadline":  is[struct{}](parserHeadline),
		"prslextype":   is[struct{}](parserTypes),
	},
}
