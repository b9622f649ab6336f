package exec_test

import (
	"context"
	"fmt"
	"sort"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// memTable is a storage.Table in memory that counts requests as S3 would.
type memTable struct {
	storage.Table // what tests do not call
	rel           *catalog.Relation
	mu            sync.Mutex
	rows          map[string]*memRow
	next          int
	// beforeApply, if not nil, runs before the changes of one Apply: another
	// writer gets in between.
	beforeApply func()
	open        int // scanners not closed
	// assumed, if not 0, is the number of rows that the planner is told.
	assumed float64
}

type memRow struct {
	id     string
	values map[int16]any
	etag   string
}

func newMemTable(rel *catalog.Relation) *memTable {
	return &memTable{rel: rel, rows: map[string]*memRow{}}
}

func (t *memTable) image(r *memRow) *storage.RowImage {
	return &storage.RowImage{ID: r.id, ETag: r.etag, State: r}
}

func (t *memTable) idOf(key []any) string {
	id := ""
	for i, c := range t.rel.PrimaryKey().Columns {
		id += fmt.Sprintf("%s/", t.rel.Column(c.Num).Type.Out(types.DefaultEnv(), nil, key[i]))
	}
	return id
}

func (t *memTable) Scan(ctx context.Context, spec storage.ScanSpec) (storage.Scanner, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	meter := objstore.MeterFrom(ctx)
	rows := t.find(spec.Path)
	if spec.Path.Kind != storage.PointGet {
		meter.Count(objstore.ReqList, 1, 10, 0)
	}
	meter.Count(objstore.ReqGet, int64(len(rows)), int64(100*len(rows)), 0)
	if spec.Progress != nil {
		spec.Progress(int64(len(rows)), int64(len(rows)))
	}
	if spec.Limit > 0 && int64(len(rows)) > spec.Limit {
		rows = rows[:spec.Limit]
	}
	t.open++
	return &memScanner{t: t, rows: rows, nums: spec.Columns, size: max(spec.BatchSize, 1)}, nil
}

func (t *memTable) find(p storage.Path) []*memRow {
	ids := p.IDs
	for _, k := range p.Keys {
		ids = append(ids, t.idOf(k))
	}
	var out []*memRow
	if p.Kind == storage.PointGet {
		seen := map[string]bool{}
		for _, id := range ids {
			if r := t.rows[id]; r != nil && !seen[id] {
				seen[id] = true
				out = append(out, r)
			}
		}
		return out
	}
	for _, r := range t.rows {
		if t.inPartition(r, p) {
			out = append(out, r)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].id < out[j].id })
	return out
}

func (t *memTable) inPartition(r *memRow, p storage.Path) bool {
	if p.Kind == storage.FullScan || p.Kind == storage.KeyOnly {
		return true
	}
	for _, ix := range t.rel.Indexes {
		if ix.Partition != p.Partition {
			continue
		}
		for _, prefix := range p.Prefixes {
			hit := true
			for i, v := range prefix {
				c := t.rel.Column(ix.Columns[i].Num)
				hit = hit && r.values[c.Num] != nil && c.Type.Compare(r.values[c.Num], v) == 0
			}
			if hit {
				return true
			}
		}
	}
	return false
}

type memScanner struct {
	t    *memTable
	rows []*memRow
	nums []int16
	size int
	done bool
}

func (s *memScanner) Next(ctx context.Context) (*vec.Batch, error) {
	if ctx.Err() != nil {
		return nil, pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(ctx.Err())
	}
	n := min(s.size, len(s.rows))
	if n == 0 {
		return nil, nil
	}
	images := make([]*storage.RowImage, n)
	for i, r := range s.rows[:n] {
		images[i] = s.t.image(r)
	}
	s.rows = s.rows[n:]
	return s.t.Decode(images, s.nums)
}

func (s *memScanner) Close() {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	if !s.done {
		s.done = true
		s.t.open--
	}
}

