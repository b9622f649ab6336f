package txn

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
)

// inserted remembers rows that were inserted: their ids and what tells whether
// they are still as they were written, some 30 bytes a row. A COPY of a million
// rows must be undoable without a copy of it in memory; the rows themselves are
// in the store.
type inserted struct {
	rows []byte // uvarint length and bytes of the id, eight bytes of the ETag's hash
	n    int
}

// allInserts says whether changes can be remembered so.
func allInserts(changes []storage.Change) bool {
	for _, ch := range changes {
		if ch.Op != storage.Insert {
			return false
		}
	}
	return true
}

func newInserted(results []storage.Result) *inserted {
	in := &inserted{}
	for _, r := range results {
		if r.Outcome != storage.Applied {
			continue
		}
		in.n++
		in.rows = binary.AppendUvarint(in.rows, uint64(len(r.Image.ID)))
		in.rows = append(in.rows, r.Image.ID...)
		in.rows = binary.LittleEndian.AppendUint64(in.rows, hashETag(r.Image))
	}
	in.rows = slices.Clip(in.rows)
	return in
}

func hashETag(im *storage.RowImage) uint64 {
	h := fnv.New64a()
	h.Write([]byte(im.ETag))
	return h.Sum64()
}

// undo reads the rows again and takes them back, but for those that somebody has
// changed since.
func (in *inserted) undo(ctx context.Context, table storage.Table) error {
	ids, hashes := in.unpack()
	images, err := readImages(ctx, table, ids)
	if err != nil {
		return err
	}
	var changes []storage.Change
	var results []storage.Result
	for _, im := range images {
		if h, ok := hashes[im.ID]; ok && h == hashETag(im) {
			changes = append(changes, storage.Change{Op: storage.Insert, ID: im.ID})
			results = append(results, storage.Result{Outcome: storage.Applied, Image: im})
		}
	}
	err = table.Undo(ctx, changes, results)
	if err == nil && len(changes) < in.n {
		return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").
			WithDetail("Another writer changed the row before this change was taken back.")
	}
	return err
}

func (in *inserted) unpack() (ids []string, hashes map[string]uint64) {
	hashes = make(map[string]uint64, in.n)
	for b := in.rows; len(b) > 0; {
		size, n := binary.Uvarint(b)
		id := string(b[n : n+int(size)])
		b = b[n+int(size):]
		ids, hashes[id] = append(ids, id), binary.LittleEndian.Uint64(b)
		b = b[8:]
	}
	return ids, hashes
}

// readImages reads the rows of ids that are there.
func readImages(ctx context.Context, table storage.Table, ids []string) ([]*storage.RowImage, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return scanImages(ctx, table, storage.Path{Kind: storage.PointGet, IDs: ids})
}

func scanImages(ctx context.Context, table storage.Table, path storage.Path) ([]*storage.RowImage, error) {
	s, err := table.Scan(ctx, storage.ScanSpec{Path: path, Columns: []int16{catalog.ColRowImage}})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var out []*storage.RowImage
	for {
		b, err := s.Next(ctx)
		if b == nil || err != nil {
			return out, err
		}
		for k := range b.Rows() {
			out = append(out, b.Cols[0].Value(b.Row(k)).(*storage.RowImage))
		}
	}
}
