package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

func init() { registry.Declare(pgTsTemplate) }

var pgTsTemplate = virtual.Rel[tsearch.Template]{
	Of:   "pg_ts_template",
	Size: virtual.Size{Fixed: 5},
	Rows: func(_ View, yield func(tsearch.Template)) {
		for _, t := range tsearch.Templates {
			yield(t)
		}
	},
	Columns: virtual.Columns[tsearch.Template]{
		"oid":           func(t tsearch.Template) any { return t.OID },
		"tmplname":      func(t tsearch.Template) any { return t.Name },
		"tmplnamespace": is[tsearch.Template](catalog.PgCatalogOID),
		"tmplinit":      func(t tsearch.Template) any { return t.Init },
		"tmpllexize":    func(t tsearch.Template) any { return t.Lexize },
	},
}
