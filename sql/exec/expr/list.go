package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// List is expressions that are all computed of the same rows.
type List struct {
	exprs []Expr
	// builders are there where the values of a row may depend on effects of the row before,
	// as those of nextval and currval: each row has all of its values before the next has any.
	builders []vec.Builder
}

// List compiles es.
func (c *Compiler) List(es []plan.Expr) (*List, error) {
	exprs, err := c.CompileAll(es)
	l := &List{exprs: exprs}
	if err == nil && plan.VolatileCalls(es...) > 1 {
		for _, e := range es {
			l.builders = append(l.builders, vec.NewBuilder(e.Type(), 0))
		}
	}
	return l, err
}

// Len is the number of expressions; a nil list has none.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.exprs)
}

// Eval computes a column for each expression, with a value for each of the rows of b that
// sel names (all if nil).
func (l *List) Eval(b *vec.Batch, sel []int32) ([]vec.Vector, error) {
	if l.builders != nil {
		return l.rowByRow(b, sel)
	}
	cols := make([]vec.Vector, len(l.exprs))
	for i, e := range l.exprs {
		var err error
		if cols[i], err = e.Eval(b, sel); err != nil {
			return nil, err
		}
	}
	return cols, nil
}

func (l *List) rowByRow(b *vec.Batch, sel []int32) ([]vec.Vector, error) {
	if sel == nil {
		sel = vec.All(b.N)
	}
	for _, to := range l.builders {
		to.Reset()
	}
	rows := b.WithSel(nil)
	for _, i := range sel {
		row := rows.Limit(int(i), int(i)+1)
		for c, e := range l.exprs {
			v, err := e.Eval(row, nil)
			if err != nil {
				return nil, err
			}
			to := l.builders[c]
			for to.Len() < int(i) { // the rows that sel leaves out
				to.AppendNull()
			}
			to.AppendFrom(v, 0)
		}
	}
	cols := make([]vec.Vector, len(l.builders))
	for c, to := range l.builders {
		for to.Len() < b.N {
			to.AppendNull()
		}
		cols[c] = to.Build()
	}
	return cols, nil
}
