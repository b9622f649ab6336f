package store

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownRoutines are the functions, operators and casts, by signature. Entries are
// replaced, never changed: clones share them.
type ownRoutines struct {
	Functions map[string]*catalog.Function `json:"functions,omitempty"`
	Operators map[string]*catalog.Operator `json:"operators,omitempty"`
	Casts     map[string]*catalog.Cast     `json:"casts,omitempty"`
	// Collations are kept with them: they too are by name only.
	Collations map[string]*catalog.Collation `json:"collations,omitempty"`
	// Extensions by name.
	Extensions map[string]*catalog.Extension `json:"extensions,omitempty"`
	ownOpClasses
}

func (r ownRoutines) clone() ownRoutines {
	return ownRoutines{maps.Clone(r.Functions), maps.Clone(r.Operators), maps.Clone(r.Casts), maps.Clone(r.Collations), maps.Clone(r.Extensions), r.ownOpClasses.clone()}
}

func (r ownRoutines) use(o *oids) {
	for _, f := range r.Functions {
		o.use(f.OID)
	}
	for _, op := range r.Operators {
		o.use(op.OID)
	}
	for _, c := range r.Casts {
		o.use(c.OID)
	}
	for _, c := range r.Collations {
		o.use(c.OID)
	}
	for _, e := range r.Extensions {
		o.use(e.OID)
	}
	r.ownOpClasses.use(o)
}

// routines indexes them.
func (r ownRoutines) routines() *catalog.Routines {
	return catalog.NewRoutines(slices.Collect(maps.Values(r.Functions)), slices.Collect(maps.Values(r.Operators)),
		slices.Collect(maps.Values(r.Casts))).WithOpClasses(r.opClasses()).WithExtensions(slices.Collect(maps.Values(r.Extensions)))
}

// put files an entry under its signature; the one that had its oid goes.
func put[T any](m *map[string]*T, oid func(*T) types.OID, signature string, v *T, taken error) error {
	if old := (*m)[signature]; old != nil && oid(old) != oid(v) {
		return taken
	}
	if *m == nil {
		*m = map[string]*T{}
	}
	maps.DeleteFunc(*m, func(_ string, have *T) bool { return oid(have) == oid(v) })
	(*m)[signature] = v
	return nil
}

// remove takes out the entry with that oid.
func remove[T any](m map[string]*T, oid func(*T) types.OID, gone types.OID, noun string) error {
	before := len(m)
	maps.DeleteFunc(m, func(_ string, have *T) bool { return oid(have) == gone })
	if len(m) == before {
		return pgerr.New(pgerr.UndefinedObject, "%s with OID %d does not exist", noun, gone)
	}
	return nil
}

func functionOID(f *catalog.Function) types.OID { return f.OID }
func operatorOID(o *catalog.Operator) types.OID { return o.OID }
func castOID(c *catalog.Cast) types.OID         { return c.OID }

// PutFunction implements catalog.Tx.
func (t *tx) PutFunction(_ context.Context, f *catalog.Function) error {
	return t.apply(func(st *state) error {
		c := *f
		if c.OID == 0 {
			c.OID = st.assigned().of("function", c.Signature())
		}
		return put(&st.own.Functions, functionOID, c.Signature(), &c,
			pgerr.New(pgerr.DuplicateFunction, "function \"%s\" already exists with same argument types", c.Name))
	})
}

// DropFunction implements catalog.Tx.
func (t *tx) DropFunction(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		st.dropMembers(oid)
		return remove(st.own.Functions, functionOID, oid, "function")
	})
}

// PutOperator implements catalog.Tx.
func (t *tx) PutOperator(_ context.Context, o *catalog.Operator) error {
	return t.apply(func(st *state) error {
		c := *o
		if c.OID == 0 {
			c.OID = st.assigned().of("operator", c.Signature())
		}
		return put(&st.own.Operators, operatorOID, c.Signature(), &c,
			pgerr.New(pgerr.DuplicateFunction, "operator %s already exists", c.Name))
	})
}

// DropOperator implements catalog.Tx.
func (t *tx) DropOperator(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		st.dropMembers(oid)
		return remove(st.own.Operators, operatorOID, oid, "operator")
	})
}

// PutCast implements catalog.Tx.
func (t *tx) PutCast(_ context.Context, c *catalog.Cast) error {
	return t.apply(func(st *state) error {
		n := *c
		if n.OID == 0 {
			n.OID = st.assigned().of("cast", n.Signature())
		}
		return put(&st.own.Casts, castOID, n.Signature(), &n, pgerr.New(pgerr.DuplicateObject, "cast already exists"))
	})
}

// DropCast implements catalog.Tx.
func (t *tx) DropCast(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error { return remove(st.own.Casts, castOID, oid, "cast") })
}

// comment sets the comment of a function or operator; false if there is
// none with that oid.
func (r *ownRoutines) comment(oid types.OID, text string) bool {
	for k, f := range r.Functions {
		if f.OID == oid {
			c := *f
			c.Comment, r.Functions[k] = text, &c
			return true
		}
	}
	for k, o := range r.Operators {
		if o.OID == oid {
			c := *o
			c.Comment, r.Operators[k] = text, &c
			return true
		}
	}
	for k, o := range r.Collations {
		if o.OID == oid {
			c := *o
			c.Comment, r.Collations[k] = text, &c
			return true
		}
	}
	for k, e := range r.Extensions {
		if e.OID == oid {
			c := *e
			c.Comment, r.Extensions[k] = text, &c
			return true
		}
	}
	return r.ownOpClasses.comment(oid, text)
}
