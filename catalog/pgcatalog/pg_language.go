package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type language struct {
	oid     types.OID
	name    string
	trusted bool
	doc     string
}

// languages are those that functions are written in here.
var languages = []language{
	{internalLanguage, "internal", false, "built-in functions"},
	{sqlLanguage, "sql", true, "SQL-language functions"},
	{plpgsqlLanguage, "plpgsql", true, "PL/pgSQL procedural language"},
}

var pgLanguage = virtual.Rel[language]{
	Of: "pg_language",
	Rows: func(_ View, yield func(language)) {
		for _, l := range languages {
			yield(l)
		}
	},
	Columns: virtual.Columns[language]{
		"oid":          func(l language) any { return l.oid },
		"lanname":      func(l language) any { return l.name },
		"lanowner":     is[language](catalog.BootstrapSuperuser),
		"lanpltrusted": func(l language) any { return l.trusted },
	},
}
