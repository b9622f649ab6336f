package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// call binds a function call of any kind: transformFuncCall and
// ParseFuncOrColumn.
func (s *scope) call(fc *parser.FuncCall) plan.Expr {
	schema, name := s.functionName(fc)
	a := s.callArgs(fc)
	return s.resolvedCall(fc, schema, name, a)
}

func (s *scope) functionName(fc *parser.FuncCall) (schema, name string) {
	parts := nameParts(fc.Funcname)
	switch len(parts) {
	case 1:
		return "", parts[0]
	case 2:
		return parts[0], parts[1]
	}
	failAt(s.b.at(fc.Location), pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", dotted(parts))
	return "", ""
}

// callArgs binds the arguments; those of WITHIN GROUP (ORDER BY …) follow the
// direct ones.
func (s *scope) callArgs(fc *parser.FuncCall) callArgs {
	a := callArgs{variadic: fc.FuncVariadic}
	for _, n := range fc.Args {
		name, pos := "", s.b.at(nodeLocation(n))
		if na := n.GetNamedArgExpr(); na != nil {
			name, n, pos = na.Name, na.Arg, s.b.at(na.Location)
		}
		s.checkArgName(&a, name, pos)
		e := s.expr(n)
		if isVoidParam(e) {
			continue
		}
		a.exprs, a.names = append(a.exprs, e), append(a.names, name)
	}
	if fc.AggWithinGroup {
		for _, n := range fc.AggOrder {
			a.exprs = append(a.exprs, s.bind(n.GetSortBy().Node, kindOrderBy))
			a.names = append(a.names, "")
		}
	}
	return a
}

// isVoidParam recognizes the OUT arguments of a JDBC call: parameters of type
// void, which are no arguments to PostgreSQL (ParseFuncOrColumn).
func isVoidParam(e plan.Expr) bool {
	_, param := e.(*plan.Param)
	return param && e.Type().OID == types.VoidOID
}

func (s *scope) checkArgName(a *callArgs, name string, pos int) {
	if name == "" {
		if a.named() {
			failAt(pos, pgerr.SyntaxError, "positional argument cannot follow named argument")
		}
		return
	}
	for _, have := range a.names {
		if have == name {
			failAt(pos, pgerr.SyntaxError, "argument name \"%s\" used more than once", name)
		}
	}
}

func (s *scope) resolvedCall(fc *parser.FuncCall, schema, name string, a callArgs) plan.Expr {
	b, pos := s.b, s.b.at(fc.Location)
	display := name
	if schema != "" && fc.Funcformat != parser.CoercionForm_COERCE_SQL_SYNTAX {
		display = schema + "." + name
	}
	b.checkSchema(schema, pos)
	t, ok, ambiguous := b.resolveFunction(schema, name, a)
	if !ok {
		if f := s.columnNotation(fc, name, a, pos); f != nil {
			return f
		}
		s.failFunction(fc, display, a, ambiguous, pos)
	}
	s.checkCallSyntax(fc, t, display, a, pos)
	if b.freezing && schema == "" && t.fn != nil && ownObject(t.fn.OID) {
		if f := b.env.Catalog.Routines().Function(t.fn.OID); f != nil {
			fc.Funcname = qualifiedName(f.Schema, f.Name)
		}
	}
	return s.callOf(fc, t, display, a, pos)
}

// notationCall reads e.name as name(e), whatever kind of function that is; nil where none
// takes e (ParseFuncOrColumn with is_column).
func (s *scope) notationCall(e plan.Expr, name string, pos int) plan.Expr {
	a := callArgs{exprs: []plan.Expr{e}}
	t, ok, _ := s.b.resolveFunction("", name, a)
	if !ok {
		return nil
	}
	fc := &parser.FuncCall{}
	s.checkCallSyntax(fc, t, name, a, pos)
	return s.callOf(fc, t, name, a, pos)
}

// callOf is a call of what its name and arguments have been resolved to.
func (s *scope) callOf(fc *parser.FuncCall, t callTarget, display string, a callArgs, pos int) plan.Expr {
	switch {
	case t.cast != nil:
		return s.b.explicitCast(a.exprs[0], t.cast, -1, pos, pos)
	case fc.Over != nil:
		return s.windowCall(fc, t, display, a, pos)
	case t.fn.Kind == funcs.Aggregate:
		return s.aggregateCall(fc, t, display, a, pos)
	case t.fn.ReturnSet:
		return s.setReturningCall(t, a, pos)
	}
	return s.scalarCall(fc, t, a, pos)
}

func (s *scope) scalarCall(fc *parser.FuncCall, t callTarget, a callArgs, pos int) plan.Expr {
	es, result := s.b.fitArgs(t, a, pos)
	out := &plan.Call{Meta: plan.M(result, pos), Func: t.fn, Args: es, VariadicArray: a.variadic, Written: t.written(a)}
	if fc.Funcformat == parser.CoercionForm_COERCE_SQL_SYNTAX {
		out.Display = plan.DisplaySQLSyntax
	}
	return out
}

// columnNotation reads f(row) as row.f: nil if that is not what it says.
func (s *scope) columnNotation(fc *parser.FuncCall, name string, a callArgs, pos int) plan.Expr {
	if len(a.exprs) != 1 || a.named() || a.variadic || fc.AggStar || fc.AggDistinct || fc.Over != nil || fc.AggOrder != nil || fc.AggFilter != nil {
		return nil
	}
	return s.b.fieldOf(a.exprs[0], name, pos)
}

// checkCallSyntax refuses clauses that the kind of function has no use for.
func (s *scope) checkCallSyntax(fc *parser.FuncCall, t callTarget, name string, a callArgs, pos int) {
	kind := funcs.Normal
	if t.fn != nil {
		kind = t.fn.Kind
	}
	switch {
	case kind == funcs.Procedure:
		fail(pgerr.New(pgerr.WrongObjectType, "%s is a procedure", s.b.functionSignature(name, a)).
			WithHint("To call a procedure, use CALL.").AtByte(pos))
	case kind == funcs.Window && fc.Over == nil:
		failAt(pos, pgerr.WrongObjectType, "window function %s requires an OVER clause", name)
	case kind == funcs.Window && fc.AggFilter != nil:
		failAt(pos, pgerr.FeatureNotSupported, "FILTER is not implemented for non-aggregate window functions")
	case kind == funcs.Aggregate:
		return
	case fc.AggStar:
		failAt(pos, pgerr.WrongObjectType, "%s(*) specified, but %s is not an aggregate function", name, name)
	case fc.Over != nil && kind != funcs.Window:
		failAt(pos, pgerr.WrongObjectType, "OVER specified, but %s is not a window function nor an aggregate function", name)
	}
	if clause := aggregateClause(fc); clause != "" {
		failAt(pos, pgerr.WrongObjectType, "%s specified, but %s is not an aggregate function", clause, name)
	}
}

// aggregateClause is the first clause of a call that only aggregates take.
func aggregateClause(fc *parser.FuncCall) string {
	switch {
	case fc.AggDistinct:
		return "DISTINCT"
	case fc.AggWithinGroup:
		return "WITHIN GROUP"
	case fc.AggOrder != nil:
		return "ORDER BY"
	case fc.AggFilter != nil:
		return "FILTER"
	}
	return ""
}

// failFunction raises 42883 with the hint that fits the call.
func (s *scope) failFunction(fc *parser.FuncCall, name string, a callArgs, ambiguous bool, pos int) {
	if !ambiguous && len(fc.AggOrder) > 0 && !fc.AggWithinGroup {
		fail(pgerr.New(pgerr.UndefinedFunction, "function %s does not exist", s.b.functionSignature(name, a)).
			WithHint("No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; " +
				"ORDER BY must appear after all regular arguments of the aggregate.").AtByte(pos))
	}
	s.b.missingFunction(name, a, ambiguous, pos)
}

// srfEntry is a set-returning call of the select list. depth counts the
// set-returning calls inside its arguments: those of one depth run in step.
type srfEntry struct {
	call  *plan.Call
	col   plan.Col
	depth int
	key   string
}

// setReturningCall registers the call and returns a reference to its column.
func (s *scope) setReturningCall(t callTarget, a callArgs, pos int) plan.Expr {
	es, result := s.b.fitArgs(t, a, pos)
	call := &plan.Call{Meta: plan.M(result, pos), Func: t.fn, Args: es, VariadicArray: a.variadic, Written: t.written(a)}
	st := collateState{}
	if s.b.collating {
		var out plan.Expr
		out, st = s.b.derive(call)
		call = out.(*plan.Call)
	}
	if s.topOfFrom {
		return call
	}
	s.checkPlacement(setReturningPlaces, pos)
	s.setsAt = append(s.setsAt, pos)
	key := plan.Key(call)
	for _, e := range s.srfs {
		if e.key == key && t.fn.Volatility != funcs.Volatile {
			return colExpr(e.col, pos)
		}
	}
	e := &srfEntry{call: call, key: key, depth: s.srfDepth(es)}
	e.col = s.b.newColumn(s, t.fn.Name, call.Typ, -1, setColumn)
	s.b.rememberCollation(e.col.ID, st)
	s.srfs = append(s.srfs, e)
	s.b.noteComputed(e.col.ID, call)
	return colExpr(e.col, pos)
}

func (s *scope) srfDepth(args []plan.Expr) int {
	depth := 0
	used := plan.ColumnsOf(args...)
	for _, e := range s.srfs {
		if used[e.col.ID] && e.depth >= depth {
			depth = e.depth + 1
		}
	}
	return depth
}

// recordField selects a field of a ROW(…) or of a function's OUT parameters.
func (b *binder) recordField(e plan.Expr, name string, pos int) plan.Expr {
	if row := b.recordRow(e); row != nil {
		for i, n := range row.Names {
			if f := row.Fields[i]; n == name {
				return &plan.FieldSelect{Meta: plan.Meta{Typ: f.Type(), Mod: f.Typmod(), At: pos}, Arg: e, Index: i, Name: name}
			}
		}
	}
	for i, f := range b.paramFields(e) {
		if f.Name == name {
			return &plan.FieldSelect{Meta: plan.Meta{Typ: f.Type, Mod: f.Typmod, At: pos}, Arg: e, Index: i, Name: name}
		}
	}
	c := b.recordCall(e)
	if c == nil {
		return nil
	}
	for i, n := range c.Func.OutNames {
		if n == name {
			return &plan.FieldSelect{Meta: plan.M(b.outTypes(c.Func, c)[i], pos), Arg: e, Index: i, Name: name}
		}
	}
	return nil
}

// recordCall is the call whose record an expression is; nil if unknown.
func (b *binder) recordCall(e plan.Expr) *plan.Call {
	c, _ := b.recordSource(e).(*plan.Call)
	return c
}

// recordRow is the ROW(…) whose record an expression is; nil if unknown.
func (b *binder) recordRow(e plan.Expr) *plan.RowExpr {
	row, _ := b.recordSource(e).(*plan.RowExpr)
	return row
}

// recordSource is what makes the record that an expression is, directly or
// through a subquery's column (expandRecordVariable); nil if unknown.
func (b *binder) recordSource(e plan.Expr) plan.Expr {
	if e.Type().OID != types.RecordOID {
		return nil
	}
	switch e := e.(type) {
	case *plan.Call, *plan.RowExpr:
		return e
	case *plan.FieldSelect:
		if row := b.recordRow(e.Arg); row != nil {
			return b.recordSource(row.Fields[e.Index])
		}
	case *plan.Column:
		if c := b.setReturning(e.ID); c != nil {
			return c
		}
		return b.records[e.ID]
	}
	return nil
}

// setReturning is the set-returning call of a select list that yields a column.
func (b *binder) setReturning(id plan.ColumnID) *plan.Call {
	info := b.columns[id]
	if info == nil || info.owner == nil {
		return nil
	}
	for _, srf := range info.owner.srfs {
		if srf.col.ID == id {
			return srf.call
		}
	}
	return nil
}

// rememberRecords notes what makes the records that a subquery yields,
// before its columns become those of a FROM item.
func (b *binder) rememberRecords(n plan.Node) {
	if !slices.ContainsFunc(n.Columns(), func(c plan.Col) bool { return c.Type.OID == types.RecordOID }) {
		return
	}
	p, ok := n.(*plan.Project)
	if !ok {
		for _, in := range n.Inputs() {
			b.rememberRecords(in)
		}
		return
	}
	for i, c := range p.Cols {
		if source := b.recordSource(p.Values[i]); source != nil {
			b.records[c.ID] = source
		}
	}
}
