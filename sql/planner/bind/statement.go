package bind

import (
	"cmp"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// statement dispatches over the kinds of statement.
func (b *binder) statement(stmt parser.Statement) plan.Statement {
	switch v := stmt.Node.GetNode().(type) {
	case *parser.Node_SelectStmt:
		if _, into := parser.Into(stmt.Node); into != nil && !b.env.Cursor {
			return b.selectInto(stmt.Node)
		}
		return b.topQuery(stmt.Node)
	case *parser.Node_InsertStmt, *parser.Node_UpdateStmt, *parser.Node_DeleteStmt, *parser.Node_MergeStmt:
		if out := b.rewritten(stmt.Node); out != nil {
			return out
		}
		return b.topQuery(stmt.Node)
	case *parser.Node_ExplainStmt:
		return b.explain(v.ExplainStmt)
	case *parser.Node_CopyStmt:
		return b.copy(v.CopyStmt)
	case *parser.Node_CallStmt:
		return b.callProcedure(v.CallStmt)
	}
	return b.utility(stmt)
}

// topQuery binds SELECT, VALUES and DML as a statement.
func (b *binder) topQuery(n *parser.Node) *plan.Query {
	q := &plan.Query{}
	switch n.GetNode().(type) {
	case *parser.Node_SelectStmt:
		q.Root, q.Kind = b.query(n, nil), plan.SelectQuery
	case *parser.Node_InsertStmt:
		q.Kind = plan.InsertQuery
	case *parser.Node_UpdateStmt:
		q.Kind = plan.UpdateQuery
	case *parser.Node_DeleteStmt:
		q.Kind = plan.DeleteQuery
	default:
		q.Kind = plan.MergeQuery
	}
	if q.Root == nil {
		q.Root = b.modification(n, b.newScope(nil))
	}
	q.Output = slices.Clone(q.Root.Columns())
	if b.env.Cursor {
		b.cursorRow(q)
	}
	b.finish(q)
	return q
}

// finish fills in what is known once everything is bound.
func (b *binder) finish(q *plan.Query) {
	b.checkParams(q.Root)
	b.checkEntries()
	b.mayCall(q.Root)
	q.Params = b.paramTypes()
	q.Relations, q.Locks = b.relationOIDs(), b.tableLocks()
	q.ReadOnly = !b.writes && b.lock == ""
	if q.Kind == plan.SelectQuery && b.lock != "" {
		q.Lock = " " + b.lock
	}
	q.CurrentOf = b.currentOf
}

// tableLocks are the locks of tables that the statement needs, each once.
func (b *binder) tableLocks() []plan.TableLock {
	slices.SortStableFunc(b.locks, func(x, y plan.TableLock) int { return cmp.Compare(x.Relation, y.Relation) })
	return slices.Compact(b.locks)
}

func (b *binder) relationOIDs() []types.OID {
	var out []types.OID
	for oid := range b.relations {
		out = append(out, oid)
	}
	slices.Sort(out)
	return out
}

// checkParams is check_variable_parameters: 42P08 for a parameter that one
// place left untyped and another typed.
func (b *binder) checkParams(n plan.Node) {
	if len(b.params.oids) == 0 {
		return
	}
	plan.WalkNodes(n, func(n plan.Node) bool {
		for _, e := range n.Exprs() {
			plan.Walk(e, func(e plan.Expr) bool {
				if p, ok := e.(*plan.Param); ok {
					b.checkParamUse(p)
				}
				return true
			})
		}
		return true
	})
}

// modification binds INSERT, UPDATE, DELETE and MERGE, with their WITH clause.
func (b *binder) modification(n *parser.Node, s *scope) plan.Node {
	b.writes = true
	if s.rules = b.contexts[n]; s.rules == nil {
		b.refuseRules(n)
	}
	switch v := n.GetNode().(type) {
	case *parser.Node_InsertStmt:
		ctes := s.with(v.InsertStmt.WithClause)
		return wrapWith(ctes, s.insert(v.InsertStmt))
	case *parser.Node_UpdateStmt:
		ctes := s.with(v.UpdateStmt.WithClause)
		return wrapWith(ctes, s.update(v.UpdateStmt))
	case *parser.Node_DeleteStmt:
		ctes := s.with(v.DeleteStmt.WithClause)
		return wrapWith(ctes, s.delete(v.DeleteStmt))
	}
	m := n.GetMergeStmt()
	if m.WithClause.GetRecursive() {
		failAt(-1, pgerr.SyntaxError, "WITH RECURSIVE is not supported for MERGE statement")
	}
	ctes := s.with(m.WithClause)
	return wrapWith(ctes, s.merge(m))
}

// refersTo says whether a query reads a table of that bare name: by syntax, as
// PostgreSQL finds recursive references (makeDependencyGraph). A WITH clause
// inside that defines the name hides it.
func refersTo(n *parser.Node, name string) bool {
	found := false
	parser.Walk(n, func(n *parser.Node) bool {
		if rv := n.GetRangeVar(); rv != nil && rv.Schemaname == "" && rv.Relname == name {
			found = true
		}
		if w := n.GetSelectStmt().GetWithClause(); w != nil && !found && definesCTE(w, name) {
			found = visibleInWith(w, name)
			return false
		}
		return !found
	})
	return found
}

func definesCTE(w *parser.WithClause, name string) bool {
	for _, n := range w.Ctes {
		if n.GetCommonTableExpr().Ctename == name {
			return true
		}
	}
	return false
}

// visibleInWith looks at the WITH queries that come before the one that takes
// the name, and at that one itself, which does not see itself.
func visibleInWith(w *parser.WithClause, name string) bool {
	for _, n := range w.Ctes {
		def := n.GetCommonTableExpr()
		if w.Recursive {
			return false
		}
		if refersTo(def.Ctequery, name) {
			return true
		}
		if def.Ctename == name {
			return false
		}
	}
	return false
}
