package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	pgdata "github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgProc) }

// What PostgreSQL takes for functions in SQL and for sets that say nothing else
// (CREATE FUNCTION, COST and ROWS).
const sqlCost, setRows = 100, 1000

// Function is a row of pg_proc.
type Function struct {
	*pgdata.Proc
	namespace string
	// user is set for a function that the database defines.
	user *catalog.Function
}

// EachFunction lists the functions, the database's own after the built-in ones.
func EachFunction(v View, yield func(*Function)) {
	for _, f := range procs().all {
		yield(f)
	}
	for _, f := range v.Catalog().Routines().Functions() {
		yield(describeUser(f))
	}
}

// FunctionByOID returns the function with that oid, or nil.
func FunctionByOID(v View, oid types.OID) *Function { return functionByOID(v, oid) }

// functionByOID returns the function with that oid, or nil.
func functionByOID(v View, oid types.OID) *Function {
	if f := procs().byOID[oid]; f != nil {
		return f
	}
	if f := v.Catalog().Routines().Function(oid); f != nil {
		return describeUser(f)
	}
	return nil
}

// describeUser is the row of a function that the database defines.
func describeUser(f *catalog.Function) *Function {
	p := &pgdata.Proc{OID: f.OID, Name: f.Name, Kind: f.Kind, Strict: f.Strict, Volatility: f.Volatility, ReturnSet: f.ReturnSet,
		LeakProof: f.LeakProof, Result: f.Result, Args: f.InputTypes(), Defaults: f.Defaults(), Source: f.Source, Doc: f.Comment, Cost: f.Cost, Rows: f.Rows}
	named := false
	for _, a := range f.Params {
		p.ArgNames, named = append(p.ArgNames, a.Name), named || a.Name != ""
		if f.HasModes() {
			p.AllArgs, p.Modes = append(p.AllArgs, a.Type), p.Modes+string(a.Mode)
		}
		if a.Mode == 'v' {
			p.Variadic = types.AnyOID
			if t := types.Builtin().ByOID(a.Type); t != nil && t.IsArray() {
				p.Variadic = t.Elem
			}
		}
	}
	if !named {
		p.ArgNames = nil
	}
	if f.Kind == 'a' {
		p.Source = "aggregate_dummy"
	}
	return &Function{Proc: p, namespace: f.Schema, user: f}
}

// language is the function's row of pg_language.
func (f *Function) language() types.OID {
	if f.user != nil && f.Kind != 'a' {
		for _, l := range catalog.Languages {
			if l.Name == f.user.Language {
				return l.OID
			}
		}
	}
	if f.Language != 0 {
		return f.Language
	}
	return catalog.InternalLanguageOID
}

// Schema is the name of the function's namespace.
func (f *Function) Schema() string {
	if f.namespace == "" {
		return Schema.Name
	}
	return f.namespace
}

// User is the function's definition where the database defines it, nil for a
// built-in one.
func (f *Function) User() *catalog.Function { return f.user }

// describeFunc is the declaration of a function that PostgreSQL does not have.
func describeFunc(f *funcs.Func) *pgdata.Proc {
	d := &pgdata.Proc{OID: f.OID, Name: f.Name, Kind: byte(f.Kind), Strict: !f.NotStrict, Volatility: byte(f.Volatility),
		ReturnSet: f.ReturnSet, LeakProof: f.LeakProof, Result: f.Result, Args: f.Args, Variadic: f.Variadic,
		ArgNames: f.ArgNames, Defaults: f.Defaults, Source: f.Source, Doc: f.Doc, Cost: float32(f.Cost), Parallel: 's'}
	if f.Namespace == types.InformationSchema { // which writes them in SQL
		d.Language, d.Cost = catalog.SQLLanguageOID, sqlCost
	}
	if f.ReturnSet && d.Rows == 0 {
		d.Rows = setRows
	}
	if len(f.OutTypes) == 0 {
		return d
	}
	d.AllArgs = append(append([]types.OID{}, f.Args...), f.OutTypes...)
	d.Modes = strings.Repeat("i", len(f.Args)) + strings.Repeat("o", len(f.OutTypes))
	d.ArgNames = append(make([]string, 0, len(d.AllArgs)), f.ArgNames...)
	for len(d.ArgNames) < len(f.Args) {
		d.ArgNames = append(d.ArgNames, "")
	}
	d.ArgNames = append(d.ArgNames, f.OutNames...)
	return d
}

