package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// isOpClass are the kinds of object whose names begin with an access method.
var isOpClass = map[parser.ObjectType]bool{parser.ObjectType_OBJECT_OPCLASS: true, parser.ObjectType_OBJECT_OPFAMILY: true}

// opClassObject is an operator class or family that a statement names.
type opClassObject struct {
	method *opclass.Method
	parts  []string
	class  *opclass.Class
	family *opclass.Family
	// own is the database's entry of one of them, nil for a built-in one.
	ownClass  *catalog.OpClass
	ownFamily *catalog.OpFamily
}

// opClassNamed reads the name of a class or family: the access method stands first.
// Neither class nor family is set where there is none.
func (b *binder) opClassNamed(kind parser.ObjectType, n *parser.Node) opClassObject {
	all := nameParts(n.GetList().GetItems())
	o := opClassObject{method: b.accessMethod(all[0]), parts: all[1:]}
	own := b.opclasses().Own()
	if kind == parser.ObjectType_OBJECT_OPCLASS {
		if o.class = b.findOpClass(o.method, o.parts); o.class != nil {
			o.ownClass = own.Class(o.class.OID)
		}
	} else if o.family = b.findOpFamily(o.method, o.parts); o.family != nil {
		o.ownFamily = own.Family(o.family.OID)
	}
	return o
}

// object is the entry that the database has, and its schema.
func (o opClassObject) object() (is catalog.Object, schema string) {
	if o.ownClass != nil {
		return catalog.Object{Class: catalog.ClassOpclass, OID: o.ownClass.OID}, o.ownClass.Schema
	}
	return catalog.Object{Class: catalog.ClassOpfamily, OID: o.ownFamily.OID}, o.ownFamily.Schema
}

func (o opClassObject) found() bool { return o.class != nil || o.family != nil }

var opClassNouns = map[parser.ObjectType]string{parser.ObjectType_OBJECT_OPCLASS: "operator class", parser.ObjectType_OBJECT_OPFAMILY: "operator family"}

// existing is opClassNamed for what must be there (42704); built-in ones are 0A000.
func (b *binder) existingOpClass(kind parser.ObjectType, n *parser.Node) opClassObject {
	o := b.opClassNamed(kind, n)
	if !o.found() {
		failAt(-1, pgerr.UndefinedObject, "%s \"%s\" does not exist for access method \"%s\"", opClassNouns[kind], dotted(o.parts), o.method.Name)
	}
	if o.ownClass == nil && o.ownFamily == nil {
		unsupported(-1, "changing a built-in %s", opClassNouns[kind])
	}
	is, _ := o.object()
	b.ownObject(is.Class, is.OID, opClassNouns[kind], o.parts[len(o.parts)-1])
	return o
}

// droppedOpClass is one object of DROP OPERATOR CLASS and FAMILY.
func (b *binder) droppedOpClass(d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string) {
	schema, _ := qualified(nameParts(n.GetList().GetItems())[1:])
	if missing := b.missingSchema(schema); missing != nil && d.MissingOk {
		return nil, missing.Message + ", skipping"
	}
	o := b.opClassNamed(d.RemoveType, n)
	noun := opClassNouns[d.RemoveType]
	if o.ownClass != nil || o.ownFamily != nil {
		is, schema := o.object()
		b.dropObject(is.Class, is.OID, schema, noun, o.parts[len(o.parts)-1])
	}
	switch {
	case !o.found() && d.MissingOk:
		return nil, noun + " \"" + dotted(o.parts) + "\" does not exist for access method \"" + o.method.Name + "\", skipping"
	case !o.found():
		failAt(-1, pgerr.UndefinedObject, "%s \"%s\" does not exist for access method \"%s\"", noun, dotted(o.parts), o.method.Name)
	case o.ownClass != nil:
		return &plan.RoutineObject{OID: o.ownClass.OID, Class: plan.OpClassObject, Description: DescribeOpClass(o.ownClass)}, ""
	case o.ownFamily != nil:
		return &plan.RoutineObject{OID: o.ownFamily.OID, Class: plan.OpFamilyObject, Description: DescribeOpFamily(o.ownFamily)}, ""
	}
	failAt(-1, pgerr.DependentObjectsStillExist, "cannot drop %s %s for access method %s because it is required by the database system",
		noun, o.parts[len(o.parts)-1], o.method.Name)
	return nil, ""
}

// DescribeOpClass is how messages call an operator class.
func DescribeOpClass(c *catalog.OpClass) string {
	return "operator class " + quoteIdent(c.Name) + " for access method " + c.Method
}

// DescribeOpFamily is how messages call an operator family.
func DescribeOpFamily(f *catalog.OpFamily) string {
	return "operator family " + quoteIdent(f.Name) + " for access method " + f.Method
}

// renameOpClass is ALTER OPERATOR CLASS and FAMILY … RENAME TO.
func (b *binder) renameOpClass(stmt parser.Statement, r *parser.RenameStmt) plan.Statement {
	o := b.existingOpClass(r.RenameType, r.Object)
	schema := ""
	if o.ownClass != nil {
		schema = o.ownClass.Schema
	} else {
		schema = o.ownFamily.Schema
	}
	return b.movedOpClass(stmt, o, r.RenameType, schema, r.Newname)
}

// moveOpClass is ALTER OPERATOR CLASS and FAMILY … SET SCHEMA.
func (b *binder) moveOpClass(stmt parser.Statement, s *parser.AlterObjectSchemaStmt) plan.Statement {
	o := b.existingOpClass(s.ObjectType, s.Object)
	if b.env.Catalog.SchemaByName(s.Newschema) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", s.Newschema)
	}
	if o.ownClass != nil {
		if o.ownClass.Schema == s.Newschema {
			return &plan.Nothing{Tag: parser.CommandTag(stmt.Node)}
		}
		return b.movedOpClass(stmt, o, s.ObjectType, s.Newschema, o.ownClass.Name)
	}
	if o.ownFamily.Schema == s.Newschema {
		return &plan.Nothing{Tag: parser.CommandTag(stmt.Node)}
	}
	return b.movedOpClass(stmt, o, s.ObjectType, s.Newschema, o.ownFamily.Name)
}

func (b *binder) movedOpClass(stmt parser.Statement, o opClassObject, kind parser.ObjectType, schema, name string) plan.Statement {
	out := &plan.CreateOpClass{Tag: parser.CommandTag(stmt.Node)}
	taken := false
	if o.ownClass != nil {
		c := *o.ownClass
		c.Schema, c.Name, out.Class = schema, name, &c
		taken = b.opclasses().Named(o.method, []string{schema}, name) != nil
	} else {
		f := *o.ownFamily
		f.Schema, f.Name, out.Family = schema, name, &f
		taken = b.opclasses().FamilyNamed(o.method, []string{schema}, name) != nil
	}
	if taken {
		failAt(-1, pgerr.DuplicateObject, "%s \"%s\" for access method \"%s\" already exists in schema \"%s\"", opClassNouns[kind], name, o.method.Name, schema)
	}
	return out
}

func (b *binder) commentOpClass(c *parser.CommentStmt) (types.OID, int16) {
	o := b.existingOpClass(c.Objtype, c.Object)
	if o.ownClass != nil {
		return o.ownClass.OID, 0
	}
	return o.ownFamily.OID, 0
}
