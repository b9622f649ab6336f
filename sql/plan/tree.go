package plan

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// QueryTree is a query as it was analysed and not yet planned: PostgreSQL's Query
// node, with what a plan has no use for (joins' aliases, USING, named windows,
// grouping sets as they were written). The binder makes it, where it is asked to,
// beside the plan; package ruleutils writes it as SQL.
type QueryTree struct {
	Vars      *TreeVars // shared by all trees of a statement
	Recursive bool
	With      []*TreeCTE
	// SetOps is set for UNION and its family: Targets are the output columns of its
	// leftmost query, and only Order and the limits are the tree's own.
	SetOps     *TreeSetOp
	Targets    []*TreeTarget
	From       []TreeFrom
	Where      Expr
	Group      []Expr
	Sets       []*TreeGroupingSet // nil for a plain GROUP BY
	GroupAll   bool               // GROUP BY DISTINCT
	Having     Expr
	Windows    []*TreeWindow // of the WINDOW clause
	Distinct   bool
	DistinctOn []Expr
	Order      []TreeSort
	Offset     Expr
	Limit      Expr
	LimitAll   bool
	WithTies   bool
	Locks      []TreeLock
	// Write is set for INSERT, UPDATE and DELETE, which read From where Where holds.
	Write *TreeWrite
}

// TreeWrite is what a statement writes.
type TreeWrite struct {
	Kind QueryKind
	// Around are the entries old and new of a rule's action.
	Around []*TreeEntry
	Target *TreeEntry
	// Columns are the numbers of those that INSERT gives values, by Rows or by Source.
	Columns []int16
	Rows    [][]Expr
	Source  *QueryTree
	// Overriding is OVERRIDING SYSTEM VALUE or OVERRIDING USER VALUE, "" for neither.
	Overriding string
	Conflict   *TreeConflict
	Sets       []TreeSet
	Returning  []*TreeTarget
}

// TreeSet is an assignment of UPDATE; of several columns, the value is a subquery's row.
type TreeSet struct {
	Nums  []int16
	Value Expr
}

// TreeConflict is ON CONFLICT (OnConflictExpr): DO NOTHING without Sets.
type TreeConflict struct {
	Elems []TreeInferred
	Where Expr
	// Constraint is the oid of ON CONSTRAINT's, 0 for none.
	Constraint catalog.OID
	Excluded   *TreeEntry
	Sets       []TreeSet
	SetWhere   Expr
}

// TreeInferred is an InferenceElem. Collation is 0 and Class "" where none is named.
type TreeInferred struct {
	Expr      Expr
	Collation catalog.OID
	Class     string
}

// TreeRule is the condition, nil for none, and the actions of a rule.
type TreeRule struct {
	Vars    *TreeVars // of the condition
	Where   Expr
	Around  []*TreeEntry // old and new, there
	Actions []*QueryTree
}

// TreeVars says what the columns in the expressions of a statement's trees are.
type TreeVars struct {
	Columns map[ColumnID]TreeVar
	// Computed are the aggregate and set-returning calls that a query level keeps
	// and columns stand for.
	Computed  map[ColumnID]Expr
	Windows   map[ColumnID]TreeWindowCall
	Groupings map[ColumnID][]Expr
}

// TreeVar is a column of an entry of the range table: at Place of its Columns, -1 for a
// system column and a nested attribute.
type TreeVar struct {
	Entry *TreeEntry
	Place int
	Name  string
}

// TreeTarget is an entry of the select list (TargetEntry).
type TreeTarget struct {
	Expr Expr
	Name string
	Junk bool
}

// TreeSort is a SortGroupClause of ORDER BY. Target is its place in Targets, -1 where
// it is of no query's (in an aggregate).
type TreeSort struct {
	SortKey
	Target int
}

// TreeFrom is an item of FROM: *TreeEntry or *TreeJoin.
type TreeFrom interface{ treeFrom() }

