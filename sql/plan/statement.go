package plan

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/copyfmt"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Statement is a bound statement: one of the types below.
type Statement interface{ statement() }

// IndexCopy is an index that LIKE takes over from another table.
type IndexCopy struct {
	Def     *catalog.IndexDef
	Comment string
}

type (
	// Query is a statement that the planner and executor run: SELECT, VALUES,
	// INSERT, UPDATE, DELETE.
	Query struct {
		Root Node
		// Output are the visible result columns, in order; empty for DML without
		// RETURNING. Root may put out more (junk) columns.
		Output []Col
		// Params are the types of $1 …, inferred where not given.
		Params []*types.Type
		// Kind of the outermost statement, for the command tag.
		Kind QueryKind
		// Relations that the statement reads or writes, for privileges and for
		// invalidating cached plans.
		Relations []types.OID
		// Locks are those of tables that the statement needs before it runs.
		Locks []TableLock
		// ReadOnly statements may run in a read-only transaction.
		ReadOnly bool
		// Lock is " FOR UPDATE" or another locking clause of a SELECT, "" none.
		Lock string
		// Cursor says of which tables' rows a cursor's rows are.
		Cursor []CursorRow
		// CurrentOf: the statement changes a cursor's current row, so that it is
		// bound anew for each run.
		CurrentOf bool
		// ReadsAgain: see there; of a physical plan.
		ReadsAgain bool
	}
	// CursorRow says which column of Root tells the row of the table that a
	// cursor is on: its id, as text.
	// Of a tree, Members are its tables, and TableOID is the column that tells which
	// of them the row is of; otherwise none and 0.
	CursorRow struct {
		Relation types.OID
		Column   ColumnID
		Members  []types.OID
		TableOID ColumnID
	}
	// Explain is EXPLAIN of a Query.
	Explain struct {
		Query   *Query
		Analyze bool
		Verbose bool
		Costs   bool
		Buffers bool
		Timing  bool
		Summary bool
		Format  ExplainFormat
		// Makes is the table that Query is for (CREATE TABLE AS), which ANALYZE makes,
		// without its rows if NoData. Skipped: it exists already (IF NOT EXISTS), so
		// that there is no Query.
		Makes   *CreateTable
		NoData  bool
		Skipped *pgerr.Error
	}
	// Copy is COPY TO or COPY FROM.
	Copy struct {
		// From: the data come from the client, and Query inserts what its CopyScan
		// reads. Otherwise Query's rows go to the client.
		From  bool
		Query *Query
		// Relation is the table; nil for COPY (query).
		Relation *catalog.Relation
		Columns  []copyfmt.Column
		Options  copyfmt.Options // completed
		Freeze   bool
	}
	// CreateTable is CREATE TABLE or CREATE RESOURCE.
	CreateTable struct {
		Def         *catalog.TableDef
		IfNotExists bool
		// FromQuery: CREATE TABLE AS or SELECT INTO.
		FromQuery bool
		// As fills it; nil also WITH NO DATA.
		As *Query
		// Sequences are made before the table, and go with its columns.
		Sequences []ColumnSequence
		// Params are the values of As's parameters (CREATE TABLE AS EXECUTE).
		Params []any
		// Indexes of LIKE INCLUDING INDEXES, or of the partitioned table, that are no
		// constraints.
		Indexes []IndexCopy
		// Bound of PARTITION OF, nil for what is no partition.
		Bound   *PartitionBound
		Notices []*pgerr.Error
	}
	// AlterTable is ALTER TABLE or ALTER RESOURCE; Relation is 0 if IF EXISTS
	// found none.
	AlterTable struct {
		Tag      string // command tag; "" for ALTER TABLE
		Relation types.OID
		Name     string
		Actions  []catalog.AlterAction
		// Sequences are made for columns that it adds or makes identity columns;
		// Alter changes those of columns that are.
		Sequences []ColumnSequence
		Alter     []*AlterSequence
		// Attach is the bound of a table that becomes a partition.
		Attach *PartitionBound
		// Indexes are made besides.
		Indexes []IndexCopy
		Notices []*pgerr.Error
		// Children is what it does to the tables that inherit from that one, parents
		// before their children. New columns share the sequences.
		Children []*AlterTable
	}
	// ColumnSequence is the sequence of a serial or an identity column (Def says
	// which).
	ColumnSequence struct {
		Column string
		Def    *catalog.SequenceDef
	}
	// CreateSequence is CREATE SEQUENCE.
	CreateSequence struct {
		Def         *catalog.SequenceDef
		IfNotExists bool
	}
	// AlterSequence is ALTER SEQUENCE: its definition from now on. Relation is 0 if
	// IF EXISTS found none; Restart is nil without RESTART.
	AlterSequence struct {
		Relation types.OID
		Name     string
		Info     catalog.SequenceInfo
		Restart  *int64
	}
	// Refresh is REFRESH MATERIALIZED VIEW: Empty deletes its rows, nil where it
	// has none, and As makes the new ones, nil for WITH NO DATA.
	Refresh struct {
		Relation  types.OID
		Empty, As *Query
	}
	// Drop is DROP TABLE, RESOURCE, VIEW, INDEX, SCHEMA, TYPE, DOMAIN.
	Drop struct {
		Kind    DropKind
		Objects []DropObject
		Cascade bool
		// Missing are the notices of IF EXISTS.
		Missing []string
	}
	// Truncate is TRUNCATE.
	Truncate struct {
		Relations []types.OID
		// Restart: RESTART IDENTITY.
		Restart bool
		Cascade bool
	}
	// CreateIndex is CREATE INDEX.
	CreateIndex struct {
		Relation types.OID
		Def      *catalog.IndexDef
		// Skip: IF NOT EXISTS found it.
		Skip bool
		// Concurrently can't be done in a transaction block.
		Concurrently bool
		// Below are those of the partitions.
		Below []*CreateIndex
	}
	// CreateView is CREATE VIEW.
	CreateView struct {
		Def *catalog.ViewDef
		// BecomesTemporary: nobody said so, but it reads a temporary relation.
		BecomesTemporary bool
	}
	// CreateFunction is CREATE and ALTER FUNCTION, PROCEDURE and AGGREGATE: the
	// function as it is to be, with the oid of the one that it replaces. nil where
	// nothing is to be done.
	CreateFunction struct {
		Function *catalog.Function
		Tag      string
		Warnings []string
		// Notices are sent before it is made.
		Notices []*pgerr.Error
		// BodyAt is the byte offset of the body in the statement's source, -1 where it
		// does not stand there as it is.
		BodyAt int
		// Shell is the shell type to make first, which is the function's result; nil for
		// none.
		Shell *catalog.TypeDef
	}
	// CreateOperator is CREATE and ALTER OPERATOR.
	CreateOperator struct {
		Operator *catalog.Operator
		// Commutator and Negator are to point back to it.
		Commutator, Negator *catalog.Operator
		// SelfCommutator: it is its own.
		SelfCommutator bool
		Tag            string
		Warnings       []string
	}
	// CreateCast is CREATE CAST.
	CreateCast struct{ Cast *catalog.Cast }
	// CreateOpClass is CREATE OPERATOR CLASS and FAMILY, and ALTER of their names: the
	// family is made first, and is the class's if both are given.
	CreateOpClass struct {
		Tag     string
		Family  *catalog.OpFamily
		Class   *catalog.OpClass
		Members []catalog.OpMember
	}
	// AlterOpFamily is ALTER OPERATOR FAMILY … ADD and DROP.
	AlterOpFamily struct {
		Family types.OID
		Add    []catalog.OpMember
		Drop   []types.OID
	}
	// CreateExtension is CREATE EXTENSION: its script runs with names found in the
	// schema.
	CreateExtension struct {
		Name, Schema string
		Owner        catalog.OID
	}
	// DropExtension is DROP EXTENSION.
	DropExtension struct {
		Extensions []*catalog.Extension
		Cascade    bool
		// Missing are the notices of IF EXISTS.
		Missing []string
	}
	// CreateCollation is CREATE COLLATION. Skipped is the notice of IF NOT EXISTS.
	CreateCollation struct {
		Collation *catalog.Collation
		Skipped   string
	}
	// DropRoutines is DROP FUNCTION, PROCEDURE, ROUTINE, AGGREGATE, OPERATOR, CAST
	// and COLLATION.
	DropRoutines struct {
		Objects []RoutineObject
		Cascade bool
		// Missing are the notices of IF EXISTS.
		Missing []string
		Tag     string
	}
	// PutRole is CREATE and ALTER ROLE: the role as it is to be, but for its password
	// (SetPassword; "" is none) and memberships.
	PutRole struct {
		Role        *catalog.Role
		Tag         string
		SetPassword bool
		Password    string
		// EmptyPassword: one was given that is empty, which nobody can log in with.
		EmptyPassword bool
		Notices       []*pgerr.Error
		AddTo         []types.OID // roles that it becomes a member of
		Members       []RoleMember
	}
	// DropRoles is DROP ROLE; Missing are names that IF EXISTS did not find.
	DropRoles struct {
		Roles   []types.OID
		Missing []string
	}
	// GrantRoles is GRANT and REVOKE of memberships.
	GrantRoles struct {
		Revoke, Admin  bool
		Roles, Members []types.OID
		Grantor        types.OID
		// Tag is ALTER GROUP's; "" for GRANT ROLE and REVOKE ROLE.
		Tag string
	}
	// Grant is GRANT and REVOKE of privileges.
	Grant struct {
		Tag      string
		Items    []catalog.Grant
		Warnings []*pgerr.Error
	}
	// GrantDefault is ALTER DEFAULT PRIVILEGES.
	GrantDefault struct{ Items []DefaultGrant }
	// ChangeOwner is ALTER … OWNER TO.
	ChangeOwner struct {
		Object catalog.Object
		Owner  types.OID
		Tag    string
	}
	// OwnedBy is DROP OWNED and, with To, REASSIGN OWNED.
	OwnedBy struct {
		Roles   []types.OID
		To      types.OID
		Cascade bool
	}
	// RoleConfig is ALTER ROLE and ALTER DATABASE … SET.
	RoleConfig struct {
		Role, Database types.OID
		Tag            string
		// Name is "" for RESET ALL; Value nil for RESET.
		Name  string
		Value *string
	}
	// CreateSchema is CREATE SCHEMA.
	CreateSchema struct {
		Name        string
		IfNotExists bool
		// Owner is AUTHORIZATION's, 0 for the current role.
		Owner types.OID
	}
	// RenameSchema is ALTER SCHEMA … RENAME TO.
	RenameSchema struct{ From, To string }
	// CreateType is CREATE TYPE and CREATE DOMAIN.
	CreateType struct {
		Def *catalog.TypeDef
		// Notices are sent before it is made.
		Notices []*pgerr.Error
	}
	// AlterType is ALTER TYPE and ALTER DOMAIN, by Tag.
	AlterType struct {
		Type    types.OID
		Tag     string
		Actions []catalog.TypeAction
		Cascade bool
		// Skipped is the notice where nothing is to be done, nil for none.
		Skipped *pgerr.Error
		// Tables are what it does to the tables of the type.
		Tables []*AlterTable
	}
	// Rewritten is what rules made of an INSERT, UPDATE or DELETE: any number of queries.
	Rewritten struct {
		Kind    QueryKind // of the statement
		Queries []*Query
		// Tag is the place of the query whose rows and tag are the statement's, -1 none.
		Tag    int
		Params []*types.Type
	}
	// Nothing has been checked and changes nothing: OWNER TO the owner, DROP IF EXISTS
	// of what there is not.
	Nothing struct {
		Tag     string
		Notices []*pgerr.Error
	}
	// Comment is COMMENT ON.
	Comment struct {
		Object types.OID
		// Large: Object is a large object.
		Large  bool
		Column int16
		Text   string
	}
	// Vacuum is VACUUM and ANALYZE of tables.
	Vacuum struct {
		Relations []types.OID
		// Vacuum and Analyze say which of both was asked for.
		Vacuum, Analyze bool
		// Skipped are relations that are no tables: warnings.
		Skipped []string
	}
	// Verify is VERIFY RESOURCE, REINDEX and VACUUM RESOURCE: maintenance of one
	// table's references.
	Verify struct {
		Relations []types.OID
		Kind      VerifyKind
		Index     types.OID // REINDEX INDEX; 0 all
		// Outside is what can't run inside a transaction block, "" for what can.
		Outside string
	}
)

