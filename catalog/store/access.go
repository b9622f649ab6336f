package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownAccess is who owns objects, and who may do what with them. Entries are replaced,
// never changed: clones share them.
type ownAccess struct {
	// Access by the catalog of the object and its oid; none: the defaults.
	Access map[types.OID]map[types.OID]catalog.Access `json:"access,omitempty"`
	// Defaults are pg_default_acl, Settings pg_db_role_setting.
	Defaults []catalog.DefaultACL  `json:"defaultAccess,omitempty"`
	Settings []catalog.RoleSetting `json:"roleSettings,omitempty"`
}

func (a ownAccess) clone() ownAccess {
	out := ownAccess{Defaults: a.Defaults, Settings: a.Settings}
	for class, m := range a.Access {
		if out.Access == nil {
			out.Access = map[types.OID]map[types.OID]catalog.Access{}
		}
		out.Access[class] = maps.Clone(m)
	}
	return out
}

func (a *ownAccess) put(o catalog.Object, access catalog.Access) {
	if a.Access == nil {
		a.Access = map[types.OID]map[types.OID]catalog.Access{}
	}
	if a.Access[o.Class] == nil {
		a.Access[o.Class] = map[types.OID]catalog.Access{}
	}
	a.Access[o.Class][o.OID] = access
}

// find is what is kept of an object; what is built in begins with what PostgreSQL's
// initdb grants.
func (a *ownAccess) find(o catalog.Object) catalog.Access {
	access, ok := a.Access[o.Class][o.OID]
	if !ok {
		access = catalog.InitialAccess(o)
	}
	if access.Owner == 0 {
		access.Owner = catalog.BootstrapSuperuser
	}
	return access
}

// show puts it into a relation's descriptor.
func (a *ownAccess) show(rel *catalog.Relation) {
	access := a.find(catalog.Object{Class: catalog.ClassRelation, OID: rel.OID})
	rel.Owner, rel.ACL, rel.ColumnACL = access.Owner, access.ACL, access.Columns
}

// granted is a relation of the server's own with what it was granted.
func (a *ownAccess) granted(rel *catalog.Relation) *catalog.Relation {
	c := *rel
	access, ok := a.Access[catalog.ClassRelation][rel.OID]
	if !ok {
		access.ACL = catalog.InitialRelationACL(rel)
	}
	c.ACL, c.ColumnACL = access.ACL, access.Columns
	return &c
}

// access is that of any object.
func (st *state) access(o catalog.Object) catalog.Access {
	if o.Class == catalog.ClassType && o.OID >= types.FirstNormalOID {
		if owner, ok := st.typeOwner(o.OID); ok {
			return catalog.Access{Owner: owner}
		}
	}
	return st.own.find(o)
}

// typeOwner is the owner of a type that goes with something else: a row type, an array
// type.
func (st *state) typeOwner(oid types.OID) (types.OID, bool) {
	for _, t := range st.own.Types {
		if t.Array == oid {
			return st.access(catalog.Object{Class: catalog.ClassType, OID: t.OID}).Owner, true
		}
	}
	for _, t := range st.own.Tables {
		if t.TypeOID == oid || t.TypeArray == oid {
			return st.own.find(catalog.Object{Class: catalog.ClassRelation, OID: t.OID}).Owner, true
		}
	}
	for _, v := range st.own.Views {
		if v.TypeOID == oid || v.TypeArray == oid {
			return st.own.find(catalog.Object{Class: catalog.ClassRelation, OID: v.OID}).Owner, true
		}
	}
	return 0, false
}

// Access implements catalog.Reader.
func (s *snapshot) Access(o catalog.Object) catalog.Access {
	if o.Class == catalog.ClassRelation {
		if rel := s.RelationByOID(o.OID); rel != nil {
			return rel.Access()
		}
	}
	return s.state.access(o)
}

// DefaultACLs implements catalog.Reader.
func (s *snapshot) DefaultACLs() []catalog.DefaultACL { return s.state.own.Defaults }

// RoleSettings implements catalog.Reader.
func (s *snapshot) RoleSettings() []catalog.RoleSetting { return s.state.own.Settings }

// owned is an object of the database's own that has an owner.
type owned struct {
	schema string
	kind   catalog.AccessKind
	// resource of a table, which may have got its oid only now.
	resource string
}

