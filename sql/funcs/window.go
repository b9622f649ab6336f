package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// perWindowRow makes a window function that computes each row alone.
func perWindowRow[R any](f func(p WindowPartition, i int) R) WindowFunc {
	return func(c *Call, p WindowPartition) (vec.Vector, error) {
		out := make([]R, p.Rows())
		for i := range out {
			out[i] = f(p, i)
		}
		return vec.NewVec(c.Result, out, nil), nil
	}
}

func rowNumber(_ WindowPartition, i int) int64 { return int64(i) + 1 }

func windowRank(p WindowPartition, i int) int64 { return int64(p.PeerStart(i)) + 1 }

func denseRank(c *Call, p WindowPartition) (vec.Vector, error) {
	out := make([]int64, p.Rows())
	group := int64(0)
	for i := range out {
		if p.PeerStart(i) == i {
			group++
		}
		out[i] = group
	}
	return vec.NewVec(c.Result, out, nil), nil
}

func percentRank(p WindowPartition, i int) float64 {
	if p.Rows() <= 1 {
		return 0
	}
	return float64(p.PeerStart(i)) / float64(p.Rows()-1)
}

func cumeDist(p WindowPartition, i int) float64 { return float64(p.PeerEnd(i)) / float64(p.Rows()) }

// ntile takes the number of buckets from the first row; the first buckets get
// one row more where it does not divide.
func ntile(c *Call, p WindowPartition) (vec.Vector, error) {
	n := p.Rows()
	arg := vec.Of[int32](p.Args()[0])
	if n == 0 || arg.IsNull(0) {
		return vec.Const(c.Result, nil, n), nil
	}
	buckets := int(arg.At(0))
	if buckets <= 0 {
		return nil, pgerr.New(pgerr.InvalidArgumentForNtileFunction, "argument of ntile must be greater than zero")
	}
	size, larger := n/buckets, n%buckets
	out := make([]int32, n)
	for i := range out {
		if edge := larger * (size + 1); i < edge {
			out[i] = int32(i/(size+1)) + 1
		} else {
			out[i] = int32((i-edge)/max(size, 1)+larger) + 1
		}
	}
	return vec.NewVec(c.Result, out, nil), nil
}

// shift is lag (dir -1) and lead (dir 1): the value of another row of the
// partition, or the default.
func shift(dir int) WindowFunc {
	return func(c *Call, p WindowPartition) (vec.Vector, error) {
		args := p.Args()
		out := vec.NewBuilder(c.Result, p.Rows())
		for i := range p.Rows() {
			by := 1
			if len(args) > 1 {
				if args[1].IsNull(i) {
					out.AppendNull()
					continue
				}
				by = int(vec.Of[int32](args[1]).At(i))
			}
			switch at := i + dir*by; {
			case at >= 0 && at < p.Rows():
				out.AppendFrom(args[0], at)
			case len(args) > 2:
				out.AppendFrom(args[2], i)
			default:
				out.AppendNull()
			}
		}
		return out.Build(), nil
	}
}

// nthInFrame finds the n-th row of row i's frame (from 1, or from the end if
// backwards), skipping excluded rows; -1 if there is none.
func nthInFrame(p WindowPartition, i, n int, backwards bool) int {
	from, to, step := p.FrameStart(i), p.FrameEnd(i), 1
	if backwards {
		from, to, step = to-1, from-1, -1
	}
	if !backwards && from > to || backwards && from < to {
		return -1
	}
	for j := from; j != to; j += step {
		if p.Excluded(i, j) {
			continue
		}
		if n--; n == 0 {
			return j
		}
	}
	return -1
}

func frameValue(n int, backwards bool) WindowFunc {
	return func(c *Call, p WindowPartition) (vec.Vector, error) {
		return frameValues(c, p, func(i int) (int, error) { return nthInFrame(p, i, n, backwards), nil })
	}
}

// frameValues takes for each row the value of the row that find gives.
func frameValues(c *Call, p WindowPartition, find func(i int) (int, error)) (vec.Vector, error) {
	out := vec.NewBuilder(c.Result, p.Rows())
	for i := range p.Rows() {
		j, err := find(i)
		if err != nil {
			return nil, err
		}
		if j < 0 {
			out.AppendNull()
		} else {
			out.AppendFrom(p.Args()[0], j)
		}
	}
	return out.Build(), nil
}

func nthValue(c *Call, p WindowPartition) (vec.Vector, error) {
	nth := p.Args()[1]
	return frameValues(c, p, func(i int) (int, error) {
		if nth.IsNull(i) {
			return -1, nil
		}
		n := int(vec.Of[int32](nth).At(i))
		if n <= 0 {
			return -1, pgerr.New(pgerr.InvalidArgumentForNthValueFunction, "argument of nth_value must be greater than zero")
		}
		return nthInFrame(p, i, n, false), nil
	})
}

func init() {
	lag, lead := shift(-1), shift(1)
	windows{
		"row_number()":                           perWindowRow(rowNumber),
		"rank()":                                 perWindowRow(windowRank),
		"dense_rank()":                           denseRank,
		"percent_rank()":                         perWindowRow(percentRank),
		"cume_dist()":                            perWindowRow(cumeDist),
		"ntile(int4)":                            ntile,
		"lag(anyelement)":                        lag,
		"lag(anyelement,int4)":                   lag,
		"lead(anyelement)":                       lead,
		"lead(anyelement,int4)":                  lead,
		"lag(anycompatible,int4,anycompatible)":  lag,
		"lead(anycompatible,int4,anycompatible)": lead,
		"first_value(anyelement)":                frameValue(1, false),
		"last_value(anyelement)":                 frameValue(1, true),
		"nth_value(anyelement,int4)":             nthValue,
	}.bind()
}
