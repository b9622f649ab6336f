package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// aggEntry is an aggregate of a query level and the column that its Aggregate
// node will put out.
type aggEntry struct {
	agg *plan.Agg
	col plan.Col
	key string
}

// aggregateCall binds an aggregate: transformAggregateCall. The call is kept by
// the query level that it belongs to; what stands in the expression is a
// reference to its column.
func (s *scope) aggregateCall(fc *parser.FuncCall, t callTarget, name string, a callArgs, pos int) plan.Expr {
	s.checkAggregateSyntax(fc, t, name, a, pos)
	agg := s.makeAggregate(fc, t, a, pos)
	owner := s.aggregateLevel(agg, pos)
	owner.checkPlacement(aggregatePlaces, pos)
	return owner.addAggregate(agg, t.fn.Name)
}

func (s *scope) addAggregate(agg *plan.Agg, name string) plan.Expr {
	st := collateState{}
	if s.b.collating {
		st = s.b.collateAggregate(agg)
	}
	key := plan.Key(agg)
	for _, e := range s.aggs {
		if e.key == key && !plan.IsVolatile(e.agg) {
			return colExpr(e.col, agg.At)
		}
	}
	e := &aggEntry{agg: agg, key: key, col: s.b.newColumn(s, name, agg.Typ, -1, aggregateColumn)}
	s.aggs = append(s.aggs, e)
	s.b.noteComputed(e.col.ID, agg)
	s.b.rememberCollation(e.col.ID, st)
	return colExpr(e.col, agg.At)
}

