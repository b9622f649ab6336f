package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/ruleutils"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The actions of rules and the SQL-standard bodies of functions are kept as text, too, and
// follow the names in them as views do (retext.go). One of which no tree is made (MERGE, a
// leaf of a nested object that is assigned) stays as it is.

// keptRule is a rule of rel, and what it says as it is before the change.
type keptRule struct {
	rel          *catalog.Relation
	rule, before *catalog.Rule
	tree         *plan.TreeRule
}

// keptBody is a function with its body's trees, and their text before the change.
type keptBody struct {
	f      *catalog.Function
	trees  []*plan.QueryTree
	before []string
}

// keptStatements are all rules and bodies of a database.
type keptStatements struct {
	rules  []keptRule
	bodies []keptBody
}

func (s *Session) keptStatements() (out keptStatements) {
	env := s.bindEnv(nil)
	for _, rel := range s.catalog().Relations() {
		for _, rule := range rel.Rules {
			if tree, err := bind.RuleTree(env, rel, rule); err == nil {
				out.rules = append(out.rules, keptRule{rel, rule, s.ruleToday(rule, tree), tree})
			}
		}
	}
	for _, f := range s.catalog().Routines().Functions() {
		if f.Body == nil {
			continue
		}
		if trees, err := bind.BodyTrees(env, f); err == nil {
			out.bodies = append(out.bodies, keptBody{f, trees, s.bodyToday(f, trees)})
		}
	}
	return out
}

func (s *Session) lasting() *ruleutils.Context {
	return &ruleutils.Context{Catalog: s.catalog(), Path: []string{"pg_catalog"}, Env: types.DefaultEnv()}
}

// ruleToday is the rule in words that mean the same in any search path.
func (s *Session) ruleToday(rule *catalog.Rule, tree *plan.TreeRule) *catalog.Rule {
	out := *rule
	c := s.lasting()
	if tree.Where != nil {
		out.Where = c.RuleWhere(tree, ruleutils.Options{})
	}
	out.Actions = nil
	for _, a := range tree.Actions {
		out.Actions = append(out.Actions, c.Statement(a, ruleutils.Options{}, true))
	}
	return &out
}

// bodyToday are the statements of a body in such words.
func (s *Session) bodyToday(f *catalog.Function, trees []*plan.QueryTree) (out []string) {
	c := s.lasting()
	c.Body = f
	for _, q := range trees {
		out = append(out, c.BodyStatement(q))
	}
	return out
}

// followStatements writes the rules and bodies whose words have changed.
func (s *Session) followStatements(ctx context.Context, kept keptStatements) error {
	tx := s.tx.catalogTx()
	for _, k := range kept.rules {
		now := s.ruleToday(k.rule, k.tree)
		if now.Where == k.before.Where && slices.Equal(now.Actions, k.before.Actions) {
			continue
		}
		if _, err := tx.AlterTable(ctx, k.rel.OID, []catalog.AlterAction{catalog.PutRule{Rule: *now}}); err != nil {
			return err
		}
		s.tx.changed()
	}
	for _, k := range kept.bodies {
		now := s.bodyToday(k.f, k.trees)
		f := s.catalog().Routines().Function(k.f.OID)
		if f == nil || slices.Equal(now, k.before) {
			continue
		}
		changed := *f
		changed.Body = now
		if err := s.changeCatalog(tx.PutFunction(ctx, &changed)); err != nil {
			return err
		}
	}
	return nil
}
