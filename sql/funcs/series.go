package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// intSeries yields start, start+step … stop without boxing.
type intSeries[T integer] struct {
	t                *types.Type
	next, stop, step T
	done             bool
}

// Next implements RowIter.
func (s *intSeries[T]) Next() (*vec.Batch, error) {
	if s.done {
		return nil, nil
	}
	vals := make([]T, 0, vec.BatchSize)
	for len(vals) < vec.BatchSize && !s.done {
		if s.step > 0 && s.next > s.stop || s.step < 0 && s.next < s.stop {
			s.done = true
			break
		}
		vals = append(vals, s.next)
		following := s.next + s.step
		s.done = s.step > 0 && following < s.next || s.step < 0 && following > s.next // overflow ends it
		s.next = following
	}
	if len(vals) == 0 {
		return nil, nil
	}
	return vec.NewBatch([]vec.Vector{vec.NewVec(s.t, vals, nil)}, len(vals)), nil
}

func zeroStep() error {
	return pgerr.New(pgerr.InvalidParameterValue, "step size cannot equal zero")
}

func generateInts[T integer](c *Call, args []any) (RowIter, error) {
	step := T(1)
	if len(args) > 2 {
		step = args[2].(T)
	}
	if step == 0 {
		return nil, zeroStep()
	}
	return &intSeries[T]{t: c.Result, next: args[0].(T), stop: args[1].(T), step: step}, nil
}

// series yields values while within says so, then adds.
func series[T any](c *Call, start T, within func(T) bool, add func(T) (T, error)) RowIter {
	row := make([]any, 1)
	next, first := start, true
	return rowsFrom(c, func() ([]any, error) {
		if !first {
			var err error
			if next, err = add(next); err != nil {
				return nil, err
			}
		}
		first = false
		if !within(next) {
			first, within = true, func(T) bool { return false }
			return nil, nil
		}
		row[0] = next
		return row, nil
	})
}

func generateNumerics(c *Call, args []any) (RowIter, error) {
	step := types.NumericFromInt64(1)
	if len(args) > 2 {
		step = args[2].(types.Numeric)
	}
	start, stop := args[0].(types.Numeric), args[1].(types.Numeric)
	for _, a := range []struct {
		n    types.Numeric
		name string
	}{{start, "start value"}, {stop, "stop value"}, {step, "step size"}} {
		switch {
		case a.n.IsNaN():
			return nil, pgerr.New(pgerr.InvalidParameterValue, "%s cannot be NaN", a.name)
		case !a.n.IsFinite():
			return nil, pgerr.New(pgerr.InvalidParameterValue, "%s cannot be infinity", a.name)
		}
	}
	dir := step.Sign()
	if dir == 0 {
		return nil, zeroStep()
	}
	return series(c, start,
		func(n types.Numeric) bool { return n.Cmp(stop)*dir <= 0 },
		func(n types.Numeric) (types.Numeric, error) { return n.Add(step) }), nil
}

func generateTimestamps(c *Call, args []any, add func(int64, types.Interval) (int64, error)) (RowIter, error) {
	start, stop, step := args[0].(int64), args[1].(int64), args[2].(types.Interval)
	dir := int64(step.Compare(types.Interval{}))
	if dir == 0 {
		return nil, zeroStep()
	}
	return series(c, start,
		func(ts int64) bool { return dir > 0 && ts <= stop || dir < 0 && ts >= stop },
		func(ts int64) (int64, error) { return add(ts, step) }), nil
}

func init() {
	timestamps := func(c *Call, args []any) (RowIter, error) {
		return generateTimestamps(c, args, types.TimestampAddInterval)
	}
	timestamptzs := func(c *Call, args []any) (RowIter, error) {
		return generateTimestamps(c, args, func(ts int64, v types.Interval) (int64, error) {
			return types.TimestamptzAddInterval(ts, v, c.Env.Loc())
		})
	}
	rowsFuncs{
		"generate_series_int4":         strictRowsFunc(generateInts[int32]),
		"generate_series_step_int4":    strictRowsFunc(generateInts[int32]),
		"generate_series_int8":         strictRowsFunc(generateInts[int64]),
		"generate_series_step_int8":    strictRowsFunc(generateInts[int64]),
		"generate_series_numeric":      strictRowsFunc(generateNumerics),
		"generate_series_step_numeric": strictRowsFunc(generateNumerics),
		"generate_series_timestamp":    strictRowsFunc(timestamps),
		"generate_series_timestamptz":  strictRowsFunc(timestamptzs),
	}.bind()
}
