package pljs

import (
	"reflect"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// The operators that make a BigInt of any size in one step, and the functions that stand
// for them in a compiled program: they refuse one beyond maxOperation bytes, a power one
// beyond maxPower, which takes up to a second. No program can spell the names.
const (
	powerName = "\x00power"
	leftName  = "\x00left"
	rightName = "\x00right"
	// refName keeps what is before an assignment's operator, until assignName.
	refName    = "\x00ref"
	assignName = "\x00assign"
)

const maxPower = 1 << 20

var boundedOperators = map[token.Token]string{token.EXPONENT: powerName, token.SHIFT_LEFT: leftName, token.SHIFT_RIGHT: rightName}

// operatorFunctions makes the functions, in the order of operatorNames.
const operatorFunctions = `(function (limit, most, refuse) {
	"use strict";
	const numeric = (v) => Object(v) === v ? -(-v) : v;
	const bits = (v) => BigInt(v.toString(16).length * 4);
	limit = BigInt(limit), most = BigInt(most);
	const big = (a, b) => typeof a === "bigint" && typeof b === "bigint" && a !== 0n;
	const power = (a, b) => {
		a = numeric(a), b = numeric(b);
		if (big(a, b) && (a > 1n || a < -1n) && bits(a) * b > most * 8n) refuse("**");
		return a ** b;
	};
	const left = (a, b) => {
		a = numeric(a), b = numeric(b);
		if (big(a, b) && bits(a) + b > limit * 8n) refuse("<<");
		return a << b;
	};
	const right = (a, b) => {
		a = numeric(a), b = numeric(b);
		if (big(a, b) && bits(a) - b > limit * 8n) refuse(">>");
		return a >> b;
	};
	const ref = (object, key) => ({ object, key, value: object[key] });
	const assign = (r, f, v) => r.object[r.key] = f(r.value, v);
	return [power, left, right, ref, assign];
})`

var operatorNames = []string{powerName, leftName, rightName, refName, assignName}

var operatorsProgram = goja.MustCompile("operators", operatorFunctions, false)

// defineOperators gives a runtime the functions.
func (rt *runtime) defineOperators(refuse goja.Value) {
	v, err := rt.vm.RunProgram(operatorsProgram)
	if err != nil {
		panic(err) // a mistake in the text above
	}
	makeAll, _ := goja.AssertFunction(v)
	if v, err = makeAll(goja.Undefined(), rt.vm.ToValue(maxOperation), rt.vm.ToValue(maxPower), refuse); err != nil {
		panic(err)
	}
	for i, name := range operatorNames {
		if err := rt.vm.GlobalObject().DefineDataProperty(name, elementOf(v.(*goja.Object), i), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE); err != nil {
			panic(err)
		}
	}
}

// boundOperators puts calls of the functions in the place of the operators: 0A000 where
// the target of an assignment can't be read without reading it twice.
func boundOperators(tree *ast.Program) error {
	r := operatorRewrite{seen: map[uintptr]bool{}}
	r.walk(reflect.ValueOf(tree).Elem())
	return r.err
}

type operatorRewrite struct {
	seen map[uintptr]bool
	err  error
}

var expressionType = reflect.TypeFor[ast.Expression]()

// walk goes through all that a part of the tree holds, innermost first.
func (r *operatorRewrite) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			r.walk(v.Elem())
			r.replace(v)
		}
	case reflect.Pointer:
		if !v.IsNil() && !r.seen[v.Pointer()] && v.Type().Elem().PkgPath() == expressionType.PkgPath() {
			r.seen[v.Pointer()] = true
			r.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			r.walk(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.walk(v.Index(i))
		}
	}
}

// replace puts another expression in the place of one, if need be.
func (r *operatorRewrite) replace(v reflect.Value) {
	if v.Type() != expressionType || !v.CanSet() {
		return
	}
	var out ast.Expression
	switch e := v.Interface().(type) {
	case *ast.BinaryExpression:
		if f := boundedOperators[e.Operator]; f != "" && !isPlainNumber(e.Right) {
			out = callOf(f, e.Left, e.Left, e.Right)
		}
	case *ast.AssignExpression:
		if f := boundedOperators[e.Operator]; f != "" && !isPlainNumber(e.Right) {
			out = r.assignment(f, e)
		}
	}
	if out != nil {
		v.Set(reflect.ValueOf(out))
	}
}

func (r *operatorRewrite) assignment(f string, e *ast.AssignExpression) ast.Expression {
	switch left := e.Left.(type) {
	case *ast.Identifier:
		return &ast.AssignExpression{Operator: token.ASSIGN, Left: left, Right: callOf(f, left, left, e.Right)}
	case *ast.DotExpression:
		key := &ast.StringLiteral{Idx: left.Identifier.Idx, Literal: string(left.Identifier.Name), Value: left.Identifier.Name}
		return callOf(assignName, left, callOf(refName, left, left.Left, key), named(f, left), e.Right)
	case *ast.BracketExpression:
		return callOf(assignName, left, callOf(refName, left, left.Left, left.Member), named(f, left), e.Right)
	}
	r.err = pgerr.Unsupported("the operator %s= of JavaScript on a private field", e.Operator)
	return nil
}

// isPlainNumber: with a number at its right an operator is none of BigInt.
func isPlainNumber(e ast.Expression) bool {
	n, ok := e.(*ast.NumberLiteral)
	if !ok {
		return false
	}
	switch n.Value.(type) {
	case int64, float64:
		return true
	}
	return false
}

// callOf is a call that stands where at does.
func callOf(name string, at ast.Expression, args ...ast.Expression) ast.Expression {
	return &ast.CallExpression{Callee: named(name, at), LeftParenthesis: at.Idx0(), ArgumentList: args, RightParenthesis: at.Idx1()}
}

func named(name string, at ast.Expression) *ast.Identifier {
	return &ast.Identifier{Name: unistring.String(name), Idx: at.Idx0()}
}
