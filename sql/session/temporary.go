package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// temporary lists the session's temporary relations.
func (s *Session) temporary() []*catalog.Relation {
	if r, ok := s.catalog().(interface{ Temporary() []*catalog.Relation }); ok {
		return r.Temporary()
	}
	return nil
}

// onCommit does what temporary tables want done when the transaction commits
// (PreCommit_on_commit_actions).
func (s *Session) onCommit(ctx context.Context) error {
	for _, rel := range s.temporary() {
		var err error
		switch rel.OnCommit {
		case catalog.DeleteRows:
			err = s.deleteRows(rel.OID)
		case catalog.DropAtCommit:
			err = s.dropTemporary(ctx, rel)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteRows forgets what the transaction would write into a table, and empties
// it once nothing can fail any more.
func (s *Session) deleteRows(oid types.OID) error {
	t, err := s.tx.table(oid)
	if err != nil {
		return err
	}
	s.tx.writes.Forget(oid)
	s.tx.after = append(s.tx.after, t.Truncate)
	return nil
}

// dropTemporary drops a relation and the views over it.
func (s *Session) dropTemporary(ctx context.Context, rel *catalog.Relation) error {
	for _, v := range s.viewsOver(rel, nil) {
		if err := s.dropRelation(ctx, v.OID); err != nil {
			return err
		}
	}
	return s.dropRelation(ctx, rel.OID)
}

// discardTemp is DISCARD TEMP (RemoveTempRelations).
func (s *Session) discardTemp(ctx context.Context) error {
	_, err := s.dropContents(ctx, s.membersOfSchema(s.tempSchema))
	return err
}

// writesTemporary says whether a query writes, and only into temporary tables,
// which a read-only transaction may do (ExecCheckXactReadOnly).
func writesTemporary(q *plan.Query) bool {
	writes, temporary := false, true
	target := func(rel *catalog.Relation) {
		writes, temporary = true, temporary && rel.Temporary
	}
	plan.WalkNodes(q.Root, func(n plan.Node) bool {
		switch m := n.(type) {
		case *plan.Insert:
			target(m.Rel)
		case *plan.Update:
			target(m.Rel)
		case *plan.Delete:
			target(m.Rel)
		case *plan.Merge:
			target(m.Rel)
		}
		return true
	})
	return writes && temporary
}
