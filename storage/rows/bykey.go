package rows

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// byKey lists rows, or the references of one value of a partition, in the order of the rows'
// key, a text. The keys of objects have another
// one where texts are escaped (s3db.EscapeID): a/b is listed as a~2Fb, behind all ASCII
// texts that begin with a, though it comes before most of them. So a listing from the
// lower bound on gives the next rows, and what comes before one of them may still be
// listed behind them: a text that has an escaped character where the row's key has a
// higher one, after a common beginning. Whether there is one, is asked for such
// beginnings as are not listed whole yet: few, mostly none where a page goes on from
// where the last one has ended. Where there is one, the whole range is listed.
type byKey struct {
	t      *table
	v      *verdicts
	pages  source // of lister
	lister *lister
	// base is what the objects' keys have before the id.
	base string
	refs bool
	// past says that rows were given, up to the text given.
	past   bool
	given  string
	bounds keyBounds
	// shared is what all texts of the range begin with.
	shared string
	// rows are those that were listed and not given, in order.
	rows []keyedRow
	// listed is the id up to which all is listed; whole: there are no more.
	listed string
	whole  bool
	// empty are beginnings that no text goes on from with an escaped character.
	empty map[string]bool
}

type keyedRow struct {
	text string
	candidate
}

// keyBound is a bound of the key; given is false for none.
type keyBound struct {
	text             string
	given, inclusive bool
}

// keyBounds are those of a path.
type keyBounds struct{ low, high keyBound }

func boundsOf(path *storage.Path) keyBounds {
	return keyBounds{newKeyBound(path.KeyLow), newKeyBound(path.KeyHigh)}
}

func (b keyBounds) given() bool { return b.low.given || b.high.given }

// hold says whether a text is between them.
func (b keyBounds) hold(text string) bool {
	return (!b.low.given || text > b.low.text || b.low.inclusive && text == b.low.text) &&
		(!b.high.given || text < b.high.text || b.high.inclusive && text == b.high.text)
}

// rowsByKey is l by key; nil where that is no order of texts.
func (t *table) rowsByKey(l *rowList) *byKey {
	if !t.textKey() {
		return nil
	}
	return t.newByKey(l, l.v, &l.lister, t.schema.DataPrefix(), &l.spec.Path)
}

// refsByKey is l by key; nil where that is no order of texts, or where l lists more than
// the references of one value: those of another one come behind all of them.
func (t *table) refsByKey(l *refList, v *verdicts) *byKey {
	if l.base == "" || len(l.runs) != 1 || !strings.HasPrefix(l.runs[0].keys.Prefix, l.base) {
		return nil
	}
	o := t.newByKey(l, v, l.runs[0], l.base, &l.spec.Path)
	o.refs = true
	return o
}

func (t *table) newByKey(pages source, v *verdicts, l *lister, base string, path *storage.Path) *byKey {
	o := &byKey{t: t, v: v, pages: pages, lister: l, base: base, bounds: boundsOf(path), empty: map[string]bool{}}
	o.shared = t.idText(strings.TrimPrefix(l.keys.Prefix, base))
	return o
}

func newKeyBound(b *storage.Bound) keyBound {
	if b == nil || b.Prefix {
		return keyBound{}
	}
	text, ok := b.Value.(string)
	return keyBound{text, ok, b.Inclusive}
}

// idText is the text that an id stands for.
func (t *table) idText(id string) string {
	if !t.schema.Escapes() {
		return id
	}
	if text, ok := s3db.UnescapeID(id); ok {
		return text
	}
	return id
}

// next implements source.
func (o *byKey) next(ctx context.Context, most int) ([]candidate, bool, error) {
	for len(o.rows) == 0 && !o.whole {
		if err := o.list(ctx, most); err != nil {
			return nil, true, err
		}
	}
	n := len(o.rows)
	if most > 0 {
		n = min(n, most)
	}
	if n > 0 && !o.whole {
		first, err := o.first(ctx, o.rows[n-1].text)
		for err == nil && !first && !o.whole {
			err = o.list(ctx, 0)
		}
		if err != nil {
			return nil, true, err
		}
	}
	rows, err := o.withRemoved(ctx, n)
	if err != nil {
		return nil, true, err
	}
	out := make([]candidate, len(rows))
	for i, r := range rows {
		out[i] = r.candidate
		o.past, o.given = true, r.text
	}
	o.rows = o.rows[n:]
	return out, o.whole && len(o.rows) == 0, nil
}

