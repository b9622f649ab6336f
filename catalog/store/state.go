package store

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// state is the manifest and our own object together: what changes apply to.
type state struct {
	env      *Env
	manifest *s3db.Manifest
	own      *own
	// retired are the names of resources, and of indexes' objects (resource/index), that
	// the transaction has dropped: their objects stay until it has committed, so that
	// what it makes under the same SQL name gets others.
	retired map[string]bool
}

func (st *state) clone() *state {
	return &state{env: st.env, manifest: st.manifest.Clone(), own: st.own.clone(), retired: maps.Clone(st.retired)}
}

// retire remembers the name of objects that go with the commit.
func (st *state) retire(name string) {
	if st.retired == nil {
		st.retired = map[string]bool{}
	}
	st.retired[name] = true
}

// publicSchema is where resources are that say nothing else.
const publicSchema = "public"

// resourceName is the resource of a table: its own name in public, else
// qualified, so that tables of two schemas have keys of their own, without the characters
// that a resource's name can't have. Nobody else knows the resource of a temporary table:
// each gets a new one, so that a table can take the name of one that the same
// transaction drops.
func (st *state) resourceName(schema, name string) string {
	switch {
	case st.env.Temporary != "":
		st.own.Serial++
		return keyName(name) + "." + strconv.FormatUint(st.own.Serial, 10)
	case schema == publicSchema:
		return st.unusedResource(keyName(name))
	}
	return st.unusedResource(keyName(schema + "." + name))
}

// unusedResource numbers a name that a table has left behind which was renamed or
// moved: its resource keeps the name; or which was dropped, as long as its objects are not
// known to be gone.
func (st *state) unusedResource(name string) string {
	out := name
	for i := 2; st.manifest.Resource(out) != nil || st.retired[out] || st.leftover(out); i++ {
		out = name + "." + strconv.Itoa(i)
	}
	return out
}

// leftover says that a resource that was dropped may have objects yet.
func (st *state) leftover(resource string) bool {
	_, left := st.own.Left[resource]
	return left && !st.env.done.has(resource)
}

// find returns the resource of a relation, "" if there is none.
func (st *state) find(schema, name string) string {
	for r, t := range st.own.Tables {
		if t.Schema == schema && t.Name == name && st.manifest.Resource(r) != nil {
			return r
		}
	}
	if schema == publicSchema && st.manifest.Resource(name) != nil && (st.own.Tables[name] == nil || st.own.Tables[name].Name == "") {
		return name
	}
	return ""
}

// firstPublic says whether the schema public that every database begins with is there. One
// that was dropped is back with the first resource that another client puts into it.
func (st *state) firstPublic() bool {
	if !st.own.PublicDropped || st.own.Schemas[publicSchema] != nil {
		return !st.own.PublicDropped
	}
	return slices.ContainsFunc(st.manifest.Resources(), func(r string) bool {
		t := st.own.Tables[r]
		return t == nil || t.Schema == publicSchema
	})
}

// schemas lists the database's own schemas: public and those that were created.
func (st *state) schemas() []*catalog.Schema {
	if st.env.Temporary != "" {
		return nil
	}
	var out []*catalog.Schema
	if st.firstPublic() {
		out = append(out, &catalog.Schema{OID: catalog.PublicOID, Name: publicSchema, Comment: st.own.publicComment()})
	}
	for name, s := range st.own.Schemas {
		out = append(out, &catalog.Schema{OID: s.OID, Name: name, Comment: s.Comment})
	}
	for _, sc := range out {
		a := st.access(catalog.Object{Class: catalog.ClassSchema, OID: sc.OID})
		sc.Owner, sc.ACL = a.Owner, a.ACL
	}
	return out
}

// assigned are all oids in use.
func (st *state) assigned() *oids {
	o := newOIDs(st.env.Temporary != "")
	o.stored = st.use
	return o
}

