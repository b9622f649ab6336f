package store

import (
	"time"

	"slices"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Env is what a catalog needs beside its objects.
type Env struct {
	// Objects is the database's part of the store.
	Objects objstore.Store
	Clock   clock.Clock
	Rand    rng.Source
	Secrets *s3db.Secrets
	// done is what nobody will ask for any more that our own object may have yet: tags of
	// transactions, and resources that were dropped and have no objects any more.
	done *doneNames
	// ordered makes the ids of tables without a key, for all of them one after the
	// other: a new snapshot must not begin again within a millisecond.
	ordered s3db.IDGenerator
	// Era overrides the detection of s3db.js's encodings.
	Era s3db.Era
	// Database is the name that clients connect to; Databases all of them.
	Database  string
	Databases []string
	// Locale is the ICU locale of the default collation, "" for C.
	Locale string
	Roles  []*catalog.Role
	// Virtual are the catalog relations (pg_catalog, information_schema, s3db) and
	// their schemas.
	Virtual        []*catalog.Relation
	VirtualSchemas []*catalog.Schema
	FanOut         int
	// Outer is the catalog around a temporary one, nil for a database's own.
	Outer func() Outer
	// Keys makes the functions that compute the keys of unique indexes over
	// expressions or a part of the rows.
	Keys catalog.KeyMaker
	// CacheMemory is what the columns of tables may take that nobody else writes to,
	// in bytes.
	CacheMemory int64
	// Lease is rows.Env.Lease.
	Lease time.Duration
	// TempDir is rows.Env.TempDir.
	TempDir string
	// Temporary is the one schema of a catalog that is a session's own: all its
	// relations are temporary, and their oids are from catalog.FirstTemporaryOID
	// on. "" for a database.
	Temporary string
}

// snapshot is one immutable state of the catalog. Descriptors are built when
// they are first asked for.
type snapshot struct {
	env     *Env
	state   *state
	version uint64
	entries []*entry // in the manifest's order
	byOID   map[types.OID]*entry
	byName  map[[2]string]*entry
	schemas []*catalog.Schema
	rowsEnv *rows.Env
	// types are the built-in ones and the database's own; atRest their forms in
	// rows. own has the latter by oid, byRowType the relations by their row types'.
	types      *types.Registry
	atRest     *types.Registry
	own        map[types.OID]*ownType
	byRowType  map[types.OID]*entry
	collations collationsOf
	// inheriting has the children by their parents.
	inheriting map[types.OID][]*entry
	// outerVersion is that of the catalog around, whose types it has.
	outerVersion uint64
	// doubts is the version of the tables with foreign rows that it knows.
	doubts atomic.Uint64
	// routines are the functions, operators and casts of the database's own.
	routines *catalog.Routines

	// roles are made when they are first asked for.
	roles func() []*catalog.Role

	// indexes are made when an index is first looked for.
	indexOnce sync.Once
	indexes   indexEntries

	outlineOnce sync.Once
	outlines    []*catalog.Relation
	outlineOf   map[types.OID]*catalog.Relation
}

// entry is one relation.
type entry struct {
	resource  string
	own       *ownTable
	of        tableParts
	view      *ownView
	composite *ownType
	fixed     *catalog.Relation // a virtual relation
	rowType   types.OID
	rowArray  types.OID
	once      sync.Once
	built     *built
	err       error
	table     atomic.Pointer[openTable]
}

type openTable struct{ storage.Table }

// tableParts are what our side of a table, complete, is made of.
type tableParts struct {
	stored *ownTable
	js     *s3db.Resource
}

func (p tableParts) same(o tableParts) bool {
	return p.stored == o.stored && p.stored != nil && p.js.Same(o.js)
}

var _ interface {
	catalog.Reader
	storage.Tables
} = (*snapshot)(nil)

// newSnapshot makes the snapshot of a state. What has not changed since prev, which may be
// nil, it has from there.
func newSnapshot(env *Env, st *state, version uint64, rowsEnv *rows.Env, prev *snapshot) *snapshot {
	s := &snapshot{env: env, state: st, version: version, rowsEnv: rowsEnv, routines: st.own.routines(),
		inheriting: map[types.OID][]*entry{}, own: map[types.OID]*ownType{}, outerVersion: env.outerVersion()}
	n := len(env.Virtual) + len(st.own.Tables) + len(st.own.Views) + len(st.own.Sequences) + len(st.own.Types)
	s.entries, s.byOID, s.byName = make([]*entry, 0, n), make(map[types.OID]*entry, n), make(map[[2]string]*entry, n)
	s.byRowType = make(map[types.OID]*entry, 2*n)
	s.collations.s = s
	s.roles = sync.OnceValue(st.roles)
	s.types, s.atRest = types.NewRegistryOf(newTypeSet(s, false)), types.NewRegistryOf(newTypeSet(s, true))
	for _, sc := range env.VirtualSchemas {
		c := *sc
		if st.env.Temporary == "" {
			a := st.access(catalog.Object{Class: catalog.ClassSchema, OID: c.OID})
			c.Owner, c.ACL = a.Owner, a.ACL
		}
		s.schemas = append(s.schemas, &c)
	}
	s.schemas = append(s.schemas, st.schemas()...)
	slices.SortFunc(s.schemas, func(a, b *catalog.Schema) int { return int(int64(a.OID) - int64(b.OID)) })
	s.addVirtual(prev)
	s.addTables(prev)
	for _, v := range st.own.Views {
		s.add(&entry{view: v, rowType: v.TypeOID, rowArray: v.TypeArray}, v.OID, v.Schema, v.Name)
	}
	for _, q := range st.own.Sequences {
		rel := sequenceRelation(q, s.namespace(q.Schema))
		st.own.show(rel)
		s.add(&entry{fixed: rel}, q.OID, q.Schema, q.Name)
	}
	s.addTypes()
	return s
}

// addVirtual adds the server's own relations.
func (s *snapshot) addVirtual(prev *snapshot) {
	granted := s.state.own.Access[catalog.ClassRelation]
	for _, rel := range s.env.Virtual {
		_, is := granted[rel.OID]
		if prev != nil {
			if _, was := prev.state.own.Access[catalog.ClassRelation][rel.OID]; !is && !was {
				s.add(prev.byOID[rel.OID], rel.OID, rel.Schema, rel.Name)
				continue
			}
		}
		rel = s.state.own.granted(rel)
		s.add(&entry{fixed: rel, rowType: rel.Type}, rel.OID, rel.Schema, rel.Name)
	}
}

// addTables adds the manifest's resources.
func (s *snapshot) addTables(prev *snapshot) {
	st := s.state
	o, before := st.assigned(), prev.tablesInOrder()
	for _, r := range st.manifest.Resources() {
		of := tableParts{st.own.Tables[r], st.manifest.Resource(r)}
		t := before.find(r, of)
		if t == nil {
			t = st.table(r, o)
		}
		e := &entry{resource: r, own: t, of: of, rowType: t.TypeOID, rowArray: t.TypeArray}
		s.add(e, t.OID, t.Schema, t.Name)
		s.addInheriting(e)
	}
}

// tablesInOrder are the entries of a snapshot, from the manifest's first on.
type tablesInOrder []*entry

func (s *snapshot) tablesInOrder() *tablesInOrder {
	if s == nil {
		return &tablesInOrder{}
	}
	rest := tablesInOrder(s.entries[len(s.env.Virtual):])
	return &rest
}

// find is our side of a resource as it was made of the same parts; nil for none. Who asks
// goes through a manifest that has most of the resources in the same order.
func (o *tablesInOrder) find(resource string, of tableParts) *ownTable {
	const gap = 4 // resources dropped side by side
	for i, e := range (*o)[:min(gap, len(*o))] {
		if e.resource != resource {
			continue
		}
		*o = (*o)[i+1:]
		if e.of.same(of) {
			return e.own
		}
		break
	}
	return nil
}

func (s *snapshot) addTypes() {
	for _, t := range s.state.own.Types {
		s.own[t.OID] = t
		if t.Array != 0 {
			s.own[t.Array] = t
		}
	}
	for _, t := range s.state.own.Types {
		if t.Kind == 'c' {
			s.add(&entry{composite: t}, t.Relation, t.Schema, t.Name)
		}
	}
}

func (e *entry) schema() string {
	switch {
	case e.own != nil:
		return e.own.Schema
	case e.view != nil:
		return e.view.Schema
	}
	return e.fixed.Schema
}

func (e *entry) name() string {
	switch {
	case e.own != nil:
		return e.own.Name
	case e.view != nil:
		return e.view.Name
	}
	return e.fixed.Name
}

func (s *snapshot) add(e *entry, oid types.OID, schema, name string) {
	s.entries = append(s.entries, e)
	s.byOID[oid] = e
	s.byName[[2]string{schema, name}] = e
	if e.rowType != 0 {
		s.byRowType[e.rowType] = e
	}
	if e.rowArray != 0 {
		s.byRowType[e.rowArray] = e
	}
}

func (s *snapshot) namespace(schema string) types.OID {
	if sc := s.SchemaByName(schema); sc != nil {
		return sc.OID
	}
	return 0
}

// relation builds the entry's descriptor. A resource whose definition can't be
// read has a descriptor without columns; using it raises why.
func (s *snapshot) relation(e *entry) *catalog.Relation {
	if e == nil {
		return nil
	}
	if e.fixed != nil {
		return e.fixed
	}
	e.once.Do(func() {
		switch {
		case e.view != nil:
			e.built = &built{rel: s.viewRelation(e.view)}
			s.state.own.show(e.built.rel)
			return
		case e.composite != nil:
			e.built = &built{rel: s.compositeRelation(e.composite)}
			return
		}
		e.built, e.err = s.build(e.resource, e.own)
		if e.err != nil {
			e.built = &built{rel: &catalog.Relation{OID: e.own.OID, Schema: e.own.Schema, Name: e.own.Name,
				Kind: e.own.kind(), Type: e.own.TypeOID, TypeArray: e.own.TypeArray}}
		}
		e.built.rel.Namespace = s.namespace(e.own.Schema)
		s.state.own.show(e.built.rel)
		e.built.rel.Temporary = s.env.Temporary != ""
	})
	return e.built.rel
}

// Table implements storage.Tables.
func (s *snapshot) Table(oid types.OID) (storage.Table, error) {
	e := s.byOID[oid]
	if e == nil || e.own == nil {
		return nil, pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", oid)
	}
	s.relation(e)
	if e.err != nil {
		return nil, e.err
	}
	if t := e.table.Load(); t != nil {
		return t.Table, nil
	}
	t := rows.Open(e.built.def, s.rowsEnv)
	e.table.Store(&openTable{t})
	return t, nil
}

// Database implements catalog.Reader.
func (s *snapshot) Database() *catalog.Database {
	return s.state.database()
}

func (st *state) database() *catalog.Database {
	d := st.env.database(st.env.Database)
	d.Comment = st.own.Comments[d.OID]
	a := st.access(catalog.Object{Class: catalog.ClassDatabase, OID: d.OID})
	d.Owner, d.ACL = a.Owner, a.ACL
	return d
}

func (e *Env) database(name string) *catalog.Database {
	oid := newOIDs(false).of("database", name)
	return &catalog.Database{OID: oid, Name: name, Owner: catalog.BootstrapSuperuser, Collation: "C", ICULocale: e.Locale}
}

// Databases implements catalog.Reader.
func (s *snapshot) Databases() []*catalog.Database {
	out := make([]*catalog.Database, len(s.env.Databases))
	for i, name := range s.env.Databases {
		if out[i] = s.env.database(name); name == s.env.Database {
			out[i] = s.Database()
		}
	}
	return out
}

// LargeObjectComments implements catalog.Reader.
func (s *snapshot) LargeObjectComments() map[types.OID]string { return s.state.own.LargeComments }

// Schemas implements catalog.Reader.
func (s *snapshot) Schemas() []*catalog.Schema { return s.schemas }

// SchemaByName implements catalog.Reader.
func (s *snapshot) SchemaByName(name string) *catalog.Schema {
	for _, sc := range s.schemas {
		if sc.Name == name {
			return sc
		}
	}
	return nil
}

// Relation implements catalog.Reader.
func (s *snapshot) Relation(schema, name string) *catalog.Relation {
	return s.relation(s.byName[[2]string{schema, name}])
}

// RelationByOID implements catalog.Reader.
func (s *snapshot) RelationByOID(oid types.OID) *catalog.Relation { return s.relation(s.byOID[oid]) }

// RelationOfIndex implements catalog.Reader.
func (s *snapshot) RelationOfIndex(index types.OID) (*catalog.Relation, *catalog.Index) {
	return s.findIndex(s.indexEntries().byOID[index],
		func(_ *catalog.Relation, ix *catalog.Index) bool { return ix.OID == index })
}

// IndexByName implements catalog.Reader.
func (s *snapshot) IndexByName(schema, name string) (*catalog.Relation, *catalog.Index) {
	return s.findIndex(s.indexEntries().byName[[2]string{schema, name}],
		func(rel *catalog.Relation, ix *catalog.Index) bool { return ix.Name == name && ix != rel.HiddenKey() })
}

// indexEntries are the resources by their indexes, as our side of each names them: so
// only the relation that has the index is built.
type indexEntries struct {
	byOID  map[types.OID]*entry
	byName map[[2]string]*entry
}

func (s *snapshot) indexEntries() *indexEntries {
	s.indexOnce.Do(func() {
		s.indexes = indexEntries{map[types.OID]*entry{}, map[[2]string]*entry{}}
		for _, e := range s.entries {
			if e.own == nil {
				continue
			}
			s.indexes.byOID[e.own.KeyOID] = e
			if !e.own.HiddenID {
				s.indexes.byName[[2]string{e.own.Schema, e.own.KeyName}] = e
			}
			for _, ix := range e.own.Indexes {
				s.indexes.byOID[ix.OID] = e
				s.indexes.byName[[2]string{e.own.Schema, ix.Name}] = e
			}
		}
	})
	return &s.indexes
}

// findIndex is the index of an entry, which may be nil.
func (s *snapshot) findIndex(e *entry, is func(*catalog.Relation, *catalog.Index) bool) (*catalog.Relation, *catalog.Index) {
	if e == nil {
		return nil, nil
	}
	rel := s.relation(e)
	for _, ix := range rel.Indexes {
		if is(rel, ix) {
			return rel, ix
		}
	}
	return nil, nil
}

// Relations implements catalog.Reader.
func (s *snapshot) Relations() []*catalog.Relation {
	out := make([]*catalog.Relation, len(s.entries))
	for i, e := range s.entries {
		out[i] = s.relation(e)
	}
	slices.SortFunc(out, func(a, b *catalog.Relation) int { return int(int64(a.OID) - int64(b.OID)) })
	return out
}

// Roles implements catalog.Reader.
func (s *snapshot) Roles() []*catalog.Role { return s.roles() }

// Types implements catalog.Reader.
func (s *snapshot) Types() *types.Registry { return s.types }

// Routines implements catalog.Reader.
func (s *snapshot) Routines() *catalog.Routines { return s.routines }

// Version implements catalog.Reader.
func (s *snapshot) Version() uint64 { return s.version }
