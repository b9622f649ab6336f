package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type collation struct {
	oid            types.OID
	name, provider string
}

// collations: text sorts by bytes, as S3 sorts keys, under each of the three
// names.
var collations = []collation{
	{catalog.CollationDefault, "default", "d"}, {catalog.CollationC, "C", "c"}, {catalog.CollationPOSIX, "POSIX", "c"},
}

var pgCollation = virtual.Rel[collation]{
	Of: "pg_collation",
	Rows: func(_ View, yield func(collation)) {
		for _, c := range collations {
			yield(c)
		}
	},
	Columns: virtual.Columns[collation]{
		"oid":                 func(c collation) any { return c.oid },
		"collname":            func(c collation) any { return c.name },
		"collnamespace":       is[collation](catalog.PgCatalogOID),
		"collowner":           is[collation](catalog.BootstrapSuperuser),
		"collprovider":        func(c collation) any { return c.provider },
		"collisdeterministic": is[collation](true),
		"collencoding":        is[collation](int32(-1)),
		"collcollate":         func(c collation) any { return c.locale() },
		"collctype":           func(c collation) any { return c.locale() },
	},
}

// locale is NULL for the database's default.
func (c collation) locale() any {
	if c.provider == "d" {
		return nil
	}
	return c.name
}
