package pljs

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// session is as much of a session as programs without SQL need.
type session struct {
	pl.SPI
	states  map[any]any
	numbers map[string]int64
}

func newSession() *session {
	return &session{states: map[any]any{}, numbers: map[string]int64{"s3db.javascript_memory": 32 << 10, "s3db.javascript_timeout": 10000}}
}

func (s *session) State(key any, make func() any) any {
	if s.states[key] == nil {
		s.states[key] = make()
	}
	return s.states[key]
}

func (s *session) Number(name string) int64 { return s.numbers[name] }
func (s *session) Types() *types.Env        { return types.DefaultEnv() }
func (s *session) Tell(func() string)       {}

// TestProgramsEnd: whatever a program does, it ends, and the session goes on.
func TestProgramsEnd(t *testing.T) {
	s := newSession()
	for _, c := range []struct {
		name, program string
		code          pgerr.Code
		message       string
	}{
		{"an error", `throw new Error('no')`, "XX000", "Error: no"},
		{"an error with a code", `const e = new Error('no'); e.sqlerrcode = '23514'; throw e`, "23514", "no"},
		{"what is no error", `throw 7`, "XX000", "7"},
		{"recursion", `function f() { return f() + 1 } f()`, "54001", "JavaScript stack depth limit exceeded"},
		{"recursion by a built-in", `function f() { return [1].map(f) } f()`, "54001", "JavaScript stack depth limit exceeded"},
		{"memory", `const all = []; for (;;) all.push(new Array(64).fill(all.length))`, "53200", "out of memory"},
		{"memory, caught", `const all = []; for (;;) try { for (;;) all.push(new Array(64).fill(all.length)) } catch (e) { }`, "53200", "out of memory"},
		{"a long text", `let s = 'x'; for (;;) s = s.repeat(2)`, "54000", "repeat() of JavaScript would make too much at once"},
		{"padding", `'x'.padEnd(2 ** 30)`, "54000", "padEnd() of JavaScript would make too much at once"},
		{"a long array", `new Array(2 ** 31).fill(0)`, "54000", "fill() of JavaScript would make too much at once"},
		{"bytes", `new Uint8Array(2 ** 30)`, "54000", "Uint8Array() of JavaScript would make too much at once"},
		{"bytes, subclassed", `class B extends Float64Array {} new B(2 ** 24)`, "54000", "Float64Array() of JavaScript would make too much at once"},
		{"code from text", `new Function('return 1')`, "XX000", "EvalError: JavaScript functions make no code from text"},
		{"code by a constructor", `(function () {}).constructor('return 1')()`, "XX000", "EvalError: JavaScript functions make no code from text"},
		{"a pattern", `/(?=(a+)+$)\1b/.test('a'.repeat(40) + 'b')`, "54000", "regular expression of JavaScript took too long"},
		{"a pattern, by a text", `('a'.repeat(40) + 'b').replace(/(?=(a+)+$)\1b/g, '')`, "54000", "regular expression of JavaScript took too long"},
		{"a power", `let n = 3n; for (;;) n = n ** n`, "54000", "**() of JavaScript would make too much at once"},
		{"a power, assigned", `const o = {n: 3n}; for (;;) o.n **= o.n`, "54000", "**() of JavaScript would make too much at once"},
		{"a shift", `let n = 1n; n <<= 10n ** 12n`, "54000", "<<() of JavaScript would make too much at once"},
		{"a shift to the other side", `1n >> -(10n ** 12n)`, "54000", ">>() of JavaScript would make too much at once"},
		{"bits", `BigInt.asUintN(2 ** 52, -1n)`, "54000", "asUintN() of JavaScript would make too much at once"},
		{"a file", `require('fs')`, "XX000", "ReferenceError: require is not defined"},
		{"the network", `fetch('http://localhost')`, "XX000", "ReferenceError: fetch is not defined"},
		{"a process", `process.exit()`, "XX000", "ReferenceError: process is not defined"},
		{"a timer", `setTimeout(() => 1, 1)`, "XX000", "ReferenceError: setTimeout is not defined"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Language{}.Inline(context.Background(), s, c.program)
			require.Error(t, err)
			require.Equal(t, c.code, pgerr.CodeOf(err))
			require.Equal(t, c.message, pgerr.As(err).Message)
			require.NoError(t, Language{}.Inline(context.Background(), s, `const a = [1, 2].map(x => x + 1); if (a[1] !== 3) throw new Error('broken')`))
		})
	}
}

