package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// maxParams bounds $n: the protocol counts parameters in 16 bits.
const maxParams = 65535

// params are the parameter types found so far (parse_param.c, variable
// parameters): 0 never seen, unknown seen but not yet decided.
type params struct {
	oids []types.OID
	seen []bool
}

func newParams(declared []types.OID) params {
	return params{oids: append([]types.OID(nil), declared...), seen: make([]bool, len(declared))}
}

// param is variable_paramref_hook.
func (b *binder) param(n int, pos int) plan.Expr {
	if b.env.Body != nil {
		return b.bodyParam(n, pos)
	}
	if b.hasVariables() {
		v := b.env.Variables.Param(n)
		if v == nil {
			failAt(pos, pgerr.UndefinedParameter, "there is no parameter $%d", n)
		}
		return b.variableParam(v, pos)
	}
	if n <= 0 || n > maxParams {
		failAt(pos, pgerr.UndefinedParameter, "there is no parameter $%d", n)
	}
	p := &b.params
	for len(p.oids) < n {
		p.oids, p.seen = append(p.oids, 0), append(p.seen, false)
	}
	p.seen[n-1] = true
	if p.oids[n-1] == 0 {
		p.oids[n-1] = types.UnknownOID
	}
	return &plan.Param{Meta: plan.M(b.typ(p.oids[n-1]), pos), Index: n}
}

// coerceParam is variable_coerce_param_hook: the first use that wants a type
// decides it.
func (b *binder) coerceParam(p *plan.Param, t *types.Type, pos int) plan.Expr {
	if b.env.Body != nil || b.env.Variables != nil { // its types are known: an argument of type unknown is read as a literal would be
		return &plan.Convert{Meta: plan.M(t, p.At), Kind: plan.ConvertInOut, Arg: p, Display: plan.DisplayImplicitCast}
	}
	have := &b.params.oids[p.Index-1]
	switch *have {
	case types.UnknownOID:
		*have = t.OID
	case t.OID:
	default:
		fail(pgerr.New(pgerr.AmbiguousParameter, "inconsistent types deduced for parameter $%d", p.Index).
			WithDetail("%s versus %s", b.oidName(*have), b.typeName(t)).AtByte(p.At))
	}
	at := p.At
	if at < 0 {
		at = pos
	}
	return &plan.Param{Meta: plan.M(t, at), Index: p.Index}
}

// paramTypes checks that every parameter got a type (42P18) and returns them.
// A gap ($2 without $1) is as undecided as an untyped use.
func (b *binder) paramTypes() []*types.Type {
	out := make([]*types.Type, len(b.params.oids))
	for i, oid := range b.params.oids {
		if oid == 0 || oid == types.UnknownOID {
			failAt(-1, pgerr.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
		out[i] = b.typ(oid)
	}
	return out
}

// checkParamUse is check_parameter_resolution_walker for one expression: a use
// bound before its type was decided must not have stayed untyped.
func (b *binder) checkParamUse(p *plan.Param) {
	if p.Typ.OID != b.params.oids[p.Index-1] {
		failAt(p.At, pgerr.AmbiguousParameter, "could not determine data type of parameter $%d", p.Index)
	}
}
