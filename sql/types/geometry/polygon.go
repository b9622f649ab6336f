package geometry

import "iter"

// Segments are its sides, beginning with that from the last point to the first.
func (p *Polygon) Segments() iter.Seq[Segment] { return segments(p.Points, true) }

// Path is poly_path.
func (p *Polygon) Path() *Path { return &Path{true, p.Points} }

// LeftOf is poly_left: polygons compare by their boxes, exactly.
func (p *Polygon) LeftOf(q *Polygon) bool { return p.Bound.High.X < q.Bound.Low.X }

// OverLeft is poly_overleft.
func (p *Polygon) OverLeft(q *Polygon) bool { return p.Bound.High.X <= q.Bound.High.X }

// RightOf is poly_right.
func (p *Polygon) RightOf(q *Polygon) bool { return p.Bound.Low.X > q.Bound.High.X }

// OverRight is poly_overright.
func (p *Polygon) OverRight(q *Polygon) bool { return p.Bound.Low.X >= q.Bound.Low.X }

// Below is poly_below.
func (p *Polygon) Below(q *Polygon) bool { return p.Bound.High.Y < q.Bound.Low.Y }

// OverBelow is poly_overbelow.
func (p *Polygon) OverBelow(q *Polygon) bool { return p.Bound.High.Y <= q.Bound.High.Y }

// Above is poly_above.
func (p *Polygon) Above(q *Polygon) bool { return p.Bound.Low.Y > q.Bound.High.Y }

// OverAbove is poly_overabove.
func (p *Polygon) OverAbove(q *Polygon) bool { return p.Bound.Low.Y >= q.Bound.Low.Y }

// Same is poly_same: the points may begin elsewhere and go the other way round
// (plist_same).
func (p *Polygon) Same(q *Polygon) bool {
	n := len(p.Points)
	if n != len(q.Points) {
		return false
	}
	matches := func(from, step int) bool {
		for k, a := range p.Points {
			if !a.Equal(q.Points[(from+k*step)%n]) {
				return false
			}
		}
		return true
	}
	for from := range n {
		if matches(from, 1) || matches(from, n-1) {
			return true
		}
	}
	return false
}

// PolygonContainsPoint is poly_contain_pt.
func (c *Calc) PolygonContainsPoint(p *Polygon, q Point) bool { return c.inside(q, p.Points) }

// PolygonsOverlap is poly_overlap.
func (c *Calc) PolygonsOverlap(p, q *Polygon) bool {
	return p.Bound.Overlaps(q.Bound) &&
		(c.anyCross(p.Segments(), q.Segments()) || c.inside(p.Points[0], q.Points) || c.inside(q.Points[0], p.Points))
}

// PolygonDistance is poly_distance.
func (c *Calc) PolygonDistance(p, q *Polygon) (float64, bool) {
	if c.PolygonsOverlap(p, q) {
		return 0, true
	}
	return c.leastDistance(p.Segments(), q.Segments())
}

// PointPolygonDistance is dist_ppoly.
func (c *Calc) PointPolygonDistance(q Point, p *Polygon) float64 {
	if c.inside(q, p.Points) {
		return 0
	}
	last := len(p.Points) - 1
	m := minimum{c.PointSegmentDistance(q, Segment{p.Points[0], p.Points[last]}), true}
	for i := range last {
		m.take(c.PointSegmentDistance(q, Segment{p.Points[i], p.Points[i+1]}))
	}
	return m.value
}

// PolygonCircle is poly_circle: the mean of the points, and of their distances to it.
func (c *Calc) PolygonCircle(p *Polygon) Circle {
	var out Circle
	n := float64(len(p.Points))
	for _, q := range p.Points {
		out.Center = c.Add(out.Center, q)
	}
	out.Center = Point{c.div(out.Center.X, n), c.div(out.Center.Y, n)}
	for _, q := range p.Points {
		out.Radius = c.add(out.Radius, c.Distance(q, out.Center))
	}
	out.Radius = c.div(out.Radius, n)
	return out
}

// PolygonCenter is poly_center.
func (c *Calc) PolygonCenter(p *Polygon) Point { return c.PolygonCircle(p).Center }

