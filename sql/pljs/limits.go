package pljs

import (
	"context"
	"errors"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// What a program may take. Between two steps of it a call ends where its time or
// its memory is over; what one built-in operation makes is refused beyond
// maxOperation bytes or elements, since nothing can end it.
const (
	maxCallStack = 4000
	maxOperation = 16 << 20
	// memoryStep is how often a running call's memory is looked at.
	memoryStep = 5 * time.Millisecond
	// maxStrikes is how often a call is given another look.
	maxStrikes = 2
)

// errTimeout is the cause of a context that javascript_timeout ends.
var errTimeout = errors.New("s3db.javascript_timeout")

// canceled is 57014 for a context that is over.
func canceled(ctx context.Context) *pgerr.Error {
	if errors.Is(context.Cause(ctx), errTimeout) {
		return pgerr.New(pgerr.QueryCanceled, "canceling statement due to JavaScript timeout").
			WithHint("The limit is the parameter s3db.javascript_timeout.")
	}
	return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(ctx.Err())
}

// limit lets the outermost call run for as long and as much as it may, until done,
// which says why the call was ended, if it was.
func (x *call) limit() (done func() error) {
	if x.outer != nil {
		x.ctx = joined(x.ctx, x.outer.ctx)
		return func() error { return nil }
	}
	ctx, cancel := x.ctx, context.CancelFunc(func() {})
	if d := x.spi.Number("s3db.javascript_timeout"); d > 0 {
		ctx, cancel = context.WithTimeoutCause(ctx, time.Duration(d)*time.Millisecond, errTimeout)
	}
	x.ctx = ctx
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		x.rt.vm.Interrupt(canceled(ctx))
		close(over)
	})
	m := watchMemory(x.rt, uint64(x.spi.Number("s3db.javascript_memory"))<<10)
	return func() error {
		if !stop() {
			<-over
		}
		err := m.stop()
		if err == nil && ctx.Err() != nil {
			err = canceled(ctx)
		}
		cancel()
		x.rt.vm.ClearInterrupt()
		return err
	}
}

// joined is ctx, which ends with outer too.
func joined(ctx, outer context.Context) context.Context {
	if ctx.Err() == nil && outer.Err() != nil {
		c, cancel := context.WithCancelCause(ctx)
		cancel(context.Cause(outer))
		return c
	}
	return ctx
}

// memoryWatch ends a call that takes too much. The server's heap is looked at often, which
// is cheap; when it has grown by what the call may still take, the ledger says what of it
// is the call's.
type memoryWatch struct {
	rt    *runtime
	limit uint64

	mu    sync.Mutex
	timer *time.Timer
	// suspect is the size of the heap from which on the ledger is asked.
	suspect uint64
	// strikes is how often in turn the ledger has said too much: the garbage that a call
	// makes while it is read counts as held.
	strikes int
	ended   error
	over    bool
}

func watchMemory(rt *runtime, limit uint64) *memoryWatch {
	m := &memoryWatch{rt: rt, limit: limit}
	if limit > 0 {
		m.mu.Lock() // look may be called before the timer is known
		defer m.mu.Unlock()
		m.timer = time.AfterFunc(memoryStep, m.look)
	}
	return m
}

// look takes the first measure as the base.
func (m *memoryWatch) look() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return
	}
	now := heapBytes()
	switch {
	case m.suspect == 0:
		m.suspect = now + m.room()
	case now > m.suspect:
		m.rt.taken = readLedger().of(m.rt.number)
		switch {
		case m.rt.taken <= m.limit:
			m.strikes, m.suspect = 0, heapBytes()+m.room()
		case m.strikes < maxStrikes:
			m.strikes, m.suspect = m.strikes+1, 1 // look again at once
		default:
			m.ended = pgerr.New(pgerr.OutOfMemory, "out of memory").
				WithDetail("The session's JavaScript functions hold more than s3db.javascript_memory allows.")
			m.rt.vm.Interrupt(m.ended)
			return
		}
	default:
		m.suspect = min(m.suspect, now+m.room())
	}
	m.timer.Reset(memoryStep)
}