// procedure is a row of pg_proc, and who asks.
type procedure struct {
	*Function
	v View
}

// library is probin: that of an extension's function.
func (f *Function) library() string {
	if f.user == nil {
		return ""
	}
	return f.user.Library
}

func (f procedure) access() catalog.Access {
	return f.v.Catalog().Access(catalog.Object{Class: catalog.ClassProc, OID: f.OID})
}

var pgProc = virtual.Rel[procedure]{
	Of:   "pg_proc",
	Size: virtual.Size{Fixed: 3300, PerRelation: 0.1},
	Rows: func(v View, yield func(procedure)) {
		EachFunction(v, func(f *Function) { yield(procedure{f, v}) })
	},
	Columns: virtual.Columns[procedure]{
		"oid":             func(f procedure) any { return f.OID },
		"proname":         func(f procedure) any { return f.Name },
		"pronamespace":    func(f procedure) any { return namespaceOID(f.v, f.namespace) },
		"proowner":        func(f procedure) any { return f.access().Owner },
		"proacl":          func(f procedure) any { return aclArray(f.v, f.access().ACL) },
		"prolang":         func(f procedure) any { return f.language() },
		"procost":         func(f procedure) any { return f.Cost },
		"prorows":         func(f procedure) any { return f.Rows },
		"provariadic":     procedure.variadic,
		"prokind":         func(f procedure) any { return letter(f.Kind) },
		"proleakproof":    func(f procedure) any { return f.LeakProof },
		"proisstrict":     func(f procedure) any { return f.Strict },
		"proretset":       func(f procedure) any { return f.ReturnSet },
		"provolatile":     func(f procedure) any { return letter(f.Volatility) },
		"prosupport":      func(f procedure) any { return f.Support },
		"proparallel":     func(f procedure) any { return f.parallel() },
		"prosecdef":       func(f procedure) any { return f.user != nil && f.user.SecurityDefiner },
		"proconfig":       func(f procedure) any { return arrayOrNull(types.TextOID, f.config()) },
		"prosqlbody":      func(f procedure) any { return orNull(f.keptBody()) },
		"pronargs":        func(f procedure) any { return int16(len(f.Args)) },
		"pronargdefaults": func(f procedure) any { return int16(len(f.Defaults)) },
		"prorettype":      func(f procedure) any { return f.Result },
		"proargtypes":     func(f procedure) any { return oidVector(f.Args) },
		"proallargtypes":  func(f procedure) any { return arrayOrNull(types.OidOID, f.AllArgs) },
		"proargmodes":     func(f procedure) any { return arrayOrNull(types.CharOID, chars(f.Modes)) },
		"proargnames":     func(f procedure) any { return arrayOrNull(types.TextOID, f.ArgNames) },
		"proargdefaults":  func(f procedure) any { return orNull(strings.Join(f.Defaults, ", ")) },
		"prosrc":          func(f procedure) any { return f.Source },
		"probin":          func(f procedure) any { return orNull(f.library()) },
	},
	Lookups: []virtual.Lookup[procedure]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(procedure)) {
			if f := functionByOID(v, keys[0].(types.OID)); f != nil {
				yield(procedure{f, v})
			}
		}},
		{By: []string{"proname"}, Each: 3, Find: func(v View, keys []any, yield func(procedure)) {
			for _, f := range procs().byName[keys[0].(string)] {
				yield(procedure{f, v})
			}
			for _, f := range v.Catalog().Routines().Named(keys[0].(string)) {
				yield(procedure{describeUser(f), v})
			}
		}},
	},
}

// variadic is the type of an element of the last parameter, 0 for none.
func (f procedure) variadic() any {
	if f.user == nil || f.Variadic == 0 {
		return f.Variadic
	}
	for _, p := range f.user.Params {
		if t := f.v.Catalog().Types().ByOID(p.Type); p.Mode == 'v' && t != nil && t.IsArray() {
			return t.Elem
		}
	}
	return f.Variadic
}

func chars(s string) []string {
	var out []string
	for i := range len(s) {
		out = append(out, s[i:i+1])
	}
	return out
}

func (f *Function) parallel() any {
	if f.user != nil {
		return letter(f.user.Parallel)
	}
	return letter(f.Parallel)
}

func (f *Function) config() []string {
	if f.user != nil {
		return f.user.Config
	}
	return nil
}
