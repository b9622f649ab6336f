package jsonpath

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Options are what an execution needs besides path and document.
type Options struct {
	// Vars are the variables: an object, or nil where the caller takes none;
	// then variables are null.
	Vars *types.JSON
	// Silent suppresses the errors that the language defines; the execution then
	// just ends.
	Silent bool
	// TimeZone lets values without a time zone be compared with those that have
	// one; else that is 0A000.
	TimeZone bool
	Env      *types.Env
	// ParseDatetime reads a text by a template in the standard's mode
	// (parse_datetime): 22007 or 22008 if it does not fit.
	ParseDatetime func(text, template string) (Datetime, error)
}

// result is the outcome of an operation (JsonPathExecResult).
type result uint8

const (
	found result = iota
	notFound
	failed // an error that the execution suppresses
)

// list collects items. A nil *list asks only whether there is any.
type list struct{ items []Item }

// executor is one execution (JsonPathExecContext).
type executor struct {
	Options
	lax     bool
	root    *types.JSON
	current Item
	base    baseObject
	// lastID is the id of the last object that .keyvalue() made.
	lastID int64
	// arraySize is the size of the innermost array that is subscripted, or -1.
	arraySize int
	// ignoreStructural suppresses structural errors: always in lax mode.
	ignoreStructural bool
	throw            bool
	err              error // what made the result failed while throw is set
	depth            int
}

// baseObject is what ids of .keyvalue() count from.
type baseObject struct {
	json *types.JSON
	id   int64
}

func (p *Path) executor(doc *types.JSON, o Options) (*executor, error) {
	if o.Vars != nil && o.Vars.Kind != types.JSONObject {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "\"vars\" argument is not an object").
			WithDetail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.")
	}
	x := &executor{
		Options: o, lax: !p.Strict, root: doc, current: jsonItem(doc), lastID: 1, arraySize: -1,
		ignoreStructural: !p.Strict, throw: !o.Silent,
	}
	x.setBase(doc, 0)
	if o.Vars != nil {
		x.lastID = 2
	}
	return x, nil
}

// Query returns the values that the path finds in doc. ok is false if it failed
// with an error that Silent suppresses. Errors have the SQLSTATEs of the
// standard: 22033, 22036, 22038, 22039, 2203A to 2203C, 22031; 42704 for an
// unknown variable.
func (p *Path) Query(doc *types.JSON, o Options) (items []Item, ok bool, err error) {
	x, err := p.executor(doc, o)
	if err != nil {
		return nil, false, err
	}
	var l list
	r := x.item(p.root, jsonItem(doc), &l)
	if x.err != nil {
		return nil, false, x.err
	}
	return l.items, r != failed, nil
}

// Exists says whether the path finds anything; ok is false where Query's is.
func (p *Path) Exists(doc *types.JSON, o Options) (exists, ok bool, err error) {
	if p.Strict {
		// Everything has to be looked at, for errors.
		items, ok, err := p.Query(doc, o)
		return len(items) > 0, ok, err
	}
	x, err := p.executor(doc, o)
	if err != nil {
		return false, false, err
	}
	r := x.item(p.root, jsonItem(doc), nil)
	return r == found, r != failed, x.err
}

func (x *executor) setBase(j *types.JSON, id int64) (old baseObject) {
	old = x.base
	x.base = baseObject{j, id}
	if j == nil || j.IsScalar() {
		x.base.json = nil
	}
	return old
}

// fail ends the execution with an error that Silent suppresses.
func (x *executor) fail(code pgerr.Code, format string, args ...any) result {
	return x.failWith(pgerr.New(code, format, args...))
}

func (x *executor) failWith(err error) result {
	if x.throw {
		x.err = err
	}
	return failed
}

// abort ends the execution with an error that nothing suppresses.
func (x *executor) abort(err error) result {
	x.throw = true
	x.err = err
	return failed
}

// item executes n and what follows it, unwrapping arrays in lax mode
// (executeItem).
func (x *executor) item(n *Node, v Item, out *list) result {
	return x.itemUnwrapTarget(n, v, out, x.lax)
}

