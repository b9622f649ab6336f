package geometry

// NewSegment is lseg_construct.
func NewSegment(p, q Point) Segment { return Segment{p, q} }

func (c *Calc) segmentSlope(s Segment) float64 { return c.Slope(s[0], s[1]) }

// segmentLine is the line that a segment lies on.
func (c *Calc) segmentLine(s Segment) Line { return c.LineAt(s[0], c.segmentSlope(s)) }

// Length is lseg_length.
func (c *Calc) Length(s Segment) float64 { return c.Distance(s[0], s[1]) }

// SegmentCenter is lseg_center.
func (c *Calc) SegmentCenter(s Segment) Point { return c.between(s[0], s[1]) }

// Equal is lseg_eq.
func (s Segment) Equal(t Segment) bool { return s[0].Equal(t[0]) && s[1].Equal(t[1]) }

// Vertical is lseg_vertical.
func (s Segment) Vertical() bool { return s[0].Vertical(s[1]) }

// Horizontal is lseg_horizontal.
func (s Segment) Horizontal() bool { return s[0].Horizontal(s[1]) }

// CompareSegments compares lengths (lseg_lt and its kin).
func (c *Calc) CompareSegments(s, t Segment, by Comparison) bool { return by(c.Length(s), c.Length(t)) }

// SegmentsParallel is lseg_parallel.
func (c *Calc) SegmentsParallel(s, t Segment) bool {
	return fuzzyEQ(c.segmentSlope(s), c.segmentSlope(t))
}

// SegmentsPerpendicular is lseg_perp.
func (c *Calc) SegmentsPerpendicular(s, t Segment) bool {
	return fuzzyEQ(c.segmentSlope(s), c.inverseSlope(t[0], t[1]))
}

// PointOnSegment is on_ps: the ways to both ends are as long as the segment.
func (c *Calc) PointOnSegment(p Point, s Segment) bool {
	return fuzzyEQ(c.Distance(p, s[0])+c.Distance(p, s[1]), c.Length(s))
}

// SegmentOnLine is on_sl.
func (c *Calc) SegmentOnLine(s Segment, l Line) bool {
	return c.PointOnLine(s[0], l) && c.PointOnLine(s[1], l)
}

// segmentLineCrossing is lseg_interpt_line.
func (c *Calc) segmentLineCrossing(s Segment, l Line) (Point, bool) {
	p, ok := c.LineCrossing(c.segmentLine(s), l)
	if !ok || !c.PointOnSegment(p, s) {
		return Point{}, false
	}
	for _, end := range s {
		if end.Equal(p) {
			return end, true
		}
	}
	return p, true
}

// SegmentCrossesLine is inter_sl.
func (c *Calc) SegmentCrossesLine(s Segment, l Line) bool {
	_, ok := c.segmentLineCrossing(s, l)
	return ok
}

// SegmentCrossing is lseg_interpt: where two segments meet; false if they don't.
func (c *Calc) SegmentCrossing(s, t Segment) (Point, bool) {
	p, ok := c.segmentLineCrossing(s, c.segmentLine(t))
	return p, ok && c.PointOnSegment(p, t)
}

// SegmentsCross is lseg_intersect.
func (c *Calc) SegmentsCross(s, t Segment) bool {
	_, ok := c.SegmentCrossing(s, t)
	return ok
}

// nearestToLine is lseg_closept_line: the point of a segment that is next to a line,
// and how far that is.
func (c *Calc) nearestToLine(s Segment, l Line) (Point, float64) {
	if p, ok := c.segmentLineCrossing(s, l); ok {
		return p, 0
	}
	d0, d1 := c.PointLineDistance(s[0], l), c.PointLineDistance(s[1], l)
	if d0 < d1 {
		return s[0], d0
	}
	return s[1], d1
}

// nearestOnSegment is lseg_closept_point: the point of a segment that is next to p.
func (c *Calc) nearestOnSegment(s Segment, p Point) (Point, float64) {
	q, _ := c.nearestToLine(s, c.LineAt(p, c.inverseSlope(s[0], s[1])))
	return q, c.Distance(q, p)
}

// nearestToSegment is lseg_closept_lseg: the point of s that is next to t.
func (c *Calc) nearestToSegment(s, t Segment) (Point, float64) {
	if p, ok := c.SegmentCrossing(s, t); ok {
		return p, 0
	}
	best, least := c.nearestOnSegment(s, t[0])
	if p, d := c.nearestOnSegment(s, t[1]); less(d, least) {
		best, least = p, d
	}
	for _, end := range s {
		if _, d := c.nearestOnSegment(t, end); less(d, least) {
			best, least = end, d
		}
	}
	return best, least
}

// PointSegmentDistance is dist_ps.
func (c *Calc) PointSegmentDistance(p Point, s Segment) float64 {
	_, d := c.nearestOnSegment(s, p)
	return d
}

// SegmentLineDistance is dist_sl.
func (c *Calc) SegmentLineDistance(s Segment, l Line) float64 {
	_, d := c.nearestToLine(s, l)
	return d
}

// SegmentDistance is lseg_distance.
func (c *Calc) SegmentDistance(s, t Segment) float64 {
	_, d := c.nearestToSegment(s, t)
	return d
}

// PointClosestOnSegment is close_ps.
func (c *Calc) PointClosestOnSegment(p Point, s Segment) (Point, bool) {
	return found(c.nearestOnSegment(s, p))
}

// LineClosestOnSegment is close_ls: the point of s that is next to l, none where they
// are parallel.
func (c *Calc) LineClosestOnSegment(l Line, s Segment) (Point, bool) {
	if c.segmentSlope(s) == c.lineSlope(l) {
		return Point{}, false
	}
	return found(c.nearestToLine(s, l))
}

// SegmentClosestOnSegment is close_lseg: the point of t that is next to s, none where
// they are parallel.
func (c *Calc) SegmentClosestOnSegment(s, t Segment) (Point, bool) {
	if c.segmentSlope(s) == c.segmentSlope(t) {
		return Point{}, false
	}
	return found(c.nearestToSegment(t, s))
}
