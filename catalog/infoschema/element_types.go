package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(dataTypePrivileges, elementTypes) }

// slot is a place that has a data type: a column, an attribute of a composite type, a
// domain, a parameter, a function's result.
type slot struct {
	v                    View
	schema, object, kind any
	number               any // dtd_identifier
	typ                  *types.Type
	collation            types.OID
}

func eachSlot(v View, yield func(slot)) {
	columns.Rows(v, func(c column) {
		yield(slot{v, c.schema(), c.name(), "TABLE", decimal(int(c.col.Num)), c.col.Type, c.col.Collation})
	})
	attributes.Rows(v, func(a attribute) {
		yield(slot{v, a.typ.Namespace, a.typ.Name, "USER-DEFINED TYPE", decimal(int(a.col.Num)), a.col.Type, a.col.Type.Collation})
	})
	domains.Rows(v, func(d ownType) {
		yield(slot{v, d.typ.Namespace, d.typ.Name, "DOMAIN", "1", d.typ.Domain.Base, d.typ.Collation})
	})
	parameters.Rows(v, func(p parameter) {
		yield(slot{v, p.Schema(), p.specificName(), "ROUTINE", decimal(p.position), p.v.Catalog().Types().ByOID(p.Parameter.Type), 0})
	})
	routines.Rows(v, func(r routine) {
		yield(slot{v, r.Schema(), r.specificName(), "ROUTINE", r.resultNumber(), r.v.Catalog().Types().ByOID(r.Result), 0})
	})
}

var dataTypePrivileges = virtual.Rel[slot]{
	Of:   "data_type_privileges",
	Rows: eachSlot,
	Columns: virtual.Columns[slot]{
		"object_catalog": func(s slot) any { return s.v.Database() },
		"object_schema":  func(s slot) any { return s.schema },
		"object_name":    func(s slot) any { return s.object },
		"object_type":    func(s slot) any { return s.kind },
		"dtd_identifier": func(s slot) any { return s.number },
	},
}

// elementTypes has the elements of arrays.
var elementTypes = virtual.Rel[slot]{
	Of: "element_types",
	Rows: func(v View, yield func(slot)) {
		eachSlot(v, func(s slot) {
			if s.number != nil && s.typ != nil && s.typ.Elem != 0 && s.typ.Len == -1 {
				yield(s)
			}
		})
	},
	Columns: withType(virtual.Columns[slot]{
		"object_catalog":             func(s slot) any { return s.v.Database() },
		"object_schema":              func(s slot) any { return s.schema },
		"object_name":                func(s slot) any { return s.object },
		"object_type":                func(s slot) any { return s.kind },
		"collection_type_identifier": func(s slot) any { return s.number },
		"dtd_identifier":             func(s slot) any { return "a" + s.number.(string) },
	}, slot.element, "udt"),
}

// element is the element's type; it has no modifier, and its collation is the array's.
func (s slot) element() typed {
	t := typed{v: s.v, typ: s.v.Catalog().Types().ByOID(s.typ.Elem), mod: -1, bare: true}
	if s.collation != 0 && s.collation != catalog.CollationDefault {
		t.collation = s.collation
	}
	return t
}
