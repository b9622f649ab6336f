package pgcatalog

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgPolicy, pgPolicies) }

// policy of a table.
type policy struct {
	v   View
	rel *catalog.Relation
	p   *catalog.Policy
}

func policiesOf(v View, rel *catalog.Relation, yield func(policy)) {
	for _, p := range rel.Policies {
		yield(policy{v, rel, p})
	}
}

func allPolicies(v View, yield func(policy)) {
	for _, rel := range Outlines(v) {
		policiesOf(v, rel, yield)
	}
}

var pgPolicy = virtual.Rel[policy]{
	Of:   "pg_policy",
	Rows: allPolicies,
	Columns: virtual.Columns[policy]{
		"oid":           func(p policy) any { return p.p.OID },
		"polname":       func(p policy) any { return p.p.Name },
		"polrelid":      func(p policy) any { return p.rel.OID },
		"polcmd":        func(p policy) any { return letter(byte(p.p.Command)) },
		"polpermissive": func(p policy) any { return !p.p.Restrictive },
		"polroles":      func(p policy) any { return arrayOf(types.OidOID, p.p.Roles) },
		"polqual":       func(p policy) any { return orNull(p.p.Using) },
		"polwithcheck":  func(p policy) any { return orNull(p.p.Check) },
	},
	Lookups: []virtual.Lookup[policy]{
		{By: []string{"polrelid"}, Each: 2, Find: func(v View, keys []any, yield func(policy)) {
			if rel := outline(v, keys[0].(types.OID)); rel != nil && rel.OID == keys[0].(types.OID) {
				policiesOf(v, rel, yield)
			}
		}},
	},
}

var policyCommands = map[catalog.PolicyCommand]string{
	catalog.PolicyAll: "ALL", catalog.PolicySelect: "SELECT", catalog.PolicyInsert: "INSERT", catalog.PolicyUpdate: "UPDATE", catalog.PolicyDelete: "DELETE",
}

var pgPolicies = virtual.Rel[policy]{
	Of:   "pg_policies",
	Rows: allPolicies,
	Columns: virtual.Columns[policy]{
		"schemaname": func(p policy) any { return p.rel.Schema },
		"tablename":  func(p policy) any { return p.rel.Name },
		"policyname": func(p policy) any { return p.p.Name },
		"permissive": func(p policy) any {
			if p.p.Restrictive {
				return "RESTRICTIVE"
			}
			return "PERMISSIVE"
		},
		"roles":      func(p policy) any { return p.roles() },
		"cmd":        func(p policy) any { return policyCommands[p.p.Command] },
		"qual":       func(p policy) any { return p.text(p.p.Using) },
		"with_check": func(p policy) any { return p.text(p.p.Check) },
	},
}

// roles are the names, by name.
func (p policy) roles() any {
	if slices.Contains(p.p.Roles, 0) {
		return arrayOf(types.NameOID, []string{"public"})
	}
	var names []string
	for _, oid := range p.p.Roles {
		names = append(names, RoleName(p.v, oid))
	}
	slices.Sort(names)
	return arrayOf(types.NameOID, names)
}

// text is pg_get_expr of an expression.
func (p policy) text(text string) any {
	if text == "" {
		return nil
	}
	if d := p.v.Deparser(); d != nil {
		if shown, ok := d.Expr(catalog.KeptExpr{Text: text, Rel: p.v.Catalog().RelationByOID(p.rel.OID)}, false); ok {
			return shown
		}
	}
	return text
}

// rowSecurityActive is row_security_active.
func rowSecurityActive(q *call) (any, error) {
	oid, err := q.object(0, types.RegClass)
	if err != nil {
		return nil, err
	}
	rel := q.Catalog().RelationByOID(oid)
	if rel == nil {
		return nil, nil
	}
	role := catalog.RoleByName(q.Catalog(), q.User())
	return rel.RowSecurityFor(q.Catalog(), role), nil
}
