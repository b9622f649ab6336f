package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// triggerVariables are the variables of a trigger function.
type triggerVariables struct {
	newRow, oldRow *variable
}

// promise makes the value of one of the TG_ variables; nil in other variables.
type promise func(d *funcs.TriggerData) any

// promises are the TG_ variables, in order, with their types.
var promises = []struct {
	name, typ string
	value     promise
}{
	{"tg_name", "name", func(d *funcs.TriggerData) any { return d.Name }},
	{"tg_when", "text", func(d *funcs.TriggerData) any { return d.When.String() }},
	{"tg_level", "text", func(d *funcs.TriggerData) any { return d.Level() }},
	{"tg_op", "text", func(d *funcs.TriggerData) any { return d.Op.String() }},
	{"tg_relid", "oid", func(d *funcs.TriggerData) any { return d.Relation.OID }},
	{"tg_relname", "name", func(d *funcs.TriggerData) any { return d.Relation.Name }},
	{"tg_table_name", "name", func(d *funcs.TriggerData) any { return d.Relation.Name }},
	{"tg_table_schema", "name", func(d *funcs.TriggerData) any { return d.Relation.Schema }},
	{"tg_nargs", "int4", func(d *funcs.TriggerData) any { return int32(len(d.Args)) }},
	{"tg_argv", "_text", triggerArguments},
}

// triggerArguments is TG_ARGV, whose subscripts begin with 0.
func triggerArguments(d *funcs.TriggerData) any {
	a := &types.Array{Elem: types.TextType}
	for _, s := range d.Args {
		a.Elems = append(a.Elems, s)
	}
	if len(d.Args) > 0 {
		a.Dims = []types.Dim{{Len: int32(len(d.Args)), Lower: 0}}
	}
	return a
}

// triggerParameters makes the variables of a trigger function.
func (c *compiler) triggerParameters(fn *catalog.Function) {
	if len(fn.Params) > 0 {
		fail(pgerr.New(pgerr.InvalidFunctionDefinition, "trigger functions cannot have declared arguments").
			WithHint("The arguments of the trigger can be accessed through TG_NARGS and TG_ARGV instead."))
	}
	record := dtype{types.RecordType, -1}
	t := &triggerVariables{newRow: c.newVariable("new", 0, record)}
	c.nameVariable(t.newRow)
	t.oldRow = c.newVariable("old", 0, record)
	c.nameVariable(t.oldRow)
	for _, p := range promises {
		v := c.newVariable(p.name, 0, c.builtinType(p.typ))
		v.promise = p.value
		c.nameVariable(v)
	}
	c.fn.trigger = t
}

// fulfill gives a TG_ variable its value when it is first asked for
// (plpgsql_fulfill_promise).
func (f *frame) fulfill(v *variable) error {
	if v.promise == nil || f.trigger == nil || f.values[v.dno] != nil {
		return nil
	}
	f.values[v.dno] = v.promise(f.trigger)
	return nil
}

// CallTrigger implements pl.Language: plpgsql_exec_trigger.
func (Language) CallTrigger(s pl.SPI, fn *catalog.Function, c *funcs.Call, d *funcs.TriggerData) (*types.Record, error) {
	key := callKey{oid: fn.OID, relation: d.Relation.OID, trigger: d.OID}
	made, err := s.Cache(key, func() (any, error) {
		return compile(s, fn, signatureTypes{result: types.ByOID(types.TriggerOID)}, false)
	})
	if err != nil {
		return nil, err
	}
	f := newFrame(c.Ctx, s, made.(*function))
	f.trigger, f.noRow = d, emptyRow(d.Relation)
	f.setRow(f.fn.trigger.newRow, d.New)
	f.setRow(f.fn.trigger.oldRow, d.Old)
	if err := f.run(); err != nil {
		return nil, err
	}
	r, err := f.triggerResult()
	if err != nil {
		return nil, f.inContext(err)
	}
	return r, nil
}

// setRow gives NEW or OLD its row.
func (f *frame) setRow(v *variable, r *types.Record) {
	if r != nil {
		f.values[v.dno] = r
	}
}

// emptyRow is what fields of NEW and OLD are read from where there is no such
// row, so that a function for several operations may name them: a row of the
// trigger's table whose columns are NULL.
func emptyRow(rel *funcs.TriggerRelation) *types.Record {
	r := &types.Record{Type: rel.RowType, Values: make([]any, len(rel.Columns))}
	for _, c := range rel.Columns {
		r.Names, r.Types = append(r.Names, c.Name), append(r.Types, c.Type)
	}
	return r
}

// triggerResult is the row that the trigger returned, nil to skip the
// operation.
func (f *frame) triggerResult() (*types.Record, error) {
	f.stmt, f.doing = nil, "during function exit"
	r, ok := f.ret.(*types.Record)
	switch {
	case f.ret == nil:
		return nil, nil
	case !ok:
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot return non-composite value from function returning composite type")
	case !f.trigger.Row || r == f.trigger.New || r == f.trigger.Old:
		return r, nil
	}
	rel := f.trigger.Relation
	if err := sameColumns(r.Types, rel.Columns, "returned row structure does not match the structure of the triggering table"); err != nil {
		return nil, err
	}
	out := &types.Record{Type: rel.RowType, Values: r.Values}
	for _, c := range rel.Columns {
		out.Names, out.Types = append(out.Names, c.Name), append(out.Types, c.Type)
	}
	return out, nil
}
