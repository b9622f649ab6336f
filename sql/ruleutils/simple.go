package ruleutils

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// nodeTag is PostgreSQL's kind of node, as far as parentheses depend on it.
type nodeTag uint8

const (
	tagOther    nodeTag = iota
	tagWord             // Var, Const, Param …
	tagFunction         // name(…) that separates its parts itself: Coalesce, Aggref, ArrayExpr …
	tagCall             // FuncExpr as name(…)
	tagCast             // FuncExpr as a cast or with syntax of its own
	tagCoercion         // RelabelType and its family
	tagCase
	tagField
	tagOp
	tagTest // NullTest, BooleanTest, DistinctExpr, SubLink
	tagBool
)

// tagOf is nodeTag(e).
func (d *deparser) tagOf(e plan.Expr) nodeTag {
	switch e := e.(type) {
	case *plan.Column:
		if d.computed(e) != nil || d.isWindow(e) || d.isGrouping(e) {
			return tagFunction
		}
		return tagWord
	case *plan.Const, *plan.Param, *plan.CaseOperand, *plan.Default:
		return tagWord
	case *plan.Call:
		return callTag(e)
	case *plan.Convert:
		if e.Collate {
			return tagOther
		}
		return tagCoercion
	case *plan.And, *plan.Or, *plan.Not:
		return tagBool
	case *plan.NullTest, *plan.BoolTest, *plan.Subquery:
		return tagTest
	case *plan.Distinct:
		if e.Not {
			return tagBool
		}
		return tagTest
	}
	return rareTag(e)
}

func rareTag(e plan.Expr) nodeTag {
	switch e := e.(type) {
	case *plan.RowExpr:
		if e.Whole != nil {
			return tagWord
		}
		return tagFunction
	case *plan.Coalesce, *plan.NullIf, *plan.MinMax, *plan.ArrayExpr, *plan.Subscript, *plan.Agg, *plan.Win:
		return tagFunction
	case *plan.Case:
		return tagCase
	case *plan.FieldSelect:
		return tagField
	}
	return tagOther // ScalarArrayOpExpr, RowCompareExpr, CollateExpr
}

func callTag(e *plan.Call) nodeTag {
	switch e.Display {
	case plan.DisplayOperator:
		return tagOp
	case plan.DisplayExplicitCast, plan.DisplayImplicitCast:
		return tagCast
	case plan.DisplaySQLSyntax:
		if e.Syntax != "" {
			return tagFunction
		}
		return tagCast
	}
	return tagCall
}

// isSimpleNode says whether a part of parent reads the same without parentheses.
func (d *deparser) isSimpleNode(e, parent plan.Expr) bool {
	tag, above := d.tagOf(e), d.tagOf(parent)
	switch tag {
	case tagWord, tagFunction, tagCall, tagCast, tagCase:
		return true
	case tagField:
		return above != tagField
	case tagCoercion:
		return d.isSimpleNode(e.(*plan.Convert).Arg, e)
	case tagOp:
		if d.Paren && above == tagOp {
			return bindsTighter(e.(*plan.Call), parent.(*plan.Call))
		}
		return above == tagBool || separates(above)
	case tagTest:
		return above == tagBool || separates(above)
	case tagBool:
		if above == tagBool {
			return d.Paren && boolBinds(e, parent)
		}
		return separates(above)
	}
	return false
}

// separates says whether a node's parts need no parentheses in it.
func separates(above nodeTag) bool {
	return above == tagFunction || above == tagCall || above == tagCase
}

// boolBinds: AND and NOT stand in AND and OR as they are, OR in OR.
func boolBinds(e, parent plan.Expr) bool {
	_, inAnd := parent.(*plan.And)
	_, inOr := parent.(*plan.Or)
	if _, or := e.(*plan.Or); or {
		return inOr
	}
	return inAnd || inOr
}

// bindsTighter: of operators only + - and * / % are known to do.
func bindsTighter(e, parent *plan.Call) bool {
	op, above := simpleOperator(e), simpleOperator(parent)
	if op == "" || above == "" {
		return false
	}
	low, lowAbove := strings.Contains("+-", op), strings.Contains("+-", above)
	switch {
	case !low && lowAbove:
		return true
	case low && !lowAbove:
		return false
	}
	return parent.Args[0] == plan.Expr(e)
}

// simpleOperator is get_simple_binary_op_name, "" for any but the known ones.
func simpleOperator(e *plan.Call) string {
	if len(e.Args) == 2 && len(e.Op.Name) == 1 && strings.Contains("+-*/%", e.Op.Name) {
		return e.Op.Name
	}
	return ""
}
