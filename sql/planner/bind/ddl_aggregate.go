package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// aggregateBuilder is a CREATE AGGREGATE being bound.
type aggregateBuilder struct {
	*binder
	f       *catalog.Function
	a       *catalog.Aggregate
	options map[string]*parser.DefElem
}

// aggregateOptions are the attributes that CREATE AGGREGATE knows; true for
// those that we have no use for and can't take.
var aggregateOptions = map[string]bool{
	"sfunc": false, "sfunc1": false, "stype": false, "stype1": false, "sspace": false, "finalfunc": false,
	"finalfunc_extra": false, "finalfunc_modify": false, "combinefunc": false, "initcond": false, "initcond1": false,
	"msfunc": false, "minvfunc": false, "mstype": false, "msspace": false, "mfinalfunc": false, "mfinalfunc_extra": false,
	"mfinalfunc_modify": false, "minitcond": false, "sortop": false, "parallel": false, "basetype": false,
	"serialfunc": true, "deserialfunc": true, "hypothetical": true,
}

// createAggregate is DefineAggregate.
func (b *binder) createAggregate(d *parser.DefineStmt) plan.Statement {
	schema, name := b.routineName(d.Defnames)
	x := &aggregateBuilder{binder: b, a: &catalog.Aggregate{FinalModify: 'r', MovingFinalModify: 'r'}, options: map[string]*parser.DefElem{}}
	x.f = &catalog.Function{Schema: schema, Name: name, Kind: 'a', Language: "internal", Volatility: 'i', Parallel: 'u', Cost: 1, Aggregate: x.a}
	out := &plan.CreateFunction{Function: x.f, Tag: "CREATE AGGREGATE"}
	for _, n := range d.Definition {
		o := n.GetDefElem()
		refused, known := aggregateOptions[o.Defname]
		switch {
		case !known:
			out.Warnings = append(out.Warnings, "aggregate attribute \""+o.Defname+"\" not recognized")
		case refused:
			unsupported(b.at(o.Location), "aggregates with %s", strings.ToUpper(o.Defname))
		default:
			x.options[strings.TrimSuffix(o.Defname, "1")] = o
		}
	}
	x.arguments(d)
	x.transition()
	x.final()
	x.moving()
	x.rest()
	if old := b.replaced(x.f, d.Replace); old != nil {
		x.f.OID, x.f.Comment = old.OID, old.Comment
	}
	return out
}

// arguments reads the parameters, or the BASETYPE of the old syntax.
func (x *aggregateBuilder) arguments(d *parser.DefineStmt) {
	switch base := x.options["basetype"]; {
	case !d.Oldstyle && base != nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "basetype is redundant with aggregate input type specification")
	case d.Oldstyle && base == nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate input type must be specified")
	case d.Oldstyle:
		if !strings.EqualFold(defText(base), "any") {
			x.f.Params = []catalog.FunctionParam{{Mode: 'i', Type: x.optionType("basetype").OID}}
		}
		return
	}
	if len(d.Args) > 1 && d.Args[1].GetInteger().GetIval() >= 0 {
		unsupported(-1, "ordered-set aggregates")
	}
	p := &functionBuilder{binder: x.binder, f: x.f, stmt: &parser.CreateFunctionStmt{Parameters: d.Args[0].GetList().GetItems()}}
	for _, n := range p.stmt.Parameters {
		if n.GetFunctionParameter().Defexpr != nil {
			failAt(-1, pgerr.InvalidFunctionDefinition, "aggregates cannot have default arguments")
		}
	}
	p.parameters()
	if len(x.f.Outputs()) > 0 {
		failAt(-1, pgerr.InvalidFunctionDefinition, "aggregates cannot have output arguments")
	}
}

// optionType is a type that is the value of an option.
func (x *aggregateBuilder) optionType(option string) *types.Type {
	tn := x.options[option].Arg.GetTypeName()
	if tn == nil {
		tn = &parser.TypeName{Names: []*parser.Node{{Node: &parser.Node_String_{String_: &parser.String{Sval: defText(x.options[option])}}}}, Typemod: -1}
	}
	t, _ := x.typeNameType(tn)
	return t
}

// optionName is a qualified name that is the value of an option.
func (x *aggregateBuilder) optionName(option string) []string {
	d := x.options[option]
	if tn := d.Arg.GetTypeName(); tn != nil {
		return nameParts(tn.Names)
	}
	if l := d.Arg.GetList(); l != nil {
		return nameParts(l.Items)
	}
	return []string{defText(d)}
}

