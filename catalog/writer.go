package catalog

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Tx is a catalog transaction: a Reader that sees its own changes. Nothing is
// visible to others before Commit, which is one conditional write of s3db.json
// (and one of our own object); a conflict with another writer is merged by
// resource where both changed different ones, and 40001 otherwise.
//
// Errors carry PostgreSQL's codes: 42P07, 42P01, 42701, 42703, 3F000, 22023 …
type Tx interface {
	Reader
	CreateSchema(ctx context.Context, name string, ifNotExists bool) error
	DropSchema(ctx context.Context, name string) error
	// RenameSchema gives a schema another name; what is in it goes along.
	RenameSchema(ctx context.Context, from, to string) error
	// CreateTable returns the new relation.
	CreateTable(ctx context.Context, def *TableDef) (*Relation, error)
	// AlterTable applies the actions in order.
	AlterTable(ctx context.Context, rel OID, actions []AlterAction) (*Relation, error)
	DropRelation(ctx context.Context, rel OID) error
	CreateIndex(ctx context.Context, rel OID, def *IndexDef) (*Index, error)
	DropIndex(ctx context.Context, index OID) error
	CreateView(ctx context.Context, def *ViewDef) (*Relation, error)
	CreateSequence(ctx context.Context, def *SequenceDef) (*Relation, error)
	// AlterSequence gives a sequence another definition.
	AlterSequence(ctx context.Context, seq OID, info SequenceInfo) (*Relation, error)
	// CreateType returns the new type; 42710 if the name is taken.
	CreateType(ctx context.Context, def *TypeDef) (*types.Type, error)
	// AlterType applies the actions in order.
	AlterType(ctx context.Context, typ OID, actions []TypeAction) error
	// DropType drops a type that nothing uses any more.
	DropType(ctx context.Context, typ OID) error
	// PutFunction adds a function (OID 0: it gets one), or replaces the one with
	// that oid; 42723 where the signature is taken. DropFunction removes one.
	PutFunction(ctx context.Context, f *Function) error
	DropFunction(ctx context.Context, oid OID) error
	// PutOperator, PutCast and PutCollation add or replace, as PutFunction does.
	PutOperator(ctx context.Context, o *Operator) error
	DropOperator(ctx context.Context, oid OID) error
	PutCast(ctx context.Context, c *Cast) error
	DropCast(ctx context.Context, oid OID) error
	PutCollation(ctx context.Context, c *Collation) error
	// PutExtension adds or replaces an extension, and DropExtension forgets it; its
	// members are made and dropped one by one.
	PutExtension(ctx context.Context, e *Extension) error
	DropExtension(ctx context.Context, oid OID) error
	DropCollation(ctx context.Context, oid OID) error
	// PutOpFamily adds or replaces an operator family, and returns its oid; DropOpFamily
	// takes its classes and members with it.
	PutOpFamily(ctx context.Context, f *OpFamily) (OID, error)
	DropOpFamily(ctx context.Context, oid OID) error
	// PutOpClass adds an operator class with its members, or replaces the one with that
	// oid and keeps its members; DropOpClass takes them with it.
	PutOpClass(ctx context.Context, c *OpClass, members []OpMember) error
	DropOpClass(ctx context.Context, oid OID) error
	// AlterOpFamily adds members that no class has to a family, and drops some by oid.
	AlterOpFamily(ctx context.Context, family OID, add []OpMember, drop []OID) error
	// PutRole adds a role (OID 0: it gets one) or replaces the one with that oid;
	// 42710 where the name is taken. DropRole removes one, and its memberships.
	PutRole(ctx context.Context, r *Role) error
	DropRole(ctx context.Context, oid OID) error
	// SetCreator says who owns what the following changes create.
	SetCreator(role OID)
	// Grant changes the access list of an object: 0LP01, 2BP01.
	Grant(ctx context.Context, g Grant) error
	// SetOwner gives an object to another role, a table with its sequences and types.
	SetOwner(ctx context.Context, o Object, owner OID) error
	// GrantDefault changes what objects begin with that a role creates: g's Kind, and
	// as its Object the schema, or none.
	GrantDefault(ctx context.Context, role OID, g Grant) error
	// RevokeAll takes from a role all that it was granted, and its default privileges.
	RevokeAll(ctx context.Context, role OID) error
	// PutRoleSetting replaces the settings of a role in a database; none removes them.
	PutRoleSetting(ctx context.Context, s RoleSetting) error
	// SetComment on a relation (column 0), a column, an index, a type or a
	// domain's constraint.
	SetComment(ctx context.Context, object OID, column int16, comment string) error
	// SetLargeObjectComment sets the comment on a large object, or with "" removes it.
	SetLargeObjectComment(ctx context.Context, oid OID, comment string) error
	// MarkIndexComplete records that an index holds a reference for every row.
	MarkIndexComplete(ctx context.Context, index OID, complete bool) error
	// Save returns the present state, RollbackTo comes back to it (savepoints).
	Save() Mark
	RollbackTo(m Mark)
	// Changed says whether Commit would write.
	Changed() bool
	// Commit writes. entrust, which may be nil, is called before, and gives the tag of the
	// rows that are to count at the same moment (storage.Unit.Entrust), "" for none. 08007
	// if the store does not tell whether it was written.
	Commit(ctx context.Context, entrust func(context.Context) (tag string, err error)) error
	Rollback()
}