// objects lists what has an owner.
func (st *state) objects() map[catalog.Object]owned {
	out := map[catalog.Object]owned{}
	add := func(class, oid types.OID, o owned) {
		if oid != 0 {
			out[catalog.Object{Class: class, OID: oid}] = o
		}
	}
	for name, t := range st.own.Tables {
		add(catalog.ClassRelation, t.OID, owned{schema: t.Schema, kind: catalog.AccessTable, resource: name})
	}
	for _, v := range st.own.Views {
		add(catalog.ClassRelation, v.OID, owned{schema: v.Schema, kind: catalog.AccessTable})
	}
	for _, s := range st.own.Sequences {
		add(catalog.ClassRelation, s.OID, owned{schema: s.Schema, kind: catalog.AccessSequence})
	}
	for _, t := range st.own.Types {
		add(catalog.ClassType, t.OID, owned{schema: t.Schema, kind: catalog.AccessType})
	}
	for _, f := range st.own.Functions {
		if f.Of == 0 { // those of a range are the bootstrap superuser's
			add(catalog.ClassProc, f.OID, owned{schema: f.Schema, kind: catalog.AccessFunction})
		}
	}
	for _, o := range st.own.Operators {
		add(catalog.ClassOperator, o.OID, owned{schema: o.Schema})
	}
	for _, c := range st.own.Collations {
		add(catalog.ClassCollation, c.OID, owned{schema: c.Schema})
	}
	for _, c := range st.own.ownOpClasses.Classes {
		add(catalog.ClassOpclass, c.OID, owned{schema: c.Schema})
	}
	for _, f := range st.own.ownOpClasses.Families {
		add(catalog.ClassOpfamily, f.OID, owned{schema: f.Schema})
	}
	for _, s := range st.own.Schemas {
		add(catalog.ClassSchema, s.OID, owned{kind: catalog.AccessSchema})
	}
	return out
}

// creating makes what a change creates the creator's, with the default privileges that
// are set for it, and forgets the owners of what it drops.
func creating(creator types.OID, c change) change {
	return func(st *state) error {
		if (creator == 0 || creator == catalog.BootstrapSuperuser) && st.own.Access == nil && st.own.Defaults == nil {
			return c(st)
		}
		before := st.objects()
		resources := map[string]bool{}
		for _, r := range st.manifest.Resources() {
			resources[r] = true
		}
		if err := c(st); err != nil {
			return err
		}
		after := st.objects()
		for o, is := range after {
			if _, old := before[o]; !old && !resources[is.resource] {
				st.begin(o, is, creator)
			}
		}
		for class, m := range st.own.Access {
			maps.DeleteFunc(m, func(oid types.OID, _ catalog.Access) bool {
				o := catalog.Object{Class: class, OID: oid}
				_, was := before[o]
				_, is := after[o]
				return was && !is
			})
		}
		st.own.Defaults = slices.DeleteFunc(slices.Clone(st.own.Defaults), func(d catalog.DefaultACL) bool {
			o := catalog.Object{Class: catalog.ClassSchema, OID: d.Schema}
			_, was := before[o]
			_, is := after[o]
			return was && !is
		})
		return nil
	}
}

// recording keeps the roles that a change refers to.
func recording(c change) change {
	return func(st *state) error {
		if err := c(st); err != nil {
			return err
		}
		st.record()
		return nil
	}
}

// begin is what a new object has (get_user_default_acl).
func (st *state) begin(o catalog.Object, is owned, creator types.OID) {
	if creator == 0 {
		creator = catalog.BootstrapSuperuser
	}
	a := catalog.Access{Owner: creator}
	if acl := st.defaultACL(creator, 0, is.kind); acl != nil {
		a.ACL = acl
	}
	if in := st.schemaOID(is.schema); in != 0 {
		if more := st.defaultACL(creator, in, is.kind); more != nil {
			a.ACL = merged(a.List(is.kind), more)
		}
	}
	if a.ACL = st.sorted(a.ACL); slices.Equal(a.ACL, st.sorted(is.kind.Default(creator))) {
		a.ACL = nil
	}
	if a.ACL != nil || creator != catalog.BootstrapSuperuser {
		st.own.put(o, a)
	}
}

