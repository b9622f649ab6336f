package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

func vacuumTag(d *plan.Vacuum) string {
	if d.Vacuum {
		return "VACUUM"
	}
	return "ANALYZE"
}

// vacuum runs VACUUM and ANALYZE. There is nothing to vacuum: a row has one
// version, and what a deletion leaves is gone with it. ANALYZE counts the rows
// for the planner, from the listing alone.
func (s *Session) vacuum(ctx context.Context, d *plan.Vacuum, out Output) error {
	verb := "analyze"
	if d.Vacuum {
		verb = "vacuum"
	}
	if d.Vacuum {
		if err := s.preventInBlock("VACUUM"); err != nil {
			return err
		}
	}
	for _, name := range d.Skipped {
		n := pgerr.Notice(pgerr.SeverityWarning, pgerr.Warning,
			"skipping \"%s\" --- cannot %s non-tables or special system tables", name, verb)
		if err := s.notice(out, n); err != nil {
			return err
		}
	}
	if !d.Analyze {
		return nil
	}
	for _, oid := range d.Relations {
		if err := s.analyze(ctx, oid); err != nil {
			return err
		}
	}
	return nil
}

// analyze lists a table's keys: storage remembers how many there were.
func (s *Session) analyze(ctx context.Context, oid types.OID) error {
	t, err := s.tx.table(oid)
	if err != nil {
		return err
	}
	in, err := t.Scan(ctx, storage.ScanSpec{Path: storage.Path{Kind: storage.KeyOnly}, Sizes: true})
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		b, err := in.Next(ctx)
		if b == nil || err != nil {
			return err
		}
	}
}
