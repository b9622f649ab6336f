package store

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// alterType moves a column to a new attribute of another type: rows of older
// versions go on being read by the old one. Versions are the same with and
// without Interim, so that rows converted at the first are read right after the
// second.
func (a *alteration) alterType(c catalog.AlterType) error {
	switch {
	case c.Rule != "":
		return a.setRule(c)
	case c.Relabel || c.InKey:
		return a.relabel(c)
	}
	if err := a.retypable(c); err != nil {
		return err
	}
	if err := a.st.usableWithin(a.own.TypeOID, c.Type); err != nil {
		return err
	}
	a.numberAll()
	o := a.own.column(c.Name)
	if o == nil {
		return a.undefinedColumn(c.Name)
	}
	if !c.Interim {
		a.reword(c.Texts)
	}
	attr := attributeName(c.Name, a.taken)
	def := catalog.ColumnDef{Name: attr, Type: c.Type, Typmod: c.Typmod, Dims: c.Dims, Collation: c.Collation, NotNull: o.NotNull && !c.Interim}
	exact, err := a.setAttribute(attr, def)
	if err != nil {
		return err
	}
	now := ownColumnOf(def, exact[attr], false)
	if c.Interim {
		a.own.add(ownColumn{Name: catalog.InterimName(c.Name), Attr: attr, Type: now.Type, Typmod: now.Typmod, Dims: now.Dims, Collation: now.Collation})
		return nil
	}
	a.def.DropAttribute(splitPath(o.attr()))
	a.save()
	o.Type, o.Typmod, o.Dims, o.Collation = now.Type, now.Typmod, now.Dims, now.Collation
	o.Storage, o.Compression = 0, 0
	if o.Attr = attr; attr == o.Name {
		o.Attr = ""
	}
	for i := range a.own.Indexes {
		a.own.Indexes[i].retype(c)
	}
	return a.moveIndexes(c.Name)
}

// moveIndexes gives the indexes of a column whose values have moved objects of
// their own: those that stand there are of the old values.
func (a *alteration) moveIndexes(column string) error {
	for i := range a.own.Indexes {
		ix := &a.own.Indexes[i]
		if !ix.names(func(name string) bool { return name == column }) {
			continue
		}
		old := ix.Storage
		a.st.retire(a.resource + "/" + old)
		ix.Storage = a.st.freeStorage(a.own, a.resource, ix.Name)
		if ix.Unique || ix.Declared {
			continue
		}
		a.def.DropPartition(old)
		if err := a.declarePartition(ix.definition()); err != nil {
			return err
		}
	}
	return nil
}

// definition is the partition that the index is.
func (ix *ownIndex) definition() catalog.IndexDef {
	def := catalog.IndexDef{Name: ix.Storage}
	for _, name := range ix.Columns {
		def.Fields = append(def.Fields, catalog.IndexField{Name: name})
	}
	return def
}

// retype gives the parts of the key that are the column its type.
func (ix *ownIndex) retype(c catalog.AlterType) {
	ix.Keys = slices.Clone(ix.Keys)
	for i := range ix.Keys {
		if k := &ix.Keys[i]; k.Column == c.Name {
			k.Type, k.Typmod, k.Collation, k.OpClass, k.ClassOptions = c.Type, c.Typmod, c.Collation, 0, ""
		}
	}
}

// retypable is 0A000 where an attribute of another name won't do, or where
// something else depends on the type.
func (a *alteration) retypable(c catalog.AlterType) error {
	for _, f := range []struct {
		present bool
		what    string
	}{
		{!a.own.HiddenID && len(a.own.Key) == 0, "of a resource of s3db.js"},
		{a.own.isKey(c.Name), "of a primary key column"},
		{strings.Contains(c.Name, "."), "of a nested attribute"},
	} {
		if f.present {
			return pgerr.Unsupported("ALTER COLUMN TYPE %s", f.what)
		}
	}
	return nil
}

// relabel changes the type of a column and leaves its values, its attribute and
// what depends on it as they are.
func (a *alteration) relabel(c catalog.AlterType) error {
	if !a.own.HiddenID && len(a.own.Key) == 0 {
		return a.retypable(c)
	}
	a.numberAll()
	o := a.own.column(c.Name)
	if o == nil {
		return a.undefinedColumn(c.Name)
	}
	key := a.own.isKey(c.Name)
	def := catalog.ColumnDef{Name: o.attr(), Type: c.Type, Typmod: c.Typmod, Dims: c.Dims, Collation: c.Collation, NotNull: o.NotNull}
	exact := map[string]s3db.SQLType{}
	if !key {
		var err error
		if exact, err = a.setAttribute(o.attr(), def); err != nil {
			return err
		}
	}
	now := ownColumnOf(def, exact[def.Name], key)
	o.Type, o.Typmod, o.Dims, o.Collation = now.Type, now.Typmod, now.Dims, now.Collation
	o.Storage, o.Compression = 0, 0
	return nil
}
