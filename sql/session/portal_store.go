package session

import (
	"context"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// portalStore keeps the rows of what can't be suspended, such as SHOW, and its tag: all
// but queries run to their end at the first call, and their rows wait where the client
// wants some of them only (FillPortalStore), in memory up to work_mem and then on disk.
type portalStore struct {
	Output
	rows *spill.Rows
	next int        // batch of rows
	rest *vec.Batch // what a row limit cut off the batch before
	tag  string
}

func (s *Session) newPortalStore(fields []Field, out Output) *portalStore {
	ts := make([]*types.Type, len(fields))
	for i, f := range fields {
		ts[i] = f.Type
	}
	return &portalStore{Output: out, rows: spill.NewRows(s.spillAccount(), ts)}
}

// spillAccount is for rows that wait for the client: work_mem of them in memory.
func (s *Session) spillAccount() *spill.Account {
	return spill.NewAccount(spill.Config{Limit: s.values.Int("work_mem") << 10, Dir: s.db.TempDir, BatchSize: vec.BatchSize})
}

// Describe implements Output: who holds the rows has described them.
func (st *portalStore) Describe([]Field) error { return nil }

// Rows implements Output.
func (st *portalStore) Rows(b *vec.Batch) error { return st.rows.Append(b) }

// Complete implements Output.
func (st *portalStore) Complete(tag string) error {
	st.tag = tag
	return nil
}

// batch is what is left of a batch, or the next one; nil at the end.
func (st *portalStore) batch(ctx context.Context) (b *vec.Batch, err error) {
	if b, st.rest = st.rest, nil; b == nil && st.next < st.rows.Batches() {
		b, err = st.rows.Batch(ctx, st.next)
		st.next++
	}
	return b, err
}

// give gives up to max of the rows that are left, all if 0.
func (st *portalStore) give(ctx context.Context, max int, out Output) (done bool, err error) {
	given := 0
	for {
		b, err := st.batch(ctx)
		if err != nil {
			return false, err
		}
		if b == nil {
			break
		}
		if n := max - given; max > 0 && b.Rows() > n {
			st.rest, b = b.Limit(n, b.Rows()), b.Limit(0, n)
		}
		given += b.Rows()
		if err := out.Rows(b); err != nil {
			return false, err
		}
		if max > 0 && given >= max {
			return false, out.Suspended()
		}
	}
	return true, out.Complete(recounted(st.tag, given))
}

// recounted is a tag with the rows that one Execute has given in place of all; there may
// be no count in it.
func recounted(tag string, rows int) string {
	at := strings.LastIndexByte(tag, ' ')
	if _, err := strconv.Atoi(tag[at+1:]); at < 0 || err != nil {
		return tag
	}
	return tag[:at+1] + strconv.Itoa(rows)
}

// fetch runs the portal for up to max rows.
func (s *Session) fetchPortal(ctx context.Context, po *portal, max int, out Output) (done bool, err error) {
	if _, suspends := po.run.(*queryRun); suspends || po.run.Fields() == nil || max == 0 && po.store == nil {
		return po.run.Fetch(ctx, max, out)
	}
	if po.store == nil {
		store := s.newPortalStore(po.run.Fields(), out)
		if _, err := po.run.Fetch(ctx, 0, store); err != nil {
			return true, err
		}
		po.store = store
	}
	return po.store.give(ctx, max, out)
}
