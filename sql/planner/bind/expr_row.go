package bind

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// rowExpr is transformRowExpr: ROW(…) or (a, b); stars expand to columns.
func (s *scope) rowExpr(r *parser.RowExpr) plan.Expr {
	out := &plan.RowExpr{Meta: plan.M(s.b.typ(types.RecordOID), s.b.at(r.Location))}
	for _, n := range r.Args {
		if star := starOf(n); star != nil {
			for _, c := range s.expandStar(star) {
				out.Fields = append(out.Fields, c.expr)
			}
			continue
		}
		out.Fields = append(out.Fields, s.expr(n))
	}
	for i := range out.Fields {
		out.Names = append(out.Names, fmt.Sprintf("f%d", i+1))
	}
	return out
}

// rowComparison is make_row_comparison_op: = and <> become AND and OR, the
// ordering operators a RowCompare.
func (b *binder) rowComparison(name opName, left, right []plan.Expr, pos int) plan.Expr {
	if len(left) != len(right) {
		failAt(pos, pgerr.SyntaxError, "unequal number of entries in row expressions")
	}
	if len(left) == 0 {
		failAt(pos, pgerr.FeatureNotSupported, "cannot compare rows of zero length")
	}
	calls := make([]plan.Expr, len(left))
	for i := range left {
		c := b.makeOp(name, left[i], right[i], pos)
		if c.Typ.OID != types.BoolOID {
			failAt(pos, pgerr.DatatypeMismatch, "row comparison operator must yield type boolean, not type %s", b.typeName(c.Typ))
		}
		calls[i] = c
	}
	switch {
	case len(calls) == 1:
		return calls[0]
	case name.name == "=":
		return b.and(calls, pos)
	case name.name == "<>":
		return b.or(calls, pos)
	}
	return b.rowOrdering(name, calls, pos)
}

var orderingOps = map[string]bool{"<": true, "<=": true, ">": true, ">=": true}

func (b *binder) rowOrdering(name opName, calls []plan.Expr, pos int) plan.Expr {
	if !orderingOps[name.name] {
		fail(pgerr.New(pgerr.FeatureNotSupported, "could not determine interpretation of row comparison operator %s", name.name).
			WithHint("Row comparison operators must be associated with btree operator families.").AtByte(pos))
	}
	out := &plan.RowCompare{Meta: plan.M(b.typ(types.BoolOID), pos), Op: name.name}
	for _, e := range calls {
		c := e.(*plan.Call)
		out.Left, out.Right = append(out.Left, c.Args[0]), append(out.Right, c.Args[1])
		out.Less = append(out.Less, b.siblingOp("<", c))
		out.Equal = append(out.Equal, b.siblingOp("=", c))
	}
	return out
}

// siblingOp is the other comparison over a comparison's operand types.
func (b *binder) siblingOp(name string, c *plan.Call) *funcs.Func {
	return b.operator(opName{name: name}, c.Args[0].Type().OID, c.Args[1].Type().OID, c.At).Func
}
