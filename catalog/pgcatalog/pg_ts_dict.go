package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

func init() { registry.Declare(pgTsDict) }

var pgTsDict = virtual.Rel[*tsearch.Dictionary]{
	Of:   "pg_ts_dict",
	Size: virtual.Size{Fixed: 30},
	Rows: func(_ View, yield func(*tsearch.Dictionary)) {
		for _, d := range tsearch.Dictionaries {
			yield(d)
		}
	},
	Columns: virtual.Columns[*tsearch.Dictionary]{
		"oid":           func(d *tsearch.Dictionary) any { return d.OID },
		"dictname":      func(d *tsearch.Dictionary) any { return d.Name },
		"dictnamespace": is[*tsearch.Dictionary](catalog.PgCatalogOID),
		"dictowner":     is[*tsearch.Dictionary](catalog.BootstrapSuperuser),
		"dicttemplate":  func(d *tsearch.Dictionary) any { return d.Template },
		"dictinitoption": func(d *tsearch.Dictionary) any {
			if d.Options == "" {
				return nil
			}
			return d.Options
		},
	},
}
