package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() {
	registry.Declare(attributes, columnDomainUsage, columnUdtUsage, domainConstraints, domainUdtUsage, domains, userDefinedTypes)
}

// ownType is a type that CREATE TYPE or CREATE DOMAIN made.
type ownType struct {
	v   View
	typ *types.Type
}

func ownTypes(v View, is func(*types.Type) bool, yield func(ownType)) {
	for _, t := range v.Catalog().Types().All() {
		if t.OID >= types.FirstNormalOID && is(t) {
			yield(ownType{v, t})
		}
	}
}

func isDomain(t *types.Type) bool { return t.Domain != nil }

// typeNamed adds the three columns that name a type.
func typeNamed[T any](cols virtual.Columns[T], prefix string, of func(T) ownType) virtual.Columns[T] {
	cols[prefix+"_catalog"] = func(row T) any { return of(row).v.Database() }
	cols[prefix+"_schema"] = func(row T) any { return of(row).typ.Namespace }
	cols[prefix+"_name"] = func(row T) any { return of(row).typ.Name }
	return cols
}

func sameOwnType(t ownType) ownType { return t }

// base is what a domain is declared over.
func (t ownType) base() typed {
	d := t.typ.Domain
	return typed{v: t.v, typ: d.Base, mod: d.Typmod, collation: t.typ.Collation}
}

// dataType of a domain names an array type, which is ARRAY elsewhere.
func (t ownType) dataType() any {
	if base := t.typ.Domain.Base; base.Namespace == pgcatalog.Schema.Name {
		return base.SQLName()
	}
	return "USER-DEFINED" // arrays too
}

func (t ownType) defaultText() any {
	if t.typ.Domain.Default == "" {
		return nil
	}
	return pgcatalog.DomainDefaultText(t.v, t.typ)
}

var domains = virtual.Rel[ownType]{
	Of:      "domains",
	Rows:    func(v View, yield func(ownType)) { ownTypes(v, isDomain, yield) },
	Columns: domainColumns(),
}

func domainColumns() virtual.Columns[ownType] {
	cols := withType(typeNamed(virtual.Columns[ownType]{
		"domain_default": ownType.defaultText,
		"dtd_identifier": is[ownType]("1"),
	}, "domain", sameOwnType), ownType.base, "udt")
	cols["data_type"] = ownType.dataType
	return cols
}

var domainUdtUsage = virtual.Rel[ownType]{
	Of:   "domain_udt_usage",
	Rows: func(v View, yield func(ownType)) { ownTypes(v, isDomain, yield) },
	Columns: typeNamed(typeNamed(virtual.Columns[ownType]{}, "domain", sameOwnType), "udt", func(t ownType) ownType {
		return ownType{t.v, t.typ.Domain.Base}
	}),
}

// domainCheck is a CHECK of a domain.
type domainCheck struct {
	ownType
	con *catalog.Constraint
}

var domainConstraints = virtual.Rel[domainCheck]{
	Of: "domain_constraints",
	Rows: func(v View, yield func(domainCheck)) {
		pgcatalog.DomainConstraints(v, func(t *types.Type, _ *catalog.Relation, con *catalog.Constraint) {
			yield(domainCheck{ownType{v, t}, con})
		})
	},
	Columns: typeNamed(virtual.Columns[domainCheck]{
		"constraint_catalog": func(c domainCheck) any { return c.v.Database() },
		"constraint_schema":  func(c domainCheck) any { return c.typ.Namespace },
		"constraint_name":    func(c domainCheck) any { return c.con.Name },
		"is_deferrable":      is[domainCheck]("NO"),
		"initially_deferred": is[domainCheck]("NO"),
	}, "domain", func(c domainCheck) ownType { return c.ownType }),
}

// domainChecks are the rows of check_constraints that domains have.
func domainChecks(v View, yield func(constraint)) {
	pgcatalog.DomainConstraints(v, func(domain *types.Type, rel *catalog.Relation, con *catalog.Constraint) {
		base, _ := domain.BaseType(-1)
		yield(constraint{relation{v, rel}, con, base})
	})
}

// isStructured says whether CREATE TYPE AS made a type.
func (t ownType) isStructured() bool {
	if t.typ.Kind != 'c' {
		return false
	}
	rel := t.v.Catalog().RelationByOID(t.typ.Relation)
	return rel != nil && rel.Kind == catalog.CompositeType
}

func structured(v View, yield func(ownType)) {
	ownTypes(v, func(t *types.Type) bool { return ownType{v, t}.isStructured() }, yield)
}

var userDefinedTypes = virtual.Rel[ownType]{
	Of:   "user_defined_types",
	Rows: structured,
	Columns: typeNamed(virtual.Columns[ownType]{
		"user_defined_type_category": is[ownType]("STRUCTURED"),
		"is_instantiable":            is[ownType]("YES"),
	}, "user_defined_type", sameOwnType),
}

// attribute is a column of a composite type.
type attribute struct {
	ownType
	col types.Column
}

func (a attribute) typed() typed {
	return typed{v: a.v, typ: a.col.Type, mod: a.col.Typmod, collation: a.col.Type.Collation}
}

var attributes = virtual.Rel[attribute]{
	Of: "attributes",
	Rows: func(v View, yield func(attribute)) {
		structured(v, func(t ownType) {
			for _, c := range t.typ.Columns {
				yield(attribute{t, c})
			}
		})
	},
	Columns: withType(typeNamed(virtual.Columns[attribute]{
		"attribute_name":                 func(a attribute) any { return a.col.Name },
		"ordinal_position":               func(a attribute) any { return int32(a.col.Num) },
		"is_nullable":                    is[attribute]("YES"),
		"dtd_identifier":                 func(a attribute) any { return decimal(int(a.col.Num)) },
		"is_derived_reference_attribute": is[attribute]("NO"),
	}, "udt", func(a attribute) ownType { return a.ownType }), attribute.typed, "attribute_udt"),
}

// typeUsage are the columns of tables of a kind of type.
func typeUsage(name, prefix string, uses func(*types.Type) bool, of func(*types.Type) *types.Type) virtual.Table {
	return virtual.Rel[column]{
		Of: name,
		Rows: expand(func(r relation, yield func(column)) {
			columnsOf(r, func(c column) {
				if !r.rel.Virtual && uses(c.col.Type) {
					yield(c)
				}
			})
		}),
		Columns: typeNamed(virtual.Columns[column]{
			"table_catalog": func(c column) any { return c.catalog() },
			"table_schema":  func(c column) any { return c.schema() },
			"table_name":    func(c column) any { return c.name() },
			"column_name":   func(c column) any { return c.col.Name },
		}, prefix, func(c column) ownType { return ownType{c.v, of(c.col.Type)} }),
	}
}

var (
	columnDomainUsage = typeUsage("column_domain_usage", "domain", isDomain, func(t *types.Type) *types.Type { return t })
	columnUdtUsage    = typeUsage("column_udt_usage", "udt", func(*types.Type) bool { return true }, underlying)
)

// underlying is a domain's base type, as the standard's descriptors have it.
func underlying(t *types.Type) *types.Type {
	if t.Domain != nil {
		return t.Domain.Base
	}
	return t
}
