package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgTablespace) }

const defaultTablespace types.OID = 1663

type tablespace struct {
	oid  types.OID
	name string
}

// tablespaces: the store is the only place for objects; the names are those that
// tools expect.
var tablespaces = []tablespace{{defaultTablespace, "pg_default"}, {1664, "pg_global"}}

var pgTablespace = virtual.Rel[tablespace]{
	Of:   "pg_tablespace",
	Size: virtual.Size{Fixed: 2},
	Rows: func(_ View, yield func(tablespace)) {
		for _, t := range tablespaces {
			yield(t)
		}
	},
	Columns: virtual.Columns[tablespace]{
		"oid":      func(t tablespace) any { return t.oid },
		"spcname":  func(t tablespace) any { return t.name },
		"spcowner": is[tablespace](catalog.BootstrapSuperuser),
	},
}