// withRemoved are the next n rows, and at their places those that were not listed any more.
func (o *byKey) withRemoved(ctx context.Context, n int) ([]keyedRow, error) {
	rows := slices.Clip(o.rows[:n])
	last := n == len(o.rows) && o.whole
	err := o.t.eachLate(ctx, o.v, func(key string, old *oldObject) error {
		id, ok := o.t.schema.ParseDataKey(key)
		text := o.t.idText(id)
		if !ok || old == nil || o.past && text <= o.given || !last && (n == 0 || text > o.rows[n-1].text) || !o.bounds.hold(text) {
			return nil
		}
		if slices.ContainsFunc(rows, func(r keyedRow) bool { return r.id == id }) {
			return nil
		}
		c := candidate{id: id}
		if o.refs {
			c.ref = o.base + id
		}
		rows = append(rows, keyedRow{text, c})
		return nil
	})
	if len(rows) > n {
		slices.SortFunc(rows, func(a, b keyedRow) int { return strings.Compare(a.text, b.text) })
	}
	return rows, objstore.ToPG(err)
}

// list takes a page. A page of keys alone costs the same however long it is; others are
// no longer than what is wanted.
func (o *byKey) list(ctx context.Context, most int) error {
	if !o.lister.metadata || most == 0 {
		most = objstore.MaxListKeys
	}
	page, done, err := o.pages.next(ctx, min(most+1, objstore.MaxListKeys))
	if err != nil {
		return err
	}
	o.whole = done
	if !done {
		o.listed = strings.TrimPrefix(o.lister.after, o.base)
	}
	for _, c := range page {
		if text := o.t.idText(c.id); o.bounds.hold(text) {
			o.rows = append(o.rows, keyedRow{text, c})
		}
	}
	slices.SortFunc(o.rows, func(a, b keyedRow) int { return strings.Compare(a.text, b.text) })
	return o.passed(ctx)
}

// passed ends the listing once nothing below the upper bound is left.
func (o *byKey) passed(ctx context.Context) error {
	if o.whole || !o.bounds.high.given || !o.t.schema.Escapes() || o.listed <= s3db.EscapeID(o.bounds.high.text) {
		return nil
	}
	var err error
	o.whole, err = o.first(ctx, o.bounds.high.text)
	return err
}

// first says whether all texts of the range below text, whose row is listed, are listed
// too.
func (o *byKey) first(ctx context.Context, text string) (bool, error) {
	if !o.t.schema.Escapes() {
		return true, nil
	}
	next := o.listed // nothing is left between the run that was asked for last and it
	for i := len(text) - 1; i >= len(o.shared); i-- {
		before := text[:i]
		run := escapedRun(before)
		switch {
		case !o.bounds.low.before(before), o.empty[before], !escapesBetween(o.bounds.low.after(before), text[i]):
			continue
		case next < run:
			var err error
			if next, err = o.behind(ctx, before); err != nil {
				return false, err
			}
		}
		if strings.HasPrefix(next, run) {
			return false, nil
		}
		o.empty[before] = true
	}
	return true, nil
}

// before says whether a text above the bound may begin with s and go on otherwise than
// the bound does.
func (b keyBound) before(s string) bool {
	return !b.given || strings.HasPrefix(b.text, s) || s > b.text
}

// after is the least character that a text above the bound which begins with s goes on
// with; -1 for none at all.
func (b keyBound) after(s string) int {
	if !b.given || !strings.HasPrefix(b.text, s) || len(b.text) == len(s) {
		return -1
	}
	return int(b.text[len(s)])
}

// escapesBetween says whether a character from low up to c, -1 being the text's end, is
// escaped, and c stands for itself.
func escapesBetween(low int, c byte) bool {
	if s3db.Escaped(c) || c > s3db.EscapeChar {
		return false // escaped ones are listed in their own order, others behind them
	}
	if low < 0 {
		return true
	}
	for x := byte(low); x < c; x++ {
		if s3db.Escaped(x) {
			return true
		}
	}
	return false
}

// escapedRun is what the ids of all texts begin with that begin so and go on with an
// escaped character.
func escapedRun(before string) string { return beginning(before) + string(s3db.EscapeChar) }

// beginning is what the ids of texts begin with that begin so.
func beginning(text string) string {
	if text == "" {
		return "" // alone it would be escaped
	}
	return s3db.EscapeID(text)
}

// lastID is behind all ids.
const lastID = "\U0010FFFF"

// behind is the first id from those on whose texts begin so and go on with an escaped
// character; lastID for none.
func (o *byKey) behind(ctx context.Context, before string) (string, error) {
	prefix := o.lister.keys.Prefix
	page := &objstore.ListPage{More: true, Next: o.base + beginning(before) + string(s3db.EscapeChar-1) + lastID}
	for len(page.Objects) == 0 && page.More {
		var err error
		if page, err = o.t.store.List(ctx, objstore.ListRequest{Prefix: prefix, StartAfter: page.Next, MaxKeys: 1}); err != nil {
			return "", objstore.ToPG(err)
		}
	}
	if len(page.Objects) == 0 {
		return lastID, nil
	}
	return strings.TrimPrefix(page.Objects[0].Key, o.base), nil
}
