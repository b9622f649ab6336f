package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgOpclass) }

// pgOpclass has the operator classes of the types that exist here.
var pgOpclass = virtual.Rel[*opclass.Class]{
	Of: "pg_opclass",
	Rows: func(_ View, yield func(*opclass.Class)) {
		for _, c := range opclass.Classes() {
			if known(c.In) {
				yield(c)
			}
		}
	},
	Columns: virtual.Columns[*opclass.Class]{
		"oid":          func(c *opclass.Class) any { return c.OID },
		"opcmethod":    func(c *opclass.Class) any { return c.Method.OID },
		"opcname":      func(c *opclass.Class) any { return c.Name },
		"opcnamespace": is[*opclass.Class](catalog.PgCatalogOID),
		"opcowner":     is[*opclass.Class](catalog.BootstrapSuperuser),
		"opcfamily":    func(c *opclass.Class) any { return c.Family },
		"opcintype":    func(c *opclass.Class) any { return c.In },
		"opcdefault":   func(c *opclass.Class) any { return c.Default },
		"opckeytype":   func(c *opclass.Class) any { return c.Key },
	},
}

// methodOf is the access method of an index.
func methodOf(ix *catalog.Index) *opclass.Method {
	if m := opclass.FindMethod(ix.Method); m != nil {
		return m
	}
	return opclass.FindMethod(opclass.BTree)
}

// classOf is the operator class of a key, 0 if its type has none.
func classOf(ix *catalog.Index, k *catalog.IndexKey) types.OID {
	if k.OpClass != 0 {
		return k.OpClass
	}
	return defaultClass(methodOf(ix), k.Type)
}

// defaultClass is a type's default operator class, 0 if it has none.
func defaultClass(m *opclass.Method, t *types.Type) types.OID {
	if c := opclass.Default(m, t); c != nil {
		return c.OID
	}
	return 0
}
