package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgLanguage) }

// languageRow is a row of pg_language, and who asks.
type languageRow struct {
	catalog.Language
	v View
}

var pgLanguage = virtual.Rel[languageRow]{
	Of:   "pg_language",
	Size: virtual.Size{Fixed: 4},
	Rows: func(v View, yield func(languageRow)) {
		for _, l := range catalog.Languages {
			yield(languageRow{l, v})
		}
	},
	Columns: virtual.Columns[languageRow]{
		"oid":           func(l languageRow) any { return l.OID },
		"lanname":       func(l languageRow) any { return l.Name },
		"lanowner":      is[languageRow](catalog.BootstrapSuperuser),
		"lanispl":       func(l languageRow) any { return l.Procedural },
		"lanplcallfoid": func(l languageRow) any { return l.Call },
		"laninline":     func(l languageRow) any { return l.Inline },
		"lanvalidator":  func(l languageRow) any { return l.Validator },
		"lanpltrusted":  func(l languageRow) any { return l.Trusted },
		"lanacl": func(l languageRow) any {
			return aclArray(l.v, l.v.Catalog().Access(catalog.Object{Class: catalog.ClassLanguage, OID: l.OID}).ACL)
		},
	},
}
