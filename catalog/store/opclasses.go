package store

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownOpClasses are the operator families, classes and their members, by signature.
// Entries are replaced, never changed.
type ownOpClasses struct {
	Families map[string]*catalog.OpFamily `json:"opfamilies,omitempty"`
	Classes  map[string]*catalog.OpClass  `json:"opclasses,omitempty"`
	Members  map[string]*catalog.OpMember `json:"opmembers,omitempty"`
}

func (c ownOpClasses) clone() ownOpClasses {
	return ownOpClasses{maps.Clone(c.Families), maps.Clone(c.Classes), maps.Clone(c.Members)}
}

func (c ownOpClasses) use(o *oids) {
	for _, f := range c.Families {
		o.use(f.OID)
	}
	for _, k := range c.Classes {
		o.use(k.OID)
	}
	for _, m := range c.Members {
		o.use(m.OID)
	}
}

func (c ownOpClasses) opClasses() *catalog.OpClasses {
	return catalog.NewOpClasses(slices.Collect(maps.Values(c.Families)), slices.Collect(maps.Values(c.Classes)), slices.Collect(maps.Values(c.Members)))
}

// comment sets the comment of a class or family; false if there is none with that
// oid.
func (c *ownOpClasses) comment(oid types.OID, text string) bool {
	for k, f := range c.Families {
		if f.OID == oid {
			n := *f
			n.Comment, c.Families[k] = text, &n
			return true
		}
	}
	for k, f := range c.Classes {
		if f.OID == oid {
			n := *f
			n.Comment, c.Classes[k] = text, &n
			return true
		}
	}
	return false
}

func familyOID(f *catalog.OpFamily) types.OID { return f.OID }
func classOID(c *catalog.OpClass) types.OID   { return c.OID }

// PutOpFamily implements catalog.Tx.
func (t *tx) PutOpFamily(_ context.Context, f *catalog.OpFamily) (oid types.OID, err error) {
	err = t.apply(func(st *state) error {
		n := *f
		if n.OID == 0 {
			n.OID = st.assigned().of("opfamily", n.Signature())
		}
		oid = n.OID
		return put(&st.own.Families, familyOID, n.Signature(), &n,
			pgerr.New(pgerr.DuplicateObject, "operator family \"%s\" for access method \"%s\" already exists", n.Name, n.Method))
	})
	return oid, err
}

// DropOpFamily implements catalog.Tx: its classes and members go too.
func (t *tx) DropOpFamily(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		maps.DeleteFunc(st.own.Classes, func(_ string, c *catalog.OpClass) bool { return c.Family == oid })
		maps.DeleteFunc(st.own.Members, func(_ string, m *catalog.OpMember) bool { return m.Family == oid })
		return remove(st.own.Families, familyOID, oid, "operator family")
	})
}

// PutOpClass implements catalog.Tx.
func (t *tx) PutOpClass(_ context.Context, c *catalog.OpClass, members []catalog.OpMember) error {
	return t.apply(func(st *state) error {
		if err := st.usable(c.In); err != nil {
			return err
		}
		n := *c
		if n.OID == 0 {
			n.OID = st.assigned().of("opclass", n.Signature())
		}
		if err := put(&st.own.Classes, classOID, n.Signature(), &n,
			pgerr.New(pgerr.DuplicateObject, "operator class \"%s\" for access method \"%s\" already exists", n.Name, n.Method)); err != nil {
			return err
		}
		for _, m := range members {
			m.Class = n.OID
			if err := st.addMember(n.Family, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// addMember adds an operator or function to a family: 42710 if it has one there.
func (st *state) addMember(family types.OID, m catalog.OpMember) error {
	m.Family = family
	if st.own.Members[m.Signature()] != nil {
		return pgerr.New(pgerr.DuplicateObject, "%s already exists in operator family", m.Signature())
	}
	m.OID = st.assigned().of("opmember", m.Signature())
	if st.own.Members == nil {
		st.own.Members = map[string]*catalog.OpMember{}
	}
	st.own.Members[m.Signature()] = &m
	return nil
}

// dropMembers takes a function or operator out of the operator families.
func (st *state) dropMembers(object types.OID) {
	maps.DeleteFunc(st.own.Members, func(_ string, m *catalog.OpMember) bool { return m.Object == object })
}

// DropOpClass implements catalog.Tx: its members go too.
func (t *tx) DropOpClass(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		maps.DeleteFunc(st.own.Members, func(_ string, m *catalog.OpMember) bool { return m.Class == oid })
		return remove(st.own.Classes, classOID, oid, "operator class")
	})
}

// AlterOpFamily implements catalog.Tx.
func (t *tx) AlterOpFamily(_ context.Context, family types.OID, add []catalog.OpMember, drop []types.OID) error {
	return t.apply(func(st *state) error {
		maps.DeleteFunc(st.own.Members, func(_ string, m *catalog.OpMember) bool { return slices.Contains(drop, m.OID) })
		for _, m := range add {
			if err := st.addMember(family, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// comparisons say whether the default operator classes of a base type compare as
// the built-in type like does, whose values it has: its own classes, else those of
// the types that its values are taken for.
func (st *state) comparisons(oid, like types.OID, coercible []types.OID) (order, equal bool) {
	compares := func(method string) bool {
		for _, c := range st.own.Classes {
			if c.Default && c.Method == method && c.In == oid {
				return asText(c.Like) == asText(like)
			}
		}
		return slices.ContainsFunc(coercible, func(c types.OID) bool { return asText(c) == asText(like) })
	}
	order = compares("btree")
	return order, order || compares("hash")
}

// asText: varchar compares as text.
func asText(oid types.OID) types.OID {
	if oid == types.VarcharOID {
		return types.TextOID
	}
	return oid
}
