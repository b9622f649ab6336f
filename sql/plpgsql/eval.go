package plpgsql

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// usedDatum is a datum that a plan refers to.
type usedDatum struct {
	datum datum
	as    bind.Variable
}

// scope resolves the names in one expression: plpgsql_parser_setup.
type scope struct {
	f    *frame
	e    *expr
	used []usedDatum
}

var _ bind.Variables = (*scope)(nil)

// Conflict implements bind.Variables.
func (s *scope) Conflict() bind.VariableConflict { return s.f.fn.conflict }

// Variable implements bind.Variables: resolve_column_ref.
func (s *scope) Variable(names []string, column bool) (*bind.Variable, error) {
	it, used := s.e.ns.lookup(false, names...)
	if it == nil {
		return nil, nil
	}
	v := s.f.fn.datums[it.dno].(*variable)
	switch {
	case used == len(names):
		return s.use(v)
	case used+1 < len(names):
		return nil, nil
	}
	field := s.f.fn.recField(v, names[used])
	if field == nil {
		return s.noField(v, names[used], column)
	}
	u, err := s.use(field)
	if column && pgerr.CodeOf(err) == pgerr.UndefinedColumn {
		return nil, nil
	}
	return u, err
}

// noField is for a field that was not named when the function was compiled: in
// the text of a bound cursor, whose record came later.
func (s *scope) noField(v *variable, name string, column bool) (*bind.Variable, error) {
	if column {
		return nil, nil
	}
	return nil, pgerr.New(pgerr.UndefinedColumn, "record \"%s\" has no field \"%s\"", v.ident, name)
}

// recField is the datum of a record's field, made where there is none.
func (fn *function) recField(v *variable, name string) *recField {
	for _, d := range fn.datums {
		if r, ok := d.(*recField); ok && r.rec == v && r.field == name {
			return r
		}
	}
	r := &recField{dno: len(fn.datums), rec: v, field: name}
	fn.datums = append(fn.datums, r)
	return r
}

// Param implements bind.Variables: $n is a parameter of the function.
func (s *scope) Param(n int) *bind.Variable {
	it, _ := s.e.ns.lookup(false, paramName(n))
	if it == nil {
		return nil
	}
	u, err := s.use(s.f.fn.datums[it.dno])
	if err != nil {
		return nil
	}
	return u
}

// use notes that the expression refers to a datum.
func (s *scope) use(d datum) (*bind.Variable, error) {
	v, err := s.f.asVariable(d)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.used, func(u usedDatum) bool { return u.datum == d }) {
		s.used = append(s.used, usedDatum{d, *v})
	}
	return v, nil
}

// asVariable is plpgsql_exec_get_datum_type_info.
func (f *frame) asVariable(d datum) (*bind.Variable, error) {
	switch d := d.(type) {
	case *variable:
		v := &bind.Variable{Index: d.dno + 1, Type: d.typ.Type, Typmod: d.typ.mod, Value: f.values[d.dno]}
		if r, ok := f.values[d.dno].(*types.Record); ok && r != nil && d.typ.OID == types.RecordOID {
			v.Fields = recordColumns(r)
		}
		return v, nil
	case *recField:
		r, i, err := f.fieldOf(d)
		if err != nil {
			return nil, err
		}
		t := fieldType(r, i)
		return &bind.Variable{Index: d.dno + 1, Type: t.Type, Typmod: t.mod}, nil
	}
	return nil, pgerr.Internal("a variable that is %T", d)
}

// prepare is exec_prepare_plan: it makes the plan where there is none that still
// holds, and the values of the parameters that are parts of others.
func (f *frame) prepare(e *expr) error {
	if e.plan != nil && e.plan.Valid() {
		ok, err := f.refresh(e)
		if ok || err != nil {
			return err
		}
	}
	s := &scope{f: f, e: e}
	var target *pl.Target
	if e.mode == pl.Assignment {
		v, err := s.use(e.target)
		if err != nil {
			return f.spi.During(err, e.text, e.mode)
		}
		target = &pl.Target{Variable: v, Names: e.names}
	}
	p, err := f.spi.Prepare(e.text, e.mode, s, target)
	if err != nil {
		return err
	}
	e.plan, e.params = p, s.used
	_, err = f.refresh(e)
	return err
}