// stateType reads STYPE or MSTYPE.
func (x *aggregateBuilder) stateType(option string) types.OID {
	t := x.optionType(option)
	if t.Kind == 'p' && !isPolymorphic(t.OID) {
		failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate transition data type cannot be %s", x.typeName(t))
	}
	return t.OID
}

// transition is the part of AggregateCreate about the state and its function.
func (x *aggregateBuilder) transition() {
	switch {
	case x.options["stype"] == nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate stype must be specified")
	case x.options["sfunc"] == nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate sfunc must be specified")
	}
	x.a.State = x.stateType("stype")
	if isPolymorphic(x.a.State) {
		if !slices.ContainsFunc(x.f.InputTypes(), isPolymorphic) {
			fail(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot determine transition data type").
				WithDetail(polymorphicNeeds(polyFamilies[x.a.State]), x.oidName(x.a.State)))
		}
		x.polymorphicResult(x.f, x.a.State)
	}
	inputs := x.f.InputTypes()
	fn, result := x.support("sfunc", append([]types.OID{x.a.State}, inputs...))
	if result != x.a.State {
		failAt(-1, pgerr.DatatypeMismatch, "return type of transition function %s is not %s", dotted(x.optionName("sfunc")), x.oidName(x.a.State))
	}
	x.a.Transition = fn.OID
	if d := x.options["initcond"]; d != nil {
		text := defText(d)
		x.a.Init = &text
		if t := x.typ(x.a.State); t.Kind != 'p' {
			x.parseLiteral(text, t, -1, -1)
		}
	} else if !fn.NotStrict && (len(inputs) == 0 || !x.sameBinary(inputs[0], x.a.State)) {
		failAt(-1, pgerr.InvalidFunctionDefinition,
			"must not omit initial value when transition function is strict and transition type is not compatible with input type")
	}
}

// sameBinary is IsBinaryCoercible.
func (b *binder) sameBinary(from, to types.OID) bool {
	if from == to || to == types.AnyOID || to == types.AnyElementOID {
		return true
	}
	path, _ := b.coercionPath(to, from, coerceImplicit)
	return path == pathRelabel
}

// support is lookup_agg_function: a function that takes these types as they are,
// and what it returns for them.
func (x *aggregateBuilder) support(option string, args []types.OID) (*funcs.Func, types.OID) {
	schema, name := qualified(x.optionName(option))
	a := callArgs{variadic: option != "combinefunc" && slices.ContainsFunc(x.f.Params, func(p catalog.FunctionParam) bool { return p.Mode == 'v' })}
	for _, oid := range args {
		a.exprs = append(a.exprs, &plan.Const{Meta: plan.M(x.typ(oid), -1)})
	}
	t, ok, _ := x.resolveFunction(schema, name, a)
	if !ok && a.variadic { // of a function that is not variadic itself
		a.variadic = false
		t, ok, _ = x.resolveFunction(schema, name, a)
	}
	display := dotted(x.optionName(option))
	if !ok || t.fn == nil || t.fn.Kind != funcs.Normal || t.fn.Kernel == nil && !t.fn.ReturnSet {
		failAt(-1, pgerr.UndefinedFunction, "function %s does not exist", x.signature(display, args, ""))
	}
	if t.fn.ReturnSet {
		failAt(-1, pgerr.DatatypeMismatch, "function %s returns a set", x.signature(display, args, ""))
	}
	for i, declared := range t.args {
		if i < len(args) && !isPolymorphic(declared) && !x.sameBinary(args[i], declared) {
			failAt(-1, pgerr.DatatypeMismatch, "function %s requires run-time type coercion", x.signature(display, args, ""))
		}
	}
	_, result := x.fitArgs(t, a, -1)
	return t.fn, result.OID
}

// final settles the final function and the aggregate's result.
func (x *aggregateBuilder) final() {
	x.f.Result = x.a.State
	if x.options["finalfunc"] != nil {
		args := []types.OID{x.a.State}
		if d := x.options["finalfunc_extra"]; d != nil && x.defBool(d) {
			x.a.FinalExtra = true
			args = append(args, x.f.InputTypes()...)
		}
		fn, result := x.support("finalfunc", args)
		x.a.Final, x.f.Result = fn.OID, result
		if x.a.FinalExtra && !fn.NotStrict {
			failAt(-1, pgerr.InvalidFunctionDefinition, "final function with extra arguments must not be declared STRICT")
		}
	}
	x.polymorphicResult(x.f, x.f.Result)
	if d := x.options["finalfunc_modify"]; d != nil {
		x.a.FinalModify = modifies(d)
	}
	if x.options["combinefunc"] != nil {
		fn, result := x.support("combinefunc", []types.OID{x.a.State, x.a.State})
		if x.a.Combine = fn.OID; result != x.a.State {
			failAt(-1, pgerr.DatatypeMismatch, "return type of combine function %s is not %s", dotted(x.optionName("combinefunc")), x.oidName(x.a.State))
		}
	}
}

