package catalog

import (
	"slices"
	"strings"
)

// Privilege is a set of rights on an object.
type Privilege uint16

// The privileges, by the bits of an AclMode (parsenodes.h).
const (
	ACLInsert Privilege = 1 << iota
	ACLSelect
	ACLUpdate
	ACLDelete
	ACLTruncate
	ACLReferences
	ACLTrigger
	ACLExecute
	ACLUsage
	ACLCreate
	ACLCreateTemp
	ACLConnect
	ACLSet
	ACLAlterSystem
)

// ACLColumns are the privileges that a column can have.
const ACLColumns = ACLInsert | ACLSelect | ACLUpdate | ACLReferences

// privileges has their letters, in the order in which an aclitem shows them, and words.
var privileges = []struct {
	Privilege
	letter byte
	word   string
}{
	{ACLInsert, 'a', "INSERT"}, {ACLSelect, 'r', "SELECT"}, {ACLUpdate, 'w', "UPDATE"}, {ACLDelete, 'd', "DELETE"},
	{ACLTruncate, 'D', "TRUNCATE"}, {ACLReferences, 'x', "REFERENCES"}, {ACLTrigger, 't', "TRIGGER"}, {ACLExecute, 'X', "EXECUTE"},
	{ACLUsage, 'U', "USAGE"}, {ACLCreate, 'C', "CREATE"}, {ACLCreateTemp, 'T', "TEMPORARY"}, {ACLConnect, 'c', "CONNECT"},
	{ACLSet, 's', "SET"}, {ACLAlterSystem, 'A', "ALTER SYSTEM"},
}

// PrivilegeOf is the privilege of a word in upper case, 0 if there is none.
func PrivilegeOf(word string) Privilege {
	if word == "TEMP" {
		return ACLCreateTemp
	}
	for _, p := range privileges {
		if p.word == word {
			return p.Privilege
		}
	}
	return 0
}

// Each calls yield with every right of the set, by its bit, and its word.
func (p Privilege) Each(yield func(Privilege, string)) {
	for bit := range 16 {
		for _, q := range privileges {
			if q.Privilege == 1<<bit && p&q.Privilege != 0 {
				yield(q.Privilege, q.word)
			}
		}
	}
}

// Words are the names of the privileges of a set.
func (p Privilege) Words() []string {
	var out []string
	p.Each(func(_ Privilege, word string) { out = append(out, word) })
	return out
}

// AccessKind is a kind of object in what privileges it has: acldefault's letter.
type AccessKind byte

// The kinds.
const (
	AccessTable      AccessKind = 'r'
	AccessSequence   AccessKind = 's'
	AccessColumn     AccessKind = 'c'
	AccessDatabase   AccessKind = 'd'
	AccessFunction   AccessKind = 'f'
	AccessLanguage   AccessKind = 'l'
	AccessLarge      AccessKind = 'L'
	AccessSchema     AccessKind = 'n'
	AccessParameter  AccessKind = 'p'
	AccessTablespace AccessKind = 't'
	AccessWrapper    AccessKind = 'F'
	AccessServer     AccessKind = 'S'
	AccessType       AccessKind = 'T'
	// AccessNone has only an owner: operators, collations, casts.
	AccessNone AccessKind = 0
)

// accessRules are what there is of each kind, and what everybody has (acldefault).
var accessRules = map[AccessKind]struct{ all, public Privilege }{
	AccessTable:    {all: ACLInsert | ACLSelect | ACLUpdate | ACLDelete | ACLTruncate | ACLReferences | ACLTrigger},
	AccessSequence: {all: ACLUsage | ACLSelect | ACLUpdate}, AccessColumn: {all: ACLColumns},
	AccessDatabase:   {all: ACLCreate | ACLCreateTemp | ACLConnect, public: ACLCreateTemp | ACLConnect},
	AccessFunction:   {all: ACLExecute, public: ACLExecute},
	AccessLanguage:   {all: ACLUsage, public: ACLUsage},
	AccessLarge:      {all: ACLSelect | ACLUpdate},
	AccessSchema:     {all: ACLUsage | ACLCreate},
	AccessParameter:  {all: ACLSet | ACLAlterSystem},
	AccessTablespace: {all: ACLCreate},
	AccessWrapper:    {all: ACLUsage},
	AccessServer:     {all: ACLUsage},
	AccessType:       {all: ACLUsage, public: ACLUsage},
}

// Known says whether the letter is of a kind of object.
func (k AccessKind) Known() bool { return k != AccessNone && accessRules[k].all != 0 }

// All are the privileges that objects of a kind can have.
func (k AccessKind) All() Privilege { return accessRules[k].all }

