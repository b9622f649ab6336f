package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

const refreshTag = "REFRESH MATERIALIZED VIEW"

// refresh replaces the rows of a materialized view. Concurrent readers may see
// neither the old nor the new ones while an implicit transaction writes.
func (s *Session) refresh(ctx context.Context, d *plan.Refresh) error {
	rel := s.catalog().RelationByOID(d.Relation)
	defer s.actAs(rel.Owner)() // so that its functions can do no more than its owner
	if d.Empty != nil {
		if err := s.runOwn(ctx, d.Empty); err != nil {
			return err
		}
	}
	if d.As != nil {
		if err := s.runOwn(ctx, insertInto(rel, d.As)); err != nil {
			return err
		}
	}
	if rel.Populated == (d.As != nil) {
		return nil
	}
	_, err := s.tx.catalogTx().AlterTable(ctx, rel.OID, []catalog.AlterAction{catalog.SetPopulated{Populated: d.As != nil}})
	s.tx.changed()
	return err
}

// runOwn runs a query of the session's own to its end.
func (s *Session) runOwn(ctx context.Context, q *plan.Query) error {
	run, err := s.ownRun(q, nil, nil)
	if err != nil {
		return err
	}
	_, err = run.Fetch(ctx, 0, unseen{})
	return displaced(firstError(err, run.Close()))
}
