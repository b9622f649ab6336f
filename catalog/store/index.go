package store

import (
	"context"
	"strconv"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// CreateIndex implements catalog.Tx.
func (t *tx) CreateIndex(_ context.Context, oid types.OID, def *catalog.IndexDef) (*catalog.Index, error) {
	if err := checkIndexParameters(def.Method, def.Options); err != nil {
		return nil, err
	}
	now := t.store.env.Clock.Now()
	err := t.apply(func(st *state) error {
		switch {
		case def.Declared:
			return st.declaredIndex(oid, def, now)
		case def.Unique:
			return st.uniqueIndex(oid, uniqueDef(def), now)
		}
		return st.partitionIndex(oid, *def, now)
	})
	if err != nil {
		return nil, err
	}
	for _, ix := range t.RelationByOID(oid).Indexes {
		if ix.Name == def.Name && ix.Kind != catalog.PrimaryIndex {
			return ix, nil
		}
	}
	return nil, pgerr.Internal("index %q is missing after it was created", def.Name)
}

// uniqueIndex adds unique keys that belong to no constraint.
func (st *state) uniqueIndex(oid types.OID, u catalog.UniqueDef, now time.Time) error {
	if err := st.alter(oid, catalog.AddConstraint{Kind: catalog.UniqueConstraint, Unique: u}, now); err != nil {
		return err
	}
	indexes := st.own.Tables[st.resourceOf(oid)].Indexes
	indexes[len(indexes)-1].Constraint = 0
	return nil
}

// altering is a resource about to be altered: 42P01, 42809.
func (st *state) altering(rel types.OID, now time.Time) (*alteration, error) {
	r := st.resourceOf(rel)
	if r == "" {
		return nil, pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", rel)
	}
	if err := st.changeable(r); err != nil {
		return nil, err
	}
	return &alteration{st: st, resource: r, own: st.adopt(r), def: st.definition(r).Clone(), now: now}, nil
}

// partitionIndex adds a partition of the index's name, or one like it where an
// index that was renamed has that.
func (st *state) partitionIndex(rel types.OID, def catalog.IndexDef, now time.Time) error {
	a, err := st.altering(rel, now)
	if err != nil {
		return err
	}
	name := def.Name
	def.Name = st.freeStorage(a.own, a.resource, name)
	return a.addPartition(def, name)
}

// freeStorage is a name for an index's objects that keys can carry, and that no other one
// of the table has, or had before the transaction dropped it.
func (st *state) freeStorage(t *ownTable, resource, name string) string {
	name = keyName(name)
	out := name
	for i := 2; t.index(out) != nil || st.retired[resource+"/"+out]; i++ {
		out = name + "~" + strconv.Itoa(i)
	}
	return out
}

// declaredIndex adds an index that is kept in the catalog only.
func (st *state) declaredIndex(rel types.OID, def *catalog.IndexDef, now time.Time) error {
	a, err := st.altering(rel, now)
	if err != nil {
		return err
	}
	a.numberAll()
	storage := st.freeStorage(a.own, a.resource, def.Name)
	o := ownIndex{OID: st.assigned().of("declared", a.resource+"/"+storage), Name: def.Name, Storage: storage, Declared: true, Complete: true,
		ownShape: shapeOf(def.IndexShape)}
	for _, f := range def.Fields {
		o.Columns = append(o.Columns, f.Name)
	}
	a.own.Indexes = append(a.own.Indexes, o)
	return nil
}

func uniqueDef(def *catalog.IndexDef) catalog.UniqueDef {
	u := catalog.UniqueDef{Name: def.Name, IndexShape: def.IndexShape}
	for _, f := range def.Fields {
		u.Columns = append(u.Columns, f.Name)
	}
	return u
}

// DropIndex implements catalog.Tx.
func (t *tx) DropIndex(_ context.Context, oid types.OID) error {
	now := t.store.env.Clock.Now()
	rel, _ := t.RelationOfIndex(oid)
	if rel == nil {
		return pgerr.New(pgerr.UndefinedObject, "index with OID %d does not exist", oid)
	}
	return t.apply(func(st *state) error {
		return st.onIndex(rel.OID, oid, now, func(a *alteration, ix *ownIndex) error {
			if ix.Constraint != 0 {
				return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop index %s because constraint %s on table %s requires it",
					ix.Name, ix.Name, a.own.Name).
					WithHint("You can drop constraint %s on table %s instead.", ix.Name, a.own.Name)
			}
			a.forgetIndex(*ix)
			a.save()
			return nil
		})
	})
}

// onIndex finds an index of a relation on a state and changes it.
func (st *state) onIndex(rel, oid types.OID, now time.Time, f func(a *alteration, ix *ownIndex) error) error {
	r := st.resourceOf(rel)
	if r == "" {
		return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", rel)
	}
	a := &alteration{st: st, resource: r, own: st.adopt(r), def: st.definition(r).Clone(), now: now}
	for i := range a.own.Indexes {
		if a.own.Indexes[i].OID == oid {
			return f(a, &a.own.Indexes[i])
		}
	}
	return pgerr.New(pgerr.UndefinedObject, "index with OID %d does not exist", oid)
}

// MarkIndexComplete implements catalog.Tx.
func (t *tx) MarkIndexComplete(_ context.Context, oid types.OID, complete bool) error {
	rel, _ := t.RelationOfIndex(oid)
	if rel == nil {
		return pgerr.New(pgerr.UndefinedObject, "index with OID %d does not exist", oid)
	}
	return t.apply(func(st *state) error {
		return st.onIndex(rel.OID, oid, time.Time{}, func(_ *alteration, ix *ownIndex) error {
			ix.Complete = complete
			return nil
		})
	})
}

// SetComment implements catalog.Tx.
func (t *tx) SetComment(_ context.Context, object types.OID, column int16, comment string) error {
	rel, ix := t.RelationOfIndex(object)
	target := object
	if ix != nil {
		target = rel.OID
	}
	name := ""
	if column != 0 && ix == nil {
		name = t.RelationByOID(object).Column(column).Name
	}
	return t.apply(func(st *state) error {
		if st.commentType(object, column, comment) || st.own.comment(object, comment) || st.commentByOID(object, comment) {
			return nil
		}
		if _, v := st.view(object); v != nil {
			if column != 0 {
				return v.withColumn(name, func(o *ownColumn) { o.Comment = comment })
			}
			v.Comment = comment
			return nil
		}
		if key, s := st.sequenceOf(object); s != nil {
			c := *s
			c.Comment = comment
			st.own.Sequences[key] = &c
			return nil
		}
		if ix != nil {
			return st.onIndex(target, object, time.Time{}, func(_ *alteration, o *ownIndex) error { o.Comment = comment; return nil })
		}
		return st.comment(target, name, comment)
	})
}

func (st *state) comment(rel types.OID, column, comment string) error {
	r := st.resourceOf(rel)
	if r == "" {
		return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", rel)
	}
	a := &alteration{st: st, resource: r, own: st.adopt(r), def: st.definition(r).Clone()}
	if column == "" {
		a.own.Comment = comment
		return nil
	}
	return a.withColumn(column, func(o *ownColumn) { o.Comment = comment })
}
