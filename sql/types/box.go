package types

import "github.com/s3db-sql/s3db-sql/sql/types/geometry"

// BoxType is box. It has no order. The elements of its arrays stand between semicolons.
var BoxType = Register(Def[geometry.Box]{
	Type: Type{OID: 603, Name: "box", Array: 1020, Elem: PointOID, Len: 32, Align: 'd', Category: Geometric, Delim: ';',
		Doc: "geometric box '(lower left,upper right)'", Fixed: fixedArray(2, boxCorner)},
	Impl: Impl[geometry.Box]{
		In: func(env *Env, s string, _ int32) (geometry.Box, error) {
			var ps [2]Point
			_, err := newFigureText("box", s).all(ps[:], false)
			return boxOf(env, ps[:]), err
		},
		Out: func(env *Env, dst []byte, v geometry.Box) []byte { return appendPoints(env, dst, v.High, v.Low) },
		Recv: func(env *Env, b []byte, _ int32) (geometry.Box, error) {
			ps, err := recvPoints("box", b, 2)
			if err != nil {
				return geometry.Box{}, err
			}
			return boxOf(env, ps), nil
		},
		Send: func(_ *Env, dst []byte, v geometry.Box) []byte { return sendPoints(dst, v.High, v.Low) },
	},
})

func boxCorner(b *geometry.Box, i int64) *Point {
	if i == 0 {
		return &b.High
	}
	return &b.Low
}

// boxOf is the box of two corners, which input puts in order: what equals stays in its
// place.
func boxOf(env *Env, ps []Point) geometry.Box {
	if env.stored() {
		return geometry.Box{High: ps[0], Low: ps[1]}
	}
	return geometry.NewBox(ps[1], ps[0])
}
