package types

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/geometry"
)

// CircleType is circle. It has no order.
var CircleType = Register(Def[geometry.Circle]{
	Type: Type{OID: 718, Name: "circle", Array: 719, Len: 24, Align: 'd', Category: Geometric,
		Doc: "geometric circle '(center,radius)'"},
	Impl: Impl[geometry.Circle]{
		In: func(env *Env, s string, _ int32) (geometry.Circle, error) { return parseCircle(env, s) },
		Out: func(env *Env, dst []byte, v geometry.Circle) []byte {
			dst = append(appendPoint(env, append(dst, '<'), v.Center), ',')
			return append(appendNumbers(env, dst, v.Radius), '>')
		},
		Recv: func(env *Env, b []byte, _ int32) (geometry.Circle, error) {
			fs, err := recvCoordinates("circle", b, 3)
			if err != nil {
				return geometry.Circle{}, err
			}
			if fs[2] < 0 && !env.stored() {
				return geometry.Circle{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid radius in external \"circle\" value")
			}
			return geometry.Circle{Center: Point{X: fs[0], Y: fs[1]}, Radius: fs[2]}, nil
		},
		Send: func(_ *Env, dst []byte, v geometry.Circle) []byte {
			return sendCoordinates(dst, v.Center.X, v.Center.Y, v.Radius)
		},
	},
})

// parseCircle is circle_in: <(x,y),r>, ((x,y),r), (x,y),r or x,y,r.
func parseCircle(env *Env, s string) (c geometry.Circle, err error) {
	t := newFigureText("circle", s)
	t.skipSpaces()
	depth := 0
	if t.cut('<') {
		depth = 1
	} else if rest, ok := strings.CutPrefix(t.rest, "("); ok {
		if rest = strings.TrimLeft(rest, spaces); strings.HasPrefix(rest, "(") {
			t.rest, depth = rest, 1
		}
	}
	if err = t.point(&c.Center); err != nil {
		return c, err
	}
	t.cut(',')
	if err = t.number(&c.Radius); err != nil {
		return c, err
	}
	if c.Radius < 0 && !env.stored() {
		return c, t.invalid()
	}
	if err = t.close(depth, '>', true); err != nil {
		return c, err
	}
	return c, t.end()
}
