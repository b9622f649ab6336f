package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// ownKey is the object of our own, where s3db.js's convention puts what a
// plugin keeps outside of resources (s3db-format.md section 2).
const ownKey = "plugin=s3db-sql/catalog.json"

// ownFormat is the version of the object's layout.
const ownFormat = 1

// maxOwn bounds what is read.
const maxOwn = 256 << 20

// own is everything that the manifest has no place for.
type own struct {
	Format int `json:"format"`
	// Changes counts the writes; a snapshot's version is derived from it.
	Changes uint64 `json:"changes"`
	ownMoment
	// Serial numbers the tables of a temporary schema.
	Serial uint64 `json:"serial,omitempty"`
	// Comments on the database, on schema public, and on constraints of tables.
	Comments map[types.OID]string `json:"comments,omitempty"`
	// LargeComments on large objects.
	LargeComments map[types.OID]string `json:"largeComments,omitempty"`

	Schemas map[string]*ownNames `json:"schemas,omitempty"`
	// PublicDropped: the schema public that every database begins with has been dropped. One
	// that is made later is among Schemas.
	PublicDropped bool `json:"publicDropped,omitempty"`
	// Tables by resource name.
	Tables map[string]*ownTable `json:"tables,omitempty"`
	Views  map[string]*ownView  `json:"views,omitempty"` // by schema.name
	// Roles by name, beside those of the configuration.
	Roles map[string]*ownRole `json:"roles,omitempty"`
	ownAccess
	// Sequences by schema.name.
	Sequences map[string]*ownSequence `json:"sequences,omitempty"`
	Types     map[string]*ownType     `json:"types,omitempty"` // by schema.name
	ownRoutines
}

// ownNames is an object that is only a name.
type ownNames struct {
	OID     types.OID `json:"oid"`
	Comment string    `json:"comment,omitempty"`
}

// ownTable is our side of a resource.
type ownTable struct {
	OID     types.OID `json:"oid"`
	TypeOID types.OID `json:"typeOid"`
	// TypeArray is the array type of the row type.
	TypeArray types.OID   `json:"typeArray,omitempty"`
	Schema    string      `json:"schema"`
	Name      string      `json:"name"`
	NextNum   int16       `json:"nextNum"`
	Columns   []ownColumn `json:"columns,omitempty"`
	Key       []string    `json:"key,omitempty"` // column names; none: the implicit id
	// HiddenID: the implicit id is not among the visible columns (CREATE TABLE
	// without a primary key).
	HiddenID bool      `json:"hiddenId,omitempty"`
	KeyName  string    `json:"keyName,omitempty"`
	KeyOID   types.OID `json:"keyOid,omitempty"`
	// KeyInclude are the columns of its INCLUDE.
	KeyInclude []string `json:"keyInclude,omitempty"`
	// KeyConstraint is the primary key's oid in pg_constraint.
	KeyConstraint types.OID  `json:"keyConstraint,omitempty"`
	Indexes       []ownIndex `json:"indexes,omitempty"`
	Checks        []ownCheck `json:"checks,omitempty"`
	Foreign       []ownFK    `json:"foreign,omitempty"`
	ownTriggers
	ownRules
	ownPolicies
	// Clustered is the index of CLUSTER; ReplicaIdentity and ReplicaIndex are REPLICA
	// IDENTITY.
	Clustered       types.OID `json:"clustered,omitempty"`
	ReplicaIdentity byte      `json:"replicaIdentity,omitempty"`
	ReplicaIndex    types.OID `json:"replicaIndex,omitempty"`
	// Made says that s3db-sql created the resource: stamps, escaped keys, complete
	// partitions.
	Made bool `json:"made,omitempty"`
	// ByResource: it was made by CREATE RESOURCE.
	ByResource bool              `json:"byResource,omitempty"`
	RowStamps  bool              `json:"rowStamps,omitempty"`
	Timestamps bool              `json:"timestamps,omitempty"`
	Options    map[string]string `json:"options,omitempty"`
	OnCommit   catalog.OnCommit  `json:"onCommit,omitempty"`
	Unlogged   bool              `json:"unlogged,omitempty"`
	// Parents are the tables it inherits from.
	Parents []types.OID `json:"parents,omitempty"`
	// OfType is its composite type (CREATE TABLE OF).
	OfType types.OID `json:"ofType,omitempty"`
	// Partitioning of a partitioned table, whose resource has no rows, and the Bound
	// of a partition.
	Partitioning *catalog.Partitioning   `json:"partitioning,omitempty"`
	Bound        *catalog.PartitionBound `json:"bound,omitempty"`
	// Query is the SELECT of a materialized view.
	Query     string `json:"query,omitempty"`
	Populated bool   `json:"populated,omitempty"`
	Comment   string `json:"comment,omitempty"`
	Changed   uint64 `json:"changed,omitempty"`

	text []byte // as the object has it, nil while it is changed
}

