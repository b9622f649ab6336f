package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgOpclass) }

// opclassRow is a row of pg_opclass.
type opclassRow struct {
	*opclass.Class
	namespace, owner types.OID
}

// pgOpclass has the operator classes of the types that exist here.
var pgOpclass = virtual.Rel[opclassRow]{
	Of:   "pg_opclass",
	Size: virtual.Size{Fixed: 180},
	Rows: func(v View, yield func(opclassRow)) {
		for _, c := range opclass.Classes() {
			if known(c.In) {
				yield(opclassRow{c, catalog.PgCatalogOID, catalog.BootstrapSuperuser})
			}
		}
		for _, c := range opclass.Of(v.Catalog()).OwnClasses() {
			yield(opclassRow{c, namespaceOID(v, c.Namespace), v.Catalog().Access(catalog.Object{Class: catalog.ClassOpclass, OID: c.OID}).Owner})
		}
	},
	Columns: virtual.Columns[opclassRow]{
		"oid":          func(c opclassRow) any { return c.OID },
		"opcmethod":    func(c opclassRow) any { return c.Method.OID },
		"opcname":      func(c opclassRow) any { return c.Name },
		"opcnamespace": func(c opclassRow) any { return c.namespace },
		"opcowner":     func(c opclassRow) any { return c.owner },
		"opcfamily":    func(c opclassRow) any { return c.Family },
		"opcintype":    func(c opclassRow) any { return c.In },
		"opcdefault":   func(c opclassRow) any { return c.Default },
		"opckeytype":   func(c opclassRow) any { return c.Key },
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