// Default is what an object has before anything was granted (acldefault): first what
// everybody may, then the owner's.
func (k AccessKind) Default(owner OID) []ACLItem {
	rule := accessRules[k]
	var out []ACLItem
	if rule.public != 0 {
		out = append(out, ACLItem{Grantor: owner, Rights: rule.public})
	}
	if rule.all != 0 && k != AccessColumn {
		out = append(out, ACLItem{Grantee: owner, Grantor: owner, Rights: rule.all})
	}
	return out
}

// Access is the kind of a relation's privileges.
func (k RelKind) Access() AccessKind {
	if k == Sequence {
		return AccessSequence
	}
	return AccessTable
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

// Text is the item as an aclitem (aclitemout), with the roles' quoted names.
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

// Letter is the privilege of a letter of an aclitem, 0 if there is none.
func Letter(c byte) Privilege {
	for _, p := range privileges {
		if p.letter == c {
			return p.Privilege
		}
	}
	return 0
}

// Object names an object by the catalog that has it and its oid there.
type Object struct{ Class, OID OID }

// Access is who owns an object, and who may do what with it.
type Access struct {
	Owner OID `json:"owner,omitempty"` // 0: the bootstrap superuser
	// ACL is nil before anything was granted.
	ACL []ACLItem `json:"acl"`
	// Columns are the access lists of a relation's columns.
	Columns map[int16][]ACLItem `json:"columns,omitempty"`
}

// List is the access list, the default of the kind where nothing was granted.
func (a Access) List(k AccessKind) []ACLItem {
	if a.ACL == nil {
		return k.Default(a.Owner)
	}
	return a.ACL
}

// Clone copies deeply.
func (a Access) Clone() Access {
	out := Access{Owner: a.Owner, ACL: slices.Clone(a.ACL)}
	for num, acl := range a.Columns {
		if out.Columns == nil {
			out.Columns = map[int16][]ACLItem{}
		}
		out.Columns[num] = slices.Clone(acl)
	}
	return out
}

// predefinedRights are what the predefined roles add (pg_class_aclmask_ext,
// pg_namespace_aclmask).
var predefinedRights = []struct {
	role   OID
	kind   AccessKind
	rights Privilege
}{
	{RoleReadAllData, AccessTable, ACLSelect}, {RoleReadAllData, AccessSequence, ACLSelect}, {RoleReadAllData, AccessSchema, ACLUsage},
	{RoleWriteAllData, AccessTable, ACLInsert | ACLUpdate | ACLDelete}, {RoleWriteAllData, AccessSequence, ACLUpdate},
	{RoleWriteAllData, AccessSchema, ACLUsage},
}

// Rights are those that a role has on an object of a kind, its own, those of the roles
// whose privileges it inherits, and PUBLIC's (aclmask). A nil role has all, as a
// superuser has.
func (a Access) Rights(m Members, role *Role, k AccessKind) (rights, grantable Privilege) {
	if role == nil || role.Superuser {
		return k.All(), k.All()
	}
	roles := RolesOf(m, role, true)
	rights, grantable = maskOf(a.List(k), a.Owner, roles, k.All())
	for _, p := range predefinedRights {
		if p.kind == k && slices.Contains(roles, p.role) {
			rights |= p.rights
		}
	}
	return rights, grantable
}

// ColumnRights are those of a role on a column of its own, beside what it has on the
// whole relation.
func (a Access) ColumnRights(m Members, role *Role, num int16) (rights, grantable Privilege) {
	if role == nil || role.Superuser {
		return ACLColumns, ACLColumns
	}
	return maskOf(a.Columns[num], a.Owner, RolesOf(m, role, true), ACLColumns)
}

// maskOf is aclmask: an owner can always grant.
func maskOf(acl []ACLItem, owner OID, roles []OID, all Privilege) (rights, grantable Privilege) {
	if slices.Contains(roles, owner) {
		grantable = all
	}
	for _, a := range acl {
		if a.Grantee == PublicRole || slices.Contains(roles, a.Grantee) {
			rights, grantable = rights|a.Rights, grantable|a.Grantable
		}
	}
	return rights, grantable
}

// DefaultACL is a row of pg_default_acl: what objects of a kind begin with that a role
// creates, in a schema (0: any).
type DefaultACL struct {
	Role   OID        `json:"role"`
	Schema OID        `json:"schema,omitempty"`
	Kind   AccessKind `json:"kind"` // as pg_default_acl.defaclobjtype but for sequences
	ACL    []ACLItem  `json:"acl"`
}

// Access is that of a relation.
func (r *Relation) Access() Access {
	return Access{Owner: r.Owner, ACL: r.ACL, Columns: r.ColumnACL}
}
