package funcs

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// floatMoments is the state of float8_accum (float.c): count, sum, and the sum
// of squared differences by the Youngs-Cramer algorithm.
type floatMoments struct{ n, sx, sxx float64 }

func (s *floatMoments) add(v float64) error {
	old := *s
	s.n++
	s.sx += v
	if old.n == 0 {
		if v != v || math.IsInf(v, 0) {
			s.sxx = math.NaN()
		}
		return nil
	}
	tmp := v*s.n - s.sx
	s.sxx += tmp * tmp / (s.n * old.n)
	return s.check(old.sx, v)
}

// check raises an overflow that the inputs do not explain, and turns the rest
// into NaN.
func (s *floatMoments) check(oldSx, v float64) error {
	if !math.IsInf(s.sx, 0) && !math.IsInf(s.sxx, 0) {
		return nil
	}
	if !math.IsInf(oldSx, 0) && !math.IsInf(v, 0) {
		return floatOverflow()
	}
	s.sxx = math.NaN()
	return nil
}

func (s *floatMoments) merge(o *floatMoments) error {
	switch {
	case o.n == 0:
		return nil
	case s.n == 0:
		*s = *o
		return nil
	}
	n := s.n + o.n
	sx := s.sx + o.sx
	tmp := s.sx/s.n - o.sx/o.n
	sxx := s.sxx + o.sxx + s.n*o.n*tmp*tmp/n
	if math.IsInf(sx, 0) && !math.IsInf(s.sx, 0) && !math.IsInf(o.sx, 0) {
		return floatOverflow()
	}
	*s = floatMoments{n, sx, sxx}
	return nil
}

// floatTotal is an aggregate of the float moments; ok is false for NULL.
func floatTotal[T float](result func(s *floatMoments) (float64, bool)) AggFunc {
	return agg(aggSpec[floatMoments]{
		strict: true,
		update: perRow(func(s *floatMoments, v T) error { return s.add(float64(v)) }),
		merge:  func(_ *aggState[floatMoments], into, from *floatMoments) error { return into.merge(from) },
		result: func(_ *Call, s *floatMoments, out vec.Builder) error {
			v, ok := result(s)
			return putFloat(out, v, ok)
		},
	})
}

func putFloat(out vec.Builder, v float64, ok bool) error {
	if ok {
		put(out, v)
	} else {
		out.AppendNull()
	}
	return nil
}

func floatAvg(s *floatMoments) (float64, bool)     { return s.sx / s.n, s.n > 0 }
func floatVarPop(s *floatMoments) (float64, bool)  { return s.sxx / s.n, s.n > 0 }
func floatVarSamp(s *floatMoments) (float64, bool) { return s.sxx / (s.n - 1), s.n > 1 }

func rootOf(f func(s *floatMoments) (float64, bool)) func(s *floatMoments) (float64, bool) {
	return func(s *floatMoments) (float64, bool) {
		v, ok := f(s)
		return math.Sqrt(v), ok
	}
}

// pairMoments is the state of float8_regr_accum.
type pairMoments struct{ n, sx, sxx, sy, syy, sxy float64 }

func (s *pairMoments) add(y, x float64) error {
	old := *s
	s.n++
	s.sx += x
	s.sy += y
	if old.n == 0 {
		s.first(x, y)
		return nil
	}
	tx, ty := x*s.n-s.sx, y*s.n-s.sy
	scale := 1 / (s.n * old.n)
	s.sxx += tx * tx * scale
	s.syy += ty * ty * scale
	s.sxy += tx * ty * scale
	return s.check(old, x, y)
}

func (s *pairMoments) first(x, y float64) {
	if x != x || math.IsInf(x, 0) {
		s.sxx, s.sxy = math.NaN(), math.NaN()
	}
	if y != y || math.IsInf(y, 0) {
		s.syy, s.sxy = math.NaN(), math.NaN()
	}
}

func (s *pairMoments) check(old pairMoments, x, y float64) error {
	inf := func(v float64) bool { return math.IsInf(v, 0) }
	if !inf(s.sx) && !inf(s.sxx) && !inf(s.sy) && !inf(s.syy) && !inf(s.sxy) {
		return nil
	}
	xFinite, yFinite := !inf(old.sx) && !inf(x), !inf(old.sy) && !inf(y)
	if (inf(s.sx) || inf(s.sxx)) && xFinite || (inf(s.sy) || inf(s.syy)) && yFinite || inf(s.sxy) && xFinite && yFinite {
		return floatOverflow()
	}
	for _, v := range []*float64{&s.sxx, &s.syy, &s.sxy} {
		if inf(*v) {
			*v = math.NaN()
		}
	}
	return nil
}

