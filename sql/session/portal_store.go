package session

import (
	"context"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// portalStore keeps the rows of what can't be suspended, such as SHOW, and its tag: all
// but queries run to their end at the first call, and their rows wait where the client
// wants some of them only (FillPortalStore).
type portalStore struct {
	Output
	rows []*vec.Batch
	tag  string
}

// Describe implements Output: who holds the rows has described them.
func (st *portalStore) Describe([]Field) error { return nil }

// Rows implements Output.
func (st *portalStore) Rows(b *vec.Batch) error {
	st.rows = append(st.rows, b.Compact())
	return nil
}

// Complete implements Output.
func (st *portalStore) Complete(tag string) error {
	st.tag = tag
	return nil
}

// give gives up to max of the rows that are left, all if 0.
func (st *portalStore) give(max int, out Output) (done bool, err error) {
	given := 0
	for len(st.rows) > 0 {
		b := st.rows[0]
		if n := max - given; max > 0 && b.Rows() > n {
			st.rows[0], b = b.Limit(n, b.Rows()), b.Limit(0, n)
		} else {
			st.rows = st.rows[1:]
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
func (po *portal) fetch(ctx context.Context, max int, out Output) (done bool, err error) {
	if _, suspends := po.run.(*queryRun); suspends || po.run.Fields() == nil || max == 0 && po.store == nil {
		return po.run.Fetch(ctx, max, out)
	}
	if po.store == nil {
		store := &portalStore{Output: out}
		if _, err := po.run.Fetch(ctx, 0, store); err != nil {
			return true, err
		}
		po.store = store
	}
	return po.store.give(max, out)
}
