package types

import "github.com/s3db-sql/s3db-sql/sql/types/geometry"

// LsegType is lseg. It has no order.
var LsegType = Register(Def[geometry.Segment]{
	Type: Type{OID: 601, Name: "lseg", Array: 1018, Elem: PointOID, Len: 32, Align: 'd', Category: Geometric,
		Doc:   "geometric line segment '(pt1,pt2)'",
		Fixed: fixedArray(2, func(s *geometry.Segment, i int64) *Point { return &s[i] })},
	Impl: Impl[geometry.Segment]{
		In: func(_ *Env, s string, _ int32) (v geometry.Segment, err error) {
			_, err = newFigureText("lseg", s).all(v[:], true)
			return v, err
		},
		Out: func(env *Env, dst []byte, v geometry.Segment) []byte {
			return append(appendPoints(env, append(dst, '['), v[:]...), ']')
		},
		Recv: func(_ *Env, b []byte, _ int32) (geometry.Segment, error) {
			ps, err := recvPoints("lseg", b, 2)
			if err != nil {
				return geometry.Segment{}, err
			}
			return geometry.Segment(ps), nil
		},
		Send: func(_ *Env, dst []byte, v geometry.Segment) []byte { return sendPoints(dst, v[:]...) },
	},
})
