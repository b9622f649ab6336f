package parser

// Statement is one statement of a query message. It and everything it points
// to is shared and read-only.
type Statement struct {
	// Node is the tree, never nil. An extension statement has the tree of the
	// PostgreSQL statement it is closest to: CreateStmt, AlterTableStmt,
	// RenameStmt, DropStmt, VacuumStmt (for VERIFY too), CommentStmt.
	Node *Node
	// Source is the text of the whole message.
	Source string
	// Start and End are the byte offsets of the statement in Source, without
	// surrounding space, leading comments and the semicolon.
	Start, End int
	// Extension says which statement that PostgreSQL lacks this is. It must be
	// looked at before Node: VERIFY RESOURCE would pass for a VACUUM.
	Extension Extension
	// Create is set where Node is a CreateStmt.
	Create *CreateSpec
	// Alter is set where Node is an AlterTableStmt.
	Alter *AlterSpec
	// Rename is set where Node renames a column.
	Rename *RenameSpec
}

// Text returns the statement's own text.
func (s Statement) Text() string { return s.Source[s.Start:s.End] }

// Extension is a kind of statement that PostgreSQL does not have.
type Extension int

// The extension statements; NoExtension is a statement of PostgreSQL's own.
const (
	NoExtension Extension = iota
	CreateResource
	AlterResource
	DropResource
	VerifyResource
	VacuumResource
	RotateSecret
	CommentOnResource
)

var extensionNames = [...]string{
	"", "CREATE RESOURCE", "ALTER RESOURCE", "DROP RESOURCE", "VERIFY RESOURCE", "VACUUM RESOURCE", "ALTER RESOURCE", "COMMENT ON RESOURCE",
}

// String returns the leading words, "" for NoExtension.
func (e Extension) String() string { return extensionNames[e] }

// CreateSpec is what CREATE TABLE and CREATE RESOURCE say of the relation; the
// name, persistence, IF NOT EXISTS and WITH options are in the CreateStmt.
type CreateSpec struct {
	Columns     []ColumnSpec
	Constraints []*Constraint     // table constraints, in order
	Likes       []LikeClause      // LIKE clauses, in order
	Partitions  []PartitionClause // only CREATE RESOURCE has them
}

// LikeClause is LIKE table; its columns come after the first Before Columns.
type LikeClause struct {
	*TableLikeClause
	Before int
}

// ColumnSpec is a column in the order written. Its type is Def.TypeName, or
// where that is nil Rule, or Children, or both: the rule is then the object's
// own, s3db.js's $$type.
type ColumnSpec struct {
	Name     string
	Location int // of the name
	// Rule is an s3db.js rule, verbatim: name 'string|min:2'.
	Rule         *string
	RuleLocation int
	// Children are the attributes of a nested object: profile ( bio 'string' ).
	Children []ColumnSpec
	// Def has the constraints, collation and, for a plain SQL column, the type.
	Def *ColumnDef
}

// PartitionClause is PARTITION name BY ( field ['rule'], … ).
type PartitionClause struct {
	Name        string
	Location    int  // of the name
	IfNotExists bool // ALTER RESOURCE … ADD PARTITION IF NOT EXISTS
	Fields      []PartitionField
}

// PartitionField is one field of a partition: profile.country, or
// "createdAt" 'date|maxlength:10'.
type PartitionField struct {
	Path         []string
	Location     int     // of the path
	Rule         *string // nil: the field's own value
	RuleLocation int
}

// AlterSpec is what ALTER TABLE and ALTER RESOURCE do, action by action in the
// order written.
type AlterSpec struct{ Actions []AlterAction }

// AlterAction is one action. Exactly one of Cmd, AddPartition and
// DropPartition is set.
type AlterAction struct {
	Cmd *AlterTableCmd
	// Path is the column that Cmd names, one element per level; nil where it
	// names none. ALTER TABLE has one element; Cmd.Name is the path with dots.
	Path []string
	// Column is the new column of ADD COLUMN, or the new type of
	// ALTER COLUMN … TYPE (then without Name).
	Column        *ColumnSpec
	AddPartition  *PartitionClause
	DropPartition *DropPartition
}

// DropPartition is DROP PARTITION [IF EXISTS] name.
type DropPartition struct {
	Name     string
	Location int
	IfExists bool
}

// RenameSpec is the path of the column that RENAME COLUMN renames; the new
// name replaces its last element.
type RenameSpec struct{ Path []string }