// RoleMember is a role that becomes a member of another one.
type RoleMember struct {
	Role  types.OID
	Admin bool
}

// DefaultGrant is one grant to what a role creates.
type DefaultGrant struct {
	Role  types.OID
	Grant catalog.Grant
}

// Apply is a role's memberships after the grant of a role.
func (g *GrantRoles) Apply(memberOf []catalog.Membership, role types.OID) []catalog.Membership {
	i := slices.IndexFunc(memberOf, func(m catalog.Membership) bool { return m.Role == role })
	switch {
	case i < 0 && !g.Revoke:
		return append(memberOf, catalog.Membership{Role: role, Grantor: g.Grantor, Admin: g.Admin})
	case i < 0:
	case g.Revoke && g.Admin:
		memberOf[i].Admin = false
	case g.Revoke:
		return slices.Delete(memberOf, i, i+1)
	default:
		memberOf[i].Admin = memberOf[i].Admin || g.Admin
	}
	return memberOf
}

// QueryKind is the kind of a Query.
type QueryKind uint8

// The kinds of query.
const (
	SelectQuery QueryKind = iota
	InsertQuery
	UpdateQuery
	DeleteQuery
	MergeQuery
	CallQuery
)

// ExplainFormat is EXPLAIN's FORMAT.
type ExplainFormat uint8

