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

// languageRow is a row of pg_language, and who asks.
type languageRow struct {
	language
	v View
}

// languages are those that functions are written in; the functions of C are all
// built in.
var languages = []language{
	{internalLanguage, "internal", false, 0, 0, 2246, "built-in functions"},
	{cLanguage, "c", false, 0, 0, 2247, "dynamically-loaded C functions"},
	{sqlLanguage, "sql", true, 0, 0, 2248, "SQL-language functions"},
	{plpgsqlLanguage, "plpgsql", true, 13560, 13561, 13562, "PL/pgSQL procedural language"},
}

var pgLanguage = virtual.Rel[languageRow]{
	Of:   "pg_language",
	Size: virtual.Size{Fixed: 4},
	Rows: func(v View, yield func(languageRow)) {
		for _, l := range languages {
			yield(languageRow{l, v})
		}
	},
	Columns: virtual.Columns[languageRow]{
		"oid":           func(l languageRow) any { return l.oid },
		"lanname":       func(l languageRow) any { return l.name },
		"lanowner":      is[languageRow](catalog.BootstrapSuperuser),
		"lanispl":       func(l languageRow) any { return l.call != 0 },
		"lanplcallfoid": func(l languageRow) any { return l.call },
		"laninline":     func(l languageRow) any { return l.inline },
		"lanvalidator":  func(l languageRow) any { return l.validator },
		"lanpltrusted":  func(l languageRow) any { return l.trusted },
		"lanacl": func(l languageRow) any {
			return aclArray(l.v, l.v.Catalog().Access(catalog.Object{Class: catalog.ClassLanguage, OID: l.oid}).ACL)
		},
	},
}
