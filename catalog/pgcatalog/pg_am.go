package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAm) }

// accessMethod is a way to keep relations. Indexes are shown with the method that
// they were declared with; on S3 they are partitions, unique keys or the key itself,
// whatever it is.
type accessMethod struct {
	oid     types.OID
	name    string
	handler string // its function's name
	kind    string
	doc     string
}

var accessMethods = append([]accessMethod{{opclass.HeapOID, opclass.Heap, opclass.HeapHandler, "t", opclass.HeapDescription}}, indexMethods()...)

func indexMethods() []accessMethod {
	var out []accessMethod
	for _, m := range opclass.Methods {
		out = append(out, accessMethod{m.OID, m.Name, m.Handler, "i", m.Doc})
	}
	return out
}

var pgAm = virtual.Rel[accessMethod]{
	Of:   "pg_am",
	Size: virtual.Size{Fixed: 7},
	Rows: func(_ View, yield func(accessMethod)) {
		for _, a := range accessMethods {
			yield(a)
		}
	},
	Columns: virtual.Columns[accessMethod]{
		"oid":       func(a accessMethod) any { return a.oid },
		"amname":    func(a accessMethod) any { return a.name },
		"amhandler": func(a accessMethod) any { return builtinNamed(a.handler) },
		"amtype":    func(a accessMethod) any { return a.kind },
	},
}