// ownColumn is our side of an attribute, or a column of a declared key, which
// is no attribute.
type ownColumn struct {
	Name string `json:"name"` // dotted
	// Attr is the s3db.js attribute that holds it, where that has another name.
	Attr      string    `json:"attr,omitempty"`
	Num       int16     `json:"num"`
	Type      types.OID `json:"type,omitempty"` // exact SQL type, 0: what the attribute says
	Typmod    int32     `json:"typmod,omitempty"`
	Dims      int16     `json:"dims,omitempty"`
	Collation types.OID `json:"collation,omitempty"` // 0: the type's own
	NotNull   bool      `json:"notNull,omitempty"`
	Default   string    `json:"default,omitempty"`
	Identity  byte      `json:"identity,omitempty"`
	Generated string    `json:"generated,omitempty"`
	Comment   string    `json:"comment,omitempty"`
	catalog.Inheritance
	catalog.Tuning
}

// ownIndex is our side of a partition, or a set of unique keys.
type ownIndex struct {
	OID      types.OID `json:"oid"`
	Name     string    `json:"name"`      // in pg_class
	Storage  string    `json:"partition"` // in the objects' keys
	Unique   bool      `json:"unique,omitempty"`
	Columns  []string  `json:"columns"`
	Complete bool      `json:"complete,omitempty"`
	Covering bool      `json:"covering,omitempty"`
	// Constraint is the oid of the constraint it belongs to, 0 for none.
	Constraint types.OID `json:"constraint,omitempty"`
	Comment    string    `json:"comment,omitempty"`
	// Primary: the constraint is the PRIMARY KEY of a table made without one.
	Primary bool `json:"primary,omitempty"`
	// Declared: neither a partition nor unique keys.
	Declared bool `json:"declared,omitempty"`
	// Deferrable, and INITIALLY DEFERRED, is its constraint.
	Deferrable bool `json:"deferrable,omitempty"`
	Deferred   bool `json:"deferred,omitempty"`
	ownShape
}

type ownCheck struct {
	OID      types.OID `json:"oid"`
	Name     string    `json:"name"`
	Expr     string    `json:"expr"`
	NotValid bool      `json:"notValid,omitempty"`
	// Comment of a domain's.
	Comment string `json:"comment,omitempty"`
	// NoInherit and Inheritance of a table's.
	NoInherit bool `json:"noInherit,omitempty"`
	catalog.Inheritance
}

type ownFK struct {
	OID        types.OID `json:"oid"`
	Name       string    `json:"name"`
	Columns    []string  `json:"columns"`
	Ref        types.OID `json:"ref"`
	RefColumns []int16   `json:"refColumns"`
	OnUpdate   byte      `json:"onUpdate"`
	OnDelete   byte      `json:"onDelete"`
	MatchFull  bool      `json:"matchFull,omitempty"`
	// DeleteColumns of ON DELETE SET NULL (…).
	DeleteColumns []string `json:"deleteColumns,omitempty"`
	Deferrable    bool     `json:"deferrable,omitempty"`
	Deferred      bool     `json:"deferred,omitempty"`
	NotValid      bool     `json:"notValid,omitempty"`
}

type ownView struct {
	OID        types.OID   `json:"oid"`
	TypeOID    types.OID   `json:"typeOid"`
	TypeArray  types.OID   `json:"typeArray,omitempty"`
	Schema     string      `json:"schema"`
	Name       string      `json:"name"`
	Columns    []ownColumn `json:"columns"`
	Definition string      `json:"definition"`
	Options    []string    `json:"options,omitempty"`
	Comment    string      `json:"comment,omitempty"`
	Changed    uint64      `json:"changed,omitempty"`
	ownTriggers
	ownRules
}

func newOwn() *own {
	return &own{Format: ownFormat, Schemas: map[string]*ownNames{}, Tables: map[string]*ownTable{}, Views: map[string]*ownView{},
		Sequences: map[string]*ownSequence{}, Types: map[string]*ownType{}}
}

