package types

import "strings"

// BoolType is boolean.
var BoolType = Register(Def[bool]{
	Type: Type{OID: BoolOID, Name: "bool", Array: BoolArrayOID, Len: 1, ByVal: true, Align: 'c',
		Category: Boolean, Preferred: true, Doc: "boolean, 'true'/'false'"},
	Impl: Impl[bool]{
		In: func(_ *Env, s string, _ int32) (bool, error) { return ParseBool(s) },
		Out: func(_ *Env, dst []byte, v bool) []byte {
			if v {
				return append(dst, 't')
			}
			return append(dst, 'f')
		},
		Recv: func(_ *Env, b []byte, _ int32) (bool, error) {
			if len(b) != 1 {
				return false, badBinary("boolean")
			}
			return b[0] != 0, nil
		},
		Send:    func(_ *Env, dst []byte, v bool) []byte { return append(dst, boolByte(v)) },
		Compare: func(a, b bool) int { return int(boolByte(a)) - int(boolByte(b)) },
		Hash:    func(v bool) uint64 { return hashUint64(uint64(boolByte(v))) },
	},
})

func boolByte(v bool) byte {
	if v {
		return 1
	}
	return 0
}

// boolWords are the accepted words with the fewest letters that tell them from
// the others.
var boolWords = []struct {
	word  string
	least int
	value bool
}{
	{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
	{"on", 2, true}, {"off", 2, false}, {"1", 1, true}, {"0", 1, false},
}

// ParseBool parses boolean's text form: white space around a prefix of true,
// false, yes, no, on or off in any case, or 1 or 0. 22P02.
func ParseBool(s string) (bool, error) {
	word := strings.ToLower(trimSpace(s))
	for _, w := range boolWords {
		if len(word) >= w.least && strings.HasPrefix(w.word, word) {
			return w.value, nil
		}
	}
	return false, InvalidInput("boolean", s)
}
