package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// sqlNames are the types that format_type_be shows by their SQL spelling.
var sqlNames = map[types.OID]string{
	types.BoolOID: "boolean", types.CharOID: `"char"`, types.Int2OID: "smallint", types.Int4OID: "integer",
	types.Int8OID: "bigint", types.Float4OID: "real", types.Float8OID: "double precision",
	types.BpcharOID: "character", types.VarcharOID: "character varying", types.TimeOID: "time without time zone",
	types.TimetzOID: "time with time zone", types.TimestampOID: "timestamp without time zone",
	types.TimestamptzOID: "timestamp with time zone", types.VarbitOID: "bit varying",
}

// typeName is format_type_be: the name in messages.
func (b *binder) typeName(t *types.Type) string {
	if t == nil {
		return "???"
	}
	if t.IsArray() && !isVector(t.OID) {
		if elem := b.reg.ByOID(t.Elem); elem != nil {
			return b.typeName(elem) + "[]"
		}
	}
	if n, ok := sqlNames[t.OID]; ok {
		return n
	}
	name := quoteIdent(t.Name)
	if t.Namespace != "pg_catalog" && t.Namespace != "" && !b.typeVisible(t) {
		return quoteIdent(t.Namespace) + "." + name
	}
	return name
}

// typeWithTypmod is format_type_with_typemod.
func (b *binder) typeWithTypmod(t *types.Type, mod int32) string {
	if mod < 0 {
		return b.typeName(t)
	}
	return types.FormatType(t, mod)
}

func (b *binder) typeVisible(t *types.Type) bool {
	found := b.lookupType("", t.Name)
	return found != nil && found.OID == t.OID
}

func (b *binder) oidName(oid types.OID) string {
	if oid == 0 {
		return "???"
	}
	return b.typeName(b.reg.ByOID(oid))
}

// quoteIdent is quote_identifier without its keyword check, which depends on
// the version (json became one in 16).
func quoteIdent(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_0123456789$") == "" && (s[0] == '_' || s[0] >= 'a') {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// lookupType finds a type by internal name; nil if there is none.
func (b *binder) lookupType(schema, name string) *types.Type {
	if schema != "" {
		return b.reg.ByName(b.schemaName(schema), name)
	}
	for _, ns := range b.searchPath() {
		if t := b.reg.ByName(ns, name); t != nil {
			return t
		}
	}
	return nil
}

// typeNameType resolves a type name and its modifiers: typenameTypeIdAndMod.
// 42704 where there is no such type.
func (b *binder) typeNameType(tn *parser.TypeName) (*types.Type, int32) {
	pos := b.at(tn.Location)
	t := b.maybeTypeName(tn)
	if t == nil {
		if parts := nameParts(tn.Names); len(parts) == 2 {
			b.checkSchema(parts[0], pos)
		}
		failAt(pos, pgerr.UndefinedObject, "type \"%s\" does not exist", typeNameText(tn))
	}
	if t.Shell {
		failAt(pos, pgerr.UndefinedObject, "type \"%s\" is only a shell", typeNameText(tn))
	}
	b.refersToType(t)
	return t, b.typmod(tn, t)
}

func (b *binder) maybeTypeName(tn *parser.TypeName) *types.Type {
	if tn.PctType {
		return b.referencedType(tn)
	}
	names := nameParts(tn.Names)
	schema, name := "", ""
	switch len(names) {
	case 1:
		name = names[0]
	case 2:
		schema, name = names[0], names[1]
	default:
		failAt(b.at(tn.Location), pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", dotted(names))
	}
	t := b.lookupType(schema, name)
	if b.freezing && schema == "" && t != nil && ownObject(t.OID) {
		tn.Names = qualifiedName(t.Namespace, name)
	}
	if t == nil || len(tn.ArrayBounds) == 0 || t.IsArray() {
		return t
	}
	return b.reg.ByOID(t.Array)
}

// referencedType is table.column%TYPE, which a notice tells of (LookupTypeNameExtended).
func (b *binder) referencedType(tn *parser.TypeName) *types.Type {
	names := nameParts(tn.Names)
	if len(names) < 2 {
		failAt(b.at(tn.Location), pgerr.SyntaxError, "improper %%TYPE reference (too few dotted names): %s", dotted(names))
	}
	rv := &parser.RangeVar{Location: tn.Location}
	rv.Schemaname, rv.Relname = qualified(names[:len(names)-1])
	rel := b.relation(rv)
	name := names[len(names)-1]
	for _, c := range rel.Columns {
		if c.Name != name {
			continue
		}
		t := c.Type
		if len(tn.ArrayBounds) > 0 {
			t = b.reg.ByOID(t.Array)
		}
		b.notices = append(b.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "type reference %s converted to %s",
			typeNameText(tn), b.typeName(t)))
		return t
	}
	failAt(b.at(tn.Location), pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
	return nil
}

// typeNameText is TypeNameToString.
func typeNameText(tn *parser.TypeName) string {
	s := dotted(nameParts(tn.Names))
	if tn.PctType {
		s += "%TYPE"
	}
	if len(tn.ArrayBounds) > 0 {
		s += "[]"
	}
	return s
}

// typmod is typenameTypeMod.
func (b *binder) typmod(tn *parser.TypeName, t *types.Type) int32 {
	if len(tn.Typmods) == 0 {
		return -1
	}
	pos := b.at(tn.Location)
	base := t
	if t.IsArray() {
		base = b.typ(t.Elem)
	}
	if base.TypmodIn == nil {
		failAt(pos, pgerr.SyntaxError, "type modifier is not allowed for type \"%s\"", typeNameText(tn))
	}
	mods := make([]int32, len(tn.Typmods))
	for i, n := range tn.Typmods {
		mods[i] = typmodValue(n, pos)
	}
	m, err := base.TypmodIn(mods)
	if err != nil {
		fail(pgerr.At(err, pos))
	}
	return m
}

func typmodValue(n *parser.Node, pos int) int32 {
	if c := n.GetAConst(); c != nil {
		if _, ok := c.Val.(*parser.A_Const_Ival); ok {
			return c.GetIval().GetIval()
		}
	}
	failAt(pos, pgerr.SyntaxError, "type modifiers must be simple constants or identifiers")
	return 0
}
