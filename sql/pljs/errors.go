package pljs

import (
	"errors"
	"strings"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// sqlError is how a JavaScript error keeps the SQL error that it stands for;
// JavaScript sees nothing in it.
type sqlError struct{ err *pgerr.Error }

// errorFields are the properties of a JavaScript error and the fields of an SQL
// error that they are, beside sqlerrcode and message.
var errorFields = []struct {
	name  string
	field func(e *pgerr.Error) *string
}{
	{"detail", func(e *pgerr.Error) *string { return &e.Detail }},
	{"hint", func(e *pgerr.Error) *string { return &e.Hint }},
	{"context", func(e *pgerr.Error) *string { return &e.Where }},
	{"internalquery", func(e *pgerr.Error) *string { return &e.InternalQuery }},
	{"schema_name", func(e *pgerr.Error) *string { return &e.Schema }},
	{"table_name", func(e *pgerr.Error) *string { return &e.Table }},
	{"column_name", func(e *pgerr.Error) *string { return &e.Column }},
	{"datatype_name", func(e *pgerr.Error) *string { return &e.DataType }},
	{"constraint_name", func(e *pgerr.Error) *string { return &e.Constraint }},
}

// jsError is the JavaScript error for an error, to be thrown; what JavaScript
// itself threw is thrown again.
func (rt *runtime) jsError(err error) goja.Value {
	var thrown *goja.Exception
	if errors.As(err, &thrown) {
		return thrown.Value()
	}
	e := pgerr.As(err)
	if e == nil {
		e = pgerr.Internal("%s", err.Error())
	}
	o, newErr := rt.vm.New(rt.vm.Get("Error"), rt.vm.ToValue(e.Message))
	if newErr != nil { // the program has made Error something else
		o = rt.vm.NewObject()
		_ = o.Set("message", e.Message)
	}
	_ = o.Set("sqlerrcode", string(e.Code))
	for _, f := range errorFields {
		if v := *f.field(e); v != "" {
			_ = o.Set(f.name, v)
		}
	}
	hidden := rt.vm.ToValue(&sqlError{e})
	_ = o.DefineDataPropertySymbol(rt.hidden, hidden, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return o
}

// throw throws an error in JavaScript. A statement that is to end ends, whatever
// JavaScript catches.
func (rt *runtime) throw(err error) {
	if x := rt.top; x != nil && x.ctx.Err() != nil {
		rt.vm.Interrupt(canceled(x.ctx))
	}
	panic(rt.jsError(err))
}

// sqlError is the SQL error for what ended a call, with the function's line in
// its context.
func (x *call) sqlError(err error) error {
	if err == nil {
		return nil
	}
	var thrown *goja.Exception
	var overflow *goja.StackOverflowError
	var interrupted *goja.InterruptedError
	switch {
	case errors.As(err, &interrupted):
		e, ok := interrupted.Value().(error)
		if !ok {
			e = canceled(x.ctx)
		}
		return e
	case errors.As(err, &overflow):
		return x.inContext(pgerr.New(pgerr.StatementTooComplex, "JavaScript stack depth limit exceeded"), &overflow.Exception)
	case errors.As(err, &thrown):
		return x.inContext(x.thrown(thrown.Value()), thrown)
	}
	if e := pgerr.As(err); e != nil { // of a value on its way in or out
		return x.inContext(e, &goja.Exception{})
	}
	return err
}

// inContext adds the line of a function to an error's context.
func (x *call) inContext(e *pgerr.Error, thrown *goja.Exception) error {
	line := 0
	for _, f := range thrown.Stack() {
		if f.SrcName() == scriptName(x.code.name) {
			line = f.Position().Line
			break
		}
	}
	c := e.Displaced()
	if c.Where != "" {
		c.Where += "\n"
	}
	c.Where += where(x.code.name, line, lineOf(x.code.source, line))
	return c
}

// thrown is the SQL error that JavaScript threw: the one that it caught if it is
// that still, else one of the SQLSTATE in its sqlerrcode or code, XX000 where there
// is none.
func (x *call) thrown(v goja.Value) *pgerr.Error {
	e := pgerr.New(pgerr.InternalError, "JavaScript error").Raised()
	if ex := x.rt.vm.Try(func() { e = x.describe(v) }); ex != nil {
		return pgerr.New(pgerr.InternalError, "JavaScript error that cannot be shown").Raised()
	}
	return e
}

func (x *call) describe(v goja.Value) *pgerr.Error {
	o, ok := v.(*goja.Object)
	if !ok {
		return pgerr.New(pgerr.InternalError, "%s", clean(v.String())).Raised()
	}
	if h := o.GetSymbol(x.rt.hidden); h != nil {
		if s, ok := h.Export().(*sqlError); ok {
			if m := o.Get("message"); m == nil || m.String() == s.err.Message {
				return s.err
			}
		}
	}
	e := pgerr.New(pgerr.InternalError, "%s", clean(o.String())).Raised()
	for _, name := range []string{"sqlerrcode", "code"} {
		if c := o.Get(name); c != nil && goja.IsString(c) && isSQLState(c.String()) {
			e.Code = pgerr.Code(c.String())
			if m := o.Get("message"); m != nil { // an error of SQL's kind, not of a class of JavaScript's
				e.Message = clean(m.String())
			}
			break
		}
	}
	for _, f := range errorFields {
		if p := o.Get(f.name); p != nil && goja.IsString(p) {
			*f.field(e) = clean(p.String())
		}
	}
	return e
}

func isSQLState(s string) bool {
	return len(s) == 5 && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && s != "00000"
}

// clean is text as messages may have it.
func clean(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
