package bind

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// rangeFunction is transformRangeFunction and addRangeTableEntryForFunction.
func (s *scope) rangeFunction(r *parser.RangeFunction) fromResult {
	scan := &plan.FuncScan{Ordinality: r.Ordinality}
	items := s.functionItems(r)
	scan.Alias = s.functionAlias(r, items)
	var defined [][]types.Column
	for _, f := range items {
		e := s.fromFunctionExpr(f.node)
		defs := f.defs
		if len(r.Coldeflist) > 0 {
			s.checkColumnDefs(r, items)
			defs = r.Coldeflist
		}
		cols := s.functionColumns(e, f, defs, r, len(items))
		defined = append(defined, definedList(defs, cols))
		scan.Calls, scan.Widths = append(scan.Calls, e), append(scan.Widths, len(cols))
		scan.Cols = append(scan.Cols, cols...)
	}
	if r.Ordinality {
		scan.Cols = append(scan.Cols, s.b.outputCol("ordinality", s.b.typ(types.Int8OID), -1))
	}
	it := s.derivedItem(scan.Alias, scan.Cols)
	it.aliased, it.unlockable = r.Alias != nil, "a function"
	if len(scan.Calls) == 1 && !r.Ordinality && scan.Calls[0].Type().Kind == 'c' {
		it.row = scan.Calls[0].Type()
	}
	it.scalar = len(scan.Cols) == 1 && scan.Calls[0].Type().Kind != 'c' && scan.Calls[0].Type().OID != types.RecordOID
	if it.entry = s.b.newEntry(r.Alias); it.entry != nil {
		functionEntry(it.entry, r, scan, defined)
	}
	s.renameColumns(it, r.Alias)
	return s.single(it, scan, true)
}

type functionItem struct {
	node *parser.Node
	defs []*parser.Node
}

// functionItems lists the calls of ROWS FROM; unnest of several arrays is one
// call for each.
func (s *scope) functionItems(r *parser.RangeFunction) []functionItem {
	var out []functionItem
	for _, n := range r.Functions {
		pair := n.GetList().GetItems()
		f := functionItem{node: pair[0]}
		if len(pair) > 1 {
			f.defs = pair[1].GetList().GetItems()
		}
		fc := f.node.GetFuncCall()
		if fc == nil || !splitsUnnest(fc) {
			out = append(out, f)
			continue
		}
		for _, arg := range fc.Args {
			one := parser.Clone(fc)
			one.Args = []*parser.Node{arg}
			out = append(out, functionItem{node: &parser.Node{Node: &parser.Node_FuncCall{FuncCall: one}}})
		}
	}
	return out
}

func splitsUnnest(fc *parser.FuncCall) bool {
	parts := nameParts(fc.Funcname)
	return len(parts) == 1 && parts[0] == "unnest" && len(fc.Args) > 1 && !fc.FuncVariadic && fc.AggOrder == nil && fc.AggFilter == nil
}

func (s *scope) functionAlias(r *parser.RangeFunction, items []functionItem) string {
	if r.Alias != nil {
		return r.Alias.Aliasname
	}
	return s.b.figureName(items[0].node)
}

// fromFunctionExpr binds a call that may return a set.
func (s *scope) fromFunctionExpr(n *parser.Node) plan.Expr {
	savedKind, savedLateral := s.kind, s.lateral
	s.kind, s.lateral = kindFromFunction, true
	defer func() { s.kind, s.lateral = savedKind, savedLateral }()
	fc := n.GetFuncCall()
	if fc == nil {
		return s.b.assignCollations(s.expr(n))
	}
	schema, name := s.functionName(fc)
	args := s.callArgs(fc)
	s.topOfFrom = true
	e := s.resolvedCall(fc, schema, name, args)
	s.topOfFrom = false
	return s.b.assignCollations(e)
}

// functionColumns names and types what a call in FROM yields.
func (s *scope) functionColumns(e plan.Expr, f functionItem, defs []*parser.Node, r *parser.RangeFunction, n int) []plan.Col {
	var fn *funcs.Func
	if c, ok := e.(*plan.Call); ok {
		fn = c.Func
	}
	record := e.Type().OID == types.RecordOID && (fn == nil || len(fn.OutTypes) < 2)
	if len(defs) > 0 {
		pos := s.b.at(nodeLocation(defs[0]))
		switch {
		case record:
			return s.definedColumns(e, defs)
		case fn != nil && len(fn.OutTypes) > 0:
			failAt(pos, pgerr.SyntaxError, "a column definition list is redundant for a function with OUT parameters")
		case e.Type().Kind == 'c':
			failAt(pos, pgerr.SyntaxError, "a column definition list is redundant for a function returning a named composite type")
		}
		failAt(pos, pgerr.SyntaxError, "a column definition list is only allowed for functions returning \"record\"")
	}
	switch {
	case record:
		failAt(s.b.at(nodeLocation(f.node)), pgerr.SyntaxError, "a column definition list is required for functions returning \"record\"")
	case fn != nil && len(fn.OutTypes) > 1:
		return s.outColumns(fn, e)
	case e.Type().Kind == 'c':
		return s.compositeColumns(e.Type())
	}
	return []plan.Col{s.b.outputCol(s.scalarName(fn, f, r, n), e.Type(), e.Typmod())}
}

