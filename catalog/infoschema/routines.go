package infoschema

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(parameters, routines) }

// routine is a function, and who asks.
type routine struct {
	v View
	*pgcatalog.Function
}

func eachRoutine(v View, yield func(routine)) {
	pgcatalog.EachFunction(v, func(f *pgcatalog.Function) { yield(routine{v, f}) })
}

// specificName tells overloads apart.
func (r routine) specificName() any { return r.Name + "_" + decimal(int(r.OID)) }

// result is the zero typed for a procedure.
func (r routine) result() typed {
	if r.Kind == 'p' {
		return typed{}
	}
	return typeOf(r.v, r.Result)
}

// typeOf is a bare type, text where there is no such type here.
func typeOf(v View, oid types.OID) typed {
	t := v.Catalog().Types().ByOID(oid)
	if t == nil {
		t = types.ByOID(types.TextOID)
	}
	return typed{v: v, typ: t, mod: -1, bare: true}
}

var routines = virtual.Rel[routine]{
	Of:   "routines",
	Rows: eachRoutine,
	Columns: withType(virtual.Columns[routine]{
		"specific_catalog":        func(r routine) any { return r.v.Database() },
		"specific_schema":         func(r routine) any { return r.Schema() },
		"specific_name":           routine.specificName,
		"routine_catalog":         func(r routine) any { return r.v.Database() },
		"routine_schema":          func(r routine) any { return r.Schema() },
		"routine_name":            func(r routine) any { return r.Name },
		"routine_type":            func(r routine) any { return orNull(routineTypes[r.Kind]) },
		"dtd_identifier":          routine.resultNumber,
		"routine_body":            routine.body,
		"routine_definition":      routine.definition,
		"external_language":       routine.language,
		"parameter_style":         is[routine]("GENERAL"),
		"is_deterministic":        func(r routine) any { return yesNo(r.Volatility == 'i') },
		"sql_data_access":         is[routine]("MODIFIES"),
		"is_null_call":            routine.isNullCall,
		"schema_level_routine":    is[routine]("YES"),
		"max_dynamic_result_sets": is[routine](int32(0)),
		"security_type":           routine.security,
		"as_locator":              is[routine]("NO"),
		"is_udt_dependent":        is[routine]("NO"),
	}, routine.result, "type_udt"),
}

// definition is for the owner to see.
func (r routine) definition() any {
	if !enabled(r.v, r.v.Catalog().Access(catalog.Object{Class: catalog.ClassProc, OID: r.OID}).Owner) {
		return nil
	}
	return r.Source
}

func (r routine) isNullCall() any {
	if r.Kind == 'p' {
		return nil
	}
	return yesNo(r.Strict)
}

func (r routine) resultNumber() any {
	if r.Kind == 'p' {
		return nil
	}
	return "0"
}

var routineTypes = map[byte]string{'f': "FUNCTION", 'p': "PROCEDURE"}

func (r routine) body() any {
	if r.User() != nil && r.User().Language == "sql" {
		return "SQL"
	}
	return "EXTERNAL"
}

func (r routine) language() any {
	if r.User() != nil {
		return strings.ToUpper(r.User().Language)
	}
	return "INTERNAL"
}

func (r routine) security() any {
	if u := r.User(); u != nil && u.SecurityDefiner {
		return "DEFINER"
	}
	return "INVOKER"
}

// parameter is one of a routine's parameters.
type parameter struct {
	routine
	pgcatalog.Parameter
	position int
}

var parameters = virtual.Rel[parameter]{
	Of: "parameters",
	Rows: func(v View, yield func(parameter)) {
		eachRoutine(v, func(r routine) {
			for i, p := range r.Parameters() {
				yield(parameter{r, p, i + 1})
			}
		})
	},
	Columns: withType(virtual.Columns[parameter]{
		"specific_catalog":  func(p parameter) any { return p.v.Database() },
		"specific_schema":   func(p parameter) any { return p.Schema() },
		"specific_name":     func(p parameter) any { return p.specificName() },
		"ordinal_position":  func(p parameter) any { return int32(p.position) },
		"parameter_mode":    func(p parameter) any { return parameterModes[p.Mode] },
		"is_result":         is[parameter]("NO"),
		"as_locator":        is[parameter]("NO"),
		"parameter_name":    func(p parameter) any { return orNull(p.Parameter.Name) },
		"dtd_identifier":    func(p parameter) any { return decimal(p.position) },
		"parameter_default": func(p parameter) any { return orNull(p.Default) },
	}, func(p parameter) typed { return typeOf(p.v, p.Parameter.Type) }, "udt"),
}

var parameterModes = map[byte]string{'i': "IN", 'o': "OUT", 'b': "INOUT", 'v': "IN", 't': "OUT"}
