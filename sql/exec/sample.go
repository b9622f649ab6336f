package exec

import (
	"context"
	"hash/fnv"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// sample keeps the rows whose id hashes, with the seed, below the percentage: a
// row is in or out whatever the others are, so that REPEATABLE holds while the
// table changes.
type sample struct {
	Operator
	id            expr.Expr
	percent, seed expr.Expr
	below         float64 // in [0, 1]
	key           uint64
}

func (b *builder) sample(n *plan.Sample) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	s := &sample{Operator: in}
	if s.id, err = b.compiler(n.Input.Columns()).Compile(n.ID); err != nil {
		return nil, err
	}
	es, err := b.compiler(nil).CompileAll([]plan.Expr{n.Percent, n.Seed})
	if err != nil {
		return nil, err
	}
	s.percent, s.seed = es[0], es[1]
	return s, nil
}

// Open evaluates the arguments: tablesample_init and bernoulli_beginsamplescan.
func (s *sample) Open(ctx context.Context) error {
	one := vec.NewBatch(nil, 1)
	cols, err := evalAll([]expr.Expr{s.percent, s.seed}, one)
	if err != nil {
		return err
	}
	if cols[0].IsNull(0) {
		return pgerr.New(pgerr.InvalidTablesampleArgument, "TABLESAMPLE parameter cannot be null")
	}
	if cols[1].IsNull(0) {
		return pgerr.New(pgerr.InvalidTablesampleRepeat, "TABLESAMPLE REPEATABLE parameter cannot be null")
	}
	percent := vec.Of[float32](cols[0]).At(0)
	if !(percent >= 0 && percent <= 100) {
		return pgerr.New(pgerr.InvalidTablesampleArgument, "sample percentage must be between 0 and 100")
	}
	s.below, s.key = float64(percent)/100, math.Float64bits(vec.Of[float64](cols[1]).At(0))
	return s.Operator.Open(ctx)
}

func (s *sample) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		b, err := s.Operator.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		col, err := s.id.Eval(b, b.Sel)
		if err != nil {
			return nil, err
		}
		ids := vec.Of[string](col)
		var sel []int32
		for k := range b.Rows() {
			if i := b.Row(k); s.chosen(ids.At(i)) {
				sel = append(sel, int32(i))
			}
		}
		if len(sel) > 0 {
			return expr.Dense(&vec.Batch{Cols: b.Cols, N: b.N, Sel: sel}), nil
		}
	}
}

func (s *sample) chosen(id string) bool {
	h := fnv.New64a()
	h.Write([]byte(id)) // never fails
	v := h.Sum64() ^ s.key
	for range 2 { // the finalizer of MurmurHash3
		v = (v ^ v>>33) * 0xff51afd7ed558ccd
		v = (v ^ v>>33) * 0xc4ceb9fe1a85ec53
	}
	return float64(v>>11)/(1<<53) < s.below
}