// merged is aclmerge.
func merged(a, b []catalog.ACLItem) []catalog.ACLItem {
	out := slices.Clone(a)
	for _, item := range b {
		i := slices.IndexFunc(out, func(have catalog.ACLItem) bool { return have.Grantee == item.Grantee && have.Grantor == item.Grantor })
		if i < 0 {
			out = append(out, item)
			continue
		}
		out[i].Rights |= item.Rights
		out[i].Grantable |= item.Grantable
	}
	return out
}

// sorted is aclitemsort's order, PUBLIC first, but that roles come by name: their oids
// tell nothing here.
func (st *state) sorted(acl []catalog.ACLItem) []catalog.ACLItem {
	out := slices.Clone(acl)
	name := func(oid types.OID) string {
		if role := catalog.RoleByOID(members{st}, oid); role != nil {
			return role.Name
		}
		return ""
	}
	slices.SortStableFunc(out, func(a, b catalog.ACLItem) int {
		return cmp.Or(cmp.Compare(name(a.Grantee), name(b.Grantee)), cmp.Compare(name(a.Grantor), name(b.Grantor)))
	})
	return out
}

func (st *state) defaultACL(role, schema types.OID, k catalog.AccessKind) []catalog.ACLItem {
	for _, d := range st.own.Defaults {
		if d.Role == role && d.Schema == schema && d.Kind == k {
			return d.ACL
		}
	}
	return nil
}

func (st *state) schemaOID(name string) types.OID {
	if s := st.own.Schemas[name]; s != nil {
		return s.OID
	}
	if name == publicSchema && st.firstPublic() {
		return catalog.PublicOID
	}
	return 0
}

// members tells a grant who is a member of what.
type members struct{ *state }

func (m members) Database() *catalog.Database { return m.database() }

// Roles of temporary objects are those of the catalog around.
func (m members) Roles() []*catalog.Role {
	if o, ok := m.env.outer().(catalog.Members); ok {
		return o.Roles()
	}
	return m.roles()
}

// SetCreator implements catalog.Tx.
func (t *tx) SetCreator(role types.OID) { t.creator = role }

// touch marks an object's descriptor as changed, and keeps the oid of a table that
// another writer made.
func (st *state) touch(o catalog.Object) {
	if o.Class != catalog.ClassRelation {
		return
	}
	changed := st.own.Changes + 1
	if key, s := st.sequenceOf(o.OID); s != nil {
		c := *s
		c.Changed = changed
		st.own.Sequences[key] = &c
		return
	}
	if _, v := st.view(o.OID); v != nil {
		v.Changed = changed
		return
	}
	if r := st.resourceOf(o.OID); r != "" {
		st.adopt(r)
	}
}

// Grant implements catalog.Tx.
func (t *tx) Grant(_ context.Context, g catalog.Grant) error {
	return t.apply(func(st *state) error {
		m := members{st}
		for _, to := range g.Grantees {
			if to != catalog.PublicRole && catalog.RoleByOID(m, to) == nil {
				return pgerr.New(pgerr.UndefinedObject, "role with OID %d does not exist", to)
			}
		}
		a := st.accessOf(g.Object).Clone()
		if g.Column != 0 {
			acl, err := g.Apply(a.Columns[g.Column], a.Owner, m)
			if err != nil {
				return err
			}
			a.setColumn(g.Column, acl)
		} else {
			acl, err := g.Apply(a.List(g.Kind), a.Owner, m)
			if err != nil {
				return err
			}
			if a.ACL = acl; acl == nil {
				a.ACL = []catalog.ACLItem{}
			}
		}
		st.own.put(g.Object, a.Access)
		st.touch(g.Object)
		return nil
	})
}

// accessChange is an Access being changed.
type accessChange struct{ catalog.Access }

func (a *accessChange) Clone() *accessChange { return &accessChange{a.Access.Clone()} }

func (a *accessChange) setColumn(num int16, acl []catalog.ACLItem) {
	if len(acl) == 0 {
		delete(a.Columns, num)
		return
	}
	if a.Columns == nil {
		a.Columns = map[int16][]catalog.ACLItem{}
	}
	a.Columns[num] = acl
}

