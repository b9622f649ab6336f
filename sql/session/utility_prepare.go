package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// prepareUtility runs PREPARE.
func prepareUtility(stmt parser.Statement, n *parser.PrepareStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		if s.statements[n.Name] != nil {
			return pgerr.New(pgerr.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", n.Name)
		}
		declared := make([]types.OID, len(n.Argtypes))
		for i, t := range n.Argtypes {
			typ, _, err := bind.TypeName(s.bindEnv(nil), t.GetTypeName())
			if err != nil {
				return err
			}
			declared[i] = typ.OID
		}
		inner := stmt
		inner.Node = n.Query
		p, err := s.prepare(inner, declared)
		if err != nil {
			return err
		}
		p.fromSQL = true
		s.statements[n.Name] = p
		return out.Complete("PREPARE")
	}}
}

// executeUtility runs EXECUTE.
func executeUtility(n *parser.ExecuteStmt) *utility {
	return &utility{
		fields: func(s *Session) ([]Field, error) {
			if p := s.statements[n.Name]; p != nil {
				return p.fields, nil
			}
			return nil, nil
		},
		run: func(ctx context.Context, s *Session, _ []any, out Output) error {
			p, err := s.statement(n.Name)
			if err != nil {
				return err
			}
			params, err := s.executeParams(ctx, p, n)
			if err != nil {
				return err
			}
			r, err := s.open(ctx, p, params)
			if err != nil {
				return err
			}
			_, err = r.Fetch(ctx, 0, out)
			return firstError(err, r.Close())
		},
	}
}

// executeParams evaluates the arguments of EXECUTE, coerced to the statement's
// parameter types. A statement without parameters ignores them, as ExecuteQuery
// does.
func (s *Session) executeParams(ctx context.Context, p *prepared, n *parser.ExecuteStmt) ([]any, error) {
	if len(p.params) == 0 {
		return nil, nil
	}
	if len(n.Params) != len(p.params) {
		return nil, pgerr.New(pgerr.SyntaxError, "wrong number of parameters for prepared statement \"%s\"", n.Name).
			WithDetail("Expected %d parameters but got %d.", len(p.params), len(n.Params))
	}
	params := make([]any, len(n.Params))
	for i, e := range n.Params {
		bound, err := bind.Argument(s.bindEnv(nil), e, p.params[i], i+1)
		if err != nil {
			return nil, err
		}
		if params[i], err = exec.Evaluate(ctx, bound, s.execEnv(nil, nil)); err != nil {
			return nil, err
		}
	}
	return params, nil
}

// deallocateUtility runs DEALLOCATE.
func deallocateUtility(n *parser.DeallocateStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		if n.Name == "" {
			clear(s.statements)
			return out.Complete("DEALLOCATE ALL")
		}
		if _, err := s.statement(n.Name); err != nil {
			return err
		}
		delete(s.statements, n.Name)
		return out.Complete("DEALLOCATE")
	}}
}

// discardUtility runs DISCARD.
func discardUtility(n *parser.DiscardStmt) *utility {
	return &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		switch n.Target {
		case parser.DiscardMode_DISCARD_ALL:
			if err := s.preventInBlock("DISCARD ALL"); err != nil {
				return err
			}
			s.closePortals(true)
			clear(s.statements)
			s.values.Assign("session_authorization", s.user, false)
			s.become(noRole, false)
			s.values.ResetAll()
			s.envDirty = true
			s.forgetSequences()
			s.queueListen(listenAction{unlisten: true})
			s.UnlockAll()
			return firstError(s.discardTemp(ctx), out.Complete("DISCARD ALL"))
		case parser.DiscardMode_DISCARD_PLANS:
			for _, p := range s.statements {
				p.planned = nil
			}
			return out.Complete("DISCARD PLANS")
		case parser.DiscardMode_DISCARD_SEQUENCES:
			s.forgetSequences()
			return out.Complete("DISCARD SEQUENCES")
		}
		return firstError(s.discardTemp(ctx), out.Complete("DISCARD TEMP"))
	}}
}