// PolygonContains is poly_contain.
func (c *Calc) PolygonContains(p, q *Polygon) bool {
	if !p.Bound.Contains(q.Bound) {
		return false
	}
	for s := range q.Segments() {
		if !c.segmentInside(s[0], s[1], p, 0) {
			return false
		}
	}
	return true
}

// segmentInside is lseg_inside_poly: whether the segment from a to b lies within p,
// whose sides before start have been looked at.
func (c *Calc) segmentInside(a, b Point, p *Polygon, start int) bool {
	t := Segment{a, b}
	crossed := false
	n := len(p.Points)
	for i := start; i < n && c.Err == nil; i++ {
		s := Segment{p.Points[(i+n-1)%n], p.Points[i]}
		inside := true
		if c.PointOnSegment(a, s) {
			if c.PointOnSegment(b, s) {
				return true
			}
			inside = c.touchingInside(a, b, s, p, i+1)
		} else if c.PointOnSegment(b, s) {
			inside = c.touchingInside(b, a, s, p, i+1)
		} else if at, ok := c.SegmentCrossing(t, s); ok {
			crossed = true
			inside = c.segmentInside(a, at, p, i+1) && c.segmentInside(b, at, p, i+1)
		}
		if !inside {
			return false
		}
	}
	return crossed || c.inside(c.between(a, b), p.Points)
}

// touchingInside is touched_lseg_inside_poly: a lies on the side s, b does not.
func (c *Calc) touchingInside(a, b Point, s Segment, p *Polygon, start int) bool {
	t := Segment{a, b}
	ends := s[:]
	switch {
	case a.Equal(s[0]):
		ends = s[1:]
	case a.Equal(s[1]):
		ends = s[:1]
	}
	for _, end := range ends {
		if c.PointOnSegment(end, t) {
			return c.segmentInside(b, end, p, start)
		}
	}
	return true
}

// inside is point_inside: whether p lies in or on the polygon of the points. It counts
// how often the sides go around p.
func (c *Calc) inside(p Point, points []Point) bool {
	total := 0
	relative := func(q Point) Point { return Point{c.sub(q.X, p.X), c.sub(q.Y, p.Y)} }
	first := relative(points[0])
	prev := first
	for i := 1; i <= len(points); i++ {
		next := first
		if i < len(points) {
			next = relative(points[i])
		}
		turns, on := c.crossing(next.X, next.Y, prev.X, prev.Y)
		if on {
			return true
		}
		total += turns
		prev = next
	}
	return total != 0
}

// crossing is lseg_crossing: how often the side that ends in (x,y) crosses the positive
// X-axis, in halves, and whether it goes through the origin.
func (c *Calc) crossing(x, y, prevX, prevY float64) (halves int, on bool) {
	if fuzzyZero(y) {
		return crossingOnAxis(x, prevX, prevY)
	}
	sign := -1
	if fuzzyGT(y, 0) {
		sign = 1
	}
	switch {
	case fuzzyZero(prevY):
		if fuzzyLT(prevX, 0) {
			return 0, false
		}
		return sign, false
	case sign < 0 && fuzzyLT(prevY, 0) || sign > 0 && fuzzyGT(prevY, 0):
		return 0, false
	case fuzzyGE(x, 0) && fuzzyGT(prevX, 0):
		return 2 * sign, false
	case fuzzyLT(x, 0) && fuzzyLE(prevX, 0):
		return 0, false
	}
	z := c.sub(c.mul(c.sub(x, prevX), y), c.mul(c.sub(y, prevY), x))
	switch {
	case fuzzyZero(z):
		return 0, true
	case sign < 0 && fuzzyLT(z, 0) || sign > 0 && fuzzyGT(z, 0):
		return 0, false
	}
	return 2 * sign, false
}

// crossingOnAxis is crossing for an end on the X-axis.
func crossingOnAxis(x, prevX, prevY float64) (halves int, on bool) {
	switch {
	case fuzzyZero(x):
		return 0, true
	case fuzzyGT(x, 0):
		if fuzzyZero(prevY) {
			return 0, !fuzzyGT(prevX, 0)
		}
		if fuzzyLT(prevY, 0) {
			return 1, false
		}
		return -1, false
	case fuzzyZero(prevY):
		return 0, !fuzzyLT(prevX, 0)
	}
	return 0, false
}
