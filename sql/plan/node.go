package plan

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// ContentSlice is a part of content, as substring(_content FROM from FOR length) names it;
// Length is nil for all that follows. Neither depends on a row.
type ContentSlice struct{ From, Length Expr }

// Col describes one output column of a node.
type Col struct {
	ID   ColumnID
	Name string
	Type *types.Type
	Mod  int32
	// Relation and Num are the table column it comes straight from, or 0: for
	// RowDescription.
	Relation types.OID
	Num      int16
}

// ColumnTypes are the types of columns.
func ColumnTypes(cols []Col) []*types.Type {
	ts := make([]*types.Type, len(cols))
	for i, c := range cols {
		ts[i] = c.Type
	}
	return ts
}

// Node is a plan node. Nodes are not changed once made but for the planner's
// estimates; rewriting copies.
type Node interface {
	// Columns are the outputs in order.
	Columns() []Col
	// Inputs are the child nodes.
	Inputs() []Node
	// WithInputs copies the node with other children.
	WithInputs(in []Node) Node
	// Exprs are the node's own expressions.
	Exprs() []Expr
	// WithExprs copies the node with other expressions, in the order of Exprs.
	WithExprs(es []Expr) Node
	// Est is the planner's estimate, which EXPLAIN prints.
	Est() *Estimate
}

// Base is embedded in every node.
type Base struct{ Estimate Estimate }

// Est implements Node.
func (b *Base) Est() *Estimate { return &b.Estimate }

// Estimate of a node and its inputs.
type Estimate struct {
	Rows float64
	Cost Cost
}

// Cost is what a plan is expected to take.
type Cost struct {
	// Requests by kind.
	Head, Get, List, Put, Delete float64
	Bytes                        float64 // read from the store
	Waves                        float64 // dependent round trips
	CPU                          float64 // rows × operators
	// Startup is the Total before the first row, Total the folded number; both in
	// the units of cost.go.
	Startup, Total float64
}

// JoinKind is a kind of join.
type JoinKind uint8

// The kinds of join. Semi and Anti put out the left columns only, RightSemi and
// RightAnti, which only HashJoin knows, the right ones.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	SemiJoin
	AntiJoin
	RightSemiJoin
	RightAntiJoin
)

// Logical nodes: made by the binder, gone after planning.
type (
	// Scan reads a relation. Cols are the columns that are used (the binder lists
	// all, pruning shortens); Nums are their attnums.
	Scan struct {
		Base
		Rel   *catalog.Relation
		Alias string
		Cols  []Col
		Nums  []int16
		// Filter is what push-down has brought here: evaluated on every row.
		Filter Expr
		// Limit is what limit push-down has brought here, -1 none.
		Limit int64
		// Content is the part of _content that is read, nil for all.
		Content *ContentSlice
		// RowID, if not "", is the id of the only row wanted (WHERE CURRENT OF).
		RowID string
		// Members are Rel and all tables that inherit from it, where the scan reads
		// them too. A column with Nums 0 is one of the member that its Col names, and
		// NULL elsewhere.
		Members []*catalog.Relation
		// Parts are the partitions of Rel, of which Members are those with rows; nil for
		// a table that is not partitioned.
		Parts *partition.Tree
		// Hashes are the functions of the database's that hash keys of Parts, by oid.
		Hashes map[types.OID]*funcs.Func
	}
	// Join joins two inputs. On is nil for a cross join. Lateral: Right uses
	// columns of Left.
	Join struct {
		Base
		Kind        JoinKind
		Left, Right Node
		On          Expr
		Lateral     bool
		// NullAware marks an Anti join made from NOT IN: a NULL on either side
		// makes the test unknown.
		NullAware bool
	}
	// Aggregate groups. Its columns are GroupCols then AggCols. Sets lists the
	// grouping sets by position in GroupBy; nil means one set of all.
	Aggregate struct {
		Base
		Input     Node
		GroupBy   []Expr
		GroupCols []Col
		Aggs      []*Agg
		AggCols   []Col
		Sets      [][]int
		// Groupings are GROUPING() calls; their columns follow AggCols.
		Groupings    []*GroupingCall
		GroupingCols []Col
	}
	// SetOp is UNION, INTERSECT or EXCEPT over inputs with equally typed columns.
	SetOp struct {
		Base
		Kind        SetOpKind
		All         bool
		Left, Right Node
		Cols        []Col
	}
)

