package funcs

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fromJSON turns a JSON value into one of a type, as json_populate_record does
// with each field (populate_record_field): null is NULL, arrays and objects
// become arrays and composites, a string is read as the type's text, anything
// else as what its JSON text reads. key is the field's name, "" for an element.
// old is the value that a composite starts from.
func fromJSON[D document[D]](c *Call, d D, t *types.Type, typmod int32, key string, old any) (any, error) {
	if t.Domain != nil {
		base, mod := t.BaseType(typmod)
		v, err := fromJSON(c, d, base, mod, key, old)
		if err != nil {
			return nil, err
		}
		return v, checkDomain(c, t, v)
	}
	kind := d.kind()
	switch {
	case kind == types.JSONNull:
		return nil, nil
	case t.OID == types.JSONBOID:
		return toTree(c, types.ByOID(types.JSONOID), jsonSource(d))
	case t.OID == types.JSONOID:
		return jsonSource(d), nil
	case t.IsArray() && kind != types.JSONString:
		p := arrayPopulator[D]{c: c, elem: elemOf(c, t), typmod: typmod, key: key}
		return p.array(d)
	case t.Kind == 'c' && kind != types.JSONString:
		base, _ := old.(*types.Record)
		return compositeFromJSON(c, d, t, t.Columns, base)
	}
	s, _ := d.text()
	return t.In(c.Env, s, typmod)
}

// checkDomain is 23502 or 23514 if v is no value of a domain.
func checkDomain(c *Call, t *types.Type, v any) error {
	if c.Env.CheckDomain == nil || !t.Constrained() {
		return nil
	}
	return c.Env.CheckDomain(t, v)
}

// jsonSource is the value's JSON text.
func jsonSource[D document[D]](d D) string {
	if j, ok := d.boxed().(*types.JSON); ok {
		return j.String()
	}
	return d.boxed().(string)
}

// arrayPopulator makes an array of nested JSON arrays of equal lengths
// (PopulateArrayContext). The first elements tell how many dimensions there are.
type arrayPopulator[D document[D]] struct {
	c      *Call
	elem   *types.Type
	typmod int32
	key    string
	ndims  int   // 0: not known yet
	dims   []int // by dimension, -1: not known yet
	sizes  []int // elements of each dimension seen so far
	elems  []any
}

func (p *arrayPopulator[D]) array(d D) (any, error) {
	if err := p.dimension(d, 1); err != nil {
		return nil, err
	}
	p.dims[0] = p.sizes[0]
	a := &types.Array{Elem: p.elem, Elems: p.elems}
	for _, n := range p.dims {
		if len(p.elems) > 0 {
			a.Dims = append(a.Dims, types.Dim{Len: int32(n), Lower: 1})
		}
	}
	return a, nil
}

// dimension is populate_array_dim_jsonb: ndim counts from 1.
func (p *arrayPopulator[D]) dimension(d D, ndim int) error {
	if d.kind() != types.JSONArray {
		return p.expectedArray(ndim - 1)
	}
	elems := d.elements()
	if p.ndims == 0 && (len(elems) == 0 || elems[0].kind() != types.JSONArray) {
		p.setDimensions(ndim)
	}
	for _, e := range elems {
		if p.ndims > 0 && ndim >= p.ndims {
			v, err := fromJSON(p.c, e, p.elem, p.typmod, "", nil)
			if err != nil {
				return err
			}
			p.elems = append(p.elems, v)
			p.sizes[ndim-1]++
			continue
		}
		if err := p.dimension(e, ndim+1); err != nil {
			return err
		}
		if err := p.checkDimension(ndim); err != nil {
			return err
		}
	}
	return nil
}

func (p *arrayPopulator[D]) setDimensions(n int) {
	p.ndims, p.dims, p.sizes = n, make([]int, n), make([]int, n)
	for i := range p.dims {
		p.dims[i] = -1
	}
}

