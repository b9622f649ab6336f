package geometry

import (
	"encoding/binary"
	"math"
)

// Point is a point of the plane.
type Point struct{ X, Y float64 }

// Segment is an lseg: the straight line between its ends.
type Segment [2]Point

// Box is a rectangle along the axes. High is its upper right corner, Low the lower
// left one.
type Box struct{ High, Low Point }

// Line is the infinite line Ax + By + C = 0.
type Line struct{ A, B, C float64 }

// Path is a sequence of points, at least one; a closed one goes back to the first.
type Path struct {
	Closed bool
	Points []Point
}

// Polygon is a closed sequence of points, at least one, and the box around them.
type Polygon struct {
	Bound  Box
	Points []Point
}

// Circle is what lies around a point.
type Circle struct {
	Center Point
	Radius float64
}

// NewBox is the box with these opposite corners (box_construct).
func NewBox(p, q Point) Box {
	var b Box
	b.High.X, b.Low.X = ordered(p.X, q.X)
	b.High.Y, b.Low.Y = ordered(p.Y, q.Y)
	return b
}

func ordered(a, b float64) (high, low float64) {
	if greater(a, b) {
		return a, b
	}
	return b, a
}

// NewPolygon is the polygon of the points, which must be at least one.
func NewPolygon(points []Point) *Polygon { return &Polygon{Bound: bound(points), Points: points} }

// bound is the box around points (make_bound_box).
func bound(points []Point) Box {
	b := Box{points[0], points[0]}
	for _, p := range points[1:] {
		b = PointBox(p).Union(b)
	}
	return b
}

// image is a value as PostgreSQL holds it in memory: numbers of 4 bytes, then
// coordinates.
func image(head []uint32, coordinates ...float64) []byte {
	var out []byte
	for _, n := range head {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	for _, c := range coordinates {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(c))
	}
	return out
}

func coordinates(dst []float64, points ...Point) []float64 {
	for _, p := range points {
		dst = append(dst, p.X, p.Y)
	}
	return dst
}

// Image of a value is its memory in PostgreSQL, without the header of a varlena: what
// record_image_ops compare.
func (p Point) Image() []byte { return image(nil, p.X, p.Y) }

// Image is its memory; see Point.Image.
func (s Segment) Image() []byte { return image(nil, coordinates(nil, s[:]...)...) }

// Image is its memory; see Point.Image.
func (b Box) Image() []byte { return image(nil, coordinates(nil, b.High, b.Low)...) }

// Image is its memory; see Point.Image.
func (l Line) Image() []byte { return image(nil, l.A, l.B, l.C) }

// Image is its memory; see Point.Image.
func (p *Path) Image() []byte {
	head := []uint32{uint32(len(p.Points)), 0, 0}
	if p.Closed {
		head[1] = 1
	}
	return image(head, coordinates(nil, p.Points...)...)
}

// Image is its memory; see Point.Image.
func (p *Polygon) Image() []byte {
	return image([]uint32{uint32(len(p.Points))}, coordinates(coordinates(nil, p.Bound.High, p.Bound.Low), p.Points...)...)
}

// Image is its memory; see Point.Image.
func (c Circle) Image() []byte { return image(nil, c.Center.X, c.Center.Y, c.Radius) }