// SetOpKind is a kind of SetOp.
type SetOpKind uint8

// The set operations.
const (
	Union SetOpKind = iota
	Intersect
	Except
)

// Nodes of both sides.
type (
	// Filter keeps rows for which Cond is true.
	Filter struct {
		Base
		Input Node
		Cond  Expr
	}
	// SecurityBarrier keeps conditions from above that could tell of the rows of Input
	// which they do not let through (leaky functions) from moving below: row-level
	// security, security_barrier views. It is gone from physical plans.
	SecurityBarrier struct {
		Base
		Input Node
	}
	// Project computes Cols from Values.
	Project struct {
		Base
		Input  Node
		Values []Expr
		Cols   []Col
	}
	// ProjectSet is Project with set-returning calls among Values: one row per
	// element, the others repeated, shorter sets padded with NULL.
	ProjectSet struct {
		Base
		Input  Node
		Values []Expr
		Cols   []Col
	}
	// Values puts out constant rows. No rows and no columns: an empty result; one
	// row and no columns: SELECT without FROM.
	Values struct {
		Base
		Rows [][]Expr
		Cols []Col
	}
	// FuncScan is set-returning (or scalar) functions in FROM. Calls run side by
	// side (ROWS FROM); Ordinality adds a last bigint column.
	FuncScan struct {
		Base
		Calls      []Expr // *Call, or another expression for a scalar
		Cols       []Col
		Widths     []int // number of columns of each call
		Ordinality bool
		Alias      string
	}
	// Sort orders its input.
	Sort struct {
		Base
		Input Node
		Keys  []SortKey
	}
	// Limit skips Offset rows and passes Count; nil means none. WithTies passes
	// the peers of the last row by Keys.
	Limit struct {
		Base
		Input         Node
		Count, Offset Expr
		WithTies      bool
		Keys          []SortKey
	}
	// DistinctRows keeps the first row of each group of equal rows: by On if
	// given (DISTINCT ON), else by all columns.
	DistinctRows struct {
		Base
		Input Node
		On    []Expr
	}
	// Sample keeps a part of a table's rows (TABLESAMPLE): those whose ID hashes
	// with Seed (float8) to less than Percent (float4). Explicit: Seed is
	// REPEATABLE's.
	Sample struct {
		Base
		Input    Node
		Method   string
		ID       Expr
		Percent  Expr
		Seed     Expr
		Explicit bool
	}
	// LockRows locks the rows of its input, and puts them under the transaction's
	// conflict check: FOR UPDATE and its family.
	LockRows struct {
		Base
		Input Node
		Rels  []LockedRel
	}
	// Window adds columns computed by window functions that share one
	// specification.
	Window struct {
		Base
		Input       Node
		PartitionBy []Expr
		OrderBy     []SortKey
		Frame       Frame
		Calls       []*Win
		Cols        []Col // of Calls; the output is the input's columns and these
	}
	// With defines common table expressions for Body. Each CTE's plan is run at
	// most once per execution, on demand.
	With struct {
		Base
		CTEs []*CTE
		Body Node
	}
	// CTEScan reads a CTE.
	CTEScan struct {
		Base
		CTE  *CTE
		Cols []Col
		Name string
	}
	// RecursiveUnion is WITH RECURSIVE: Seed, then Step over the rows of the last
	// round (a WorkTable with the same ID) until there are none.
	RecursiveUnion struct {
		Base
		ID         int
		Seed, Step Node
		All        bool
		Cols       []Col
	}
	// NamedTuplestoreScan reads a transition table of the trigger whose function
	// runs the query.
	NamedTuplestoreScan struct {
		Base
		Name string
		Cols []Col
	}
	// WorkTable reads the last round of RecursiveUnion ID.
	WorkTable struct {
		Base
		ID   int
		Cols []Col
	}
	// CopyScan reads the rows that the client sends (COPY FROM); its last column
	// is the number of the line, as int8.
	CopyScan struct {
		Base
		Cols []Col
	}
)

// LockedRel is a table of LockRows: ID and ETag are the columns of its scan
// (catalog.ColRowID, catalog.ColETag), NULL where an outer join has no row. Of a tree,
// Members are its tables, and TableOID tells which of them a row is of.
type LockedRel struct {
	OID      types.OID
	Name     string
	ID, ETag Expr
	Members  []types.OID
	TableOID Expr
	// Row is ID as the scan has it: the row alone can be read again by it.
	Row      ColumnID
	Strength LockStrength
	Wait     LockWait
}

