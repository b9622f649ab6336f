package catalog

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// OID is PostgreSQL's object identifier. User objects start at FirstUserOID and
// keep their oid for life.
type OID = types.OID

// Well-known oids (pg_namespace.dat, pg_authid.dat and friends).
const (
	PgCatalogOID         OID = 11
	PublicOID            OID = 2200
	BootstrapSuperuser   OID = 10
	InformationSchemaOID OID = 13207
	S3DBSchemaOID        OID = 13001
	FirstUserOID             = types.FirstNormalOID
	// FirstTemporaryOID begins the oids of one session's temporary objects: above
	// all that the database's own objects get, and positive as an int4.
	FirstTemporaryOID OID = 1<<30 + 1<<20

	CollationDefault OID = 100
	CollationC       OID = 950
	CollationPOSIX   OID = 951
)

// RelKind is pg_class.relkind.
type RelKind byte

// The kinds of relation.
const (
	Table            RelKind = 'r'
	PartitionedTable RelKind = 'p'
	View             RelKind = 'v'
	MaterializedView RelKind = 'm'
	IndexRel         RelKind = 'i'
	Sequence         RelKind = 'S'
	CompositeType    RelKind = 'c'
)

// Database is one s3db.js database.
type Database struct {
	OID       OID
	Name      string
	Owner     OID
	Collation string // of libc: "C"
	ICULocale string // of the default collation where that is ICU's, else ""
	ACL       []ACLItem
	Comment   string
}

// Schema is a namespace.
type Schema struct {
	OID     OID
	Name    string
	Owner   OID
	ACL     []ACLItem
	Comment string
}

// Relation is a table (an s3db.js resource), view, or catalog relation.
type Relation struct {
	OID       OID
	Namespace OID
	Schema    string // the namespace's name
	Name      string
	Kind      RelKind
	Owner     OID
	Type      OID // its row type in pg_type
	TypeArray OID // and the array type of that
	// Columns in order of Num; the hidden ones follow the visible ones.
	Columns     []*Column
	Indexes     []*Index
	Constraints []*Constraint
	// Triggers by name, as they fire.
	Triggers []*Trigger
	// ForeignDisabled: its writes are not held against foreign keys, its own and those
	// that refer to it (DISABLE TRIGGER ALL).
	ForeignDisabled bool
	// Rules for INSERT, UPDATE and DELETE, by name.
	Rules []*Rule
	// ClusteredOn is the index that CLUSTER goes by, 0 for none; ReplicaIdentity is
	// pg_class.relreplident, 0 for the default, with its index for 'i'. Nothing comes of
	// either here: they are for who asks, and for dumps.
	ClusteredOn     OID
	ReplicaIdentity byte
	ReplicaIndex    OID
	// Policies by name, which count where RowSecurity is enabled: for the owner too where
	// it is forced.
	Policies                      []*Policy
	RowSecurity, ForceRowSecurity bool
	// Definition is the SELECT text of a view.
	Definition string
	// Populated: a materialized view has been filled (pg_class.relispopulated).
	Populated bool
	// Sequence is set for sequences only.
	Sequence *SequenceInfo
	// Options are a view's, "name=value" (pg_class.reloptions): check_option,
	// security_barrier …
	Options []string
	// Virtual relations are filled by the catalog itself (pg_catalog,
	// information_schema, s3db): no storage.
	Virtual bool
	// Temporary relations are one session's own, in its schema pg_temp_N
	// (pg_class.relpersistence t).
	Temporary bool
	// Unlogged: CREATE UNLOGGED TABLE (pg_class.relpersistence u). Its rows are kept as those
	// of any table, so that nothing is lost in a crash.
	Unlogged bool
	// OnCommit says what COMMIT does to a temporary table.
	OnCommit OnCommit
	// Parents are the tables that it inherits from, in the order of INHERITS; of a
	// partition the partitioned table.
	Parents []OID
	// OfType is the composite type that a table's rows are of, 0 for none.
	OfType OID
	// Partitioning of a partitioned table, and the Bound of a partition.
	Partitioning *Partitioning
	Bound        *PartitionBound
	// Resource is what s3db.js knows of a table; nil for everything else.
	Resource *Resource
	// ACL is who may do what (pg_class.relacl); nil: its owner everything. ColumnACL
	// are the lists of columns (pg_attribute.attacl).
	ACL       []ACLItem
	ColumnACL map[int16][]ACLItem
	Comment   string
	// Version changes with every change of the relation; cached plans carry it.
	Version uint64
}

// OnCommit is ON COMMIT of a temporary table.
type OnCommit byte

// What a commit does to a temporary table.
const (
	PreserveRows OnCommit = 0
	DeleteRows   OnCommit = 'd'
	DropAtCommit OnCommit = 'D'
)

// IsTemporary says whether oid is of an object in a session's temporary schema.
func IsTemporary(oid OID) bool { return oid >= FirstTemporaryOID }

