package jsonpath

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// version is the first byte of jsonpath's binary form, before the text.
const version = 1

// Type is jsonpath.
var Type = types.Register(types.Def[*Path]{
	Type: types.Type{OID: 4072, Name: "jsonpath", Array: 4073, Len: -1, Category: types.UserDefined,
		Doc: "JSON path"},
	Impl: types.Impl[*Path]{
		In:   func(_ *types.Env, s string, _ int32) (*Path, error) { return Parse(s) },
		Out:  func(_ *types.Env, dst []byte, v *Path) []byte { return append(dst, v.String()...) },
		Recv: func(_ *types.Env, b []byte, _ int32) (*Path, error) { return recv(b) },
		Send: func(_ *types.Env, dst []byte, v *Path) []byte {
			return append(append(dst, version), v.String()...)
		},
	},
})

func recv(b []byte) (*Path, error) {
	switch {
	case len(b) == 0:
		return nil, pgerr.New(pgerr.ProtocolViolation, "no data left in message")
	case b[0] != version:
		return nil, pgerr.New(pgerr.InternalError, "unsupported jsonpath version number: %d", b[0])
	}
	text := string(b[1:])
	if err := pgerr.CheckText(text); err != nil {
		return nil, err
	}
	return Parse(text)
}