// LockStrength is how a row is locked, the weakest first (LockClauseStrength).
type LockStrength uint8

// The strengths.
const (
	LockForKeyShare LockStrength = iota
	LockForShare
	LockForNoKeyUpdate
	LockForUpdate
)

// LockWait says what becomes of a row that another transaction has locked
// (LockWaitPolicy).
type LockWait uint8

// The policies, the one that counts most last.
const (
	LockWaitBlock LockWait = iota
	LockWaitSkip
	LockWaitError
)

// CTE is one WITH query. It is shared by its CTEScans, which find each other by
// pointer: rewriting a plan sets Plan in place.
type CTE struct {
	Name string
	Plan Node
	// Materialized is what the user said: 'd' default, 'a' always, 'n' never.
	Materialized byte
	// Modifies: a data-modifying WITH; it runs exactly once, to the end.
	Modifies bool
	Refs     int
}

// Frame is a window frame.
type Frame struct {
	Mode         FrameMode
	Start, End   FrameBound
	StartOffset  Expr
	EndOffset    Expr
	Exclude      FrameExclude
	InRangeStart *Call // in_range support for RANGE offsets
	InRangeEnd   *Call
}

// FrameMode is ROWS, RANGE or GROUPS.
type FrameMode uint8

// The frame modes.
const (
	FrameRange FrameMode = iota
	FrameRows
	FrameGroups
)

// FrameBound is one end of a frame.
type FrameBound uint8

// The frame bounds.
const (
	UnboundedPreceding FrameBound = iota
	OffsetPreceding
	CurrentRow
	OffsetFollowing
	UnboundedFollowing
)

// FrameExclude is EXCLUDE.
type FrameExclude uint8

// The exclusions.
const (
	ExcludeNothing FrameExclude = iota
	ExcludeCurrentRow
	ExcludeGroup
	ExcludeTies
)

// Physical nodes: made by the planner.
type (
	// TableScan reads a table by one access path. Nums are the columns that are
	// read, Filter is the whole predicate (rechecked on every row, whatever the
	// path used of it).
	TableScan struct {
		Base
		Rel    *catalog.Relation
		Alias  string
		Cols   []Col
		Nums   []int16
		Filter Expr
		Limit  int64 // -1 none
		Path   AccessPath
		// Content is the part of _content that is read, nil for all.
		Content *ContentSlice
		// Rejected tells EXPLAIN why other partitions were not used.
		Rejected []string
		// RowID, if not "", is the id of the only row wanted, whatever Path says.
		RowID string
	}
	// VirtualScan reads a catalog relation. Keys are equalities that its lookup
	// can use (column number → expression).
	VirtualScan struct {
		Base
		Rel    *catalog.Relation
		Alias  string
		Cols   []Col
		Nums   []int16
		Filter Expr
		Keys   map[int16]Expr
	}
	// HashJoin builds a hash table of Right by RightKeys and probes it with Left.
	// Residual is evaluated on pairs.
	HashJoin struct {
		Base
		Kind                JoinKind
		Left, Right         Node
		LeftKeys, RightKeys []Expr
		Eq                  []*Call // the = of each key pair
		Residual            Expr
		NullAware           bool
		// Feeds are what scans below Left get of the right keys.
		Feeds []*Feed
	}
	// MergeJoin joins inputs sorted by their keys.
	MergeJoin struct {
		Base
		Kind                JoinKind
		Left, Right         Node
		LeftKeys, RightKeys []SortKey
		Residual            Expr
	}
	// NestLoop runs Right for each batch of Left (Lateral: for each row, with
	// Left's columns as outer columns).
	NestLoop struct {
		Base
		Kind        JoinKind
		Left, Right Node
		On          Expr
		Lateral     bool
		// Outer lists the columns of Left that Right uses.
		Outer []ColumnID
	}
	// LookupJoin fetches rows of a table by point or partition for each distinct
	// key of Left.
	LookupJoin struct {
		Base
		Kind     JoinKind // inner, left, semi, anti
		Left     Node
		Right    *TableScan // its Path has Keys over Left's columns
		Keys     []Expr
		Residual Expr
	}
	// HashAggregate groups by hashing, or into one group without GroupBy.
	HashAggregate struct {
		Base
		Aggregate *Aggregate
		Input     Node
	}
	// GroupAggregate groups an input sorted by its keys.
	GroupAggregate struct {
		Base
		Aggregate *Aggregate
		Input     Node
	}
	// TopN is Sort and Limit in one. Presorted: the scan below, by way of filters and
	// projections alone, may give its rows in the order of Keys.
	TopN struct {
		Base
		Input         Node
		Keys          []SortKey
		Count, Offset Expr
		Presorted     bool
	}
	// Append puts out one input after the other (UNION ALL).
	Append struct {
		Base
		Children []Node
		Cols     []Col
		// Rels are the partitions that Children read, of which Pruning leaves out some
		// when the plan runs; nil where it knows of none.
		Rels    []*catalog.Relation
		Pruning *Pruning
	}
	// HashSetOp is INTERSECT, EXCEPT and UNION by hashing.
	HashSetOp struct {
		Base
		Kind        SetOpKind
		All         bool
		Left, Right Node
		Cols        []Col
	}
)

