package store

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// releaseKey drops the primary key that rows' ids are made of. Its columns get
// attributes, into which the rows' values were written at the interim definition; the
// rows keep their ids, which nobody sees any more. Versions are the same with and
// without interim, as in alterType.
func (a *alteration) releaseKey(interim bool) error {
	if len(a.own.Key) == 0 {
		return pgerr.Unsupported("dropping the primary key of a resource of s3db.js")
	}
	a.numberAll()
	for _, name := range a.own.Key {
		if err := a.keyAttribute(name, interim); err != nil {
			return err
		}
	}
	if interim {
		return nil
	}
	released, t := a.own.Key, a.own
	for _, mark := range []*types.OID{&t.Clustered, &t.ReplicaIndex} {
		if *mark == t.KeyOID {
			*mark = 0
		}
	}
	t.Key, t.KeyInclude, t.KeyName, t.HiddenID = nil, nil, t.Name+"_pkey", true
	t.add(ownColumn{Name: hiddenID})
	for _, name := range released {
		if err := a.moveIndexes(name); err != nil {
			return err
		}
	}
	return nil
}

// keyAttribute declares the attribute of a column of the key.
func (a *alteration) keyAttribute(name string, interim bool) error {
	o, attr := a.own.column(name), attributeName(name, a.taken)
	def := catalog.ColumnDef{Name: attr, Type: o.Type, Typmod: o.Typmod, Dims: o.Dims, Collation: o.Collation, NotNull: !interim}
	exact, err := a.setAttribute(attr, def)
	if err != nil {
		return err
	}
	now := ownColumnOf(def, exact[attr], false)
	if interim {
		now.Name, now.Attr = catalog.InterimName(name), attr
		a.own.add(now)
		return nil
	}
	o.Type, o.Typmod, o.Dims, o.Collation, o.NotNull = now.Type, now.Typmod, now.Dims, now.Collation, true
	if attr != name {
		o.Attr = attr
	}
	return nil
}
