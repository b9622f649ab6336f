package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// readFirst is a subquery of RETURNING over the modified table: it sees the
// table as it was, so it is evaluated before anything is written.
type readFirst struct {
	query expr.Expr
	slot  *expr.Slot
}

// modifying is INSERT, UPDATE or DELETE with what must be read before it.
type modifying struct {
	affecting
	first []readFirst
}

func (m *modifying) Open(ctx context.Context) error {
	for _, f := range m.first {
		v, err := f.query.Eval(vec.NewBatch(nil, 1), nil)
		if err != nil {
			return err
		}
		f.slot.Set(v.Value(0))
	}
	return m.affecting.Open(ctx)
}

// readFirst replaces subqueries over rel in RETURNING by slots that hold their
// values; 0A000 for those that depend on the returned row.
func (b *builder) readFirst(rel *catalog.Relation, returning []plan.Expr) ([]plan.Expr, error) {
	out := make([]plan.Expr, len(returning))
	var failed error
	for i, e := range returning {
		out[i] = plan.Rewrite(e, func(e plan.Expr) plan.Expr {
			s, ok := e.(*plan.Subquery)
			if !ok || failed != nil || scanOf(s.Plan, map[types.OID]bool{rel.OID: true}) == nil {
				return e
			}
			if len(s.Outer) > 0 || s.Test != nil {
				failed = pgerr.Unsupported("a subquery in RETURNING over table %s that depends on the returned row", rel.Name)
				return e
			}
			x, err := b.compiler(nil).Compile(s)
			if err != nil {
				failed = err
				return e
			}
			id := firstReturning - plan.ColumnID(len(b.first))
			b.first = append(b.first, readFirst{x, b.outer.Add(id, s.Typ)})
			return &plan.Column{Meta: s.Meta, ID: id}
		})
	}
	return out, failed
}

// firstReturning is the ColumnID of the first such slot; the planner's are
// positive.
const firstReturning plan.ColumnID = -1000
