package dml

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Insert writes the rows of Input. RETURNING and the checks see the target's
// columns.
type Insert struct {
	Target
	Input Input
	// InputNums are the columns that Input yields.
	InputNums []int16
	Conflict  *Conflict
	// Origin is where Input's rows come from, if it has lines; Line is the column
	// of Input with their numbers.
	Origin Origin
	Line   int
}

// Origin is the data that COPY FROM reads.
type Origin interface {
	// Pending is the error that stands in the data behind the rows given so far.
	Pending() error
	// Blame adds to an error the line to which it belongs; shown: with its text.
	Blame(err error, line int64, shown bool) error
	// Wrote counts rows that came through.
	Wrote(rows int)
}

// Open implements the operator.
func (n *Insert) Open(context.Context) error { return n.open() }

// Close implements the operator.
func (n *Insert) Close() error {
	n.close()
	return nil
}

// Next implements the operator.
func (n *Insert) Next(ctx context.Context) (*vec.Batch, error) {
	return n.next(ctx, func(ctx context.Context) error {
		return n.statement(ctx, n.Input, func(ctx context.Context) error {
			return n.Written.each(ctx, n.Input, func(b *vec.Batch) error {
				if err := n.batch(ctx, b); err != nil || n.Origin == nil {
					return err
				}
				n.Origin.Wrote(b.Rows())
				return nil
			})
		}, n.Operations()...)
	})
}

// Operations are those whose statement triggers an INSERT fires.
func (n *Insert) Operations() []funcs.TriggerOp {
	if n.Conflict != nil && !n.Conflict.DoNothing {
		return []funcs.TriggerOp{funcs.TriggerInsert, funcs.TriggerUpdate}
	}
	return []funcs.TriggerOp{funcs.TriggerInsert}
}

// proposed is a row on its way into the table.
type proposed struct {
	row    row
	change storage.Change
	line   int64 // of COPY's data
}

func (n *Insert) batch(ctx context.Context, b *vec.Batch) error {
	if n.instead() {
		return n.batchInstead(ctx, b)
	}
	if n.firesBefore(funcs.TriggerInsert) {
		return n.batchFired(ctx, b)
	}
	rows, err := n.propose(ctx, b)
	if err != nil {
		return err
	}
	if n.Origin != nil && n.Origin.Pending() != nil {
		return n.Origin.Pending() // nothing of a bad file's last rows is written
	}
	if rows, err = n.dropDuplicates(rows); err != nil {
		return err
	}
	return n.insert(ctx, rows)
}

// blame adds the line of COPY's data to an error.
func (n *Insert) blame(err error, line int64, shown bool) error {
	if n.Origin == nil || err == nil {
		return err
	}
	return n.Origin.Blame(err, line, shown)
}

// lineOf is the number of a row's line, 0 if it came from none.
func (n *Insert) lineOf(b *vec.Batch, row int) int64 {
	if n.Origin == nil {
		return 0
	}
	return vec.Of[int64](b.Cols[n.Line]).At(row)
}

// propose makes and checks the changes of a batch.
func (n *Insert) propose(ctx context.Context, b *vec.Batch) ([]proposed, error) {
	out := make([]proposed, 0, b.Rows())
	given, err := n.given(b)
	if err != nil {
		return nil, err
	}
	nums := append(slices.Clip(n.InputNums), setNums(n.Generated)...)
	if nums, err = n.identify(ctx, nums, given); err != nil {
		return nil, err
	}
	required := n.nonKey(nums)
	rows := make([]row, 0, b.Rows())
	for k, vals := range given {
		p, err := n.proposeRow(nums, vals, required)
		if err != nil {
			if earlier := n.checkTable(rows); earlier != nil {
				return nil, n.blameCheck(earlier, out)
			}
			return nil, n.blame(err, n.lineOf(b, b.Row(k)), true)
		}
		p.line = n.lineOf(b, b.Row(k))
		out, rows = append(out, p), append(rows, p.row)
	}
	if err := n.checkTable(rows); err != nil {
		return nil, n.blameCheck(err, out)
	}
	return out, nil
}

// checkTable makes the table's own checks of rows that are not written yet, that of
// a partition last.
func (n *Insert) checkTable(rows []row) error {
	checks := n.proposedChecks()
	if len(checks) == 0 && n.Router == nil {
		return nil
	}
	in := n.rowsOf(rows)
	if err := n.checkBy(checks, in, rows); err != nil {
		return err
	}
	return n.checkPartition(in, rows)
}

// checkView makes a view's checks, which only rows meet that are in the table: ON
// CONFLICT may have kept them out.
func (n *Insert) checkView(rows []row) error {
	if checks := n.viewChecks(); len(checks) > 0 && len(rows) > 0 {
		return n.checkBy(checks, n.rowsOf(rows), rows)
	}
	return nil
}

// given are the values of each row of b: those that Input yields, then those of
// the generated columns.
func (n *Insert) given(b *vec.Batch) ([][]any, error) {
	out := make([][]any, b.Rows())
	rows := make([]row, b.Rows())
	for k := range out {
		out[k], rows[k] = make([]any, len(n.InputNums), len(n.InputNums)+len(n.Generated)), row{}
		for c := range n.InputNums {
			out[k][c] = b.Cols[c].Value(b.Row(k))
		}
		rows[k].set(n.InputNums, out[k])
	}
	if len(n.Generated) == 0 {
		return out, nil
	}
	vals, err := n.generate(n.rowsOf(rows))
	for k := range vals {
		out[k] = append(out[k], vals[k]...)
	}
	return out, err
}

