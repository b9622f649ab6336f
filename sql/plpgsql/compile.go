package plpgsql

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// function is a compiled function: PLpgSQL_function. One session runs it, with
// a frame for each activation.
type function struct {
	signature string
	datums    []datum
	body      *block
	// args are the variables of the input parameters, in order.
	args []*variable
	// out takes the OUT parameters: a variable, a row of several, nil for none.
	out   datum
	found *variable
	// result is the type of the result, or of its rows.
	result     *types.Type
	returnsSet bool
	procedure  bool
	// columns are those of a result that is a row, nil where the call says it.
	columns []types.Column
	trigger *triggerVariables

	conflict    bind.VariableConflict
	printStrict bool
	warnings    []*pgerr.Error
}

// conflicts are the values of plpgsql.variable_conflict.
var conflicts = map[string]bind.VariableConflict{
	"error": bind.ConflictError, "variable": bind.ConflictUseVariable, "column": bind.ConflictUseColumn,
}

// signatureTypes are the actual types of a call.
type signatureTypes struct {
	args   []*types.Type
	result *types.Type
}

// newCompiler begins the compilation of a text.
func newCompiler(s pl.SPI, source, name string, check bool) *compiler {
	c := &compiler{scanner: newScanner(source, setting(s, "standard_conforming_strings") != "off"), spi: s, fn: &function{}, check: check}
	c.fn.conflict = conflicts[strings.TrimPrefix(setting(s, "plpgsql.variable_conflict"), "use_")]
	c.fn.printStrict = setting(s, "plpgsql.print_strict_params") == "on"
	c.push(name, labelBlock)
	return c
}

func setting(s pl.SPI, name string) string {
	v, _ := s.Setting(name)
	return v
}

// compile is do_compile.
func compile(s pl.SPI, fn *catalog.Function, sig signatureTypes, check bool) (f *function, err error) {
	c := newCompiler(s, fn.Source, fn.Name, check)
	defer func() { err = c.inCompilation(err, fn.Name) }()
	defer recoverParse(&err)
	c.fn.signature = s.Describe(fn)
	c.fn.result, c.fn.returnsSet, c.fn.procedure = sig.result, fn.ReturnSet, fn.Kind == 'p'
	if fn.Result == types.TriggerOID {
		c.triggerParameters(fn)
	} else {
		c.parameters(fn, sig)
	}
	c.addFound()
	c.whole()
	return c.fn, nil
}

// compileInline is plpgsql_compile_inline.
func compileInline(s pl.SPI, source string, check bool) (f *function, err error) {
	const name = "inline_code_block"
	c := newCompiler(s, source, name, check)
	defer func() { err = c.inCompilation(err, name) }()
	defer recoverParse(&err)
	c.fn.signature, c.fn.result = name, types.VoidType
	c.addFound()
	c.whole()
	return c.fn, nil
}

// whole reads the body; those that need none end with RETURN
// (add_dummy_return).
func (c *compiler) whole() {
	c.function()
	for _, w := range c.fn.warnings {
		c.spi.Notice(w)
	}
	f := c.fn
	if f.out == nil && f.result.OID != types.VoidOID && !f.returnsSet {
		return
	}
	if f.body.handlers != nil || f.body.label != "" {
		f.body = &block{body: []stmt{f.body}}
	}
	f.body.body = append(f.body.body, &returnStmt{v: f.out})
}

// inCompilation adds where a compilation failed to an error without a place:
// plpgsql_compile_error_callback.
func (c *compiler) inCompilation(err error, name string) error {
	e := pgerr.As(err)
	if e == nil || c.check && e.HasPlace() {
		return err
	}
	line := c.line
	if e.HasPlace() {
		line = c.lineAt(e.Byte(c.src))
		e = e.Displaced()
	}
	e.Where = strings.TrimPrefix(e.Where+"\n", "\n") + fmt.Sprintf("compilation of PL/pgSQL function \"%s\" near line %d", name, max(line, 1))
	return e
}

func (c *compiler) addFound() {
	c.fn.found = c.newVariable("found", 0, c.builtinType("bool"))
	c.nameVariable(c.fn.found)
}

// parameters makes the variables of the parameters.
func (c *compiler) parameters(fn *catalog.Function, sig signatureTypes) {
	var outs []datum
	var names []string
	inputs := 0
	for i, p := range fn.Params {
		var t *types.Type
		if p.IsInput() {
			t = sig.args[inputs]
			inputs++
		} else {
			t = c.actual(fn, p.Type, sig.args)
		}
		if t.Kind == 'p' && t.OID != types.RecordOID && !t.IsPolymorphic() {
			fail(pgerr.New(pgerr.FeatureNotSupported, "PL/pgSQL functions cannot accept type %s", t.SQLName()))
		}
		v := c.parameter(p.Name, i+1, dtype{t, -1})
		if p.IsInput() {
			c.fn.args = append(c.fn.args, v)
		}
		if p.IsOutput() {
			outs, names = append(outs, v), append(names, v.ident)
		}
	}
	switch {
	case len(outs) > 1 || len(outs) == 1 && c.fn.procedure:
		c.fn.out = c.newRow("(unnamed row)", outs, names)
	case len(outs) == 1:
		c.fn.out = outs[0]
	}
	c.resultColumns(fn, sig)
}

// parameter makes one, which has the name $n, too.
func (c *compiler) parameter(name string, n int, t dtype) *variable {
	number := "$" + strconv.Itoa(n)
	ident := name
	if ident == "" {
		ident = number
	}
	v := c.newVariable(ident, 0, t)
	kind := nsVar
	if t.isRecord() {
		kind = nsRec
	}
	c.addName(kind, v.dno, number)
	if name != "" {
		if it, _ := c.ns.lookup(true, name); it != nil {
			fail(pgerr.New(pgerr.InvalidFunctionDefinition, "parameter name \"%s\" used more than once", name))
		}
		c.addName(kind, v.dno, name)
	}
	return v
}

func (c *compiler) actual(fn *catalog.Function, oid types.OID, args []*types.Type) *types.Type {
	t, err := c.spi.Actual(fn, oid, args)
	if err != nil {
		fail(err)
	}
	return t
}

// resultColumns settles the columns of a result that is a row.
func (c *compiler) resultColumns(fn *catalog.Function, sig signatureTypes) {
	if base, _ := sig.result.BaseType(-1); base.Kind == 'c' {
		c.fn.columns = base.Columns
		return
	}
	if r, ok := c.fn.out.(*row); ok {
		for i, d := range r.fields {
			c.fn.columns = append(c.fn.columns, types.Column{Name: r.names[i], Type: d.(*variable).typ.Type, Typmod: -1})
		}
		return
	}
	if t := sig.result; t.Kind == 'p' && t.OID != types.VoidOID && t.OID != types.RecordOID && !t.IsPolymorphic() {
		fail(pgerr.New(pgerr.FeatureNotSupported, "PL/pgSQL functions cannot return type %s", t.SQLName()))
	}
}
