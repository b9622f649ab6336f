package planner

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// anySet is how many rows a set-returning function is taken to give.
const anySet = 100

// setRows are the functions whose rows can be told from their arguments, by
// pg_proc.prosrc: those that have a support function (SupportRequestRows).
var setRows = map[string]func(args []plan.Expr) (float64, bool){
	"generate_series_int4": seriesRows, "generate_series_step_int4": seriesRows,
	"generate_series_int8": seriesRows, "generate_series_step_int8": seriesRows,
	"array_unnest": unnestRows,
}

// functionRows estimates the rows of functions that run side by side: those of the
// longest.
func functionRows(calls []plan.Expr) float64 {
	rows := 0.0
	for _, e := range calls {
		rows = math.Max(rows, callRows(e))
	}
	return rows
}

func callRows(e plan.Expr) float64 {
	c, ok := e.(*plan.Call)
	if !ok || !c.Func.ReturnSet {
		return 1
	}
	if estimate := setRows[c.Func.Source]; estimate != nil && !c.Func.User {
		if n, ok := estimate(c.Args); ok {
			return n
		}
	}
	return anySet
}

// seriesRows is generate_series_int4_support.
func seriesRows(args []plan.Expr) (float64, bool) {
	given := []float64{0, 0, 1}
	for i, a := range args {
		c, ok := a.(*plan.Const)
		switch {
		case !ok:
			return 0, false
		case c.Value == nil:
			return 0, true
		}
		switch v := c.Value.(type) {
		case int32:
			given[i] = float64(v)
		case int64:
			given[i] = float64(v)
		}
	}
	if given[2] == 0 {
		return 0, false
	}
	return math.Max(0, math.Floor((given[1]-given[0]+given[2])/given[2])), true
}

// unnestRows is array_unnest_support.
func unnestRows(args []plan.Expr) (float64, bool) {
	switch a := args[0].(type) {
	case *plan.Const:
		if v, ok := a.Value.(*types.Array); ok {
			return float64(len(v.Elems)), true
		}
		return 0, a.Value == nil
	case *plan.ArrayExpr:
		return float64(len(a.Elems)), true
	}
	return 0, false
}
