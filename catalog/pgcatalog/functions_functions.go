package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// functionAnswers describe functions.
var functionAnswers = map[string]answer{
	"pg_get_function_arguments": ofFunction(func(f *Function, q *call) (any, error) { return f.arguments(q, true), nil }),
	"pg_get_function_identity_arguments": ofFunction(func(f *Function, q *call) (any, error) {
		return f.arguments(q, false), nil
	}),
	"pg_get_function_result":      ofFunction(func(f *Function, q *call) (any, error) { return f.result(q), nil }),
	"pg_get_function_arg_default": ofFunction(func(f *Function, q *call) (any, error) { return f.argDefault(q, int(q.args[1].(int32))), nil }),
	"pg_get_functiondef":          ofFunction(functionDefinition),
	"pg_get_function_sqlbody":     ofFunction(func(f *Function, q *call) (any, error) { return orNull(f.sqlBody(q)), nil }),
}

// ofFunction answers NULL for an oid that belongs to no function.
func ofFunction(answer func(f *Function, q *call) (any, error)) answer {
	return func(q *call) (any, error) {
		f := functionByOID(q.View, q.oid(0))
		if f == nil {
			return nil, nil
		}
		return answer(f, q)
	}
}

// Parameter is one of a function's, as a definition shows it.
type Parameter struct {
	Mode    byte // i o b v t: pg_proc.proargmodes
	Name    string
	Type    types.OID
	Default string // SQL text
}

// Parameters are all of a function's, in order.
func (f *Function) Parameters() []Parameter {
	typs, modes := f.AllArgs, f.Modes
	if typs == nil {
		typs, modes = f.Args, strings.Repeat("i", len(f.Args))
	}
	out := make([]Parameter, len(typs))
	inputs := 0
	for i, t := range typs {
		a := Parameter{Mode: modes[i], Type: t}
		if i < len(f.ArgNames) {
			a.Name = f.ArgNames[i]
		}
		if a.isInput() {
			if d := inputs - (len(f.Args) - len(f.Defaults)); d >= 0 && d < len(f.Defaults) {
				a.Default = f.Defaults[d]
			}
			inputs++
		}
		out[i] = a
	}
	return out
}

func (a Parameter) isInput() bool { return a.Mode != 'o' && a.Mode != 't' }

// modeWords stand before a parameter.
var modeWords = map[byte]string{'o': "OUT ", 'b': "INOUT ", 'v': "VARIADIC "}

func (a Parameter) text(q *call, defaults bool) string {
	s := modeWords[a.Mode]
	if a.Name != "" {
		s += quoteIdent(a.Name) + " "
	}
	s += typeName(q, a.Type)
	if defaults && a.Default != "" {
		s += " DEFAULT " + a.defaultText(q)
	}
	return s
}

// defaultText is the default as ruleutils writes it.
func (a Parameter) defaultText(q *call) string {
	return deparsed(q.View, catalog.KeptExpr{Text: a.Default, As: q.Catalog().Types().ByOID(a.Type), Typmod: -1}, false)
}

// arguments is the list between the parentheses. An identity list has no
// defaults.
func (f *Function) arguments(q *call, defaults bool) string {
	var b strings.Builder
	direct := f.directArguments()
	n := 0
	for _, a := range f.Parameters() {
		if a.Mode == 't' {
			continue
		}
		switch {
		case n == direct:
			b.WriteString(orderBy(n))
		case n > 0:
			b.WriteString(", ")
		}
		text := a.text(q, defaults)
		if f.Kind == 'p' && a.Mode == 'i' { // of procedures every mode is shown
			text = "IN " + text
		}
		b.WriteString(text)
		n++
		if n == direct && a.Mode == 'v' { // the variadic arguments stand on both sides
			b.WriteString(" ORDER BY " + text)
		}
	}
	return b.String()
}

// orderBy separates an ordered-set aggregate's direct arguments, of which there
// are n, from the others.
func orderBy(n int) string {
	if n == 0 {
		return "ORDER BY "
	}
	return " ORDER BY "
}

// directArguments is the number of an ordered-set aggregate's direct arguments,
// -1 for any other function.
func (f *Function) directArguments() int {
	if n, ok := orderedSets()[f.OID]; ok {
		return n
	}
	return -1
}

// result is NULL for a procedure.
func (f *Function) result(q *call) any {
	if f.Kind == 'p' {
		return nil
	}
	var columns []string
	for _, a := range f.Parameters() {
		if a.Mode == 't' {
			columns = append(columns, Parameter{Name: a.Name, Type: a.Type}.text(q, false))
		}
	}
	switch {
	case columns != nil:
		return "TABLE(" + strings.Join(columns, ", ") + ")"
	case f.ReturnSet:
		return "SETOF " + typeName(q, f.Result)
	}
	return typeName(q, f.Result)
}

// argDefault is the default of the n-th parameter, from 1.
func (f *Function) argDefault(q *call, n int) any {
	p := f.Parameters()
	if n < 1 || n > len(p) || p[n-1].Default == "" {
		return nil
	}
	return p[n-1].defaultText(q)
}

// typeName is a type as SQL spells it.
func typeName(q *call, oid types.OID) string {
	if t := q.Catalog().Types().ByOID(oid); t != nil {
		return q.Env.SQLName(t)
	}
	return "???"
}
