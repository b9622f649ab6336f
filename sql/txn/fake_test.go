package txn_test

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// fakeTable keeps rows (id, value) in a map, with a version number as ETag. The
// value, if it has a ! in it, is unique.
type fakeTable struct {
	storage.Table
	rows    map[string]fakeRow
	applied [][]storage.Change
	version int
	asked   int            // calls of UniqueOwners
	holders map[any]string // ids by unique values
}

type fakeRow struct {
	value any
	etag  string
}

const valueColumn int16 = 2

func newFake() *fakeTable {
	return &fakeTable{rows: map[string]fakeRow{}, holders: map[any]string{}}
}

// fakeTables has one table.
type fakeTables struct{ table *fakeTable }

func (f fakeTables) Table(types.OID) (storage.Table, error) { return f.table, nil }

func (f *fakeTable) put(id string, v any) *storage.RowImage {
	f.version++
	r := fakeRow{v, string(rune('a' + f.version))}
	f.set(id, r)
	return image(id, r)
}

func (f *fakeTable) set(id string, r fakeRow) {
	f.drop(id)
	f.rows[id] = r
	if unique(r.value) {
		f.holders[r.value] = id
	}
}

func (f *fakeTable) drop(id string) {
	if v := f.rows[id].value; f.holders[v] == id {
		delete(f.holders, v)
	}
	delete(f.rows, id)
}

func image(id string, r fakeRow) *storage.RowImage {
	return &storage.RowImage{ID: id, ETag: r.etag, State: r.value}
}

// Apply gives a change that finds its value taken another try after the others.
func (f *fakeTable) Apply(_ context.Context, changes []storage.Change) []storage.Result {
	f.applied = append(f.applied, slices.Clone(changes))
	out := make([]storage.Result, len(changes))
	tried := make([]bool, len(changes))
	for range changes {
		violated := false
		for i, ch := range changes {
			if !tried[i] || out[i].Outcome == storage.Violated {
				out[i], tried[i] = f.one(ch), true
			}
			violated = violated || out[i].Outcome == storage.Violated
		}
		if !violated {
			break
		}
	}
	return out
}

var errTaken = pgerr.New(pgerr.UniqueViolation, "taken")

func unique(v any) bool {
	s, ok := v.(string)
	return ok && strings.Contains(s, "!")
}

func (f *fakeTable) isTaken(id string, v any) bool {
	if !unique(v) {
		return false
	}
	holder := f.holders[v]
	return holder != "" && holder != id
}

func (f *fakeTable) UniqueKeys(im *storage.RowImage) ([]storage.UniqueKey, error) {
	v := im.State
	if !unique(v) {
		return nil, nil
	}
	return []storage.UniqueKey{{Key: v.(string), Taken: errTaken}}, nil
}

func (f *fakeTable) UniqueOwners(_ context.Context, keys []storage.UniqueKey) (map[string]string, error) {
	f.asked++
	out := map[string]string{}
	for _, k := range keys {
		if id := f.holders[k.Key]; id != "" {
			out[k.Key] = id
		}
	}
	return out, nil
}

func (f *fakeTable) one(ch storage.Change) storage.Result {
	if ch.Op != storage.Delete && f.isTaken(ch.ID, ch.Values[0]) {
		return storage.Result{Outcome: storage.Violated, Err: errTaken}
	}
	r, there := f.rows[ch.ID]
	if ch.Op == storage.Insert {
		if there {
			return storage.Result{Outcome: storage.Exists}
		}
		return storage.Result{Image: f.put(ch.ID, ch.Values[0])}
	}
	if !there || r.etag != ch.Old.ETag {
		return storage.Result{Outcome: storage.Conflict}
	}
	if ch.Op == storage.Delete {
		f.drop(ch.ID)
		return storage.Result{}
	}
	return storage.Result{Image: f.put(ch.ID, ch.Values[0])}
}

func (f *fakeTable) Undo(_ context.Context, changes []storage.Change, results []storage.Result) error {
	for i, ch := range changes {
		if results[i].Outcome != storage.Applied {
			continue
		}
		if ch.Op == storage.Insert {
			f.drop(ch.ID)
		} else {
			f.set(ch.ID, fakeRow{ch.Old.State, ch.Old.ETag}) // byte for byte
		}
	}
	return nil
}

func (f *fakeTable) Preview(ch storage.Change) (*storage.RowImage, error) {
	etag := ""
	if ch.Old != nil {
		etag = ch.Old.ETag
	}
	return image(ch.ID, fakeRow{ch.Values[0], etag}), nil
}

func (f *fakeTable) Decode(images []*storage.RowImage, columns []int16) (*vec.Batch, error) {
	builders := make([]vec.Builder, len(columns))
	for i, c := range columns {
		b := vec.NewBuilder(columnType(c), len(images))
		for _, im := range images {
			b.Append(columnValue(c, im))
		}
		builders[i] = b
	}
	return vec.BuildBatch(builders), nil
}

func columnType(c int16) *types.Type {
	if c == catalog.ColRowImage {
		return storage.RowImageType
	}
	return types.ByOID(types.TextOID)
}

func columnValue(c int16, im *storage.RowImage) any {
	switch c {
	case catalog.ColRowImage:
		return im
	case catalog.ColETag:
		return im.ETag
	case valueColumn:
		return im.State
	}
	return im.ID
}

func (f *fakeTable) Scan(_ context.Context, spec storage.ScanSpec) (storage.Scanner, error) {
	var images []*storage.RowImage
	for id, r := range f.rows {
		if len(spec.Path.IDs) == 0 {
			images = append(images, image(id, r))
		}
	}
	for _, id := range spec.Path.IDs {
		if r, ok := f.rows[id]; ok {
			images = append(images, image(id, r))
		}
	}
	b, err := f.Decode(images, spec.Columns)
	return &fakeScanner{b}, err
}

type fakeScanner struct{ batch *vec.Batch }

func (s *fakeScanner) Next(context.Context) (*vec.Batch, error) {
	b := s.batch
	s.batch = nil
	return b, nil
}

func (s *fakeScanner) Close() {}
