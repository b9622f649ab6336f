package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// baseTypeOptions are the attributes of CREATE TYPE (input = …); true for those
// that name a function.
var baseTypeOptions = map[string]bool{
	"like": false, "internallength": false, "category": false, "preferred": false, "delimiter": false, "element": false,
	"default": false, "passedbyvalue": false, "alignment": false, "storage": false, "collatable": false,
	"input": true, "output": true, "receive": true, "send": true, "typmod_in": true, "typmod_out": true, "analyze": true, "subscript": true,
}

// baseTypeBuilder is a CREATE TYPE of a base type being bound.
type baseTypeBuilder struct {
	*aggregateBuilder
	def   *catalog.TypeDef
	base  *catalog.BaseType
	shell *types.Type
}

// defineType is DefineType: a shell type without parameters, else a base type over
// a shell.
func (b *binder) defineType(d *parser.DefineStmt) plan.Statement {
	b.superuserOnly(true, "create a base type")
	x := &baseTypeBuilder{aggregateBuilder: &aggregateBuilder{binder: b, options: map[string]*parser.DefElem{}},
		def: &catalog.TypeDef{Kind: 'p'}, base: &catalog.BaseType{Len: -1, Align: 'i', Storage: 'p', Category: types.UserDefined, Delim: ','}}
	schema, name := qualified(nameParts(d.Defnames))
	x.def.Name = name
	x.def.Schema = b.creationSchema(&parser.RangeVar{Schemaname: schema, Relname: name, Location: -1})
	x.shell = b.reg.ByName(x.def.Schema, name)
	switch {
	case x.shell != nil && (!x.shell.Shell || len(d.Definition) == 0):
		failAt(-1, pgerr.DuplicateObject, "type \"%s\" already exists", name)
	case len(d.Definition) == 0:
		return &plan.CreateType{Def: x.def}
	case x.shell == nil:
		fail(pgerr.New(pgerr.DuplicateObject, "type \"%s\" does not exist", name).
			WithHint("Create the type as a shell type, then create its I/O functions, then do a full CREATE TYPE."))
	}
	for _, n := range d.Definition {
		x.baseOption(n.GetDefElem())
	}
	x.def.Kind, x.def.BaseType = 'b', x.base
	x.properties()
	x.procs()
	x.checkPhysical()
	return &plan.CreateType{Def: x.def, Notices: b.notices}
}

func (x *baseTypeBuilder) baseOption(d *parser.DefElem) {
	if _, known := baseTypeOptions[d.Defname]; !known {
		x.notices = append(x.notices, pgerr.Notice(pgerr.SeverityWarning, pgerr.SyntaxError, "type attribute \"%s\" not recognized", d.Defname).
			AtByte(x.at(d.Location)))
		return
	}
	if x.options[d.Defname] != nil {
		failAt(x.at(d.Location), pgerr.SyntaxError, "conflicting or redundant options")
	}
	x.options[d.Defname] = d
}

// baseProperties read one attribute each, in DefineType's order.
var baseProperties = []struct {
	option string
	read   func(x *baseTypeBuilder, d *parser.DefElem)
}{
	{"like", (*baseTypeBuilder).like},
	{"internallength", (*baseTypeBuilder).length},
	{"category", (*baseTypeBuilder).category},
	{"preferred", func(x *baseTypeBuilder, d *parser.DefElem) { x.base.Preferred = x.defBool(d) }},
	{"delimiter", func(x *baseTypeBuilder, d *parser.DefElem) { x.base.Delim = firstByte(defText(d)) }},
	{"element", (*baseTypeBuilder).element},
	{"default", func(x *baseTypeBuilder, d *parser.DefElem) {
		text := defText(d)
		x.base.Default = &text
	}},
	{"passedbyvalue", func(x *baseTypeBuilder, d *parser.DefElem) { x.base.ByVal = x.defBool(d) }},
	{"alignment", (*baseTypeBuilder).alignment},
	{"storage", func(x *baseTypeBuilder, d *parser.DefElem) { x.base.Storage = storageLetter(defText(d)) }},
	{"collatable", func(x *baseTypeBuilder, d *parser.DefElem) {
		if x.defBool(d) {
			x.def.Collation = types.DefaultCollationOID
		}
	}},
}