// blameCheck finds the line of the row that failed a CHECK.
func (n *Insert) blameCheck(err error, rows []proposed) error {
	for _, p := range rows {
		if n.Origin == nil {
			break
		}
		if n.checkTable([]row{p.row}) != nil {
			return n.blame(err, p.line, true)
		}
	}
	return err
}

func (n *Insert) proposeRow(nums []int16, vals []any, required []int16) (proposed, error) {
	r := row{catalog.ColTableOID: n.Rel.OID}
	r.set(nums, vals)
	if err := n.checkPlainNotNull(required, r); err != nil {
		return proposed{}, err
	}
	ch, err := n.validate(storage.Change{Op: storage.Insert, Columns: nums, Values: vals}, r)
	if err == nil {
		err = n.checkNotNull(n.nonKey(n.Nums), r) // those too that got no value
	}
	return proposed{row: r, change: ch}, err
}

// dropDuplicates resolves rows of one batch with the same id: the first one
// counts.
func (n *Insert) dropDuplicates(rows []proposed) ([]proposed, error) {
	seen := make(map[string]bool, len(rows))
	out := rows[:0]
	for _, p := range rows {
		if id := p.change.ID; id != "" && seen[id] {
			if err := n.duplicateInStatement(p.row); err != nil {
				return nil, n.blame(err, p.line, false)
			}
			continue
		}
		seen[p.change.ID] = true
		out = append(out, p)
	}
	return out, nil
}

// duplicateInStatement is the error of a second row with the same key, nil if
// ON CONFLICT DO NOTHING covers it.
func (n *Insert) duplicateInStatement(r row) error {
	ix := n.Rel.PrimaryKey()
	switch {
	case ix == nil:
		return pgerr.Internal("relation %s has no primary key", n.Rel.Name)
	case !n.Conflict.covers(ix):
		return n.duplicate(ix, r)
	case n.Conflict.DoNothing:
		return nil
	}
	return secondTime()
}

// insert writes rows and resolves those that are taken.
func (n *Insert) insert(ctx context.Context, rows []proposed) error {
	changes := make([]storage.Change, len(rows))
	for i, p := range rows {
		changes[i] = p.change
	}
	defer n.holding()()
	if err := n.lockNew(ctx, changes); err != nil {
		return err
	}
	results, err := n.write(ctx, changes)
	if err != nil {
		return err
	}
	var written []row
	var images []*storage.RowImage
	var taken []clash
	for i, res := range results {
		if res.Outcome == storage.Applied {
			written, images = append(written, rows[i].row), append(images, res.Image)
			n.touch(rows[i].change.ID)
			if err := n.rowInserted(rows[i].row); err != nil {
				return err
			}
			continue
		}
		c, err := n.clashOf(ctx, rows[i], res)
		if err != nil {
			return n.blame(err, rows[i].line, false)
		}
		taken = append(taken, c)
	}
	if err := n.wrote(funcs.TriggerInsert, nil, images); err != nil {
		return err
	}
	if err := n.checkView(written); err != nil {
		return err
	}
	if err := n.returnRows(written, images); err != nil {
		return err
	}
	return n.resolve(ctx, taken)
}

// touch remembers an id for DO UPDATE, which must not meet it again.
func (n *Insert) touch(id string) {
	if n.Written.Inserts {
		n.Written.add(n.Rel.OID, id)
	}
}

// returnRows counts the rows and puts out RETURNING.
func (n *Insert) returnRows(rows []row, images []*storage.RowImage) error {
	n.affected += int64(len(rows))
	if len(rows) == 0 || n.Returning.Len() == 0 {
		return nil
	}
	if err := n.stored(rows, images); err != nil {
		return err
	}
	return n.emit(n.rowsOf(rows))
}

// clash is a proposed row and the index in which its key is taken.
type clash struct {
	proposed
	index *catalog.Index
}

// clashOf reads a result that was not applied; an error unless ON CONFLICT
// covers it.
func (n *Insert) clashOf(ctx context.Context, p proposed, res storage.Result) (clash, error) {
	switch res.Outcome {
	case storage.Exists:
		pk := n.Rel.PrimaryKey()
		if pk == nil {
			return clash{}, pgerr.Internal("relation %s has no primary key", n.Rel.Name)
		}
		if n.Conflict.covers(pk) {
			return clash{p, pk}, nil
		}
		return n.arbitrate(ctx, p, n.duplicate(pk, p.row))
	case storage.Violated:
		if ix := n.violatedIndex(res.Err); ix != nil && n.Conflict.covers(ix) {
			return clash{p, ix}, nil
		}
		return n.arbitrate(ctx, p, n.failure(res))
	}
	return clash{}, n.failure(res)
}

// arbitrate asks for the row that has the arbiter's key: it decides, whatever
// else is taken too. Without one the row is refused because of refusal.
func (n *Insert) arbitrate(ctx context.Context, p proposed, refusal error) (clash, error) {
	if n.Conflict == nil {
		return clash{}, refusal
	}
	for _, ix := range n.Conflict.Arbiters {
		c := clash{p, ix}
		if found, err := n.existing(ctx, c); found != nil || err != nil {
			return c, err
		}
	}
	return clash{}, refusal
}