// Resource holds the s3db.js side of a table.
type Resource struct {
	Name           string // the resource's name in s3db.json
	Behavior       string // user-managed, enforce-limits, truncate-data, body-overflow, body-only
	CurrentVersion string // "v1"
	Timestamps     bool
	RowStamps      bool // storage.md section 2
	IDSize         int
	IDGenerator    string
	CountsIDs      bool // incremental ids, which storage.Table.NewIDs makes
	ReadOnly       bool // plugin resources (plg_*)
	Options        map[string]string
	Events         EventMode
	// EstimatedRows is the last known number of rows, -1 if unknown.
	EstimatedRows int64
}

// Column is one attribute of a relation.
type Column struct {
	// Num is attnum: 1… for visible columns and nested leaves, negative for
	// system columns. It never changes and is never reused.
	Num    int16
	Name   string
	Type   *types.Type
	Typmod int32
	// Dims are the dimensions that an array was declared with (attndims); they
	// bind nobody.
	Dims int16
	// NotNull of the column; a primary key's columns are not null.
	NotNull bool
	// Default is an expression as SQL text, "" for none.
	Default string
	// Generated is 's' for stored generated columns, Identity 'a' or 'd'.
	Generated byte
	Identity  byte
	// Hidden columns are not in * and not in pg_attribute's ordinary rows:
	// nested leaves ("profile.country") and system columns (_v, _etag …).
	Hidden bool
	// Path of a nested leaf below its top-level column, e.g. [profile country];
	// nil for top-level columns.
	Path []string
	// Rule is the s3db.js rule text, or its type for one given as an object; "" for
	// columns whose rule says no more than their SQL type.
	Rule string
	// Secret columns are encrypted or hashed at rest: messages and plans do not show
	// their values. HoldsSecret: it is an object around such columns.
	Secret, HoldsSecret bool
	Collation           OID
	Comment             string
	Inheritance
	Tuning
}

// Tuning is what a column was told of storing and estimating it, which the catalog keeps
// and shows; nothing else comes of it.
type Tuning struct {
	// Storage is SET STORAGE (attstorage), 0 for the type's own; Compression is SET
	// COMPRESSION (attcompression: p or l), 0 for the default.
	Storage     byte `json:"attStorage,omitempty"`
	Compression byte `json:"attCompression,omitempty"`
	// Target is SET STATISTICS (attstattarget), nil for the default.
	Target *int32 `json:"attTarget,omitempty"`
	// AttOptions are n_distinct and n_distinct_inherited, "name=value" (attoptions).
	AttOptions []string `json:"attOptions,omitempty"`
}

// StatTarget is attstattarget.
func (t Tuning) StatTarget() int32 {
	if t.Target == nil {
		return -1
	}
	return *t.Target
}

// Inheritance tells where a column or a CHECK of an inheriting table comes from.
type Inheritance struct {
	// Inherited counts the parents that have it (attinhcount, coninhcount).
	Inherited int16 `json:"inherited,omitempty"`
	// NotLocal: the table's own definition does not have it (not attislocal).
	NotLocal bool `json:"notLocal,omitempty"`
}

// System columns: like ctid, they exist in every resource and are not in *.
const (
	ColVersion       int16 = -1  // _v int
	ColETag          int16 = -2  // _etag text
	ColLastModified  int16 = -3  // _last_modified timestamptz
	ColContentLength int16 = -4  // _content_length int8
	ColHasContent    int16 = -5  // _has_content bool
	ColContent       int16 = -6  // _content bytea
	ColContentType   int16 = -7  // _content_type text
	ColTableOID      int16 = -8  // tableoid oid
	ColContentSize   int16 = -97 // the content's length int8, NULL without content; never named in SQL
	ColRowID         int16 = -98 // the id text as it stands in the key; never named in SQL
	ColRowImage      int16 = -99 // the row as read, for UPDATE and DELETE; never named in SQL
)

// ConstraintKind is pg_constraint.contype.
type ConstraintKind byte

// The kinds of constraint.
const (
	CheckConstraint   ConstraintKind = 'c'
	PrimaryConstraint ConstraintKind = 'p'
	UniqueConstraint  ConstraintKind = 'u'
	ForeignConstraint ConstraintKind = 'f'
	TriggerConstraint ConstraintKind = 't'
)

// Constraint of a relation. NOT NULL is Column.NotNull; the rules of s3db.js
// are the storage format's own checks.
type Constraint struct {
	OID     OID
	Name    string
	Kind    ConstraintKind
	Columns []int16
	// Expr is the SQL text of a CHECK.
	Expr string
	// Index of a primary or unique constraint.
	Index OID
	// Foreign keys: the referenced relation and columns, and the actions
	// (pg_constraint.confupdtype, confdeltype).
	RefRelation        OID
	RefColumns         []int16
	OnUpdate, OnDelete byte
	MatchFull          bool
	// DeleteColumns of ON DELETE SET NULL (…) or SET DEFAULT (…); all if empty.
	DeleteColumns []int16
	// Deferrable, and INITIALLY DEFERRED.
	Deferrable, Deferred bool
	// NotValid: rows that were there before have not been checked.
	NotValid bool
	// NoInherit: children do not get it (connoinherit).
	NoInherit bool
	Comment   string
	Inheritance
}