// AccessPath is a storage.Path whose arguments are expressions without columns
// of the scan (constants, parameters, outer columns); the executor evaluates
// them when the scan starts. A key or prefix with a NULL in it finds nothing.
type AccessPath struct {
	Kind  storage.PathKind
	Index *catalog.Index // of PointGet, UniqueGet and the partition paths
	// Key has one KeyTerm per column of the primary key or the unique index:
	// PointGet or UniqueGet of their product.
	Key []KeyTerm
	// Prefix has one KeyTerm for each field of the leading run.
	Prefix          []KeyTerm
	Low, High       *Bound // on the field after the run
	KeyLow, KeyHigh *Bound // on the first primary key column; of partition paths with all fields too
	// Arms of Intersection and Union.
	Arms []AccessPath
	// Used are the predicates that became the path, for EXPLAIN.
	Used []Expr
	// Kept, if not nil, is tried first: Kind is for columns that are not in memory
	// (any more).
	Kept *KeptKey
}

// KeptKey reads rows by the values of columns that stand in memory, by an index that
// is made when it is first used.
type KeptKey struct {
	// Nums are the columns' numbers, all of them among the scan's.
	Nums []int16
	// Terms has one KeyTerm for each of them: rows with their product. Or Feed has the
	// values.
	Terms []KeyTerm
	Feed  *Feed
}

// Feed are keys that a hash join has built its table of, and hands to a scan below its
// other input: rows with other keys would find no match. What a Feed is known by is
// its address: the join and the scan have the same.
type Feed struct {
	// Keys are the positions of the KeptKey's columns among the join's keys.
	Keys []int
}

// KeyTerm is the alternatives of one field in the leading run: values by = and
// IN, arrays by = ANY.
type KeyTerm struct {
	Values []Expr
	Arrays []Expr
}

// Bound is one end of a range: a value of the column's type, or for LIKE 'x%'
// a text prefix.
type Bound struct {
	Value     Expr
	Inclusive bool
	Prefix    bool
}

