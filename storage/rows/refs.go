package rows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// refList lists the references of a partition: the runs of keys of several
// prefixes side by side.
type refList struct {
	t     *table
	x     *index
	spec  *storage.ScanSpec
	runs  []*lister // those that have not ended
	total int       // runs at the beginning
	trust bool
	// seen are the ids given so far, where a row may be met under several prefixes:
	// when it moves meanwhile.
	seen  map[string]bool
	count int64
	// within says whether the field after the prefix lies between the path's bounds,
	// by its text; nil where the path has none.
	within func(texts []string) bool
	// base is what the keys of a value's references have before the id; "" where the path
	// says nothing of ids, and does not want them in order.
	base string
	ids  keyBounds
}

// sideBySide is how many prefixes are listed at once.
const sideBySide = 8

func (t *table) refSource(spec *storage.ScanSpec) (*refList, error) {
	x, err := t.partition(spec.Path.Partition)
	if err != nil {
		return nil, err
	}
	l := &refList{t: t, x: x, spec: spec, within: x.within(&spec.Path)}
	var below func(prefix string) s3db.KeyRange
	if t.textKey() && (spec.Path.KeyLow != nil || spec.Path.KeyHigh != nil || inOrder(spec)) {
		below, l.ids = l.idsBelow, boundsOf(&spec.Path)
	}
	runs, err := x.runs(&spec.Path, below)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		l.runs = append(l.runs, &lister{store: t.store, keys: r})
	}
	if l.total = len(runs); l.total > 1 {
		l.seen = map[string]bool{}
	}
	return l, nil
}

// idsBelow is the run of the references below a value of all fields that a path wants.
func (l *refList) idsBelow(prefix string) s3db.KeyRange {
	l.base = prefix + "id="
	path := &l.spec.Path
	r, _ := boundRange(path.KeyLow, path.KeyHigh, func(lo, hi any) (s3db.KeyRange, error) {
		return l.t.schema.IDsBelow(l.base, l.t.keyTypes[0], lo, hi), nil
	})
	return r
}

// runs are the runs of keys that a path's prefixes and bounds select, none
// inside another one. below, if not nil, is what is wanted of the references with a prefix
// that gives all fields.
func (x *index) runs(path *storage.Path, below func(prefix string) s3db.KeyRange) ([]s3db.KeyRange, error) {
	prefixes := path.Prefixes
	if len(prefixes) == 0 {
		prefixes = [][]any{nil}
	}
	var out []s3db.KeyRange
	for _, values := range prefixes {
		r, ok, err := x.run(values, path.Low, path.High, below)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b s3db.KeyRange) int { return strings.Compare(a.Prefix, b.Prefix) })
	return slices.CompactFunc(out, func(a, b s3db.KeyRange) bool { return strings.HasPrefix(b.Prefix, a.Prefix) }), nil
}

func (x *index) run(values []any, low, high *storage.Bound, below func(prefix string) s3db.KeyRange) (r s3db.KeyRange, ok bool, err error) {
	p := x.Partition
	if certain := p.Certain(values); len(certain) < len(values) {
		values, low, high = certain, nil, nil
	}
	if low == nil && high == nil || len(values) >= len(p.Fields) || !p.Fields[len(values)].Ordered {
		r.Prefix, ok, err = p.Prefix(values)
		if below != nil && ok && len(values) == len(p.Fields) {
			r = below(r.Prefix)
		}
		return r, ok, err
	}
	r, err = boundRange(low, high, func(lo, hi any) (r s3db.KeyRange, err error) {
		r, ok, err = p.Range(values, lo, hi)
		return r, err
	})
	return r, ok, err
}

// within compares texts as keys: a listing may hold keys beside those between the
// bounds, since escaping moves some. The text of a lossy field orders as its values
// do, but for those with the same text.
func (x *index) within(path *storage.Path) func(texts []string) bool {
	at := 0
	if len(path.Prefixes) > 0 {
		at = len(path.Prefixes[0])
	}
	if path.Low == nil && path.High == nil || at >= len(x.Partition.Fields) || !x.Partition.Fields[at].Ordered {
		return nil
	}
	f := x.Partition.Fields[at]
	text := func(b *storage.Bound) (string, bool) {
		if b == nil {
			return "", false
		}
		s, ok, err := f.Render(b.Value)
		return s, ok && err == nil
	}
	low, hasLow := text(path.Low)
	high, hasHigh := text(path.High)
	if hasLow && path.Low.Prefix {
		return func(texts []string) bool { return strings.HasPrefix(texts[at], low) }
	}
	return func(texts []string) bool { return !(hasLow && texts[at] < low || hasHigh && texts[at] > high) }
}

