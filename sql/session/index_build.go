package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// indexObjects are an index and the name of its objects, of which it gets others when
// a column's type changes.
type indexObjects struct {
	oid     types.OID
	storage string
}

func objectsOf(r *catalog.Relation) map[indexObjects]bool {
	set := map[indexObjects]bool{}
	for _, ix := range r.Indexes {
		set[indexObjects{ix.OID, ix.Partition}] = true
	}
	return set
}

// buildIndexes fills the indexes that after has and before had not.
func (s *Session) buildIndexes(ctx context.Context, before, after *catalog.Relation) error {
	old := objectsOf(before)
	for _, ix := range after.Indexes {
		if !old[indexObjects{ix.OID, ix.Partition}] && ix.Stored() {
			if err := s.buildIndex(ctx, after.OID, ix, "CREATE INDEX"); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropIndexes removes, after the commit, the objects of indexes that are gone.
func (s *Session) dropIndexes(before, after *catalog.Relation) error {
	kept := objectsOf(after)
	for _, ix := range before.Indexes {
		if kept[indexObjects{ix.OID, ix.Partition}] || !ix.Stored() {
			continue
		}
		t, err := s.tx.table(before.OID)
		if err != nil {
			return err
		}
		s.tx.after = append(s.tx.after, func(ctx context.Context) error { return t.DropIndex(ctx, ix.Partition) })
	}
	return nil
}

// buildIndex writes an index's references for all rows, then marks it complete.
// A writer of another server that does not know the index yet could add a row
// without its reference: the mark comes with the commit, and other servers
// refresh their catalog before they write on (catalog/store). command is for its progress.
func (s *Session) buildIndex(ctx context.Context, rel types.OID, ix *catalog.Index, command string) error {
	if s.tx.writes.Wrote(rel) {
		return s.buildLater(ctx, rel, ix)
	}
	if s.catalog().RelationByOID(rel).Stored() {
		t, err := s.tx.table(rel)
		if err != nil {
			return err
		}
		done, end := s.indexing(command, rel, ix, t)
		defer end()
		if err := t.BuildIndex(ctx, ix.Partition, done); err != nil {
			return err
		}
	}
	return s.markIndex(ctx, ix.OID, true)
}

func (s *Session) markIndex(ctx context.Context, ix types.OID, complete bool) error {
	if err := s.tx.catalogTx().MarkIndexComplete(ctx, ix, complete); err != nil {
		return err
	}
	s.tx.changed()
	return nil
}

// buildLater leaves an index over rows of which some wait for COMMIT to COMMIT. A table
// that the transaction has made has no others: they bring their references along.
func (s *Session) buildLater(ctx context.Context, rel types.OID, ix *catalog.Index) error {
	if err := s.tx.writes.CheckIndex(ctx, rel, ix.Partition); err != nil {
		return err
	}
	made := s.cat.Snapshot().RelationByOID(rel) == nil
	if !made {
		s.tx.unbuilt = append(s.tx.unbuilt, ix.OID)
	}
	return s.markIndex(ctx, ix.OID, made)
}

// buildWritten makes, before the catalog is committed, the indexes that waited for the
// rows to be written.
func (t *transaction) buildWritten(ctx context.Context) error {
	for _, oid := range t.unbuilt {
		rel, ix := t.ddl.RelationOfIndex(oid)
		if ix == nil || ix.Complete {
			continue // dropped, or built since
		}
		if err := t.writes.BuildIndex(ctx, rel.OID, ix.Partition); err != nil {
			return err
		}
		if err := t.ddl.MarkIndexComplete(ctx, oid, true); err != nil {
			return err
		}
	}
	return nil
}
