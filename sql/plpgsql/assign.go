package plpgsql

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// assign is exec_assign_value.
func (f *frame) assign(d datum, v any, t *types.Type, mod int32) error {
	switch d := d.(type) {
	case *variable:
		if d.typ.isRecord() {
			return f.assignRecord(d, v, t)
		}
		return f.assignScalar(d, v, t, mod)
	case *row:
		r, ok := v.(*types.Record)
		switch {
		case v == nil:
			return f.moveRow(d, nil, nil)
		case !ok:
			return pgerr.New(pgerr.DatatypeMismatch, "cannot assign non-composite value to a row variable")
		}
		return f.moveRow(d, recordColumns(r), r.Values)
	case *recField:
		return f.assignField(d, v, t, mod)
	}
	return pgerr.Internal("assignment to %T", d)
}

func (f *frame) assignScalar(d *variable, v any, t *types.Type, mod int32) error {
	v, err := f.convert(v, dtype{t, mod}, d.typ)
	if err != nil {
		return err
	}
	if v == nil && d.notNull {
		return errNotNull(d)
	}
	f.values[d.dno] = v
	return nil
}

func errNotNull(d *variable) error {
	return pgerr.New(pgerr.NullValueNotAllowed, "null value cannot be assigned to variable \"%s\" declared NOT NULL", d.ident)
}

func (f *frame) assignRecord(d *variable, v any, t *types.Type) error {
	if v == nil {
		if d.notNull {
			return errNotNull(d)
		}
		return f.moveRow(d, nil, nil)
	}
	r, ok := v.(*types.Record)
	if !ok {
		return pgerr.New(pgerr.DatatypeMismatch, "cannot assign non-composite value to a record variable")
	}
	if base, _ := d.typ.BaseType(-1); r.Type.OID == base.OID && base == d.typ.Type {
		f.values[d.dno] = r
		return nil
	}
	return f.moveRow(d, recordColumns(r), r.Values)
}

func recordColumns(r *types.Record) []types.Column {
	out := make([]types.Column, len(r.Types))
	for i, t := range r.Types {
		out[i] = types.Column{Name: r.Names[i], Type: t, Typmod: -1}
	}
	return out
}

// moveRow is exec_move_row: a row, nil for none, becomes the target's value.
// Columns go by position; those that are missing are NULL.
func (f *frame) moveRow(target datum, cols []types.Column, values []any) error {
	switch d := target.(type) {
	case *variable:
		return f.moveRecord(d, cols, values)
	case *row:
		if cols != nil {
			if err := f.checkFields(len(cols), len(d.fields)); err != nil {
				return err
			}
		}
		for i, field := range d.fields {
			if field == nil {
				continue
			}
			var v any
			t, mod := types.UnknownType, int32(-1)
			if i < len(cols) {
				t, mod = cols[i].Type, cols[i].Typmod
				if values != nil {
					v = values[i]
				}
			}
			if err := f.assign(field, v, t, mod); err != nil {
				return err
			}
		}
		return nil
	}
	return pgerr.Internal("a row moved into %T", target)
}

func (f *frame) moveRecord(d *variable, cols []types.Column, values []any) error {
	base, _ := d.typ.BaseType(-1)
	want := base.Columns
	if base.OID == types.RecordOID {
		if want = cols; cols == nil {
			f.values[d.dno] = nil
			return nil
		}
	}
	if cols == nil && !d.typ.Constrained() {
		f.values[d.dno] = nil
		return nil
	}
	if cols != nil {
		if err := f.checkFields(len(cols), len(want)); err != nil {
			return err
		}
	}
	r := &types.Record{Type: base, Values: make([]any, len(want))}
	for i, c := range want {
		r.Names, r.Types = append(r.Names, c.Name), append(r.Types, c.Type)
		if i >= len(cols) || values == nil {
			continue
		}
		v, err := f.convert(values[i], dtype{cols[i].Type, cols[i].Typmod}, dtype{c.Type, c.Typmod})
		if err != nil {
			return err
		}
		r.Values[i] = v
	}
	if base != d.typ.Type {
		var whole any = r
		if cols == nil {
			whole = nil
		}
		v, err := f.convert(whole, dtype{base, -1}, d.typ)
		if err != nil {
			return err
		}
		f.values[d.dno] = v
		return nil
	}
	f.values[d.dno] = r
	return nil
}

// record is the record that a field belongs to: 55000 if it has no structure
// yet.
func (f *frame) record(d *variable) (*types.Record, error) {
	if r, ok := f.values[d.dno].(*types.Record); ok && r != nil {
		return r, nil
	}
	if t := f.fn.trigger; t != nil && (d == t.newRow || d == t.oldRow) {
		return f.noRow, nil
	}
	base, _ := d.typ.BaseType(-1)
	if base.OID == types.RecordOID {
		return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "record \"%s\" is not assigned yet", d.ident).
			WithDetail("The tuple structure of a not-yet-assigned record is indeterminate.")
	}
	r := &types.Record{Type: base, Values: make([]any, len(base.Columns))}
	for _, c := range base.Columns {
		r.Names, r.Types = append(r.Names, c.Name), append(r.Types, c.Type)
	}
	return r, nil
}

// fieldOf finds a field: 42703.
func (f *frame) fieldOf(d *recField) (*types.Record, int, error) {
	r, err := f.record(d.rec)
	if err != nil {
		return nil, 0, err
	}
	i := slices.Index(r.Names, d.field)
	if i < 0 {
		return nil, 0, pgerr.New(pgerr.UndefinedColumn, "record \"%s\" has no field \"%s\"", d.rec.ident, d.field)
	}
	return r, i, nil
}

// fieldType is the type of a record's field.
func fieldType(r *types.Record, i int) dtype {
	base, _ := r.Type.BaseType(-1)
	if i < len(base.Columns) {
		return dtype{base.Columns[i].Type, base.Columns[i].Typmod}
	}
	return dtype{r.Types[i], -1}
}

func (f *frame) assignField(d *recField, v any, t *types.Type, mod int32) error {
	r, i, err := f.fieldOf(d)
	if err != nil {
		return err
	}
	if v, err = f.convert(v, dtype{t, mod}, fieldType(r, i)); err != nil {
		return err
	}
	c := *r
	c.Values = slices.Clone(r.Values)
	c.Values[i] = v
	if base, _ := d.rec.typ.BaseType(-1); base != d.rec.typ.Type {
		whole, err := f.convert(&c, dtype{base, -1}, d.rec.typ)
		if err != nil {
			return err
		}
		f.values[d.rec.dno] = whole
		return nil
	}
	f.values[d.rec.dno] = &c
	return nil
}

// value is exec_eval_datum.
func (f *frame) value(d datum) (any, dtype, error) {
	switch d := d.(type) {
	case *variable:
		if err := f.fulfill(d); err != nil {
			return nil, dtype{}, err
		}
		return f.values[d.dno], d.typ, nil
	case *recField:
		r, i, err := f.fieldOf(d)
		if err != nil {
			return nil, dtype{}, err
		}
		return r.Values[i], fieldType(r, i), nil
	case *row:
		r := &types.Record{Type: types.RecordType}
		for i, field := range d.fields {
			v, t, err := f.value(field)
			if err != nil {
				return nil, dtype{}, err
			}
			r.Values, r.Types, r.Names = append(r.Values, v), append(r.Types, t.Type), append(r.Names, d.names[i])
		}
		return r, dtype{types.RecordType, -1}, nil
	}
	return nil, dtype{}, pgerr.Internal("value of %T", d)
}