// Mark is a state of a Tx; only the Tx that made it looks inside.
type Mark any

// Catalog hands out snapshots and transactions of one database.
type Catalog interface {
	// Snapshot returns the current one without I/O.
	Snapshot() Reader
	// Begin starts a transaction on the current snapshot.
	Begin() Tx
	// Refresh looks whether another writer changed the catalog (one conditional
	// request) and loads it if so.
	Refresh(ctx context.Context) error
}

// TableDef is CREATE TABLE or CREATE RESOURCE after binding: everything
// resolved but the s3db.js rules, which storage interprets.
type TableDef struct {
	Schema      string
	Name        string
	Columns     []ColumnDef
	PrimaryKey  []string // column names; empty: the implicit id
	PrimaryName string
	// PrimaryInclude are the columns of the primary key's INCLUDE.
	PrimaryInclude []string
	Unique         []UniqueDef
	Checks         []CheckDef
	Foreign        []Constraint // RefRelation resolved; Columns by position in Columns (1-based)
	Partitions     []IndexDef
	// Options of WITH (…), lower-case names, values as text.
	Options map[string]string
	// Resource: made by CREATE RESOURCE (id and timestamps as s3db.js has them).
	Resource bool
	// Query is the SELECT of a materialized view; "" for a table.
	Query string
	// Populated: the materialized view is filled by the statement that makes it.
	Populated bool
	// OnCommit of a table in a temporary schema.
	OnCommit OnCommit
	Unlogged bool
	// Parents of INHERITS, or the partitioned table of PARTITION OF.
	Parents []OID
	// OfType is the composite type of CREATE TABLE OF, 0 for none.
	OfType OID
	// Partitioning of PARTITION BY, and the Bound of PARTITION OF.
	Partitioning *Partitioning
	Bound        *PartitionBound
	// Triggers that a partition has from its parent; Columns as those of Foreign.
	Triggers []PutTrigger
	Comment  string
}

// ColumnDef is one column of a TableDef. Exactly one of Rule, Type and Children
// is the primary source of its type.
type ColumnDef struct {
	Name     string
	Rule     string // s3db.js rule, "" if none
	Type     OID    // resolved SQL type, 0 with a Rule or Children
	Typmod   int32
	Dims     int16       // declared dimensions of an array
	Children []ColumnDef // a nested object
	NotNull  bool
	Default  string
	Identity byte
	// Generated expression text, "" if none.
	Generated string
	Collation OID // 0 for the type's own
	Comment   string
	Inheritance
	Tuning
}

// UniqueDef is a UNIQUE constraint or index.
type UniqueDef struct {
	Name    string
	Columns []string
	// Primary: a PRIMARY KEY that was added to a table made without one. Its rows are
	// still kept under ids of their own.
	Primary bool
	// Deferrable, and INITIALLY DEFERRED.
	Deferrable, Deferred bool
	IndexShape
}

