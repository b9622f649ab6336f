package pgcatalog

import (
	_ "embed"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

//go:embed data/foreign_keys.tsv
var foreignKeysTSV string

func init() {
	answersOf(map[string]answer{"pg_get_catalog_foreign_keys": func(*call) (any, error) {
		var rows [][]any
		for _, k := range foreignKeys() {
			rows = append(rows, []any{k.table, arrayOf(types.TextOID, k.columns), k.refTable, arrayOf(types.TextOID, k.refColumns), k.isArray, k.optional})
		}
		return rows, nil
	}})
}

// foreignKey is one of the foreign keys that the catalogs would have, were they tables:
// a column with isArray refers with each of its elements, one that is optional may be 0.
type foreignKey struct {
	table, refTable     types.OID
	columns, refColumns []string
	isArray, optional   bool
}

var foreignKeys = parsed(&foreignKeysTSV, func(f []string) foreignKey {
	names := func(array string) []string { return strings.Split(strings.Trim(array, "{}"), ",") }
	return foreignKey{number(f[0]), number(f[2]), names(f[1]), names(f[3]), f[4] == "t", f[5] == "t"}
})
