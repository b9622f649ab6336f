package geometry

import "math"

// Equal is point_eq.
func (p Point) Equal(q Point) bool {
	if isNaN(p.X) || isNaN(p.Y) || isNaN(q.X) || isNaN(q.Y) {
		return same(p.X, q.X) && same(p.Y, q.Y)
	}
	return fuzzyEQ(p.X, q.X) && fuzzyEQ(p.Y, q.Y)
}

// LeftOf is point_left.
func (p Point) LeftOf(q Point) bool { return fuzzyLT(p.X, q.X) }

// RightOf is point_right.
func (p Point) RightOf(q Point) bool { return fuzzyGT(p.X, q.X) }

// Above is point_above.
func (p Point) Above(q Point) bool { return fuzzyGT(p.Y, q.Y) }

// Below is point_below.
func (p Point) Below(q Point) bool { return fuzzyLT(p.Y, q.Y) }

// Vertical is point_vert: q lies above or below p.
func (p Point) Vertical(q Point) bool { return fuzzyEQ(p.X, q.X) }

// Horizontal is point_horiz: q lies beside p.
func (p Point) Horizontal(q Point) bool { return fuzzyEQ(p.Y, q.Y) }

// Distance is point_distance.
func (c *Calc) Distance(p, q Point) float64 { return c.hypot(c.sub(p.X, q.X), c.sub(p.Y, q.Y)) }

// Slope is point_slope: that of the line through both.
func (c *Calc) Slope(p, q Point) float64 {
	switch {
	case fuzzyEQ(p.X, q.X):
		return math.Inf(1)
	case fuzzyEQ(p.Y, q.Y):
		return 0
	}
	return c.div(c.sub(p.Y, q.Y), c.sub(p.X, q.X))
}

// inverseSlope is point_invsl: the slope of what stands perpendicular to the line
// through both.
func (c *Calc) inverseSlope(p, q Point) float64 {
	switch {
	case fuzzyEQ(p.X, q.X):
		return 0
	case fuzzyEQ(p.Y, q.Y):
		return math.Inf(1)
	}
	return c.div(c.sub(p.X, q.X), c.sub(q.Y, p.Y))
}

// Add is point_add.
func (c *Calc) Add(p, q Point) Point { return Point{c.add(p.X, q.X), c.add(p.Y, q.Y)} }

// Sub is point_sub.
func (c *Calc) Sub(p, q Point) Point { return Point{c.sub(p.X, q.X), c.sub(p.Y, q.Y)} }

// Mul is point_mul: the product of complex numbers, which turns and scales.
func (c *Calc) Mul(p, q Point) Point {
	return Point{
		c.sub(c.mul(p.X, q.X), c.mul(p.Y, q.Y)),
		c.add(c.mul(p.X, q.Y), c.mul(p.Y, q.X)),
	}
}

// Div is point_div.
func (c *Calc) Div(p, q Point) Point {
	square := c.add(c.mul(q.X, q.X), c.mul(q.Y, q.Y))
	return Point{
		c.div(c.add(c.mul(p.X, q.X), c.mul(p.Y, q.Y)), square),
		c.div(c.sub(c.mul(p.Y, q.X), c.mul(p.X, q.Y)), square),
	}
}

// between is the middle of two points.
func (c *Calc) between(p, q Point) Point {
	return Point{c.div(c.add(p.X, q.X), 2), c.div(c.add(p.Y, q.Y), 2)}
}

// Transform is what moves, turns or scales a point: Add, Sub, Mul or Div.
type Transform func(c *Calc, p, by Point) Point

// transformed are the points, each transformed.
func (c *Calc) transformed(points []Point, f Transform, by Point) []Point {
	out := make([]Point, len(points))
	for i, p := range points {
		out[i] = f(c, p, by)
	}
	return out
}