// modifies is extractModify.
func modifies(d *parser.DefElem) byte {
	switch v := defText(d); v {
	case "read_only":
		return 'r'
	case "shareable":
		return 's'
	case "read_write":
		return 'w'
	}
	failAt(-1, pgerr.SyntaxError, "parameter \"%s\" must be READ_ONLY, SHAREABLE, or READ_WRITE", d.Defname)
	return 0
}

// movingOnly are the options that need MSTYPE, in the order PostgreSQL looks.
var movingOnly = []string{"msfunc", "minvfunc", "mfinalfunc", "msspace", "minitcond"}

// moving reads the moving-aggregate mode, which windows here do without.
func (x *aggregateBuilder) moving() {
	if x.options["mstype"] == nil {
		for _, o := range movingOnly {
			if x.options[o] != nil {
				failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate %s must not be specified without mstype", o)
			}
		}
		return
	}
	for _, o := range movingOnly[:2] {
		if x.options[o] == nil {
			failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate %s must be specified when mstype is specified", o)
		}
	}
	a := x.a
	a.MovingState = x.stateType("mstype")
	args := append([]types.OID{a.MovingState}, x.f.InputTypes()...)
	forward, result := x.support("msfunc", args)
	if result != a.MovingState {
		failAt(-1, pgerr.DatatypeMismatch, "return type of transition function %s is not %s", dotted(x.optionName("msfunc")), x.oidName(a.MovingState))
	}
	inverse, result := x.support("minvfunc", args)
	if result != a.MovingState {
		failAt(-1, pgerr.DatatypeMismatch, "return type of inverse transition function %s is not %s", dotted(x.optionName("minvfunc")), x.oidName(a.MovingState))
	}
	if forward.NotStrict != inverse.NotStrict {
		failAt(-1, pgerr.InvalidFunctionDefinition, "strictness of aggregate's forward and inverse transition functions must match")
	}
	a.MovingTransition, a.MovingInverse = forward.OID, inverse.OID
	x.movingFinal()
}

func (x *aggregateBuilder) movingFinal() {
	a, result := x.a, x.a.MovingState
	if x.options["mfinalfunc"] != nil {
		args := []types.OID{a.MovingState}
		if d := x.options["mfinalfunc_extra"]; d != nil && x.defBool(d) {
			a.MovingFinalExtra = true
			args = append(args, x.f.InputTypes()...)
		}
		var fn *funcs.Func
		fn, result = x.support("mfinalfunc", args)
		a.MovingFinal = fn.OID
	}
	if result != x.f.Result {
		failAt(-1, pgerr.DatatypeMismatch, "moving-aggregate implementation returns type %s, but plain implementation returns type %s",
			x.oidName(result), x.oidName(x.f.Result))
	}
	if d := x.options["mfinalfunc_modify"]; d != nil {
		a.MovingFinalModify = modifies(d)
	}
	if d := x.options["minitcond"]; d != nil {
		text := defText(d)
		a.MovingInit = &text
	}
}

// rest reads SSPACE, SORTOP and PARALLEL.
func (x *aggregateBuilder) rest() {
	for option, to := range map[string]*int32{"sspace": &x.a.Space, "msspace": &x.a.MovingSpace} {
		if d := x.options[option]; d != nil {
			*to = d.Arg.GetInteger().GetIval()
		}
	}
	if x.options["sortop"] != nil {
		inputs := x.f.InputTypes()
		if len(inputs) != 1 {
			failAt(-1, pgerr.InvalidFunctionDefinition, "sort operator can only be specified for single-argument aggregates")
		}
		n := opName{}
		n.schema, n.name = qualified(x.optionName("sortop"))
		x.a.SortOp = x.operator(n, inputs[0], inputs[0], -1).OID
	}
	if d := x.options["parallel"]; d != nil {
		(&functionBuilder{binder: x.binder, f: x.f}).parallel(d)
	}
}
