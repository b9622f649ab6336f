package types

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/geometry"
)

// LineType is line. It has no order.
var LineType = Register(Def[geometry.Line]{
	Type: Type{OID: 628, Name: "line", Array: 629, Elem: Float8OID, Len: 24, Align: 'd', Category: Geometric,
		Doc: "geometric line", Fixed: fixedArray(3, lineCoefficient)},
	Impl: Impl[geometry.Line]{
		In: func(env *Env, s string, _ int32) (geometry.Line, error) { return parseLine(env, s) },
		Out: func(env *Env, dst []byte, v geometry.Line) []byte {
			return append(appendNumbers(env, append(dst, '{'), v.A, v.B, v.C), '}')
		},
		Recv: func(env *Env, b []byte, _ int32) (geometry.Line, error) {
			fs, err := recvCoordinates("line", b, 3)
			if err != nil {
				return geometry.Line{}, err
			}
			return checkedLine(env, geometry.Line{A: fs[0], B: fs[1], C: fs[2]}, pgerr.InvalidBinaryRepresentation)
		},
		Send: func(_ *Env, dst []byte, v geometry.Line) []byte { return sendCoordinates(dst, v.A, v.B, v.C) },
	},
})

func lineCoefficient(l *geometry.Line, i int64) *float64 { return [...]*float64{&l.A, &l.B, &l.C}[i] }

func checkedLine(env *Env, l geometry.Line, code pgerr.Code) (geometry.Line, error) {
	if l.Degenerate() && !env.stored() {
		return l, pgerr.New(code, "invalid line specification: A and B cannot both be zero")
	}
	return l, nil
}

// parseLine is line_in: {A,B,C}, or two points of the line.
func parseLine(env *Env, s string) (geometry.Line, error) {
	t := newFigureText("line", s)
	t.skipSpaces()
	if !strings.HasPrefix(t.rest, "{") {
		return lineOfPoints(t)
	}
	var l geometry.Line
	for i := range int64(3) {
		if !t.cut("{,,"[i]) {
			return l, t.invalid()
		}
		if err := t.number(lineCoefficient(&l, i)); err != nil {
			return l, err
		}
	}
	if !t.cut('}') || trimSpace(t.rest) != "" {
		return l, t.invalid()
	}
	return checkedLine(env, l, pgerr.InvalidTextRepresentation)
}

func lineOfPoints(t *figureText) (geometry.Line, error) {
	var ps [2]Point
	if _, err := t.all(ps[:], true); err != nil {
		return geometry.Line{}, err
	}
	if ps[0].Equal(ps[1]) {
		return geometry.Line{}, pgerr.New(pgerr.InvalidTextRepresentation, "invalid line specification: must be two distinct points")
	}
	var c geometry.Calc
	l := c.LineThrough(ps[0], ps[1])
	return l, c.Err
}