// accessOf is access where relations of the server's own have what they begin with.
func (st *state) accessOf(o catalog.Object) *accessChange {
	if _, ok := st.own.Access[o.Class][o.OID]; !ok && o.Class == catalog.ClassRelation {
		for _, rel := range st.env.Virtual {
			if rel.OID == o.OID {
				return &accessChange{catalog.Access{Owner: rel.Owner, ACL: catalog.InitialRelationACL(rel)}}
			}
		}
	}
	return &accessChange{st.access(o)}
}

// SetOwner implements catalog.Tx.
func (t *tx) SetOwner(_ context.Context, o catalog.Object, owner types.OID) error {
	return t.apply(func(st *state) error {
		st.changeOwner(o, owner)
		return nil
	})
}

// changeOwner gives an object away, and what goes with it.
func (st *state) changeOwner(o catalog.Object, owner types.OID) {
	st.own.setOwner(o, owner)
	st.touch(o)
	for _, s := range st.own.Sequences {
		if o.Class == catalog.ClassRelation && s.Owner == o.OID {
			st.changeOwner(catalog.Object{Class: catalog.ClassRelation, OID: s.OID}, owner)
		}
	}
	for _, r := range st.own.Types {
		if o.Class == catalog.ClassType && r.OID == o.OID && r.Multirange != 0 {
			st.own.setOwner(catalog.Object{Class: catalog.ClassType, OID: r.Multirange}, owner)
		}
	}
}

func (a *ownAccess) setOwner(o catalog.Object, owner types.OID) {
	c := a.find(o).Clone()
	if c.ACL != nil {
		c.ACL = catalog.NewOwner(c.ACL, c.Owner, owner)
	}
	for num, acl := range c.Columns {
		c.Columns[num] = catalog.NewOwner(acl, c.Owner, owner)
	}
	c.Owner = owner
	a.put(o, c)
}

// GrantDefault implements catalog.Tx: SetDefaultACL.
func (t *tx) GrantDefault(_ context.Context, role types.OID, g catalog.Grant) error {
	return t.apply(func(st *state) error {
		initial := g.Kind.Default(role)
		if g.OID != 0 {
			initial = nil
		}
		acl := st.defaultACL(role, g.OID, g.Kind)
		if acl == nil {
			acl = initial
		}
		acl, err := g.Apply(acl, role, members{st})
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(st.own.Defaults), func(d catalog.DefaultACL) bool {
			return d.Role == role && d.Schema == g.OID && d.Kind == g.Kind
		})
		if acl = st.sorted(acl); !slices.Equal(acl, st.sorted(initial)) {
			rest = append(rest, catalog.DefaultACL{Role: role, Schema: g.OID, Kind: g.Kind, ACL: acl})
		}
		st.own.Defaults = rest
		return nil
	})
}

// RevokeAll implements catalog.Tx.
func (t *tx) RevokeAll(_ context.Context, role types.OID) error {
	return t.apply(func(st *state) error {
		m := members{st}
		for class, objects := range st.own.Access {
			for oid, a := range objects {
				c := accessChange{a.Clone()}
				owner := max(c.Owner, catalog.BootstrapSuperuser)
				if c.ACL != nil {
					c.ACL = catalog.WithoutRole(c.ACL, role, owner, m)
				}
				for num, acl := range c.Columns {
					c.setColumn(num, catalog.WithoutRole(acl, role, owner, m))
				}
				objects[oid] = c.Access
				st.touch(catalog.Object{Class: class, OID: oid})
			}
		}
		var rest []catalog.DefaultACL
		for _, d := range st.own.Defaults {
			if d.Role == role {
				continue
			}
			d.ACL = catalog.WithoutRole(d.ACL, role, d.Role, m)
			rest = append(rest, d)
		}
		st.own.Defaults = rest
		return nil
	})
}

// PutRoleSetting implements catalog.Tx.
func (t *tx) PutRoleSetting(_ context.Context, s catalog.RoleSetting) error {
	return t.apply(func(st *state) error {
		rest := slices.DeleteFunc(slices.Clone(st.own.Settings), func(have catalog.RoleSetting) bool {
			return have.Role == s.Role && have.Database == s.Database
		})
		if len(s.Config) > 0 {
			rest = append(rest, s)
		}
		st.own.Settings = rest
		return nil
	})
}
