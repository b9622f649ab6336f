package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgDepend) }

// object is what pg_depend names: an object, or a column of it.
type object struct {
	class, oid types.OID
	sub        int32
}

// dependency says that an object can't be without another one.
type dependency struct {
	of, on object
	kind   byte
}

// Kinds of dependency (pg_depend.deptype): normal keeps the other object from being
// dropped, auto goes with it, internal is a part of it, member belongs to an extension.
// What is a partition of its like goes with it (primary) or with its own table (secondary).
const (
	normal             = 'n'
	auto               = 'a'
	internal           = 'i'
	member             = 'e'
	partitionPrimary   = 'P'
	partitionSecondary = 'S'
)

// pgDepend is made of the objects themselves: what their texts use is found by binding
// these. There are no rows for what can't be dropped.
var pgDepend = virtual.Rel[dependency]{
	Of:   "pg_depend",
	Size: virtual.Size{PerRelation: 12},
	Rows: allDependencies,
	Columns: virtual.Columns[dependency]{
		"classid":     func(d dependency) any { return d.of.class },
		"objid":       func(d dependency) any { return d.of.oid },
		"objsubid":    func(d dependency) any { return d.of.sub },
		"refclassid":  func(d dependency) any { return d.on.class },
		"refobjid":    func(d dependency) any { return d.on.oid },
		"refobjsubid": func(d dependency) any { return d.on.sub },
		"deptype":     func(d dependency) any { return letter(d.kind) },
	},
	Lookups: []virtual.Lookup[dependency]{
		{By: []string{"classid", "objid"}, Each: 8, Find: func(v View, keys []any, yield func(dependency)) {
			dependenciesOf(v, keys[0].(types.OID), keys[1].(types.OID), yield)
		}},
		{By: []string{"refclassid", "refobjid"}, Each: 8, Work: dependents, Find: func(v View, keys []any, yield func(dependency)) {
			dependenciesOn(v, keys[0].(types.OID), keys[1].(types.OID), yield)
		}},
		{By: []string{"objid"}, Each: 8, Find: func(v View, keys []any, yield func(dependency)) {
			dependenciesOf(v, classClass, keys[0].(types.OID), yield)
		}},
		{By: []string{"refobjid"}, Each: 8, Work: dependents, Find: func(v View, keys []any, yield func(dependency)) {
			dependenciesOn(v, classClass, keys[0].(types.OID), yield)
		}},
	},
}

// dependents is what it takes to find what depends on an object: every view,
// sequence and function of the database is asked.
var dependents = virtual.Size{PerRelation: 3}

func allDependencies(v View, yield func(dependency)) {
	c := newDependencies(v, yield)
	for _, o := range Outlines(v) {
		if !o.Virtual {
			c.relation(v.Catalog().RelationByOID(o.OID))
		}
	}
	c.types()
	c.routines()
	c.extensions()
	for _, d := range v.Catalog().DefaultACLs() {
		c.add(object{classDefaultACL, defaultACLOID(d), 0}, object{classNamespace, d.Schema, 0}, auto)
	}
}

// dependenciesOf yields at least what an object depends on.
func dependenciesOf(v View, class, oid types.OID, yield func(dependency)) {
	c := newDependencies(v, yield)
	switch class {
	case classClass, classConstraint:
		if o := outline(v, oid); o != nil && !o.Virtual {
			c.relation(v.Catalog().RelationByOID(o.OID))
			return
		}
	case classProc:
		c.routines()
		c.extensions()
		return
	}
	allDependencies(v, yield)
}

// dependenciesOn yields at least what depends on an object. Only views, and tables
// that refer to it or inherit from it, depend on a table.
func dependenciesOn(v View, class, oid types.OID, yield func(dependency)) {
	rel := outline(v, oid)
	if class != classClass || rel == nil || rel.OID != oid || !rel.IsTable() {
		allDependencies(v, yield)
		return
	}
	if rel.Virtual {
		return
	}
	c := newDependencies(v, yield)
	c.relation(v.Catalog().RelationByOID(oid))
	for _, list := range [][]*catalog.Relation{v.Catalog().Referencing(oid), v.Catalog().Inheriting(oid), v.Catalog().Sequences(), queries(v), ruled(v)} {
		for _, r := range list {
			if r.OID != oid {
				c.relation(r)
			}
		}
	}
	c.routines()
}

// queries are the relations that are made of a query.
func queries(v View) []*catalog.Relation {
	var out []*catalog.Relation
	for _, o := range Outlines(v) {
		if !o.Virtual && (o.Kind == catalog.View || o.Kind == catalog.MaterializedView) {
			out = append(out, v.Catalog().RelationByOID(o.OID))
		}
	}
	return out
}