func (x *baseTypeBuilder) properties() {
	for _, p := range baseProperties {
		if d := x.options[p.option]; d != nil {
			p.read(x, d)
		}
	}
}

func firstByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

func (x *baseTypeBuilder) like(*parser.DefElem) {
	t := x.optionType("like")
	x.base.Len, x.base.ByVal, x.base.Align, x.base.Storage = t.Len, t.ByVal, t.Align, t.Storage
}

// length is defGetTypeLength.
func (x *baseTypeBuilder) length(d *parser.DefElem) {
	if n := d.Arg.GetInteger(); n != nil {
		x.base.Len = int16(n.Ival)
		return
	}
	if text := defText(d); !strings.EqualFold(text, "variable") {
		failAt(-1, pgerr.SyntaxError, "invalid argument for %s: \"%s\"", d.Defname, text)
	}
	x.base.Len = -1
}

func (x *baseTypeBuilder) category(d *parser.DefElem) {
	text := defText(d)
	c := firstByte(text)
	if c < 32 || c > 126 {
		failAt(-1, pgerr.InvalidParameterValue, "invalid type category \"%s\": must be simple ASCII", text)
	}
	x.base.Category = types.Category(c)
}

func (x *baseTypeBuilder) element(*parser.DefElem) {
	t := x.optionType("element")
	if t.Kind == 'p' {
		failAt(-1, pgerr.DatatypeMismatch, "array element type cannot be %s", x.typeName(t))
	}
	if x.options["subscript"] == nil && !(x.base.Len > 0 && !x.base.ByVal && t.Len > 0) {
		failAt(-1, pgerr.InvalidObjectDefinition, "element type cannot be specified without a subscripting function")
	}
	unsupported(-1, "a base type with elements")
}

// alignments are pg_type.typalign by the names of types that have them; the parser
// has translated some.
var alignments = map[string]byte{
	"double": 'd', "float8": 'd', "pg_catalog.float8": 'd', "int4": 'i', "pg_catalog.int4": 'i',
	"int2": 's', "pg_catalog.int2": 's', "char": 'c', "pg_catalog.bpchar": 'c',
}

func (x *baseTypeBuilder) alignment(d *parser.DefElem) {
	text := defText(d)
	if x.base.Align = alignments[strings.ToLower(text)]; x.base.Align == 0 {
		failAt(-1, pgerr.InvalidParameterValue, "alignment \"%s\" not recognized", text)
	}
}

// storageLetter is pg_type.typstorage by its name: 22023.
func storageLetter(name string) byte {
	i := slices.Index([]string{"plain", "external", "extended", "main"}, strings.ToLower(name))
	if i < 0 {
		failAt(-1, pgerr.InvalidParameterValue, "storage \"%s\" not recognized", name)
	}
	return "pexm"[i]
}

// checkPhysical is TypeCreate's look at size, alignment and storage together.
func (x *baseTypeBuilder) checkPhysical() {
	t := x.base
	bad := func(format string, args ...any) { failAt(-1, pgerr.InvalidObjectDefinition, format, args...) }
	switch {
	case t.Len <= 0 && t.Len != -1 && t.Len != -2:
		bad("invalid type internal size %d", t.Len)
	case t.ByVal && valueAlign[t.Len] == 0:
		bad("internal size %d is invalid for passed-by-value type", t.Len)
	case t.ByVal && valueAlign[t.Len] != t.Align:
		bad("alignment \"%c\" is invalid for passed-by-value type of size %d", t.Align, t.Len)
	case t.Len == -1 && t.Align != 'i' && t.Align != 'd', t.Len == -2 && t.Align != 'c':
		bad("alignment \"%c\" is invalid for variable-length type", t.Align)
	case t.Storage != 'p' && t.Len != -1:
		bad("fixed-size types must have storage PLAIN")
	}
}

// valueAlign is the alignment of a type that is passed by value, by its size.
var valueAlign = map[int16]byte{1: 'c', 2: 's', 4: 'i', 8: 'd'}
