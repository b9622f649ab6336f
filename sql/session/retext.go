package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

// Views are kept as text (ADR 12). When a relation or a column gets another name, the views
// that read it are analysed before and written after, when the trees' oids and numbers have
// the new names.

// viewTree is a view and the tree of its query.
type viewTree struct {
	view *catalog.Relation
	tree *plan.QueryTree
}

// takesName says whether an action takes away a name that views may use, or gives one to
// another column, which may stand in a join with the first.
func takesName(a catalog.AlterAction) bool {
	switch a.(type) {
	case catalog.RenameColumn, catalog.RenameTable, catalog.SetSchema, catalog.AddColumn:
		return true
	}
	return false
}

// wordsOf are the rules and bodies whose texts the actions can make wrong.
func (s *Session) wordsOf(actions []catalog.AlterAction) (out keptStatements) {
	renames := func(a catalog.AlterAction) bool {
		_, constraint := a.(catalog.RenameConstraint) // of ON CONFLICT
		return constraint || takesName(a)
	}
	if slices.ContainsFunc(actions, renames) {
		out = s.keptStatements()
	}
	return out
}

// readers are the views whose texts the actions on rel can make wrong.
func (s *Session) readers(rel *catalog.Relation, actions []catalog.AlterAction) []viewTree {
	if !slices.ContainsFunc(actions, takesName) {
		return nil
	}
	var out []viewTree
	for _, v := range s.viewsReading(rel.OID, func(oid catalog.OID) bool { return oid == rel.OID }) {
		if tree, err := bind.Tree(s.bindEnv(nil), v.Definition); err == nil {
			out = append(out, viewTree{v, tree})
		}
	}
	return out
}

// retext gives the views the texts that their trees have now.
func (s *Session) retext(ctx context.Context, views []viewTree) error {
	for _, v := range views {
		text := bind.CanonicalText(s.bindEnv(nil), v.tree)
		if text == v.view.Definition {
			continue
		}
		if _, err := s.tx.catalogTx().AlterTable(ctx, v.view.OID, []catalog.AlterAction{catalog.SetDefinition{Definition: text}}); err != nil {
			return err
		}
		s.tx.changed()
	}
	return nil
}