// Modifying nodes.
type (
	// Insert writes the rows of Input, whose columns are the target's Nums in
	// order. Its output is Returning over Cols of the target.
	Insert struct {
		Base
		Rel   *catalog.Relation
		Input Node
		Nums  []int16
		// Generated are the values of the generated columns, over Target columns.
		Generated []Assignment
		// Checks are CHECK constraints over Target columns, with their names.
		Checks []Check
		// Target are the columns of the target row, as Returning, Checks and
		// OnConflict see it.
		Target     []Col
		TargetNums []int16
		OnConflict *OnConflict
		Returning  []Expr
		Cols       []Col // of Returning
		// Line is the column of Input with the number of the line that a row came
		// from (CopyScan), for errors; 0 none.
		Line ColumnID
		// Triggers are those of INSERT, and with OnConflict of UPDATE.
		Triggers *Triggers
		// Routing of a partitioned table's rows, over Target columns, or of a
		// partition's, to check them; nil for other tables.
		Routing *Routing
		// Shown is what errors may show of a row; nil: all of it.
		Shown *Shown
	}
	// Update writes Sets into the rows that Input finds. Input yields the
	// target's columns (Target, in TargetNums order, with ColRowImage last) and
	// whatever FROM adds.
	Update struct {
		Base
		Rel        *catalog.Relation
		Input      Node
		Target     []Col
		TargetNums []int16
		Image      ColumnID
		Sets       []Assignment
		// Generated are the values of generated columns, over what Checks see.
		Generated []Assignment
		Checks    []Check
		Returning []Expr
		Cols      []Col
		// Members are the tables of a tree, none for one table; TableOID is the column
		// of Input that tells which of them a row is of.
		Members  []Member
		TableOID ColumnID
		Triggers *Triggers
		// Routing of rows that may leave their partition, over what Checks see; nil
		// where none can.
		Routing *Routing
		Shown   *Shown // see Insert
	}
	// Delete deletes the rows that Input finds; Image is their ColRowImage.
	Delete struct {
		Base
		Rel        *catalog.Relation
		Input      Node
		Target     []Col
		TargetNums []int16
		Image      ColumnID
		Returning  []Expr
		Cols       []Col
		// Members, TableOID and Triggers as Update has them.
		Members  []Member
		TableOID ColumnID
		Triggers *Triggers
	}
	// Member is one table of the tree that an UPDATE or DELETE changes.
	Member struct {
		Rel *catalog.Relation
		// Nums are the statement's Target columns in this table, 0 for those that it
		// has not; SetNums those of Sets.
		Nums, SetNums []int16
		Generated     []Assignment
		Checks        []Check
		// Triggers are its own; the statement's are the root's.
		Triggers *Triggers
	}
)

// Shown are the columns that the details of errors may show to the client, by their
// numbers in the statement's table (ExecBuildSlotValueDescription,
// BuildIndexValueDescription): those that it may read, and those that it writes.
type Shown struct {
	All            bool
	Read, Modified map[int16]bool
}

// MERGE.
type (
	// Merge gives each row of Input to the first of Actions that wants it, and
	// then runs them. Input yields the columns of the target, with Image NULL where
	// no row of it matched, and those of the source.
	Merge struct {
		Base
		Rel     *catalog.Relation
		Input   Node
		Image   ColumnID
		Actions []MergeAction
		// Members and TableOID as Update has them.
		Members  []Member
		TableOID ColumnID
		// Triggers are those of all actions, Events what they do.
		Triggers *Triggers
		Events   catalog.TriggerType
	}
	// MergeRows stands in an action for the rows that fall to it: columns of the
	// Merge's Input.
	MergeRows struct {
		Base
		Cols []Col
	}
)

// MergeAction is a WHEN clause.
type MergeAction struct {
	Matched bool
	Cond    Expr // over the Merge's Input; nil for none
	// Do is an Insert, Update or Delete over MergeRows; nil for DO NOTHING.
	Do Node
	// Checks are what row-level security asks of the rows that fall to the action, over
	// the Merge's Input.
	Checks []Check
}

// Assignment is SET column = value. In Update the value sees Input's columns;
// new values for Checks and Returning are under New.
type Assignment struct {
	Num   int16
	Value Expr
	// New is the ColumnID under which Checks and Returning see the new value.
	New ColumnID
}

// Check is a CHECK constraint of the target, or the WITH CHECK OPTION of a view
// through which it is written.
type Check struct {
	Name string
	Cond Expr
	View bool
	// Policy says that it is of row-level security; Name is then the policy's, "" for
	// several, and Table the table's.
	Policy PolicyCheck
	Table  string
}

// PolicyCheck is when a check of row-level security is made (WCOKind).
type PolicyCheck uint8

// The times.
const (
	NoPolicy      PolicyCheck = iota
	PolicyInserts             // of a row that INSERT proposes
	PolicyUpdates             // of a row as UPDATE leaves it
	PolicyExists              // of the row that ON CONFLICT DO UPDATE is about to change
	PolicyMerges              // of the row that an action of MERGE is about to change
)

// OnConflict of Insert.
type OnConflict struct {
	// Arbiters are the indexes in which a clash is the clause's business; nil means
	// any (DO NOTHING without target).
	Arbiters  []*catalog.Index
	DoNothing bool
	// Existing are the columns of the existing row (TargetNums order), Excluded
	// those of the proposed one.
	Existing []Col
	Excluded []Col
	Sets     []Assignment
	Where    Expr
}

// RowImageType is the type of the column catalog.ColRowImage.
var RowImageType = storage.RowImageType
