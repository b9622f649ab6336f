package types

import "github.com/s3db-sql/s3db-sql/sql/types/textsearch"

// TSQueryType is tsquery.
var TSQueryType = Register(Def[*textsearch.Query]{
	Type: Type{OID: TSQueryOID, Name: "tsquery", Array: 3645, Len: -1, Storage: 'p', Category: UserDefined, Unhashable: true,
		Doc: "query representation for text search"},
	Impl: Impl[*textsearch.Query]{
		In: func(env *Env, s string, _ int32) (*textsearch.Query, error) {
			return textsearch.ParseQuery(s, env.notice())
		},
		Out:     func(_ *Env, dst []byte, v *textsearch.Query) []byte { return v.AppendText(dst) },
		Recv:    func(_ *Env, b []byte, _ int32) (*textsearch.Query, error) { return textsearch.QueryFromBinary(b) },
		Send:    func(_ *Env, dst []byte, v *textsearch.Query) []byte { return v.AppendBinary(dst) },
		Compare: textsearch.CompareQueries,
		// Queries that differ in weights only are equal.
		Hash: func(v *textsearch.Query) uint64 {
			h := hashUint64(uint64(v.NumNodes()))
			for _, n := range v.Operands() {
				h = hashCombine(h, hashString(n.Word))
			}
			return h
		},
	},
})
