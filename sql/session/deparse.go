package session

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/ruleutils"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// deparser implements catalog.Deparser for the session: it binds what the catalog keeps
// and has package ruleutils write it.
type deparser struct{ s *Session }

var _ catalog.Deparser = deparser{}

func (v view) Deparser() catalog.Deparser { return deparser{v.s} }

func (d deparser) context() *ruleutils.Context {
	return &ruleutils.Context{Catalog: d.s.catalog(), Path: d.s.fullPath(), Env: d.s.statementEnv(),
		Backslashes: !d.s.values.Bool("standard_conforming_strings")}
}

// Expr implements catalog.Deparser.
func (d deparser) Expr(e catalog.KeptExpr, pretty bool) (string, bool) {
	tree, err := d.tree(e)
	if err != nil {
		return "", false
	}
	o := ruleutils.PrettyOptions(pretty)
	if e.Trigger {
		return d.context().QualifiedExpr(tree, o), true
	}
	return d.context().Expr(tree, o), true
}

// tree analyses an expression that the catalog keeps.
func (d deparser) tree(e catalog.KeptExpr) (*plan.TreeExpr, error) {
	env := d.s.bindEnv(nil)
	switch {
	case e.Value != nil:
		return bind.DomainTree(env, e.Text, e.Value)
	case e.Trigger:
		return bind.TriggerTree(env, e.Text, e.Rel)
	}
	return bind.ExprTree(env, e.Text, e.Rel, e.As, e.Typmod)
}

// View implements catalog.Deparser.
func (d deparser) View(rel *catalog.Relation, layout catalog.DeparseLayout) (string, bool) {
	tree, err := bind.Tree(d.s.bindEnv(nil), rel.Definition)
	if err != nil || tree == nil {
		return "", false
	}
	var columns []string
	for _, c := range rel.VisibleColumns() {
		columns = append(columns, c.Name)
	}
	o := ruleutils.Options{Paren: layout.Pretty, Indent: !layout.OneLine, Wrap: layout.Wrap}
	return d.context().View(tree, columns, o), true
}

// Rule implements catalog.Deparser.
func (d deparser) Rule(rel *catalog.Relation, rule *catalog.Rule, pretty bool) (string, bool) {
	tree, err := bind.RuleTree(d.s.bindEnv(nil), rel, rule)
	if err != nil {
		return "", false
	}
	return d.context().Rule(tree, rule.Instead, ruleutils.PrettyOptions(pretty)), true
}

// Body implements catalog.Deparser.
func (d deparser) Body(f *catalog.Function) (string, bool) {
	trees, err := bind.BodyTrees(d.s.bindEnv(nil), f)
	if err != nil {
		return "", false
	}
	c := d.context()
	c.Body = f
	return c.SQLBody(trees), true
}

// Type implements catalog.Deparser.
func (d deparser) Type(t *types.Type, typmod int32) string { return d.context().TypeName(t, typmod) }
