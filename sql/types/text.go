package types

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// defaultCollation is pg_collation's "default", that of the collatable types;
// cCollation is "C", name's.
const (
	defaultCollation OID = 100
	cCollation       OID = 950
)

// textImpl is the implementation of types whose values are any text.
func textImpl() Impl[string] {
	return Impl[string]{
		In:      func(_ *Env, s string, _ int32) (string, error) { return s, nil },
		Out:     func(_ *Env, dst []byte, v string) []byte { return append(dst, v...) },
		Recv:    func(env *Env, b []byte, _ int32) (string, error) { return recvText(env, b) },
		Send:    sendText,
		Compare: strings.Compare,
		Hash:    hashString,
	}
}

// noOrder is textImpl for types without comparison operators.
func noOrder() Impl[string] {
	i := textImpl()
	i.Compare, i.Hash = nil, nil
	return i
}

// TextType is text.
var TextType = Register(Def[string]{
	Type: Type{OID: TextOID, Name: "text", Array: TextArrayOID, Len: -1, Category: String, Preferred: true,
		Collation: defaultCollation, Doc: "variable-length string, no limit specified"},
	Impl: textImpl(),
})

// UnknownType is the type of a literal before its context gives it one.
var UnknownType = Register(Def[string]{
	Type: Type{OID: UnknownOID, Name: "unknown", Len: -2, Align: 'c', Category: Unknown_, Kind: 'p',
		Doc: "pseudo-type representing an undetermined type"},
	Impl: noOrder(),
})

// CstringType is cstring, the type of input functions' arguments.
var CstringType = Register(Def[string]{
	Type: Type{OID: CstringOID, Name: "cstring", Array: 1263, Len: -2, Align: 'c', Category: Pseudo, Kind: 'p',
		Doc: "C-style string"},
	Impl: noOrder(),
})

// RefcursorType is refcursor: the name of a portal.
var RefcursorType = Register(Def[string]{
	Type: Type{OID: RefcursorOID, Name: "refcursor", Array: 2201, Len: -1, Category: UserDefined,
		Doc: "reference to cursor (portal name)"},
	Impl: noOrder(),
})

// PgNodeTreeType is pg_node_tree: shown, never read.
var PgNodeTreeType = Register(Def[string]{
	Type: Type{OID: PgNodeTreeOID, Name: "pg_node_tree", Len: -1, Category: Internal, Collation: defaultCollation,
		Doc: "string representing an internal node tree"},
	Impl: shownOnly("pg_node_tree"),
})

// What extended statistics hold: shown by the catalog, never read.
var (
	_ = Register(statistics(Type{OID: 3361, Name: "pg_ndistinct", Doc: "multivariate ndistinct coefficients"}))
	_ = Register(statistics(Type{OID: 3402, Name: "pg_dependencies", Doc: "multivariate dependencies"}))
	_ = Register(statistics(Type{OID: 5017, Name: "pg_mcv_list", Doc: "multivariate MCV list"}))
)

func statistics(t Type) Def[string] {
	t.Len, t.Category, t.Collation = -1, Internal, defaultCollation
	return Def[string]{Type: t, Impl: shownOnly(t.Name)}
}

// shownOnly is noOrder for types that have no input from a client.
func shownOnly(name string) Impl[string] {
	i := noOrder()
	i.In = func(*Env, string, int32) (string, error) { return "", cannotAccept(name) }
	i.Recv = func(*Env, []byte, int32) (string, error) { return "", cannotAccept(name) }
	return i
}

// NameType is name: an identifier.
var NameType = Register(Def[string]{
	Type: Type{OID: NameOID, Name: "name", Array: NameArrayOID, Elem: CharOID, Len: 64, Align: 'c', Category: String,
		Collation: cCollation, Doc: "63-byte type for storing system identifiers", Fixed: &nameBytes},
	Impl: func() Impl[string] {
		i := textImpl()
		i.In = func(_ *Env, s string, _ int32) (string, error) { return TruncateName(s), nil }
		i.Recv = func(env *Env, b []byte, _ int32) (string, error) {
			if len(b) > maxNameLen {
				return "", pgerr.New(pgerr.NameTooLong, "identifier too long").
					WithDetail("Identifier must be less than %d characters.", maxNameLen+1)
			}
			return recvText(env, b)
		}
		return i
	}(),
})

// nameBytes are a name's bytes as "char"s; behind its end there are zero bytes.
var nameBytes = FixedArray{
	Len: maxNameLen + 1,
	At: func(v any, i int64) any {
		s := v.(string)
		if i >= int64(len(s)) {
			return ""
		}
		return s[i : i+1]
	},
	With: func(v any, i int64, elem any) any {
		var image [maxNameLen + 1]byte
		copy(image[:], v.(string))
		image[i] = 0
		copy(image[i:], elem.(string))
		name, _, _ := strings.Cut(string(image[:]), "\x00")
		return name
	},
}

// maxNameLen is the longest identifier in bytes: NAMEDATALEN - 1.
const maxNameLen = 63

// TruncateName cuts an identifier to 63 bytes, at a character's end.
func TruncateName(s string) string {
	if len(s) <= maxNameLen {
		return s
	}
	n := maxNameLen
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// CharType is "char": one byte, which is the empty string where it is zero. A
// byte that is not ASCII reads and prints as \ooo.
var CharType = Register(Def[string]{
	Type: Type{OID: CharOID, Name: "char", Array: CharArrayOID, Len: 1, ByVal: true, Align: 'c', Category: Internal,
		Doc: "single character"},
	Impl: Impl[string]{
		In: func(_ *Env, s string, _ int32) (string, error) {
			if len(s) == 4 && s[0] == '\\' && strings.Trim(s[1:], "01234567") == "" {
				return firstByte(string([]byte{octalEscape(s)})), nil
			}
			return firstByte(s), nil
		},
		Out: func(_ *Env, dst []byte, v string) []byte {
			if v != "" && v[0] >= utf8.RuneSelf {
				return appendOctal(dst, v[0])
			}
			return append(dst, v...)
		},
		Recv: func(_ *Env, b []byte, _ int32) (string, error) {
			if len(b) != 1 {
				return "", badBinary("\"char\"")
			}
			return firstByte(string(b)), nil
		},
		Send: func(_ *Env, dst []byte, v string) []byte {
			if v == "" {
				return append(dst, 0)
			}
			return append(dst, v[0])
		},
		Compare: strings.Compare,
		Hash:    hashString,
	},
})

func firstByte(s string) string {
	if s == "" || s[0] == 0 {
		return ""
	}
	return s[:1]
}
