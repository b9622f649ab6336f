package pgcatalog

import (
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgClass) }

// class is a relation, or one of its indexes.
type class struct {
	v   View
	rel *catalog.Relation // in outline
	ix  *catalog.Index    // nil for the relation itself
}

// pgClass lists tables, views and the catalog's own relations, and as indexes
// the primary keys, partitions and unique keys.
var pgClass = virtual.Rel[class]{
	Of:   "pg_class",
	Size: virtual.Size{Fixed: 400, PerRelation: 3},
	Rows: func(v View, yield func(class)) {
		for _, rel := range Outlines(v) {
			classesOf(v, rel, yield)
		}
	},
	Columns: virtual.Columns[class]{
		"oid":            func(c class) any { return c.oid() },
		"relname":        func(c class) any { return c.name() },
		"relnamespace":   func(c class) any { return c.rel.Namespace },
		"reltype":        func(c class) any { return ifTable(c, c.rel.Type, 0) },
		"relowner":       func(c class) any { return c.rel.Owner },
		"relam":          func(c class) any { return c.accessMethod() },
		"relfilenode":    func(c class) any { return c.fileNode() },
		"reltuples":      func(c class) any { return c.tuples() },
		"relhasindex":    func(c class) any { return c.ix == nil && len(Indexes(c.rel)) > 0 },
		"relisshared":    func(c class) any { return sharedCatalogs[c.oid()] },
		"reloftype":      func(c class) any { return c.ofType() },
		"relpersistence": func(c class) any { return c.persistence() },
		"relkind":        func(c class) any { return c.kind() },
		"relnatts":       func(c class) any { return c.numAttributes() },
		"relchecks":      func(c class) any { return c.numChecks() },
		"relhassubclass": func(c class) any {
			return len(c.v.Catalog().Inheriting(c.rel.OID)) > 0 && (c.ix == nil || c.rel.Kind == catalog.PartitionedTable)
		},
		"relrowsecurity":      func(c class) any { return c.ix == nil && c.rel.RowSecurity },
		"relforcerowsecurity": func(c class) any { return c.ix == nil && c.rel.ForceRowSecurity },
		"relhasrules": func(c class) any {
			return c.ix == nil && (c.rel.Kind == catalog.View || c.rel.Kind == catalog.MaterializedView || len(c.rel.Rules) > 0)
		},
		"relhastriggers": func(c class) any { return c.hasTriggers() },
		"relispopulated": func(c class) any { return c.ix != nil || c.rel.Kind != catalog.MaterializedView || c.rel.Populated },
		"relreplident":   func(c class) any { return c.replicaIdentity() },
		"relispartition": func(c class) any { return c.isPartition() },
		"relpartbound":   func(c class) any { return c.bound() },
		"relfrozenxid":   is[class](uint32(0)),
		"relminmxid":     is[class](uint32(0)),
		"relacl":         func(c class) any { return c.acl() },
		"reloptions":     func(c class) any { return arrayOrNull(types.TextOID, c.options()) },
	},
	Lookups: []virtual.Lookup[class]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(class)) { classByOID(v, keys[0].(types.OID), yield) }},
		{By: []string{"relname"}, Find: func(v View, keys []any, yield func(class)) { classesByName(v, keys[0].(string), yield) }},
	},
}

func classesOf(v View, rel *catalog.Relation, yield func(class)) {
	yield(class{v: v, rel: rel})
	for _, ix := range Indexes(rel) {
		yield(class{v: v, rel: rel, ix: ix})
	}
}

func classByOID(v View, oid types.OID, yield func(class)) {
	rel := outline(v, oid)
	if rel == nil {
		return
	}
	if rel.OID == oid {
		yield(class{v: v, rel: rel})
	} else if ix := indexOf(rel, oid); ix != nil {
		yield(class{v: v, rel: rel, ix: ix})
	}
}

func classesByName(v View, name string, yield func(class)) {
	for _, s := range v.Catalog().Schemas() {
		if rel := v.Catalog().Relation(s.Name, name); rel != nil {
			yield(class{v: v, rel: rel})
		}
		if rel, ix := indexByName(v, s.Name, name); ix != nil {
			yield(class{v: v, rel: rel, ix: ix})
		}
	}
}

// kind is I for the index of a partitioned table.
func (c class) kind() string {
	switch {
	case c.ix == nil:
		return string(rune(c.rel.Kind))
	case c.rel.Kind == catalog.PartitionedTable:
		return "I"
	}
	return string(rune(catalog.IndexRel))
}

func (c class) bound() any {
	if c.ix != nil {
		return nil
	}
	return boundText(c.v, c.rel)
}

// ifTable is a for the relation itself and b for an index.
func ifTable[T any](c class, a, b T) any {
	if c.ix == nil {
		return a
	}
	return b
}

func (c class) ofType() catalog.OID {
	if c.ix != nil {
		return 0
	}
	return c.rel.OfType
}

func (c class) oid() types.OID { return ifTable(c, c.rel.OID, c.indexOID()).(types.OID) }

func (c class) indexOID() types.OID {
	if c.ix == nil {
		return 0
	}
	return c.ix.OID
}

func (c class) name() string {
	if c.ix != nil {
		return c.ix.Name
	}
	return c.rel.Name
}