func (s *pairMoments) merge(o *pairMoments) {
	switch {
	case o.n == 0:
		return
	case s.n == 0:
		*s = *o
		return
	}
	n := s.n + o.n
	dx, dy := s.sx/s.n-o.sx/o.n, s.sy/s.n-o.sy/o.n
	f := s.n * o.n / n
	*s = pairMoments{
		n: n, sx: s.sx + o.sx, sy: s.sy + o.sy,
		sxx: s.sxx + o.sxx + f*dx*dx, syy: s.syy + o.syy + f*dy*dy, sxy: s.sxy + o.sxy + f*dx*dy,
	}
}

// pairTotal is an aggregate of (y, x) pairs.
func pairTotal(result func(s *pairMoments) (float64, bool)) AggFunc {
	return agg(aggSpec[pairMoments]{
		strict: true,
		update: perRow2((*pairMoments).add),
		merge:  simpleMerge(func(into, from *pairMoments) { into.merge(from) }),
		result: func(_ *Call, s *pairMoments, out vec.Builder) error {
			v, ok := result(s)
			return putFloat(out, v, ok)
		},
	})
}

func correlation(s *pairMoments) (float64, bool) {
	return s.sxy / math.Sqrt(s.sxx*s.syy), s.n > 0 && s.sxx != 0 && s.syy != 0
}

func determination(s *pairMoments) (float64, bool) {
	if s.n < 1 || s.sxx == 0 {
		return 0, false
	}
	if s.syy == 0 {
		return 1, true
	}
	return s.sxy * s.sxy / (s.sxx * s.syy), true
}

func slope(s *pairMoments) (float64, bool) { return s.sxy / s.sxx, s.n > 0 && s.sxx != 0 }

func intercept(s *pairMoments) (float64, bool) {
	return (s.sy - s.sx*s.sxy/s.sxx) / s.n, s.n > 0 && s.sxx != 0
}

func covarPop(s *pairMoments) (float64, bool)  { return s.sxy / s.n, s.n > 0 }
func covarSamp(s *pairMoments) (float64, bool) { return s.sxy / (s.n - 1), s.n > 1 }
func regrAvgX(s *pairMoments) (float64, bool)  { return s.sx / s.n, s.n > 0 }
func regrAvgY(s *pairMoments) (float64, bool)  { return s.sy / s.n, s.n > 0 }
func regrSxx(s *pairMoments) (float64, bool)   { return s.sxx, s.n > 0 }
func regrSyy(s *pairMoments) (float64, bool)   { return s.syy, s.n > 0 }
func regrSxy(s *pairMoments) (float64, bool)   { return s.sxy, s.n > 0 }

// regrCount counts the rows where neither argument is NULL.
func regrCount() AggFunc { return countAgg(true) }

func init() {
	aggregates{
		"avg(float4)": floatTotal[float32](floatAvg),
		"avg(float8)": floatTotal[float64](floatAvg),

		"corr(float8,float8)":           pairTotal(correlation),
		"covar_pop(float8,float8)":      pairTotal(covarPop),
		"covar_samp(float8,float8)":     pairTotal(covarSamp),
		"regr_avgx(float8,float8)":      pairTotal(regrAvgX),
		"regr_avgy(float8,float8)":      pairTotal(regrAvgY),
		"regr_sxx(float8,float8)":       pairTotal(regrSxx),
		"regr_syy(float8,float8)":       pairTotal(regrSyy),
		"regr_sxy(float8,float8)":       pairTotal(regrSxy),
		"regr_r2(float8,float8)":        pairTotal(determination),
		"regr_slope(float8,float8)":     pairTotal(slope),
		"regr_intercept(float8,float8)": pairTotal(intercept),
		"regr_count(float8,float8)":     regrCount(),
	}.bind()
	for name, f := range map[string]func(s *floatMoments) (float64, bool){
		"variance": floatVarSamp, "var_samp": floatVarSamp, "var_pop": floatVarPop,
		"stddev": rootOf(floatVarSamp), "stddev_samp": rootOf(floatVarSamp), "stddev_pop": rootOf(floatVarPop),
	} {
		aggregates{
			name + "(float4)": floatTotal[float32](f),
			name + "(float8)": floatTotal[float64](f),
		}.bind()
	}
}
