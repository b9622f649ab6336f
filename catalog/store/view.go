package store

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// CreateView implements catalog.Tx. A view that replaces another keeps its oid,
// and the defaults and comments of its columns.
func (t *tx) CreateView(_ context.Context, def *catalog.ViewDef) (*catalog.Relation, error) {
	if err := t.apply(func(st *state) error { return st.createView(def) }); err != nil {
		return nil, err
	}
	return t.Relation(def.Schema, def.Name), nil
}

func (st *state) createView(def *catalog.ViewDef) error {
	key := def.Schema + "." + def.Name
	old := st.own.Views[key]
	if old == nil || !def.Replace {
		if err := st.free(def.Schema, def.Name); err != nil {
			return err
		}
	}
	v := &ownView{Schema: def.Schema, Name: def.Name, Definition: def.Definition, Options: def.Options, Changed: st.own.Changes + 1}
	if old != nil {
		v.OID, v.TypeOID, v.TypeArray, v.Comment, v.ownTriggers, v.ownRules = old.OID, old.TypeOID, old.TypeArray, old.Comment, old.ownTriggers, old.ownRules
	} else {
		o := st.assigned()
		v.OID, v.TypeOID, v.TypeArray = o.of("view", key), o.of("type", key), o.of("array", key)
	}
	for i, c := range def.Columns {
		col := ownColumn{Name: c.Name, Num: int16(i + 1), Type: c.Type, Typmod: c.Typmod, Collation: c.Collation}
		if old != nil && i < len(old.Columns) {
			col.Default, col.Comment = old.Columns[i].Default, old.Columns[i].Comment
		}
		v.Columns = append(v.Columns, col)
	}
	st.own.Views[key] = v
	return nil
}

// view finds a view by its oid, and its key in Views.
func (st *state) view(oid types.OID) (string, *ownView) {
	for key, v := range st.own.Views {
		if v.OID == oid {
			return key, v
		}
	}
	return "", nil
}

// alterView applies an action that views have too.
func (st *state) alterView(key string, v *ownView, action catalog.AlterAction) error {
	v.Changed = st.own.Changes + 1
	switch c := action.(type) {
	case catalog.RenameTable:
		return st.moveView(key, v, v.Schema, c.To)
	case catalog.SetSchema:
		return st.moveView(key, v, c.Schema, v.Name)
	case catalog.RenameColumn:
		return v.withColumn(c.From, func(o *ownColumn) { o.Name = c.To })
	case catalog.SetDefault:
		return v.withColumn(c.Name, func(o *ownColumn) { o.Default = c.Default })
	case catalog.SetViewOptions:
		v.Options = c.Options
		return nil
	case catalog.SetDefinition:
		v.Definition = c.Definition
		return nil
	case catalog.PutTrigger:
		return st.putTrigger(&v.ownTriggers, c, v.Schema+"."+v.Name, v.Name)
	case catalog.DropTrigger:
		return v.ownTriggers.drop(c.Name, v.Name)
	case catalog.PutRule:
		return v.ownRules.put(st, c.Rule, v.Schema+"."+v.Name, v.Name)
	case catalog.DropRule:
		return v.ownRules.drop(c.Name, v.Name)
	}
	return pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a table", v.Name)
}

func (st *state) moveView(key string, v *ownView, schema, name string) error {
	if err := st.free(schema, name); err != nil {
		return err
	}
	delete(st.own.Views, key)
	v.Schema, v.Name = schema, name
	st.own.Views[schema+"."+name] = v
	return nil
}

func (v *ownView) withColumn(name string, f func(o *ownColumn)) error {
	for i := range v.Columns {
		if v.Columns[i].Name == name {
			f(&v.Columns[i])
			return nil
		}
	}
	return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, v.Name)
}