// full is the whole descriptor, of which rel may be the outline.
func (c class) full() *catalog.Relation {
	if rel := c.v.Catalog().RelationByOID(c.rel.OID); rel != nil {
		return rel
	}
	return c.rel
}

// fullIndex is the whole descriptor of the index.
func (c class) fullIndex() *catalog.Index {
	if ix := indexOf(c.full(), c.ix.OID); ix != nil {
		return ix
	}
	return c.ix
}

func (c class) accessMethod() types.OID {
	switch {
	case c.ix != nil:
		return methodOf(c.fullIndex()).OID
	case c.rel.Stored():
		return opclass.HeapOID
	}
	return 0
}

func (c class) isPartition() bool {
	if c.ix == nil || c.rel.Bound == nil {
		return c.ix == nil && c.rel.Bound != nil
	}
	return catalog.IndexAbove(c.v.Catalog(), c.full(), c.fullIndex()) != nil
}

// fileNode is not 0 for what has objects on S3.
func (c class) fileNode() types.OID {
	if c.ix != nil || c.rel.Kind == catalog.Table || c.rel.Kind == catalog.MaterializedView || c.rel.Kind == catalog.Sequence {
		return c.oid()
	}
	return 0
}

// tuples is the last known number of rows, -1 if unknown.
func (c class) tuples() float32 {
	if c.rel.Kind == catalog.Sequence {
		return 1
	}
	switch {
	case c.rel.Kind == catalog.PartitionedTable, c.rel.Kind == catalog.CompositeType:
		return -1
	case !c.rel.Stored():
		return 0
	}
	return float32(c.v.TableStats(c.rel).Rows)
}

func (c class) numAttributes() int16 {
	if c.ix != nil {
		return int16(len(c.fullIndex().Keys) + len(c.fullIndex().Include))
	}
	return int16(len(c.full().VisibleColumns()))
}

func (c class) numChecks() int16 {
	n := int16(0)
	for _, con := range c.constraints() {
		if con.Kind == catalog.CheckConstraint {
			n++
		}
	}
	return n
}

// persistence is t for temporary relations, p for the others.
func (c class) persistence() string {
	if c.rel.Temporary {
		return "t"
	}
	if c.unlogged() {
		return "u"
	}
	return "p"
}

// unlogged is the table's of an index and of a sequence that a column owns.
func (c class) unlogged() bool {
	if q := c.rel.Sequence; q != nil {
		owner := outline(c.v, q.Owner)
		return q.Unlogged || owner != nil && owner.Unlogged
	}
	return c.rel.Unlogged
}

func (c class) constraints() []*catalog.Constraint {
	if c.ix != nil || c.rel.Virtual {
		return nil
	}
	return Constraints(c.full())
}

// hasTriggers is true also where foreign keys are checked: PostgreSQL does that by
// triggers, and psql asks for it before it shows them.
func (c class) hasTriggers() bool {
	if c.ix == nil && len(c.rel.Triggers) > 0 {
		return true
	}
	if c.ix != nil || c.rel.Virtual || !c.rel.IsTable() {
		return false
	}
	has := func(con *catalog.Constraint) bool { return con.Kind == catalog.ForeignConstraint }
	return slices.ContainsFunc(c.rel.Constraints, has) || len(c.v.Catalog().Referencing(c.rel.OID)) > 0
}

// replicaIdentity is d (the primary key) for tables, n (nothing) otherwise.
func (c class) replicaIdentity() string {
	switch {
	case c.ix != nil || !c.rel.Stored() && c.rel.Kind != catalog.PartitionedTable:
		return "n"
	case c.rel.ReplicaIdentity != 0:
		return string(rune(c.rel.ReplicaIdentity))
	}
	return "d"
}

// defaultBehavior is what CREATE TABLE makes where no behavior is named. It is not
// shown: a table made of PostgreSQL's DDL alone is dumped as such, and restored
// anywhere.
const defaultBehavior = "body-overflow"

// options are a resource's or view's options as WITH (…) takes them.
func (c class) options() []string {
	switch {
	case c.ix != nil:
		return indexOptions(c.fullIndex())
	case c.rel.Virtual:
		return nil
	case !c.rel.IsTable(): // a materialized view has those of its resource, which are not shown
		return c.full().Options
	}
	res := c.full().Resource
	if res == nil {
		return nil
	}
	options := maps.Clone(res.Options)
	if options == nil {
		options = map[string]string{}
	}
	if options["behavior"] == "" && res.Behavior != "" {
		options["behavior"] = res.Behavior
	}
	if options["behavior"] == defaultBehavior {
		delete(options, "behavior")
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(options)) {
		out = append(out, name+"="+options[name])
	}
	return out
}

// sharedCatalogs belong to no single database (pg_class.relisshared).
var sharedCatalogs = map[types.OID]bool{
	1213: true, 1260: true, 1261: true, 1262: true, 1214: true, 2396: true, 2964: true, 3592: true, 6000: true, 6100: true, 6243: true,
}

// acl is who may do what with a relation, NULL before anything was granted.
func (c class) acl() any {
	if c.ix != nil {
		return nil
	}
	return aclArray(c.v, c.rel.ACL)
}
