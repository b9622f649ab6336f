package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var castLetters = map[parser.CoercionContext]byte{
	parser.CoercionContext_COERCION_IMPLICIT: 'i', parser.CoercionContext_COERCION_ASSIGNMENT: 'a', parser.CoercionContext_COERCION_EXPLICIT: 'e',
}

// createCast is CreateCast.
func (b *binder) createCast(c *parser.CreateCastStmt) plan.Statement {
	from, _ := b.typeNameType(c.Sourcetype)
	to, _ := b.typeNameType(c.Targettype)
	for _, t := range []*types.Type{from, to} {
		side := "source"
		if t == to {
			side = "target"
		}
		if t.Kind == 'p' {
			failAt(-1, pgerr.WrongObjectType, "%s data type %s is a pseudo-type", side, typeNameText(map[string]*parser.TypeName{"source": c.Sourcetype, "target": c.Targettype}[side]))
		}
		if t.Kind == 'd' {
			unsupported(-1, "casts of domains, which PostgreSQL ignores")
		}
	}
	out := &catalog.Cast{From: from.OID, To: to.OID, Context: castLetters[c.Context], Method: 'b'}
	switch {
	case c.Func != nil:
		out.Method, out.Func = 'f', b.castFunction(c, from, to).OID
	case c.Inout:
		out.Method = 'i'
	default:
		b.checkBinary(from, to)
	}
	if from.OID == to.OID && out.Method != 'f' {
		failAt(-1, pgerr.InvalidObjectDefinition, "source data type and target data type are the same")
	}
	if b.findCast(from.OID, to.OID) != nil {
		failAt(-1, pgerr.DuplicateObject, "cast from type %s to type %s already exists", b.typeName(from), b.typeName(to))
	}
	return &plan.CreateCast{Cast: out}
}

// checkBinary is what WITHOUT FUNCTION asks of two types: the same form of
// values.
func (b *binder) checkBinary(from, to *types.Type) {
	switch {
	case from.Kind == 'c' || to.Kind == 'c':
		failAt(-1, pgerr.InvalidObjectDefinition, "composite data types are not binary-compatible")
	case from.IsArray() || to.IsArray():
		failAt(-1, pgerr.InvalidObjectDefinition, "array data types are not binary-compatible")
	case from.Kind == 'e' || to.Kind == 'e':
		failAt(-1, pgerr.InvalidObjectDefinition, "enum data types are not binary-compatible")
	case from.Len != to.Len || from.ByVal != to.ByVal || from.Align != to.Align:
		failAt(-1, pgerr.InvalidObjectDefinition, "source and target data types are not physically compatible")
	case !from.SameForm(to):
		unsupported(-1, "a cast WITHOUT FUNCTION from %s to %s", b.typeName(from), b.typeName(to))
	}
}

// castFunction finds the function of a cast and checks its types.
func (b *binder) castFunction(c *parser.CreateCastStmt, from, to *types.Type) *funcs.Func {
	args, _ := b.objectArgs(c.Func.Objargs, false)
	f := b.exactFunction(nameParts(c.Func.Objname), args)
	switch {
	case len(f.Args) < 1 || len(f.Args) > 3:
		failAt(-1, pgerr.InvalidObjectDefinition, "cast function must take one to three arguments")
	case !b.sameBinary(from.OID, f.Args[0]):
		failAt(-1, pgerr.InvalidObjectDefinition, "argument of cast function must match or be binary-coercible from source data type")
	case len(f.Args) > 1 && f.Args[1] != types.Int4OID:
		failAt(-1, pgerr.InvalidObjectDefinition, "second argument of cast function must be type %s", "integer")
	case len(f.Args) > 2 && f.Args[2] != types.BoolOID:
		failAt(-1, pgerr.InvalidObjectDefinition, "third argument of cast function must be type %s", "boolean")
	case !b.sameBinary(f.Result, to.OID):
		failAt(-1, pgerr.InvalidObjectDefinition, "return data type of cast function must match or be binary-coercible to target data type")
	case f.ReturnSet:
		failAt(-1, pgerr.InvalidObjectDefinition, "cast function must not return a set")
	}
	return f
}

// droppedCast is one object of DROP CAST.
func (b *binder) ownCast(from, to *types.Type) {
	if b.restricted() != nil && !b.owns(b.ownerOf(catalog.ClassType, from.OID)) && !b.owns(b.ownerOf(catalog.ClassType, to.OID)) {
		failAt(-1, pgerr.InsufficientPrivilege, "must be owner of type %s or type %s", b.typeName(from), b.typeName(to))
	}
}

func (b *binder) droppedCast(d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string) {
	pair := n.GetList().GetItems()
	if d.MissingOk {
		if _, notice := b.objectArgs(pair, true); notice != "" {
			return nil, notice
		}
	}
	from, _ := b.typeNameType(pair[0].GetTypeName())
	to, _ := b.typeNameType(pair[1].GetTypeName())
	c := b.routines().Cast(from.OID, to.OID)
	switch {
	case c != nil:
		b.ownCast(from, to)
		return &plan.RoutineObject{OID: c.OID, Class: plan.CastObject, Description: b.describeCast(c)}, ""
	case b.findCast(from.OID, to.OID) != nil:
		failAt(-1, pgerr.DependentObjectsStillExist, "cannot drop cast from %s to %s because it is required by the database system", b.typeName(from), b.typeName(to))
	case d.MissingOk:
		return nil, "cast from type " + lastName(pair[0].GetTypeName()) + " to type " + lastName(pair[1].GetTypeName()) + " does not exist, skipping"
	}
	failAt(-1, pgerr.UndefinedObject, "cast from type %s to type %s does not exist", b.typeName(from), b.typeName(to))
	return nil, ""
}

// lastName is a type's name as it was written, without its schema.
func lastName(tn *parser.TypeName) string {
	_, name := qualified(nameParts(tn.Names))
	return name
}
