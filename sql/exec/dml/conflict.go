package dml

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// maxRetries bounds how often a row is read again after a conflict.
const maxRetries = 16

// Set is a compiled assignment.
type Set struct {
	Num   int16
	Value expr.Expr
}

// Conflict is ON CONFLICT. Where and Sets see the existing row, then the
// proposed one, each in the order of the target's columns.
type Conflict struct {
	// Arbiters are the indexes whose clashes it resolves, nil for any.
	Arbiters  []*catalog.Index
	DoNothing bool
	Where     *expr.Predicate
	Sets      []Set
}

// covers says whether a clash in ix is the clause's business.
func (c *Conflict) covers(ix *catalog.Index) bool {
	return c != nil && (c.Arbiters == nil ||
		slices.ContainsFunc(c.Arbiters, func(a *catalog.Index) bool { return a.OID == ix.OID }))
}

// resolve does what ON CONFLICT says of the rows that are taken. A row that
// vanished meanwhile is inserted again.
func (n *Insert) resolve(ctx context.Context, taken []clash) error {
	if len(taken) == 0 || n.Conflict.DoNothing {
		return nil
	}
	for _, c := range taken {
		if err := n.update(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (n *Insert) update(ctx context.Context, c clash) error {
	for range maxRetries {
		if n.Locks != nil {
			n.Since = n.Locks.Moment()
		}
		existing, err := n.existing(ctx, c)
		if err != nil {
			return err
		}
		if existing == nil {
			done, err := n.insertAgain(ctx, c)
			if done || err != nil {
				return err
			}
			continue
		}
		if done, err := n.updateExisting(ctx, existing, c.row); done || err != nil {
			return err
		}
	}
	return concurrentUpdate()
}

// existing finds the row that has the key.
func (n *Insert) existing(ctx context.Context, c clash) (row, error) {
	if c.index.Computed() || c.index.NullsNotDistinct {
		return n.existingByKey(ctx, c)
	}
	nums := keyColumns(c.index)
	rows, err := n.scan(ctx, pathOf(c), func(r row) bool { return c.index.Primary || n.sameKey(nums, r, c.row) })
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// sameKey says whether two rows have equal values in columns, none of them NULL.
func (t *Target) sameKey(nums []int16, a, b row) bool {
	for _, num := range nums {
		col := t.Rel.Column(num)
		if col == nil || a[num] == nil || b[num] == nil || col.Type.Compare == nil || col.Type.Compare(a[num], b[num]) != 0 {
			return false
		}
	}
	return true
}

// existingByKey finds the row that has the key of an index whose key is not just
// its columns' values: the storage computes it.
func (n *Insert) existingByKey(ctx context.Context, c clash) (row, error) {
	key, err := n.uniqueKey(c)
	if key == nil || err != nil {
		return nil, err
	}
	owners, err := n.table.UniqueOwners(ctx, []storage.UniqueKey{*key})
	id, ok := owners[key.Key]
	if !ok || err != nil {
		return nil, err
	}
	rows, err := n.scan(ctx, storage.Path{Kind: storage.PointGet, IDs: []string{id}}, func(row) bool { return true })
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// uniqueKey is the key of a proposed row in the index of its clash, nil if it has
// none there.
func (n *Insert) uniqueKey(c clash) (*storage.UniqueKey, error) {
	image, err := n.table.Preview(c.change)
	if err != nil {
		return nil, err
	}
	keys, err := n.table.UniqueKeys(image)
	for i := range keys {
		if keys[i].Index == c.index.Partition {
			return &keys[i], err
		}
	}
	return nil, err
}

// pathOf is the cheapest way to the row that has the key.
func pathOf(c clash) storage.Path {
	switch {
	case c.index.Primary:
		return storage.Path{Kind: storage.PointGet, IDs: []string{c.change.ID}}
	case !c.index.Complete:
		return storage.Path{Kind: storage.FullScan}
	}
	values := make([]any, len(c.index.Columns))
	for i, num := range keyColumns(c.index) {
		values[i] = c.row[num]
	}
	return storage.Path{Kind: storage.UniqueGet, Partition: c.index.Partition, Keys: [][]any{values}}
}

func (n *Insert) insertAgain(ctx context.Context, c clash) (done bool, err error) {
	results, err := n.write(ctx, []storage.Change{c.change})
	if err != nil {
		return false, err
	}
	if results[0].Outcome == storage.Applied {
		n.touch(c.change.ID)
		if err := n.rowInserted(c.row); err != nil {
			return false, err
		}
		if err := n.wrote(funcs.TriggerInsert, nil, []*storage.RowImage{results[0].Image}); err != nil {
			return false, err
		}
		if err := n.checkView([]row{c.row}); err != nil {
			return false, err
		}
		return true, n.returnRows([]row{c.row}, []*storage.RowImage{results[0].Image})
	}
	_, err = n.clashOf(ctx, c.proposed, results[0])
	return false, err
}

// updateExisting applies DO UPDATE to one row; done is false if the row changed
// since it was read.
func (n *Insert) updateExisting(ctx context.Context, existing, excluded row) (done bool, err error) {
	image, _ := existing[catalog.ColRowImage].(*storage.RowImage)
	if image == nil {
		return false, pgerr.Internal("a row without image")
	}
	if n.Written.has(n.Rel.OID, image.ID) {
		return false, secondTime()
	}
	if done, err := n.lockExisting(ctx, image.ID); !done || err != nil {
		return false, err
	}
	both := n.beside(existing, excluded)
	pass, err := n.Conflict.Where.Select(both)
	if err != nil || pass.Rows() == 0 {
		return true, err
	}
	if err := n.checkExisting(existing); err != nil {
		return false, err
	}
	ch, err := n.changeOf(n.Conflict.Sets, both, 0, image)
	if err != nil {
		return false, err
	}
	if n.Written.has(n.Rel.OID, image.ID) {
		return true, nil // by a WITH query that the assignments read: TM_SelfModified
	}
	x := found{image: image, old: existing, row: maps.Clone(existing)}
	x.row.set(ch.Columns, ch.Values)
	if n.firesBefore(funcs.TriggerUpdate) {
		if skip, err := n.fireUpdate(ctx, &x, &ch); skip || err != nil {
			return true, err
		}
	}
	generated, err := n.generate(n.rowsOf([]row{x.row}))
	if err != nil {
		return false, err
	}
	if len(n.Generated) > 0 {
		ch.Columns, ch.Values = append(ch.Columns, setNums(n.Generated)...), append(ch.Values, generated[0]...)
		x.row.set(ch.Columns, ch.Values)
	}
	if ch, err = n.complete(ch, x.row); err != nil {
		return false, err
	}
	if err := n.check(n.rowsOf([]row{x.row}), []row{x.row}); err != nil {
		return false, err
	}
	if err := n.stays(x.row); err != nil {
		return false, err
	}
	return n.writeUpdate(ctx, ch, x)
}

func (n *Insert) writeUpdate(ctx context.Context, ch storage.Change, x found) (done bool, err error) {
	results, err := n.writeChanges(ctx, []found{x}, []storage.Change{ch})
	if err != nil {
		return false, err
	}
	next := x.row
	switch res := results[0]; {
	case res.Outcome == storage.Exists:
		return false, n.duplicate(n.Rel.PrimaryKey(), next)
	case res.Outcome == storage.Applied:
		n.touch(ch.Old.ID)
		if err := n.rowUpdated(x.image, x.row); err != nil {
			return false, err
		}
		if err := n.wrote(funcs.TriggerUpdate, []*storage.RowImage{x.image}, []*storage.RowImage{res.Image}); err != nil {
			return false, err
		}
		return true, n.returnRows([]row{next}, []*storage.RowImage{res.Image})
	case res.Outcome != storage.Conflict:
		return false, n.failure(res)
	case n.InTransaction:
		return false, concurrentUpdate()
	}
	return false, nil
}

// beside is one row: the existing columns, then the proposed ones.
func (n *Insert) beside(existing, excluded row) *vec.Batch {
	a, b := n.rowsOf([]row{existing}), n.rowsOf([]row{excluded})
	return vec.NewBatch(append(a.Cols, b.Cols...), 1)
}

// changeOf evaluates assignments for row i of in.
func (t *Target) changeOf(sets []Set, in *vec.Batch, i int, image *storage.RowImage) (storage.Change, error) {
	ch := storage.Change{Op: storage.Update, ID: image.ID, Old: image}
	for _, s := range sets {
		v, err := s.Value.Eval(in, []int32{int32(i)})
		if err != nil {
			return ch, err
		}
		ch.Columns, ch.Values = append(ch.Columns, s.Num), append(ch.Values, v.Value(i))
	}
	return ch, nil
}

// complete checks an update's change against the new row and lets the storage
// complete it, but for key columns: those it never changes in place (see
// writeChanges).
func (t *Target) complete(ch storage.Change, next row) (storage.Change, error) {
	if err := t.checkPlainNotNull(ch.Columns, next); err != nil {
		return ch, err
	}
	key := t.keyPart(ch)
	done, err := t.validate(t.withoutKey(ch), next)
	if err == nil {
		err = t.checkNotNull(ch.Columns, next)
	}
	if err != nil {
		return ch, err
	}
	done.Columns, done.Values = append(done.Columns, key.Columns...), append(done.Values, key.Values...)
	return done, nil
}
