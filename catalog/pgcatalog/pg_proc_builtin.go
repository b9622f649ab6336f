package pgcatalog

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	pgdata "github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// procedures are the built-in rows of pg_proc: the functions that can be called, and
// those that other rows name.
type procedures struct {
	all    []*Function
	byOID  map[types.OID]*Function
	byName map[string][]*Function
}

var procs = sync.OnceValue(func() *procedures {
	p := &procedures{byOID: map[types.OID]*Function{}, byName: map[string][]*Function{}}
	declared := map[types.OID]bool{}
	exists := existing()
	for _, d := range pgdata.Procs() {
		declared[d.OID] = true
		if exists(d) {
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

// existing says of PostgreSQL's functions whether they are here.
func existing() func(*pgdata.Proc) bool {
	named := namedFunctions()
	is := func(d *pgdata.Proc) bool {
		return (named[d.OID] || funcs.ByOID(d.OID) != nil) && known(append([]types.OID{d.Result}, d.Args...)...)
	}
	for _, d := range pgdata.Procs() {
		if is(d) {
			named[d.Support] = true
		}
	}
	return is
}

// namedFunctions are the functions that rows of other catalogs name as their parts:
// what reads and writes a type, estimates an operator, makes an aggregate … Here
// these parts are written otherwise, and most can't be called in PostgreSQL either.
func namedFunctions() map[types.OID]bool {
	named := map[types.OID]bool{}
	for _, list := range [][]types.OID{typeParts(), operatorParts(), aggregateFunctions(), supportFunctions(), languageParts(), textSearchParts(), conversionFunctions()} {
		for _, oid := range list {
			named[oid] = true
		}
	}
	return named
}

func typeParts() []types.OID {
	var out []types.OID
	for _, f := range append([]typeFunctions{recordFunctions, arrayFunctions, enumFunctions, rangeFunctions, multiFunctions}, registeredFunctions()...) {
		out = append(out, f.input, f.output, f.receive, f.send, f.modIn, f.modOut, f.analyze, f.subscript)
	}
	return append(out, domainIn, domainRecv)
}

func registeredFunctions() []typeFunctions {
	var out []typeFunctions
	for _, t := range types.Builtin().All() {
		out = append(out, builtinFunctions()[t.OID])
	}
	return out
}

func operatorParts() []types.OID {
	var out []types.OID
	for _, o := range pgdata.Operators() {
		if funcs.OperatorByOID(o.OID) != nil {
			out = append(out, o.Code, o.Restrict, o.Join)
		}
	}
	return out
}

func aggregateFunctions() []types.OID {
	var out []types.OID
	for oid, parts := range aggregateParts() {
		if funcs.ByOID(oid) == nil {
			continue
		}
		for _, part := range parts[1:9] {
			out = append(out, number(part))
		}
	}
	return out
}

func supportFunctions() []types.OID {
	var out []types.OID
	for _, p := range opclass.Functions() {
		if known(p.Left, p.Right) {
			out = append(out, p.Proc)
		}
	}
	for _, m := range accessMethods {
		out = append(out, builtinNamed(m.handler))
	}
	return out
}

func languageParts() []types.OID {
	var out []types.OID
	for _, l := range catalog.Languages {
		out = append(out, l.Call, l.Inline, l.Validator)
	}
	return out
}

func textSearchParts() []types.OID {
	out := []types.OID{parserStart, parserToken, parserEnd, parserHeadline, parserTypes}
	for _, t := range tsearch.Templates {
		out = append(out, t.Init, t.Lexize)
	}
	return out
}

// builtinNamed is the oid of PostgreSQL's function of that name, the only one; 0 for
// "".
func builtinNamed(name string) types.OID {
	for _, d := range pgdata.Procs() {
		if d.Name == name {
			return d.OID
		}
	}
	return 0
}
