package geometry

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// LineAt is line_construct: the line through a point with a slope.
func (c *Calc) LineAt(p Point, slope float64) Line {
	switch {
	case isInf(slope):
		return Line{-1, 0, p.X}
	case slope == 0:
		return Line{0, -1, p.Y}
	}
	return Line{slope, -1, positiveZero(c.sub(p.Y, c.mul(slope, p.X)))}
}

// positiveZero is f, but 0 for -0.
func positiveZero(f float64) float64 {
	if f == 0 {
		return 0
	}
	return f
}

// LineThrough is line_construct_pp. 22023 for points that are equal.
func (c *Calc) LineThrough(p, q Point) Line {
	if p.Equal(q) {
		c.fail(pgerr.InvalidParameterValue, "invalid line specification: must be two distinct points")
	}
	return c.LineAt(p, c.Slope(p, q))
}

// Degenerate says whether A and B are zero: the equation of no line.
func (l Line) Degenerate() bool { return fuzzyZero(l.A) && fuzzyZero(l.B) }

// Vertical is line_vertical.
func (l Line) Vertical() bool { return fuzzyZero(l.B) }

// Horizontal is line_horizontal.
func (l Line) Horizontal() bool { return fuzzyZero(l.A) }

func (c *Calc) lineSlope(l Line) float64 {
	switch {
	case fuzzyZero(l.A):
		return 0
	case fuzzyZero(l.B):
		return math.Inf(1)
	}
	return c.div(l.A, -l.B)
}

func (c *Calc) lineInverseSlope(l Line) float64 {
	switch {
	case fuzzyZero(l.A):
		return math.Inf(1)
	case fuzzyZero(l.B):
		return 0
	}
	return c.div(l.B, l.A)
}

// LinesEqual is line_eq: one equation may be a multiple of the other.
func (c *Calc) LinesEqual(l, m Line) bool {
	for _, f := range []float64{l.A, l.B, l.C, m.A, m.B, m.C} {
		if isNaN(f) {
			return same(l.A, m.A) && same(l.B, m.B) && same(l.C, m.C)
		}
	}
	ratio := 1.0
	switch {
	case !fuzzyZero(m.A):
		ratio = c.div(l.A, m.A)
	case !fuzzyZero(m.B):
		ratio = c.div(l.B, m.B)
	case !fuzzyZero(m.C):
		ratio = c.div(l.C, m.C)
	}
	return fuzzyEQ(l.A, c.mul(ratio, m.A)) && fuzzyEQ(l.B, c.mul(ratio, m.B)) && fuzzyEQ(l.C, c.mul(ratio, m.C))
}

// LinesPerpendicular is line_perp.
func (c *Calc) LinesPerpendicular(l, m Line) bool {
	switch {
	case fuzzyZero(l.A):
		return fuzzyZero(m.B)
	case fuzzyZero(m.A):
		return fuzzyZero(l.B)
	case fuzzyZero(l.B):
		return fuzzyZero(m.A)
	case fuzzyZero(m.B):
		return fuzzyZero(l.A)
	}
	return fuzzyEQ(c.div(c.mul(l.A, m.A), c.mul(l.B, m.B)), -1)
}

// LinesCross is line_intersect, LinesParallel line_parallel.
func (c *Calc) LinesCross(l, m Line) bool {
	_, ok := c.LineCrossing(l, m)
	return ok
}

// LinesParallel is line_parallel.
func (c *Calc) LinesParallel(l, m Line) bool { return !c.LinesCross(l, m) }

// LineCrossing is line_interpt: where two lines meet; false if they don't.
func (c *Calc) LineCrossing(l, m Line) (p Point, ok bool) {
	if fuzzyZero(l.B) {
		l, m = m, l
	}
	if fuzzyZero(l.B) || fuzzyEQ(m.A, c.mul(l.A, c.div(m.B, l.B))) {
		return Point{}, false
	}
	x := c.div(c.sub(c.mul(l.B, m.C), c.mul(m.B, l.C)), c.sub(c.mul(l.A, m.B), c.mul(m.A, l.B)))
	y := c.div(-c.add(c.mul(l.A, x), l.C), l.B)
	return Point{positiveZero(x), positiveZero(y)}, true
}

// LineDistance is line_distance.
func (c *Calc) LineDistance(l, m Line) float64 {
	if c.LinesCross(l, m) {
		return 0
	}
	ratio := 1.0
	usable := func(a, b float64) bool { return !fuzzyZero(a) && !isNaN(a) && !fuzzyZero(b) && !isNaN(b) }
	switch {
	case usable(l.A, m.A):
		ratio = c.div(l.A, m.A)
	case usable(l.B, m.B):
		ratio = c.div(l.B, m.B)
	}
	return c.div(math.Abs(c.sub(l.C, c.mul(ratio, m.C))), c.hypot(l.A, l.B))
}

// PointOnLine is on_pl.
func (c *Calc) PointOnLine(p Point, l Line) bool {
	return fuzzyZero(c.add(c.add(c.mul(l.A, p.X), c.mul(l.B, p.Y)), l.C))
}

// nearestOnLine is line_closept_point: the point of a line that is next to p, and how
// far that is; NaN where there is none.
func (c *Calc) nearestOnLine(l Line, p Point) (Point, float64) {
	q, ok := c.LineCrossing(c.LineAt(p, c.lineInverseSlope(l)), l)
	if !ok {
		return p, math.NaN()
	}
	return q, c.Distance(q, p)
}

// PointLineDistance is dist_pl.
func (c *Calc) PointLineDistance(p Point, l Line) float64 {
	_, d := c.nearestOnLine(l, p)
	return d
}

// found is a nearest point with its distance: nothing where that is NaN.
func found(p Point, distance float64) (Point, bool) { return p, !isNaN(distance) }

// PointClosestOnLine is close_pl.
func (c *Calc) PointClosestOnLine(p Point, l Line) (Point, bool) { return found(c.nearestOnLine(l, p)) }
