package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// callProcedure is CALL: transformCallStmt. Arguments stand for all parameters,
// OUT ones included, whose values do not matter. The output parameters are the
// row that it yields.
func (b *binder) callProcedure(c *parser.CallStmt) *plan.Query {
	s := b.newScope(nil)
	s.kind = kindCall
	fc := c.Funccall
	schema, name := s.functionName(fc)
	pos := b.at(fc.Location)
	b.checkSchema(schema, pos)
	a := s.callArgs(fc)
	t, ok, ambiguous := b.bestFunction(schema, name, a)
	display := name
	if schema != "" {
		display = schema + "." + name
	}
	switch {
	case !ok:
		b.missingProcedure(schema, name, display, a, ambiguous, pos)
	case t.fn.Kind != funcs.Procedure:
		b.notProcedure(display, a, pos)
	}
	es, result := b.fitArgs(t, a, pos)
	call := &plan.Call{Meta: plan.M(result, pos), Func: t.fn, Args: b.inputArgs(t.fn, es)}
	q := &plan.Query{Kind: plan.CallQuery}
	scan := &plan.FuncScan{Calls: []plan.Expr{call}, Alias: name, Widths: []int{1}}
	if len(t.fn.OutTypes) == 0 {
		scan.Cols = []plan.Col{b.outputCol(name, b.typ(types.VoidOID), -1)}
		q.Root = scan
	} else {
		q.Root = b.procedureOutputs(scan, call, t.fn)
		q.Output = slices.Clone(q.Root.Columns())
	}
	b.finish(q)
	return q
}

func (b *binder) notProcedure(name string, a callArgs, pos int) {
	fail(pgerr.New(pgerr.WrongObjectType, "%s is not a procedure", b.functionSignature(name, a)).
		WithHint("To call a function, use SELECT.").AtByte(pos))
}

func (b *binder) missingProcedure(schema, name, display string, a callArgs, ambiguous bool, pos int) {
	if _, ok, _ := b.resolveFunction(schema, name, a); ok {
		b.notProcedure(display, a, pos)
	}
	sig := b.functionSignature(display, a)
	if ambiguous {
		fail(pgerr.New(pgerr.AmbiguousFunction, "procedure %s is not unique", sig).
			WithHint("Could not choose a best candidate procedure. You might need to add explicit type casts.").AtByte(pos))
	}
	fail(pgerr.New(pgerr.UndefinedFunction, "procedure %s does not exist", sig).
		WithHint("No procedure matches the given name and argument types. You might need to add explicit type casts.").AtByte(pos))
}

// inputArgs leaves the arguments of OUT parameters out.
func (b *binder) inputArgs(f *funcs.Func, es []plan.Expr) []plan.Expr {
	var out []plan.Expr
	for i, p := range b.routines().Function(f.OID).Params {
		if p.IsInput() {
			out = append(out, es[i])
		}
	}
	return out
}

// procedureOutputs makes the columns of the output parameters.
func (b *binder) procedureOutputs(scan *plan.FuncScan, call *plan.Call, f *funcs.Func) plan.Node {
	for i, t := range b.outTypes(f, call) {
		scan.Cols = append(scan.Cols, b.outputCol(f.OutNames[i], t, -1))
	}
	scan.Widths[0] = len(scan.Cols)
	return scan
}
