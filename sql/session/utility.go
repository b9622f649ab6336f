package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// utility is a statement that the session runs itself.
type utility struct {
	// run gives rows and completes through out.
	run func(ctx context.Context, s *Session, params []any, out Output) error
	// params are the types of the parameters of the query that it holds, given those
	// that the client declared; nil if it holds none.
	params func(s *Session, declared []types.OID) ([]*types.Type, error)
	// within says, before it runs, in which SQL function the query that it holds stands,
	// whose parameters run gets then; nil if it holds none.
	within func(body *bind.Body)
	// fields of its rows as far as they are known yet; nil if it has none.
	fields func(s *Session) ([]Field, error)
	// endsTransaction: allowed in a failed block.
	endsTransaction bool
	// outside: it opens no implicit transaction (BEGIN, COMMIT …).
	outside bool
}

// utilityOf returns how the session runs stmt itself, or nil if it is bound and
// planned. Each family of statements is a file with an entry here.
func utilityOf(stmt parser.Statement) *utility {
	if stmt.Extension != parser.NoExtension {
		return nil
	}
	switch n := stmt.Node.Node.(type) {
	case *parser.Node_TransactionStmt:
		return transactionUtility(n.TransactionStmt)
	case *parser.Node_VariableSetStmt:
		return setUtility(n.VariableSetStmt)
	case *parser.Node_VariableShowStmt:
		return showUtility(n.VariableShowStmt)
	case *parser.Node_ConstraintsSetStmt:
		return constraintsUtility(n.ConstraintsSetStmt)
	case *parser.Node_PrepareStmt:
		return prepareUtility(stmt, n.PrepareStmt)
	case *parser.Node_ExplainStmt:
		if executeWithin(n.ExplainStmt) != nil {
			return explainExecute(stmt, n.ExplainStmt)
		}
	case *parser.Node_ExecuteStmt:
		return executeUtility(n.ExecuteStmt)
	case *parser.Node_CreateTableAsStmt:
		if n.CreateTableAsStmt.Query.GetExecuteStmt() != nil {
			return tableAsExecute(stmt, n.CreateTableAsStmt)
		}
	case *parser.Node_DeallocateStmt:
		return deallocateUtility(n.DeallocateStmt)
	case *parser.Node_DiscardStmt:
		return discardUtility(n.DiscardStmt)
	case *parser.Node_DeclareCursorStmt:
		return declareUtility(stmt, n.DeclareCursorStmt)
	case *parser.Node_FetchStmt:
		return fetchUtility(n.FetchStmt)
	case *parser.Node_ClosePortalStmt:
		return closeUtility(n.ClosePortalStmt)
	case *parser.Node_DoStmt:
		return doUtility(stmt, n.DoStmt)
	case *parser.Node_NotifyStmt:
		return notifyUtility(n.NotifyStmt)
	case *parser.Node_ListenStmt:
		return listenUtility(n.ListenStmt.Conditionname, false, "LISTEN")
	case *parser.Node_UnlistenStmt:
		return listenUtility(n.UnlistenStmt.Conditionname, true, "UNLISTEN")
	case *parser.Node_LockStmt:
		return lockUtility(n.LockStmt)
	case *parser.Node_CheckPointStmt:
		return tagOnly("CHECKPOINT")
	}
	return nil
}

// paramTypes are the types of the utility's parameters: what it finds in the query
// that it holds, or those that the client declared, which nothing names then.
func (u *utility) paramTypes(s *Session, declared []types.OID) ([]*types.Type, error) {
	if u.params != nil {
		return u.params(s, declared)
	}
	return s.declaredTypes(declared)
}

// declaredTypes are the types that the client declared for parameters: 42P18 for one
// that it left open.
func (s *Session) declaredTypes(declared []types.OID) ([]*types.Type, error) {
	var out []*types.Type
	for i, oid := range declared {
		t := s.catalog().Types().ByOID(oid)
		if t == nil {
			return nil, pgerr.New(pgerr.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
		out = append(out, t)
	}
	return out, nil
}

// tagOnly is a statement that has nothing to do here: every write is durable.
func tagOnly(tag string) *utility {
	return &utility{run: func(_ context.Context, _ *Session, _ []any, out Output) error { return out.Complete(tag) }}
}

// utilityRun is a utility as a run.
type utilityRun struct {
	s      *Session
	p      *prepared
	params []any
}

// Fields implements run.
func (r *utilityRun) Fields() []Field { return r.p.fields }

// Fetch implements run. Utilities are not suspended: max is ignored.
func (r *utilityRun) Fetch(ctx context.Context, _ int, out Output) (bool, error) {
	if !r.p.utility.outside {
		r.s.begin(false)
	}
	return true, r.p.utility.run(ctx, r.s, r.params, out)
}

// Close implements run.
func (r *utilityRun) Close() error { return nil }
