package types

import "github.com/s3db-sql/s3db-sql/sql/types/textsearch"

// TSVectorType is tsvector.
var TSVectorType = Register(Def[*textsearch.Vector]{
	Type: Type{OID: TSVectorOID, Name: "tsvector", Array: 3643, Len: -1, Category: UserDefined, Unhashable: true,
		Doc: "text representation for text search"},
	Impl: Impl[*textsearch.Vector]{
		In:      func(_ *Env, s string, _ int32) (*textsearch.Vector, error) { return textsearch.ParseVector(s) },
		Out:     func(_ *Env, dst []byte, v *textsearch.Vector) []byte { return v.AppendText(dst) },
		Recv:    func(_ *Env, b []byte, _ int32) (*textsearch.Vector, error) { return textsearch.VectorFromBinary(b) },
		Send:    func(_ *Env, dst []byte, v *textsearch.Vector) []byte { return v.AppendBinary(dst) },
		Compare: textsearch.Compare,
		Hash:    func(v *textsearch.Vector) uint64 { return hashBytes(v.AppendText(nil)) },
	},
})