func (l *refList) next(ctx context.Context, most int) ([]candidate, bool, error) {
	pages, err := l.list(ctx, most)
	if err != nil {
		return nil, true, err
	}
	var out []candidate
	for _, page := range pages {
		if out, err = l.candidates(out, page); err != nil {
			return nil, true, err
		}
	}
	done := len(l.runs) == 0
	if done {
		l.learn()
	}
	return out, done, nil
}

// list reads a page of the first runs; under a limit of the first one only.
func (l *refList) list(ctx context.Context, most int) ([]*objstore.ListPage, error) {
	n := min(sideBySide, len(l.runs))
	if most > 0 {
		n = min(1, n)
	}
	if l.spec.FilterID != nil || l.seen != nil {
		most = 0
	}
	pages, done, errs := make([]*objstore.ListPage, n), make([]bool, n), make([]error, n)
	sideways(n, n, func(k int) { pages[k], done[k], errs[k] = l.runs[k].next(ctx, most) })
	k := 0
	l.runs = slices.DeleteFunc(l.runs, func(*lister) bool {
		k++
		return k <= n && done[k-1]
	})
	return pages, errors.Join(errs...)
}

// learn keeps how many references a value has on the average.
func (l *refList) learn() {
	if p := l.spec.Path; p.Low == nil && p.High == nil && p.KeyLow == nil && p.KeyHigh == nil && len(p.Prefixes) > 0 && len(p.Prefixes[0]) == len(l.x.Partition.Fields) {
		l.t.env.Stats.setPerValue(l.t.def.OID, l.x.Name, float64(l.count)/float64(l.total))
	}
}

func (l *refList) candidates(out []candidate, page *objstore.ListPage) ([]candidate, error) {
	out = slices.Grow(out, len(page.Objects))
	for _, o := range page.Objects {
		texts, id, ok := l.x.Partition.ParseReference(o.Key)
		if !ok || id == "" {
			continue
		}
		l.count++
		if l.within != nil && !l.within(texts) || l.ids.given() && !l.ids.hold(l.t.idText(id)) || l.spec.FilterID != nil && !l.spec.FilterID(id) {
			continue
		}
		c := candidate{id: id, ref: o.Key, info: o}
		if l.trust {
			if l.repeated(id) {
				continue
			}
			c.settled = true
			var err error
			if c.row, err = l.x.rowOf(l.t.schema, id, texts); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func (l *refList) repeated(id string) bool {
	if l.seen == nil {
		return false
	}
	if l.seen[id] {
		return true
	}
	l.seen[id] = true
	return false
}

// rowOf is the row as far as a reference tells it: the fields that lose nothing
// in the key.
func (x *index) rowOf(s *s3db.Schema, id string, texts []string) (*s3db.Row, error) {
	row := s.NewRow(id)
	for i, f := range x.Partition.Fields {
		if f.Column < 0 && f.Name == "_v" {
			row.Version = texts[i]
		}
		if f.Column < 0 || !f.Lossless {
			continue
		}
		v, err := f.Parse(texts[i])
		if err != nil {
			return nil, err
		}
		row.Values[f.Column] = v
	}
	return row, nil
}

// covers says whether references give everything that the projection takes.
func (x *index) covers(p *projection, columns []int16) bool {
	fields := map[int]bool{}
	version := false
	for _, f := range x.Partition.Fields {
		fields[f.Column] = f.Column >= 0 && f.Lossless
		version = version || f.Name == "_v" && f.Lossless
	}
	for i, want := range p.want {
		if want && !fields[i] {
			return false
		}
	}
	if p.need&(needObject|needContent) != 0 {
		return false
	}
	return version || !slices.Contains(columns, storage.ColVersion)
}
