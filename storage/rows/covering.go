package rows

import (
	"context"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// covering lists a covering partition and the rows: a reference whose ETag is
// its row's is current, and tells the partition's fields. The references found
// are held by id, so memory grows with their number; then the rows between the
// least and the greatest id are listed past them.
type covering struct {
	t    *table
	v    *verdicts
	refs *refList
	held map[string][]heldRef
	rows *lister
}

type heldRef struct{ key, etag string }

func (c *covering) next(ctx context.Context, _ int) ([]candidate, bool, error) {
	if c.held == nil {
		if err := c.hold(ctx); err != nil {
			return nil, true, err
		}
	}
	if len(c.held) == 0 {
		return nil, true, nil
	}
	since := c.t.env.units.rollbacks()
	var rows []objstore.Info
	done := false
	for pages := blindPages; pages > 0 && !done; pages-- {
		page, last, err := c.rows.next(ctx, 0)
		if err != nil {
			return nil, true, err
		}
		rows, done = append(rows, page.Objects...), last
	}
	doubtful, err := c.t.doubtful(ctx, rows, since, c.v)
	if err != nil {
		return nil, true, err
	}
	var out []candidate
	for _, o := range rows {
		id, ok := c.t.schema.ParseDataKey(o.Key)
		if !ok {
			continue
		}
		if doubtful(o.Key) {
			o.ETag = "" // no reference vouches for it
		}
		if out, err = c.match(out, id, o); err != nil {
			return nil, true, err
		}
	}
	if done && len(c.held) > 0 {
		c.v.vanished()
	}
	return out, done, nil
}

// hold lists the references.
func (c *covering) hold(ctx context.Context) error {
	c.held = map[string][]heldRef{}
	low, high := "", ""
	for done := false; !done; {
		var page []candidate
		var err error
		if page, done, err = c.refs.next(ctx, 0); err != nil {
			return err
		}
		for _, r := range page {
			if len(c.held) == 0 {
				low, high = r.id, r.id
			}
			low, high = min(low, r.id), max(high, r.id)
			c.held[r.id] = append(c.held[r.id], heldRef{r.ref, r.info.ETag})
		}
	}
	_, last := utf8.DecodeLastRuneInString(low)
	c.rows = &lister{store: c.t.store, keys: s3db.KeyRange{
		Prefix: c.t.schema.DataPrefix(),
		After:  c.t.schema.DataKey(low[:len(low)-last]),
		Stop:   c.t.schema.DataKey(high) + "\x00",
	}}
	return nil
}

// match gives the row once if one of its references is current; otherwise each
// of its references is held against the row itself.
func (c *covering) match(out []candidate, id string, o objstore.Info) ([]candidate, error) {
	refs := c.held[id]
	delete(c.held, id)
	for _, r := range refs {
		if r.etag != o.ETag {
			continue
		}
		texts, _, _ := c.refs.x.Partition.ParseReference(r.key)
		row, err := c.refs.x.rowOf(c.t.schema, id, texts)
		return append(out, candidate{id: id, info: o, settled: true, row: row}), err
	}
	for _, r := range refs {
		out = append(out, candidate{id: id, ref: r.key})
	}
	return out, nil
}
