package exec

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// frameChunk is the number of frame rows fed at once where every frame is
// computed on its own.
const frameChunk = 1 << 14

// aggregate computes an aggregate over each row's frame. pass lists the rows
// that its FILTER passes, nil for all.
func (c *windowCall) aggregate(p *partition, pass []int32) (vec.Vector, error) {
	allowed := bitsOf(pass, p.n)
	if p.exclude == plan.ExcludeNothing && allZero(p.start) {
		return c.running(p, allowed)
	}
	return c.eachFrame(p, allowed)
}

// bitsOf is nil for all rows.
func bitsOf(rows []int32, n int) vec.Bitmap {
	if rows == nil {
		return nil
	}
	bits := vec.NewBitmap(n)
	setAll(bits, rows)
	return bits
}

func allZero(xs []int32) bool {
	for _, x := range xs {
		if x != 0 {
			return false
		}
	}
	return true
}

// running serves frames that begin with the partition: rows are added as the
// ends move on. Ends do not go back.
func (c *windowCall) running(p *partition, allowed vec.Bitmap) (vec.Vector, error) {
	state := c.win.Func.Agg.New(c.call)
	state.Resize(1)
	out := vec.NewBuilder(c.win.Typ, p.n)
	done := 0
	var last vec.Vector
	for i := range p.n {
		if end := int(p.end[i]); end > done || last == nil {
			sel := make([]int32, 0, max(end-done, 0))
			for j := done; j < end; j++ {
				if allowed == nil || allowed.Get(j) {
					sel = append(sel, int32(j))
				}
			}
			done = max(done, end)
			if len(sel) > 0 {
				if err := state.Update(p.args, sel, p.n, nil); err != nil {
					return nil, err
				}
			}
			one := vec.NewBuilder(c.win.Typ, 1)
			if err := state.Result(one, 0, 1); err != nil {
				return nil, err
			}
			last = one.Build()
		}
		out.AppendFrom(last, 0)
	}
	return out.Build(), nil
}

// eachFrame gives every row a group of its own and feeds it the frame's rows.
func (c *windowCall) eachFrame(p *partition, allowed vec.Bitmap) (vec.Vector, error) {
	out := vec.NewBuilder(c.win.Typ, p.n)
	for i := 0; i < p.n; {
		state := c.win.Func.Agg.New(c.call)
		var sel, groups []int32
		first := i
		for i < p.n && (len(sel) < frameChunk || i == first) {
			for j := p.FrameStart(i); j < p.FrameEnd(i); j++ {
				if (allowed == nil || allowed.Get(j)) && !p.Excluded(i, j) {
					sel, groups = append(sel, int32(j)), append(groups, int32(i-first))
				}
			}
			i++
		}
		state.Resize(i - first)
		if len(sel) > 0 {
			if err := state.Update(p.args, sel, p.n, groups); err != nil {
				return nil, err
			}
		}
		if err := state.Result(out, 0, i-first); err != nil {
			return nil, err
		}
	}
	return out.Build(), nil
}
