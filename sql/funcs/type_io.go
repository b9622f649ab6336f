package funcs

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// bindIO binds the functions of the types themselves that SQL can call: input,
// output and the two of type modifiers. Those that take internal arguments can't
// be called.
func bindIO() {
	for _, p := range catalog.Procs() {
		if builtin.funcs[p.OID] != nil {
			continue
		}
		if k := ioKernel(p); k != nil {
			bindEach(p.Signature, func(f *Func) { f.Kernel = k })
		}
	}
}

func ioKernel(p *catalog.Proc) Kernel {
	if strings.HasPrefix(p.Doc, "I/O typmod") {
		return typmodKernel(p)
	}
	switch {
	case p.Doc != "I/O" || len(p.Args) == 0:
		return nil
	case p.Args[0] == types.CstringOID:
		return inputKernel(concreteType(p.Result))
	case p.Result == types.CstringOID && len(p.Args) == 1:
		return outputKernel(concreteType(p.Args[0]))
	}
	return nil
}

// concreteType is a type that is no pseudo-type, or nil.
func concreteType(oid OID) *types.Type {
	if t := types.Builtin().ByOID(oid); t != nil && t.Kind != 'p' {
		return t
	}
	return nil
}

func inputKernel(t *types.Type) Kernel {
	if t == nil || t.In == nil {
		return nil
	}
	return Strict(func(c *Call, args []any) (any, error) {
		typmod := int32(-1)
		if len(args) == 3 {
			typmod = args[2].(int32)
		}
		return t.In(c.Env, args[0].(string), typmod)
	})
}

func outputKernel(t *types.Type) Kernel {
	if t == nil || t.Out == nil {
		return nil
	}
	return Strict(func(c *Call, args []any) (any, error) { return string(t.Out(c.Env, nil, args[0])), nil })
}

// typmodKernel is varchartypmodin(cstring[]) or varchartypmodout(int4).
func typmodKernel(p *catalog.Proc) Kernel {
	name, in := strings.CutSuffix(p.Name, "typmodin")
	name, out := strings.CutSuffix(name, "typmodout")
	t := types.Builtin().ByName("pg_catalog", name)
	switch {
	case t == nil:
		return nil
	case in && t.TypmodIn != nil:
		return E1(func(mods *types.Array) (int32, error) { return typmodFrom(t, mods) })
	case out && t.TypmodOut != nil:
		return F1(t.TypmodOut)
	}
	return nil
}

// typmodFrom reads the modifiers, which are numbers written as cstrings
// (ArrayGetIntegerTypmods).
func typmodFrom(t *types.Type, texts *types.Array) (int32, error) {
	if len(texts.Dims) != 1 {
		return 0, pgerr.New(pgerr.ArraySubscriptError, "typmod array must be one-dimensional")
	}
	var mods []int32
	for _, e := range texts.Elems {
		s, ok := e.(string)
		if !ok {
			return 0, pgerr.New(pgerr.NullValueNotAllowed, "typmod array must not contain nulls")
		}
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return 0, types.InvalidInput("integer", s)
		}
		mods = append(mods, int32(n))
	}
	return t.TypmodIn(mods)
}
