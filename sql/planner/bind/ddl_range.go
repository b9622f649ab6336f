package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// rangeBuilder is a CREATE TYPE AS RANGE being bound.
type rangeBuilder struct {
	*aggregateBuilder
	def     *catalog.TypeDef
	subtype *types.Type
}

var rangeOptions = map[string]bool{
	"subtype": true, "subtype_opclass": true, "collation": true, "canonical": true, "subtype_diff": true, "multirange_type_name": true,
}

// createRange is DefineRange of typecmds.c.
func (b *binder) createRange(c *parser.CreateRangeStmt) plan.Statement {
	x := &rangeBuilder{aggregateBuilder: &aggregateBuilder{binder: b, options: map[string]*parser.DefElem{}}, def: &catalog.TypeDef{Kind: 'r'}}
	x.def.Schema, x.def.Name = b.newTypeName(c.TypeName)
	for _, n := range c.Params {
		x.rangeOption(n.GetDefElem())
	}
	if x.options["subtype"] == nil {
		failAt(-1, pgerr.SyntaxError, "type attribute \"subtype\" is required")
	}
	x.subtype = x.optionType("subtype")
	if x.subtype.Kind == 'p' {
		failAt(-1, pgerr.DatatypeMismatch, "range subtype cannot be %s", b.typeName(x.subtype))
	}
	x.def.Base = x.subtype.OID
	x.order()
	x.subtypeDiff()
	x.multirangeName()
	return &plan.CreateType{Def: x.def}
}

func (x *rangeBuilder) rangeOption(d *parser.DefElem) {
	switch {
	case !rangeOptions[d.Defname]:
		failAt(-1, pgerr.SyntaxError, "type attribute \"%s\" not recognized", d.Defname)
	case x.options[d.Defname] != nil:
		failAt(x.at(d.Location), pgerr.SyntaxError, "conflicting or redundant options")
	}
	x.options[d.Defname] = d
}

// order is how values of the subtype compare: as its type does, for there are no
// operator classes but the defaults.
func (x *rangeBuilder) order() {
	if base, _ := x.subtype.BaseType(-1); base.Compare == nil {
		fail(pgerr.New(pgerr.UndefinedObject, "data type %s has no default operator class for access method \"btree\"", x.typeName(x.subtype)).
			WithHint("You must specify an operator class for the range type or define a default operator class for the subtype."))
	}
	if x.def.Collation = x.subtype.Collation; x.def.Collation == types.DefaultCollationOID && !x.reg.DefaultIsC() {
		unsupported(-1, "a range type over text with a default collation other than \"C\"")
	}
	if x.options["collation"] != nil {
		x.collationOption()
	}
	for _, option := range []string{"canonical", "subtype_opclass"} {
		if x.options[option] != nil {
			unsupported(-1, "%s of a range type", strings.ToUpper(option))
		}
	}
}

// collationOption: texts compare by bytes, which is what "C" and the default are.
func (x *rangeBuilder) collationOption() {
	if !x.subtype.Collatable() {
		failAt(-1, pgerr.WrongObjectType, "range collation specified but subtype does not support collation")
	}
	name := x.optionName("collation")
	c := x.collation(name, -1)
	if c.Locale() != nil {
		unsupported(-1, "a range type with collation %s", dotted(name))
	}
	x.def.Collation = c.OID
}

// subtypeDiff is findRangeSubtypeDiffFunction.
func (x *rangeBuilder) subtypeDiff() {
	if x.options["subtype_diff"] == nil {
		return
	}
	args := []types.OID{x.subtype.OID, x.subtype.OID}
	name := x.optionName("subtype_diff")
	f := x.exactFunction(name, args)
	if f.Result != types.Float8OID {
		failAt(-1, pgerr.InvalidObjectDefinition, "range subtype diff function %s must return type %s", x.signature(dotted(name), args, ""), "double precision")
	}
	if f.Volatility != 'i' {
		failAt(-1, pgerr.InvalidObjectDefinition, "range subtype diff function %s must be immutable", x.signature(dotted(name), args, ""))
	}
	x.def.SubtypeDiff = f.OID
}

// multirangeName is the name that was given, or makeMultirangeTypeName's.
func (x *rangeBuilder) multirangeName() {
	if x.options["multirange_type_name"] != nil {
		schema, name := qualified(x.optionName("multirange_type_name"))
		x.def.MultirangeSchema, x.def.Multirange = x.creationSchema(&parser.RangeVar{Schemaname: schema, Relname: name, Location: -1}), name
		x.checkTypeFree(x.def.MultirangeSchema, name)
		return
	}
	x.def.MultirangeSchema, x.def.Multirange = x.def.Schema, multirangeName(x.def.Name)
	if x.reg.ByName(x.def.MultirangeSchema, x.def.Multirange) != nil {
		fail(pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists", x.def.Multirange).
			WithDetail("Failed while creating a multirange type for type \"%s\".", x.def.Name).
			WithHint("You can manually specify a multirange type name using the \"multirange_type_name\" attribute."))
	}
}

// multirangeName is a range type's name with multirange for range, or with
// _multirange behind it.
func multirangeName(name string) string {
	if before, after, ok := strings.Cut(name, "range"); ok {
		return types.TruncateName(before + "multirange" + after)
	}
	return types.TruncateName(name[:min(len(name), maxIdentifier-len("_multirange"))] + "_multirange")
}
