package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgLanguage) }

type language struct {
	oid     types.OID
	name    string
	trusted bool
	// Of a procedural language: its functions in pg_proc.
	call, inline, validator types.OID
	doc                     string
}

// languages are those that functions are written in; the functions of C are all
// built in.
var languages = []language{
	{internalLanguage, "internal", false, 0, 0, 2246, "built-in functions"},
	{cLanguage, "c", false, 0, 0, 2247, "dynamically-loaded C functions"},
	{sqlLanguage, "sql", true, 0, 0, 2248, "SQL-language functions"},
	{plpgsqlLanguage, "plpgsql", true, 13560, 13561, 13562, "PL/pgSQL procedural language"},
}

var pgLanguage = virtual.Rel[language]{
	Of: "pg_language",
	Rows: func(_ View, yield func(language)) {
		for _, l := range languages {
			yield(l)
		}
	},
	Columns: virtual.Columns[language]{
		"oid":           func(l language) any { return l.oid },
		"lanname":       func(l language) any { return l.name },
		"lanowner":      is[language](catalog.BootstrapSuperuser),
		"lanispl":       func(l language) any { return l.call != 0 },
		"lanplcallfoid": func(l language) any { return l.call },
		"laninline":     func(l language) any { return l.inline },
		"lanvalidator":  func(l language) any { return l.validator },
		"lanpltrusted":  func(l language) any { return l.trusted },
	},
}
