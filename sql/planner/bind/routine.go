package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Functions, operators and casts that the database defines stand beside
// PostgreSQL's own: the binder makes the entries that package funcs has of them
// when it first needs them, once per statement.

// routines are the database's own.
func (b *binder) routines() *catalog.Routines {
	if b.env.Catalog == nil {
		return nil
	}
	return b.env.Catalog.Routines()
}

// function returns the function with that oid, built-in or a user's; nil if
// there is none.
func (b *binder) function(oid types.OID) *funcs.Func {
	if f := Function(oid); f != nil {
		return f
	}
	if r := b.routines().Function(oid); r != nil {
		return b.userFunction(r)
	}
	return nil
}

// functionsNamed are the overloads of a name in any schema.
func (b *binder) functionsNamed(name string) []*funcs.Func {
	users := b.routines().Named(name)
	if body := b.env.Body; body != nil && body.Function.OID == 0 && body.Function.Name == name { // one that is being made may call itself
		users = append(slices.Clone(users), body.Function)
	}
	if len(users) == 0 {
		return known().funcs[name]
	}
	out := slices.Clone(known().funcs[name])
	for _, r := range users {
		out = append(out, b.userFunction(r))
	}
	return out
}

// userFunction makes the entry of a function that a user wrote.
func (b *binder) userFunction(r *catalog.Function) *funcs.Func {
	if f := b.userFuncs[r.OID]; f != nil {
		return f
	}
	f := &funcs.Func{
		OID: r.OID, Name: r.Name, Namespace: r.Schema, Args: r.InputTypes(), Defaults: r.Defaults(), Result: r.Result,
		Volatility: funcs.Volatility(r.Volatility), Kind: funcs.Kind(r.Kind), NotStrict: !r.Strict,
		ReturnSet: r.ReturnSet, LeakProof: r.LeakProof, Doc: r.Comment, Source: r.Source,
	}
	b.userParameters(f, r)
	if b.userFuncs == nil {
		b.userFuncs = map[types.OID]*funcs.Func{}
	}
	b.userFuncs[r.OID] = f
	if r.Aggregate != nil {
		f.Agg = b.userAggregate(r)
		f.User = true
		return f
	}
	switch r.Language {
	case internalLanguage:
		return b.internalFunction(f, r.Of != 0)
	case cLanguage:
		return libraryFunction(f, r)
	}
	return funcs.NewRoutine(f)
}

func (b *binder) userParameters(f *funcs.Func, r *catalog.Function) {
	named := false
	if r.Kind == 'p' { // CALL has arguments for all parameters
		f.Args = nil
	}
	for _, p := range r.Params {
		if r.Kind == 'p' {
			f.Args = append(f.Args, p.Type)
		}
		if p.Mode == 'v' {
			f.Variadic = b.elemOf(p.Type)
			if f.Variadic == 0 { // VARIADIC "any", anyarray
				f.Variadic = variadicElems[p.Type]
			}
		}
		if p.IsInput() || r.Kind == 'p' {
			f.ArgNames = append(f.ArgNames, p.Name)
			named = named || p.Name != ""
		}
		if p.IsOutput() {
			f.OutNames, f.OutTypes = append(f.OutNames, p.Name), append(f.OutTypes, p.Type)
		}
	}
	if !named {
		f.ArgNames = nil
	}
}

// variadicElems are the element types of pseudo-types after VARIADIC.
var variadicElems = map[types.OID]types.OID{
	types.AnyOID: types.AnyOID, types.AnyArrayOID: types.AnyElementOID, types.AnyCompatibleArrayOID: types.AnyCompatibleOID,
}

// pathPosition is where the search path has f's schema; -1 if it has not, 0 for
// a name that was qualified.
func (b *binder) pathPosition(schema string, f *funcs.Func) int {
	namespace := f.Namespace
	if namespace == "" {
		namespace = "pg_catalog"
	}
	if schema == "" {
		return slices.Index(b.functionPath(), namespace)
	}
	if b.schemaName(schema) == namespace {
		return 0
	}
	return -1
}

// functionPath is the search path without the temporary schema, where functions
// and operators are found by a qualified name only.
func (b *binder) functionPath() []string {
	return slices.DeleteFunc(slices.Clone(b.searchPath()), func(ns string) bool { return ns == b.env.TempSchema })
}

// uses notes that the statement depends on a user's function.
func (b *binder) uses(f *funcs.Func) {
	b.refersToFunction(f)
	if f != nil && f.OID >= types.FirstNormalOID {
		b.relations[f.OID] = true
	}
}
