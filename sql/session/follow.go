package session

import (
	"context"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/ruleutils"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The catalog keeps expressions as text, with their names qualified (stored_text.go). When a
// function, an operator, a type or a schema gets another name, the texts that name it are
// analysed before and written after, as those of views are (retext.go).

// keptText is an expression that the catalog keeps.
type keptText struct {
	text, before string
	// write is its text under today's names.
	write func() string
}

// keptTexts are all the expressions of a database, by what has them.
type keptTexts struct {
	views      []viewTree
	relations  map[types.OID][]keptText
	domains    map[types.OID][]keptText
	functions  map[types.OID][]keptText
	bounds     []keptBound
	statements keptStatements
}

// following makes a change of names and has the kept texts follow it.
func (s *Session) following(ctx context.Context, change func() error) error {
	kept := s.keptTexts()
	if err := change(); err != nil {
		return err
	}
	return s.follow(ctx, kept)
}

func (s *Session) keptTexts() *keptTexts {
	out := &keptTexts{statements: s.keptStatements(), relations: map[types.OID][]keptText{}, domains: map[types.OID][]keptText{}, functions: map[types.OID][]keptText{}}
	for _, rel := range s.catalog().Relations() {
		if rel.Virtual {
			continue
		}
		if rel.Definition != "" {
			if tree, err := bind.Tree(s.bindEnv(nil), rel.Definition); err == nil {
				out.views = append(out.views, viewTree{rel, tree})
			}
		}
		if texts := s.textsOf(rel); len(texts) > 0 && rel.IsTable() {
			out.relations[rel.OID] = texts
		}
		if k, ok := s.keptBoundOf(rel); ok {
			out.bounds = append(out.bounds, k)
		}
	}
	for _, t := range s.catalog().Types().All() {
		if t.Domain != nil {
			out.domains[t.OID] = s.textsOfDomain(t)
		}
	}
	for _, f := range s.catalog().Routines().Functions() {
		for _, p := range f.Params {
			out.functions[f.OID] = s.kept(out.functions[f.OID], catalog.KeptExpr{Text: p.Default, As: s.catalog().Types().ByOID(p.Type), Typmod: -1})
		}
	}
	return out
}

// textsOf are the expressions of a table.
func (s *Session) textsOf(rel *catalog.Relation) (out []keptText) {
	over := func(text string) { out = s.kept(out, catalog.KeptExpr{Text: text, Rel: rel}) }
	for _, c := range rel.Columns {
		if c.Generated != 0 {
			over(c.Default)
			continue
		}
		out = s.kept(out, catalog.KeptExpr{Text: c.Default, As: c.Type, Typmod: c.Typmod})
	}
	for _, k := range rel.Constraints {
		if k.Kind == catalog.CheckConstraint {
			over(k.Expr)
		}
	}
	for _, ix := range rel.Indexes {
		over(ix.Predicate)
		for _, k := range ix.Keys {
			over(k.Expr)
		}
	}
	for _, p := range rel.Policies {
		over(p.Using)
		over(p.Check)
	}
	if rel.Partitioning != nil {
		for _, k := range rel.Partitioning.Keys {
			over(k.Expr)
		}
	}
	for _, t := range rel.Triggers {
		out = s.kept(out, catalog.KeptExpr{Text: t.When, Rel: rel, Trigger: true})
	}
	return out
}

func (s *Session) textsOfDomain(t *types.Type) (out []keptText) {
	out = s.kept(out, catalog.KeptExpr{Text: t.Domain.Default, As: t.Domain.Base, Typmod: t.Domain.Typmod})
	for _, k := range t.Domain.Checks {
		out = s.kept(out, catalog.KeptExpr{Text: k.Expr, Value: t.Domain.Base})
	}
	return out
}

// kept adds an expression; one that can't be analysed stays as it is.
func (s *Session) kept(out []keptText, e catalog.KeptExpr) []keptText {
	if e.Text == "" {
		return out
	}
	tree, err := deparser{s}.tree(e)
	if err != nil {
		return out
	}
	k := keptText{text: e.Text, write: func() string { return s.keptForm(tree, e) }}
	k.before = k.write()
	return append(out, k)
}

// keptForm is an expression that means the same in any search path, with relations by oid.
func (s *Session) keptForm(tree *plan.TreeExpr, e catalog.KeptExpr) string {
	c := &ruleutils.Context{Catalog: s.catalog(), Path: []string{"pg_catalog"}, Env: types.DefaultEnv()}
	if e.Trigger {
		return c.QualifiedExpr(tree, ruleutils.Options{})
	}
	text := c.Expr(tree, ruleutils.Options{})
	if strings.HasPrefix(e.Text, "(") && !strings.HasPrefix(text, "(") {
		text = "(" + text + ")"
	}
	return text
}

// changedTexts are what takes the place of the texts whose names have changed.
func changedTexts(kept []keptText) map[string]string {
	out := map[string]string{}
	for _, k := range kept {
		if now := k.write(); now != k.before {
			out[k.text] = now
		}
	}
	return out
}

// follow writes the texts that the change of a name has touched.
func (s *Session) follow(ctx context.Context, kept *keptTexts) error {
	if err := s.retext(ctx, kept.views); err != nil {
		return err
	}
	tx := s.tx.catalogTx()
	err := eachChanged(kept.relations, func(oid types.OID, texts map[string]string) error {
		_, err := tx.AlterTable(ctx, oid, []catalog.AlterAction{catalog.Reword{Texts: texts}})
		return err
	})
	if err == nil {
		err = eachChanged(kept.domains, func(oid types.OID, texts map[string]string) error {
			return tx.AlterType(ctx, oid, []catalog.TypeAction{catalog.RewordDomain{Texts: texts}})
		})
	}
	if err == nil {
		err = eachChanged(kept.functions, func(oid types.OID, texts map[string]string) error {
			return tx.PutFunction(ctx, tx.Routines().Function(oid).Reworded(texts))
		})
	}
	if err == nil {
		err = s.followBounds(ctx, kept.bounds)
	}
	if err == nil {
		s.tx.changed()
		err = s.followStatements(ctx, kept.statements)
	}
	return s.changeCatalog(err)
}

func eachChanged(kept map[types.OID][]keptText, f func(types.OID, map[string]string) error) error {
	for oid, texts := range kept {
		if changed := changedTexts(texts); len(changed) > 0 {
			if err := f(oid, changed); err != nil {
				return err
			}
		}
	}
	return nil
}
