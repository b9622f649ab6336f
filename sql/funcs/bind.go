package funcs

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
)

// kernels binds Go code to PostgreSQL's declarations: the key is a prosrc
// ("int4pl", which may stand for several entries) or, where an entry is not
// implemented by a prosrc of its own, a signature ("lpad(text,int4)").
type kernels map[string]Kernel

type rowsFuncs map[string]RowsFunc

// aggregates are keyed by signature: PostgreSQL gives them no code of their own.
type aggregates map[string]AggFunc

type windows map[string]WindowFunc

// declared is PostgreSQL's catalog, indexed for binding.
var declared = loadDeclared()

type declarations struct {
	bySource    map[string][]*catalog.Proc
	bySignature map[string]*catalog.Proc
	opsByCode   map[OID][]*catalog.Operator
	castsByFunc map[OID][]*catalog.Cast
	aggregates  map[OID]*catalog.Aggregate
}

func loadDeclared() *declarations {
	d := &declarations{
		bySource:    map[string][]*catalog.Proc{},
		bySignature: map[string]*catalog.Proc{},
		opsByCode:   map[OID][]*catalog.Operator{},
		castsByFunc: map[OID][]*catalog.Cast{},
		aggregates:  map[OID]*catalog.Aggregate{},
	}
	for _, p := range catalog.Procs() {
		d.bySignature[p.Signature] = p
		if p.Source != "" {
			d.bySource[p.Source] = append(d.bySource[p.Source], p)
		}
	}
	for _, o := range catalog.Operators() {
		d.opsByCode[o.Code] = append(d.opsByCode[o.Code], o)
	}
	for _, c := range catalog.Casts() {
		d.castsByFunc[c.Func] = append(d.castsByFunc[c.Func], c)
	}
	for _, a := range catalog.Aggregates() {
		d.aggregates[a.Func] = a
	}
	return d
}

func init() {
	for _, c := range declared.castsByFunc[0] {
		RegisterCasts(&Cast{OID: c.OID, From: c.From, To: c.To, Context: CastContext(c.Context), InOut: c.Method == 'i'})
	}
}

// BySource returns a function that the code called prosrc does
// (fmgr_internal_function); nil if there is none here.
func BySource(prosrc string) *Func {
	for _, p := range declared.bySource[prosrc] {
		if f := ByOID(p.OID); f != nil {
			return f
		}
	}
	return nil
}

// Declared returns what pg_proc says of the code called prosrc, whether it is here
// or not; nil for a name that PostgreSQL does not have.
func Declared(prosrc string) *Func {
	if f := BySource(prosrc); f != nil {
		return f
	}
	if ps := declared.bySource[prosrc]; len(ps) > 0 {
		return newFunc(ps[0])
	}
	return nil
}

func (d *declarations) lookup(key string) []*catalog.Proc {
	if p := d.bySignature[key]; p != nil {
		return []*catalog.Proc{p}
	}
	ps := d.bySource[key]
	if ps == nil {
		panic(fmt.Sprintf("funcs: PostgreSQL has no %s", key))
	}
	return ps
}

// bindEach registers the functions that key declares, with the operators and
// casts that use them. set adds the code.
func bindEach(key string, set func(f *Func)) {
	for _, p := range declared.lookup(key) {
		f := newFunc(p)
		set(f)
		Register(f)
		registerUsers(f)
	}
}

func newFunc(p *catalog.Proc) *Func {
	f := &Func{
		OID: p.OID, Name: p.Name, Args: p.Args, Result: p.Result, Defaults: p.Defaults, Variadic: p.Variadic,
		Volatility: Volatility(p.Volatility), Kind: Kind(p.Kind), NotStrict: !p.Strict,
		ReturnSet: p.ReturnSet, LeakProof: p.LeakProof, Source: p.Source, Doc: p.Doc, Cost: float64(p.Cost),
	}
	if p.AllArgs == nil {
		f.ArgNames = p.ArgNames
		return f
	}
	for i, mode := range []byte(p.Modes) {
		name := ""
		if i < len(p.ArgNames) {
			name = p.ArgNames[i]
		}
		if mode != 'o' && mode != 't' && name != "" {
			f.ArgNames = append(f.ArgNames, name)
		}
		if mode == 'o' || mode == 't' || mode == 'b' {
			f.OutNames, f.OutTypes = append(f.OutNames, name), append(f.OutTypes, p.AllArgs[i])
		}
	}
	if len(f.ArgNames) != len(f.Args) {
		f.ArgNames = nil
	}
	return f
}

func registerUsers(f *Func) {
	for _, o := range declared.opsByCode[f.OID] {
		RegisterOperators(&Operator{
			OID: o.OID, Name: o.Name, Left: o.Left, Right: o.Right, Result: o.Result, Func: f,
			Commutator: o.Commutator, Negator: o.Negator, Hashes: o.Hashes, Merges: o.Merges, Doc: o.Doc,
		})
	}
	for _, c := range declared.castsByFunc[f.OID] {
		RegisterCasts(&Cast{OID: c.OID, From: c.From, To: c.To, Context: CastContext(c.Context), Func: f})
	}
}

func (ks kernels) bind() {
	for key, k := range ks {
		bindEach(key, func(f *Func) { f.Kernel = k })
	}
}

func (rs rowsFuncs) bind() {
	for key, r := range rs {
		bindEach(key, func(f *Func) { f.Rows = r })
	}
}

func (as aggregates) bind() {
	for key, a := range as {
		bindEach(key, func(f *Func) {
			decl := declared.aggregates[f.OID]
			agg := a
			agg.OrderedSet, agg.NumDirect = decl.Kind, decl.NumDirect
			f.Agg = agg
		})
	}
}

func (ws windows) bind() {
	for key, w := range ws {
		bindEach(key, func(f *Func) { f.Win = w })
	}
}
