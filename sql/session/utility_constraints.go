package session

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// constraintModes is what SET CONSTRAINTS said in a transaction. It is replaced,
// never changed: a savepoint keeps it.
type constraintModes struct {
	all   *bool // deferred or not, nil where ALL was not named
	named map[types.OID]bool
}

// isDeferred says whether a constraint waits for COMMIT; initially is what it does
// unless SET CONSTRAINTS says something else.
func (m *constraintModes) isDeferred(oid types.OID, deferrable, initially bool) bool {
	if !deferrable {
		return false
	}
	if m != nil {
		if deferred, ok := m.named[oid]; ok {
			return deferred
		}
		if m.all != nil {
			return *m.all
		}
	}
	return initially
}

// constraintsUtility runs SET CONSTRAINTS (AfterTriggerSetState).
func constraintsUtility(n *parser.ConstraintsSetStmt) *utility {
	return &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		if s.tx == nil || !s.tx.block {
			warning := pgerr.Notice(pgerr.SeverityWarning, pgerr.NoActiveSqlTransaction, "SET CONSTRAINTS can only be used in transaction blocks")
			if err := s.notice(out, warning); err != nil {
				return err
			}
			return out.Complete("SET CONSTRAINTS")
		}
		if err := s.setConstraints(ctx, n); err != nil {
			return err
		}
		return out.Complete("SET CONSTRAINTS")
	}}
}

// checkUnique checks the deferrable unique keys that do not wait for COMMIT.
func (s *Session) checkUnique(ctx context.Context) error {
	return s.tx.writes.CheckUnique(ctx, func(table types.OID, index string) bool {
		rel := s.catalog().RelationByOID(table)
		for _, c := range rel.Constraints {
			for _, ix := range rel.Indexes {
				if ix.OID == c.Index && ix.Partition == index {
					return s.tx.constraints.isDeferred(c.OID, c.Deferrable, c.Deferred)
				}
			}
		}
		return false
	})
}

func (s *Session) setConstraints(ctx context.Context, n *parser.ConstraintsSetStmt) error {
	modes := &constraintModes{named: map[types.OID]bool{}}
	if len(n.Constraints) == 0 {
		modes.all = &n.Deferred
	} else if s.tx.constraints != nil {
		modes.all = s.tx.constraints.all
		maps.Copy(modes.named, s.tx.constraints.named)
	}
	for _, c := range n.Constraints {
		if err := s.nameConstraint(modes, c.GetRangeVar(), n.Deferred); err != nil {
			return err
		}
	}
	s.tx.constraints = modes
	if err := s.checkUnique(ctx); err != nil {
		return err
	}
	for _, c := range s.tx.deferred {
		if key := c.Key(); modes.isDeferred(key.OID, key.Deferrable, key.Deferred) {
			continue
		}
		if err := c.AtCommit(ctx, s.catalog(), s.tx.tables(), s.statementEnv()); err != nil {
			return err
		}
	}
	return s.fireWaiting(ctx, func(t *catalog.Trigger) bool { return !s.isDeferredTrigger(t) })
}

// nameConstraint sets the mode of the constraints of that name in the first
// schema that has any: 42704, 42809.
func (s *Session) nameConstraint(modes *constraintModes, rv *parser.RangeVar, deferred bool) error {
	schemas := s.searchPath()
	if rv.Schemaname != "" {
		schemas = []string{rv.Schemaname}
	}
	for _, schema := range schemas {
		found := false
		for _, rel := range s.catalog().Relations() {
			if rel.Schema != schema {
				continue
			}
			constraints := rel.DeclaredConstraints()
			i := slices.IndexFunc(constraints, func(c *catalog.Constraint) bool { return c.Name == rv.Relname })
			if i < 0 {
				continue
			}
			c := constraints[i]
			if !c.Deferrable {
				return pgerr.New(pgerr.WrongObjectType, "constraint \"%s\" is not deferrable", rv.Relname)
			}
			modes.named[c.OID], found = deferred, true
		}
		if found {
			return nil
		}
	}
	return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" does not exist", rv.Relname)
}
