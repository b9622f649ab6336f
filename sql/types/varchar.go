package types

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// VarcharType is character varying(n). Its typmod is n + 4.
var VarcharType = Register(Def[string]{
	Type: Type{OID: VarcharOID, Name: "varchar", Array: VarcharArrayOID, Len: -1, Category: String,
		Collation: defaultCollation, Doc: "varchar(length), non-blank-padded string, variable storage length"},
	Impl: func() Impl[string] {
		i := textImpl()
		i.In = func(_ *Env, s string, typmod int32) (string, error) { return CoerceVarchar(s, typmod, false) }
		i.Recv = func(env *Env, b []byte, typmod int32) (string, error) {
			s, err := recvText(env, b)
			if err != nil {
				return "", err
			}
			return CoerceVarchar(s, typmod, false)
		}
		return i
	}(),
	TypmodIn:  func(mods []int32) (int32, error) { return lengthTypmod(mods, "varchar") },
	TypmodOut: lengthTypmodOut,
})

// BpcharType is character(n), blank-padded to n characters; blanks at the end
// do not count when values are compared. Its typmod is n + 4.
var BpcharType = Register(Def[string]{
	Type: Type{OID: BpcharOID, Name: "bpchar", Array: 1014, Len: -1, Category: String,
		Collation: defaultCollation, Doc: "char(length), blank-padded string, fixed storage length"},
	Impl: Impl[string]{
		In:  func(_ *Env, s string, typmod int32) (string, error) { return CoerceBpchar(s, typmod, false) },
		Out: func(_ *Env, dst []byte, v string) []byte { return append(dst, v...) },
		Recv: func(env *Env, b []byte, typmod int32) (string, error) {
			s, err := recvText(env, b)
			if err != nil {
				return "", err
			}
			return CoerceBpchar(s, typmod, false)
		},
		Send:    sendText,
		Compare: func(a, b string) int { return strings.Compare(TrimBpchar(a), TrimBpchar(b)) },
		Hash:    func(v string) uint64 { return hashString(TrimBpchar(v)) },
	},
	TypmodIn:  func(mods []int32) (int32, error) { return lengthTypmod(mods, "char") },
	TypmodOut: lengthTypmodOut,
})

// TrimBpchar cuts the blanks that pad a character(n), as its cast to text does.
func TrimBpchar(s string) string { return strings.TrimRight(s, " ") }

// typmodHeader is added to a length in a typmod (VARHDRSZ).
const typmodHeader = 4

// maxCharLength is the longest declared length of a character type.
const maxCharLength = 10485760

func lengthTypmod(mods []int32, name string) (int32, error) {
	switch {
	case len(mods) != 1:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid type modifier")
	case mods[0] < 1:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s must be at least 1", name)
	case mods[0] > maxCharLength:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s cannot exceed %d", name, maxCharLength)
	}
	return mods[0] + typmodHeader, nil
}

func lengthTypmodOut(typmod int32) string {
	if typmod < typmodHeader {
		return ""
	}
	return typmodText(typmod - typmodHeader)
}

// CoerceVarchar fits s into character varying of a typmod. What is too long is
// cut if the cast is explicit or only blanks are lost, else 22001.
func CoerceVarchar(s string, typmod int32, explicit bool) (string, error) {
	if typmod < typmodHeader {
		return s, nil
	}
	return cutChars(s, int(typmod-typmodHeader), explicit, "character varying")
}

// CoerceBpchar fits s into character(n) of a typmod: pads it, or cuts it as
// CoerceVarchar does.
func CoerceBpchar(s string, typmod int32, explicit bool) (string, error) {
	if typmod < typmodHeader {
		return s, nil
	}
	n := int(typmod - typmodHeader)
	s, err := cutChars(s, n, explicit, "character")
	if err != nil {
		return "", err
	}
	return s + strings.Repeat(" ", n-utf8.RuneCountInString(s)), nil
}

func cutChars(s string, n int, explicit bool, typeName string) (string, error) {
	if len(s) <= n {
		return s, nil
	}
	end := charOffset(s, n)
	if !explicit && strings.Trim(s[end:], " ") != "" {
		return "", pgerr.New(pgerr.StringDataRightTruncation, "value too long for type %s(%d)", typeName, n)
	}
	return s[:end], nil
}

// charOffset is the byte offset of character n, or the length of s.
func charOffset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