// The formats.
const (
	ExplainText ExplainFormat = iota
	ExplainJSON
	ExplainYAML
	ExplainXML
)

// DropKind is what DROP drops.
type DropKind uint8

// The droppable kinds.
const (
	DropTable DropKind = iota
	DropView
	DropIndex
	DropSchema
	DropSequence
	DropMaterializedView
	DropType
	DropDomain
)

// DropObject is one object of DROP.
type DropObject struct {
	OID  types.OID
	Name string
}

// RoutineObject is a function, operator or cast, and how messages call it
// ("function f(integer)").
type RoutineObject struct {
	OID         types.OID
	Class       RoutineClass
	Description string
}

// RoutineClass is the catalog that a RoutineObject is in.
type RoutineClass uint8

// The classes.
const (
	FunctionObject RoutineClass = iota
	OperatorObject
	CastObject
	CollationObject
	OpClassObject
	OpFamilyObject
)

// VerifyKind is a kind of maintenance.
type VerifyKind uint8

// The kinds of maintenance.
const (
	VerifyResource VerifyKind = iota
	Reindex
	VacuumResource
	RotateSecret // of the rows, not of their references
)

func (*Query) statement()           {}
func (*Explain) statement()         {}
func (*Copy) statement()            {}
func (*CreateTable) statement()     {}
func (*AlterTable) statement()      {}
func (*Refresh) statement()         {}
func (*Drop) statement()            {}
func (*Truncate) statement()        {}
func (*CreateIndex) statement()     {}
func (*CreateView) statement()      {}
func (*CreateSequence) statement()  {}
func (*AlterSequence) statement()   {}
func (*CreateSchema) statement()    {}
func (*RenameSchema) statement()    {}
func (*Comment) statement()         {}
func (*Rewritten) statement()       {}
func (*Nothing) statement()         {}
func (*Vacuum) statement()          {}
func (*Verify) statement()          {}
func (*CreateType) statement()      {}
func (*AlterType) statement()       {}
func (*CreateFunction) statement()  {}
func (*CreateExtension) statement() {}
func (*DropExtension) statement()   {}
func (*CreateOperator) statement()  {}
func (*CreateCast) statement()      {}
func (*CreateOpClass) statement()   {}
func (*AlterOpFamily) statement()   {}
func (*CreateCollation) statement() {}
func (*DropRoutines) statement()    {}
func (*PutRole) statement()         {}
func (*DropRoles) statement()       {}
func (*GrantRoles) statement()      {}
func (*Grant) statement()           {}
func (*GrantDefault) statement()    {}
func (*ChangeOwner) statement()     {}
func (*OwnedBy) statement()         {}
func (*RoleConfig) statement()      {}
