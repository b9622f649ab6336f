package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// scope is one query level: PostgreSQL's ParseState.
type scope struct {
	b      *binder
	parent *scope
	// items is the namespace: what names can refer to at this point.
	items []*nsItem
	// all lists every FROM item of this level but joins, visible or not: for
	// hints.
	all []*nsItem
	// rules is what they ask of the statement; nil where it has nothing to do with any.
	rules *ruleContext
	// ctes that WITH defines at this level.
	ctes []*cteEntry
	// bound are their plans, each after those that it reads.
	bound []*plan.CTE
	// future are the WITH queries that can't be referred to yet.
	future []*cteEntry
	kind   exprKind
	// lateral is set while a LATERAL item is bound.
	lateral bool

	aggs      []*aggEntry
	groupings []*groupingEntry
	windows   []*windowEntry
	srfs      []*srfEntry
	// setsAt are the places of all calls of set-returning functions, of which equal
	// ones share an entry.
	setsAt []int
	// subqueries are those of its expressions, one of each that are written alike.
	subqueries []writtenSubquery
	// windowDefs are the WINDOW clause's, then those of OVER (…).
	windowDefs []*windowSpec
	// topOfFrom: the call being resolved is an item of FROM.
	topOfFrom bool
	// resolveUnknowns is false where untyped literals in the select list stay
	// untyped (INSERT … SELECT).
	resolveUnknowns bool
	// selfRef: FROM has the recursive reference of the WITH query being bound.
	selfRef bool
	// nullable counts the outer joins on whose nullable side an item of FROM is
	// being bound.
	nullable int
	// tracking: this level is the recursive term of a query with SEARCH or CYCLE.
	tracking *tracking
	// locking are the FOR UPDATE clauses of this level, lockables its scans.
	locking   []*parser.Node
	lockables []*lockable
	// from, defined and tree are what the level's tree needs: FROM, WITH, and the tree
	// itself once it is made.
	from    []plan.TreeFrom
	defined []*cteEntry
	tree    *plan.QueryTree
	// ruleTarget: FROM is the target of a statement that rules rewrite, which reads what
	// it names columns of only.
	ruleTarget bool
}

func (b *binder) newScope(parent *scope) *scope {
	return &scope{b: b, parent: parent, resolveUnknowns: true}
}

// nsItem is one thing in FROM: PostgreSQL's ParseNamespaceItem.
type nsItem struct {
	name    string
	aliased bool
	// rel is the relation where the name is its own and not an alias: then
	// schema.name refers to it too.
	rel *catalog.Relation
	// source is the relation that it reads, whatever the name.
	source *catalog.Relation
	// needs is what the statement needs of it.
	needs *rangeEntry
	cols  []*nsCol
	// hidden yields system columns and nested leaves by name; nil if the item has
	// none.
	hidden func(name string, fold bool) *nsCol
	// leaf finds the column of a path below a jsonb column; nil if there is none.
	leaf func(path []string) *nsCol
	// relVisible: table.column and table.* work; colsVisible: bare column names.
	relVisible, colsVisible bool
	lateralOnly, lateralOK  bool
	// target: the table that UPDATE or DELETE changes.
	target bool
	// nullable: an outer join may put NULLs in place of its row.
	nullable bool
	// unlockable says what the item is where FOR UPDATE can't name it; "" for
	// tables, views and subqueries.
	unlockable string
	// present adds a column to the item's plan that is NULL where an outer join has
	// no row of it; nil where hidden has such a column, or no outer join is around.
	present func() *nsCol
	// scalar: one function with a scalar result, whose row is that scalar
	// (makeWholeRowVar).
	scalar bool
	// row is the composite type of the one function that it is; nil for any other.
	row *types.Type
	// entry is what a tree shows it as; nil where none is made.
	entry *plan.TreeEntry
	// defines: a row of the table that the statement defines.
	defines bool
}

// nsCol is a column of an nsItem. expr is usually a Column; a Coalesce for a
// merged column of FULL JOIN.
type nsCol struct {
	name string
	expr plan.Expr
	// rel and num are the table column it comes straight from, for
	// RowDescription.
	rel catalog.OID
	num int16
	// needs is what the statement needs of the relation that it names, and att the number
	// there of the column whose privileges count; nil where it needs none.
	needs *rangeEntry
	att   int16
}

// exprKind is where an expression stands: PostgreSQL's ParseExprKind.
type exprKind uint8