func (s *scope) checkAggregateSyntax(fc *parser.FuncCall, t callTarget, name string, a callArgs, pos int) {
	ordered := t.fn.Agg.OrderedSet == 'o' || t.fn.Agg.OrderedSet == 'h'
	switch {
	case ordered && !fc.AggWithinGroup:
		failAt(pos, pgerr.WrongObjectType, "WITHIN GROUP is required for ordered-set aggregate %s", name)
	case ordered && fc.Over != nil:
		failAt(pos, pgerr.FeatureNotSupported, "OVER is not supported for ordered-set aggregate %s", name)
	case !ordered && fc.AggWithinGroup:
		failAt(pos, pgerr.WrongObjectType, "%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", name)
	case len(a.exprs) == 0 && !fc.AggStar && !fc.AggWithinGroup:
		failAt(pos, pgerr.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", name)
	}
}

func (s *scope) makeAggregate(fc *parser.FuncCall, t callTarget, a callArgs, pos int) *plan.Agg {
	if t.fn.Agg.OrderedSet == 'h' {
		a = s.unifyHypothetical(t, a, len(fc.AggOrder))
	}
	args, result := s.b.fitArgs(t, a, pos)
	agg := &plan.Agg{
		Meta: plan.M(result, pos), Func: t.fn, Args: args, Star: fc.AggStar, Distinct: fc.AggDistinct, VariadicArray: a.variadic,
	}
	if fc.AggWithinGroup {
		agg.Order = s.withinGroup(fc, args)
	} else {
		agg.Order = s.aggregateOrder(fc, args)
	}
	if fc.AggDistinct {
		s.checkAggregateDistinct(agg)
	}
	if fc.AggFilter != nil {
		agg.Filter = s.b.boolean(s.bind(fc.AggFilter, kindFilter), "FILTER")
	}
	return agg
}

// unifyHypothetical gives each pair of direct and aggregated argument a common
// type: unify_hypothetical_args.
func (s *scope) unifyHypothetical(t callTarget, a callArgs, ordered int) callArgs {
	direct := len(a.exprs) - ordered
	if direct != ordered {
		fail(pgerr.New(pgerr.UndefinedFunction, "function %s does not exist", s.b.functionSignature(t.fn.Name, a)).
			WithHint("To use the hypothetical-set aggregate %s, the number of hypothetical direct arguments (here %d) must match "+
				"the number of ordering columns (here %d).", t.fn.Name, direct, ordered).AtByte(a.exprs[0].Pos()))
	}
	out := a
	out.exprs = make([]plan.Expr, len(a.exprs))
	for i := range direct {
		pair, _ := s.b.unify([]plan.Expr{a.exprs[direct+i], a.exprs[i]}, "WITHIN GROUP")
		out.exprs[direct+i], out.exprs[i] = pair[0], pair[1]
	}
	return out
}

// withinGroup makes the sort keys of WITHIN GROUP: the last arguments.
func (s *scope) withinGroup(fc *parser.FuncCall, args []plan.Expr) []plan.SortKey {
	keys := make([]plan.SortKey, len(fc.AggOrder))
	first := len(args) - len(fc.AggOrder)
	for i, n := range fc.AggOrder {
		keys[i] = s.b.sortKey(args[first+i], n.GetSortBy())
	}
	return keys
}

// aggregateOrder is ORDER BY inside the call: expressions only, no ordinals.
func (s *scope) aggregateOrder(fc *parser.FuncCall, args []plan.Expr) []plan.SortKey {
	var keys []plan.SortKey
	for _, n := range fc.AggOrder {
		by := n.GetSortBy()
		// An untyped literal is compared before it becomes text: it is never the same
		// as an argument, whose literal has its type already.
		e := s.bind(by.Node, kindOrderBy)
		if fc.AggDistinct && !s.isArg(e, args) {
			failAt(e.Pos(), pgerr.InvalidColumnReference, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
		}
		keys = append(keys, s.b.sortKey(s.matchArg(s.b.textIfUnknown(e), args), by))
	}
	return keys
}

// isArg compares as findTargetlistEntrySQL99 does, with the arguments as they
// were before they were cast: x of type varchar is not x::text.
func (s *scope) isArg(e plan.Expr, args []plan.Expr) bool {
	for _, a := range args {
		if plan.Key(uncast(a)) == plan.Key(e) {
			return true
		}
	}
	return false
}

// matchArg shares the argument where the key is the same expression.
func (s *scope) matchArg(e plan.Expr, args []plan.Expr) plan.Expr {
	key := plan.Key(e)
	for _, a := range args {
		if plan.Key(a) == key {
			return a
		}
	}
	return e
}

// uncast strips implicit casts.
func uncast(e plan.Expr) plan.Expr {
	for {
		switch x := e.(type) {
		case *plan.Call:
			if x.Display != plan.DisplayImplicitCast {
				return e
			}
			e = x.Args[0]
		case *plan.Convert:
			if x.Display != plan.DisplayImplicitCast {
				return e
			}
			e = x.Arg
		default:
			return e
		}
	}
}

func (s *scope) checkAggregateDistinct(agg *plan.Agg) {
	if len(agg.Args) == 0 {
		failAt(agg.At, pgerr.InvalidColumnReference, "DISTINCT specified, but aggregate has no arguments")
	}
	for i, e := range agg.Args {
		e = s.b.textIfUnknown(e)
		agg.Args[i] = e
		if t := e.Type(); s.b.eqOperator(t) == nil {
			fail(pgerr.New(pgerr.UndefinedFunction, "could not identify an equality operator for type %s", s.b.typeName(t)).AtByte(e.Pos()))
		}
	}
}

// aggregateLevel is check_agg_arguments: an aggregate belongs to the innermost
// query level whose columns it uses, or to its own if it uses none.
func (s *scope) aggregateLevel(agg *plan.Agg, pos int) *scope {
	owner, level := s, -1
	nested := s.lowestLevel(plan.ColumnsOf(agg), func(i *columnInfo) bool { return i.made == aggregateColumn || i.made == groupingColumn })
	if nested < 0 {
		nested = 1 << 30
	}
	if vars := s.lowestLevel(plan.ColumnsOf(aggregated(agg)...), func(i *columnInfo) bool { return i.made == tableColumn }); vars >= 0 {
		level = vars
	}
	if nested < 1<<30 && (level < 0 || nested <= level) {
		s.failNested(agg, pgerr.GroupingError, "aggregate function calls cannot be nested", nested)
	}
	for i := 0; i < level; i++ {
		s.checkNestedCTE(agg, owner, pos)
		owner = owner.parent
	}
	s.checkInsideAggregate(agg, max(level, 0))
	s.checkDirectLevel(agg, max(level, 0))
	return owner
}

// checkNestedCTE: the subqueries in an outer query's aggregate can't read what
// WITH defines in an inner one, whose scope is inner (check_agg_arguments).
func (s *scope) checkNestedCTE(agg *plan.Agg, inner *scope, pos int) {
	if len(inner.ctes) == 0 {
		return
	}
	plan.Walk(agg, func(e plan.Expr) bool {
		sub, ok := e.(*plan.Subquery)
		if !ok {
			return true
		}
		plan.WalkNodes(sub.Plan, func(n plan.Node) bool {
			scan, ok := n.(*plan.CTEScan)
			if ok && slices.ContainsFunc(inner.ctes, func(c *cteEntry) bool { return c.cte == scan.CTE }) {
				fail(pgerr.New(pgerr.FeatureNotSupported, "outer-level aggregate cannot use a nested CTE").
					WithDetail("CTE \"%s\" is below the aggregate's semantic level.", scan.Name).AtByte(pos))
			}
			return true
		})
		return true
	})
}

// aggregated are the expressions that decide an aggregate's level: not the
// direct arguments of an ordered-set aggregate.
func aggregated(agg *plan.Agg) []plan.Expr {
	if kind := agg.Func.Agg.OrderedSet; kind != 'o' && kind != 'h' {
		return []plan.Expr{agg}
	}
	out := []plan.Expr{}
	for _, k := range agg.Order {
		out = append(out, k.Expr)
	}
	if agg.Filter != nil {
		out = append(out, agg.Filter)
	}
	return out
}

// checkDirectLevel: an outer query's aggregate can't look at rows of an inner
// one (check_agg_arguments).
func (s *scope) checkDirectLevel(agg *plan.Agg, level int) {
	direct := agg.Args[:len(agg.Args)-len(aggregatedArgs(agg))]
	lower := s.lowestLevel(plan.ColumnsOf(direct...), func(i *columnInfo) bool { return i.made == tableColumn })
	if lower >= 0 && lower < level {
		for _, e := range direct {
			if pos := s.madePos(e, lower, tableColumn); pos >= 0 {
				failAt(pos, pgerr.GroupingError, "outer-level aggregate cannot contain a lower-level variable in its direct arguments")
			}
		}
	}
}

// aggregatedArgs are the arguments that are no direct ones.
func aggregatedArgs(agg *plan.Agg) []plan.Expr {
	if kind := agg.Func.Agg.OrderedSet; kind == 'o' || kind == 'h' {
		return agg.Args[len(agg.Args)-len(agg.Order):]
	}
	return agg.Args
}

// lowestLevel is how many levels up the nearest column of a sort is; -1 none.
func (s *scope) lowestLevel(used plan.ColumnSet, want func(*columnInfo) bool) int {
	lowest := -1
	for id := range used {
		info := s.b.columns[id]
		if info == nil || info.owner == nil || !want(info) {
			continue
		}
		if l := s.levelsAbove(info.owner); l >= 0 && (lowest < 0 || l < lowest) {
			lowest = l
		}
	}
	return lowest
}

func (s *scope) checkInsideAggregate(agg *plan.Agg, level int) {
	used := plan.ColumnsOf(agg)
	if l := s.lowestLevel(used, func(i *columnInfo) bool { return i.made == windowColumn }); l >= 0 {
		s.failNested(agg, pgerr.GroupingError, "aggregate function calls cannot contain window function calls", l)
	}
	if l := s.lowestLevel(used, func(i *columnInfo) bool { return i.made == setColumn }); l >= 0 {
		fail(pgerr.New(pgerr.FeatureNotSupported, "aggregate function calls cannot contain set-returning function calls").
			WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").AtByte(s.madePos(agg, l, setColumn)))
	}
}

func (s *scope) failNested(e plan.Expr, code pgerr.Code, msg string, level int) {
	made := aggregateColumn
	if msg == "aggregate function calls cannot contain window function calls" {
		made = windowColumn
	}
	failAt(s.madePos(e, level, made), code, "%s", msg)
}

// madePos is where a computed column of that level stands inside e.
func (s *scope) madePos(e plan.Expr, level int, made columnMade) int {
	pos := -1
	plan.Walk(e, func(e plan.Expr) bool {
		if c, ok := e.(*plan.Column); ok && pos < 0 {
			if i := s.b.columns[c.ID]; i != nil && i.made == made && s.levelsAbove(i.owner) == level {
				pos = c.At
			}
		}
		return true
	})
	return pos
}

// groupingEntry is a GROUPING(…) call of a query level.
type groupingEntry struct {
	args []plan.Expr
	col  plan.Col
	pos  int
}

func (s *scope) groupingFunc(g *parser.GroupingFunc) plan.Expr {
	pos := s.b.at(g.Location)
	if len(g.Args) > 31 {
		failAt(pos, pgerr.TooManyArguments, "GROUPING must have fewer than 32 arguments")
	}
	e := &groupingEntry{args: s.exprs(g.Args), pos: pos}
	owner := s
	for i := s.lowestLevel(plan.ColumnsOf(e.args...), func(i *columnInfo) bool { return true }); i > 0; i-- {
		owner = owner.parent
	}
	owner.checkPlacement(groupingPlaces, pos)
	e.col = s.b.newColumn(owner, "grouping", s.b.typ(types.Int4OID), -1, groupingColumn)
	owner.groupings = append(owner.groupings, e)
	if s.b.trees != nil {
		s.b.trees.vars.Groupings[e.col.ID] = e.args
	}
	return colExpr(e.col, pos)
}

// textIfUnknown resolves an untyped literal as text.
func (b *binder) textIfUnknown(e plan.Expr) plan.Expr {
	if e.Type().OID != types.UnknownOID {
		return e
	}
	return b.coerce(e, b.typ(types.TextOID), -1, coerceImplicit, plan.DisplayImplicitCast, e.Pos())
}
