package plan

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Key is equal for expressions that are equal() in PostgreSQL's sense: the same but
// for their place in the source. A subquery equals only itself.
func Key(e Expr) string {
	w := keyWriter{env: types.DefaultEnv()}
	w.expr(e)
	return w.String()
}

type keyWriter struct {
	strings.Builder
	env *types.Env
}

func (w *keyWriter) expr(e Expr) {
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
func (w *keyWriter) own(e Expr) {
	switch e := e.(type) {
	case *Const:
		w.constant(e)
	case *Param:
		fmt.Fprintf(w, "$%d", e.Index)
	case *Column:
		fmt.Fprintf(w, "#%d", e.ID)
	case *Call:
		fmt.Fprintf(w, "%d %t", e.Func.OID, e.VariadicArray)
	case *Convert:
		fmt.Fprintf(w, "%d %d", e.Kind, e.Typ.Collation)
	case *NullTest:
		fmt.Fprintf(w, "%t %t", e.Not, e.RowWise)
	case *BoolTest:
		fmt.Fprintf(w, "%d", e.Test)
	case *MinMax:
		fmt.Fprintf(w, "%t", e.Greatest)
	case *Distinct:
		fmt.Fprintf(w, "%t", e.Not)
	case *ArrayOp:
		fmt.Fprintf(w, "%d %t", e.Func.OID, e.All)
	case *RowCompare:
		w.WriteString(e.Op)
	case *FieldSelect:
		fmt.Fprintf(w, "%d", e.Index)
	case *Subscript:
		w.subscripts(e)
	case *Subquery:
		fmt.Fprintf(w, "%p", e)
	case *Agg:
		w.aggregate(e)
	case *Win:
		fmt.Fprintf(w, "%d %t %t", e.Func.OID, e.Star, e.Filter != nil)
	}
}

func (w *keyWriter) constant(c *Const) {
	switch {
	case c.Value == nil:
		w.WriteString("NULL")
	case c.Typ.Out != nil:
		w.WriteString(fmt.Sprintf("%q", c.Typ.Out(w.env, nil, c.Value)))
	default:
		fmt.Fprintf(w, "%q", fmt.Sprint(c.Value))
	}
}

func (w *keyWriter) subscripts(s *Subscript) {
	for _, i := range s.Indexes {
		fmt.Fprintf(w, "%t %t,", i.Lower != nil, i.Upper != nil)
	}
}

func (w *keyWriter) aggregate(a *Agg) {
	fmt.Fprintf(w, "%d %t %t %t %d %t", a.Func.OID, a.Star, a.Distinct, a.VariadicArray, len(a.Args), a.Filter != nil)
	for _, k := range a.Order {
		fmt.Fprintf(w, " %t %t", k.Desc, k.NullsFirst)
	}
}
