package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// lockRows locks every row that passes, one by one: a LIMIT above it takes no more
// than it needs (nodeLockRows.c). Of a row that another transaction of this server has
// changed since it was read, its input is asked again (EvalPlanQual). A change by
// another server is found at COMMIT.
type lockRows struct {
	Operator
	locker Locker
	rels   []lockedRel
	// again makes the input for the rows of the ids, one for each of rels; nil where
	// it reads anything else, whose rows it could not tell from others.
	again func(ids []string) (Operator, error)
	since uint64
	batch *vec.Batch
	at    int
}

type lockedRel struct {
	*plan.LockedRel
	id, etag, table expr.Expr
}

func (b *builder) lockRows(n *plan.LockRows) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil || b.env.Locker == nil {
		return in, err
	}
	l := &lockRows{Operator: in, locker: b.env.Locker, since: b.env.since}
	c := b.compiler(n.Input.Columns())
	for i := range n.Rels {
		r := &n.Rels[i]
		table := r.TableOID
		if table == nil {
			table = &plan.Const{Meta: plan.M(types.ByOID(types.OidOID), -1), Value: r.OID}
		}
		es, err := c.CompileAll([]plan.Expr{r.ID, r.ETag, table})
		if err != nil {
			return nil, err
		}
		l.rels = append(l.rels, lockedRel{LockedRel: r, id: es[0], etag: es[1], table: es[2]})
	}
	if readsOnly(n.Input, n.Rels) {
		l.again = func(ids []string) (Operator, error) { return b.rowsOf(n, ids) }
	}
	return l, nil
}

// readsOnly says whether all rows of a plan come from the tables of rels, each read
// once.
func readsOnly(n plan.Node, rels []plan.LockedRel) bool {
	leaves, known := 0, 0
	plan.WalkNodes(n, func(n plan.Node) bool {
		if len(n.Inputs()) > 0 {
			return true
		}
		leaves++
		for _, r := range rels {
			if s, ok := n.(*plan.TableScan); ok && readsColumn(s, r.Row) {
				known++
			}
		}
		return true
	})
	return leaves == len(rels) && known == len(rels)
}

// rowsOf is the input of n for one row of each of its tables.
func (b *builder) rowsOf(n *plan.LockRows, ids []string) (Operator, error) {
	env := *b.env
	env.only, env.Stats = nil, nil
	for i, r := range n.Rels {
		env.only = append(env.only, onlyRow{r.Row, ids[i]})
	}
	return b.over(&env).build(n.Input)
}

func (l *lockRows) Open(ctx context.Context) error {
	l.batch, l.at = nil, 0
	return l.Operator.Open(ctx)
}

func (l *lockRows) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		for l.batch == nil || l.at >= l.batch.Rows() {
			var err error
			if l.batch, err = l.Operator.Next(ctx); l.batch == nil || err != nil {
				return nil, err
			}
			l.at = 0
		}
		l.at++
		one, err := l.lock(ctx, l.batch.WithSel([]int32{int32(l.batch.Row(l.at - 1))}))
		if one != nil || err != nil {
			return one, err
		}
	}
}

// lock locks the rows of b, which has one; nil where it is skipped, or no longer is
// what the query asks for.
func (l *lockRows) lock(ctx context.Context, b *vec.Batch) (*vec.Batch, error) {
	ids := make([]string, len(l.rels))
	moved := false
	for i, r := range l.rels {
		id, _, table, err := r.of(b)
		if err != nil {
			return nil, err
		}
		if ids[i] = id; id == "" {
			continue
		}
		locked, changed, err := l.locker.LockRow(ctx, table, id, r.Strength, r.Wait, l.since)
		switch {
		case err != nil:
			return nil, err
		case !locked && r.Wait == plan.LockWaitError:
			return nil, pgerr.New(pgerr.LockNotAvailable, "could not obtain lock on row in relation \"%s\"", r.Name)
		case !locked:
			return nil, nil
		}
		moved = moved || changed
	}
	if moved {
		var err error
		if b, err = l.reread(ctx, ids); b == nil || err != nil {
			return nil, err
		}
	}
	return b, l.protect(b)
}

// reread asks again for rows that have moved.
func (l *lockRows) reread(ctx context.Context, ids []string) (b *vec.Batch, err error) {
	if !l.locker.RereadsRows() || l.again == nil {
		return nil, txn.SerializationFailure()
	}
	in, err := l.again(ids)
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := in.Close(); err == nil {
			err = cerr
		}
	}()
	if err := in.Open(ctx); err != nil {
		return nil, err
	}
	for {
		b, err := in.Next(ctx)
		if err != nil || b == nil || b.Rows() > 0 {
			return b, err
		}
	}
}

// protect puts the rows of b under the check at COMMIT.
func (l *lockRows) protect(b *vec.Batch) error {
	for _, r := range l.rels {
		id, etag, table, err := r.of(b)
		if err != nil {
			return err
		}
		if id != "" && etag != "" {
			l.locker.Lock(table, id, etag)
		}
	}
	return nil
}

// of is the row of b in the table; "" for none.
func (r lockedRel) of(b *vec.Batch) (id, etag string, table types.OID, err error) {
	cols, err := evalAll([]expr.Expr{r.id, r.etag, r.table}, b)
	if err != nil {
		return "", "", 0, err
	}
	i := b.Row(0)
	if cols[0].IsNull(i) || cols[1].IsNull(i) {
		return "", "", 0, nil
	}
	return vec.Of[string](cols[0]).At(i), vec.Of[string](cols[1]).At(i), vec.Of[types.OID](cols[2]).At(i), nil
}
