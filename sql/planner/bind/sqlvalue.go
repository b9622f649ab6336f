package bind

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// sqlValueFunc says which function (of the same volatility and meaning) stands
// for CURRENT_DATE and its family, and what its result is cast to.
type sqlValueFunc struct {
	name string
	typ  types.OID
}

var sqlValues = map[parser.SQLValueFunctionOp]sqlValueFunc{
	parser.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        {"now", types.DateOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        {"now", types.TimetzOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      {"now", types.TimetzOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   {"now", types.TimestamptzOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: {"now", types.TimestamptzOID},
	parser.SQLValueFunctionOp_SVFOP_LOCALTIME:           {"now", types.TimeOID},
	parser.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         {"now", types.TimeOID},
	parser.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      {"now", types.TimestampOID},
	parser.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    {"now", types.TimestampOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        {"current_user", types.NameOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_USER:        {"current_user", types.NameOID},
	parser.SQLValueFunctionOp_SVFOP_USER:                {"current_user", types.NameOID},
	parser.SQLValueFunctionOp_SVFOP_SESSION_USER:        {"session_user", types.NameOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     {"current_database", types.NameOID},
	parser.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      {"current_schema", types.NameOID},
}

// maxTimePrecision is MAX_TIMESTAMP_PRECISION.
const maxTimePrecision = 6

func (s *scope) sqlValue(v *parser.SQLValueFunction) plan.Expr {
	b, pos := s.b, s.b.at(v.Location)
	f := sqlValues[v.Op]
	call := b.mustCall(f.name, nil, pos)
	call.Display = plan.DisplaySQLSyntax
	typmod := v.Typmod
	if !precisionGiven[v.Op] {
		typmod = -1
	}
	if typmod > maxTimePrecision {
		typmod = maxTimePrecision
	}
	if b.trees != nil {
		call.Typ, call.Mod, call.Syntax = b.typ(f.typ), typmod, sqlValueSyntax(v.Op, typmod)
		return call
	}
	out := b.coerceToTarget(call, b.typ(f.typ), typmod, coerceExplicit, plan.DisplayImplicitCast, pos)
	if out == nil {
		b.failCast(call.Typ, b.typ(f.typ), pos)
	}
	return out
}

var precisionGiven = map[parser.SQLValueFunctionOp]bool{
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      true,
	parser.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: true,
	parser.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         true,
	parser.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    true,
}

// sqlValueSyntax is how SQL writes it.
func sqlValueSyntax(op parser.SQLValueFunctionOp, typmod int32) string {
	word := strings.ToUpper(sqlValueNames[op])
	if typmod >= 0 {
		word += "(" + strconv.Itoa(int(typmod)) + ")"
	}
	return word
}
