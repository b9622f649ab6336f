package types

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types/geometry"
)

// PathType is path. It has no order.
var PathType = Register(Def[*geometry.Path]{
	Type: Type{OID: 602, Name: "path", Array: 1019, Len: -1, Align: 'd', Category: Geometric,
		Doc: "geometric path '(pt1,...)'"},
	Impl: Impl[*geometry.Path]{
		In: func(_ *Env, s string, _ int32) (*geometry.Path, error) { return parsePath(s) },
		Out: func(env *Env, dst []byte, v *geometry.Path) []byte {
			if v.Closed {
				return append(appendPoints(env, append(dst, '('), v.Points...), ')')
			}
			return append(appendPoints(env, append(dst, '['), v.Points...), ']')
		},
		Recv: func(_ *Env, b []byte, _ int32) (*geometry.Path, error) {
			if len(b) < 5 {
				return nil, badBinary("path")
			}
			ps, err := recvPoints("path", b[5:], int(int32(beUint32(b[1:]))))
			return &geometry.Path{Closed: b[0] != 0, Points: ps}, err
		},
		Send: func(_ *Env, dst []byte, v *geometry.Path) []byte {
			dst = appendBE(append(dst, boolByte(v.Closed)), uint64(len(v.Points)), 4)
			return sendPoints(dst, v.Points...)
		},
	},
})

// parsePath is path_in: in square brackets an open path, else a closed one.
func parsePath(s string) (*geometry.Path, error) {
	t := newFigureText("path", s)
	n := pairCount(s)
	if n <= 0 {
		return nil, t.invalid()
	}
	t.skipSpaces()
	depth := 0
	if strings.LastIndexByte(t.rest, '(') == 0 {
		t.rest, depth = t.rest[1:], 1
	}
	ps := make([]Point, n)
	open, err := t.points(ps, true)
	if err == nil {
		err = t.close(depth, ')', false)
	}
	if err == nil {
		err = t.end()
	}
	return &geometry.Path{Closed: !open, Points: ps}, err
}