// ReferencedKey is the key of ref, the referenced relation, whose columns the foreign
// key c names, in any order; nil for none.
func (c *Constraint) ReferencedKey(ref *Relation) *Constraint {
	for _, key := range ref.Constraints {
		if key.Index != 0 && sameColumns(key.Columns, c.RefColumns) {
			return key
		}
	}
	return nil
}

// Covers says whether the index of a key has a column, as a part of the key or by INCLUDE.
func (r *Relation) Covers(key *Constraint, num int16) bool {
	return slices.Contains(key.Columns, num) || slices.ContainsFunc(r.Indexes, func(ix *Index) bool {
		return ix.OID == key.Index && slices.Contains(ix.Include, num)
	})
}

func sameColumns(a, b []int16) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// Column returns the column of that number, or nil.
func (r *Relation) Column(num int16) *Column {
	for _, c := range r.Columns {
		if c.Num == num {
			return c
		}
	}
	return nil
}

// ColumnByName returns the column of exactly that name, or nil.
func (r *Relation) ColumnByName(name string) *Column {
	for _, c := range r.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Stored says whether the relation has rows of its own, in a resource.
func (r *Relation) Stored() bool {
	return !r.Virtual && (r.Kind == Table || r.Kind == MaterializedView)
}

// IsTable says whether the relation is a table, partitioned or not.
func (r *Relation) IsTable() bool { return r.Kind == Table || r.Kind == PartitionedTable }

// Option is the value of a view's option, "" where it is not set.
func (r *Relation) Option(name string) string {
	for _, o := range r.Options {
		if value, ok := strings.CutPrefix(o, name+"="); ok {
			return value
		}
	}
	return ""
}

// VisibleColumns returns, in a slice of its own, the columns of SELECT * and of
// pg_attribute's ordinary rows: neither nested leaves nor system columns.
func (r *Relation) VisibleColumns() []*Column {
	var out []*Column
	for _, c := range r.Columns {
		if !c.Hidden && c.Num > 0 {
			out = append(out, c)
		}
	}
	return out
}

// PrimaryKey returns the primary index, or nil for views and catalogs.
func (r *Relation) PrimaryKey() *Index {
	for _, i := range r.Indexes {
		if i.Primary {
			return i
		}
	}
	return nil
}

// DeclaredConstraints are the constraints but for the key of a table that has none
// declared: its rows' hidden ids.
func (r *Relation) DeclaredConstraints() []*Constraint {
	key := r.HiddenKey()
	if key == nil {
		return r.Constraints
	}
	return slices.DeleteFunc(slices.Clone(r.Constraints), func(c *Constraint) bool { return c.Index == key.OID })
}

// HiddenKey is the key of a table that was made without one, which no one sees; nil
// for all others.
func (r *Relation) HiddenKey() *Index {
	key := r.PrimaryKey()
	if key == nil {
		return nil
	}
	for _, f := range key.Columns {
		if c := r.Column(f.Num); c != nil && c.Hidden {
			return key
		}
	}
	return nil
}

// PrimaryConstraint is the PRIMARY KEY of the table as SQL knows it, nil if it has
// none.
func (r *Relation) PrimaryConstraint() *Constraint {
	for _, c := range r.DeclaredConstraints() {
		if c.Kind == PrimaryConstraint {
			return c
		}
	}
	return nil
}

// Reader answers what the planner and the functions ask. It is a consistent
// snapshot: two calls never see different catalogs.
type Reader interface {
	Database() *Database
	Databases() []*Database
	// LargeObjectComments are the comments on large objects, of which the catalog knows
	// nothing else.
	LargeObjectComments() map[OID]string
	Schemas() []*Schema
	SchemaByName(name string) *Schema
	// Relation finds by schema and name; nil if there is none.
	Relation(schema, name string) *Relation
	RelationByOID(oid OID) *Relation
	// RelationOfIndex finds the relation that has the index; nil if none.
	RelationOfIndex(index OID) (*Relation, *Index)
	// IndexByName finds an index in a schema.
	IndexByName(schema, name string) (*Relation, *Index)
	// Relations of the database's own schemas and the virtual ones, by oid.
	Relations() []*Relation
	// Referencing are the tables with a foreign key to that one.
	Referencing(rel OID) []*Relation
	// Inheriting are the tables that name that one among their Parents, the oldest
	// first.
	Inheriting(rel OID) []*Relation
	// Sequences of the database's own schemas, by oid.
	Sequences() []*Relation
	Roles() []*Role
	// Access is that of an object that exists; its Owner is set.
	Access(o Object) Access
	// DefaultACLs and RoleSettings are what there is of both.
	DefaultACLs() []DefaultACL
	RoleSettings() []RoleSetting
	Types() *types.Registry
	// Routines are the functions, operators and casts of the database's own.
	Routines() *Routines
	// Version changes whenever anything in the snapshot differs.
	Version() uint64
}
