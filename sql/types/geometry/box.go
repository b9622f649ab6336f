package geometry

// PointBox is point_box: the box of a point alone.
func PointBox(p Point) Box { return Box{p, p} }

// Same is box_same.
func (b Box) Same(o Box) bool { return b.High.Equal(o.High) && b.Low.Equal(o.Low) }

// Overlaps is box_overlap.
func (b Box) Overlaps(o Box) bool {
	return fuzzyLE(b.Low.X, o.High.X) && fuzzyLE(o.Low.X, b.High.X) && fuzzyLE(b.Low.Y, o.High.Y) && fuzzyLE(o.Low.Y, b.High.Y)
}

// Contains is box_contain.
func (b Box) Contains(o Box) bool {
	return fuzzyGE(b.High.X, o.High.X) && fuzzyLE(b.Low.X, o.Low.X) && fuzzyGE(b.High.Y, o.High.Y) && fuzzyLE(b.Low.Y, o.Low.Y)
}

// ContainsPoint is box_contain_pt, which is exact.
func (b Box) ContainsPoint(p Point) bool {
	return b.High.X >= p.X && b.Low.X <= p.X && b.High.Y >= p.Y && b.Low.Y <= p.Y
}

// ContainsSegment is on_sb the other way round.
func (b Box) ContainsSegment(s Segment) bool { return b.ContainsPoint(s[0]) && b.ContainsPoint(s[1]) }

// LeftOf is box_left.
func (b Box) LeftOf(o Box) bool { return fuzzyLT(b.High.X, o.Low.X) }

// OverLeft is box_overleft.
func (b Box) OverLeft(o Box) bool { return fuzzyLE(b.High.X, o.High.X) }

// RightOf is box_right.
func (b Box) RightOf(o Box) bool { return fuzzyGT(b.Low.X, o.High.X) }

// OverRight is box_overright.
func (b Box) OverRight(o Box) bool { return fuzzyGE(b.Low.X, o.Low.X) }

// Below is box_below.
func (b Box) Below(o Box) bool { return fuzzyLT(b.High.Y, o.Low.Y) }

// OverBelow is box_overbelow.
func (b Box) OverBelow(o Box) bool { return fuzzyLE(b.High.Y, o.High.Y) }

// Above is box_above.
func (b Box) Above(o Box) bool { return fuzzyGT(b.Low.Y, o.High.Y) }

// OverAbove is box_overabove.
func (b Box) OverAbove(o Box) bool { return fuzzyGE(b.Low.Y, o.Low.Y) }

// BelowEqual is box_below_eq.
func (b Box) BelowEqual(o Box) bool { return fuzzyLE(b.High.Y, o.Low.Y) }

// AboveEqual is box_above_eq.
func (b Box) AboveEqual(o Box) bool { return fuzzyGE(b.Low.Y, o.High.Y) }

// Union is boxes_bound_box.
func (b Box) Union(o Box) Box {
	return Box{
		High: Point{greatest(b.High.X, o.High.X), greatest(b.High.Y, o.High.Y)},
		Low:  Point{least(b.Low.X, o.Low.X), least(b.Low.Y, o.Low.Y)},
	}
}

// Intersection is box_intersect; false for boxes that do not overlap.
func (b Box) Intersection(o Box) (Box, bool) {
	return Box{
		High: Point{least(b.High.X, o.High.X), least(b.High.Y, o.High.Y)},
		Low:  Point{greatest(b.Low.X, o.Low.X), greatest(b.Low.Y, o.Low.Y)},
	}, b.Overlaps(o)
}

// Diagonal is box_diagonal.
func (b Box) Diagonal() Segment { return Segment{b.High, b.Low} }

// Polygon is box_poly.
func (b Box) Polygon() *Polygon {
	return &Polygon{Bound: NewBox(b.High, b.Low), Points: []Point{b.Low, {b.Low.X, b.High.Y}, b.High, {b.High.X, b.Low.Y}}}
}

// sides are the four sides, in the order in which the distances are taken.
func (b Box) sides() [4]Segment {
	upperLeft, lowerRight := Point{b.Low.X, b.High.Y}, Point{b.High.X, b.Low.Y}
	return [4]Segment{{b.Low, upperLeft}, {b.High, upperLeft}, {b.Low, lowerRight}, {b.High, lowerRight}}
}

// Width is box_width.
func (c *Calc) Width(b Box) float64 { return c.sub(b.High.X, b.Low.X) }

// Height is box_height.
func (c *Calc) Height(b Box) float64 { return c.sub(b.High.Y, b.Low.Y) }

// BoxArea is box_area.
func (c *Calc) BoxArea(b Box) float64 { return c.mul(c.Width(b), c.Height(b)) }

