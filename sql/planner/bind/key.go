package bind

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// exprKey is equal for expressions that are equal() in PostgreSQL's sense: the
// same but for their place in the source. A subquery equals only itself.
func (b *binder) exprKey(e plan.Expr) string {
	var w keyWriter
	w.b = b
	w.expr(e)
	return w.String()
}

type keyWriter struct {
	strings.Builder
	b *binder
}

func (w *keyWriter) expr(e plan.Expr) {
	if e == nil {
		w.WriteString("-")
		return
	}
	fmt.Fprintf(w, "(%T:%d:%d ", e, e.Type().OID, e.Typmod())
	w.own(e)
	for _, c := range e.Children() {
		w.expr(c)
	}
	w.WriteString(")")
}

// own writes what an expression holds besides its children.
func (w *keyWriter) own(e plan.Expr) {
	switch e := e.(type) {
	case *plan.Const:
		w.constant(e)
	case *plan.Param:
		fmt.Fprintf(w, "$%d", e.Index)
	case *plan.Column:
		fmt.Fprintf(w, "#%d", e.ID)
	case *plan.Call:
		fmt.Fprintf(w, "%d %t", e.Func.OID, e.VariadicArray)
	case *plan.Convert:
		fmt.Fprintf(w, "%d", e.Kind)
	case *plan.NullTest:
		fmt.Fprintf(w, "%t %t", e.Not, e.RowWise)
	case *plan.BoolTest:
		fmt.Fprintf(w, "%d", e.Test)
	case *plan.MinMax:
		fmt.Fprintf(w, "%t", e.Greatest)
	case *plan.Distinct:
		fmt.Fprintf(w, "%t", e.Not)
	case *plan.ArrayOp:
		fmt.Fprintf(w, "%d %t", e.Func.OID, e.All)
	case *plan.RowCompare:
		w.WriteString(e.Op)
	case *plan.FieldSelect:
		fmt.Fprintf(w, "%d", e.Index)
	case *plan.Subscript:
		w.subscripts(e)
	case *plan.Subquery:
		fmt.Fprintf(w, "%p", e)
	case *plan.Agg:
		w.aggregate(e)
	case *plan.Win:
		fmt.Fprintf(w, "%d %t %t", e.Func.OID, e.Star, e.Filter != nil)
	}
}

func (w *keyWriter) constant(c *plan.Const) {
	switch {
	case c.Value == nil:
		w.WriteString("NULL")
	case c.Typ.Out != nil:
		w.WriteString(fmt.Sprintf("%q", c.Typ.Out(w.b.env.TypesEnv, nil, c.Value)))
	default:
		fmt.Fprintf(w, "%q", fmt.Sprint(c.Value))
	}
}

func (w *keyWriter) subscripts(s *plan.Subscript) {
	for _, i := range s.Indexes {
		fmt.Fprintf(w, "%t %t,", i.Lower != nil, i.Upper != nil)
	}
}

func (w *keyWriter) aggregate(a *plan.Agg) {
	fmt.Fprintf(w, "%d %t %t %t %d %t", a.Func.OID, a.Star, a.Distinct, a.VariadicArray, len(a.Args), a.Filter != nil)
	for _, k := range a.Order {
		fmt.Fprintf(w, " %t %t", k.Desc, k.NullsFirst)
	}
}