// room is what the heap may grow by until the ledger is asked again.
func (m *memoryWatch) room() uint64 {
	if m.rt.taken >= m.limit {
		return m.limit / 8
	}
	return max(m.limit-m.rt.taken, m.limit/8)
}

func (m *memoryWatch) stop() error {
	if m.timer == nil {
		return nil
	}
	m.timer.Stop()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.over = true
	return m.ended
}

func heapBytes() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// operations are the built-in functions that could take long or much in one step.
// make gets the original, refuse and the limit.
const operations = `(function (limit, refuse) {
	"use strict";
	const apply = Reflect.apply, define = Object.defineProperty;
	const guard = (on, names, size) => {
		for (const name of names) {
			const f = on[name];
			if (typeof f !== "function") continue;
			const g = { [name](...args) {
				if (size(this, args) > limit) refuse(name);
				return apply(f, this, args);
			} }[name];
			define(on, name, { value: g, writable: true, configurable: true, enumerable: false });
		}
	};
	guard(String.prototype, ["repeat"], (s, a) => String(s).length * a[0]);
	guard(String.prototype, ["padStart", "padEnd"], (s, a) => a[0]);
	guard(Array.prototype, ["fill", "concat", "copyWithin", "every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flat",
		"flatMap", "forEach", "includes", "indexOf", "join", "lastIndexOf", "map", "reduce", "reduceRight", "reverse", "slice", "some",
		"sort", "splice", "toReversed", "toSorted", "toSpliced", "unshift", "shift", "with"], (a) => a === null || a === undefined ? 0 : a.length);
	guard(BigInt, ["asIntN", "asUintN"], (_, a) => a[0] / 8);
	guard(Array, ["from"], (_, a) => a[0] === null || a[0] === undefined ? 0 : a[0].length);
	const bounded = (name) => {
		const C = globalThis[name], unit = C.BYTES_PER_ELEMENT || 1;
		const P = new Proxy(C, { construct(target, args, self) {
			const n = typeof args[0] === "object" && args[0] !== null ? args[0].length : args[0];
			if (n * unit > limit) refuse(name);
			return Reflect.construct(target, args, self === P ? target : self);
		} });
		define(C, Symbol.hasInstance, { value(v) { return typeof v === "object" && v !== null && this.prototype.isPrototypeOf(v); } });
		define(C.prototype, "constructor", { value: P, writable: true, configurable: true, enumerable: false });
		define(globalThis, name, { value: P, writable: true, configurable: true, enumerable: false });
	};
	["ArrayBuffer", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
		"Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"].forEach((name) => { if (globalThis[name]) bounded(name); });
	const code = function () { throw new EvalError("JavaScript functions make no code from text"); };
	for (const f of [function () {}, function* () {}, async function () {}]) {
		define(Object.getPrototypeOf(f), "constructor", { value: code, writable: false, configurable: false, enumerable: false });
	}
	code.prototype = Function.prototype;
	define(globalThis, "Function", { value: code, writable: false, configurable: false, enumerable: false });
	define(globalThis, "eval", { value: code, writable: false, configurable: false, enumerable: false });
})`

var operationsProgram = goja.MustCompile("limits", operations, false)

// limit puts the guards around built-in operations.
func (rt *runtime) limit() {
	v, err := rt.vm.RunProgram(operationsProgram)
	if err != nil {
		panic(err) // a mistake in the text above
	}
	guard, _ := goja.AssertFunction(v)
	refuse := rt.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		rt.throw(pgerr.New(pgerr.ProgramLimitExceeded, "%s() of JavaScript would make too much at once", c.Argument(0).String()).
			WithDetail("The limit is %d bytes or elements, and %d bytes of a power.", maxOperation, maxPower))
		return nil
	})
	if _, err := guard(goja.Undefined(), rt.vm.ToValue(maxOperation), refuse); err != nil {
		panic(err)
	}
	rt.defineOperators(refuse)
	rt.limitPatterns()
}