// scalarName is chooseScalarFunctionAlias.
func (s *scope) scalarName(fn *funcs.Func, f functionItem, r *parser.RangeFunction, n int) string {
	switch {
	case fn != nil && len(fn.OutNames) == 1 && fn.OutNames[0] != "":
		return fn.OutNames[0]
	case r.Alias != nil && n == 1:
		return r.Alias.Aliasname
	}
	return s.b.figureName(f.node)
}

func (s *scope) outColumns(fn *funcs.Func, e plan.Expr) []plan.Col {
	actual := s.b.outTypes(fn, e)
	cols := make([]plan.Col, len(fn.OutTypes))
	for i, t := range actual {
		name := fn.OutNames[i]
		if name == "" {
			name = fmt.Sprintf("column%d", i+1)
		}
		cols[i] = s.b.outputCol(name, t, -1)
	}
	return cols
}

// outTypes resolves polymorphic OUT parameters.
func (b *binder) outTypes(fn *funcs.Func, e plan.Expr) []*types.Type {
	args := typesOf(e.Children())
	out := make([]*types.Type, len(fn.OutTypes))
	for i, oid := range fn.OutTypes {
		if isPolymorphic(oid) && len(args) == len(fn.Args) {
			declared := append([]types.OID(nil), fn.Args...)
			oid = b.genericTypes(args, declared, oid)
		}
		out[i] = b.typ(oid)
	}
	return out
}

func (s *scope) compositeColumns(t *types.Type) []plan.Col {
	var cols []plan.Col
	for _, f := range s.b.compositeFields(t) {
		cols = append(cols, s.b.outputCol(f.Name, f.Type, f.Typmod))
	}
	return cols
}

// checkColumnDefs refuses a column definition list behind ROWS FROM or WITH
// ORDINALITY.
func (s *scope) checkColumnDefs(r *parser.RangeFunction, items []functionItem) {
	pos := s.b.at(nodeLocation(r.Coldeflist[0]))
	switch {
	case len(items) > 1 && r.IsRowsfrom:
		fail(pgerr.New(pgerr.SyntaxError, "ROWS FROM() with multiple functions cannot have a column definition list").
			WithHint("Put a separate column definition list for each function inside ROWS FROM().").AtByte(pos))
	case len(items) > 1:
		fail(pgerr.New(pgerr.SyntaxError, "UNNEST() with multiple arguments cannot have a column definition list").
			WithHint("Use separate UNNEST() calls inside ROWS FROM(), and attach a column definition list to each one.").AtByte(pos))
	case r.Ordinality:
		fail(pgerr.New(pgerr.SyntaxError, "WITH ORDINALITY cannot be used with a column definition list").
			WithHint("Put the column definition list inside ROWS FROM().").AtByte(pos))
	}
}

// definedColumns are those of a column definition list, which the function has
// to fill.
func (s *scope) definedColumns(e plan.Expr, defs []*parser.Node) []plan.Col {
	cols := make([]plan.Col, len(defs))
	columns := make([]types.Column, len(defs))
	for i, n := range defs {
		d := n.GetColumnDef()
		if d.TypeName.Setof {
			failAt(s.b.at(nodeLocation(n)), pgerr.InvalidTableDefinition, "column \"%s\" cannot be declared SETOF", d.Colname)
		}
		t, typmod := s.b.typeNameType(d.TypeName)
		columns[i] = types.Column{Name: d.Colname, Type: t, Typmod: typmod}
	}
	checkDefinedColumns(columns)
	for i, c := range columns {
		cols[i] = s.b.outputCol(c.Name, c.Type, c.Typmod)
	}
	if call, ok := e.(*plan.Call); ok {
		call.Columns = columns
	}
	return cols
}

// checkDefinedColumns is CheckAttributeNamesTypes: no name twice, no
// pseudo-types but record and its array.
func checkDefinedColumns(columns []types.Column) {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name] {
			fail(pgerr.New(pgerr.DuplicateColumn, "column name \"%s\" specified more than once", c.Name))
		}
		seen[c.Name] = true
	}
	for _, c := range columns {
		if c.Type.Kind == 'p' && c.Type.OID != types.RecordOID && c.Type.OID != types.RecordArrayOID {
			fail(pgerr.New(pgerr.InvalidTableDefinition, "column \"%s\" has pseudo-type %s", c.Name, c.Type.SQLName()))
		}
	}
}