// CheckDef is a CHECK constraint; Expr is SQL text.
type CheckDef struct {
	Name string
	Expr string
	// NotValid: the rows that are there are not checked.
	NotValid  bool
	NoInherit bool
	Inheritance
}

// ViewDef is CREATE VIEW after binding.
type ViewDef struct {
	Schema     string
	Name       string
	Columns    []ColumnDef
	Definition string
	Options    []string // "name=value"
	Replace    bool
}

// AlterAction is one subcommand of ALTER TABLE; one of the types below.
type AlterAction interface{ alterAction() }

// The ALTER TABLE actions.
type (
	AddColumn struct {
		Column      ColumnDef
		Parent      string // dotted name of the object it is added to, "" top level
		IfNotExists bool
		Unique      bool
		Primary     bool
		Check       []CheckDef
		Foreign     []Constraint // their column's number is 0
		// Fill is what the rows that are there get where the column has no default:
		// its domain's, or the NULL that the domain must allow.
		Fill string
	}
	DropColumn struct {
		Name     string // dotted for nested leaves
		IfExists bool
		// Cascade: the foreign keys to it and the views over it were dropped too.
		Cascade bool
	}
	RenameColumn struct {
		From, To string
		// Texts are the table's expressions that name the column, each with what takes
		// its place.
		Texts map[string]string
	}
	// Reword replaces the table's expressions, by how they were written.
	Reword struct{ Texts map[string]string }
	// DropExpression makes a generated column an ordinary one.
	DropExpression struct{ Name string }
	RenameTable    struct{ To string }
	SetSchema      struct{ Schema string }
	// AlterType changes type or rule; Using is SQL text or "". A new rule keeps the type:
	// it says what later writes must meet, and how they are stored.
	AlterType struct {
		Name   string
		Rule   string
		Type   OID
		Typmod int32
		Dims   int16
		// Collation is 0 for the type's own.
		Collation OID
		Using     string
		// Texts are the CHECKs and index predicates that name the column, as the old type
		// has them understood, by how they were written.
		Texts map[string]string
		// Relabel says that every value is one of the new type as it stands.
		Relabel bool
		// InKey says that the column is of the key that rows' ids are made of, and that
		// values have the same text in it in both types.
		InKey bool
		// Interim only adds the column InterimName of the new type, for the values
		// to be converted into. Without it, that column takes the old one's place.
		Interim bool
	}
	// SetClustered is CLUSTER, CLUSTER ON and, with 0, SET WITHOUT CLUSTER.
	SetClustered struct{ Index OID }
	// SetLogged is SET LOGGED and SET UNLOGGED.
	SetLogged struct{ Unlogged bool }
	// Tune changes what is kept of a column's Tuning: what is nil stays.
	Tune struct {
		Name                 string
		Storage, Compression *byte
		Target               *int32
		Options              *[]string
	}
	// SetReplicaIdentity is REPLICA IDENTITY: pg_class.relreplident, and the index of 'i'.
	SetReplicaIdentity struct {
		Kind  byte
		Index OID
	}
	// SetRowSecurity is ENABLE, DISABLE, FORCE and NO FORCE ROW LEVEL SECURITY: what is nil
	// stays. PutPolicy adds a policy (OID 0: it gets one) or replaces the one with that oid.
	SetRowSecurity struct{ Enabled, Forced *bool }
	PutPolicy      struct{ Policy Policy }
	DropPolicy     struct{ Name string }
	SetDefault     struct{ Name, Default string } // "" drops it
	SetNotNull     struct {
		Name    string
		NotNull bool
	}
	AddConstraint struct {
		Kind    ConstraintKind
		Unique  UniqueDef
		Check   CheckDef
		Foreign Constraint
		// UsingIndex is the unique index that becomes a constraint, with Unique's name.
		UsingIndex OID
		// Added are the columns that the same ALTER TABLE adds, by the numbers that
		// Foreign has them under.
		Added map[int16]string
	}
	DropConstraint struct {
		Name     string
		IfExists bool
		// Cascade: the foreign keys that need it were dropped too.
		Cascade bool
		// Key says that it is the key that rows' ids are made of: its columns become
		// ordinary ones. Interim only adds a column InterimName for each of them.
		Key, Interim bool
	}
	RenameConstraint struct{ From, To string }
	// ValidateConstraint ends NOT VALID: of a CHECK with this Expr, or of a
	// foreign key.
	ValidateConstraint struct{ Name, Expr string }
	// AlterConstraint changes when a foreign key is checked.
	AlterConstraint struct {
		Name                 string
		Deferrable, Deferred bool
	}
	// SetInheritance says where a column or a CHECK comes from; one of both names is "".
	SetInheritance struct {
		Column, Check string
		Inheritance
	}
	// SetParents makes a table inherit from these, in that order.
	SetParents struct{ Parents []OID }
	// PutRule adds a rule (OID 0: it gets one) or replaces the one with that oid: 42710
	// where the name is taken. DropRule removes one: 42704.
	PutRule  struct{ Rule }
	DropRule struct{ Name string }
	// SetDefinition gives a view or materialized view another text of the same query.
	SetDefinition struct{ Definition string }
	// SetOfType makes a table one of a composite type, or with 0 of none.
	SetOfType struct{ Type OID }
	// SetIdentity makes a column an identity column ('a', 'd'), or none (0).
	SetIdentity struct {
		Name     string
		Identity byte
	}
	AddPartition  struct{ Partition IndexDef }
	DropPartition struct {
		Name     string
		IfExists bool
	}
	SetOptions struct {
		Options map[string]string
		Reset   []string
	}
	// SetIndexOptions are the options, "name=value", that an index has from now on.
	SetIndexOptions struct {
		Index   OID
		Options []string
	}
	// ChangeOwner gives the relation to another role.
	ChangeOwner struct{ Owner OID }
	// SetPopulated says whether a materialized view has been filled.
	SetPopulated struct{ Populated bool }
	// SetBound makes the table a partition of its parent, or with nil one no more.
	SetBound struct{ Bound *PartitionBound }
	// SetViewOptions are SetOptions of a view: all that it has afterwards.
	SetViewOptions struct{ Options []string }
)

