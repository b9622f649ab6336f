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
	MemberOf    []catalog.Membership `json:"memberOf,omitempty"`
	Comment     string               `json:"comment,omitempty"`
}

func (r *ownRole) role(name string) *catalog.Role {
	return &catalog.Role{OID: r.OID, Name: name, Superuser: r.Superuser, Inherit: r.Inherit, CreateRole: r.CreateRole, CreateDB: r.CreateDB,
		Login: r.Login, Replication: r.Replication, BypassRLS: r.BypassRLS, ConnLimit: r.ConnLimit, Password: r.Password,
		MemberOf: r.MemberOf, Comment: r.Comment}
}

func ownRoleOf(r *catalog.Role) *ownRole {
	return &ownRole{OID: r.OID, Superuser: r.Superuser, Inherit: r.Inherit, CreateRole: r.CreateRole, CreateDB: r.CreateDB,
		Login: r.Login, Replication: r.Replication, BypassRLS: r.BypassRLS, ConnLimit: r.ConnLimit, Password: r.Password,
		MemberOf: slices.Clone(r.MemberOf), Comment: r.Comment}
}

// roles are those of the configuration, and the catalog's own by oid. A role of the
// configuration hides one of the same name.
func (st *state) roles() []*catalog.Role {
	out := slices.Clone(st.env.Roles)
	for name, r := range st.own.Roles {
		if !slices.ContainsFunc(st.env.Roles, func(c *catalog.Role) bool { return c.Name == name }) {
			out = append(out, r.role(name))
		}
	}
	slices.SortFunc(out, func(a, b *catalog.Role) int { return int(int64(a.OID) - int64(b.OID)) })
	return out
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
			if name == "" {
				return undefinedRole(r.Name)
			}
			delete(st.own.Roles, name)
		}
		if st.own.Roles == nil {
			st.own.Roles = map[string]*ownRole{}
		}
		st.own.Roles[r.Name] = o
		return nil
	})
}

// DropRole implements catalog.Tx.
func (t *tx) DropRole(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		name := st.roleNamed(oid)
		if name == "" {
			return pgerr.New(pgerr.UndefinedObject, "role with OID %d does not exist", oid)
		}
		delete(st.own.Roles, name)
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

// Grant implements catalog.Tx.
func (t *tx) Grant(_ context.Context, rel types.OID, g catalog.Grant) error {
	return t.apply(func(st *state) error {
		for _, to := range g.Grantees {
			if to != catalog.PublicRole && st.env.Temporary == "" && !slices.ContainsFunc(st.roles(), func(r *catalog.Role) bool { return r.OID == to }) {
				return pgerr.New(pgerr.UndefinedObject, "role with OID %d does not exist", to)
			}
		}
		if key, s := st.sequenceOf(rel); s != nil {
			c := *s
			c.ACL = g.Apply(s.ACL, catalog.Sequence, catalog.BootstrapSuperuser)
			c.Changed = st.own.Changes + 1
			st.own.Sequences[key] = &c
			return nil
		}
		if _, v := st.view(rel); v != nil {
			v.ACL = g.Apply(v.ACL, catalog.View, catalog.BootstrapSuperuser)
			v.Changed = st.own.Changes + 1
			return nil
		}
		r := st.resourceOf(rel)
		if r == "" {
			return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", rel)
		}
		own := st.adopt(r)
		own.ACL = g.Apply(own.ACL, own.kind(), catalog.BootstrapSuperuser)
		return nil
	})
}
