package pljs

import (
	goruntime "runtime"
	"testing"

	"github.com/dop251/goja"
	"github.com/stretchr/testify/require"
)

// kept keeps the memory of tests alive.
var kept []any

// hold has the engine make n arrays, and returns by how many bytes the heap has grown.
func hold(t *testing.T, number int, program string, n int) uint64 {
	t.Helper()
	goruntime.GC()
	before := heapBytes()
	vm := goja.New()
	require.NoError(t, under(number, func() error {
		if err := vm.Set("n", n); err != nil {
			return err
		}
		_, err := vm.RunString(program)
		return err
	}))
	kept = append(kept, vm)
	goruntime.GC()
	return heapBytes() - before
}

const (
	// flat makes arrays in each step.
	flat = `const all = []; for (let i = 0; i < n; i++) all.push(new Array(64).fill(i))`
	// nested does so within two built-in functions.
	nested = `const all = [1].map(() => [1].map(() => { const a = []; for (let i = 0; i < n; i++) a.push(new Array(64).fill(i)); return a }))`
)

// TestLedger: what a runtime holds is counted as its own, nobody else's with it.
func TestLedger(t *testing.T) {
	defer func() { kept = nil }()
	others := make([]byte, 64<<20)
	few, many := hold(t, 0x123, flat, 8000), hold(t, 0x321, flat, 24000)
	l := readLedger()
	require.InEpsilon(t, few, l.of(0x123), 0.6)
	require.InEpsilon(t, many, l.of(0x321), 0.6)
	require.Less(t, l.of(0xfff), uint64(4<<20))
	deep := hold(t, 0xfff, nested, 8000)
	require.InEpsilon(t, deep, readLedger().of(0xfff), 0.6, "within built-in functions")
	kept = nil
	require.Less(t, readLedger().of(0x321), uint64(4<<20), "what can be collected is nobody's")
	others[0] = 1
}

// TestNumbers: every number is read as it was spelled.
func TestNumbers(t *testing.T) {
	for number := 0; number < maxNumbers; number += 37 {
		require.NoError(t, under(number, func() error {
			var stack [32]uintptr
			got, spelled, _ := maker(stack[:callers(stack[:])])
			require.True(t, spelled)
			require.Equal(t, number, got)
			return nil
		}))
	}
}

func callers(stack []uintptr) int { return goruntime.Callers(1, stack) }
