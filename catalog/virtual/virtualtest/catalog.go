package virtualtest

import (
	"slices"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Catalog is a catalog.Reader over descriptors in memory. It counts how many of
// them were asked for in full.
type Catalog struct {
	Own     []*catalog.Relation
	Virtual []*catalog.Relation
	// Namespaces beside public.
	Namespaces []*catalog.Schema
	// Built counts the own relations handed out in full, by oid.
	Built map[types.OID]int
}

// New makes a catalog of relations.
func New(own []*catalog.Relation, schemas []*catalog.Schema, sets ...*virtual.Set) *Catalog {
	c := &Catalog{Own: own, Namespaces: schemas, Built: map[types.OID]int{}}
	for _, s := range sets {
		c.Virtual = append(c.Virtual, s.Relations()...)
	}
	return c
}

// Outlines implements pgcatalog.Outliner: the relations without columns.
func (c *Catalog) Outlines() []*catalog.Relation {
	out := append([]*catalog.Relation{}, c.Virtual...)
	for _, r := range c.Own {
		out = append(out, outlineOf(r))
	}
	return out
}

func outlineOf(r *catalog.Relation) *catalog.Relation {
	o := *r
	o.Columns = nil
	if key := r.PrimaryKey(); key != nil && r.Column(key.Columns[0].Num).Hidden {
		o.Indexes, o.Constraints = nil, nil // the sample's table without a key has nothing else
	}
	return &o
}

// Outline implements pgcatalog.Outliner.
func (c *Catalog) Outline(oid types.OID) *catalog.Relation {
	for _, r := range c.Virtual {
		if r.OID == oid || r.HasPart(oid) {
			return r
		}
	}
	for _, r := range c.Own {
		if r.OID == oid || r.HasPart(oid) {
			return outlineOf(r)
		}
	}
	return nil
}

// find returns the first relation that matches, and counts it.
func (c *Catalog) find(is func(*catalog.Relation) bool) *catalog.Relation {
	for _, r := range c.Own {
		if is(r) {
			c.Built[r.OID]++
			return r
		}
	}
	for _, r := range c.Virtual {
		if is(r) {
			return r
		}
	}
	return nil
}

// The catalog.Reader.

func (c *Catalog) Database() *catalog.Database { return c.Databases()[0] }

// LargeObjectComments implements catalog.Reader.
func (c *Catalog) LargeObjectComments() map[catalog.OID]string { return nil }

// Databases implements catalog.Reader.
func (c *Catalog) Databases() []*catalog.Database {
	return []*catalog.Database{{OID: 16390, Name: "shop", Owner: 10, Collation: "C", Comment: "the shop"}}
}

func (c *Catalog) Schemas() []*catalog.Schema {
	return append([]*catalog.Schema{{OID: catalog.PublicOID, Name: "public", Owner: 10, Comment: "standard public schema"}}, c.Namespaces...)
}

func (c *Catalog) SchemaByName(name string) *catalog.Schema {
	for _, s := range c.Schemas() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

func (c *Catalog) Relation(schema, name string) *catalog.Relation {
	return c.find(func(r *catalog.Relation) bool { return r.Schema == schema && r.Name == name })
}

func (c *Catalog) RelationByOID(oid catalog.OID) *catalog.Relation {
	return c.find(func(r *catalog.Relation) bool { return r.OID == oid })
}

func (c *Catalog) RelationOfIndex(oid catalog.OID) (*catalog.Relation, *catalog.Index) {
	return c.index(func(_ *catalog.Relation, ix *catalog.Index) bool { return ix.OID == oid })
}

func (c *Catalog) IndexByName(schema, name string) (*catalog.Relation, *catalog.Index) {
	return c.index(func(r *catalog.Relation, ix *catalog.Index) bool { return r.Schema == schema && ix.Name == name })
}

func (c *Catalog) index(is func(*catalog.Relation, *catalog.Index) bool) (*catalog.Relation, *catalog.Index) {
	for _, r := range c.Own {
		for _, ix := range r.Indexes {
			if is(r, ix) {
				c.Built[r.OID]++
				return r, ix
			}
		}
	}
	return nil, nil
}

func (c *Catalog) Relations() []*catalog.Relation {
	for _, r := range c.Own {
		c.Built[r.OID]++
	}
	return append(append([]*catalog.Relation{}, c.Virtual...), c.Own...)
}

func (c *Catalog) Referencing(rel catalog.OID) []*catalog.Relation {
	var out []*catalog.Relation
	for _, r := range c.Own {
		if slices.ContainsFunc(r.Constraints, func(k *catalog.Constraint) bool { return k.RefRelation == rel }) {
			out = append(out, r)
		}
	}
	return out
}

func (c *Catalog) Inheriting(rel catalog.OID) []*catalog.Relation {
	var out []*catalog.Relation
	for _, r := range c.Own {
		if slices.Contains(r.Parents, rel) {
			out = append(out, r)
		}
	}
	return out
}

func (c *Catalog) Sequences() []*catalog.Relation {
	var out []*catalog.Relation
	for _, r := range c.Own {
		if r.Kind == catalog.Sequence {
			out = append(out, r)
		}
	}
	return out
}

func (c *Catalog) Roles() []*catalog.Role {
	return []*catalog.Role{{OID: 10, Name: "postgres", Superuser: true, Inherit: true, CreateRole: true, CreateDB: true, Login: true, ConnLimit: -1}}
}

// Access implements catalog.Reader.
func (c *Catalog) Access(catalog.Object) catalog.Access {
	return catalog.Access{Owner: catalog.BootstrapSuperuser}
}

// DefaultACLs implements catalog.Reader.
func (c *Catalog) DefaultACLs() []catalog.DefaultACL { return nil }

// RoleSettings implements catalog.Reader.
func (c *Catalog) RoleSettings() []catalog.RoleSetting { return nil }

// Routines implements catalog.Reader.
func (c *Catalog) Routines() *catalog.Routines { return nil }

func (c *Catalog) Types() *types.Registry { return types.Builtin() }

func (c *Catalog) Version() uint64 { return 1 }

// View is a session that looks at a Catalog.
type View struct {
	Of   *Catalog
	Path []string
}

// NewView makes a View with the search path public.
func NewView(c *Catalog) *View { return &View{Of: c, Path: []string{"public"}} }

// Catalog implements virtual.View.
func (v *View) Catalog() catalog.Reader { return v.Of }

// SearchPath implements virtual.View.
func (v *View) SearchPath() []string { return append([]string{"pg_catalog"}, v.Path...) }

// TempSchema implements virtual.View.
func (v *View) TempSchema() string { return "pg_temp_1" }

// User implements virtual.View.
func (v *View) User() string { return "postgres" }

// Database implements virtual.View.
func (v *View) Database() string { return "shop" }

// Setting implements virtual.View.
func (v *View) Setting(name string) (string, bool) {
	value, ok := map[string]string{"work_mem": "64MB", "TimeZone": "UTC", "search_path": "public"}[name]
	return value, ok
}

// SequenceLastValue implements virtual.View.
func (v *View) SequenceLastValue(seq *catalog.Relation) (int64, bool) {
	return seq.Sequence.Start, true
}

// ViewReferences implements virtual.View.
func (v *View) ViewReferences(*catalog.Relation) []catalog.Reference { return nil }

// ExprReferences implements virtual.View.
func (v *View) ExprReferences(catalog.KeptExpr) []catalog.Reference { return nil }

// BodyReferences implements virtual.View.
func (v *View) BodyReferences(*catalog.Function) []catalog.Reference { return nil }

// Start is when the fake server started and its sessions last did something.
var Start = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// Now implements virtual.View.
func (v *View) Now() time.Time { return Start.Add(time.Hour) }

// Started implements virtual.View.
func (v *View) Started() time.Time { return Start }

// Total implements virtual.View.
func (v *View) Total() virtual.Usage {
	return virtual.Usage{BytesIn: 10, Requests: []virtual.Requests{{Kind: "GET", Count: 7, Price: 0.5}}}
}

// TableStats implements virtual.View.
func (v *View) TableStats(rel *catalog.Relation) storage.Stats {
	s := storage.Stats{Rows: -1, Bytes: -1, Counts: storage.Counts{Scans: 2, Lookups: 3, Inserted: 12}}
	if rel.Resource != nil && rel.Resource.EstimatedRows >= 0 {
		s.Rows = float64(rel.Resource.EstimatedRows)
		s.Bytes = 100 * s.Rows
	}
	return s
}

// Transactions implements virtual.View.
func (v *View) Transactions() (committed, rolledBack int64) { return 4, 1 }

// Activities implements virtual.View.
func (v *View) Activities() []virtual.Activity {
	return []virtual.Activity{{
		PID: 42, Database: "shop", User: "postgres", Application: "psql", Remote: "127.0.0.1:5000", BackendStart: Start,
		QueryStart: Start, StateChange: Start, State: "active", Query: "SELECT 1",
		Usage: virtual.Usage{BytesIn: 5, Requests: []virtual.Requests{{Kind: "GET", Count: 3, Price: 0.5}}},
	}}
}

// Locks implements virtual.View.
func (v *View) Locks() []virtual.Lock {
	return []virtual.Lock{{Database: 5, ObjID: 7, SubID: 1, PID: 42, Mode: "ExclusiveLock", Granted: true}}
}

// HBARules implements virtual.View.
func (v *View) HBARules() []virtual.HBARule {
	return []virtual.HBARule{{Line: 1, Type: "host", Databases: []string{"all"}, Users: []string{"all"}, Address: "all", Method: "reject"}}
}

// IdentRules implements virtual.View.
func (v *View) IdentRules() []virtual.IdentRule {
	return []virtual.IdentRule{{Line: 1, Map: "m", System: "s", Role: "r"}}
}

// Reload implements virtual.View.
func (v *View) Reload() error { return nil }

// Cursors implements virtual.View.
func (v *View) Cursors() []virtual.Cursor {
	return []virtual.Cursor{{Name: "c", Statement: "DECLARE c CURSOR FOR SELECT 1", Created: Start}}
}

// Deparser implements virtual.View: what is kept is shown as it is.
func (v *View) Deparser() catalog.Deparser { return nil }

// PreparedStatements implements virtual.View.
func (v *View) PreparedStatements() []virtual.PreparedStatement {
	return []virtual.PreparedStatement{{Name: "p", Statement: "PREPARE p AS SELECT $1::int", Prepared: Start, Params: []types.OID{types.Int4OID}}}
}
