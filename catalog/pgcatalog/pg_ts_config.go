package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

func init() { registry.Declare(pgTsConfig) }

var pgTsConfig = virtual.Rel[*tsearch.Config]{
	Of:   "pg_ts_config",
	Size: virtual.Size{Fixed: 30},
	Rows: func(_ View, yield func(*tsearch.Config)) {
		for _, c := range tsearch.Configs {
			yield(c)
		}
	},
	Columns: virtual.Columns[*tsearch.Config]{
		"oid":          func(c *tsearch.Config) any { return c.OID },
		"cfgname":      func(c *tsearch.Config) any { return c.Name },
		"cfgnamespace": is[*tsearch.Config](catalog.PgCatalogOID),
		"cfgowner":     is[*tsearch.Config](catalog.BootstrapSuperuser),
		"cfgparser":    is[*tsearch.Config](tsearch.DefaultParser),
	},
}