// use records all oids in use.
func (st *state) use(o *oids) {
	for _, s := range st.own.Schemas {
		o.use(s.OID)
	}
	for _, v := range st.own.Views {
		o.use(v.OID, v.TypeOID, v.TypeArray)
		v.ownTriggers.use(o)
		v.ownRules.use(o)
	}
	for _, t := range st.own.Types {
		o.use(t.OID, t.Array, t.Relation)
		for _, l := range t.Labels {
			o.use(l.OID)
		}
		for _, c := range t.Checks {
			o.use(c.OID)
		}
	}
	for _, s := range st.own.Sequences {
		o.use(s.OID)
	}
	for _, r := range st.own.Roles {
		o.use(r.OID)
	}
	for _, r := range st.unrecorded() {
		o.use(r.OID)
	}
	st.own.ownRoutines.use(o)
	for _, t := range st.own.Tables {
		o.use(t.OID, t.TypeOID, t.TypeArray, t.KeyOID, t.KeyConstraint)
		for _, ix := range t.Indexes {
			o.use(ix.OID, ix.Constraint)
		}
		for _, c := range t.Checks {
			o.use(c.OID)
		}
		for _, c := range t.Foreign {
			o.use(c.OID)
		}
		t.ownTriggers.use(o)
		t.ownRules.use(o)
		t.ownPolicies.use(o)
	}
}

// table returns our side of a resource, complete: what is not stored yet is
// derived, always the same way. The state is not changed; adopt stores it.
func (st *state) table(resource string, o *oids) *ownTable {
	t := &ownTable{Schema: publicSchema, Name: resource}
	if stored := st.own.Tables[resource]; stored != nil {
		t = stored.clone()
	}
	if t.OID == 0 {
		t.OID = o.of("table", resource)
	}
	if t.TypeOID == 0 {
		t.TypeOID = o.of("type", resource)
	}
	if t.TypeArray == 0 {
		t.TypeArray = o.of("array", resource)
	}
	if t.KeyName == "" {
		t.KeyName = t.Name + "_pkey"
	}
	if t.KeyOID == 0 {
		t.KeyOID = o.of("key", resource)
	}
	if t.KeyConstraint == 0 {
		t.KeyConstraint = o.of("constraint", resource)
	}
	st.partitions(resource, t, o)
	return t
}

// partitions brings our list of partitions in line with the manifest's.
func (st *state) partitions(resource string, t *ownTable, o *oids) {
	def := st.definition(resource)
	if def == nil {
		return
	}
	kept := t.Indexes[:0]
	for _, ix := range t.Indexes {
		if ix.Unique || ix.Declared || def.Partition(ix.Storage) != nil {
			kept = append(kept, ix)
		}
	}
	t.Indexes = kept
	for _, p := range def.Partitions {
		if t.index(p.Name) != nil {
			continue
		}
		ix := ownIndex{OID: o.of("partition", resource+"/"+p.Name), Name: t.Name + "_" + p.Name, Storage: p.Name}
		for _, f := range p.Fields {
			ix.Columns = append(ix.Columns, t.columnName(f.Name))
		}
		t.Indexes = append(t.Indexes, ix)
	}
}

// adopt stores our side of a resource and returns it, to be changed.
func (st *state) adopt(resource string) *ownTable {
	t := st.table(resource, st.assigned())
	t.Changed = st.own.Changes + 1
	st.own.Tables[resource] = t
	return t
}

// definition is the resource's current definition, nil if it has none.
func (st *state) definition(resource string) *s3db.Definition {
	r := st.manifest.Resource(resource)
	if r == nil {
		return nil
	}
	return r.Definition(r.CurrentVersion())
}

// exactTypes are the attributes whose SQL type is ours, as rows keep them.
func (st *state) exactTypes(t *ownTable) map[string]s3db.SQLType {
	m := map[string]s3db.SQLType{}
	for _, c := range t.Columns {
		if c.Type != 0 && !t.isKey(c.Name) {
			oid, typmod := st.atRest(c.Type, c.Typmod)
			m[c.attr()] = s3db.SQLType{OID: oid, Typmod: typmod}
		}
	}
	return m
}

// resourceOf finds the resource whose table has that oid.
func (st *state) resourceOf(oid types.OID) string {
	for r, t := range st.own.Tables {
		if t.OID == oid && st.manifest.Resource(r) != nil {
			return r
		}
	}
	o := st.assigned()
	for _, r := range st.manifest.Resources() {
		if st.table(r, o).OID == oid {
			return r
		}
	}
	return ""
}

// splitPath splits a dotted attribute name.
func splitPath(name string) []string { return strings.Split(name, ".") }
