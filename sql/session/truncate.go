package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

func (s *Session) truncate(ctx context.Context, d *plan.Truncate, out Output) error {
	relations, err := s.truncated(d, out)
	if err != nil {
		return err
	}
	for _, oid := range relations {
		if err := s.checkNotInUse(oid, "TRUNCATE"); err != nil {
			return err
		}
	}
	fired, err := s.truncateTriggers(relations)
	if err != nil {
		return err
	}
	empty := s.emptyLater
	if !s.inBlock() && len(fired) == 0 {
		empty = s.empty
	}
	return s.aroundTruncate(ctx, fired, out, func(ctx context.Context) error { return s.truncateAll(ctx, relations, d.Restart, empty) })
}

func (s *Session) truncateAll(ctx context.Context, relations []types.OID, restart bool, empty func(context.Context, []types.OID) error) error {
	stored := slices.DeleteFunc(slices.Clone(relations), func(oid types.OID) bool {
		return !s.catalog().RelationByOID(oid).Stored() // a partitioned table has no rows of its own
	})
	if err := empty(ctx, stored); err != nil {
		return err
	}
	for _, oid := range relations {
		s.noteTruncate(oid)
		if restart {
			if err := s.restartIdentity(ctx, oid); err != nil {
				return err
			}
		}
	}
	return nil
}

// emptyLater takes the tables' rows away for the transaction, and at COMMIT for all.
func (s *Session) emptyLater(_ context.Context, oids []types.OID) error {
	for _, oid := range oids {
		if err := s.tx.writes.Truncate(oid); err != nil {
			return err
		}
	}
	return nil
}

// empty takes the tables' rows away at once, which can't be taken back.
func (s *Session) empty(ctx context.Context, oids []types.OID) error {
	tables := make([]storage.Table, len(oids))
	for i, oid := range oids {
		var err error
		if tables[i], err = s.tx.table(oid); err != nil {
			return err
		}
	}
	return storage.Truncate(ctx, tables)
}

// truncateTriggers are the TRUNCATE triggers of tables.
func (s *Session) truncateTriggers(tables []types.OID) (fired []*plan.Triggers, err error) {
	for _, oid := range tables {
		t, err := bind.Triggers(s.bindEnv(nil), s.catalog().RelationByOID(oid), catalog.TriggerTruncate)
		if err != nil {
			return nil, err
		}
		if t != nil {
			fired = append(fired, t)
		}
	}
	return fired, nil
}

// aroundTruncate runs truncate between the TRUNCATE triggers of the tables.
func (s *Session) aroundTruncate(ctx context.Context, fired []*plan.Triggers, out Output, truncate func(ctx context.Context) error) error {
	if fired == nil {
		return truncate(ctx)
	}
	env := s.execEnv(nil, out)
	defer env.Triggers.Close()
	if err := exec.AroundTruncate(ctx, env, fired, truncate); err != nil {
		return err
	}
	return settleStatement(ctx, env)
}

// truncated are the tables that TRUNCATE empties: with CASCADE also those that
// refer to them; without, these are 0A000 (heap_truncate_check_FKs).
func (s *Session) truncated(d *plan.Truncate, out Output) ([]types.OID, error) {
	all := slices.Clone(d.Relations)
	for i := 0; i < len(all); i++ {
		rel := s.catalog().RelationByOID(all[i])
		for _, fk := range catalog.ForeignKeysTo(s.catalog(), rel) {
			if slices.Contains(all, fk.Child.OID) {
				continue
			}
			if !d.Cascade {
				return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot truncate a table referenced in a foreign key constraint").
					WithDetail("Table \"%s\" references \"%s\".", fk.Child.Name, rel.Name).
					WithHint("Truncate table \"%s\" at the same time, or use TRUNCATE ... CASCADE.", fk.Child.Name)
			}
			if err := s.skipped(out, pgerr.SuccessfulCompletion, "truncate cascades to table \"%s\"", fk.Child.Name); err != nil {
				return nil, err
			}
			for _, rel := range catalog.Tree(s.catalog(), fk.Child) {
				all = append(all, rel.OID)
			}
		}
	}
	return all, nil
}