// refresh gives the parameters of a plan their values; false if a record has
// another structure than when it was made.
func (f *frame) refresh(e *expr) (bool, error) {
	for len(f.values) < len(f.fn.datums) {
		f.values = append(f.values, nil)
	}
	for _, u := range e.params {
		switch d := u.datum.(type) {
		case *variable:
			if err := f.fulfill(d); err != nil {
				return false, err
			}
			r, ok := f.values[d.dno].(*types.Record)
			if ok && r != nil && d.typ.OID == types.RecordOID && !sameShape(r, u.as.Fields) {
				return false, nil
			}
		case *recField:
			r, i, err := f.fieldOf(d)
			if err != nil {
				return false, err
			}
			if t := fieldType(r, i); t.OID != u.as.Type.OID {
				return false, pgerr.New(pgerr.DatatypeMismatch, "type of parameter %d (%s) does not match that when preparing the plan (%s)",
					d.dno+1, t.SQLName(), u.as.Type.SQLName())
			}
			f.values[d.dno] = r.Values[i]
		}
	}
	return true, nil
}

func sameShape(r *types.Record, cols []types.Column) bool {
	if len(r.Types) != len(cols) {
		return false
	}
	for i, c := range cols {
		if r.Types[i].OID != c.Type.OID || r.Names[i] != c.Name {
			return false
		}
	}
	return true
}

// eval is exec_eval_expr.
func (f *frame) eval(e *expr) (any, dtype, error) {
	if err := f.prepare(e); err != nil {
		return nil, dtype{}, err
	}
	if e.plan.Simple() {
		t := e.plan.Columns()[0]
		v, err := e.plan.Eval(f.ctx, f.values)
		return v, dtype{t.Type, t.Typmod}, err
	}
	return f.evalQuery(e)
}

// evalQuery runs an expression that needs a query.
func (f *frame) evalQuery(e *expr) (any, dtype, error) {
	cols := e.plan.Columns()
	context := "query: " + e.text
	switch {
	case cols == nil:
		return nil, dtype{}, pgerr.New(pgerr.WrongObjectType, "query did not return data").WithWhere(context)
	case len(cols) == 1:
	default:
		return nil, dtype{}, pgerr.New(pgerr.SyntaxError, "query returned %d columns", len(cols)).WithWhere(context)
	}
	t := dtype{cols[0].Type, cols[0].Typmod}
	r, err := e.plan.Run(f.ctx, f.values, 2)
	if err != nil {
		return nil, t, err
	}
	f.processed = r.Processed
	switch len(r.Rows) {
	case 0:
		return nil, t, nil
	case 1:
		return r.Rows[0][0], t, nil
	}
	return nil, t, pgerr.New(pgerr.CardinalityViolation, "query returned more than one row").WithWhere(context)
}

// evalAs evaluates an expression as of a type.
func (f *frame) evalAs(e *expr, t *types.Type) (any, error) {
	v, from, err := f.eval(e)
	if err != nil {
		return nil, err
	}
	return f.convert(v, from, dtype{t, -1})
}

// evalBool is exec_eval_boolean; NULL is false.
func (f *frame) evalBool(e *expr) (bool, error) {
	v, err := f.evalAs(e, types.BoolType)
	b, _ := v.(bool)
	return b, err
}

// evalText is the text form of an expression's value; nil for NULL.
func (f *frame) evalText(e *expr) (*string, error) {
	v, t, err := f.eval(e)
	if err != nil || v == nil {
		return nil, err
	}
	s := string(t.Out(f.spi.Types(), nil, v))
	return &s, nil
}

// evalList evaluates the arguments of USING: exec_eval_using_params. Literals
// are text.
func (f *frame) evalList(list []*expr) ([]pl.Value, error) {
	out := make([]pl.Value, len(list))
	for i, e := range list {
		v, t, err := f.eval(e)
		if err != nil {
			return nil, err
		}
		if t.OID == types.UnknownOID {
			t.Type = types.TextType
		}
		out[i] = pl.Value{Value: v, Type: t.Type}
	}
	return out, nil
}
