package types

import "github.com/s3db-sql/s3db-sql/sql/types/geometry"

// Point is a point of the plane.
type Point = geometry.Point

// PointType is point. It has no order.
var PointType = Register(Def[Point]{
	Type: Type{OID: PointOID, Name: "point", Array: 1017, Elem: Float8OID, Len: 16, Align: 'd', Category: Geometric,
		Doc: "geometric point '(x, y)'", Fixed: fixedArray(2, pointElement)},
	Impl: Impl[Point]{
		In: func(_ *Env, s string, _ int32) (p Point, err error) {
			t := newFigureText("point", s)
			if err = t.point(&p); err == nil {
				err = t.end()
			}
			return p, err
		},
		Out: appendPoint,
		Recv: func(_ *Env, b []byte, _ int32) (Point, error) {
			fs, err := recvCoordinates("point", b, 2)
			if err != nil {
				return Point{}, err
			}
			return Point{X: fs[0], Y: fs[1]}, nil
		},
		Send: func(_ *Env, dst []byte, v Point) []byte { return sendPoints(dst, v) },
	},
})

func pointElement(p *Point, i int64) *float64 {
	if i == 0 {
		return &p.X
	}
	return &p.Y
}
