package pljs

import (
	"context"
	"fmt"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// runtime is the JavaScript of one session under one role: its globals are those
// of all functions that run there, as plv8 has it.
type runtime struct {
	vm *goja.Runtime
	// top is the innermost call, nil for none.
	top *call
	// functions are the programs that the runtime has run.
	functions map[*goja.Program]goja.Value
	// door runs next inside of the engine, which turns whatever happens there into
	// an error.
	door goja.Callable
	next func()
	// hidden is the property under which a JavaScript error keeps the SQL error that
	// it stands for.
	hidden *goja.Symbol
	// What the engine had at the beginning: JSON's functions, Uint8Array, Promise.
	parse, stringify, bytes goja.Value
	promise                 *goja.Object
	// number is under what the ledger has its memory; taken is what that said last.
	number int
	taken  uint64
}

// stateKey is the runtime's among what languages keep of a session.
type stateKey struct{}

// runtimeOf is the session's runtime for its current role.
func runtimeOf(s pl.SPI) *runtime {
	return s.State(stateKey{}, func() any { return newRuntime(s) }).(*runtime)
}

func newRuntime(s pl.SPI) *runtime {
	rt := &runtime{vm: goja.New(), functions: map[*goja.Program]goja.Value{}, hidden: goja.NewSymbol("SQL error"), number: newNumber()}
	rt.vm.SetMaxCallStackSize(maxCallStack)
	if clock := s.Types().Clock; clock != nil {
		rt.vm.SetTimeSource(goja.Now(clock))
	}
	rt.door, _ = goja.AssertFunction(rt.vm.ToValue(func(goja.FunctionCall) goja.Value {
		f := rt.next
		rt.next = nil
		f()
		return goja.Undefined()
	}))
	json := rt.vm.Get("JSON").(*goja.Object)
	rt.parse, rt.stringify, rt.bytes = json.Get("parse"), json.Get("stringify"), rt.vm.Get("Uint8Array")
	rt.promise = rt.vm.Get("Promise").(*goja.Object)
	rt.limit()
	rt.defineAPI()
	return rt
}

// call is one activation of a function.
type call struct {
	ctx  context.Context
	spi  pl.SPI
	rt   *runtime
	code *code
	// shape is what it returns; nil of triggers and DO.
	shape *shape
	// rows are those of the result.
	rows []any
	// outer is the call around it in the same runtime.
	outer *call
}

func newCall(ctx context.Context, s pl.SPI, code *code) *call {
	x := &call{ctx: ctx, spi: s, rt: runtimeOf(s), code: code}
	s.Tell(x.where)
	return x
}

// run runs f with the call's function; what f converts may call JavaScript, too.
func (x *call) run(f func(goja.Callable) error) error {
	rt := x.rt
	x.outer, rt.top = rt.top, x
	defer func() { rt.top = x.outer }()
	done := x.limit()
	var failed error
	rt.next = func() {
		v, err := rt.function(x.code)
		if err == nil {
			fn, _ := goja.AssertFunction(v)
			err = f(fn)
		}
		failed = err
	}
	err := under(rt.number, func() error {
		_, err := rt.door(goja.Undefined())
		return err
	})
	if err == nil {
		err = failed
	}
	if held := done(); held != nil && err != nil {
		err = held
	}
	return x.sqlError(err)
}

// function is a compiled function in this runtime.
func (rt *runtime) function(c *code) (goja.Value, error) {
	if f := rt.functions[c.program]; f != nil {
		return f, nil
	}
	v, err := rt.vm.RunProgram(c.program)
	if err != nil {
		return nil, err
	}
	if len(rt.functions) >= maxPrograms {
		clear(rt.functions)
	}
	rt.functions[c.program] = v
	return v, nil
}

// invoke calls a function and waits for the promise of one that is async. It spells
// the runtime's number anew: the nearer to the engine, the fewer stacks end before it.
func (x *call) invoke(f goja.Callable, args ...goja.Value) (v goja.Value, err error) {
	err = under(x.rt.number, func() (err error) {
		v, err = f(goja.Undefined(), args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	o, ok := v.(*goja.Object)
	if !ok || !x.rt.vm.InstanceOf(o, x.rt.promise) {
		return v, nil
	}
	p, ok := o.Export().(*goja.Promise)
	if !ok {
		return v, nil
	}
	switch p.State() {
	case goja.PromiseStateFulfilled:
		return p.Result(), nil
	case goja.PromiseStateRejected:
		panic(p.Result())
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "the promise that JavaScript function \"%s\" returned is never kept", x.code.name).
		WithDetail("There is nothing to wait for but what the function itself does, and an async function that another calls is not waited for.")
}

// where is the call's line in a message's context.
func (x *call) where() string {
	line := 0
	for _, f := range x.rt.vm.CaptureCallStack(0, nil) {
		if f.SrcName() == scriptName(x.code.name) {
			line = f.Position().Line
			break
		}
	}
	return where(x.code.name, line, lineOf(x.code.source, line))
}

// where is plv8's context: f() LINE 2: text.
func where(name string, line int, text string) string {
	if name == "" {
		name = "inline_code_block"
	}
	if line == 0 {
		return fmt.Sprintf("JavaScript function %s()", name)
	}
	return fmt.Sprintf("JavaScript function %s() LINE %d: %s", name, line, text)
}

// env is how values are read and written.
func (x *call) env() *types.Env { return x.spi.Types() }

func isNil(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }
