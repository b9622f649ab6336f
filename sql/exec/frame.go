package exec

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// frame finds each row's frame.
type frame struct {
	plan.Frame
	startExpr, endExpr expr.Expr
	startCall, endCall *funcs.Call // in_range
	desc, nullsFirst   bool        // of the one key of RANGE with offsets
	startOff, endOff   any
}

func (b *builder) frame(n *plan.Window) (*frame, error) {
	f := &frame{Frame: n.Frame}
	if f.End == plan.UnboundedPreceding {
		f.End = plan.CurrentRow
	}
	c := b.compiler(nil)
	var err error
	if f.StartOffset != nil {
		if f.startExpr, err = c.Compile(f.StartOffset); err != nil {
			return nil, err
		}
	}
	if f.EndOffset != nil {
		if f.endExpr, err = c.Compile(f.EndOffset); err != nil {
			return nil, err
		}
	}
	if f.Mode != plan.FrameRange || f.startExpr == nil && f.endExpr == nil {
		return f, nil
	}
	if len(n.OrderBy) != 1 {
		return nil, pgerr.New(pgerr.WindowingError, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	}
	key := n.OrderBy[0]
	f.desc, f.nullsFirst = key.Desc, key.NullsFirst
	if f.startCall, err = b.inRange(f.InRangeStart, key.Expr.Type(), f.StartOffset); err != nil {
		return nil, err
	}
	f.endCall, err = b.inRange(f.InRangeEnd, key.Expr.Type(), f.EndOffset)
	return f, err
}

// inRange prepares in_range(value, base, offset, sub, less).
func (b *builder) inRange(c *plan.Call, key *types.Type, offset plan.Expr) (*funcs.Call, error) {
	if offset == nil {
		return nil, nil
	}
	if c == nil || c.Func.Kernel == nil {
		return nil, pgerr.Unsupported("RANGE with offset PRECEDING/FOLLOWING for type %s", key.Name)
	}
	boolean := types.ByOID(types.BoolOID)
	return b.rt.NewCall(c.Func, []*types.Type{key, key, offset.Type(), boolean, boolean}, boolean, -1), nil
}

// open evaluates the offsets. 22004 for NULL, 22013 for a negative one.
func (f *frame) open() error {
	var err error
	if f.startOff, err = f.offset(f.startExpr, "starting"); err != nil {
		return err
	}
	f.endOff, err = f.offset(f.endExpr, "ending")
	return err
}

func (f *frame) offset(e expr.Expr, which string) (any, error) {
	if e == nil {
		return nil, nil
	}
	v, err := e.Eval(vec.NewBatch(nil, 1), nil)
	if err != nil {
		return nil, err
	}
	if v.IsNull(0) {
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "frame %s offset must not be null", which)
	}
	if n, ok := v.Value(0).(int64); ok && n < 0 && f.Mode != plan.FrameRange {
		return nil, pgerr.New(pgerr.InvalidPrecedingOrFollowingSize, "frame %s offset must not be negative", which)
	}
	return v.Value(0), nil
}

// bounds returns the frame [start, end) of each row; an empty one has start >=
// end cut to start.
func (f *frame) bounds(p *partition, keys []vec.Vector) (start, end []int32, err error) {
	start, end = make([]int32, p.n), make([]int32, p.n)
	if err := f.starts(p, keys, start); err != nil {
		return nil, nil, err
	}
	if err := f.ends(p, keys, end); err != nil {
		return nil, nil, err
	}
	for i := range end {
		end[i] = max(end[i], start[i])
	}
	return start, end, nil
}

func (f *frame) starts(p *partition, keys []vec.Vector, out []int32) error {
	switch {
	case f.Start == plan.UnboundedPreceding:
		return nil
	case f.Start == plan.CurrentRow:
		for i := range out {
			out[i] = int32(i)
			if f.Mode != plan.FrameRows {
				out[i] = p.starts[p.peers[i]]
			}
		}
		return nil
	case f.Mode == plan.FrameRange:
		return f.rangeStarts(keys[0], out)
	}
	k := distance(f.startOff, f.Start == plan.OffsetPreceding)
	for i := range out {
		if f.Mode == plan.FrameRows {
			out[i] = clamp(int64(i)+k, 0, int64(p.n))
		} else {
			out[i] = p.starts[clamp(int64(p.peers[i])+k, 0, int64(len(p.starts)-1))]
		}
	}
	return nil
}

func (f *frame) ends(p *partition, keys []vec.Vector, out []int32) error {
	switch {
	case f.End == plan.UnboundedFollowing:
		for i := range out {
			out[i] = int32(p.n)
		}
		return nil
	case f.End == plan.CurrentRow:
		for i := range out {
			out[i] = int32(i + 1)
			if f.Mode != plan.FrameRows {
				out[i] = p.starts[p.peers[i]+1]
			}
		}
		return nil
	case f.Mode == plan.FrameRange:
		return f.rangeEnds(keys[0], out)
	}
	k := distance(f.endOff, f.End == plan.OffsetPreceding)
	for i := range out {
		if f.Mode == plan.FrameRows {
			out[i] = clamp(int64(i)+k+1, 0, int64(p.n))
		} else {
			out[i] = p.starts[clamp(int64(p.peers[i])+k+1, 0, int64(len(p.starts)-1))]
		}
	}
	return nil
}

// maxDistance keeps sums of positions and offsets from overflowing.
const maxDistance = 1 << 40

func distance(offset any, preceding bool) int64 {
	n, _ := offset.(int64)
	n = min(n, maxDistance)
	if preceding {
		return -n
	}
	return n
}

func clamp(x, lo, hi int64) int32 { return int32(max(lo, min(x, hi))) }

// rangeStarts moves the start on while rows are before the frame, as
// update_frameheadpos of nodeWindowAgg.c does.
func (f *frame) rangeStarts(key vec.Vector, out []int32) error {
	sub, less := f.Start == plan.OffsetPreceding, false
	if f.desc {
		sub, less = !sub, true
	}
	at, n := 0, len(out)
	for i := range out {
		for at < n {
			in, err := f.reached(f.startCall, key, at, i, f.startOff, sub, less)
			if err != nil {
				return err
			}
			if in {
				break
			}
			at++
		}
		out[i] = int32(at)
	}
	return nil
}

// reached says whether row j is at or behind the start of row i's frame.
func (f *frame) reached(c *funcs.Call, key vec.Vector, j, i int, off any, sub, less bool) (bool, error) {
	jn, in := key.IsNull(j), key.IsNull(i)
	if jn || in {
		if f.nullsFirst {
			return !jn || in, nil
		}
		return jn || !in, nil
	}
	return inRange(c, key, j, i, off, sub, less)
}

// rangeEnds moves the end on while rows are not behind the frame.
func (f *frame) rangeEnds(key vec.Vector, out []int32) error {
	sub, less := f.End == plan.OffsetPreceding, true
	if f.desc {
		sub, less = !sub, false
	}
	at, n := 0, len(out)
	for i := range out {
		for at < n {
			in, err := f.within(f.endCall, key, at, i, f.endOff, sub, less)
			if err != nil {
				return err
			}
			if !in {
				break
			}
			at++
		}
		out[i] = int32(at)
	}
	return nil
}

// within says whether row j is not behind the end of row i's frame.
func (f *frame) within(c *funcs.Call, key vec.Vector, j, i int, off any, sub, less bool) (bool, error) {
	jn, in := key.IsNull(j), key.IsNull(i)
	if jn || in {
		if f.nullsFirst {
			return jn || !in, nil
		}
		return !jn || in, nil
	}
	return inRange(c, key, j, i, off, sub, less)
}

func inRange(c *funcs.Call, key vec.Vector, j, i int, off any, sub, less bool) (bool, error) {
	v, err := c.Func.Kernel(c, []vec.Vector{
		key.Slice(j, j+1), key.Slice(i, i+1), vec.Const(c.Args[2], off, 1),
		vec.Const(c.Args[3], sub, 1), vec.Const(c.Args[4], less, 1),
	}, nil, 1)
	if err != nil {
		return false, err
	}
	return !v.IsNull(0) && v.Value(0).(bool), nil
}
