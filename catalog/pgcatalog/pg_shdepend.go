package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgShdepend) }

// roleUse says that an object can't be without a role.
type roleUse struct {
	v    View
	of   object
	role types.OID
	kind byte
}

// Kinds of pg_shdepend.deptype.
const (
	ownerUse  = 'o'
	rightsUse = 'a' // named in an access list
	policyUse = 'r'
)

// pgShdepend is made of the owners and access lists. The bootstrap superuser can't be
// dropped, and has no rows.
var pgShdepend = virtual.Rel[roleUse]{
	Of:   "pg_shdepend",
	Size: virtual.Size{PerRelation: 1},
	Rows: roleUses,
	Columns: virtual.Columns[roleUse]{
		"dbid":       func(d roleUse) any { return d.database() },
		"classid":    func(d roleUse) any { return d.of.class },
		"objid":      func(d roleUse) any { return d.of.oid },
		"objsubid":   func(d roleUse) any { return d.of.sub },
		"refclassid": func(roleUse) any { return classAuthid },
		"refobjid":   func(d roleUse) any { return d.role },
		"deptype":    func(d roleUse) any { return letter(d.kind) },
	},
}

// database is 0 for what all databases share.
func (d roleUse) database() types.OID {
	if d.of.class == classDatabase {
		return 0
	}
	if own := databaseByName(d.v, d.v.Database()); own != nil {
		return own.OID
	}
	return 0
}

func roleUses(v View, yield func(roleUse)) {
	cat := v.Catalog()
	access := func(class, oid types.OID) {
		accessUses(v, object{class, oid, 0}, cat.Access(catalog.Object{Class: class, OID: oid}), yield)
	}
	for _, rel := range Outlines(v) {
		if !rel.Virtual && rel.Kind != catalog.CompositeType {
			relationUses(v, cat.RelationByOID(rel.OID), yield)
		}
	}
	for _, f := range cat.Routines().Functions() {
		access(classProc, f.OID)
	}
	for _, o := range cat.Routines().AllOperators() {
		access(classOperator, o.OID)
	}
	for _, c := range cat.Routines().OpClasses().Classes {
		access(classOpclass, c.OID)
	}
	for _, f := range cat.Routines().OpClasses().Families {
		access(catalog.ClassOpfamily, f.OID)
	}
	for _, c := range cat.Types().Collations() {
		access(classCollation, c.OID)
	}
	for _, t := range cat.Types().All() {
		if rel := cat.RelationByOID(t.Relation); !t.IsArray() && (rel == nil || rel.Kind == catalog.CompositeType) {
			access(classType, t.OID)
		}
	}
	for _, s := range cat.Schemas() {
		accessUses(v, object{classNamespace, s.OID, 0}, catalog.Access{Owner: s.Owner, ACL: s.ACL}, yield)
	}
	for _, d := range cat.DefaultACLs() {
		accessUses(v, object{classDefaultACL, defaultACLOID(d), 0}, catalog.Access{Owner: d.Role, ACL: d.ACL}, yield)
	}
	for _, d := range cat.Databases() {
		accessUses(v, object{classDatabase, d.OID, 0}, catalog.Access{Owner: d.Owner, ACL: d.ACL}, yield)
	}
}

// relationUses are those of a relation, its columns and its policies.
func relationUses(v View, rel *catalog.Relation, yield func(roleUse)) {
	accessUses(v, columnObject(rel.OID, 0), rel.Access(), yield)
	for _, c := range rel.VisibleColumns() {
		rightsUses(v, columnObject(rel.OID, c.Num), rel.Owner, rel.ColumnACL[c.Num], yield)
	}
	for _, p := range rel.Policies {
		for _, role := range p.Roles {
			if role != catalog.PublicRole {
				yield(roleUse{v, object{classPolicy, p.OID, 0}, role, policyUse})
			}
		}
	}
}

// accessUses: the owner, and who else is named in the access list.
func accessUses(v View, of object, access catalog.Access, yield func(roleUse)) {
	if of.pinned() {
		return
	}
	if droppable(access.Owner) {
		yield(roleUse{v, of, access.Owner, ownerUse})
	}
	rightsUses(v, of, access.Owner, access.ACL, yield)
}

func rightsUses(v View, of object, owner types.OID, acl []catalog.ACLItem, yield func(roleUse)) {
	seen := map[types.OID]bool{owner: true, catalog.PublicRole: true}
	for _, item := range acl {
		for _, role := range []types.OID{item.Grantor, item.Grantee} {
			if !seen[role] && droppable(role) {
				yield(roleUse{v, of, role, rightsUse})
			}
			seen[role] = true
		}
	}
}

// droppable says that a role is none that every database has.
func droppable(role types.OID) bool { return role >= firstUnpinned }
