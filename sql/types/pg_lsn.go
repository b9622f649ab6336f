package types

import (
	"fmt"
	"strconv"
	"strings"
)

// LSN is a pg_lsn: a place in a log.
type LSN uint64

// PgLsnType is pg_lsn.
var PgLsnType = Register(Def[LSN]{
	Type: Type{OID: 3220, Name: "pg_lsn", Array: 3221, Len: 8, ByVal: true, Align: 'd', Category: UserDefined,
		Doc: "PostgreSQL LSN datatype"},
	Impl: Impl[LSN]{
		In:  func(_ *Env, s string, _ int32) (LSN, error) { return parseLSN(s) },
		Out: func(_ *Env, dst []byte, v LSN) []byte { return fmt.Appendf(dst, "%X/%X", uint64(v)>>32, uint32(v)) },
		Recv: func(_ *Env, b []byte, _ int32) (LSN, error) {
			if len(b) != 8 {
				return 0, badBinary("pg_lsn")
			}
			return LSN(beUint64(b)), nil
		},
		Send:    func(_ *Env, dst []byte, v LSN) []byte { return appendBE(dst, uint64(v), 8) },
		Compare: compareUint64[LSN],
		Hash:    func(v LSN) uint64 { return hashUint64(uint64(v)) },
	},
})

func parseLSN(s string) (LSN, error) {
	high, low, found := strings.Cut(s, "/")
	h, err1 := parseHex32(high)
	l, err2 := parseHex32(low)
	if !found || err1 != nil || err2 != nil {
		return 0, InvalidInput("pg_lsn", s)
	}
	return LSN(h<<32 | l), nil
}

func parseHex32(s string) (uint64, error) {
	if len(s) > 8 || strings.ContainsAny(s, "+-_") {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseUint(s, 16, 32)
}
