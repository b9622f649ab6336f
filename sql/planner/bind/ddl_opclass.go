package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The items of CREATE OPERATOR CLASS (gram.y's OPCLASS_ITEM_…).
const (
	opclassOperator = 1
	opclassFunction = 2
	opclassStorage  = 3
)

// opclasses are the operator classes of the database.
func (b *binder) opclasses() opclass.Set { return opclass.Of(b.env.Catalog) }

// accessMethod is get_index_am_oid: 42704.
func (b *binder) accessMethod(name string) *opclass.Method {
	m := opclass.FindMethod(name)
	if m == nil {
		failAt(-1, pgerr.UndefinedObject, "access method \"%s\" does not exist", name)
	}
	return m
}

// pathOf are the schemas where a name is looked for: the one that it says, or the
// search path.
func (b *binder) pathOf(schema string) []string {
	if schema == "" {
		return b.searchPath()
	}
	b.checkSchema(schema, -1)
	return []string{schema}
}

// findOpClass is OpClassCacheLookup, nil if there is none.
func (b *binder) findOpClass(m *opclass.Method, parts []string) *opclass.Class {
	schema, name := qualified(parts)
	return b.opclasses().Named(m, b.pathOf(schema), name)
}

// operatorClass finds a class of a method by its name: 42704.
func (b *binder) operatorClass(m *opclass.Method, parts []string) *opclass.Class {
	class := b.findOpClass(m, parts)
	if class == nil {
		failAt(-1, pgerr.UndefinedObject, "operator class \"%s\" does not exist for access method \"%s\"", dotted(parts), m.Name)
	}
	return class
}

func (b *binder) findOpFamily(m *opclass.Method, parts []string) *opclass.Family {
	schema, name := qualified(parts)
	return b.opclasses().FamilyNamed(m, b.pathOf(schema), name)
}

// opFamily is OpFamilyCacheLookup: 42704.
func (b *binder) opFamily(m *opclass.Method, parts []string) *opclass.Family {
	f := b.findOpFamily(m, parts)
	if f == nil {
		failAt(-1, pgerr.UndefinedObject, "operator family \"%s\" does not exist for access method \"%s\"", dotted(parts), m.Name)
	}
	return f
}

// opclassBuilder is a CREATE OPERATOR CLASS or an ALTER OPERATOR FAMILY … ADD being
// bound.
type opclassBuilder struct {
	*binder
	method *opclass.Method
	// in is the class's type, nil for a family.
	in      *types.Type
	members []catalog.OpMember
	key     types.OID
}

// createOpClass is DefineOpClass.
func (b *binder) createOpClass(c *parser.CreateOpClassStmt) plan.Statement {
	schema, name := b.routineName(c.Opclassname)
	x := &opclassBuilder{binder: b, method: b.accessMethod(c.Amname)}
	b.superuserOnly(true, "create an operator class")
	c.Datatype.Location = -1 // DefineOpClass has no ParseState
	x.in, _ = b.typeNameType(c.Datatype)
	out := &plan.CreateOpClass{Tag: "CREATE OPERATOR CLASS", Class: &catalog.OpClass{Schema: schema, Name: name, Method: x.method.Name,
		In: x.in.OID, Default: c.IsDefault}}
	x.family(out, nameParts(c.Opfamilyname))
	for _, n := range c.Items {
		x.item(n.GetCreateOpClassItem())
	}
	if out.Class.Key = x.key; x.key == x.in.OID {
		out.Class.Key = 0
	}
	if b.opclasses().Named(x.method, []string{schema}, name) != nil {
		failAt(-1, pgerr.DuplicateObject, "operator class \"%s\" for access method \"%s\" already exists", name, x.method.Name)
	}
	if c.IsDefault {
		x.checkOnlyDefault(c, name)
	}
	out.Members, out.Class.Like = x.members, x.like()
	x.checkFree(out.Class.Family)
	return out
}

// family is the one that is named, one with the class's name, or a new one.
func (x *opclassBuilder) family(out *plan.CreateOpClass, parts []string) {
	if len(parts) > 0 {
		out.Class.Family = x.opFamily(x.method, parts).OID
		return
	}
	c := out.Class
	if f := x.opclasses().FamilyNamed(x.method, []string{c.Schema}, c.Name); f != nil {
		c.Family = f.OID
		return
	}
	out.Family = &catalog.OpFamily{Schema: c.Schema, Name: c.Name, Method: c.Method}
}

func (x *opclassBuilder) checkOnlyDefault(c *parser.CreateOpClassStmt, name string) {
	have := x.opclasses().Default(x.method, x.in)
	if have == nil || have.In != x.in.OID {
		return
	}
	fail(pgerr.New(pgerr.DuplicateObject, "could not make operator class \"%s\" be default for type %s", name, typeNameText(c.Datatype)).
		WithDetail("Operator class \"%s\" already is the default.", have.Name))
}

func (x *opclassBuilder) item(it *parser.CreateOpClassItem) {
	switch it.Itemtype {
	case opclassOperator:
		x.add(x.operatorItem(it), "operator")
	case opclassFunction:
		x.add(x.functionItem(it), "function")
	case opclassStorage:
		x.storage(it)
	}
}

// storage is STORAGE type, which only some methods have.
func (x *opclassBuilder) storage(it *parser.CreateOpClassItem) {
	if x.in == nil {
		failAt(-1, pgerr.SyntaxError, "STORAGE cannot be specified in ALTER OPERATOR FAMILY")
	}
	if x.key != 0 {
		failAt(-1, pgerr.InvalidObjectDefinition, "storage type specified more than once")
	}
	t, _ := x.typeNameType(it.Storedtype)
	if x.key = t.OID; x.key != x.in.OID && !x.method.Storage {
		failAt(-1, pgerr.InvalidObjectDefinition, "storage type cannot be different from data type for access method \"%s\"", x.method.Name)
	}
}

// add is addFamilyMember.
func (x *opclassBuilder) add(m catalog.OpMember, what string) {
	if slices.ContainsFunc(x.members, func(have catalog.OpMember) bool { return have.Signature() == m.Signature() }) {
		failAt(-1, pgerr.InvalidObjectDefinition, "%s number %d for (%s,%s) appears more than once", what, m.Number, x.oidName(m.Left), x.oidName(m.Right))
	}
	x.members = append(x.members, m)
}

// operatorItem is OPERATOR number name (types) FOR ….
func (x *opclassBuilder) operatorItem(it *parser.CreateOpClassItem) catalog.OpMember {
	if it.Number <= 0 || it.Number > int32(x.method.Strategies) {
		failAt(-1, pgerr.InvalidObjectDefinition, "invalid operator number %d, must be between 1 and %d", it.Number, x.method.Strategies)
	}
	m := catalog.OpMember{Number: int16(it.Number)}
	name := operatorName(it.Name.Objname)
	var args [2]types.OID
	switch {
	case len(it.Name.Objargs) > 0:
		found, _ := x.namedOperator(it.Name, false)
		args = [2]types.OID{found.Left, found.Right}
	case x.in == nil:
		failAt(-1, pgerr.SyntaxError, "operator argument types must be specified in ALTER OPERATOR FAMILY")
	default:
		args = [2]types.OID{x.in.OID, x.in.OID}
	}
	op := operatorOf(x.operatorsNamed(name), args[0], args[1])
	if op == nil {
		failAt(-1, pgerr.UndefinedFunction, "operator does not exist: %s", x.operatorSignature(name, args[0], args[1]))
	}
	if len(it.OrderFamily) > 0 {
		m.SortFamily = x.opFamily(opclass.FindMethod(opclass.BTree), nameParts(it.OrderFamily)).OID
	}
	m.Object = op.OID
	m.Left, m.Right = x.memberTypes(it, op.Left, op.Right)
	switch { // assignOperTypes
	case op.Left == 0:
		failAt(-1, pgerr.InvalidObjectDefinition, "index operators must be binary")
	case m.SortFamily != 0 && !x.method.OrderBy:
		failAt(-1, pgerr.InvalidObjectDefinition, "access method \"%s\" does not support ordering operators", x.method.Name)
	case m.SortFamily == 0 && op.Result != types.BoolOID:
		failAt(-1, pgerr.InvalidObjectDefinition, "index search operators must return boolean")
	}
	return m
}

// memberTypes are the types that an item is for: processTypesSpec.
func (x *opclassBuilder) memberTypes(it *parser.CreateOpClassItem, left, right types.OID) (types.OID, types.OID) {
	if len(it.ClassArgs) == 0 {
		return left, right
	}
	return x.typesSpec(it.ClassArgs)
}

func (b *binder) typesSpec(ns []*parser.Node) (left, right types.OID) {
	if len(ns) > 2 {
		failAt(-1, pgerr.SyntaxError, "one or two argument types must be specified")
	}
	l, _ := b.typeNameType(ns[0].GetTypeName())
	r, _ := b.typeNameType(ns[len(ns)-1].GetTypeName())
	return l.OID, r.OID
}

// functionItem is FUNCTION number (types) name (args).
func (x *opclassBuilder) functionItem(it *parser.CreateOpClassItem) catalog.OpMember {
	if it.Number <= 0 || it.Number > int32(x.method.Supports) {
		failAt(-1, pgerr.InvalidObjectDefinition, "invalid function number %d, must be between 1 and %d", it.Number, x.method.Supports)
	}
	args, _ := x.objectArgs(it.Name.Objargs, false)
	f := x.exactFunction(nameParts(it.Name.Objname), args)
	m := catalog.OpMember{Function: true, Number: int16(it.Number), Object: f.OID}
	m.Left, m.Right = x.checkSupport(it, f)
	return m
}

// createOpFamily is DefineOpFamily.
func (b *binder) createOpFamily(c *parser.CreateOpFamilyStmt) plan.Statement {
	schema, name := b.routineName(c.Opfamilyname)
	m := b.accessMethod(c.Amname)
	b.superuserOnly(true, "create an operator family")
	if b.opclasses().FamilyNamed(m, []string{schema}, name) != nil {
		failAt(-1, pgerr.DuplicateObject, "operator family \"%s\" for access method \"%s\" already exists", name, m.Name)
	}
	return &plan.CreateOpClass{Tag: "CREATE OPERATOR FAMILY", Family: &catalog.OpFamily{Schema: schema, Name: name, Method: m.Name}}
}

// alterOpFamily is AlterOpFamily.
func (b *binder) alterOpFamily(a *parser.AlterOpFamilyStmt) plan.Statement {
	m := b.accessMethod(a.Amname)
	parts := nameParts(a.Opfamilyname)
	f := b.opFamily(m, parts)
	b.superuserOnly(true, "alter an operator family")
	out := &plan.AlterOpFamily{Family: f.OID}
	if a.IsDrop {
		for _, n := range a.Items {
			out.Drop = append(out.Drop, b.droppedMember(f, n.GetCreateOpClassItem(), parts))
		}
		return out
	}
	x := &opclassBuilder{binder: b, method: m}
	for _, n := range a.Items {
		x.item(n.GetCreateOpClassItem())
	}
	x.checkFree(f.OID)
	out.Add = x.members
	return out
}

// checkFree is 42710 for members that a family has already.
func (x *opclassBuilder) checkFree(family types.OID) {
	for _, m := range x.members {
		if family != 0 && x.hasMember(family, m) {
			failAt(-1, pgerr.DuplicateObject, "%s %d(%s,%s) already exists in operator family \"%s\"", memberNoun(m.Function), m.Number,
				x.oidName(m.Left), x.oidName(m.Right), x.opclasses().Family(family).Name)
		}
	}
}

func (x *opclassBuilder) hasMember(family types.OID, m catalog.OpMember) bool {
	return x.opclasses().Own().Member(family, m.Function, m.Left, m.Right, m.Number) != nil ||
		opclass.BuiltinMember(family, m.Function, m.Left, m.Right, m.Number) != 0
}

func memberNoun(function bool) string {
	if function {
		return "function"
	}
	return "operator"
}

// droppedMember is one item of ALTER OPERATOR FAMILY … DROP: 42704.
func (b *binder) droppedMember(f *opclass.Family, it *parser.CreateOpClassItem, parts []string) types.OID {
	limit, what := int32(f.Method.Strategies), "operator"
	if it.Itemtype == opclassFunction {
		limit, what = int32(f.Method.Supports), "function"
	}
	if it.Number <= 0 || it.Number > limit {
		failAt(-1, pgerr.InvalidObjectDefinition, "invalid %s number %d, must be between 1 and %d", what, it.Number, limit)
	}
	left, right := b.typesSpec(it.ClassArgs)
	m := b.opclasses().Own().Member(f.OID, it.Itemtype == opclassFunction, left, right, int16(it.Number))
	switch {
	case m == nil && opclass.BuiltinMember(f.OID, it.Itemtype == opclassFunction, left, right, int16(it.Number)) != 0:
		unsupported(-1, "dropping members of a built-in operator family")
	case m == nil:
		failAt(-1, pgerr.UndefinedObject, "%s %d(%s,%s) does not exist in operator family \"%s\"", what, it.Number,
			b.oidName(left), b.oidName(right), dotted(parts))
	}
	return m.OID
}
