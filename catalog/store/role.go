package store

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownRole is a role as it is kept. It is never changed, only replaced.
type ownRole struct {
	OID         types.OID            `json:"oid"`
	Superuser   bool                 `json:"superuser,omitempty"`
	Inherit     bool                 `json:"inherit,omitempty"`
	CreateRole  bool                 `json:"createRole,omitempty"`
	CreateDB    bool                 `json:"createDb,omitempty"`
	Login       bool                 `json:"login,omitempty"`
	Replication bool                 `json:"replication,omitempty"`
	BypassRLS   bool                 `json:"bypassRls,omitempty"`
	ConnLimit   int32                `json:"connLimit"`
	Password    string               `json:"password,omitempty"` // a SCRAM verifier
	ValidUntil  string               `json:"validUntil,omitempty"`
	MemberOf    []catalog.Membership `json:"memberOf,omitempty"`
	Comment     string               `json:"comment,omitempty"`
}

func (r *ownRole) role(name string) *catalog.Role {
	return &catalog.Role{OID: r.OID, Name: name, Superuser: r.Superuser, Inherit: r.Inherit, CreateRole: r.CreateRole, CreateDB: r.CreateDB,
		Login: r.Login, Replication: r.Replication, BypassRLS: r.BypassRLS, ConnLimit: r.ConnLimit, Password: r.Password, ValidUntil: r.ValidUntil,
		MemberOf: r.MemberOf, Comment: r.Comment}
}

func ownRoleOf(r *catalog.Role) *ownRole {
	return &ownRole{OID: r.OID, Superuser: r.Superuser, Inherit: r.Inherit, CreateRole: r.CreateRole, CreateDB: r.CreateDB,
		Login: r.Login, Replication: r.Replication, BypassRLS: r.BypassRLS, ConnLimit: r.ConnLimit, Password: r.Password, ValidUntil: r.ValidUntil,
		MemberOf: slices.Clone(r.MemberOf), Comment: r.Comment}
}

// roles are those of the configuration, the predefined ones, and the catalog's own, by
// oid. Of the predefined ones and the bootstrap superuser the catalog keeps only what
// they are members of; what it keeps of the operator's others goes before.
func (st *state) roles() []*catalog.Role {
	var out []*catalog.Role
	fixed := map[string]bool{}
	for _, r := range st.fixedRoles() {
		c := *r
		if own := st.own.Roles[r.Name]; own != nil && own.OID == r.OID {
			c.MemberOf, c.Comment = own.MemberOf, own.Comment
		}
		out, fixed[r.Name] = append(out, &c), true
	}
	for name, r := range st.own.Roles {
		if !fixed[name] {
			out = append(out, r.role(name))
		}
	}
	out = append(out, st.unrecorded()...)
	slices.SortFunc(out, func(a, b *catalog.Role) int { return int(int64(a.OID) - int64(b.OID)) })
	return out
}

// fixedRoles are those that can't be changed: the catalog of a database has them, that
// of temporary objects none.
func (st *state) fixedRoles() []*catalog.Role {
	if st.env.Temporary != "" {
		return nil
	}
	return append(slices.Clone(st.env.Roles[:min(1, len(st.env.Roles))]), catalog.PredefinedRoles()...)
}

// unrecorded are the operator's roles but the bootstrap superuser, as far as the catalog
// does not keep them. Their oids are those that CREATE ROLE would give them.
func (st *state) unrecorded() []*catalog.Role {
	if st.env.Temporary != "" || len(st.env.Roles) < 2 {
		return nil
	}
	o := newOIDs(false)
	for _, r := range st.own.Roles {
		o.use(r.OID)
	}
	var out []*catalog.Role
	for _, r := range st.env.Roles[1:] {
		if st.own.Roles[r.Name] == nil {
			c := *r
			c.OID = o.of("role", r.Name)
			out = append(out, &c)
		}
	}
	return out
}

// record keeps those of the operator's roles that own something or were granted it, so
// that they are known where somebody else has started the server.
func (st *state) record() {
	for _, r := range st.unrecorded() {
		if st.refersTo(r.OID) {
			st.keepRole(r.Name, ownRoleOf(r))
		}
	}
}

func (st *state) refersTo(role types.OID) bool {
	concerns := func(i catalog.ACLItem) bool { return i.Grantee == role || i.Grantor == role }
	for _, m := range st.own.Access {
		for _, a := range m {
			if a.Owner == role || slices.ContainsFunc(a.ACL, concerns) {
				return true
			}
		}
	}
	return slices.ContainsFunc(st.own.Defaults, func(d catalog.DefaultACL) bool {
		return d.Role == role || slices.ContainsFunc(d.ACL, concerns)
	})
}

func (st *state) keepRole(name string, r *ownRole) {
	if st.own.Roles == nil {
		st.own.Roles = map[string]*ownRole{}
	}
	st.own.Roles[name] = r
}

// PutRole implements catalog.Tx.
func (t *tx) PutRole(_ context.Context, r *catalog.Role) error {
	return t.apply(func(st *state) error {
		o := ownRoleOf(r)
		for _, other := range st.roles() {
			if other.Name == r.Name && other.OID != r.OID {
				return pgerr.New(pgerr.DuplicateObject, "role \"%s\" already exists", r.Name)
			}
		}
		if o.OID == 0 {
			o.OID = st.assigned().of("role", r.Name)
		} else {
			name := st.roleNamed(o.OID)
			is := func(f *catalog.Role) bool { return f.OID == o.OID }
			known := name != "" || slices.ContainsFunc(st.fixedRoles(), is) || slices.ContainsFunc(st.unrecorded(), is)
			if !known {
				return undefinedRole(r.Name)
			}
			delete(st.own.Roles, name)
		}
		st.keepRole(r.Name, o)
		return nil
	})
}

// DropRole implements catalog.Tx.
func (t *tx) DropRole(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		name := st.roleNamed(oid)
		if i := slices.IndexFunc(st.unrecorded(), func(r *catalog.Role) bool { return r.OID == oid }); i >= 0 {
			return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop role %s because it is required by the database system", st.unrecorded()[i].Name)
		}
		if name == "" {
			return pgerr.New(pgerr.UndefinedObject, "role with OID %d does not exist", oid)
		}
		delete(st.own.Roles, name)
		st.own.Settings = slices.DeleteFunc(slices.Clone(st.own.Settings), func(s catalog.RoleSetting) bool { return s.Role == oid })
		for other, r := range st.own.Roles {
			c := *r
			c.MemberOf = slices.DeleteFunc(slices.Clone(r.MemberOf), func(m catalog.Membership) bool { return m.Role == oid })
			st.own.Roles[other] = &c
		}
		return nil
	})
}

// roleNamed is the name of a role of the catalog's own, "" for none.
func (st *state) roleNamed(oid types.OID) string {
	for name, r := range st.own.Roles {
		if r.OID == oid {
			return name
		}
	}
	return ""
}

func undefinedRole(name string) error {
	return pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", name)
}
