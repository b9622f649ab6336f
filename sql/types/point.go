package types

import (
	"math"
	"regexp"
	"strings"
)

// Point is a point of the plane.
type Point struct{ X, Y float64 }

// PointType is point. It has no order.
var PointType = Register(Def[Point]{
	Type: Type{OID: PointOID, Name: "point", Array: 1017, Elem: Float8OID, Len: 16, Align: 'd', Category: Geometric,
		Doc: "geometric point '(x, y)'", Fixed: fixedArray(2, (*Point).coordinate)},
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

func (p *Point) coordinate(i int64) *float64 {
	if i == 0 {
		return &p.X
	}
	return &p.Y
}

// parsePoint reads (x,y) or x,y. Errors: 22P02, and 22003 for a coordinate that no
// double precision holds, whatever follows it.
func parsePoint(s string) (p Point, err error) {
	rest, enclosed := strings.CutPrefix(trimSpace(s), "(")
	if p.X, rest, err = cutCoordinate(rest, s); err != nil {
		return Point{}, err
	}
	rest, ok := strings.CutPrefix(rest, ",")
	if !ok {
		return Point{}, InvalidInput("point", s)
	}
	if p.Y, rest, err = cutCoordinate(rest, s); err != nil {
		return Point{}, err
	}
	if enclosed {
		rest, ok = strings.CutPrefix(rest, ")")
	}
	if !ok || rest != "" {
		return Point{}, InvalidInput("point", s)
	}
	return p, nil
}

// leadingFloat matches what strtod would read.
var leadingFloat = regexp.MustCompile(`^\s*[+-]?(?i:nan|inf(inity)?|([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?)`)

// cutCoordinate reads a number off the front of a point's text, and the blanks behind it.
func cutCoordinate(text, whole string) (f float64, rest string, err error) {
	n := len(leadingFloat.FindString(text))
	if n == 0 {
		return 0, "", InvalidInput("point", whole)
	}
	f, err = ParseFloat(text[:n], 64, "double precision")
	return f, trimSpace(text[n:]), err
}