// itemUnwrapTarget is executeItemOptUnwrapTarget.
func (x *executor) itemUnwrapTarget(n *Node, v Item, out *list, unwrap bool) result {
	if x.depth++; x.depth > maxDepth {
		return x.abort(pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded"))
	}
	defer func() { x.depth-- }()
	switch {
	case n.op.isPredicate():
		return x.appendBool(n, x.predicate(n, v), out)
	case unwrap && v.isArray() && n.op.unwrapsTarget():
		return x.unwrapArray(n, v, out, false)
	}
	return operations[n.op](x, n, v, out)
}

// unwrapsTarget says that an array stands for its elements there.
func (o op) unwrapsTarget() bool {
	switch o {
	case opKey, opAnyKey, opFilter, opAbs, opFloor, opCeiling, opDouble, opDatetime, opKeyValue:
		return true
	}
	return false
}

// operations are the operations but predicates. init fills it: they call each
// other through it.
var operations map[op]func(x *executor, n *Node, v Item, out *list) result

func init() {
	operations = map[op]func(x *executor, n *Node, v Item, out *list) result{
		opNull: (*executor).literal, opString: (*executor).literal, opNumeric: (*executor).literal,
		opBool: (*executor).literal, opVariable: (*executor).literal,
		opRoot: (*executor).rootItem, opCurrent: (*executor).currentItem, opLast: (*executor).lastItem,
		opKey: (*executor).key, opAnyKey: (*executor).anyKey, opAnyArray: (*executor).anyArray,
		opIndexArray: (*executor).indexArray, opAny: (*executor).any, opFilter: (*executor).filter,
		opAdd: arithmetic(types.Numeric.Add), opSub: arithmetic(types.Numeric.Sub), opMul: arithmetic(types.Numeric.Mul),
		opDiv: arithmetic(types.Numeric.Div), opMod: arithmetic(types.Numeric.Mod),
		opPlus: sign(func(n types.Numeric) types.Numeric { return n }), opMinus: sign(types.Numeric.Neg),
		opType: (*executor).typeMethod, opSize: (*executor).size, opAbs: numericMethod(types.Numeric.Abs),
		opFloor: numericMethod(types.Numeric.Floor), opCeiling: numericMethod(types.Numeric.Ceil),
		opDouble: (*executor).double, opDatetime: (*executor).datetime, opKeyValue: (*executor).keyValue,
	}
}

// next goes on with what follows an operation, or adds its value to the result
// (executeNextItem).
func (x *executor) next(n *Node, v Item, out *list) result {
	if n.next != nil {
		return x.item(n.next, v, out)
	}
	if out != nil {
		out.items = append(out.items, v)
	}
	return found
}

// unneeded says that nobody asks for the operation's value: that there is one
// is known.
func unneeded(n *Node, out *list) bool { return n.next == nil && out == nil }

// unwrapArray executes n on each element (executeItemUnwrapTargetArray).
func (x *executor) unwrapArray(n *Node, v Item, out *list, unwrapElements bool) result {
	return x.anyItem(anyArgs{n: n, first: 1, last: 1, unwrapNext: unwrapElements}, v.JSON, out, 1)
}

// itemUnwrapResult executes n and, in lax mode, unwraps the arrays that it gives
// (executeItemOptUnwrapResult).
func (x *executor) itemUnwrapResult(n *Node, v Item, unwrap bool, out *list) result {
	if !unwrap || !x.lax {
		return x.item(n, v, out)
	}
	var l list
	if r := x.item(n, v, &l); r == failed {
		return r
	}
	for _, it := range l.items {
		if !it.isArray() {
			out.items = append(out.items, it)
			continue
		}
		for _, e := range it.JSON.Arr {
			out.items = append(out.items, jsonItem(e))
		}
	}
	return found
}

// quietly is itemUnwrapResult with errors suppressed
// (executeItemOptUnwrapResultNoThrow).
func (x *executor) quietly(n *Node, v Item, unwrap bool, out *list) result {
	throw := x.throw
	x.throw = false
	r := x.itemUnwrapResult(n, v, unwrap, out)
	if x.err == nil {
		x.throw = throw
	}
	return r
}

// anyArgs are the arguments of anyItem that stay the same at every level.
type anyArgs struct {
	n                *Node // what to execute on each value; nil adds the value
	first, last      uint32
	ignoreStructural bool
	unwrapNext       bool
}

// anyItem executes an operation on the values below a container, as far as the
// levels go (executeAnyItem).
func (x *executor) anyItem(a anyArgs, j *types.JSON, out *list, level uint32) result {
	r := notFound
	if level > a.last {
		return r
	}
	for _, c := range children(j) {
		if level >= a.first || a.first == lastLevel && a.last == lastLevel && c.IsScalar() {
			if r = x.anyChild(a, c, out); r == failed || r == found && out == nil {
				return r
			}
		}
		if level < a.last && !c.IsScalar() {
			if r = x.anyItem(a, c, out, level+1); r == failed || r == found && out == nil {
				return r
			}
		}
	}
	return r
}

func (x *executor) anyChild(a anyArgs, c *types.JSON, out *list) result {
	switch {
	case a.n != nil:
		ignore := x.ignoreStructural
		x.ignoreStructural = ignore || a.ignoreStructural
		r := x.itemUnwrapTarget(a.n, jsonItem(c), out, a.unwrapNext)
		x.ignoreStructural = ignore
		return r
	case out != nil:
		out.items = append(out.items, jsonItem(c))
		return notFound
	}
	return found
}
