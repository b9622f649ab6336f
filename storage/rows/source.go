package rows

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// candidate is a row that a path has come across.
type candidate struct {
	id    string
	named bool // by the path, not by a listing
	// ref is the key of the reference that led here: the row is skipped if it has
	// another one by now. Empty for paths over the rows themselves.
	ref string
	// unique is the key of the unique-key object that led here, likewise.
	unique string
	info   objstore.Info // as the row's own key was listed; else zero
	// body is the object's, where the listing gave it (whole).
	body  []byte
	whole bool
	// settled: the answer needs no object. row has then what the reference told.
	settled bool
	row     *s3db.Row
}

// source lists candidates. most is a hint: no more of them will be needed.
// done is given with the last candidates.
type source interface {
	next(ctx context.Context, most int) (page []candidate, done bool, err error)
}

// points are rows named by id.
type points struct{ ids []string }

func (p *points) next(context.Context, int) ([]candidate, bool, error) {
	out := make([]candidate, len(p.ids))
	for i, id := range p.ids {
		out[i].id, out[i].named = id, true
	}
	return out, true, nil
}

// pointSource collects the ids of a PointGet, each once.
func (t *table) pointSource(spec *storage.ScanSpec) source {
	seen := map[string]bool{}
	p := &points{}
	for _, id := range t.PointIDs(spec.Path) {
		if !seen[id] && (spec.FilterID == nil || spec.FilterID(id)) {
			seen[id] = true
			p.ids = append(p.ids, id)
		}
	}
	return p
}

// PointIDs implements storage.Keyed.
func (t *table) PointIDs(p storage.Path) []string {
	ids := p.IDs[:len(p.IDs):len(p.IDs)]
	for _, values := range p.Keys {
		ids = append(ids, t.idsOf(values)...)
	}
	return ids
}

// idsOf are the ids that rows with these key values can have: the one that we
// write, and for a text the text itself, which s3db.js may have used as id
// where we would escape it. Values that no key can carry have none.
func (t *table) idsOf(values []any) []string {
	if slices.Contains(values, nil) {
		return nil
	}
	var out []string
	id, err := t.schema.EncodeID(t.keyTypes, values)
	if err == nil {
		out = append(out, id)
	}
	text, ok := values[0].(string)
	if !ok || !t.textKey() || err == nil && text == id {
		return out
	}
	if _, ours := t.schema.DecodeID(t.keyTypes, text); err != nil || !ours {
		out = append(out, text)
	}
	return out
}

// lister reads the pages of one run of keys.
type lister struct {
	store    objstore.Store
	keys     s3db.KeyRange
	metadata bool
	bodies   bool
	after    string
	started  bool
}

// next returns a page; done with the last one.
func (l *lister) next(ctx context.Context, most int) (page *objstore.ListPage, done bool, err error) {
	if !l.started {
		l.started, l.after = true, l.keys.After
	}
	page, err = l.store.List(ctx, objstore.ListRequest{
		Prefix: l.keys.Prefix, StartAfter: l.after, MaxKeys: most, WithMetadata: l.metadata, WithBodies: l.bodies,
	})
	if err != nil {
		return nil, true, objstore.ToPG(err)
	}
	l.after = page.Next
	return page, l.cut(page) || !page.More, nil
}

// eachPage calls f with all pages of the keys that begin with prefix.
func eachPage(ctx context.Context, st objstore.Store, prefix string, f func(page *objstore.ListPage) error) error {
	l := &lister{store: st, keys: s3db.KeyRange{Prefix: prefix}}
	for done := false; !done; {
		page, last, err := l.next(ctx, 0)
		if err != nil {
			return err
		}
		done = last
		if err := f(page); err != nil {
			return err
		}
	}
	return nil
}

// cut drops what lies behind the run.
func (l *lister) cut(page *objstore.ListPage) bool {
	if l.keys.Stop == "" {
		return false
	}
	for i, o := range page.Objects {
		if o.Key >= l.keys.Stop {
			page.Objects = page.Objects[:i]
			return true
		}
	}
	return false
}

// rowList lists the rows themselves.
type rowList struct {
	t      *table
	v      *verdicts
	lister lister
	spec   *storage.ScanSpec
	// settled: the listing is all that is needed.
	settled bool
	// learn: the listing has all rows, so that their number is known at its end.
	learn bool
	count int64
	bytes int64 // of the rows counted
}

