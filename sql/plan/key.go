package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Key is equal for expressions that are equal() in PostgreSQL's sense: the same but
// for their place in the source. A subquery equals itself and its twins.
func Key(e Expr) string {
	w := keyWriter{env: types.DefaultEnv()}
	w.expr(e)
	return w.String()
}

type keyWriter struct {
	strings.Builder
	env *types.Env
	// own are the columns of the subquery whose test is being written.
	own []Col
}

func (w *keyWriter) expr(e Expr) {
	if e == nil {
		w.WriteString("-")
		return
	}
	fmt.Fprintf(w, "(%T:%d:%d ", e, e.Type().OID, e.Typmod())
	outer := w.own
	w.held(e)
	for _, c := range e.Children() {
		w.expr(c)
	}
	w.own = outer
	w.WriteString(")")
}

// held writes what an expression holds besides its children.
func (w *keyWriter) held(e Expr) {
	switch e := e.(type) {
	case *Const:
		w.constant(e)
	case *Param:
		fmt.Fprintf(w, "$%d", e.Index)
	case *Column:
		w.column(e.ID)
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
		w.subquery(e)
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

// subquery writes who its twins are, and what it takes from outside, which tells those
// apart of which an enclosing query has been rewritten.
func (w *keyWriter) subquery(s *Subquery) {
	if s.Twins == nil || !slices.Contains(*s.Twins, s.Plan) {
		fmt.Fprintf(w, "%p", s)
		return
	}
	fmt.Fprintf(w, "%p %d %v", s.Twins, s.Kind, s.Outer)
	w.own = s.Plan.Columns()
}

// column writes a column: its place where it is of a subquery, whose twin has others.
func (w *keyWriter) column(id ColumnID) {
	if i := slices.IndexFunc(w.own, func(c Col) bool { return c.ID == id }); i >= 0 {
		fmt.Fprintf(w, "@%d", i)
		return
	}
	fmt.Fprintf(w, "#%d", id)
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
