package exec

import (
	"math"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec/kept"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// minSampled is the least table of which a sample is taken: with smaller ones hardly
// any plan is wrong.
const minSampled = 200

// Distinct is the number of different values of a column that stands in memory.
func Distinct(rel *catalog.Relation, num int16, env *Env) (n float64, ok bool) {
	k := keptColumns(rel, []int16{num}, env)
	if k == nil {
		return 0, false
	}
	return float64(kept.Distinct(k, num, 0)), true
}

func keptColumns(rel *catalog.Relation, nums []int16, env *Env) *storage.Kept {
	t, err := env.Tables.Table(rel.OID)
	if err != nil {
		return nil
	}
	return storage.KeptColumns(t, nums)
}

// Share estimates the part of a table in memory that passes a condition on its columns
// cols, whose numbers are nums: it is evaluated on a sample. ok is false where that is
// impossible or tells nothing.
func Share(rel *catalog.Relation, cols []plan.Col, nums []int16, cond plan.Expr, env *Env) (share float64, ok bool) {
	if !sampled(cond, cols) {
		return 0, false
	}
	k := keptColumns(rel, nums, env)
	if k == nil || k.Rows < minSampled {
		return 0, false
	}
	p, err := newBuilder(env).compiler(cols).Predicate(cond)
	if err != nil {
		return 0, false
	}
	b := kept.Sample(k, nums)
	rows, err := p.Rows(b, nil)
	if err != nil { // of a row that the statement may never come to
		return 0, false
	}
	return math.Max(float64(len(rows)), 0.5) / float64(b.N), true
}

// sampled says whether e can be evaluated before the statement runs: nothing but cols
// and constants, and no function of a user, which might tell the world that it runs.
func sampled(e plan.Expr, cols []plan.Col) bool {
	own := plan.ColumnIDs(cols)
	ok := immutable(e)
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Param:
			ok = false
		case *plan.Call:
			ok = ok && e.Func.OID < catalog.FirstUserOID
		case *plan.ArrayOp:
			ok = ok && e.Func.OID < catalog.FirstUserOID
		case *plan.RowCompare:
			ok = false // of functions that are not looked at here
		case *plan.Convert:
			ok = ok && e.Kind != plan.ConvertDomain
		case *plan.Column:
			ok = ok && own[e.ID]
		}
		return ok
	})
	return ok
}
