package types

import (
	"math"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Point is a point of the plane.
type Point struct{ X, Y float64 }

// PointType is point. It has no order.
var PointType = Register(Def[Point]{
	Type: Type{OID: PointOID, Name: "point", Array: 1017, Elem: Float8OID, Len: 16, Align: 'd', Category: Geometric,
		Doc: "geometric point '(x, y)'", At: coordinate},
	Impl: Impl[Point]{
		In: func(_ *Env, s string, _ int32) (Point, error) { return parsePoint(s) },
		Out: func(env *Env, dst []byte, v Point) []byte {
			digits := env.extraFloatDigits()
			dst = append(AppendFloat8(append(dst, '('), v.X, digits), ',')
			return append(AppendFloat8(dst, v.Y, digits), ')')
		},
		Recv: func(_ *Env, b []byte, _ int32) (Point, error) {
			if len(b) != 16 {
				return Point{}, badBinary("point")
			}
			return Point{math.Float64frombits(beUint64(b)), math.Float64frombits(beUint64(b[8:]))}, nil
		},
		Send: func(_ *Env, dst []byte, v Point) []byte {
			return appendBE(appendBE(dst, float8Bits(v.X), 8), float8Bits(v.Y), 8)
		},
	},
})

func coordinate(v any, i int64) any {
	switch p := v.(Point); i {
	case 0:
		return p.X
	case 1:
		return p.Y
	}
	return nil
}

// parsePoint reads (x,y) or x,y.
func parsePoint(s string) (Point, error) {
	body := trimSpace(s)
	if inner, ok := strings.CutPrefix(body, "("); ok {
		if body, ok = strings.CutSuffix(inner, ")"); !ok {
			return Point{}, InvalidInput("point", s)
		}
	}
	xs, ys, ok := strings.Cut(body, ",")
	if !ok {
		return Point{}, InvalidInput("point", s)
	}
	x, err := pointCoordinate(xs, s)
	if err != nil {
		return Point{}, err
	}
	y, err := pointCoordinate(ys, s)
	return Point{x, y}, err
}

func pointCoordinate(text, whole string) (float64, error) {
	f, err := ParseFloat(text, 64, "double precision")
	if err != nil && pgerr.CodeOf(err) == pgerr.InvalidTextRepresentation {
		return 0, InvalidInput("point", whole)
	}
	return f, err
}
