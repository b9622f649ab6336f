package pljs

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// version is plv8.version: that of the plv8 whose names these are.
const version = "3.0"

// levels are the levels of plv8.elog (elog.h), which are global names.
var levels = []struct {
	name     string
	level    int64
	severity pgerr.Severity
	code     pgerr.Code
}{
	{"DEBUG5", 10, pgerr.SeverityDebug, pgerr.SuccessfulCompletion},
	{"DEBUG4", 11, pgerr.SeverityDebug, pgerr.SuccessfulCompletion},
	{"DEBUG3", 12, pgerr.SeverityDebug, pgerr.SuccessfulCompletion},
	{"DEBUG2", 13, pgerr.SeverityDebug, pgerr.SuccessfulCompletion},
	{"DEBUG1", 14, pgerr.SeverityDebug, pgerr.SuccessfulCompletion},
	{"LOG", 15, pgerr.SeverityLog, pgerr.SuccessfulCompletion},
	{"INFO", 17, pgerr.SeverityInfo, pgerr.SuccessfulCompletion},
	{"NOTICE", 18, pgerr.SeverityNotice, pgerr.SuccessfulCompletion},
	{"WARNING", 19, pgerr.SeverityWarning, pgerr.Warning},
	{"ERROR", 21, pgerr.SeverityError, pgerr.InternalError},
}

// functions are those of the object plv8.
var functions = map[string]func(rt *runtime, c goja.FunctionCall) goja.Value{
	"elog":              (*runtime).elog,
	"execute":           (*runtime).execute,
	"prepare":           (*runtime).prepare,
	"subtransaction":    (*runtime).subtransaction,
	"commit":            func(rt *runtime, _ goja.FunctionCall) goja.Value { return rt.endTransaction(true) },
	"rollback":          func(rt *runtime, _ goja.FunctionCall) goja.Value { return rt.endTransaction(false) },
	"find_function":     (*runtime).findFunction,
	"return_next":       (*runtime).returnNext,
	"quote_literal":     quoting(funcs.QuoteLiteral),
	"quote_ident":       quoting(funcs.QuoteIdent),
	"quote_nullable":    (*runtime).quoteNullable,
	"get_window_object": (*runtime).windowObject,
}

// defineAPI makes the global names of plv8.
func (rt *runtime) defineAPI() {
	plv8 := rt.vm.NewObject()
	for name, f := range functions {
		rt.define(plv8, name, rt.native(f))
	}
	rt.define(plv8, "version", rt.vm.ToValue(version))
	rt.define(rt.vm.GlobalObject(), "plv8", plv8)
	for _, l := range levels {
		rt.define(rt.vm.GlobalObject(), l.name, rt.vm.ToValue(l.level))
	}
}

// native makes a JavaScript function of one of Go, which throws what it panics
// with.
func (rt *runtime) native(f func(rt *runtime, c goja.FunctionCall) goja.Value) goja.Value {
	return rt.vm.ToValue(func(c goja.FunctionCall) goja.Value { return f(rt, c) })
}

// elog is plv8.elog(level, message…): 22023 for a level that there is not.
func (rt *runtime) elog(c goja.FunctionCall) goja.Value {
	var words []string
	for _, a := range c.Arguments[min(1, len(c.Arguments)):] {
		words = append(words, a.String())
	}
	message := clean(strings.Join(words, " "))
	level := c.Argument(0).ToInteger()
	for _, l := range levels {
		switch {
		case l.level != level:
		case l.severity == pgerr.SeverityError:
			rt.throw(pgerr.New(l.code, "%s", message).Raised())
		default:
			rt.top.spi.Notice(pgerr.Notice(l.severity, l.code, "%s", message))
			return goja.Undefined()
		}
	}
	rt.throw(pgerr.New(pgerr.InvalidParameterValue, "invalid error level"))
	return nil
}

func quoting(quote func(string) string) func(rt *runtime, c goja.FunctionCall) goja.Value {
	return func(rt *runtime, c goja.FunctionCall) goja.Value {
		return rt.vm.ToValue(quote(c.Argument(0).String()))
	}
}

func (rt *runtime) quoteNullable(c goja.FunctionCall) goja.Value {
	if isNil(c.Argument(0)) {
		return rt.vm.ToValue("NULL")
	}
	return rt.vm.ToValue(funcs.QuoteLiteral(c.Argument(0).String()))
}

func (rt *runtime) windowObject(goja.FunctionCall) goja.Value {
	rt.throw(pgerr.Unsupported("plv8.get_window_object()"))
	return nil
}

// returnNext is plv8.return_next(row): 0A000 outside of a function that returns a
// set.
func (rt *runtime) returnNext(c goja.FunctionCall) goja.Value {
	x := rt.top
	if x.shape == nil || !x.shape.set {
		rt.throw(pgerr.New(pgerr.FeatureNotSupported, "return_next called in context that cannot accept a set"))
	}
	if err := x.addRow(c.Argument(0)); err != nil {
		rt.throw(err)
	}
	return goja.Undefined()
}

// findFunction is plv8.find_function(signature): a JavaScript function of the
// database that the current role may call, as a function of JavaScript. 42883,
// 42501.
func (rt *runtime) findFunction(c goja.FunctionCall) goja.Value {
	x := rt.top
	signature := c.Argument(0).String()
	by := "regproc"
	if strings.Contains(signature, "(") {
		by = "regprocedure"
	}
	r, err := x.spi.Execute(x.ctx, "SELECT f, pg_catalog.has_function_privilege(f, 'EXECUTE') FROM CAST($1::pg_catalog."+by+" AS pg_catalog.oid) AS f",
		[]argument{{Value: signature, Type: types.TextType}}, 0)
	if err != nil {
		rt.throw(err)
	}
	fn := x.spi.Catalog().Routines().Function(r.Rows[0][0].(uint32))
	switch {
	case fn == nil || fn.Language != "javascript" && fn.Language != "plv8":
		rt.throw(pgerr.New(pgerr.UndefinedFunction, "javascript function is not found for \"%s\"", signature))
	case r.Rows[0][1] != true:
		rt.throw(pgerr.New(pgerr.InsufficientPrivilege, "permission denied for function %s", fn.Name))
	case fn.Result == types.TriggerOID || fn.SecurityDefiner || len(fn.Config) > 0:
		rt.throw(pgerr.Unsupported("plv8.find_function() of a trigger function, or of one with SECURITY DEFINER or SET"))
	}
	code, err := compile(fn)
	if err != nil {
		rt.throw(err)
	}
	v, err := rt.function(code)
	if err != nil {
		rt.throw(err)
	}
	return v
}
