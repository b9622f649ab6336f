package funcs

import (
	"math"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// An ordered-set aggregate sees its direct arguments and then, in the order of
// WITHIN GROUP, the aggregated ones.

// orderedSet is the state of a group: the direct arguments of its first row,
// and the aggregated arguments of all rows in order.
type orderedSet struct {
	direct []any
	rows   [][]any
	seen   bool
}

func orderedSetAgg(result func(c *Call, s *orderedSet) (any, error)) AggFunc {
	return agg(aggSpec[orderedSet]{
		update: func(st *aggState[orderedSet], args []vec.Vector, in *inputs) error {
			n := numDirect(st.c, len(args))
			for k := range in.count() {
				row := make([]any, len(args))
				for j, a := range args {
					row[j] = a.Value(in.row(k))
				}
				s := &st.groups[in.group(k)]
				if !s.seen {
					s.seen, s.direct = true, row[:n]
				}
				s.rows = append(s.rows, row[n:])
			}
			st.extra += int64(in.count()*len(args)) * boxedSize
			return nil
		},
		merge: simpleMerge(func(into, from *orderedSet) {
			if !into.seen {
				into.seen, into.direct = from.seen, from.direct
			}
			into.rows = append(into.rows, from.rows...)
		}),
		result: func(c *Call, s *orderedSet, out vec.Builder) error {
			v, err := result(c, s)
			if err == nil {
				out.Append(v)
			}
			return err
		},
		ordered: true,
	})
}

// numDirect is the number of direct arguments: of a hypothetical-set aggregate,
// half of them.
func numDirect(c *Call, args int) int {
	if c.Func.Agg.OrderedSet == 'h' {
		return args / 2
	}
	return c.Func.Agg.NumDirect
}

// values are the aggregated values that are not NULL.
func (s *orderedSet) values() []any {
	var out []any
	for _, r := range s.rows {
		if r[0] != nil {
			out = append(out, r[0])
		}
	}
	return out
}

func mode(c *Call, s *orderedSet) (any, error) {
	compare := c.Args[len(c.Args)-1].Compare
	var best any
	bestRun, run := 0, 0
	vals := s.values()
	for i, v := range vals {
		if run++; i > 0 && compare(vals[i-1], v) != 0 {
			run = 1
		}
		if run > bestRun {
			best, bestRun = v, run
		}
	}
	return best, nil
}

func checkFraction(p float64) error {
	if p < 0 || p > 1 || p != p {
		return pgerr.New(pgerr.NumericValueOutOfRange, "percentile value %s is not between 0 and 1", strconv.FormatFloat(p, 'g', 6, 64))
	}
	return nil
}

// percentile makes percentile_disc or percentile_cont of pick, for one fraction
// or an array of them.
func percentile(many bool, pick func(vals []any, p float64) (any, error)) AggFunc {
	return orderedSetAgg(func(c *Call, s *orderedSet) (any, error) {
		if !s.seen || s.direct[0] == nil {
			return nil, nil
		}
		vals := s.values()
		if !many {
			return percentileOf(vals, s.direct[0], pick)
		}
		fractions := s.direct[0].(*types.Array)
		if len(vals) == 0 {
			return nil, nil
		}
		out := make([]any, len(fractions.Elems))
		for i, f := range fractions.Elems {
			v, err := percentileOf(vals, f, pick)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return &types.Array{Elem: elemOf(c, c.Result), Dims: fractions.Dims, Elems: out}, nil
	})
}

func percentileOf(vals []any, fraction any, pick func([]any, float64) (any, error)) (any, error) {
	if fraction == nil {
		return nil, nil
	}
	p := fraction.(float64)
	if err := checkFraction(p); err != nil || len(vals) == 0 {
		return nil, err
	}
	return pick(vals, p)
}

func pickDiscrete(vals []any, p float64) (any, error) {
	return vals[max(int(math.Ceil(p*float64(len(vals))))-1, 0)], nil
}

// pickBetween interpolates between the two values next to p.
func pickBetween[T any](lerp func(lo, hi T, p float64) (T, error)) func(vals []any, p float64) (any, error) {
	return func(vals []any, p float64) (any, error) {
		at := p * float64(len(vals)-1)
		lo, hi := int(math.Floor(at)), int(math.Ceil(at))
		if lo == hi {
			return vals[lo], nil
		}
		return lerp(vals[lo].(T), vals[hi].(T), at-float64(lo))
	}
}

func lerpFloat(lo, hi, p float64) (float64, error) { return lo + p*(hi-lo), nil }

func lerpInterval(lo, hi types.Interval, p float64) (types.Interval, error) {
	d, err := hi.Sub(lo)
	if err == nil {
		d, err = d.Mul(p)
	}
	if err != nil {
		return d, err
	}
	return lo.Add(d)
}

// place is where a hypothetical row would stand: rows before it, distinct ones
// among them, and peers.
type place struct{ before, distinct, peers, rows int }

func hypothetical(result func(p place) any) AggFunc {
	return orderedSetAgg(func(c *Call, s *orderedSet) (any, error) {
		p := place{rows: len(s.rows)}
		for i, row := range s.rows {
			switch n := compareRows(c, row, s.direct); {
			case n == 0:
				p.peers++
			case n < 0:
				p.before++
				if i == 0 || compareRows(c, s.rows[i-1], row) != 0 {
					p.distinct++
				}
			}
		}
		return result(p), nil
	})
}

// compareRows compares two rows as WITHIN GROUP sorts.
func compareRows(c *Call, a, b []any) int {
	for i := range a {
		var order SortOrder
		if i < len(c.WithinGroup) {
			order = c.WithinGroup[i]
		}
		if n := compareKeys(c.Args[len(c.Args)-len(a)+i], order, a[i], b[i]); n != 0 {
			return n
		}
	}
	return 0
}

func compareKeys(t *types.Type, order SortOrder, a, b any) int {
	if a == nil || b == nil {
		switch {
		case a == nil && b == nil:
			return 0
		case (a == nil) == order.NullsFirst:
			return -1
		}
		return 1
	}
	if order.Desc {
		return sign(t.Compare(b, a))
	}
	return sign(t.Compare(a, b))
}

func percentRankOf(p place) any {
	if p.rows == 0 {
		return float64(0)
	}
	return float64(p.before) / float64(p.rows)
}

func init() {
	float, interval := pickBetween(lerpFloat), pickBetween(lerpInterval)
	aggregates{
		"mode(anyelement)":                    orderedSetAgg(mode),
		"percentile_disc(float8,anyelement)":  percentile(false, pickDiscrete),
		"percentile_disc(_float8,anyelement)": percentile(true, pickDiscrete),
		"percentile_cont(float8,float8)":      percentile(false, float),
		"percentile_cont(_float8,float8)":     percentile(true, float),
		"percentile_cont(float8,interval)":    percentile(false, interval),
		"percentile_cont(_float8,interval)":   percentile(true, interval),
		"rank(any)":                           hypothetical(func(p place) any { return int64(p.before) + 1 }),
		"dense_rank(any)":                     hypothetical(func(p place) any { return int64(p.distinct) + 1 }),
		"percent_rank(any)":                   hypothetical(percentRankOf),
		"cume_dist(any)":                      hypothetical(func(p place) any { return float64(p.before+p.peers+1) / float64(p.rows+1) }),
	}.bind()
}
