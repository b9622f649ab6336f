package store

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// RenameSchema implements catalog.Tx. Resources keep their names, and so their keys: s3db.js
// goes on to know them under these.
func (t *tx) RenameSchema(_ context.Context, from, to string) error {
	return t.apply(func(st *state) error {
		switch {
		case !st.hasSchema(from):
			return pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", from)
		case from == publicSchema || st.own.Schemas[from] == nil: // public has the resources of s3db.js
			return pgerr.Unsupported("renaming schema %s", from)
		case st.hasSchema(to):
			return pgerr.New(pgerr.DuplicateSchema, "schema \"%s\" already exists", to)
		}
		st.own.Schemas[to] = st.own.Schemas[from]
		delete(st.own.Schemas, from)
		st.own.moveAll(from, to, st.own.Changes+1)
		return nil
	})
}

// moveAll gives all that is in one schema the name of another one.
func (w *own) moveAll(from, to string, changed uint64) {
	for r, t := range w.Tables {
		if t.Schema == from {
			t = w.change(r)
			t.Schema, t.Changed = to, changed
		}
	}
	moveIn(w.Views, from, to, changed, func(v *ownView) place { return place{&v.Schema, &v.Changed, v.Schema + "." + v.Name} })
	moveIn(w.Sequences, from, to, changed, func(q *ownSequence) place { return place{&q.Schema, &q.Changed, q.Schema + "." + q.Name} })
	moveIn(w.Types, from, to, changed, func(t *ownType) place { return place{&t.Schema, &t.Changed, t.Schema + "." + t.Name} })
	moveIn(w.Functions, from, to, 0, func(f *catalog.Function) place { return place{&f.Schema, nil, f.Signature()} })
	moveIn(w.Operators, from, to, 0, func(o *catalog.Operator) place { return place{&o.Schema, nil, o.Signature()} })
	moveIn(w.Collations, from, to, 0, func(c *catalog.Collation) place { return place{&c.Schema, nil, c.Signature()} })
	moveIn(w.Extensions, from, to, 0, func(e *catalog.Extension) place { return place{&e.Schema, nil, e.Name} })
	moveIn(w.Families, from, to, 0, func(f *catalog.OpFamily) place { return place{&f.Schema, nil, f.Signature()} })
	moveIn(w.Classes, from, to, 0, func(c *catalog.OpClass) place { return place{&c.Schema, nil, c.Signature()} })
}

// place is where an object says what schema it is in, when it changed, and the key it has.
type place struct {
	schema  *string
	changed *uint64
	key     string
}

// moveIn changes the schema of the objects of one kind, copies of them, and their keys, which
// have it.
func moveIn[T any](m map[string]*T, from, to string, changed uint64, placeOf func(*T) place) {
	for k, v := range m {
		c := *v
		at := placeOf(&c)
		if *at.schema != from {
			continue
		}
		*at.schema = to
		if at.changed != nil {
			*at.changed = changed
		}
		delete(m, k)
		m[placeOf(&c).key] = &c
	}
}