// checkDimension ends a sub-array: all of a dimension have the same length.
func (p *arrayPopulator[D]) checkDimension(ndim int) error {
	switch n := p.sizes[ndim]; {
	case p.dims[ndim] < 0:
		p.dims[ndim] = n
	case p.dims[ndim] != n:
		return pgerr.New(pgerr.InvalidTextRepresentation, "malformed JSON array").
			WithDetail("Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	p.sizes[ndim] = 0
	p.sizes[ndim-1]++
	return nil
}

// expectedArray is populate_array_report_expected_array.
func (p *arrayPopulator[D]) expectedArray(ndim int) error {
	e := pgerr.New(pgerr.InvalidTextRepresentation, "expected JSON array")
	if ndim <= 0 {
		if p.key != "" {
			return e.WithHint("See the value of key \"%s\".", p.key)
		}
		return e
	}
	var at strings.Builder
	for _, n := range p.sizes[:ndim] {
		fmt.Fprintf(&at, "[%d]", n)
	}
	if p.key != "" {
		return e.WithHint("See the array element %s of key \"%s\".", at.String(), p.key)
	}
	return e.WithHint("See the array element %s.", at.String())
}

// compositeFromJSON fills the columns of a row from an object
// (populate_composite); base gives those that it does not have.
func compositeFromJSON[D document[D]](c *Call, d D, t *types.Type, columns []types.Column, base *types.Record) (*types.Record, error) {
	switch d.kind() {
	case types.JSONObject:
	case types.JSONArray:
		return nil, jsonError("cannot call populate_composite on an array")
	default:
		return nil, jsonError("cannot call populate_composite on a scalar")
	}
	r := &types.Record{Type: t}
	for i, col := range columns {
		var old any
		if base != nil && i < len(base.Values) {
			old = base.Values[i]
		}
		v, err := old, error(nil)
		if f, ok := d.field(col.Name); ok {
			v, err = fromJSON(c, f, col.Type, col.Typmod, col.Name, old)
		} else if base == nil && col.Type.Domain != nil {
			err = checkDomain(c, col.Type, nil)
		}
		if err != nil {
			return nil, err
		}
		r.Names, r.Types, r.Values = append(r.Names, col.Name), append(r.Types, col.Type), append(r.Values, v)
	}
	return r, nil
}

// recordCall is a call of one of the functions that make rows of JSON. base is
// the row that gives the missing columns; to_record has none.
type recordCall struct {
	c       *Call
	name    string
	base    *types.Record
	columns []types.Column
	row     *types.Type // of the rows: record, or a composite type
}

// newRecordCall finds the columns: those of the result's composite type, of the
// row given, or of the query's column definition list. 42804, 0A000.
func newRecordCall(c *Call, name string, args []any, populate bool) (*recordCall, error) {
	r := &recordCall{c: c, name: name, columns: c.Columns}
	if populate {
		if t := c.Args[0]; t.Rep != types.RepRecord {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "first argument of %s must be a row type", name)
		}
		r.base, _ = args[0].(*types.Record)
	}
	r.row, _ = c.Result.BaseType(-1)
	switch {
	case r.row.Kind == 'c':
		r.columns = r.row.Columns
	case r.base != nil:
		r.columns = recordColumns(r.base)
	case r.columns == nil:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "could not determine row type for result of %s", name).
			WithHint("Provide a non-null record argument, or call the function in the FROM clause using a column definition list.")
	}
	return r, nil
}

func recordColumns(r *types.Record) []types.Column {
	cols := make([]types.Column, len(r.Types))
	for i, t := range r.Types {
		cols[i] = types.Column{Name: fieldName(r, i), Type: t, Typmod: -1}
	}
	return cols
}

// makeRow makes a row of an object, and checks it against the domain of the result.
func makeRow[D document[D]](r *recordCall, d D) (any, error) {
	row, err := compositeFromJSON(r.c, d, r.row, r.columns, r.base)
	if err != nil {
		return nil, err
	}
	return row, checkDomain(r.c, r.c.Result, row)
}

// recordsFromJSON makes a row of each object of an array.
func recordsFromJSON[D document[D]](r *recordCall, d D) ([]any, error) {
	_, isText := any(d).(jsonText)
	switch kind := d.kind(); {
	case kind == types.JSONArray:
	case !isText:
		return nil, jsonError("cannot call %s on a non-array", r.name)
	case kind == types.JSONObject:
		return nil, jsonError("cannot call %s on an object", r.name)
	default:
		return nil, jsonError("cannot call %s on a scalar", r.name)
	}
	var out []any
	for _, e := range d.elements() {
		if e.kind() != types.JSONObject {
			return nil, jsonError("argument of %s must be an array of objects", r.name)
		}
		row, err := makeRow(r, e)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// bindRecords binds the four functions of one of the two types.
func bindRecords[D document[D]](prefix string, open func(any) (D, error)) {
	single := func(name string, populate bool) Kernel {
		return Boxed(false, func(c *Call, args []any) (any, error) {
			r, err := newRecordCall(c, name, args, populate)
			doc := args[0]
			if populate {
				doc = args[1]
			}
			switch {
			case err != nil:
				return nil, err
			case doc == nil && r.base == nil:
				return nil, nil
			case doc == nil:
				return r.base, nil
			}
			d, err := open(doc)
			if err != nil {
				return nil, err
			}
			return makeRow(r, d)
		})
	}
	many := func(name string, populate bool) RowsFunc {
		return func(c *Call, args []any) (RowIter, error) {
			r, err := newRecordCall(c, name, args, populate)
			doc := args[0]
			if populate {
				doc = args[1]
			}
			if err != nil || doc == nil {
				return valuesOf(c, nil), err
			}
			d, err := open(doc)
			if err != nil {
				return nil, err
			}
			rows, err := recordsFromJSON(r, d)
			return valuesOf(c, rows), err
		}
	}
	kernels{
		prefix + "_to_record":       single(prefix+"_to_record", false),
		prefix + "_populate_record": single(prefix+"_populate_record", true),
	}.bind()
	rowsFuncs{
		prefix + "_to_recordset":       many(prefix+"_to_recordset", false),
		prefix + "_populate_recordset": many(prefix+"_populate_recordset", true),
	}.bind()
}

func init() {
	bindRecords("json", openText)
	bindRecords("jsonb", openTree)
}