// ruled are the tables with rules, which may read any other, or with triggers FROM it.
func ruled(v View) []*catalog.Relation {
	var out []*catalog.Relation
	for _, o := range Outlines(v) {
		if !o.Virtual && o.IsTable() && len(o.Rules)+len(o.Triggers) > 0 {
			out = append(out, v.Catalog().RelationByOID(o.OID))
		}
	}
	return out
}

// dependencies collects rows, each once.
type dependencies struct {
	v     View
	yield func(dependency)
	seen  map[dependency]bool
}

func newDependencies(v View, yield func(dependency)) *dependencies {
	return &dependencies{v: v, yield: yield, seen: map[dependency]bool{}}
}

// firstUnpinned is FirstUnpinnedObjectId of transam.h: what is below can't be dropped,
// but the schema public.
const firstUnpinned = 12000

func (o object) pinned() bool {
	return o.oid < firstUnpinned && (o.class != classNamespace || o.oid != catalog.PublicOID)
}

func (c *dependencies) add(of, on object, kind byte) {
	d := dependency{of, on, kind}
	if on.pinned() || c.seen[d] {
		return
	}
	c.seen[d] = true
	c.yield(d)
}

func (c *dependencies) uses(of object, kind byte, refs []catalog.Reference) {
	for _, r := range refs {
		c.add(of, object{r.Class, r.OID, int32(r.Column)}, kind)
	}
}

func (c *dependencies) namespace(of object, name string) {
	c.add(of, object{classNamespace, namespaceOID(c.v, name), 0}, normal)
}

func typeObject(oid types.OID) object { return object{classType, oid, 0} }

func procObject(oid types.OID) object { return object{classProc, oid, 0} }

func columnObject(rel types.OID, num int16) object { return object{classClass, rel, int32(num)} }

// types are those that CREATE TYPE and CREATE DOMAIN made.
func (c *dependencies) types() {
	for _, t := range c.v.Catalog().Types().All() {
		if t.OID >= types.FirstNormalOID {
			c.ofType(t)
		}
	}
}

func (c *dependencies) ofType(t *types.Type) {
	of := typeObject(t.OID)
	switch {
	case t.IsArray() && t.Elem != 0:
		c.add(of, typeObject(t.Elem), internal)
		return
	case t.Kind == 'm':
		c.add(of, typeObject(t.Range.Range.OID), internal)
	}
	c.namespace(of, t.Namespace)
	if t.Kind == 'r' {
		c.add(of, typeObject(t.Range.Subtype.OID), normal)
		c.add(of, procObject(t.Range.CanonicalProc), normal)
		c.add(of, procObject(t.Range.SubtypeDiff), normal)
	}
	if t.BaseDef != nil {
		for _, f := range t.BaseDef.Procs.List() {
			c.add(of, procObject(f), normal)
		}
	}
	if t.Domain != nil {
		c.domain(of, t.Domain)
	}
}

func (c *dependencies) domain(of object, d *types.Domain) {
	c.add(of, typeObject(d.Base.OID), normal)
	if d.Default != "" {
		c.uses(of, normal, c.v.ExprReferences(catalog.KeptExpr{Text: d.Default}))
	}
	for _, k := range d.Checks {
		c.add(object{classConstraint, k.OID, 0}, of, auto)
	}
}

// routines are the functions, operators and casts of the database's own.
func (c *dependencies) routines() {
	r := c.v.Catalog().Routines()
	for _, f := range r.Functions() {
		c.function(f)
	}
	for _, o := range r.AllOperators() {
		of := object{classOperator, o.OID, 0}
		c.namespace(of, o.Schema)
		c.add(of, procObject(o.Func), normal)
		for _, t := range []types.OID{o.Left, o.Right, o.Result} {
			c.add(of, typeObject(t), normal)
		}
	}
	for _, k := range r.Casts() {
		of := object{classCast, k.OID, 0}
		f := r.Function(k.Func)
		kind := kindOf(f != nil && f.Of != 0, internal, normal) // made with a type, and goes with it
		c.add(of, typeObject(k.From), kind)
		c.add(of, typeObject(k.To), kind)
		c.add(of, procObject(k.Func), kind)
	}
}

func (c *dependencies) function(f *catalog.Function) {
	of := procObject(f.OID)
	c.namespace(of, f.Schema)
	if f.Of != 0 {
		c.add(of, typeObject(f.Of), internal)
	}
	c.add(of, object{classLanguage, describeUser(f).language(), 0}, normal)
	c.add(of, typeObject(f.Result), normal)
	for _, p := range f.Params {
		c.add(of, typeObject(p.Type), normal)
	}
	if a := f.Aggregate; a != nil {
		for _, part := range []types.OID{a.Transition, a.Final, a.Combine, a.MovingTransition, a.MovingInverse, a.MovingFinal} {
			c.add(of, procObject(part), normal)
		}
	}
	if f.Body != nil {
		c.uses(of, normal, c.v.BodyReferences(f))
	}
}