// loadOwn reads the object; a missing one is empty with ETag "".
//
// digest is that of the manifest that was read before (s3db.Manifest.Digest).
func loadOwn(ctx context.Context, st objstore.Store, digest string) (*own, string, error) {
	o, err := st.Get(ctx, ownKey, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return newOwn(), "", nil
	}
	if err != nil {
		return nil, "", err
	}
	data, err := objstore.ReadBody(o, maxOwn)
	if err != nil {
		return nil, "", err
	}
	w, err := parseOwn(data)
	if err == nil && w.waits(digest) {
		w, err = parseOwn(w.Before)
	}
	return w, o.ETag, err
}

func parseOwn(data []byte) (*own, error) {
	w := newOwn()
	if err := json.Unmarshal(data, w); err != nil {
		return nil, damaged("it is not JSON: %v", err)
	}
	if w.Format != ownFormat {
		return nil, damaged("format %d is newer than this server", w.Format)
	}
	return w, nil
}

func damaged(format string, args ...any) error {
	return pgerr.New(pgerr.DataCorrupted, "the catalog object %s can't be read", ownKey).WithDetail(format, args...)
}

// saveOwn writes the object over the one that had etag.
func saveOwn(ctx context.Context, st objstore.Store, body []byte, etag string) (string, error) {
	req := objstore.PutRequest{Body: body, ContentType: "application/json", IfMatch: etag, IfNoneMatch: etag == ""}
	return objstore.PutSettled(ctx, st, ownKey, req)
}

// clone copies what is changed in its place.
func (w *own) clone() *own {
	c := &own{Format: w.Format, Changes: w.Changes, Serial: w.Serial, PublicDropped: w.PublicDropped, ownMoment: w.ownMoment.clone(),
		Schemas: map[string]*ownNames{}, Views: map[string]*ownView{}, Types: map[string]*ownType{},
		// A table or a definition is never changed, only replaced.
		Tables: maps.Clone(w.Tables), Sequences: maps.Clone(w.Sequences), Comments: maps.Clone(w.Comments), LargeComments: maps.Clone(w.LargeComments)}
	for k, v := range w.Schemas {
		s := *v
		c.Schemas[k] = &s
	}
	for k, v := range w.Views {
		s := *v
		s.Columns = slices.Clone(v.Columns)
		s.ownTriggers, s.ownRules = v.ownTriggers.clone(), v.ownRules.clone()
		c.Views[k] = &s
	}
	for k, v := range w.Types {
		c.Types[k] = v.clone()
	}
	c.Roles = maps.Clone(w.Roles) // a role is never changed, only replaced
	c.ownRoutines, c.ownAccess = w.ownRoutines.clone(), w.ownAccess.clone()
	return c
}

// change replaces our side of a resource by a copy, to be changed.
func (w *own) change(resource string) *ownTable {
	t := w.Tables[resource].clone()
	w.Tables[resource] = t
	return t
}

func (t *ownTable) clone() *ownTable {
	c := *t
	c.text = nil
	c.Columns = slices.Clone(t.Columns)
	c.Key = slices.Clone(t.Key)
	c.Parents = slices.Clone(t.Parents)
	c.Partitioning = t.Partitioning.Clone()
	c.Indexes = slices.Clone(t.Indexes)
	c.Checks = slices.Clone(t.Checks)
	c.Foreign = slices.Clone(t.Foreign)
	c.ownTriggers, c.ownRules, c.ownPolicies = t.ownTriggers.clone(), t.ownRules.clone(), t.ownPolicies.clone()
	c.Options = maps.Clone(t.Options)
	return &c
}

// events says what becomes of the table's events. Those of a plain table are off, since a
// program written for PostgreSQL may use its name as a channel of its own.
func (t *ownTable) events() catalog.EventMode {
	if value, ok := t.Options["events"]; ok {
		mode, _ := catalog.ParseEventMode(value)
		return mode
	}
	if t.ByResource || !t.Made {
		return catalog.EventsOn
	}
	return catalog.EventsOff
}

// kind tells tables, partitioned tables and materialized views apart.
func (t *ownTable) kind() catalog.RelKind {
	switch {
	case t.Query != "":
		return catalog.MaterializedView
	case t.Partitioning != nil:
		return catalog.PartitionedTable
	}
	return catalog.Table
}

func (t *ownTable) column(name string) *ownColumn {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

func (t *ownTable) index(storage string) *ownIndex {
	for i := range t.Indexes {
		if t.Indexes[i].Storage == storage {
			return &t.Indexes[i]
		}
	}
	return nil
}

func (t *ownTable) isKey(name string) bool { return slices.Contains(t.Key, name) }