func (*TreeEntry) treeFrom() {}
func (*TreeJoin) treeFrom()  {}

// TreeEntry is an entry of the range table (RangeTblEntry). Exactly one of Rel, Query,
// Calls, Values and CTE is set, none for a join's names.
type TreeEntry struct {
	// Alias is the name that the query gives it, "" for none; Name what it is called
	// without one.
	Alias, Name string
	// Columns are the names of the columns, AliasColumns how many of them the alias
	// gives, Nums the numbers of a relation's.
	Columns      []string
	AliasColumns int
	Nums         []int16

	Rel    *catalog.Relation
	Only   bool
	Sample *TreeSample

	Query  *QueryTree
	Calls  []Expr
	Values [][]Expr
	CTE    string

	// Defs are the column definition lists of calls that have one.
	Defs       [][]types.Column
	Ordinality bool
	Lateral    bool
}

// TreeSample is TABLESAMPLE.
type TreeSample struct {
	Method     string
	Arg        Expr
	Repeatable Expr
}

// TreeJoin is a JoinExpr. Names is the entry of its alias, UsingNames of USING's; nil
// for none.
type TreeJoin struct {
	Kind        JoinKind
	Left, Right TreeFrom
	Using       []string
	// UsingColumns are the columns that USING merges, left and right.
	UsingColumns [][2]Expr
	UsingNames   *TreeEntry
	On           Expr
	Names        *TreeEntry
	// Columns are what Names' columns are of the sides.
	Columns []Expr
}

// TreeCTE is a WITH query (CommonTableExpr).
type TreeCTE struct {
	Name         string
	Columns      []string
	Materialized byte // 'a', 'n' or 'd', as in CTE
	Query        *QueryTree
	Search       *TreeSearch
	Cycle        *TreeCycle
}

// TreeSearch is SEARCH … FIRST BY … SET.
type TreeSearch struct {
	Breadth bool
	Columns []string
	Set     string
}

// TreeCycle is CYCLE … SET … USING. Mark and Unmark are nil for true and false.
type TreeCycle struct {
	Columns      []string
	Set, Using   string
	Mark, Unmark Expr
}

// TreeSetOp is a SetOperationStmt, or, with Leaf, one of its queries.
type TreeSetOp struct {
	Leaf        *QueryTree
	Kind        SetOpKind
	All         bool
	Left, Right *TreeSetOp
}

// GroupingSetKind is a kind of TreeGroupingSet.
type GroupingSetKind uint8

// The kinds of grouping sets.
const (
	GroupingSetSimple GroupingSetKind = iota
	GroupingSetEmpty
	GroupingSetRollup
	GroupingSetCube
	GroupingSetSets
)

// TreeGroupingSet is a GroupingSet; Exprs are those of a simple one.
type TreeGroupingSet struct {
	Kind    GroupingSetKind
	Exprs   []Expr
	Content []*TreeGroupingSet
}

// TreeWindow is a WindowClause. Ref is the window that it copies, whose order it has
// if CopiedOrder.
type TreeWindow struct {
	Name, Ref   string
	Partition   []Expr
	Order       []TreeSort
	CopiedOrder bool
	Frame       Frame
	Framed      bool
	// Between: the frame clause names both of its ends.
	Between bool
}

// TreeWindowCall is a window call and its window.
type TreeWindowCall struct {
	Win    *Win
	Window *TreeWindow
}

// TreeLock is a RowMarkClause.
type TreeLock struct {
	Strength string // FOR UPDATE …
	Entry    *TreeEntry
	Wait     string // NOWAIT, SKIP LOCKED or ""
}

// TreeExpr is an expression that stands alone: a default, a CHECK, the key of an
// index. There are several of the keys of one.
type TreeExpr struct {
	Exprs []Expr
	Vars  *TreeVars
	// Over is the table whose row they are over, nil for none.
	Over *TreeEntry
}
