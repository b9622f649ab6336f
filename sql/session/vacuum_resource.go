package session

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// VACUUM RESOURCE writes the rows of older versions anew, in today's: what an
// UPDATE does to a row by the way, done to all of them. Each row is one
// conditional write, and nothing of it is seen: no trigger, no event, updatedAt
// stays. A row that is changed meanwhile has today's version by that.

// VacuumProgress is how far a VACUUM RESOURCE, or ROTATE SECRET, has come
// (pg_stat_progress_vacuum).
type VacuumProgress struct {
	Relation types.OID
	// Total is the estimated number of rows, -1 unknown; Scanned were looked at,
	// Rewritten written.
	Total, Scanned, Rewritten int64
}

type vacuumProgress struct {
	relation           types.OID
	total              int64
	scanned, rewritten atomic.Int64
}

// snapshot is nil for no VACUUM RESOURCE.
func (p *vacuumProgress) snapshot() *VacuumProgress {
	if p == nil {
		return nil
	}
	return &VacuumProgress{Relation: p.relation, Total: p.total, Scanned: p.scanned.Load(), Rewritten: p.rewritten.Load()}
}

// vacuumPasses bounds how often rows are looked at again that another writer was
// faster with: one who does not know today's version yet leaves an older one.
const vacuumPasses = 5

func (s *Session) vacuumResource(ctx context.Context, rel *catalog.Relation) error {
	t, err := s.tx.table(rel.OID)
	if err != nil {
		return err
	}
	p := &vacuumProgress{relation: rel.OID, total: int64(t.Stats().Rows)}
	s.vacuuming.Store(p)
	defer s.vacuuming.Store(nil)
	for range vacuumPasses {
		conflicts, err := s.rewriteOld(ctx, t, rel, p)
		if err != nil || conflicts == 0 {
			return err
		}
	}
	return pgerr.New(pgerr.SerializationFailure, "rows of \"%s\" are being written in an older version", rel.Name).
		WithHint("Another server does not know the current version yet. Run VACUUM RESOURCE again.")
}

// rewriteOld writes all rows of older versions, and counts those that another
// writer has changed meanwhile.
func (s *Session) rewriteOld(ctx context.Context, t storage.Table, rel *catalog.Relation, p *vacuumProgress) (conflicts int, err error) {
	current := versionNumber(rel.Resource.CurrentVersion)
	in, err := t.Scan(ctx, storage.ScanSpec{Path: oldVersions(rel, current), Columns: []int16{storage.ColRowImage, storage.ColVersion}})
	if err != nil {
		return 0, err
	}
	defer in.Close()
	for {
		b, err := in.Next(ctx)
		if b == nil || err != nil {
			return conflicts, err
		}
		n, err := rewriteBatch(ctx, t, b, current, p)
		if conflicts += n; err != nil {
			return conflicts, err
		}
		p.scanned.Add(int64(b.Rows()))
	}
}

func rewriteBatch(ctx context.Context, t storage.Table, b *vec.Batch, current int, p *vacuumProgress) (conflicts int, err error) {
	images, versions := vec.Of[any](b.Cols[0]), vec.Of[int32](b.Cols[1])
	var changes []storage.Change
	for k := range b.Rows() {
		i := b.Row(k)
		if !versions.IsNull(i) && int(versions.At(i)) == current {
			continue
		}
		old := images.At(i).(*storage.RowImage)
		changes = append(changes, storage.Change{Op: storage.Update, ID: old.ID, Old: old})
	}
	for _, r := range t.Apply(ctx, changes) {
		switch r.Outcome {
		case storage.Applied:
			p.rewritten.Add(1)
		case storage.Failed:
			return conflicts, r.Err
		default:
			conflicts++
		}
	}
	return conflicts, nil
}

// oldVersions is the way to the rows of all versions before current: by the
// partition byVersion where that is complete.
func oldVersions(rel *catalog.Relation, current int) storage.Path {
	for _, ix := range rel.Indexes {
		if ix.Kind != catalog.PartitionIndex || !ix.Complete || len(ix.Columns) != 1 || ix.Columns[0].Num != catalog.ColVersion {
			continue
		}
		path := storage.Path{Kind: storage.Partition, Partition: ix.Partition}
		for v := range current {
			path.Prefixes = append(path.Prefixes, []any{int32(v)})
		}
		if path.Prefixes != nil {
			return path
		}
	}
	return storage.Path{Kind: storage.FullScan}
}

func versionNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(text, "v"))
	if err != nil {
		return -1
	}
	return n
}
