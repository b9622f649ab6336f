package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// alterableTypeOptions are what ALTER TYPE … SET can change.
var alterableTypeOptions = map[string]bool{
	"storage": true, "receive": true, "send": true, "typmod_in": true, "typmod_out": true, "analyze": true, "subscript": true,
}

// alterBaseType is AlterType: the properties of a base type.
func (b *binder) alterBaseType(a *parser.AlterTypeStmt) plan.Statement {
	t := b.definedType(a.TypeName)
	x := &baseTypeBuilder{aggregateBuilder: &aggregateBuilder{binder: b, options: map[string]*parser.DefElem{}},
		def: &catalog.TypeDef{}, base: &catalog.BaseType{}, shell: t}
	if t.BaseDef != nil {
		x.base, x.def.Base = baseTypeOf(t), t.BaseDef.Like.OID
	}
	for _, n := range a.Options {
		x.alterOption(t, n.GetDefElem())
	}
	b.superuserOnly(true, "alter a type")
	switch {
	case t.Kind != 'b' || t.IsArray():
		failAt(-1, pgerr.WrongObjectType, "%s is not a base type", b.typeName(t))
	case t.BaseDef == nil:
		unsupported(-1, "changing a built-in type")
	}
	x.alterProcs()
	return &plan.AlterType{Type: t.OID, Tag: "ALTER TYPE", Actions: []catalog.TypeAction{catalog.SetBaseType{BaseType: *x.base}}}
}

// baseTypeOf reads a type's properties back.
func baseTypeOf(t *types.Type) *catalog.BaseType {
	d := t.BaseDef
	out := &catalog.BaseType{Len: t.Len, ByVal: t.ByVal, Align: t.Align, Storage: t.Storage, Category: t.Category, Preferred: t.Preferred,
		Delim: t.Delim, Elem: t.Elem, Default: d.Default, Procs: d.Procs, Out: d.Out.OID}
	if d.Recv != nil {
		out.Recv = d.Recv.OID
	}
	if d.Send != nil {
		out.Send = d.Send.OID
	}
	return out
}

func (x *baseTypeBuilder) alterOption(t *types.Type, d *parser.DefElem) {
	_, known := baseTypeOptions[d.Defname]
	switch {
	case !known:
		failAt(-1, pgerr.SyntaxError, "type attribute \"%s\" not recognized", d.Defname)
	case !alterableTypeOptions[d.Defname]:
		failAt(-1, pgerr.SyntaxError, "type attribute \"%s\" cannot be changed", d.Defname)
	case d.Defname == "storage":
		x.base.Storage = storageLetter(defText(d))
		x.checkStorageChange(t)
	default:
		x.options[d.Defname] = d
	}
}

func (x *baseTypeBuilder) checkStorageChange(t *types.Type) {
	switch {
	case x.base.Storage != 'p' && t.Len != -1:
		failAt(-1, pgerr.InvalidObjectDefinition, "fixed-size types must have storage PLAIN")
	case x.base.Storage == 'p' && t.Storage != 'p':
		failAt(-1, pgerr.InvalidObjectDefinition, "cannot change type's storage to PLAIN")
	}
}

// alterProcs finds the functions that are given anew; NONE takes one away.
func (x *baseTypeBuilder) alterProcs() {
	for _, p := range typeProcs {
		d := x.options[p.option]
		if d == nil {
			continue
		}
		if d.Arg == nil {
			p.set(&x.base.Procs, 0)
			delete(x.options, p.option)
		}
	}
	found := x.findProcs()
	x.setForms(found)
	if x.base.Procs.Receive == 0 {
		x.base.Recv = 0
	}
	if x.base.Procs.Send == 0 {
		x.base.Send = 0
	}
}
