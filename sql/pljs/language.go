package pljs

import (
	"context"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Language implements pl.Language.
type Language struct{}

var _ pl.Language = Language{}

// Validate implements pl.Language: 42601 for a text that is no JavaScript.
func (Language) Validate(_ context.Context, s pl.SPI, fn *catalog.Function) error {
	if t := s.Catalog().Types().ByOID(fn.Result); t != nil && t.Kind == 'p' && !pl.AllowedResult(t) {
		return pgerr.New(pgerr.FeatureNotSupported, "JavaScript functions cannot return type %s", t.SQLName())
	}
	if fn.Result == types.TriggerOID && len(fn.Params) > 0 {
		return pgerr.New(pgerr.InvalidFunctionDefinition, "trigger functions cannot have declared arguments").
			WithHint("The arguments of the trigger can be accessed through TG_ARGV instead.")
	}
	_, err := compile(fn)
	return err
}

// Call implements pl.Language.
func (Language) Call(s pl.SPI, fn *catalog.Function, c *funcs.Call, args []any) (funcs.RowIter, error) {
	if fn.Result == types.TriggerOID {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "trigger functions can only be called as triggers")
	}
	code, err := compile(fn)
	if err != nil {
		return nil, err
	}
	x := newCall(c.Ctx, s, code)
	if x.shape, err = shapeOf(s, fn, c); err != nil {
		return nil, err
	}
	err = x.run(func(f goja.Callable) error {
		in := make([]goja.Value, len(args))
		for i, a := range args {
			in[i] = x.rt.fromSQL(a, c.Args[i])
		}
		v, err := x.invoke(f, in...)
		if err != nil {
			return err
		}
		return x.returned(v)
	})
	if err != nil {
		return nil, err
	}
	return funcs.RowsOf(c.Result, x.rows), nil
}

// Inline implements pl.Language.
func (Language) Inline(ctx context.Context, s pl.SPI, source string) error {
	code, err := compileText("", nil, source)
	if err != nil {
		return err
	}
	x := newCall(ctx, s, code)
	return x.run(func(f goja.Callable) error {
		_, err := x.invoke(f)
		return err
	})
}

// returned takes what a function's RETURN gave, or the elements of it where the
// function returns a set.
func (x *call) returned(v goja.Value) error {
	if !x.shape.set {
		x.rows = x.rows[:0]
		return x.addRow(v)
	}
	if goja.IsUndefined(v) || goja.IsNull(v) {
		return nil
	}
	o, ok := v.(*goja.Object)
	if !ok || o.ClassName() != "Array" {
		return x.addRow(v)
	}
	n := int(o.Get("length").ToInteger())
	for i := range n {
		if err := x.addRow(elementOf(o, i)); err != nil {
			return err
		}
	}
	return nil
}

// addRow adds a row of the result.
func (x *call) addRow(v goja.Value) error {
	row, err := x.shape.value(x, v)
	if err != nil {
		return err
	}
	x.rows = append(x.rows, row)
	return nil
}
