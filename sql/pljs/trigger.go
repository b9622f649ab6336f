package pljs

import (
	"slices"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// CallTrigger implements pl.Language: null skips the row, undefined lets it be as
// it is.
func (Language) CallTrigger(s pl.SPI, fn *catalog.Function, c *funcs.Call, d *funcs.TriggerData) (row *types.Record, err error) {
	code, err := compile(fn)
	if err != nil {
		return nil, err
	}
	x := newCall(c.Ctx, s, code)
	err = x.run(func(f goja.Callable) error {
		v, err := x.invoke(f, x.triggerArguments(d)...)
		if err != nil {
			return err
		}
		row, err = x.triggerRow(v, d)
		return err
	})
	return row, err
}

// triggerArguments are the values of triggerParameters.
func (x *call) triggerArguments(d *funcs.TriggerData) []goja.Value {
	vm := x.rt.vm
	argv := make([]any, len(d.Args))
	for i, a := range d.Args {
		argv[i] = a
	}
	out := []goja.Value{x.rt.triggerRow(d.New), x.rt.triggerRow(d.Old)}
	for _, v := range []any{d.Name, d.When.String(), d.Level(), d.Op.String(), d.Relation.OID, d.Relation.Name, d.Relation.Schema} {
		out = append(out, vm.ToValue(v))
	}
	return append(out, vm.NewArray(argv...))
}

func (rt *runtime) triggerRow(r *types.Record) goja.Value {
	if r == nil {
		return goja.Undefined()
	}
	return rt.fromRecord(r)
}

// triggerRow is the row that a trigger returned.
func (x *call) triggerRow(v goja.Value, d *funcs.TriggerData) (*types.Record, error) {
	row := d.New
	if row == nil {
		row = d.Old
	}
	switch {
	case !d.Row || goja.IsNull(v):
		return nil, nil
	case goja.IsUndefined(v) || d.When == funcs.TriggerAfter:
		return row, nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot return non-composite value from function returning composite type")
	}
	if err := knownNames(o, d.Relation); err != nil {
		return nil, err
	}
	values := make([]any, len(d.Relation.Columns))
	for i, c := range d.Relation.Columns {
		var err error
		if values[i], err = x.column(o.Get(c.Name), c, row.Values[i]); err != nil {
			return nil, err
		}
	}
	return d.Relation.NewRow(values), nil
}

// knownNames is 42703 for a property that no column is: it would be lost.
func knownNames(o *goja.Object, rel *funcs.TriggerRelation) error {
	for _, name := range o.Keys() {
		if !slices.ContainsFunc(rel.Columns, func(c types.Column) bool { return c.Name == name }) {
			return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name).
				WithDetail("The row that the trigger returned has it.")
		}
	}
	return nil
}

// column is the value of a column in a row that a trigger returned. One that means
// what was there before is that still: numbers and dates of JavaScript are not as
// exact as those of SQL.
func (x *call) column(v goja.Value, c types.Column, before any) (any, error) {
	out, err := x.toSQL(v, c.Type, c.Typmod)
	if err != nil || before == nil || out == nil {
		return out, err
	}
	same, err := x.toSQL(x.rt.fromSQL(before, c.Type), c.Type, c.Typmod)
	if err != nil { // it has no way back, so it is another
		return out, nil
	}
	env := x.env()
	if string(c.Type.Out(env, nil, out)) == string(c.Type.Out(env, nil, same)) {
		return before, nil
	}
	return out, nil
}
