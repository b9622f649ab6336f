package session

import (
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Expressions and views are kept as text, which names types, labels and fields.
// PostgreSQL keeps trees, which go on meaning what they meant when one of these
// is renamed; here such a change is refused where some text needs the old name.

// unbound lists what the catalog keeps as text and can't be bound, with why.
func (s *Session) unbound() map[string]error {
	out := map[string]error{}
	note := func(what string, err error) {
		if err != nil {
			out[what] = displaced(err)
		}
	}
	env := s.bindEnv(nil)
	for _, rel := range s.catalog().Relations() {
		if rel.Virtual {
			continue
		}
		if rel.Definition != "" {
			_, err := bind.Relations(env, rel.Definition)
			note(relationNouns[rel.Kind]+" "+rel.Name, err)
		}
		s.unboundParts(env, rel, note)
	}
	for _, t := range s.catalog().Types().All() {
		s.unboundDomain(env, t, note)
	}
	return out
}

func (s *Session) unboundParts(env *bind.Env, rel *catalog.Relation, note func(string, error)) {
	var cols []plan.Col
	for i, c := range rel.Columns {
		cols = append(cols, plan.Col{ID: plan.ColumnID(i + 1), Name: c.Name, Type: c.Type, Mod: c.Typmod})
		if c.Default != "" && c.Generated == 0 {
			_, err := bind.ExprAs(env, c.Default, nil, c.Type, c.Typmod)
			note("default value for column "+c.Name+" of "+relationNouns[rel.Kind]+" "+rel.Name, err)
		}
	}
	for _, ix := range rel.Indexes {
		if ix.Computed() {
			_, err := bind.IndexKeys(env, rel, ix)
			note("index "+ix.Name, err)
		}
	}
	for _, k := range rel.Constraints {
		if k.Kind == catalog.CheckConstraint {
			_, err := bind.Expr(env, k.Expr, cols)
			note("constraint "+k.Name+" on table "+rel.Name, err)
		}
	}
}

func (s *Session) unboundDomain(env *bind.Env, t *types.Type, note func(string, error)) {
	if t.Domain == nil {
		return
	}
	if t.Domain.Default != "" {
		_, err := bind.ExprAs(env, t.Domain.Default, nil, t.Domain.Base, t.Domain.Typmod)
		note("default value of domain "+t.SQLName(), err)
	}
	for _, k := range t.Domain.Checks {
		_, err := bind.DomainCheck(env, k.Expr, t.Domain.Base, t.Domain.Typmod)
		note("constraint "+k.Name, err)
	}
}

// renames says whether an action takes away a name that texts may use.
func renames(a catalog.TypeAction) bool {
	switch a.(type) {
	case catalog.RenameType, catalog.SetTypeSchema, catalog.RenameLabel, catalog.RenameAttribute,
		catalog.DropAttribute, catalog.RetypeAttribute:
		return true
	}
	return false
}

// checkTexts compares with what could not be bound before a type was altered.
func (s *Session) checkTexts(before map[string]error, t *types.Type, a catalog.TypeAction) error {
	after := s.unbound()
	for _, what := range slices.Sorted(maps.Keys(after)) {
		if before[what] != nil {
			continue
		}
		switch a := a.(type) {
		case catalog.DropAttribute:
			return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop column %s of composite type %s because other objects depend on it", a.Name, t.SQLName()).
				WithDetail("%s depends on column %s of composite type %s", what, a.Name, t.SQLName()).
				WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
		case catalog.RetypeAttribute:
			return after[what]
		}
		return pgerr.Unsupported("altering a name that a stored expression uses").
			WithDetail("The %s depends on type %s.", what, t.SQLName())
	}
	return nil
}
