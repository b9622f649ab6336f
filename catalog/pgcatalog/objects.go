package pgcatalog

import (
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Outliner is a catalog.Reader that can list its relations without making their
// descriptors. An outline has what names a relation (oids, schema, name, kind,
// owner, comment), the oids and names of its Indexes and Constraints, but no
// columns.
type Outliner interface {
	Outlines() []*catalog.Relation
	// Outline finds the relation with that oid, or the one of whose Parts one has
	// it; nil if there is none.
	Outline(oid types.OID) *catalog.Relation
}

// Outlines lists relations in outline where the catalog can, in full otherwise.
func Outlines(v View) []*catalog.Relation {
	if o, ok := v.Catalog().(Outliner); ok {
		return o.Outlines()
	}
	return v.Catalog().Relations()
}

// outline finds the relation with that oid, or with a part that has it, or nil.
func outline(v View, oid types.OID) *catalog.Relation {
	if o, ok := v.Catalog().(Outliner); ok {
		return o.Outline(oid)
	}
	for _, rel := range v.Catalog().Relations() {
		if rel.OID == oid || rel.HasPart(oid) {
			return rel
		}
	}
	return nil
}

// Indexes are the relation's indexes that the catalog shows: not the key of a
// table that was made without one, whose column no one sees either.
func Indexes(rel *catalog.Relation) []*catalog.Index {
	if key := rel.HiddenKey(); key != nil {
		return slices.DeleteFunc(slices.Clone(rel.Indexes), func(ix *catalog.Index) bool { return ix == key })
	}
	return rel.Indexes
}

// Constraints are the relation's constraints, without that of a hidden key.
func Constraints(rel *catalog.Relation) []*catalog.Constraint {
	return rel.DeclaredConstraints()
}

func indexOf(rel *catalog.Relation, oid types.OID) *catalog.Index {
	for _, ix := range Indexes(rel) {
		if ix.OID == oid {
			return ix
		}
	}
	return nil
}

func constraintOf(rel *catalog.Relation, oid types.OID) *catalog.Constraint {
	for _, con := range Constraints(rel) {
		if con.OID == oid {
			return con
		}
	}
	return nil
}

// constraintByOID returns a constraint and its relation, or nil.
func constraintByOID(v View, oid types.OID) (*catalog.Relation, *catalog.Constraint) {
	o := outline(v, oid)
	if o == nil || constraintOf(o, oid) == nil {
		return nil, nil
	}
	rel := v.Catalog().RelationByOID(o.OID)
	return rel, constraintOf(rel, oid)
}

// owned lists the database's own relations in full: the virtual ones have no
// indexes, defaults, constraints or comments on columns.
func owned(v View, yield func(*catalog.Relation)) {
	for _, o := range Outlines(v) {
		if !o.Virtual {
			yield(v.Catalog().RelationByOID(o.OID))
		}
	}
}

// indexByOID returns an index and its relation, or nil.
func indexByOID(v View, oid types.OID) (*catalog.Relation, *catalog.Index) {
	rel, ix := v.Catalog().RelationOfIndex(oid)
	if ix == nil || indexOf(rel, oid) == nil {
		return nil, nil
	}
	return rel, ix
}

// indexByName is indexByOID by name.
func indexByName(v View, schema, name string) (*catalog.Relation, *catalog.Index) {
	rel, ix := v.Catalog().IndexByName(schema, name)
	if ix == nil || indexOf(rel, ix.OID) == nil {
		return nil, nil
	}
	return rel, ix
}

// byOID yields the relation with that oid, if there is one.
func byOID(v View, oid types.OID, yield func(*catalog.Relation)) {
	if rel := v.Catalog().RelationByOID(oid); rel != nil {
		yield(rel)
	}
}

// schemaByOID returns the schema with that oid, or nil.
func schemaByOID(v View, oid types.OID) *catalog.Schema {
	for _, s := range v.Catalog().Schemas() {
		if s.OID == oid {
			return s
		}
	}
	return nil
}

// namespaceOID is the oid of a type's or function's namespace.
func namespaceOID(v View, name string) types.OID {
	if name == "" || name == "pg_catalog" {
		return catalog.PgCatalogOID
	}
	if s := v.Catalog().SchemaByName(name); s != nil {
		return s.OID
	}
	return 0
}

// RoleName is the name of a role, "unknown (OID=n)" for none, as
// pg_get_userbyid has it.
func RoleName(v View, oid types.OID) string {
	for _, r := range v.Catalog().Roles() {
		if r.OID == oid {
			return r.Name
		}
	}
	return "unknown (OID=" + strconv.FormatUint(uint64(oid), 10) + ")"
}

// derivedOID identifies an object that the catalog does not number (a column's
// default): always the same, from the oid of what it belongs to.
func derivedOID(kind types.OID, owner types.OID, num int16) types.OID {
	h := fnv.New32a()
	h.Write([]byte(strconv.Itoa(int(kind)) + "/" + strconv.Itoa(int(owner)) + "/" + strconv.Itoa(int(num))))
	return catalog.FirstUserOID + h.Sum32()%(1<<30)
}
