package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// sqlSyntax writes the calls that stand for syntax of SQL's own, by the function's
// name (get_func_sql_syntax); false where the call is not written so.
var sqlSyntax map[string]func(d *deparser, e *plan.Call) bool

func init() {
	sqlSyntax = map[string]func(d *deparser, e *plan.Call) bool{
		"timezone":         atTimeZone,
		"overlaps":         overlaps,
		"extract":          extract,
		"is_normalized":    isNormalized,
		"pg_collation_for": parts("COLLATION FOR (", ")"),
		"normalize":        normalize,
		"overlay":          parts("OVERLAY(", " PLACING ", " FROM ", " FOR ", ")"),
		"position":         position,
		"substring":        substring,
		"btrim":            trim("BOTH"),
		"ltrim":            trim("LEADING"),
		"rtrim":            trim("TRAILING"),
	}
}

// given is how many arguments a call has, without those left to their defaults.
func given(e *plan.Call) int {
	if e.Written != nil {
		return len(e.Written)
	}
	return len(e.Args)
}

// parts writes each argument behind its word, and the last word at the end.
func parts(words ...string) func(d *deparser, e *plan.Call) bool {
	return func(d *deparser, e *plan.Call) bool {
		for i, a := range e.Args {
			d.put(words[i])
			d.getRuleExpr(a, false)
		}
		d.put(words[len(words)-1])
		return true
	}
}

func atTimeZone(d *deparser, e *plan.Call) bool {
	d.put("(")
	d.getRuleExprParen(e.Args[1], false, e)
	d.put(" AT TIME ZONE ")
	d.getRuleExprParen(e.Args[0], false, e)
	d.put(")")
	return true
}

func overlaps(d *deparser, e *plan.Call) bool {
	return parts("((", ", ", ") OVERLAPS (", ", ", "))")(d, e)
}

// word is a constant that syntax shows without quotes.
func (d *deparser) word(e plan.Expr) string {
	c := e.(*plan.Const)
	return string(c.Typ.Out(d.Env, nil, c.Value))
}

func extract(d *deparser, e *plan.Call) bool {
	if _, ok := e.Args[0].(*plan.Const); !ok {
		return false
	}
	d.put("EXTRACT(" + d.word(e.Args[0]) + " FROM ")
	d.getRuleExpr(e.Args[1], false)
	d.put(")")
	return true
}

func isNormalized(d *deparser, e *plan.Call) bool {
	d.put("(")
	d.getRuleExprParen(e.Args[0], false, e)
	d.put(" IS")
	if given(e) == 2 {
		d.put(" " + d.word(e.Args[1]))
	}
	d.put(" NORMALIZED)")
	return true
}

func normalize(d *deparser, e *plan.Call) bool {
	d.put("NORMALIZE(")
	d.getRuleExpr(e.Args[0], false)
	if given(e) == 2 {
		d.put(", " + d.word(e.Args[1]))
	}
	d.put(")")
	return true
}

func position(d *deparser, e *plan.Call) bool {
	d.put("POSITION((")
	d.getRuleExpr(e.Args[1], false)
	d.put(") IN (")
	d.getRuleExpr(e.Args[0], false)
	d.put("))")
	return true
}

// substring: with patterns it is SIMILAR, with positions FROM and FOR; of a text from a
// pattern it is a plain call.
func substring(d *deparser, e *plan.Call) bool {
	from := e.Func.Args[1]
	switch {
	case from == types.Int4OID && len(e.Args) == 3:
		return parts("SUBSTRING(", " FROM ", " FOR ", ")")(d, e)
	case from == types.Int4OID:
		return parts("SUBSTRING(", " FROM ", ")")(d, e)
	case len(e.Args) == 3:
		return parts("SUBSTRING(", " SIMILAR ", " ESCAPE ", ")")(d, e)
	}
	return false
}

func trim(side string) func(d *deparser, e *plan.Call) bool {
	return func(d *deparser, e *plan.Call) bool {
		d.put("TRIM(" + side)
		if len(e.Args) == 2 {
			d.put(" ")
			d.getRuleExpr(e.Args[1], false)
		}
		d.put(" FROM ")
		d.getRuleExpr(e.Args[0], false)
		d.put(")")
		return true
	}
}
