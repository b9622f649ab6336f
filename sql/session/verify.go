package session

import (
	"context"
	"errors"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

var verifyTags = map[plan.VerifyKind]string{
	plan.VerifyResource: "VERIFY RESOURCE", plan.Reindex: "REINDEX", plan.VacuumResource: "VACUUM",
	plan.RotateSecret: "ALTER RESOURCE",
}

// verify checks and repairs a table's references and marks them complete.
func (s *Session) verify(ctx context.Context, d *plan.Verify, out Output) (string, error) {
	if d.Kind == plan.VacuumResource {
		if err := s.preventInBlock("VACUUM RESOURCE"); err != nil {
			return "", err
		}
		return verifyTags[d.Kind], s.vacuumResource(ctx, s.catalog().RelationByOID(d.Relations[0]))
	}
	if d.Outside != "" {
		if err := s.preventInBlock(d.Outside); err != nil {
			return "", err
		}
	}
	for _, oid := range d.Relations {
		if d.Kind == plan.RotateSecret {
			if err := s.rotateSecret(ctx, oid, out); err != nil {
				return "", err
			}
			continue
		}
		if err := s.verifyIndexes(ctx, s.catalog().RelationByOID(oid), d.Index, verifyTags[d.Kind], out); err != nil {
			return "", err
		}
	}
	return verifyTags[d.Kind], nil
}

// verifyIndexes checks and repairs one index of a relation, 0 for all.
func (s *Session) verifyIndexes(ctx context.Context, rel *catalog.Relation, only types.OID, command string, out Output) error {
	for _, ix := range rel.Indexes {
		if !ix.Stored() || only != 0 && ix.OID != only {
			continue
		}
		err := s.buildIndex(ctx, rel.OID, ix, command)
		if unfit := (*storage.Unfit)(nil); errors.As(err, &unfit) {
			err = s.leaveUnverified(ctx, ix, unfit, out)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveUnverified: rows that an index can't have, of s3db.js, keep it from answering
// alone.
func (s *Session) leaveUnverified(ctx context.Context, ix *catalog.Index, unfit *storage.Unfit, out Output) error {
	why := pgerr.As(unfit.Why)
	w := pgerr.Notice(pgerr.SeverityWarning, why.Code, "index \"%s\" was repaired but is not complete", ix.Name).
		WithDetail("Row \"%s\": %s.", unfit.Row, why.Message)
	if err := s.notice(out, w); err != nil {
		return err
	}
	return s.markIndex(ctx, ix.OID, false)
}
