package pgcatalog

import (
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	pgdata "github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// internalLanguage is pg_language's row for built-in functions.
const internalLanguage types.OID = 12

// Function is a row of pg_proc.
type Function struct {
	*pgdata.Proc
	namespace string
}

// EachFunction lists the functions by oid.
func EachFunction(yield func(*Function)) {
	for _, f := range procs().all {
		yield(f)
	}
}

// procedures are the functions that can be called, and the input and output
// functions that pg_type names, by oid.
type procedures struct {
	all    []*Function
	byOID  map[types.OID]*Function
	byName map[string][]*Function
}

var procs = sync.OnceValue(func() *procedures {
	p := &procedures{byOID: map[types.OID]*Function{}, byName: map[string][]*Function{}}
	io := ioFunctions()
	declared := map[types.OID]bool{}
	for _, d := range pgdata.Procs() {
		declared[d.OID] = true
		if (io[d.OID] || funcs.ByOID(d.OID) != nil) && known(append([]types.OID{d.Result}, d.Args...)...) {
			p.add(&Function{Proc: d})
		}
	}
	for _, f := range funcs.All() {
		if !declared[f.OID] {
			p.add(&Function{Proc: describeFunc(f), namespace: f.Namespace})
		}
	}
	return p
})

func (p *procedures) add(f *Function) {
	p.all = append(p.all, f)
	p.byOID[f.OID] = f
	p.byName[f.Name] = append(p.byName[f.Name], f)
}

func ioFunctions() map[types.OID]bool {
	used := map[types.OID]bool{}
	for _, f := range append([]typeFunctions{recordFunctions, arrayFunctions}, registeredFunctions()...) {
		for _, oid := range []types.OID{f.input, f.output, f.receive, f.send, f.modIn, f.modOut, f.analyze, f.subscript} {
			used[oid] = true
		}
	}
	return used
}

func registeredFunctions() []typeFunctions {
	var out []typeFunctions
	for _, t := range types.Builtin().All() {
		out = append(out, builtinFunctions()[t.OID])
	}
	return out
}

// describeFunc is the declaration of a function that PostgreSQL does not have.
func describeFunc(f *funcs.Func) *pgdata.Proc {
	d := &pgdata.Proc{OID: f.OID, Name: f.Name, Kind: byte(f.Kind), Strict: !f.NotStrict, Volatility: byte(f.Volatility),
		ReturnSet: f.ReturnSet, LeakProof: f.LeakProof, Result: f.Result, Args: f.Args, Variadic: f.Variadic,
		ArgNames: f.ArgNames, Defaults: f.Defaults, Source: f.Source, Doc: f.Doc}
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

// functionNamespaces are the schemas that functions can be in: users make none
// yet.
var functionNamespaces = map[string]types.OID{
	"": catalog.PgCatalogOID, "pg_catalog": catalog.PgCatalogOID, "information_schema": catalog.InformationSchemaOID, "s3db": catalog.S3DBSchemaOID,
}

var pgProc = virtual.Rel[*Function]{
	Of: "pg_proc",
	Rows: func(_ View, yield func(*Function)) {
		for _, f := range procs().all {
			yield(f)
		}
	},
	Columns: virtual.Columns[*Function]{
		"oid":             func(f *Function) any { return f.OID },
		"proname":         func(f *Function) any { return f.Name },
		"pronamespace":    func(f *Function) any { return functionNamespaces[f.namespace] },
		"proowner":        is[*Function](catalog.BootstrapSuperuser),
		"prolang":         is[*Function](internalLanguage),
		"procost":         is[*Function](float32(1)),
		"prorows":         func(f *Function) any { return f.rows() },
		"provariadic":     func(f *Function) any { return f.Variadic },
		"prokind":         func(f *Function) any { return letter(f.Kind) },
		"proleakproof":    func(f *Function) any { return f.LeakProof },
		"proisstrict":     func(f *Function) any { return f.Strict },
		"proretset":       func(f *Function) any { return f.ReturnSet },
		"provolatile":     func(f *Function) any { return letter(f.Volatility) },
		"proparallel":     is[*Function]("s"),
		"pronargs":        func(f *Function) any { return int16(len(f.Args)) },
		"pronargdefaults": func(f *Function) any { return int16(len(f.Defaults)) },
		"prorettype":      func(f *Function) any { return f.Result },
		"proargtypes":     func(f *Function) any { return oidVector(f.Args) },
		"proallargtypes":  func(f *Function) any { return arrayOrNull(types.OidOID, f.AllArgs) },
		"proargmodes":     func(f *Function) any { return arrayOrNull(types.CharOID, chars(f.Modes)) },
		"proargnames":     func(f *Function) any { return arrayOrNull(types.TextOID, f.ArgNames) },
		"proargdefaults":  func(f *Function) any { return orNull(strings.Join(f.Defaults, ", ")) },
		"prosrc":          func(f *Function) any { return f.Source },
	},
	Lookups: []virtual.Lookup[*Function]{
		{By: []string{"oid"}, Find: func(_ View, keys []any, yield func(*Function)) {
			if f, ok := procs().byOID[keys[0].(types.OID)]; ok {
				yield(f)
			}
		}},
		{By: []string{"proname"}, Find: func(_ View, keys []any, yield func(*Function)) {
			for _, f := range procs().byName[keys[0].(string)] {
				yield(f)
			}
		}},
	},
}

// rows is PostgreSQL's default guess for a set.
func (f *Function) rows() float32 {
	if f.ReturnSet {
		return 1000
	}
	return 0
}

func chars(s string) []string {
	var out []string
	for i := range len(s) {
		out = append(out, s[i:i+1])
	}
	return out
}
