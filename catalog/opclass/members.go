package opclass

import (
	_ "embed"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Operator is a row of pg_amop.
type Operator struct {
	OID, Family, Left, Right types.OID
	Strategy                 int16
	Operator, Method         types.OID
	Purpose                  string // s for searches, o for orders
	SortFamily               types.OID
}

// Function is a row of pg_amproc.
type Function struct {
	OID, Family, Left, Right types.OID
	Number                   int16
	Proc                     types.OID
}

var (
	//go:embed amops.tsv
	operatorsTSV string
	//go:embed amprocs.tsv
	functionsTSV string
)

// Operators are the operators of the built-in families, by oid.
var Operators = sync.OnceValue(func() []*Operator {
	var out []*Operator
	for _, f := range lines(operatorsTSV) {
		out = append(out, &Operator{OID: number(f[0]), Family: number(f[1]), Left: number(f[2]), Right: number(f[3]),
			Strategy: int16(number(f[4])), Operator: number(f[5]), Method: number(f[6]), Purpose: f[7], SortFamily: number(f[8])})
	}
	return out
})

// Functions are the support functions of the built-in families, by oid.
var Functions = sync.OnceValue(func() []*Function {
	var out []*Function
	for _, f := range lines(functionsTSV) {
		out = append(out, &Function{OID: number(f[0]), Family: number(f[1]), Left: number(f[2]), Right: number(f[3]),
			Number: int16(number(f[4])), Proc: number(f[5])})
	}
	return out
})

// BuiltinMember is the operator or function at that place of a built-in family, 0
// if it has none.
func BuiltinMember(family types.OID, function bool, left, right types.OID, number int16) types.OID {
	if function {
		for _, f := range Functions() {
			if f.Family == family && f.Left == left && f.Right == right && f.Number == number {
				return f.Proc
			}
		}
		return 0
	}
	for _, o := range Operators() {
		if o.Family == family && o.Left == left && o.Right == right && o.Strategy == number {
			return o.Operator
		}
	}
	return 0
}

// Implements says whether a function is the one at that place of a built-in class,
// for its own type: as support function, or as the code of an operator, which
// operatorCode finds.
func (c *Class) Implements(function bool, number int16, code types.OID, operatorCode func(operator types.OID) types.OID) bool {
	m := BuiltinMember(c.Family, function, c.In, c.In, number)
	if !function && m != 0 {
		m = operatorCode(m)
	}
	return m != 0 && m == code
}