// InterimName is the column that takes a column's converted values.
func InterimName(column string) string { return column + "~" }

func (AddColumn) alterAction()          {}
func (DropColumn) alterAction()         {}
func (RenameColumn) alterAction()       {}
func (RenameTable) alterAction()        {}
func (SetSchema) alterAction()          {}
func (AlterType) alterAction()          {}
func (SetDefault) alterAction()         {}
func (SetNotNull) alterAction()         {}
func (AddConstraint) alterAction()      {}
func (DropConstraint) alterAction()     {}
func (RenameConstraint) alterAction()   {}
func (ValidateConstraint) alterAction() {}
func (AlterConstraint) alterAction()    {}
func (SetInheritance) alterAction()     {}
func (SetClustered) alterAction()       {}
func (SetReplicaIdentity) alterAction() {}
func (SetLogged) alterAction()          {}
func (Tune) alterAction()               {}
func (SetRowSecurity) alterAction()     {}
func (PutPolicy) alterAction()          {}
func (DropPolicy) alterAction()         {}
func (SetParents) alterAction()         {}
func (SetOfType) alterAction()          {}
func (SetDefinition) alterAction()      {}
func (PutRule) alterAction()            {}
func (DropRule) alterAction()           {}
func (SetIdentity) alterAction()        {}
func (DropExpression) alterAction()     {}
func (AddPartition) alterAction()       {}
func (DropPartition) alterAction()      {}
func (SetOptions) alterAction()         {}
func (SetIndexOptions) alterAction()    {}
func (SetPopulated) alterAction()       {}
func (SetViewOptions) alterAction()     {}
func (SetBound) alterAction()           {}
func (Reword) alterAction()             {}
func (ChangeOwner) alterAction()        {}
