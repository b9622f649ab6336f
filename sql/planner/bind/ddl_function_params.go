package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var parameterModes = map[parser.FunctionParameterMode]byte{
	parser.FunctionParameterMode_FUNC_PARAM_IN: 'i', parser.FunctionParameterMode_FUNC_PARAM_DEFAULT: 'i',
	parser.FunctionParameterMode_FUNC_PARAM_OUT: 'o', parser.FunctionParameterMode_FUNC_PARAM_INOUT: 'b',
	parser.FunctionParameterMode_FUNC_PARAM_VARIADIC: 'v', parser.FunctionParameterMode_FUNC_PARAM_TABLE: 't',
}

// parameters is interpret_function_parameter_list.
func (x *functionBuilder) parameters() {
	variadic, defaults := false, false
	for _, n := range x.stmt.Parameters {
		fp := n.GetFunctionParameter()
		p := catalog.FunctionParam{Name: fp.Name, Mode: parameterModes[fp.Mode], Type: x.parameterType(fp.ArgType).OID}
		if p.IsInput() {
			if variadic {
				failAt(-1, pgerr.InvalidFunctionDefinition, "VARIADIC parameter must be the last input parameter")
			}
			if variadic = p.Mode == 'v'; variadic && x.elemOf(p.Type) == 0 && variadicElems[p.Type] == 0 {
				failAt(-1, pgerr.InvalidFunctionDefinition, "VARIADIC parameter must be an array")
			}
		}
		if x.f.Kind == 'p' && p.Mode == 'o' {
			if variadic {
				failAt(-1, pgerr.InvalidFunctionDefinition, "VARIADIC parameter must be the last parameter")
			}
			if defaults {
				failAt(-1, pgerr.InvalidFunctionDefinition, "procedure OUT parameters cannot appear after one with a default value")
			}
		}
		x.checkParameterName(p)
		defaults = x.parameterDefault(&p, fp.Defexpr, defaults)
		x.f.Params = append(x.f.Params, p)
	}
}

func (x *functionBuilder) parameterType(tn *parser.TypeName) *types.Type {
	if tn.Setof {
		if x.f.Kind == 'p' {
			failAt(-1, pgerr.InvalidFunctionDefinition, "procedures cannot accept set arguments")
		}
		failAt(-1, pgerr.InvalidFunctionDefinition, "functions cannot accept set arguments")
	}
	t := x.maybeTypeName(tn)
	if t == nil {
		failAt(-1, pgerr.UndefinedObject, "type %s does not exist", typeNameText(tn))
	}
	x.checkShellParameter(t)
	if len(tn.Typmods) > 0 {
		x.typmod(tn, t)
	}
	return t
}

// checkParameterName refuses a name that is used twice: inputs and outputs have
// names of their own.
func (x *functionBuilder) checkParameterName(p catalog.FunctionParam) {
	for _, have := range x.f.Params {
		apart := (p.Mode == 'i' || p.Mode == 'v') && (have.Mode == 'o' || have.Mode == 't') ||
			(p.Mode == 'o' || p.Mode == 't') && (have.Mode == 'i' || have.Mode == 'v')
		if p.Name != "" && have.Name == p.Name && !apart {
			failAt(-1, pgerr.InvalidFunctionDefinition, "parameter name \"%s\" used more than once", p.Name)
		}
	}
}

// parameterDefault keeps a default as SQL text, checked.
func (x *functionBuilder) parameterDefault(p *catalog.FunctionParam, n *parser.Node, before bool) bool {
	if n == nil {
		if before && p.IsInput() {
			failAt(-1, pgerr.InvalidFunctionDefinition, "input parameters after one with a default value must also have defaults")
		}
		return before
	}
	if !p.IsInput() {
		failAt(-1, pgerr.InvalidFunctionDefinition, "only input parameters can have default values")
	}
	t := x.typ(p.Type)
	s := x.newScope(nil)
	e := s.bind(n, kindDefault)
	if !isPolymorphic(t.OID) || e.Type().OID == types.UnknownOID {
		if c := x.coerceToTarget(e, t, -1, coerceAssignment, plan.DisplayImplicitCast, -1); c == nil {
			failAt(-1, pgerr.DatatypeMismatch, "cannot convert %s to %s", x.typeName(e.Type()), x.typeName(t))
		}
	} else if !x.genericConsistent([]types.OID{e.Type().OID}, []types.OID{t.OID}) {
		failAt(-1, pgerr.DatatypeMismatch, "argument of type %s is no %s", x.typeName(e.Type()), x.typeName(t))
	}
	text, err := parser.DeparseExpr(n)
	if err != nil {
		fail(err)
	}
	if c := n.GetAConst(); c != nil && !isPolymorphic(t.OID) && c.GetSval() != nil {
		text += "::" + t.SQLName()
	}
	p.Default = text
	return true
}
