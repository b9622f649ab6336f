package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

const (
	functionHint   = "No function matches the given name and argument types. You might need to add explicit type casts."
	functionUnique = "Could not choose a best candidate function. You might need to add explicit type casts."
)

// callArgs are the arguments of a call as written.
type callArgs struct {
	exprs []plan.Expr
	// names of the trailing named arguments, "" for positional ones.
	names    []string
	variadic bool // VARIADIC array
}

func (a callArgs) named() bool {
	return len(a.names) > 0 && a.names[len(a.names)-1] != ""
}

// overload is a function fitted to a call.
type overload struct {
	fn *funcs.Func
	// order maps each of the function's arguments to one of the call's, -1 for a
	// default; nil means as written.
	order []int
	// expanded: a variadic function called with its last arguments one by one.
	expanded bool
	// path is where the search path has the function's schema.
	path int
	// ambiguous: another one, with defaults, fits as well.
	ambiguous bool
}

// functionCandidates is FuncnameGetCandidates.
func (b *binder) functionCandidates(schema, name string, a callArgs) []candidate[overload] {
	var out []candidate[overload]
	for _, f := range b.functionsNamed(name) {
		at := b.pathPosition(schema, f)
		if at < 0 {
			continue
		}
		c, ok := fitCall(f, a)
		if !ok {
			continue
		}
		c.of.path = at
		out = addCandidate(out, c)
	}
	return out
}

// addCandidate keeps, of the forms with the same argument types, the one whose
// schema the search path has first; then a plain one before one with variadic
// arguments expanded. Nothing decides between two with defaults.
func addCandidate(cs []candidate[overload], c candidate[overload]) []candidate[overload] {
	for i, old := range cs {
		if !slices.Equal(old.args, c.args) {
			continue
		}
		switch {
		case c.of.path < old.of.path || c.of.path == old.of.path && old.of.expanded && !c.of.expanded:
			cs[i] = c
		case c.of.path == old.of.path && c.of.expanded == old.of.expanded:
			cs[i].of.ambiguous = true
		}
		return cs
	}
	return append(cs, c)
}

// fitCall says which argument types f has for a call of this shape.
func fitCall(f *funcs.Func, a callArgs) (candidate[overload], bool) {
	n := len(a.exprs)
	c := candidate[overload]{of: overload{fn: f}}
	switch {
	case a.named():
		return fitNamed(f, a)
	case f.Variadic != 0 && !a.variadic && n >= len(f.Args):
		c.of.expanded = true
		c.args = slices.Clone(f.Args[:len(f.Args)-1])
		for len(c.args) < n {
			c.args = append(c.args, f.Variadic)
		}
		return c, true
	case n == len(f.Args):
		c.args = f.Args
		return c, a.variadic == (f.Variadic != 0) || !a.variadic
	case n < len(f.Args) && n+len(f.Defaults) >= len(f.Args) && !a.variadic:
		c.args = f.Args[:n]
		c.of.order = positional(n, len(f.Args))
		return c, true
	}
	return c, false
}

func positional(n, total int) []int {
	order := make([]int, total)
	for i := range order {
		order[i] = i
		if i >= n {
			order[i] = -1
		}
	}
	return order
}

// fitNamed is MatchNamedCall.
func fitNamed(f *funcs.Func, a callArgs) (candidate[overload], bool) {
	c := candidate[overload]{of: overload{fn: f}}
	n := len(a.exprs)
	if len(f.ArgNames) == 0 || n > len(f.Args) || n+len(f.Defaults) < len(f.Args) {
		return c, false
	}
	order := positional(0, len(f.Args))
	c.args = make([]types.OID, n)
	for i := range a.exprs {
		at := i
		if a.names[i] != "" {
			at = slices.Index(f.ArgNames, a.names[i])
		}
		if at < 0 || order[at] >= 0 {
			return c, false
		}
		order[at], c.args[i] = i, f.Args[at]
	}
	for i, from := range order {
		if from < 0 && i < len(f.Args)-len(f.Defaults) {
			return c, false
		}
	}
	c.of.order = order
	return c, true
}

// callTarget is what func_get_detail finds: a function, or a type that the name
// coerces to.
type callTarget struct {
	overload
	args []types.OID
	cast *types.Type
}

// resolveFunction is func_get_detail; ok is false where there is none, and
// ambiguous where there is no best one.
func (b *binder) resolveFunction(schema, name string, a callArgs) (t callTarget, ok, ambiguous bool) {
	t, ok, ambiguous = b.bestFunction(schema, name, a)
	if ok && t.fn != nil && !implemented(t.fn) {
		return t, false, false
	}
	return t, ok, ambiguous
}

