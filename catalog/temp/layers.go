package temp

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// layers are two catalogs read as one. What it does not define itself is the
// database's.
type layers struct {
	catalog.Reader                // the database's
	private        catalog.Reader // the temporary schema's, nil while it does not exist
	schema         *catalog.Schema
}

// of is the catalog that has the objects of a schema.
func (l *layers) of(schema string) catalog.Reader {
	if l.private != nil && schema == l.schema.Name {
		return l.private
	}
	return l.Reader
}

// owner is the catalog that has the object of that oid.
func (l *layers) owner(oid catalog.OID) catalog.Reader {
	if l.private != nil && catalog.IsTemporary(oid) {
		return l.private
	}
	return l.Reader
}

// Schemas implements catalog.Reader.
func (l *layers) Schemas() []*catalog.Schema {
	if l.private == nil {
		return l.Reader.Schemas()
	}
	return append(slices.Clip(l.Reader.Schemas()), l.schema)
}

// SchemaByName implements catalog.Reader.
func (l *layers) SchemaByName(name string) *catalog.Schema { return l.of(name).SchemaByName(name) }

// Types implements catalog.Reader: the temporary schema's include the database's.
func (l *layers) Types() *types.Registry {
	if l.private != nil {
		return l.private.Types()
	}
	return l.Reader.Types()
}

// Routines implements catalog.Reader: of them, only functions can be temporary.
func (l *layers) Routines() *catalog.Routines {
	if l.private == nil {
		return l.Reader.Routines()
	}
	return l.Reader.Routines().With(l.private.Routines())
}

// Relation implements catalog.Reader.
func (l *layers) Relation(schema, name string) *catalog.Relation {
	return l.of(schema).Relation(schema, name)
}

// RelationByOID implements catalog.Reader.
func (l *layers) RelationByOID(oid catalog.OID) *catalog.Relation {
	return l.owner(oid).RelationByOID(oid)
}

// RelationOfIndex implements catalog.Reader.
func (l *layers) RelationOfIndex(index catalog.OID) (*catalog.Relation, *catalog.Index) {
	return l.owner(index).RelationOfIndex(index)
}

// IndexByName implements catalog.Reader.
func (l *layers) IndexByName(schema, name string) (*catalog.Relation, *catalog.Index) {
	return l.of(schema).IndexByName(schema, name)
}

// Relations implements catalog.Reader: the temporary ones have the highest oids.
func (l *layers) Relations() []*catalog.Relation {
	return append(slices.Clip(l.Reader.Relations()), l.Temporary()...)
}

// Referencing implements catalog.Reader: foreign keys do not cross.
func (l *layers) Referencing(rel catalog.OID) []*catalog.Relation {
	return l.owner(rel).Referencing(rel)
}

// Inheriting implements catalog.Reader: temporary tables may inherit from the
// database's.
func (l *layers) Inheriting(rel catalog.OID) []*catalog.Relation {
	if l.private == nil {
		return l.Reader.Inheriting(rel)
	}
	return append(slices.Clip(l.Reader.Inheriting(rel)), l.private.Inheriting(rel)...)
}

// Sequences implements catalog.Reader.
func (l *layers) Sequences() []*catalog.Relation {
	if l.private == nil {
		return l.Reader.Sequences()
	}
	return append(slices.Clip(l.Reader.Sequences()), l.private.Sequences()...)
}

// Access implements catalog.Reader.
func (l *layers) Access(o catalog.Object) catalog.Access { return l.owner(o.OID).Access(o) }

// Temporary lists the relations of the temporary schema, by oid.
func (l *layers) Temporary() []*catalog.Relation {
	if l.private == nil {
		return nil
	}
	return l.private.Relations()
}

// Table implements storage.Tables.
func (l *layers) Table(oid catalog.OID) (storage.Table, error) {
	return l.owner(oid).(storage.Tables).Table(oid)
}

// outliner is pgcatalog's Outliner, which catalog/store implements.
type outliner interface {
	NumRelations() int
	Outlines() []*catalog.Relation
	Outline(oid catalog.OID) *catalog.Relation
}

// NumRelations is how many there are in both.
func (l *layers) NumRelations() int {
	n := l.Reader.(outliner).NumRelations()
	if l.private != nil {
		n += l.private.(outliner).NumRelations()
	}
	return n
}

// Outlines implements pgcatalog's Outliner.
func (l *layers) Outlines() []*catalog.Relation {
	out := l.Reader.(outliner).Outlines()
	if l.private == nil {
		return out
	}
	return append(slices.Clip(out), l.private.(outliner).Outlines()...)
}

// Outline implements pgcatalog's Outliner.
func (l *layers) Outline(oid catalog.OID) *catalog.Relation {
	return l.owner(oid).(outliner).Outline(oid)
}

// snapshot is an immutable state of both.
type snapshot struct {
	layers
	version uint64
}

// Version implements catalog.Reader.
func (s *snapshot) Version() uint64 { return s.version }
