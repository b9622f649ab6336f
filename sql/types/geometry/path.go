package geometry

import (
	"iter"
	"math"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Segments are the pieces from point to point, beginning with that from the last point
// to the first if it is closed.
func (p *Path) Segments() iter.Seq[Segment] { return segments(p.Points, p.Closed) }

func segments(points []Point, closed bool) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		prev := points[len(points)-1]
		for i, q := range points {
			if (i > 0 || closed) && !yield(Segment{prev, q}) {
				return
			}
			prev = q
		}
	}
}

// WithClosed is path_close and path_open.
func (p *Path) WithClosed(closed bool) *Path { return &Path{closed, p.Points} }

// PathArea is path_area; false for an open path.
func (c *Calc) PathArea(p *Path) (float64, bool) {
	if !p.Closed {
		return 0, false
	}
	area := 0.0
	for i, a := range p.Points {
		b := p.Points[(i+1)%len(p.Points)]
		area = c.add(area, c.mul(a.X, b.Y))
		area = c.sub(area, c.mul(a.Y, b.X))
	}
	return c.div(math.Abs(area), 2), true
}

// PathLength is path_length.
func (c *Calc) PathLength(p *Path) float64 {
	length := 0.0
	for s := range p.Segments() {
		length = c.add(length, c.Length(s))
	}
	return length
}

// PathsCross is path_inter.
func (c *Calc) PathsCross(p, q *Path) bool {
	return bound(p.Points).Overlaps(bound(q.Points)) && c.anyCross(p.Segments(), q.Segments())
}

func (c *Calc) anyCross(a, b iter.Seq[Segment]) bool {
	for s := range a {
		for t := range b {
			if c.SegmentsCross(s, t) {
				return true
			}
		}
	}
	return false
}

// leastDistance is that of all pairs of segments; false if there are none.
func (c *Calc) leastDistance(a, b iter.Seq[Segment]) (float64, bool) {
	var m minimum
	for s := range a {
		for t := range b {
			m.take(c.SegmentDistance(s, t))
		}
	}
	return m.value, m.any
}

// PathDistance is path_distance; false for a path without segments.
func (c *Calc) PathDistance(p, q *Path) (float64, bool) {
	return c.leastDistance(p.Segments(), q.Segments())
}

// PointPathDistance is dist_ppath.
func (c *Calc) PointPathDistance(p Point, path *Path) float64 {
	var m minimum
	for s := range path.Segments() {
		m.take(c.PointSegmentDistance(p, s))
	}
	return m.value
}

// PointOnPath is on_ppath: a closed path holds what is within it too.
func (c *Calc) PointOnPath(p Point, path *Path) bool {
	if path.Closed {
		return c.inside(p, path.Points)
	}
	for s := range path.Segments() {
		if fuzzyEQ(c.add(c.Distance(p, s[0]), c.Distance(p, s[1])), c.Length(s)) {
			return true
		}
	}
	return false
}

// Joined is path_add; false where one of the paths is closed.
func (p *Path) Joined(q *Path) (*Path, bool) {
	return &Path{Points: slices.Concat(p.Points, q.Points)}, !p.Closed && !q.Closed
}

// TransformPath is path_add_pt and its kin.
func (c *Calc) TransformPath(p *Path, by Point, f Transform) *Path {
	return &Path{p.Closed, c.transformed(p.Points, f, by)}
}

// PathPolygon is path_poly. 22023 for an open path.
func (c *Calc) PathPolygon(p *Path) *Polygon {
	if !p.Closed {
		c.fail(pgerr.InvalidParameterValue, "open path cannot be converted to polygon")
	}
	return NewPolygon(p.Points)
}
