package types

import (
	"strconv"
	"strings"
)

// TID is a tid: the block and offset of a row's physical place.
type TID struct {
	Block  uint32
	Offset uint16
}

// TidType is tid.
var TidType = Register(Def[TID]{
	Type: Type{OID: TidOID, Name: "tid", Array: 1010, Len: 6, Align: 's', Category: UserDefined,
		Doc: "(block, offset), physical location of tuple"},
	Impl: Impl[TID]{
		In: func(_ *Env, s string, _ int32) (TID, error) { return parseTID(s) },
		Out: func(_ *Env, dst []byte, v TID) []byte {
			dst = strconv.AppendUint(append(dst, '('), uint64(v.Block), 10)
			return append(strconv.AppendUint(append(dst, ','), uint64(v.Offset), 10), ')')
		},
		Recv: func(_ *Env, b []byte, _ int32) (TID, error) {
			if len(b) != 6 {
				return TID{}, badBinary("tid")
			}
			return TID{beUint32(b), beUint16(b[4:])}, nil
		},
		Send: func(_ *Env, dst []byte, v TID) []byte {
			return appendUint16s(appendBE(dst, uint64(v.Block), 4), v.Offset)
		},
		Compare: func(a, b TID) int { return cmpInt64(a.number(), b.number()) },
		Hash:    func(v TID) uint64 { return hashUint64(uint64(v.number())) },
	},
})

func (t TID) number() int64 { return int64(t.Block)<<16 | int64(t.Offset) }

func parseTID(s string) (TID, error) {
	_, body, open := strings.Cut(s, "(")
	block, offset, comma := strings.Cut(body, ",")
	offset, _, closed := strings.Cut(offset, ")")
	b, err1 := strconv.ParseUint(strings.TrimLeft(block, spaces), 10, 32)
	o, err2 := strconv.ParseUint(strings.TrimLeft(offset, spaces), 10, 16)
	if !open || !comma || !closed || err1 != nil || err2 != nil {
		return TID{}, InvalidInput("tid", s)
	}
	return TID{uint32(b), uint16(o)}, nil
}
