package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() {
	registry.Declare(memberGrants("applicable_roles", false), memberGrants("administrable_role_authorizations", true),
		routineGrants("routine_privileges", false), routineGrants("role_routine_grants", true),
		udtGrants("udt_privileges", false), udtGrants("role_udt_grants", true),
		usageGrants("usage_privileges", false), usageGrants("role_usage_grants", true))
}

// memberGrant is a role that another one is a member of.
type memberGrant struct {
	grantee, role string
	admin         bool
}

// memberGrants are the memberships of the enabled roles; admin: only those that can be
// passed on.
func memberGrants(name string, admin bool) virtual.Table {
	return virtual.Rel[memberGrant]{
		Of: name,
		Rows: func(v View, yield func(memberGrant)) {
			for _, r := range v.Catalog().Roles() {
				if !enabled(v, r.OID) {
					continue
				}
				for _, m := range membershipsOf(v, r) {
					if of := catalog.RoleByOID(v.Catalog(), m.Role); of != nil && (m.Admin || !admin) {
						yield(memberGrant{r.Name, of.Name, m.Admin})
					}
				}
			}
		},
		Columns: virtual.Columns[memberGrant]{
			"grantee":      func(m memberGrant) any { return m.grantee },
			"role_name":    func(m memberGrant) any { return m.role },
			"is_grantable": func(m memberGrant) any { return yesNo(m.admin) },
		},
	}
}

// membershipsOf has pg_database_owner for the owner of the database.
func membershipsOf(v View, r *catalog.Role) []catalog.Membership {
	if d := v.Catalog().Database(); d == nil || d.Owner != r.OID {
		return r.MemberOf
	}
	return append([]catalog.Membership{{Role: catalog.RoleDatabaseOwner}}, r.MemberOf...)
}

// objectGrant is what a role may do with an object that is no relation.
type objectGrant struct {
	v            View
	schema, name string
	oid          catalog.OID
	kind         string
	right        string
	item         catalog.ACLItem
	owner        catalog.OID
}

// grantsOn are the privileges on an object that concern the current role; roles: without
// those of PUBLIC.
func (g objectGrant) grantsOn(access catalog.Access, k catalog.AccessKind, roles bool, yield func(objectGrant)) {
	for _, item := range access.List(k) {
		if !concerns(g.v, item) || roles && item.Grantee == catalog.PublicRole && !enabled(g.v, item.Grantor) {
			continue
		}
		g.item, g.owner = item, access.Owner
		item.Rights.Each(func(_ catalog.Privilege, right string) {
			g.right = right
			yield(g)
		})
	}
}

func (g objectGrant) grantee() any {
	if g.item.Grantee == catalog.PublicRole {
		return "PUBLIC"
	}
	return roleName(g.v, g.item.Grantee)
}

func (g objectGrant) grantable() any {
	return yesNo(g.item.Grantee == g.owner || g.item.Grantable&catalog.PrivilegeOf(g.right) != 0)
}

// objectColumns are those that all views of privileges on objects have.
func objectColumns(prefix string, more virtual.Columns[objectGrant]) virtual.Columns[objectGrant] {
	out := virtual.Columns[objectGrant]{
		"grantor":           func(g objectGrant) any { return roleName(g.v, g.item.Grantor) },
		"grantee":           objectGrant.grantee,
		prefix + "_catalog": func(g objectGrant) any { return g.v.Database() },
		prefix + "_schema":  func(g objectGrant) any { return g.schema },
		prefix + "_name":    func(g objectGrant) any { return g.name },
		"privilege_type":    func(g objectGrant) any { return g.right },
		"is_grantable":      objectGrant.grantable,
	}
	for name, f := range more {
		out[name] = f
	}
	return out
}

func routineGrants(name string, roles bool) virtual.Table {
	return virtual.Rel[objectGrant]{
		Of: name,
		Rows: func(v View, yield func(objectGrant)) {
			eachRoutine(v, func(r routine) {
				access := v.Catalog().Access(catalog.Object{Class: catalog.ClassProc, OID: r.OID})
				g := objectGrant{v: v, schema: r.Schema(), name: r.Name, oid: r.OID}
				g.grantsOn(access, catalog.AccessFunction, roles, yield)
			})
		},
		Columns: objectColumns("routine", virtual.Columns[objectGrant]{
			"specific_catalog": func(g objectGrant) any { return g.v.Database() },
			"specific_schema":  func(g objectGrant) any { return g.schema },
			"specific_name":    func(g objectGrant) any { return g.name + "_" + decimal(int(g.oid)) },
		}),
	}
}

// udtGrants are about composite types, and relations' row types.
func udtGrants(name string, roles bool) virtual.Table {
	return virtual.Rel[objectGrant]{
		Of: name,
		Rows: func(v View, yield func(objectGrant)) {
			ownTypes(v, func(t *types.Type) bool { return t.Kind == 'c' }, func(t ownType) {
				access := v.Catalog().Access(catalog.Object{Class: catalog.ClassType, OID: t.typ.OID})
				objectGrant{v: v, schema: t.typ.Namespace, name: t.typ.Name}.grantsOn(access, catalog.AccessType, roles, yield)
			})
			for _, rel := range pgcatalog.Outlines(v) {
				if rel.Type != 0 && rel.Kind != catalog.CompositeType {
					objectGrant{v: v, schema: rel.Schema, name: rel.Name}.grantsOn(catalog.Access{Owner: rel.Owner}, catalog.AccessType, roles, yield)
				}
			}
		},
		Columns: objectColumns("udt", virtual.Columns[objectGrant]{"privilege_type": func(objectGrant) any { return "TYPE USAGE" }}),
	}
}

// usageGrants are about collations, which everybody may use, domains and sequences.
func usageGrants(name string, roles bool) virtual.Table {
	return virtual.Rel[objectGrant]{
		Of: name,
		Rows: func(v View, yield func(objectGrant)) {
			ownTypes(v, isDomain, func(t ownType) {
				access := v.Catalog().Access(catalog.Object{Class: catalog.ClassType, OID: t.typ.OID})
				objectGrant{v: v, schema: t.typ.Namespace, name: t.typ.Name, kind: "DOMAIN"}.grantsOn(access, catalog.AccessType, roles, yield)
			})
			for _, rel := range v.Catalog().Sequences() {
				if rel.ACL == nil { // acldefault('r', …), which has no USAGE
					continue
				}
				objectGrant{v: v, schema: rel.Schema, name: rel.Name, kind: "SEQUENCE"}.grantsOn(rel.Access(), catalog.AccessSequence, roles,
					func(g objectGrant) {
						if g.right == "USAGE" {
							yield(g)
						}
					})
			}
			if roles {
				return
			}
			eachCollation(v, func(c collated) {
				owner := v.Catalog().Access(catalog.Object{Class: catalog.ClassCollation, OID: c.OID}).Owner
				yield(objectGrant{v: v, schema: c.schema(), name: c.Name, kind: "COLLATION", right: "USAGE", item: catalog.ACLItem{Grantor: owner}, owner: owner})
			})
		},
		Columns: objectColumns("object", virtual.Columns[objectGrant]{"object_type": func(g objectGrant) any { return g.kind }}),
	}
}