// BoxCenter is box_center.
func (c *Calc) BoxCenter(b Box) Point { return c.between(b.High, b.Low) }

// CompareBoxes compares areas (box_lt and its kin).
func (c *Calc) CompareBoxes(b, o Box, by Comparison) bool { return by(c.BoxArea(b), c.BoxArea(o)) }

// BoxDistance is box_distance: that of the centers.
func (c *Calc) BoxDistance(b, o Box) float64 { return c.Distance(c.BoxCenter(b), c.BoxCenter(o)) }

// TransformBox is box_add and its kin.
func (c *Calc) TransformBox(b Box, by Point, f Transform, turns bool) Box {
	high, low := f(c, b.High, by), f(c, b.Low, by)
	if turns {
		return NewBox(high, low)
	}
	return Box{high, low}
}

// BoxCircle is box_circle: the circle around a box.
func (c *Calc) BoxCircle(b Box) Circle {
	center := c.BoxCenter(b)
	return Circle{center, c.Distance(center, b.High)}
}

// nearestSide is the nearest of the points that nearest finds on the sides of b.
func nearestSide(b Box, nearest func(side Segment) (Point, float64)) (Point, float64) {
	sides := b.sides()
	best, least := nearest(sides[0])
	for _, side := range sides[1:] {
		if p, d := nearest(side); less(d, least) {
			best, least = p, d
		}
	}
	return best, least
}

// nearestOnBox is box_closept_point: the point of a box that is next to p.
func (c *Calc) nearestOnBox(b Box, p Point) (Point, float64) {
	if b.ContainsPoint(p) {
		return p, 0
	}
	return nearestSide(b, func(side Segment) (Point, float64) { return c.nearestOnSegment(side, p) })
}

// boxSegmentCrossing is box_interpt_lseg: whether they share a point, and the point of
// the segment that is next to the middle of the box.
func (c *Calc) boxSegmentCrossing(b Box, s Segment) (Point, bool) {
	if !bound(s[:]).Overlaps(b) {
		return Point{}, false
	}
	p, _ := c.nearestOnSegment(s, c.BoxCenter(b))
	return p, c.crossesBox(b, s)
}

func (c *Calc) crossesBox(b Box, s Segment) bool {
	if b.ContainsPoint(s[0]) || b.ContainsPoint(s[1]) {
		return true
	}
	for _, side := range b.sides() {
		if c.SegmentsCross(side, s) {
			return true
		}
	}
	return false
}

// SegmentCrossesBox is inter_sb.
func (c *Calc) SegmentCrossesBox(s Segment, b Box) bool {
	return bound(s[:]).Overlaps(b) && c.crossesBox(b, s)
}

// LineCrossesBox is inter_lb.
func (c *Calc) LineCrossesBox(l Line, b Box) bool {
	upperLeft, lowerRight := Point{b.Low.X, b.High.Y}, Point{b.High.X, b.Low.Y}
	for _, side := range []Segment{{b.Low, upperLeft}, {b.High, upperLeft}, {b.High, lowerRight}, {b.Low, lowerRight}} {
		if c.SegmentCrossesLine(side, l) {
			return true
		}
	}
	return false
}

// nearestBoxToSegment is box_closept_lseg: the point of a box that is next to s.
func (c *Calc) nearestBoxToSegment(b Box, s Segment) (Point, float64) {
	if p, ok := c.boxSegmentCrossing(b, s); ok {
		return p, 0
	}
	return nearestSide(b, func(side Segment) (Point, float64) { return c.nearestToSegment(side, s) })
}

// PointBoxDistance is dist_pb.
func (c *Calc) PointBoxDistance(p Point, b Box) float64 {
	_, d := c.nearestOnBox(b, p)
	return d
}

// SegmentBoxDistance is dist_sb.
func (c *Calc) SegmentBoxDistance(s Segment, b Box) float64 {
	if c.SegmentCrossesBox(s, b) {
		return 0
	}
	_, d := nearestSide(b, func(side Segment) (Point, float64) { return c.nearestToSegment(side, s) })
	return d
}

// PointClosestOnBox is close_pb.
func (c *Calc) PointClosestOnBox(p Point, b Box) (Point, bool) { return found(c.nearestOnBox(b, p)) }

// SegmentClosestOnBox is close_sb.
func (c *Calc) SegmentClosestOnBox(s Segment, b Box) (Point, bool) {
	return found(c.nearestBoxToSegment(b, s))
}

// minimum keeps the least of distances.
type minimum struct {
	value float64
	any   bool
}

func (m *minimum) take(d float64) {
	if !m.any || less(d, m.value) {
		m.value, m.any = d, true
	}
}
