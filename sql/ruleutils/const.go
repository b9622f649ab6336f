package ruleutils

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// showType says whether a constant is written with its type.
type showType int8

const (
	typeNever    showType = -1
	typeIfNeeded showType = 0
	typeAlways   showType = 1
)

// getConst is get_const_expr.
func (d *deparser) getConst(c *plan.Const, show showType) {
	if c.Value == nil {
		d.put("NULL")
		if show != typeNever {
			d.put("::" + d.TypeName(c.Typ, c.Mod))
			d.constCollation(c)
		}
		return
	}
	label := d.constValue(c)
	if show == typeNever {
		return
	}
	if label || show == typeAlways {
		d.put("::" + d.TypeName(c.Typ, c.Mod))
	}
	d.constCollation(c)
}

// constValue writes a value and says whether it needs its type to be read as it is.
func (d *deparser) constValue(c *plan.Const) (label bool) {
	text := string(d.typeToday(c.Typ).Out(d.Env, nil, types.Relabelled(c.Value, c.Typ, d.typeByOID)))
	switch c.Typ.OID {
	case types.Int4OID:
		if !strings.HasPrefix(text, "-") {
			d.put(text)
			return false
		}
	case types.NumericOID:
		if text[0] >= '0' && text[0] <= '9' && strings.ContainsAny(text, "eE.") {
			d.put(text)
			return c.Mod >= 0
		}
	case types.BoolOID:
		d.put(map[bool]string{true: "true", false: "false"}[text == "t"])
		return false
	case types.UnknownOID:
		d.put(d.quoteLiteral(text))
		return false
	}
	d.put(d.quoteLiteral(text))
	return true
}

// constCollation is get_const_collation.
func (d *deparser) constCollation(c *plan.Const) {
	if t := d.typeByOID(c.Typ.OID); t != nil && c.Typ.Collation != 0 && c.Typ.Collation != t.OwnCollation() {
		d.put(" COLLATE " + d.collationName(c.Typ.Collation))
	}
}
