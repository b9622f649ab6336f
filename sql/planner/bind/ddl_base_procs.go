package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// typeProc is a function of a base type: findTypeInputFunction and its kin.
type typeProc struct {
	option string
	// what messages call it.
	what string
	// args are the arguments that it may have, the first that is found; 0 stands for
	// the type.
	args [][]types.OID
	// result is what it must return, 0 for the type.
	result types.OID
	set    func(p *types.TypeProcs, oid types.OID)
}

var typeProcs = []typeProc{
	{"input", "type input", [][]types.OID{{types.CstringOID}, {types.CstringOID, types.OidOID, types.Int4OID}}, 0,
		func(p *types.TypeProcs, oid types.OID) { p.Input = oid }},
	{"output", "type output", [][]types.OID{{0}}, types.CstringOID, func(p *types.TypeProcs, oid types.OID) { p.Output = oid }},
	{"receive", "type receive", [][]types.OID{{types.InternalOID}, {types.InternalOID, types.OidOID, types.Int4OID}}, 0,
		func(p *types.TypeProcs, oid types.OID) { p.Receive = oid }},
	{"send", "type send", [][]types.OID{{0}}, types.ByteaOID, func(p *types.TypeProcs, oid types.OID) { p.Send = oid }},
	{"typmod_in", "typmod_in", [][]types.OID{{cstringArrayOID}}, types.Int4OID, func(p *types.TypeProcs, oid types.OID) { p.TypmodIn = oid }},
	{"typmod_out", "typmod_out", [][]types.OID{{types.Int4OID}}, types.CstringOID, func(p *types.TypeProcs, oid types.OID) { p.TypmodOut = oid }},
	{"analyze", "type analyze", [][]types.OID{{types.InternalOID}}, types.BoolOID, func(p *types.TypeProcs, oid types.OID) { p.Analyze = oid }},
	{"subscript", "type subscripting", [][]types.OID{{types.InternalOID}}, types.InternalOID, func(p *types.TypeProcs, oid types.OID) { p.Subscript = oid }},
}

const cstringArrayOID types.OID = 1263

// procs finds the type's functions and, by them, the built-in type whose values it
// has.
func (x *baseTypeBuilder) procs() {
	for _, required := range []string{"input", "output"} {
		if x.options[required] == nil {
			failAt(-1, pgerr.InvalidObjectDefinition, "type %s function must be specified", required)
		}
	}
	if x.options["typmod_in"] == nil && x.options["typmod_out"] != nil {
		failAt(-1, pgerr.InvalidObjectDefinition, "type modifier output function is useless without a type modifier input function")
	}
	found := x.findProcs()
	x.warnVolatile(found)
	x.def.Base = x.formOf(found["input"]).OID
	x.base.Out = x.formOf(found["output"]).OID
	x.setForms(found)
}

// setForms notes the types of the functions of the binary form, and that all go
// together.
func (x *baseTypeBuilder) setForms(found map[string]*funcs.Func) {
	if f := found["receive"]; f != nil {
		x.base.Recv = x.formOf(f).OID
	}
	if f := found["send"]; f != nil {
		x.base.Send = x.formOf(f).OID
	}
	for _, option := range []string{"subscript", "analyze"} {
		if x.options[option] != nil {
			unsupported(-1, "a base type with a function for %s", option)
		}
	}
	x.checkForms()
}

func (x *baseTypeBuilder) findProcs() map[string]*funcs.Func {
	found := map[string]*funcs.Func{}
	for _, p := range typeProcs {
		if x.options[p.option] == nil {
			continue
		}
		f := x.findProc(p)
		found[p.option] = f
		p.set(&x.base.Procs, f.OID)
	}
	return found
}

func (x *baseTypeBuilder) findProc(p typeProc) *funcs.Func {
	own := func(oids []types.OID) []types.OID {
		out := slices.Clone(oids)
		for i := range out {
			if out[i] == 0 {
				out[i] = x.shell.OID
			}
		}
		return out
	}
	name := x.optionName(p.option)
	var all []*funcs.Func
	for _, args := range p.args {
		if f := x.maybeExactFunction(name, own(args)); f != nil {
			all = append(all, f)
		}
	}
	switch len(all) {
	case 0:
		failAt(-1, pgerr.UndefinedFunction, "function %s does not exist", x.signature(dotted(name), own(p.args[0]), ""))
	case 2:
		failAt(-1, pgerr.AmbiguousFunction, "%s function %s has multiple matches", p.what, dotted(name))
	}
	if result := own([]types.OID{p.result})[0]; all[0].Result != result {
		failAt(-1, pgerr.InvalidObjectDefinition, "%s function %s must return type %s", p.what, dotted(name), x.oidName(result))
	}
	return all[0]
}

// warnVolatile: PostgreSQL takes values as the same whenever they are read.
func (x *baseTypeBuilder) warnVolatile(found map[string]*funcs.Func) {
	for _, p := range typeProcs[:6] {
		if f := found[p.option]; f != nil && f.Volatility == funcs.Volatile {
			what := p.what
			if p.option == "typmod_in" || p.option == "typmod_out" {
				what = map[string]string{"typmod_in": "type modifier input", "typmod_out": "type modifier output"}[p.option]
			}
			x.notices = append(x.notices, pgerr.Notice(pgerr.SeverityWarning, pgerr.InvalidObjectDefinition, "%s function %s should not be volatile",
				what, dotted(x.optionName(p.option))))
		}
	}
}

// formOf is the built-in type whose values an input or output function of the
// server's makes or takes.
func (x *baseTypeBuilder) formOf(f *funcs.Func) *types.Type {
	code := funcs.Declared(f.Source)
	if code == nil || f.User {
		unsupported(-1, "a base type whose function %s is not the server's own", f.Name)
	}
	oid := code.Result
	if oid == types.CstringOID || oid == types.ByteaOID && len(code.Args) == 1 && code.Args[0] != types.CstringOID && code.Args[0] != types.InternalOID {
		oid = code.Args[0]
	}
	t := types.Builtin().ByOID(oid)
	if t == nil || t.Kind == 'p' || t.IsArray() {
		unsupported(-1, "a base type by function \"%s\"", f.Source)
	}
	return t
}

// checkForms: what one function makes the others take.
func (x *baseTypeBuilder) checkForms() {
	like := types.Builtin().ByOID(x.def.Base)
	for _, oid := range []types.OID{x.base.Out, x.base.Recv, x.base.Send} {
		if t := types.Builtin().ByOID(oid); oid != 0 && t != like && (t.Rep != like.Rep || t.Rep == types.RepAny) {
			unsupported(-1, "a base type whose functions are those of %s and %s", x.typeName(like), x.typeName(t))
		}
	}
	if x.options["typmod_in"] != nil && like.TypmodIn == nil {
		unsupported(-1, "type modifiers of a base type like %s", x.typeName(like))
	}
}
