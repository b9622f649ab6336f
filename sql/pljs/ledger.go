package pljs

import (
	"math"
	"reflect"
	goruntime "runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// The engine counts no memory. What Go knows is its heap profile: a sample of what is
// alive, by the stacks that have made it. So each runtime, a session's JavaScript, has a
// number, and its calls run below three functions that spell it, one digit each: what the
// profile has below them the runtime holds, and not the other sessions.
//
// A stack in the profile has its 32 innermost functions. What the engine made deeper, in
// functions of JavaScript that built-in ones call within each other, has no number any
// more: it counts against every runtime that is asked about.

// digits of a number, each in base 16.
const (
	digits     = 3
	maxNumbers = 1 << (4 * digits)
)

//go:noinline
func digit0(f func() error) error { return f() }

//go:noinline
func digit1(f func() error) error { return f() }

//go:noinline
func digit2(f func() error) error { return f() }

//go:noinline
func digit3(f func() error) error { return f() }

//go:noinline
func digit4(f func() error) error { return f() }

//go:noinline
func digit5(f func() error) error { return f() }

//go:noinline
func digit6(f func() error) error { return f() }

//go:noinline
func digit7(f func() error) error { return f() }

//go:noinline
func digit8(f func() error) error { return f() }

//go:noinline
func digit9(f func() error) error { return f() }

//go:noinline
func digit10(f func() error) error { return f() }

//go:noinline
func digit11(f func() error) error { return f() }

//go:noinline
func digit12(f func() error) error { return f() }

//go:noinline
func digit13(f func() error) error { return f() }

//go:noinline
func digit14(f func() error) error { return f() }

//go:noinline
func digit15(f func() error) error { return f() }

// digitTable are the functions whose frames on a stack are digits.
var digitTable = [16]func(f func() error) error{digit0, digit1, digit2, digit3, digit4, digit5, digit6, digit7,
	digit8, digit9, digit10, digit11, digit12, digit13, digit14, digit15}

// digitNames are the digits by the names of their functions.
var digitNames = sync.OnceValue(func() map[string]int {
	out := map[string]int{}
	for d, f := range digitTable {
		out[goruntime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()] = d
	}
	return out
})

// under runs f on a stack that spells a number, its last digit outermost.
func under(number int, f func() error) error {
	for range digits {
		digit, inner := digitTable[number>>(4*(digits-1))&15], f
		number <<= 4
		f = func() error { return digit(inner) }
	}
	return f()
}

var lastNumber atomic.Uint32

// newNumber gives numbers in turn: long after a session has ended another one has its
// number.
func newNumber() int { return int(lastNumber.Add(1) % maxNumbers) }

// ledger is what the heap profile says of the runtimes' memory, in bytes.
type ledger struct {
	by      map[int]float64
	unknown float64 // of some runtime
}

// of is what a runtime may hold.
func (l ledger) of(number int) uint64 { return uint64(l.by[number] + l.unknown) }

// readLedger collects garbage, and reads the profile as it is then.
func readLedger() ledger {
	goruntime.GC()
	l := ledger{by: map[int]float64{}}
	for _, r := range heapProfile() {
		if r.AllocObjects == r.FreeObjects {
			continue
		}
		number, spelled, engine := maker(r.Stack())
		switch {
		case spelled:
			l.by[number] += alive(r)
		case engine && len(r.Stack()) == len(r.Stack0):
			l.unknown += alive(r)
		}
	}
	return l
}

func heapProfile() []goruntime.MemProfileRecord {
	n, _ := goruntime.MemProfile(nil, false)
	for {
		records := make([]goruntime.MemProfileRecord, n+50)
		var ok bool
		if n, ok = goruntime.MemProfile(records, false); ok {
			return records[:n]
		}
	}
}

// alive is about how many bytes a record stands for, as pprof reckons it: small objects
// are sampled less often than large ones.
func alive(r goruntime.MemProfileRecord) float64 {
	bytes, objects := float64(r.InUseBytes()), float64(r.InUseObjects())
	rate := float64(goruntime.MemProfileRate)
	if rate <= 1 || objects == 0 {
		return bytes
	}
	return bytes / (1 - math.Exp(-bytes/objects/rate))
}

// maker says which number a stack spells, the innermost, or else whether the
// engine has made what the stack made.
func maker(stack []uintptr) (number int, spelled, engine bool) {
	names := digitNames()
	found := 0
	frames := goruntime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		engine = engine || strings.HasPrefix(f.Function, "github.com/dop251/goja.")
		if d, ok := names[f.Function]; ok {
			number = number<<4 | d
			if found++; found == digits {
				return number, true, true
			}
		}
		if !more {
			return 0, false, engine
		}
	}
}
