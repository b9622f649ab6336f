package plpgsql

import (
	"context"
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Language implements pl.Language.
type Language struct{}

var _ pl.Language = Language{}

// Validate implements pl.Language: plpgsql_validator. Polymorphic parameters
// are taken for integers.
func (Language) Validate(_ context.Context, s pl.SPI, fn *catalog.Function) error {
	reg := s.Catalog().Types()
	sig := signatureTypes{result: reg.ByOID(fn.Result)}
	if t := sig.result; t.Kind == 'p' && !pl.AllowedResult(t) {
		return pgerr.New(pgerr.FeatureNotSupported, "PL/pgSQL functions cannot return type %s", t.SQLName())
	}
	for _, oid := range fn.InputTypes() {
		t := reg.ByOID(oid)
		if t.Kind == 'p' && t.OID != types.RecordOID && !t.IsPolymorphic() {
			return pgerr.New(pgerr.FeatureNotSupported, "PL/pgSQL functions cannot accept type %s", t.SQLName())
		}
		sig.args = append(sig.args, anyAs(t))
	}
	sig.result = anyAs(sig.result)
	_, err := compile(s, fn, sig, true)
	return err
}

// anyAs is what a polymorphic type is taken for in validation
// (plpgsql_resolve_polymorphic_argtypes).
func anyAs(t *types.Type) *types.Type {
	switch {
	case !t.IsPolymorphic():
		return t
	case strings.HasSuffix(t.Name, "array"):
		return types.Builtin().ByOID(types.Int4Type.Array)
	}
	return types.Int4Type
}

// callKey is what a compiled function depends on beside the catalog.
type callKey struct {
	oid, relation, trigger types.OID
	types                  string
}

// Call implements pl.Language: plpgsql_call_handler.
func (Language) Call(s pl.SPI, fn *catalog.Function, c *funcs.Call, args []any) (funcs.RowIter, error) {
	if fn.Result == types.TriggerOID {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "trigger functions can only be called as triggers").
			WithWhere(fmt.Sprintf("compilation of PL/pgSQL function \"%s\" near line 0", fn.Name))
	}
	made, err := s.Cache(callKey{oid: fn.OID, types: typesKey(c)}, func() (any, error) {
		return compile(s, fn, signatureTypes{args: c.Args, result: c.Result}, false)
	})
	if err != nil {
		return nil, err
	}
	f := newFrame(c.Ctx, s, made.(*function))
	f.columns = c.Columns
	return f.call(c, args)
}

func typesKey(c *funcs.Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", c.Result.OID)
	for _, t := range c.Args {
		fmt.Fprintf(&b, ",%d", t.OID)
	}
	return b.String()
}

// Inline implements pl.Language: plpgsql_inline_handler.
func (Language) Inline(ctx context.Context, s pl.SPI, source string) error {
	fn, err := compileInline(s, source, setting(s, "check_function_bodies") != "off")
	if err != nil {
		return err
	}
	f := newFrame(ctx, s, fn)
	return f.run()
}
