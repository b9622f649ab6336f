package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// lockRows tells the transaction of every row that passes. Nothing waits: the
// store has no locks, so that a row which another writer changes meanwhile is
// found at COMMIT.
type lockRows struct {
	Operator
	locker Locker
	rels   []lockedRel
}

type lockedRel struct {
	id, etag, table expr.Expr
}

func (b *builder) lockRows(n *plan.LockRows) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil || b.env.Locker == nil {
		return in, err
	}
	l := &lockRows{Operator: in, locker: b.env.Locker}
	c := b.compiler(n.Input.Columns())
	for _, r := range n.Rels {
		table := r.TableOID
		if table == nil {
			table = &plan.Const{Meta: plan.M(types.ByOID(types.OidOID), -1), Value: r.OID}
		}
		es, err := c.CompileAll([]plan.Expr{r.ID, r.ETag, table})
		if err != nil {
			return nil, err
		}
		l.rels = append(l.rels, lockedRel{id: es[0], etag: es[1], table: es[2]})
	}
	return l, nil
}

func (l *lockRows) Next(ctx context.Context) (*vec.Batch, error) {
	b, err := l.Operator.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	for _, r := range l.rels {
		cols, err := evalAll([]expr.Expr{r.id, r.etag, r.table}, b)
		if err != nil {
			return nil, err
		}
		ids, etags, tables := vec.Of[string](cols[0]), vec.Of[string](cols[1]), vec.Of[types.OID](cols[2])
		for k := range b.Rows() {
			if i := b.Row(k); !cols[0].IsNull(i) && !cols[1].IsNull(i) {
				l.locker.Lock(tables.At(i), ids.At(i), etags.At(i))
			}
		}
	}
	return b, nil
}
