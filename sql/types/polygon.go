package types

import "github.com/s3db-sql/s3db-sql/sql/types/geometry"

// PolygonType is polygon. It has no order.
var PolygonType = Register(Def[*geometry.Polygon]{
	Type: Type{OID: 604, Name: "polygon", Array: 1027, Len: -1, Align: 'd', Category: Geometric, IOPrefix: "poly_",
		Doc: "geometric polygon '(pt1,...)'"},
	Impl: Impl[*geometry.Polygon]{
		In: func(_ *Env, s string, _ int32) (*geometry.Polygon, error) {
			t := newFigureText("polygon", s)
			n := pairCount(s)
			if n <= 0 {
				return nil, t.invalid()
			}
			ps := make([]Point, n)
			if _, err := t.all(ps, false); err != nil {
				return nil, err
			}
			return geometry.NewPolygon(ps), nil
		},
		Out: func(env *Env, dst []byte, v *geometry.Polygon) []byte {
			return append(appendPoints(env, append(dst, '('), v.Points...), ')')
		},
		Recv: func(_ *Env, b []byte, _ int32) (*geometry.Polygon, error) {
			if len(b) < 4 {
				return nil, badBinary("polygon")
			}
			ps, err := recvPoints("polygon", b[4:], int(int32(beUint32(b))))
			if err != nil {
				return nil, err
			}
			return geometry.NewPolygon(ps), nil
		},
		Send: func(_ *Env, dst []byte, v *geometry.Polygon) []byte {
			return sendPoints(appendBE(dst, uint64(len(v.Points)), 4), v.Points...)
		},
	},
})