func (b *binder) bestFunction(schema, name string, a callArgs) (t callTarget, ok, ambiguous bool) {
	cs := b.functionCandidates(schema, name, a)
	inputs := typesOf(a.exprs)
	for _, c := range cs {
		if slices.Equal(c.args, inputs) {
			return callTarget{overload: c.of, args: c.args}, !c.of.ambiguous, c.of.ambiguous
		}
	}
	if to := b.functionAsCast(schema, name, a); to != nil {
		return callTarget{cast: to}, true, false
	}
	cs = matching(b, inputs, cs)
	switch len(cs) {
	case 0:
		return t, false, false
	case 1:
		return callTarget{overload: cs[0].of, args: cs[0].args}, !cs[0].of.ambiguous, cs[0].of.ambiguous
	}
	if best := choose(b, inputs, cs); best != nil {
		return callTarget{overload: best.of, args: best.args}, !best.of.ambiguous, best.of.ambiguous
	}
	return t, false, true
}

// functionAsCast reads type(x) as a cast where that needs no function.
func (b *binder) functionAsCast(schema, name string, a callArgs) *types.Type {
	if len(a.exprs) != 1 || a.named() || a.variadic {
		return nil
	}
	t := b.lookupType(schema, name)
	if t == nil {
		return nil
	}
	source := a.exprs[0].Type().OID
	if source == types.UnknownOID {
		return t
	}
	switch kind, _ := b.coercionPath(t.OID, source, coerceExplicit); {
	case kind == pathRelabel:
		return t
	case kind == pathInOut && !((source == types.RecordOID || b.isComplex(source)) && t.Category == types.String):
		return t
	}
	return nil
}

// missingFunction raises 42883 or 42725.
func (b *binder) missingFunction(name string, a callArgs, ambiguous bool, pos int) {
	sig := b.functionSignature(name, a)
	if ambiguous {
		fail(pgerr.New(pgerr.AmbiguousFunction, "function %s is not unique", sig).WithHint(functionUnique).AtByte(pos))
	}
	fail(pgerr.New(pgerr.UndefinedFunction, "function %s does not exist", sig).WithHint(functionHint).AtByte(pos))
}

// functionSignature is func_signature_string.
func (b *binder) functionSignature(name string, a callArgs) string {
	parts := make([]string, len(a.exprs))
	for i, e := range a.exprs {
		parts[i] = b.typeName(e.Type())
		if i < len(a.names) && a.names[i] != "" {
			parts[i] = a.names[i] + " => " + parts[i]
		}
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}

// fitArgs orders, defaults and coerces the arguments of a resolved call, and
// returns the actual result type.
func (b *binder) fitArgs(t callTarget, a callArgs, pos int) ([]plan.Expr, *types.Type) {
	exprs := a.exprs
	declared := slices.Clone(t.args)
	if t.order != nil {
		exprs = b.orderArgs(t, a)
		declared = slices.Clone(t.fn.Args)
	}
	b.checkVariadic(t, a)
	b.uses(t.fn)
	actual := typesOf(exprs)
	result := b.genericTypes(actual, declared, t.fn.Result)
	return b.packVariadic(t, b.coerceArgs(exprs, declared, pos)), b.typ(result)
}

// packVariadic makes the array that a user's function takes of variadic
// arguments given one by one; built-in ones get them as they are.
func (b *binder) packVariadic(t callTarget, es []plan.Expr) []plan.Expr {
	if !t.expanded || !t.fn.User || t.fn.Variadic == types.AnyOID {
		return es
	}
	n := len(t.fn.Args) - 1
	elems := slices.Clone(es[n:])
	array := &plan.ArrayExpr{Meta: plan.M(b.typ(b.arrayOf(elems[0].Type().OID)), elems[0].Pos()), Elems: elems}
	return append(slices.Clone(es[:n]), array)
}

// checkVariadic requires an array after VARIADIC.
func (b *binder) checkVariadic(t callTarget, a callArgs) {
	if !a.variadic || t.fn.Variadic != types.AnyOID {
		return
	}
	last := a.exprs[len(a.exprs)-1]
	if oid := last.Type().OID; oid != types.UnknownOID && b.elemOf(b.baseType(oid)) == 0 {
		failAt(last.Pos(), pgerr.DatatypeMismatch, "VARIADIC argument must be an array")
	}
}

func (b *binder) orderArgs(t callTarget, a callArgs) []plan.Expr {
	f := t.fn
	out := make([]plan.Expr, len(f.Args))
	for i, from := range t.order {
		if from >= 0 {
			out[i] = a.exprs[from]
			continue
		}
		text := f.Defaults[i-(len(f.Args)-len(f.Defaults))]
		out[i] = b.textExpr(text, nil, kindOther)
	}
	return out
}

// mustCall calls a function of our own choosing: for syntax that PostgreSQL's
// grammar turns into calls.
func (b *binder) mustCall(name string, args []plan.Expr, pos int) *plan.Call {
	a := callArgs{exprs: args}
	t, ok, ambiguous := b.resolveFunction("pg_catalog", name, a)
	if !ok || t.cast != nil {
		b.missingFunction(name, a, ambiguous, pos)
	}
	es, result := b.fitArgs(t, a, pos)
	return &plan.Call{Meta: plan.M(result, pos), Func: t.fn, Args: es}
}
