package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() {
	registry.Declare(largeObjects("pg_largeobject", "loid"), largeObjects("pg_largeobject_metadata", "oid"))
}

// largeObjects declares a relation that the session fills, as it does sequences: the
// objects are the transaction's, and their pages too many for a list.
func largeObjects(name, key string) virtual.Table {
	return virtual.Rel[types.OID]{
		Of:      name,
		Rows:    func(View, func(types.OID)) {},
		Columns: virtual.Columns[types.OID]{key: func(oid types.OID) any { return oid }},
		Lookups: []virtual.Lookup[types.OID]{{By: []string{key}, Find: func(View, []any, func(types.OID)) {}}},
	}
}
