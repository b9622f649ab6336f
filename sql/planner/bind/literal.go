package bind

import (
	"math"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// constant is make_const: integers take the smallest of int4, int8 and numeric
// that holds them, strings stay untyped.
func (b *binder) constant(c *parser.A_Const) plan.Expr {
	pos := b.at(c.Location)
	if c.Isnull {
		return &plan.Const{Meta: plan.M(b.typ(types.UnknownOID), pos)}
	}
	switch v := c.Val.(type) {
	case *parser.A_Const_Ival:
		return b.value(types.Int4OID, v.Ival.GetIval(), pos)
	case *parser.A_Const_Fval:
		return b.number(v.Fval.GetFval(), pos)
	case *parser.A_Const_Boolval:
		return b.value(types.BoolOID, v.Boolval.GetBoolval(), pos)
	case *parser.A_Const_Sval:
		return b.value(types.UnknownOID, v.Sval.GetSval(), pos)
	case *parser.A_Const_Bsval:
		return b.bits(v.Bsval.GetBsval(), pos)
	}
	// An Integer 0 is the one value that protobuf may leave out.
	return b.value(types.Int4OID, int32(0), pos)
}

func (b *binder) value(oid types.OID, v any, pos int) *plan.Const {
	return &plan.Const{Meta: plan.M(b.typ(oid), pos), Value: v}
}

func (b *binder) number(text string, pos int) plan.Expr {
	if n, err := strconv.ParseInt(text, 0, 64); err == nil && !strings.ContainsAny(text, ".eE") {
		if n >= math.MinInt32 && n <= math.MaxInt32 {
			return b.value(types.Int4OID, int32(n), pos)
		}
		return b.value(types.Int8OID, n, pos)
	}
	t := b.typ(types.NumericOID)
	return b.value(types.NumericOID, b.parseLiteral(text, t, -1, pos), pos)
}

// bits is B'…' and X'…': the grammar keeps the leading letter, which is bit's
// input syntax too.
func (b *binder) bits(text string, pos int) plan.Expr {
	t := b.typ(types.BitOID)
	return b.value(types.BitOID, b.parseLiteral(text, t, -1, pos), pos)
}

func (b *binder) boolConst(v bool, pos int) plan.Expr { return b.value(types.BoolOID, v, pos) }

func (b *binder) null(t *types.Type, pos int) plan.Expr { return &plan.Const{Meta: plan.M(t, pos)} }

func isNullConst(e plan.Expr) bool {
	c, ok := e.(*plan.Const)
	return ok && c.Value == nil
}
