package pgcatalog

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// opclass says by which family's operators a type orders or hashes.
type opclass struct {
	oid, method types.OID
	name        string
	family      types.OID
	in          types.OID
	def         bool
	key         types.OID
}

var opclasses = parsed(&opclassesTSV, func(f []string) opclass {
	return opclass{number(f[0]), amOf[f[1]], f[2], number(f[3]), number(f[4]), f[5] == "t", number(f[6])}
})

// pgOpclass has the btree and hash classes of the types that exist here.
var pgOpclass = virtual.Rel[opclass]{
	Of: "pg_opclass",
	Rows: func(_ View, yield func(opclass)) {
		for _, c := range opclasses() {
			if known(c.in, c.key) {
				yield(c)
			}
		}
	},
	Columns: virtual.Columns[opclass]{
		"oid":          func(c opclass) any { return c.oid },
		"opcmethod":    func(c opclass) any { return c.method },
		"opcname":      func(c opclass) any { return c.name },
		"opcnamespace": is[opclass](catalog.PgCatalogOID),
		"opcowner":     is[opclass](catalog.BootstrapSuperuser),
		"opcfamily":    func(c opclass) any { return c.family },
		"opcintype":    func(c opclass) any { return c.in },
		"opcdefault":   func(c opclass) any { return c.def },
		"opckeytype":   func(c opclass) any { return c.key },
	},
}

var defaultClasses = sync.OnceValue(func() map[types.OID]types.OID {
	m := map[types.OID]types.OID{}
	for _, c := range opclasses() {
		if c.def && c.method == btreeAM {
			m[c.in] = c.oid
		}
	}
	// varchar has no class of its own: it orders as text.
	m[types.VarcharOID] = m[types.TextOID]
	return m
})

// defaultOpclass is the type's default btree class, 0 if it has none.
func defaultOpclass(t *types.Type) types.OID {
	classes := defaultClasses()
	if oid := classes[t.OID]; oid != 0 {
		return oid
	}
	return classes[polymorphic(t)]
}

// polymorphic is the pseudo-type under which classes for all types of t's kind
// stand, 0 for none.
func polymorphic(t *types.Type) types.OID {
	switch {
	case t.IsArray():
		return types.AnyArrayOID
	case t.Kind == 'e':
		return types.AnyEnumOID
	case t.Kind == 'r':
		return types.AnyRangeOID
	case t.Kind == 'm':
		return types.AnyMultirangeOID
	}
	return 0
}