func (t *memTable) Decode(images []*storage.RowImage, nums []int16) (*vec.Batch, error) {
	ts := make([]*types.Type, len(nums))
	for c, num := range nums {
		switch {
		case num == catalog.ColRowImage:
			ts[c] = storage.RowImageType
		case num < 0:
			ts[c] = types.ByOID(types.TextOID)
		default:
			ts[c] = t.rel.Column(num).Type
		}
	}
	out := vec.NewBuilders(ts, len(images))
	for _, im := range images {
		r := im.State.(*memRow)
		for c, num := range nums {
			switch {
			case num == catalog.ColRowImage:
				out[c].Append(im)
			case num == catalog.ColETag:
				out[c].Append(r.etag)
			case num < 0:
				out[c].AppendNull()
			default:
				out[c].Append(r.values[num])
			}
		}
	}
	b := vec.BuildBatch(out)
	b.N = len(images)
	return b, nil
}

func (t *memTable) Validate(ch storage.Change) (storage.Change, error) {
	if ch.Op != storage.Insert {
		ch.ID = ch.Old.ID
		return ch, nil
	}
	vals := map[int16]any{}
	for i, num := range ch.Columns {
		vals[num] = ch.Values[i]
	}
	for _, c := range t.rel.Columns {
		if c.NotNull && vals[c.Num] == nil {
			return ch, pgerr.New(pgerr.NotNullViolation, "null value in column \"%s\" of relation \"%s\" violates not-null constraint", c.Name, t.rel.Name)
		}
	}
	pk := t.rel.PrimaryKey()
	if pk == nil {
		t.next++
		ch.ID = fmt.Sprintf("%08d", t.next)
		return ch, nil
	}
	var key []any
	for _, c := range pk.Columns {
		key = append(key, vals[c.Num])
	}
	ch.ID = t.idOf(key)
	return ch, nil
}

func (t *memTable) Apply(ctx context.Context, changes []storage.Change) []storage.Result {
	if f := t.beforeApply; f != nil {
		t.beforeApply = nil
		f()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]storage.Result, len(changes))
	for i, ch := range changes {
		objstore.MeterFrom(ctx).Count(objstore.ReqPut, 1, 0, 50)
		out[i] = t.apply(ch)
	}
	return out
}

func (t *memTable) apply(ch storage.Change) storage.Result {
	old := t.rows[ch.ID]
	switch {
	case ch.Op == storage.Insert && old != nil:
		return storage.Result{Outcome: storage.Exists}
	case ch.Op != storage.Insert && (old == nil || old.etag != ch.Old.ETag):
		return storage.Result{Outcome: storage.Conflict}
	case ch.Op == storage.Delete:
		delete(t.rows, ch.ID)
		return storage.Result{}
	}
	t.next++
	r := &memRow{id: ch.ID, etag: fmt.Sprint("e", t.next), values: map[int16]any{}}
	if old != nil {
		for k, v := range old.values {
			r.values[k] = v
		}
	}
	for i, num := range ch.Columns {
		r.values[num] = ch.Values[i]
	}
	if err := t.violated(r); err != nil {
		return storage.Result{Outcome: storage.Violated, Err: err}
	}
	t.rows[ch.ID] = r
	return storage.Result{Image: t.image(r)}
}

func (t *memTable) violated(r *memRow) error {
	for _, ix := range t.rel.Indexes {
		if ix.Kind != catalog.UniqueIndex {
			continue
		}
		for _, o := range t.rows {
			same := o.id != r.id
			for _, c := range ix.Columns {
				a, b := o.values[c.Num], r.values[c.Num]
				same = same && a != nil && b != nil && t.rel.Column(c.Num).Type.Compare(a, b) == 0
			}
			if same {
				return pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", ix.Name).
					WithRelation(t.rel.Schema, t.rel.Name, "", ix.Name)
			}
		}
	}
	return nil
}

func (t *memTable) Stats() storage.Stats {
	rows := float64(len(t.rows))
	if t.assumed > 0 {
		rows = t.assumed
	}
	return storage.Stats{Rows: rows, RowBytes: 100, ListPage: 1000, RoundTrip: 0.02}
}