const (
	kindNone exprKind = iota
	kindOther
	kindJoinOn
	kindJoinUsing
	kindFromSubselect
	kindFromFunction
	kindWhere
	kindHaving
	kindFilter
	kindWindowPartition
	kindWindowOrder
	kindWindowFrameRange
	kindWindowFrameRows
	kindWindowFrameGroups
	kindSelectTarget
	kindInsertTarget
	kindUpdateSource
	kindUpdateTarget
	kindMergeWhen
	kindGroupBy
	kindOrderBy
	kindDistinctOn
	kindLimit
	kindOffset
	kindReturning
	kindMergeReturning
	kindValues
	kindValuesSingle
	kindCheck
	kindDefault
	kindIndexExpression
	kindIndexPredicate
	kindAlterColTransform
	kindGenerated
	kindExecuteParameter
	kindPolicy
	kindCall
	kindCopyWhere
	kindTriggerWhen
	kindPartitionExpression
	kindPartitionBound
)

// kindNames is ParseExprKindName.
var kindNames = map[exprKind]string{
	kindOther: "", kindJoinOn: "JOIN/ON", kindJoinUsing: "JOIN/USING", kindFromSubselect: "sub-SELECT in FROM",
	kindFromFunction: "function in FROM", kindWhere: "WHERE", kindHaving: "HAVING", kindFilter: "FILTER",
	kindWindowPartition: "window PARTITION BY", kindWindowOrder: "window ORDER BY",
	kindWindowFrameRange: "window RANGE", kindWindowFrameRows: "window ROWS", kindWindowFrameGroups: "window GROUPS",
	kindSelectTarget: "SELECT", kindInsertTarget: "INSERT", kindUpdateSource: "UPDATE", kindUpdateTarget: "UPDATE",
	kindMergeWhen: "MERGE WHEN", kindGroupBy: "GROUP BY", kindOrderBy: "ORDER BY", kindDistinctOn: "DISTINCT ON",
	kindLimit: "LIMIT", kindOffset: "OFFSET", kindReturning: "RETURNING", kindMergeReturning: "RETURNING",
	kindValues: "VALUES", kindValuesSingle: "VALUES", kindCheck: "CHECK", kindDefault: "DEFAULT",
	kindIndexExpression: "index expression", kindIndexPredicate: "index predicate", kindAlterColTransform: "USING",
	kindGenerated: "GENERATED AS", kindExecuteParameter: "EXECUTE", kindPolicy: "POLICY", kindCall: "CALL",
	kindCopyWhere: "WHERE", kindTriggerWhen: "WHEN", kindPartitionExpression: "PARTITION BY", kindPartitionBound: "partition bound",
}

func (s *scope) levelsAbove(outer *scope) int {
	n := 0
	for p := s; p != nil; p = p.parent {
		if p == outer {
			return n
		}
		n++
	}
	return -1
}

// checkNamespaceConflicts is checkNameSpaceConflicts: 42712.
func (s *scope) checkNamespaceConflicts(a, b []*nsItem) {
	for _, x := range a {
		if !x.relVisible {
			continue
		}
		for _, y := range b {
			if !y.relVisible || x.name != y.name || x.name == "" {
				continue
			}
			if x.rel != nil && y.rel != nil && x.rel.OID != y.rel.OID {
				continue
			}
			failAt(-1, pgerr.DuplicateAlias, "table name %q specified more than once", x.name)
		}
	}
}

func setLateral(items []*nsItem, only, ok bool) {
	for _, it := range items {
		it.lateralOnly, it.lateralOK = only, ok
	}
}

// findColumn looks a name up in one item; hidden columns after the others. nil
// if there is none; 42702 if it is ambiguous.
func (it *nsItem) findColumn(name string, fold bool, pos int) *nsCol {
	var found *nsCol
	for _, c := range it.cols {
		if !sameName(c.name, name, fold) {
			continue
		}
		if found != nil {
			failAt(pos, pgerr.AmbiguousColumn, "column reference %q is ambiguous", name)
		}
		found = c
	}
	if found == nil && it.hidden != nil {
		found = it.hidden(name, fold)
	}
	return found
}

// sameName compares names; fold makes an unquoted (that is, lower-case) name
// match one that differs from it only in case.
func sameName(have, want string, fold bool) bool {
	if !fold {
		return have == want
	}
	return strings.EqualFold(have, want)
}

// foldable says whether a name may have been written without quotes.
func foldable(name string) bool { return name == strings.ToLower(name) }
