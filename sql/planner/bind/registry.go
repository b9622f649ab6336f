package bind

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	declared "github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Overloads are resolved among everything that PostgreSQL has, not only what is
// implemented: otherwise a missing overload would silently give its calls to
// another one, with another result. Choosing one without code is then the error
// for an unknown function.

// overloads is PostgreSQL's catalog of functions, operators and casts; the
// implemented entries are those of package funcs.
type overloads struct {
	funcs map[string][]*funcs.Func
	byOID map[types.OID]*funcs.Func
	ops   map[string][]*funcs.Operator
	casts map[[2]types.OID]*funcs.Cast
}

var known = sync.OnceValue(loadOverloads)

func loadOverloads() *overloads {
	o := &overloads{funcs: map[string][]*funcs.Func{}, ops: map[string][]*funcs.Operator{}, casts: map[[2]types.OID]*funcs.Cast{}}
	byOID := map[types.OID]*funcs.Func{}
	for _, p := range declared.Procs() {
		f := funcs.ByOID(p.OID)
		if f == nil {
			f = &funcs.Func{
				OID: p.OID, Name: p.Name, Args: p.Args, Result: p.Result, Variadic: p.Variadic, Defaults: p.Defaults,
				Kind: funcs.Kind(p.Kind), ReturnSet: p.ReturnSet,
			}
		}
		byOID[p.OID] = f
		o.funcs[f.Name] = append(o.funcs[f.Name], f)
	}
	for _, f := range funcs.All() {
		if byOID[f.OID] == nil {
			byOID[f.OID] = f
			o.funcs[f.Name] = append(o.funcs[f.Name], f)
		}
	}
	o.byOID = byOID
	o.loadOperators(byOID)
	o.loadCasts(byOID)
	return o
}

// Functions returns the functions of that name, implemented or not: what
// regproc and regprocedure know.
func Functions(name string) []*funcs.Func { return known().funcs[name] }

// Function returns the function with that oid, implemented or not, or nil.
func Function(oid types.OID) *funcs.Func { return known().byOID[oid] }

func (o *overloads) loadOperators(byOID map[types.OID]*funcs.Func) {
	for _, d := range declared.Operators() {
		op := funcs.OperatorByOID(d.OID)
		if op == nil {
			op = &funcs.Operator{OID: d.OID, Name: d.Name, Left: d.Left, Right: d.Right, Result: d.Result, Func: byOID[d.Code]}
		}
		if op.Func != nil {
			o.ops[op.Name] = append(o.ops[op.Name], op)
		}
	}
	for _, op := range funcs.Operators() {
		if operatorOf(o.ops[op.Name], op.Left, op.Right) == nil {
			o.ops[op.Name] = append(o.ops[op.Name], op)
		}
	}
}

func (o *overloads) loadCasts(byOID map[types.OID]*funcs.Func) {
	for _, d := range declared.Casts() {
		o.casts[[2]types.OID{d.From, d.To}] = &funcs.Cast{
			OID: d.OID, From: d.From, To: d.To, Context: funcs.CastContext(d.Context), Func: byOID[d.Func], InOut: d.Method == 'i',
		}
	}
	for _, c := range funcs.Casts() {
		o.casts[[2]types.OID{c.From, c.To}] = c
	}
}

// findCast is the pg_cast entry of two types, the database's own first; nil if
// there is none.
func (b *binder) findCast(from, to types.OID) *funcs.Cast {
	if c := b.routines().Cast(from, to); c != nil {
		return &funcs.Cast{OID: c.OID, From: c.From, To: c.To, Context: funcs.CastContext(c.Context), Func: b.function(c.Func), InOut: c.Method == 'i'}
	}
	return known().casts[[2]types.OID{from, to}]
}

// implemented says whether a function has code.
func implemented(f *funcs.Func) bool {
	return f.Kernel != nil || f.Rows != nil || f.Agg.New != nil || f.Win != nil
}
