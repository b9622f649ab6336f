package store

import (
	"context"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func collationOID(c *catalog.Collation) types.OID { return c.OID }

// PutCollation implements catalog.Tx.
func (t *tx) PutCollation(_ context.Context, c *catalog.Collation) error {
	return t.apply(func(st *state) error {
		n := *c
		if n.OID == 0 {
			n.OID = st.assigned().of("collation", n.Signature())
		}
		return put(&st.own.Collations, collationOID, n.Signature(), &n,
			pgerr.New(pgerr.DuplicateObject, "collation \"%s\" already exists", n.Name))
	})
}

// DropCollation implements catalog.Tx.
func (t *tx) DropCollation(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error { return remove(st.own.Collations, collationOID, oid, "collation") })
}

// collationsOf are a snapshot's collations: those of the database by oid, made
// when they are first asked for, and what "default" stands for.
type collationsOf struct {
	s    *snapshot
	once sync.Once
	own  map[types.OID]*types.Collation
	def  *types.Collation
}

func (c *collationsOf) load() {
	c.once.Do(func() {
		c.own = map[types.OID]*types.Collation{}
		for _, o := range c.s.state.own.Collations {
			made, err := types.NewCollation(types.Collation{OID: o.OID, Namespace: o.Schema, Name: o.Name, Provider: o.Provider,
				Collate: o.Collate, Ctype: o.Ctype, ICULocale: o.ICULocale, Nondeterministic: o.Nondeterministic,
				Encoding: o.Encoding, Comment: o.Comment})
			if err == nil { // CREATE COLLATION has found the locale
				c.own[o.OID] = made
			}
		}
		c.def, _ = types.NewCollation(DefaultCollation(c.s.env.Locale)) // Open has
	})
}

// DefaultCollation is pg_collation's "default" in a database of that ICU locale;
// "" is libc's C.
func DefaultCollation(locale string) types.Collation {
	return types.Collation{OID: types.DefaultCollationOID, Name: "default", Provider: types.ProviderDefault, ICULocale: locale,
		Encoding: -1, Comment: "database's default collation"}
}

// DefaultCollation implements types.CollationSource.
func (ts *typeSet) DefaultCollation() *types.Collation {
	if o := ts.s.env.outer(); o != nil {
		return o.Types().CollationByOID(types.DefaultCollationOID)
	}
	c := &ts.s.collations
	c.load()
	return c.def
}

// CollationByOID implements types.CollationSource.
func (ts *typeSet) CollationByOID(oid types.OID) *types.Collation {
	if oid < types.FirstNormalOID {
		return nil
	}
	if o := ts.s.env.outer(); o != nil {
		return o.Types().CollationByOID(oid)
	}
	ts.s.collations.load()
	return ts.s.collations.own[oid]
}

// CollationByName implements types.CollationSource.
func (ts *typeSet) CollationByName(namespace, name string) *types.Collation {
	if o := ts.s.env.outer(); o != nil {
		return o.Types().CollationByName(namespace, name)
	}
	if o := ts.s.state.own.Collations[namespace+"."+name]; o != nil {
		return ts.CollationByOID(o.OID)
	}
	return nil
}

// OwnCollations implements types.CollationSource.
func (ts *typeSet) OwnCollations() []*types.Collation {
	if o := ts.s.env.outer(); o != nil {
		var out []*types.Collation
		for _, c := range o.Types().Collations() {
			if c.OID >= types.FirstNormalOID {
				out = append(out, c)
			}
		}
		return out
	}
	var out []*types.Collation
	for _, key := range sortedKeys(ts.s.state.own.Collations) {
		if c := ts.CollationByOID(ts.s.state.own.Collations[key].OID); c != nil {
			out = append(out, c)
		}
	}
	return out
}
