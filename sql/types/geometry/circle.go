package geometry

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// NewCircle is cr_circle.
func NewCircle(center Point, radius float64) Circle { return Circle{center, radius} }

// Same is circle_same.
func (c Circle) Same(o Circle) bool {
	return (isNaN(c.Radius) && isNaN(o.Radius) || fuzzyEQ(c.Radius, o.Radius)) && c.Center.Equal(o.Center)
}

// CirclesOverlap is circle_overlap.
func (c *Calc) CirclesOverlap(a, b Circle) bool {
	return fuzzyLE(c.Distance(a.Center, b.Center), c.add(a.Radius, b.Radius))
}

// CircleContains is circle_contain.
func (c *Calc) CircleContains(a, b Circle) bool {
	return fuzzyLE(c.Distance(a.Center, b.Center), c.sub(a.Radius, b.Radius))
}

// The edges of a circle: where it ends to the right, left, above and below.
func (c *Calc) right(a Circle) float64  { return c.add(a.Center.X, a.Radius) }
func (c *Calc) left(a Circle) float64   { return c.sub(a.Center.X, a.Radius) }
func (c *Calc) top(a Circle) float64    { return c.add(a.Center.Y, a.Radius) }
func (c *Calc) bottom(a Circle) float64 { return c.sub(a.Center.Y, a.Radius) }

// CircleLeft is circle_left.
func (c *Calc) CircleLeft(a, b Circle) bool { return fuzzyLT(c.right(a), c.left(b)) }

// CircleOverLeft is circle_overleft.
func (c *Calc) CircleOverLeft(a, b Circle) bool { return fuzzyLE(c.right(a), c.right(b)) }

// CircleRight is circle_right.
func (c *Calc) CircleRight(a, b Circle) bool { return fuzzyGT(c.left(a), c.right(b)) }

// CircleOverRight is circle_overright.
func (c *Calc) CircleOverRight(a, b Circle) bool { return fuzzyGE(c.left(a), c.left(b)) }

// CircleBelow is circle_below.
func (c *Calc) CircleBelow(a, b Circle) bool { return fuzzyLT(c.top(a), c.bottom(b)) }

// CircleOverBelow is circle_overbelow.
func (c *Calc) CircleOverBelow(a, b Circle) bool { return fuzzyLE(c.top(a), c.top(b)) }

// CircleAbove is circle_above.
func (c *Calc) CircleAbove(a, b Circle) bool { return fuzzyGT(c.bottom(a), c.top(b)) }

// CircleOverAbove is circle_overabove.
func (c *Calc) CircleOverAbove(a, b Circle) bool { return fuzzyGE(c.bottom(a), c.bottom(b)) }

// CircleArea is circle_area.
func (c *Calc) CircleArea(a Circle) float64 { return c.mul(c.mul(a.Radius, a.Radius), math.Pi) }

// Diameter is circle_diameter.
func (c *Calc) Diameter(a Circle) float64 { return c.mul(a.Radius, 2) }

// CompareCircles compares areas (circle_lt and its kin).
func (c *Calc) CompareCircles(a, b Circle, by Comparison) bool {
	return by(c.CircleArea(a), c.CircleArea(b))
}

// TransformCircle is circle_add_pt and its kin; scale is what happens to the radius,
// nil for nothing.
func (c *Calc) TransformCircle(a Circle, by Point, f Transform, scale func(c *Calc, r, by float64) float64) Circle {
	out := Circle{f(c, a.Center, by), a.Radius}
	if scale != nil {
		out.Radius = scale(c, a.Radius, c.hypot(by.X, by.Y))
	}
	return out
}

// Times multiplies a radius, Over divides it (TransformCircle).
func (c *Calc) Times(a, b float64) float64 { return c.mul(a, b) }

// Over is a divided by b.
func (c *Calc) Over(a, b float64) float64 { return c.div(a, b) }

// notNegative is a distance that is 0 within.
func notNegative(d float64) float64 {
	if d < 0 {
		return 0
	}
	return d
}

// CircleDistance is circle_distance.
func (c *Calc) CircleDistance(a, b Circle) float64 {
	return notNegative(c.sub(c.Distance(a.Center, b.Center), c.add(a.Radius, b.Radius)))
}

// PointCircleDistance is dist_pc.
func (c *Calc) PointCircleDistance(p Point, a Circle) float64 {
	return notNegative(c.sub(c.Distance(p, a.Center), a.Radius))
}

// CirclePolygonDistance is dist_cpoly.
func (c *Calc) CirclePolygonDistance(a Circle, p *Polygon) float64 {
	return notNegative(c.sub(c.PointPolygonDistance(a.Center, p), a.Radius))
}

// CircleContainsPoint is circle_contain_pt, which is exact.
func (c *Calc) CircleContainsPoint(a Circle, p Point) bool {
	return c.Distance(a.Center, p) <= a.Radius
}

// CircleBox is circle_box: the box within a circle.
func (c *Calc) CircleBox(a Circle) Box {
	delta := c.div(a.Radius, math.Sqrt2)
	return Box{
		High: Point{c.add(a.Center.X, delta), c.add(a.Center.Y, delta)},
		Low:  Point{c.sub(a.Center.X, delta), c.sub(a.Center.Y, delta)},
	}
}

// maxPolygonPoints is how many points a polygon may have: what a value of 2 GB holds.
const maxPolygonPoints = (math.MaxInt32 - 40) / 16

// CirclePolygon is circle_poly: n points on a circle. sin and cos are C's. 0A000, 22023,
// 54000.
func (c *Calc) CirclePolygon(n int32, a Circle, sin, cos func(float64) float64) *Polygon {
	switch {
	case fuzzyZero(a.Radius):
		c.fail(pgerr.FeatureNotSupported, "cannot convert circle with radius zero to polygon")
		return nil
	case n < 2:
		c.fail(pgerr.InvalidParameterValue, "must request at least 2 points")
		return nil
	case n > maxPolygonPoints:
		c.fail(pgerr.ProgramLimitExceeded, "too many points requested")
		return nil
	}
	step := c.div(2*math.Pi, float64(n))
	points := make([]Point, n)
	for i := range points {
		angle := c.mul(step, float64(i))
		points[i] = Point{c.sub(a.Center.X, c.mul(a.Radius, cos(angle))), c.add(a.Center.Y, c.mul(a.Radius, sin(angle)))}
	}
	return NewPolygon(points)
}