func (t *table) rowSource(spec *storage.ScanSpec, p *projection) *rowList {
	caps := t.store.Capabilities()
	l := &rowList{t: t, v: p.verdicts, spec: spec, settled: p.listed()}
	l.lister = lister{store: t.store, keys: t.idRange(spec.Path.KeyLow, spec.Path.KeyHigh)}
	l.learn = spec.Path.KeyLow == nil && spec.Path.KeyHigh == nil
	if (!l.settled || spec.Sizes) && caps.ListMetadata {
		l.lister.metadata = true
		l.lister.bodies = !l.settled && caps.ListBodies && (p.need&(needObject|needContent) != 0 || t.bodies())
	}
	return l
}

// bodies says that rows of the table may have fields in the body.
func (t *table) bodies() bool {
	return t.schema.Had(s3db.UserManaged, s3db.BodyOverflow, s3db.BodyOnly)
}

func (l *rowList) next(ctx context.Context, most int) ([]candidate, bool, error) {
	if l.spec.FilterID != nil {
		most = 0
	}
	since := l.t.env.units.rollbacks()
	pages := 1
	if l.blind() && most == 0 && !l.t.env.alone() {
		pages = blindPages
	}
	var out []candidate
	done := false
	for ; pages > 0 && !done; pages-- {
		page, last, err := l.lister.next(ctx, most)
		if err != nil {
			return nil, true, err
		}
		out, done = l.take(out, page), last
	}
	if l.blind() {
		if err := l.doubt(ctx, out, since); err != nil {
			return nil, true, err
		}
	}
	if done && l.learn {
		if l.settled && !l.lister.metadata && l.t.store.Capabilities().ListMetadata {
			l.bytes = 0 // the listing left out the most of it
		}
		l.t.env.Stats.listed(l.t.def.OID, l.count, l.bytes)
	}
	return out, done, nil
}

// blind: rows are taken from the listing, and it does not show their stamps.
func (l *rowList) blind() bool { return l.settled || l.lister.metadata && !l.lister.bodies }

// take adds the rows of a page.
func (l *rowList) take(out []candidate, page *objstore.ListPage) []candidate {
	out = slices.Grow(out, len(page.Objects))
	for i, o := range page.Objects {
		id, ok := l.t.schema.ParseDataKey(o.Key)
		if !ok || id == "" {
			continue // no row: nothing that s3db.js or we would write
		}
		l.count++
		l.bytes += listedBytes(&page.Objects[i])
		if l.spec.FilterID != nil && !l.spec.FilterID(id) {
			continue
		}
		c := candidate{id: id, info: o, settled: l.settled}
		if page.Bodies != nil {
			c.body = page.Bodies[i]
			c.whole = int64(len(c.body)) == o.Size
		}
		out = append(out, c)
	}
	return out
}

// doubt has rows fetched of which the listing does not tell whether they count.
func (l *rowList) doubt(ctx context.Context, rows []candidate, since uint64) error {
	listed := make([]objstore.Info, len(rows))
	for i, c := range rows {
		listed[i] = c.info
	}
	doubtful, err := l.t.doubtful(ctx, listed, since, l.v)
	for i, c := range rows {
		if err == nil && doubtful(c.info.Key) {
			rows[i] = candidate{id: c.id}
		}
	}
	return err
}

// listedBytes is the size of an object as a listing shows it.
func listedBytes(o *objstore.Info) int64 {
	n := int64(len(o.Key)) + o.Size
	for name, value := range o.Metadata {
		n += int64(len(name) + len(value))
	}
	return n
}

// idRange is the run of keys between two bounds of the first key column.
func (t *table) idRange(low, high *storage.Bound) s3db.KeyRange {
	if len(t.keyTypes) == 0 {
		return s3db.KeyRange{Prefix: t.schema.DataPrefix()}
	}
	r, _ := boundRange(low, high, func(lo, hi any) (s3db.KeyRange, error) {
		return t.schema.IDRange(t.keyTypes[0], lo, hi), nil
	})
	return r
}

// boundRange turns bounds into what key ranges take: inclusive values, and for
// the beginning of a text the run from the text to its last continuation,
// bounded by what all of them begin with.
func boundRange(low, high *storage.Bound, f func(low, high any) (s3db.KeyRange, error)) (s3db.KeyRange, error) {
	for _, b := range []*storage.Bound{low, high} {
		if b == nil || !b.Prefix {
			continue
		}
		text, ok := b.Value.(string)
		if !ok {
			return f(nil, nil)
		}
		r, err := f(text, text+"\U0010FFFF")
		r.Stop = ""
		return r, err
	}
	return f(value(low), value(high))
}

func value(b *storage.Bound) any {
	if b == nil {
		return nil
	}
	return b.Value
}