// TestTimeout: a program ends when its time is over, and when its statement is cancelled.
func TestTimeout(t *testing.T) {
	s := newSession()
	s.numbers["s3db.javascript_timeout"] = 50
	const endless = `try { for (;;); } catch (e) { } finally { for (;;); }`
	err := Language{}.Inline(context.Background(), s, endless)
	require.Equal(t, "canceling statement due to JavaScript timeout", pgerr.As(err).Message)
	s.numbers["s3db.javascript_timeout"] = 0
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = Language{}.Inline(ctx, s, endless)
	require.Equal(t, pgerr.QueryCanceled, pgerr.CodeOf(err))
	require.NoError(t, Language{}.Inline(context.Background(), s, `1`))
}

// TestPatterns: regular expressions do what the language says, by whatever function.
func TestPatterns(t *testing.T) {
	s := newSession()
	for _, c := range []struct{ program, want string }{
		{`/a(b)?/.exec('xab')`, `["ab","b"]`},
		{`/a/.exec('b')`, `null`},
		{`[/a/.test('ba'), /^a/.test('ba'), /null/.test(null)]`, `[true,false,true]`},
		{`(r => [r.test('aa'), r.lastIndex, r.test('aa'), r.test('aa')])(/a/g)`, `[true,1,true,false]`},
		{`'a1b22c'.match(/\d+/g)`, `["1","22"]`},
		{`[...'a1b22'.matchAll(/[a-z](\d+)/g)].map(m => m[1])`, `["1","22"]`},
		{`'a1b22c'.replace(/(\d+)/g, (m, d) => '<' + d + '>')`, `"a<1>b<22>c"`},
		{`'a-b'.replace(/(?<x>a)-(?<y>b)/, '$<y>-$<x>')`, `"b-a"`},
		{`'xay'.search(/a/)`, `1`},
		{`'a, b,c'.split(/,\s*/)`, `["a","b","c"]`},
		{`'a1b2c'.split(/(\d)/)`, `["a","1","b","2","c"]`},
		{`'a1b2c'.split(/(\d)/, 3)`, `["a","1","b"]`},
		{`'abc'.split(/(?:)/)`, `["a","b","c"]`},
		{`'a\u{1F600}b'.split(/(?:)/u).length`, `3`},
		{`'abc'.split(/$/)`, `["abc"]`},
		{`[''.split(/a/), ''.split(/a*/), 'ab'.split(/a*?/), 'ab'.split(/a*/)]`, `[[""],[],["a","b"],["","b"]]`},
		{`'A<B>bold</B>and<CODE>coded</CODE>'.split(/<(\/)?([^<>]+)>/)`, `["A",null,"B","bold","/","B","and",null,"CODE","coded","/","CODE",""]`},
		{`'xaxa'.split(/a/y)`, `["x","x",""]`},
		{`'aXbxc'.split(/x/i, 0)`, `[]`},
		{`'test'.split(/(?=s)/)`, `["te","st"]`},
	} {
		program := "const got = JSON.stringify(" + c.program + "); if (got !== " + strconv.Quote(c.want) + ") throw new Error(got)"
		require.NoError(t, Language{}.Inline(context.Background(), s, program), c.program)
	}
}

// TestOperators: the operators that are bounded do what the language says.
func TestOperators(t *testing.T) {
	s := newSession()
	for _, c := range []struct{ program, want string }{
		{`(b => 2 ** b)(3)`, `8`},
		{`(b => 2 ** 3 ** b)(2)`, `512`},
		{`(a => [a << a, a >> 1, -8 >> a])(2)`, `[8,1,-2]`},
		{`((a, b) => String(a ** b) + (a << b) + (-a >> b))(3n, 2n)`, `"912-1"`},
		{`((a, b) => a ** b)({ valueOf: () => 3 }, '2')`, `9`},
		{`(a => { a **= a; a <<= a; return a })(2)`, `64`},
		{`(a => { let n = 0; const o = () => { n++; return a }; o().x **= a.x; return [a.x, n] })({ x: 3 })`, `[27,1]`},
		{`(a => { a['x'] <<= (a.x = 1); return a.x })({ x: 4 })`, `8`},
		{`(a => (a.x.y >>= a.z))({ x: { y: 8 }, z: 2 })`, `2`},
		{`((a = 2 ** Number('4')) => a)()`, `16`},
		{`[1n ** 10n ** 20n, (-1n) ** 3n, 0n << 10n ** 20n].map(String)`, `["1","-1","0"]`},
		{`Object.keys(globalThis).some(k => k.charCodeAt(0) === 0)`, `false`},
	} {
		program := "const got = JSON.stringify(" + c.program + "); if (got !== " + strconv.Quote(c.want) + ") throw new Error(got)"
		require.NoError(t, Language{}.Inline(context.Background(), s, program), c.program)
	}
	err := Language{}.Inline(context.Background(), s, `let b = 2; new (class { #x = 1; f() { this.#x **= b } })().f()`)
	require.Equal(t, pgerr.FeatureNotSupported, pgerr.CodeOf(err))
	require.ErrorContains(t, Language{}.Inline(context.Background(), s, `1n ** 2`), "TypeError")
}
