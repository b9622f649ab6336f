package pljs

import (
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// patternTime is the longest that one match of a regular expression may take. Nothing
// else ends one that backtracks: neither a timeout nor a cancel comes in between.
const patternTime = 2 * time.Second

// The engine gives patterns that need backtracking to regexp2, says nothing of time,
// and takes a match that ran out of it for none.
func init() { regexp2.DefaultMatchTimeout = patternTime }

// patterns makes exec, given as the first argument, what all regular expressions go
// through. The engine's own test and split do not: the one does not look exec up, the
// other tries it at each character, which here finds the next match instead.
const patterns = `(function (exec) {
	"use strict";
	const set = (name, value) => Object.defineProperty(RegExp.prototype, name, { value, writable: true, configurable: true, enumerable: false });
	set("exec", exec);
	set("test", { test(text) { return this.exec(String(text)) !== null; } }.test);
	set(Symbol.split, { [Symbol.split](text, limit) {
		const s = String(text), most = limit === undefined ? 2 ** 32 - 1 : limit >>> 0, out = [];
		if (most === 0) return out;
		const re = new RegExp(this.source, this.flags.replace(/[gy]/g, "") + "g");
		if (s.length === 0) return re.exec(s) === null ? [s] : out;
		let from = 0, at = 0;
		while (at < s.length) {
			re.lastIndex = at;
			const m = re.exec(s);
			if (m === null || m.index >= s.length) break;
			if (re.lastIndex === from) {
				at = m.index + (re.unicode && s.codePointAt(m.index) > 0xFFFF ? 2 : 1);
				continue;
			}
			for (const part of [s.slice(from, m.index), ...m.slice(1)]) {
				if (out.push(part) === most) return out;
			}
			from = at = re.lastIndex;
		}
		out.push(s.slice(from));
		return out;
	} }[Symbol.split]);
})`

var patternsProgram = goja.MustCompile("patterns", patterns, false)

// limitPatterns makes a regular expression that takes too long an error.
func (rt *runtime) limitPatterns() {
	v, err := rt.vm.RunProgram(patternsProgram)
	if err != nil {
		panic(err) // a mistake in the text above
	}
	install, _ := goja.AssertFunction(v)
	proto := rt.vm.Get("RegExp").(*goja.Object).Get("prototype").(*goja.Object)
	match, _ := goja.AssertFunction(proto.Get("exec"))
	exec := func(c goja.FunctionCall) goja.Value {
		began := clock.System.Now()
		found, err := match(c.This, c.Arguments...)
		if err != nil {
			panic(rt.jsError(err))
		}
		// regexp2's clock may be somewhat ahead of this one.
		if goja.IsNull(found) && clock.System.Now().Sub(began) >= patternTime/2 {
			rt.throw(pgerr.New(pgerr.ProgramLimitExceeded, "regular expression of JavaScript took too long").
				WithDetail("The limit is %v for one match.", patternTime))
		}
		return found
	}
	if _, err := install(goja.Undefined(), rt.vm.ToValue(exec)); err != nil {
		panic(err)
	}
}
