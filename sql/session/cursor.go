package session

import (
	"context"
	"math"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// fetchAll is the count of FETCH ALL.
const fetchAll = math.MaxInt64

// cursor is the contents of a portal over a SELECT: a place among its rows
// (PORTAL_ONE_SELECT of pquery.c, whose names it has).
type cursor struct {
	q        *queryRun
	rows     cursorRows
	noScroll bool
	atStart  bool
	atEnd    bool
	pos      int64 // number of the row it is on, from 1; at the end the last one's
}

// newCursor makes a cursor over a query that may have given rows already.
func newCursor(q *queryRun, noScroll bool) *cursor {
	c := &cursor{q: q, noScroll: noScroll, atStart: q.rows == 0, pos: q.rows}
	c.rows = cursorRows{pull: q.pull, before: q.rows, n: q.rows}
	if !noScroll {
		c.rows.keep(q)
	}
	return c
}

func errForwardOnly() error {
	return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cursor can only scan forward").
		WithHint("Declare it with SCROLL option to enable backward scan.")
}

// give takes rows; nil for MOVE.
type give func(b *vec.Batch) error

// fetch is DoPortalRunFetch: it moves the cursor, gives what it passes or stops
// at, and returns the number of rows.
func (c *cursor) fetch(ctx context.Context, dir parser.FetchDirection, count int64, to give) (int64, error) {
	switch dir {
	case parser.FetchDirection_FETCH_ABSOLUTE:
		return c.absolute(ctx, count, to)
	case parser.FetchDirection_FETCH_RELATIVE:
		if count != 0 {
			return c.relative(ctx, count, to)
		}
		dir = parser.FetchDirection_FETCH_FORWARD
	}
	forward := dir == parser.FetchDirection_FETCH_FORWARD
	if count < 0 {
		forward, count = !forward, -count
	}
	if count == 0 {
		return c.again(ctx, to)
	}
	if !forward && count == fetchAll && to == nil {
		n := c.pos
		if n > 0 && !c.atEnd {
			n--
		}
		return n, c.rewind()
	}
	return c.run(ctx, forward, count, to)
}

// absolute goes to a row by its number, from the end if negative.
func (c *cursor) absolute(ctx context.Context, count int64, to give) (int64, error) {
	switch {
	case count > 0:
		if err := c.before(ctx, count); err != nil {
			return 0, err
		}
		return c.run(ctx, true, 1, to)
	case count < 0:
		if _, err := c.run(ctx, true, fetchAll, nil); err != nil {
			return 0, err
		}
		return c.relative(ctx, count, to)
	}
	if err := c.rewind(); err != nil {
		return 0, err
	}
	return c.run(ctx, true, 0, to)
}

// before goes to the place before row count, by the shorter way.
func (c *cursor) before(ctx context.Context, count int64) (err error) {
	if count-1 <= c.pos/2 {
		if err = c.rewind(); err == nil && count > 1 {
			_, err = c.run(ctx, true, count-1, nil)
		}
		return err
	}
	pos := c.pos
	if c.atEnd {
		pos++
	}
	switch {
	case count <= pos:
		_, err = c.run(ctx, false, pos-count+1, nil)
	case count > pos+1:
		_, err = c.run(ctx, true, count-pos-1, nil)
	}
	return err
}

// relative gives the count-th row from here.
func (c *cursor) relative(ctx context.Context, count int64, to give) (int64, error) {
	forward := count > 0
	if !forward {
		count = -count
	}
	if count > 1 {
		if _, err := c.run(ctx, forward, count-1, nil); err != nil {
			return 0, err
		}
	}
	return c.run(ctx, forward, 1, to)
}

// again gives the present row once more.
func (c *cursor) again(ctx context.Context, to give) (int64, error) {
	onRow := !c.atStart && !c.atEnd
	switch {
	case !onRow:
		return 0, nil
	case to == nil:
		return 1, nil
	}
	if _, err := c.run(ctx, false, 1, nil); err != nil {
		return 0, err
	}
	return c.run(ctx, true, 1, to)
}

// rewind is DoPortalRewind.
func (c *cursor) rewind() error {
	if c.atStart && !c.atEnd {
		return nil
	}
	if c.noScroll {
		return errForwardOnly()
	}
	c.atStart, c.atEnd, c.pos = true, false, 0
	return nil
}

// run is PortalRunSelect.
func (c *cursor) run(ctx context.Context, forward bool, count int64, to give) (int64, error) {
	if forward {
		return c.forward(ctx, count, to)
	}
	if c.noScroll {
		return 0, errForwardOnly()
	}
	return c.backward(ctx, count, to)
}

func (c *cursor) forward(ctx context.Context, count int64, to give) (int64, error) {
	if c.atEnd || count == 0 {
		return 0, nil
	}
	n := int64(0)
	for n < count {
		b, k, err := c.rows.at(ctx, c.pos+n+1)
		if err != nil {
			return n, err
		}
		if b == nil {
			break
		}
		m := min(int64(b.Rows()-k), count-n)
		if to != nil {
			if err := to(b.Limit(k, k+int(m))); err != nil {
				return n, err
			}
		}
		n += m
	}
	c.atStart = c.atStart && n == 0
	c.atEnd = n < count
	c.pos += n
	return n, nil
}

func (c *cursor) backward(ctx context.Context, count int64, to give) (int64, error) {
	if c.atStart || count == 0 {
		return 0, nil
	}
	from := c.pos - 1
	if c.atEnd {
		from = c.pos
	}
	n := int64(0)
	for n < count && from-n > 0 {
		b, k, err := c.rows.at(ctx, from-n)
		if err != nil {
			return n, err
		}
		m := min(int64(k+1), count-n)
		if to != nil {
			if err := to(reversed(b, k, int(m))); err != nil {
				return n, err
			}
		}
		n += m
	}
	if n > 0 {
		c.atEnd = false
	}
	if c.atStart = n < count; c.atStart {
		c.pos = 0
	} else {
		c.pos = from - n + 1
	}
	return n, nil
}

// reversed is the rows k, k-1, … of b, n of them.
func reversed(b *vec.Batch, k, n int) *vec.Batch {
	sel := make([]int32, n)
	for i := range sel {
		sel[i] = int32(b.Row(k - i))
	}
	return b.WithSel(sel)
}

// persist makes the cursor outlive its transaction (PersistHoldablePortal): its
// rows are read to the end, those before the present one only if it can go back.
func (c *cursor) persist(ctx context.Context) error {
	if c.rows.kept == nil {
		c.rows.keep(c.q)
	}
	for !c.rows.ended {
		if err := c.rows.next(ctx); err != nil {
			return err
		}
	}
	return c.q.Close()
}

func (c *cursor) close() {
	_ = c.q.Close() // it only releases; its statement has said what went wrong
	c.rows.close()
}

// currentRow is the id of the row of rel that it is on; "" if it is on another table's.
func (c *cursor) currentRow(ctx context.Context, row plan.CursorRow, rel *catalog.Relation) (string, error) {
	b, k, err := c.rows.at(ctx, c.pos)
	if err != nil || b == nil {
		return "", err
	}
	cols := c.q.q.Root.Columns()
	column := func(id plan.ColumnID) int {
		return slices.IndexFunc(cols, func(col plan.Col) bool { return col.ID == id })
	}
	id, table := column(row.Column), column(row.TableOID)
	switch {
	case id < 0:
		return "", pgerr.Internal("the cursor's rows have no ids")
	case row.TableOID != 0 && vec.Of[types.OID](b.Cols[table]).At(b.Row(k)) != rel.OID:
		return "", nil
	}
	return vec.Of[string](b.Cols[id]).At(b.Row(k)), nil
}
