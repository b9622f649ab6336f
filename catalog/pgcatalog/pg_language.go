package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// pgLanguage has the one language that functions are written in here.
var pgLanguage = virtual.Rel[struct{}]{
	Of:   "pg_language",
	Rows: func(_ View, yield func(struct{})) { yield(struct{}{}) },
	Columns: virtual.Columns[struct{}]{
		"oid":      is[struct{}](internalLanguage),
		"lanname":  is[struct{}]("internal"),
		"lanowner": is[struct{}](catalog.BootstrapSuperuser),
	},
}
