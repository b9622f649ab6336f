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
// ends move on. Ends do not go back, and rows with the same end share a result.
func (c *windowCall) running(p *partition, allowed vec.Bitmap) (vec.Vector, error) {
	state := c.win.Func.Agg.New(c.call)
	state.Resize(1)
	results := vec.NewBuilder(c.win.Typ, p.n)
	which := make([]int32, p.n)
	sel := make([]int32, 0, 16)
	for i, done := 0, 0; i < p.n; i++ {
		end := int(p.end[i])
		if i > 0 && end == done {
			which[i] = which[i-1]
			continue
		}
		sel = sel[:0]
		for ; done < end; done++ {
			if allowed == nil || allowed.Get(done) {
				sel = append(sel, int32(done))
			}
		}
		if len(sel) > 0 {
			if err := state.Update(p.args, sel, p.n, nil); err != nil {
				return nil, err
			}
		}
		which[i] = int32(results.Len())
		if err := state.Result(results, 0, 1); err != nil {
			return nil, err
		}
	}
	return results.Build().Gather(which), nil
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
