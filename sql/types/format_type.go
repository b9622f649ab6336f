package types

import "strings"

// sqlNames are the types whose SQL spelling is not their name in pg_type.
var sqlNames = map[OID]string{
	AnyOID: "\"any\"", BoolOID: "boolean", BpcharOID: "character", CharOID: "\"char\"", Float4OID: "real", Float8OID: "double precision",
	Int2OID: "smallint", Int4OID: "integer", Int8OID: "bigint", TimeOID: "time without time zone",
	TimetzOID: "time with time zone", TimestampOID: "timestamp without time zone",
	TimestamptzOID: "timestamp with time zone", VarbitOID: "bit varying", VarcharOID: "character varying",
}

// timeZoneSuffix cuts the part of a type's name that stands after its modifier.
func timeZoneSuffix(name string) string {
	name = strings.TrimSuffix(name, " without time zone")
	return strings.TrimSuffix(name, " with time zone")
}

// SQLName is the type's name in messages and where no modifier is known
// (format_type of a NULL typmod): "integer", "character varying[]".
func (t *Type) SQLName() string { return t.SQLNameAs(qualified) }

// SQLNameAs is SQLName where own spells the types that are not pg_catalog's.
func (t *Type) SQLNameAs(own func(t *Type) string) string {
	elem, suffix := t.arrayElem()
	return elem.spelled(own) + suffix
}

// FormatType is format_type: the type's SQL spelling with its modifier,
// "character varying(20)", "timestamp(3) with time zone[]". typmod is -1 for
// none.
func FormatType(t *Type, typmod int32) string { return formatType(t, typmod, qualified) }

func formatType(t *Type, typmod int32, own func(t *Type) string) string {
	elem, suffix := t.arrayElem()
	name := elem.spelled(own)
	switch {
	case typmod >= 0 && elem.TypmodOut != nil:
		name = timeZoneSuffix(name) + elem.TypmodOut(typmod)
	case elem.OID == BpcharOID:
		name = "bpchar" // without a length it is not character, which is character(1)
	case elem.OID == BitOID:
		name = "\"bit\"" // nor is this bit, which is bit(1)
	}
	return name + suffix
}

// arrayElem is the element type and "[]" of a true array type, t itself and ""
// of any other. int2vector and oidvector have names of their own.
func (t *Type) arrayElem() (*Type, string) {
	if !t.IsArray() || t.Kind == 'd' || t.OID == Int2VectorOID || t.OID == OidVectorOID {
		return t, ""
	}
	if t.elem != nil {
		return t.elem, "[]"
	}
	return t, ""
}

// QualifiedName is format_type_be_qualified: SQLName with the schema of whatever SQL
// has no word for.
func (t *Type) QualifiedName() string {
	elem, suffix := t.arrayElem()
	if name, ok := sqlNames[elem.OID]; ok {
		return name + suffix
	}
	return QuoteIdent(elem.Namespace) + "." + QuoteIdent(elem.Name) + suffix
}

func (t *Type) spelled(own func(t *Type) string) string {
	if name, ok := sqlNames[t.OID]; ok {
		return name
	}
	if t.Namespace != "pg_catalog" {
		return own(t)
	}
	return QuoteIdent(t.Name)
}

// qualified spells a type of a database where no search path is known: with its
// schema, but in public.
func qualified(t *Type) string {
	if t.Namespace == "public" {
		return QuoteIdent(t.Name)
	}
	return QuoteIdent(t.Namespace) + "." + QuoteIdent(t.Name)
}

// FormatType is FormatType with the types of the database qualified where the
// session's search path needs it.
func (e *Env) FormatType(t *Type, typmod int32) string { return formatType(t, typmod, e.ownType) }

// SQLName is t.SQLName with the types of the database qualified where the
// session's search path needs it.
func (e *Env) SQLName(t *Type) string { return t.SQLNameAs(e.ownType) }

func (e *Env) ownType(t *Type) string {
	if e != nil && e.Names != nil {
		if name, ok := e.Names.NameOf(RegType, t.OID); ok {
			return name
		}
	}
	return qualified(t)
}

// QuoteIdent quotes an identifier that is not plain lower case. Key words are
// the parser's business.
func QuoteIdent(s string) string {
	plain := s != "" && !isDigit(s[0]) && s[0] != '$'
	for i := range len(s) {
		c := s[i]
		plain = plain && (c-'a' < 26 || isDigit(c) || c == '_' || c == '$')
	}
	if plain {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
