package catalog

import (
	"slices"
	"strings"
)

// Role is a user or group (pg_authid).
type Role struct {
	OID         OID
	Name        string
	Superuser   bool
	Inherit     bool
	CreateRole  bool
	CreateDB    bool
	Login       bool
	Replication bool
	BypassRLS   bool
	ConnLimit   int32 // -1 for none
	// Password is a SCRAM-SHA-256 verifier, "" for none. It is shown to nobody.
	Password string
	// MemberOf are the roles that it was granted.
	MemberOf []Membership
	Comment  string
}

// Membership is a row of pg_auth_members, but for the member.
type Membership struct {
	Role    OID  `json:"role"`
	Grantor OID  `json:"grantor"`
	Admin   bool `json:"admin,omitempty"`
}

// Privilege is a set of rights on an object.
type Privilege uint16

// The privileges of relations, in the order of aclitem's letters (acl.h).
const (
	ACLInsert Privilege = 1 << iota
	ACLSelect
	ACLUpdate
	ACLDelete
	ACLTruncate
	ACLReferences
	ACLTrigger
	ACLUsage
)

// privileges has their letters and words.
var privileges = []struct {
	Privilege
	letter byte
	word   string
}{
	{ACLInsert, 'a', "INSERT"}, {ACLSelect, 'r', "SELECT"}, {ACLUpdate, 'w', "UPDATE"}, {ACLDelete, 'd', "DELETE"},
	{ACLTruncate, 'D', "TRUNCATE"}, {ACLReferences, 'x', "REFERENCES"}, {ACLTrigger, 't', "TRIGGER"}, {ACLUsage, 'U', "USAGE"},
}

// PrivilegeOf is the privilege of a word in upper case, 0 if there is none.
func PrivilegeOf(word string) Privilege {
	for _, p := range privileges {
		if p.word == word {
			return p.Privilege
		}
	}
	return 0
}

// Words are the names of the privileges of a set.
func (p Privilege) Words() []string {
	var out []string
	for _, q := range privileges {
		if p&q.Privilege != 0 {
			out = append(out, q.word)
		}
	}
	return out
}

// RelationPrivileges are all that there are for a kind of relation.
func RelationPrivileges(k RelKind) Privilege {
	if k == Sequence {
		return ACLUsage | ACLSelect | ACLUpdate
	}
	return ACLInsert | ACLSelect | ACLUpdate | ACLDelete | ACLTruncate | ACLReferences | ACLTrigger
}

// PublicRole stands for all roles among grantees.
const PublicRole OID = 0

// ACLItem is what one role has from another.
type ACLItem struct {
	Grantee OID       `json:"grantee,omitempty"` // PublicRole for PUBLIC
	Grantor OID       `json:"grantor"`
	Rights  Privilege `json:"rights"`
	// Grantable are the rights among them with GRANT OPTION.
	Grantable Privilege `json:"grantable,omitempty"`
}

// Text is the item as an aclitem, with the roles' quoted names.
func (a ACLItem) Text(name func(OID) string) string {
	var b strings.Builder
	if a.Grantee != PublicRole {
		b.WriteString(name(a.Grantee))
	}
	b.WriteByte('=')
	for _, p := range privileges {
		if a.Rights&p.Privilege != 0 {
			b.WriteByte(p.letter)
		}
		if a.Grantable&p.Privilege != 0 {
			b.WriteByte('*')
		}
	}
	return b.String() + "/" + name(a.Grantor)
}

// DefaultACL is what a relation has before anything was granted (acldefault).
func DefaultACL(k RelKind, owner OID) []ACLItem {
	return []ACLItem{{Grantee: owner, Grantor: owner, Rights: RelationPrivileges(k)}}
}

// Grant is GRANT or REVOKE of privileges on one relation.
type Grant struct {
	Revoke   bool
	Grantees []OID
	Rights   Privilege
	// Option: WITH GRANT OPTION, or GRANT OPTION FOR.
	Option bool
}

// Apply is the access list of a relation of that kind and owner after a grant
// (aclupdate). Everything is granted as the owner.
func (g Grant) Apply(acl []ACLItem, k RelKind, owner OID) []ACLItem {
	if acl == nil {
		acl = DefaultACL(k, owner)
	}
	acl = slices.Clone(acl)
	for _, to := range g.Grantees {
		i := slices.IndexFunc(acl, func(a ACLItem) bool { return a.Grantee == to && a.Grantor == owner })
		if i < 0 {
			acl, i = append(acl, ACLItem{Grantee: to, Grantor: owner}), len(acl)
		}
		a := &acl[i]
		switch {
		case g.Revoke && g.Option:
			a.Grantable &^= g.Rights
		case g.Revoke:
			a.Rights, a.Grantable = a.Rights&^g.Rights, a.Grantable&^g.Rights
		default:
			if a.Rights |= g.Rights; g.Option {
				a.Grantable |= g.Rights
			}
		}
	}
	return slices.DeleteFunc(acl, func(a ACLItem) bool { return a.Rights == 0 })
}

// RoleByName and RoleByOID find a role of a catalog, nil if there is none.
func RoleByName(r Reader, name string) *Role {
	for _, role := range r.Roles() {
		if role.Name == name {
			return role
		}
	}
	return nil
}

// RoleByOID finds a role by its oid.
func RoleByOID(r Reader, oid OID) *Role {
	for _, role := range r.Roles() {
		if role.OID == oid {
			return role
		}
	}
	return nil
}

// Rights are those that a role has on a relation, its own, those of the roles whose
// privileges it inherits, and PUBLIC's (aclmask).
func Rights(r Reader, role *Role, rel *Relation) (rights, grantable Privilege) {
	all := RelationPrivileges(rel.Kind)
	roles := RolesOf(r, role, true)
	if role.Superuser || slices.Contains(roles, rel.Owner) {
		return all, all
	}
	acl := rel.ACL
	if acl == nil {
		acl = DefaultACL(rel.Kind, rel.Owner)
	}
	for _, a := range acl {
		if a.Grantee == PublicRole || slices.Contains(roles, a.Grantee) {
			rights, grantable = rights|a.Rights, grantable|a.Grantable
		}
	}
	return rights, grantable
}

// RolesOf are the role and those that it is a member of, at any distance: only those
// whose privileges it inherits, or all that it may SET ROLE to (roles_is_member_of).
func RolesOf(r Reader, role *Role, inherited bool) []OID {
	out := []OID{role.OID}
	for i := 0; i < len(out); i++ {
		of := RoleByOID(r, out[i])
		if of == nil || inherited && !of.Inherit {
			continue
		}
		for _, m := range of.MemberOf {
			if !slices.Contains(out, m.Role) {
				out = append(out, m.Role)
			}
		}
	}
	return out
}
