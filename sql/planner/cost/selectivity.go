package cost

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// Selectivities without statistics, PostgreSQL's defaults (selfuncs.h) but for
// equality, which assumes 100 distinct values rather than 200: s3db.js
// partitions are made on what has few.
const (
	EqSelectivity    = 0.01
	RangeSelectivity = 1.0 / 3
	LikeSelectivity  = 0.05
	NullSelectivity  = 0.05
	OtherSelectivity = 0.5
)

// Selectivity is the share of rows for which e is true.
func Selectivity(e plan.Expr) float64 {
	switch e := e.(type) {
	case nil:
		return 1
	case *plan.And:
		s := 1.0
		for _, a := range e.Args {
			s *= Selectivity(a)
		}
		return s
	case *plan.Or:
		miss := 1.0
		for _, a := range e.Args {
			miss *= 1 - Selectivity(a)
		}
		return 1 - miss
	case *plan.Not:
		return 1 - Selectivity(e.Arg)
	case *plan.NullTest:
		if e.Not {
			return 1 - NullSelectivity
		}
		return NullSelectivity
	case *plan.Call:
		return callSelectivity(e)
	case *plan.ArrayOp:
		return arraySelectivity(e)
	case *plan.Const:
		if e.Value == true {
			return 1
		}
		return 0
	}
	return OtherSelectivity
}

var operatorSelectivity = map[string]float64{
	"=": EqSelectivity, "<>": 1 - EqSelectivity,
	"<": RangeSelectivity, "<=": RangeSelectivity, ">": RangeSelectivity, ">=": RangeSelectivity,
	"~~": LikeSelectivity, "~~*": LikeSelectivity, "~": LikeSelectivity, "~*": LikeSelectivity, "^@": LikeSelectivity,
	"!~~": 1 - LikeSelectivity, "!~~*": 1 - LikeSelectivity, "!~": 1 - LikeSelectivity, "!~*": 1 - LikeSelectivity,
	"@>": EqSelectivity, "<@": EqSelectivity, "&&": EqSelectivity,
}

func callSelectivity(c *plan.Call) float64 {
	if c.Op != nil {
		if s, ok := operatorSelectivity[c.Op.Name]; ok {
			return s
		}
	}
	return OtherSelectivity
}

func arraySelectivity(a *plan.ArrayOp) float64 {
	n := 10.0 // elements of an array that is not known yet
	if arr, ok := a.Array.(*plan.ArrayExpr); ok {
		n = float64(len(arr.Elems))
	}
	one := OtherSelectivity
	if s, ok := operatorSelectivity[a.Op.Name]; ok {
		one = s
	}
	if a.All {
		return math.Pow(one, n)
	}
	return math.Min(1, one*n)
}

// Groups estimates the number of groups.
func Groups(rows float64, keys int) float64 {
	if keys == 0 {
		return 1
	}
	return math.Max(1, math.Min(rows, math.Pow(rows, 1-1/float64(keys+1))))
}
