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

// isRoutine are the kinds of object that ALTER treats as functions.
var isRoutine = map[parser.ObjectType]bool{
	parser.ObjectType_OBJECT_FUNCTION: true, parser.ObjectType_OBJECT_PROCEDURE: true,
	parser.ObjectType_OBJECT_ROUTINE: true, parser.ObjectType_OBJECT_AGGREGATE: true,
}

// routineNoun is how messages call what a statement names.
var routineNoun = map[parser.ObjectType]string{
	parser.ObjectType_OBJECT_FUNCTION: "function", parser.ObjectType_OBJECT_PROCEDURE: "procedure",
	parser.ObjectType_OBJECT_ROUTINE: "routine", parser.ObjectType_OBJECT_AGGREGATE: "aggregate",
}

// namedRoutine is LookupFuncWithArgs: the function, procedure or aggregate that
// a statement names, one of the database's own. 42883 if there is none, 42725 if
// the name alone does not say which, 42809 for another kind. With missingOK the
// notice instead.
func (b *binder) namedRoutine(kind parser.ObjectType, o *parser.ObjectWithArgs, missingOK bool) (f *catalog.Function, notice string) {
	parts := nameParts(o.Objname)
	schema, name := qualified(parts)
	if notice := b.missingSchemaNotice(parts); notice != "" {
		if missingOK {
			return nil, notice
		}
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	args, known := b.objectArgs(o.Objargs, missingOK)
	if known != "" {
		return nil, known
	}
	var all []types.OID
	if !explicitModes(o) {
		all, _ = b.objectArgs(objectParameters(o), true)
	}
	found := b.routineMatches(kind, schema, name, o.ArgsUnspecified, args, all)
	switch {
	case len(found) > 1:
		b.ambiguousRoutine(kind, dotted(parts))
	case len(found) == 1:
		b.checkRoutineKind(kind, found[0])
		return found[0], ""
	case b.builtinRoutine(schema, name, o.ArgsUnspecified, args):
		failAt(-1, pgerr.DependentObjectsStillExist, "cannot drop %s because it is required by the database system",
			"function "+b.signature(dotted(parts), args, ""))
	case missingOK:
		return nil, routineNoun[kind] + " " + dotted(parts) + "(" + typeNameTexts(o.Objargs) + ")" + " does not exist, skipping"
	}
	b.noRoutine(kind, dotted(parts), o.ArgsUnspecified, args)
	return nil, ""
}

// explicitModes: a procedure whose parameters are written with modes is looked up by
// its input parameters only, since they say which these are.
func explicitModes(o *parser.ObjectWithArgs) bool {
	return slices.ContainsFunc(o.Objfuncargs, func(n *parser.Node) bool {
		return n.GetFunctionParameter().GetMode() != parser.FunctionParameterMode_FUNC_PARAM_DEFAULT
	})
}

// objectParameters are the types of all parameters that were written.
func objectParameters(o *parser.ObjectWithArgs) []*parser.Node {
	var out []*parser.Node
	for _, n := range o.Objfuncargs {
		out = append(out, &parser.Node{Node: &parser.Node_TypeName{TypeName: n.GetFunctionParameter().GetArgType()}})
	}
	return out
}

// objectArgs resolves argument types; notice tells of a missing one.
func (b *binder) objectArgs(ns []*parser.Node, missingOK bool) (out []types.OID, notice string) {
	for _, n := range ns {
		tn := n.GetTypeName()
		t := b.maybeTypeName(tn)
		switch {
		case t != nil:
			out = append(out, t.OID)
		case missingOK:
			return nil, b.missingTypeNotice(tn)
		default:
			failAt(b.at(tn.Location), pgerr.UndefinedObject, "type \"%s\" does not exist", typeNameText(tn))
		}
	}
	return out, ""
}

// missingSchemaNotice is schema_does_not_exist_skipping: "" where the schema exists.
func (b *binder) missingSchemaNotice(names []string) string {
	schema, _ := qualified(names)
	if schema == "" || b.env.Catalog.SchemaByName(b.schemaName(schema)) != nil {
		return ""
	}
	return "schema \"" + schema + "\" does not exist, skipping"
}

// missingTypeNotice is type_in_list_does_not_exist_skipping.
func (b *binder) missingTypeNotice(tn *parser.TypeName) string {
	if notice := b.missingSchemaNotice(nameParts(tn.Names)); notice != "" {
		return notice
	}
	return "type \"" + typeNameText(tn) + "\" does not exist, skipping"
}

// routineMatches are the functions of the first schema on the path that has
// some.
func (b *binder) routineMatches(kind parser.ObjectType, schema, name string, unspecified bool, args, all []types.OID) []*catalog.Function {
	path := b.functionPath()
	if schema != "" {
		path = []string{b.schemaName(schema)}
	}
	var found []*catalog.Function
	for _, ns := range path {
		for _, f := range b.routines().Named(name) {
			switch {
			case f.Schema != ns:
			case unspecified && !kindMatches(kind, f):
			case unspecified, slices.Equal(f.InputTypes(), args), f.Kind == 'p' && all != nil && slices.Equal(allTypes(f), all):
				found = append(found, f)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

func allTypes(f *catalog.Function) []types.OID {
	var out []types.OID
	for _, p := range f.Params {
		out = append(out, p.Type)
	}
	return out
}

// kindMatches says whether a name without arguments may mean f.
func kindMatches(kind parser.ObjectType, f *catalog.Function) bool {
	switch kind {
	case parser.ObjectType_OBJECT_FUNCTION, parser.ObjectType_OBJECT_AGGREGATE:
		return f.Kind != 'p'
	case parser.ObjectType_OBJECT_PROCEDURE:
		return f.Kind == 'p'
	}
	return true
}

func (b *binder) builtinRoutine(schema, name string, unspecified bool, args []types.OID) bool {
	if schema != "" && schema != "pg_catalog" {
		return false
	}
	for _, f := range known().funcs[name] {
		if unspecified || slices.Equal(f.Args, args) {
			return true
		}
	}
	return false
}

// checkRoutineKind is 42809 for a function of another kind than the statement
// says.
func (b *binder) checkRoutineKind(kind parser.ObjectType, f *catalog.Function) {
	sig := b.signature(f.Name, f.InputTypes(), "")
	switch {
	case kind == parser.ObjectType_OBJECT_FUNCTION && f.Kind == 'p':
		failAt(-1, pgerr.WrongObjectType, "%s is not a function", sig)
	case kind == parser.ObjectType_OBJECT_PROCEDURE && f.Kind != 'p':
		failAt(-1, pgerr.WrongObjectType, "%s is not a procedure", sig)
	case kind == parser.ObjectType_OBJECT_AGGREGATE && f.Kind != 'a':
		failAt(-1, pgerr.WrongObjectType, "function %s is not an aggregate", sig)
	}
}

// signature is func_signature_string of types; none stands for no argument.
func (b *binder) signature(name string, args []types.OID, none string) string {
	parts := make([]string, len(args))
	for i, oid := range args {
		parts[i] = b.oidName(oid)
	}
	if len(args) == 0 {
		parts = []string{none}
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}

func (b *binder) ambiguousRoutine(kind parser.ObjectType, name string) {
	noun := routineNoun[kind]
	fail(pgerr.New(pgerr.AmbiguousFunction, "%s name \"%s\" is not unique", noun, name).
		WithHint("Specify the argument list to select the %s unambiguously.", noun))
}

// typeNameTexts is TypeNameListToString.
func typeNameTexts(ns []*parser.Node) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = typeNameText(n.GetTypeName())
	}
	return strings.Join(parts, ",")
}

func (b *binder) noRoutine(kind parser.ObjectType, name string, unspecified bool, args []types.OID) {
	noun := routineNoun[kind]
	switch {
	case unspecified && kind == parser.ObjectType_OBJECT_AGGREGATE:
		failAt(-1, pgerr.UndefinedFunction, "could not find an aggregate named \"%s\"", name)
	case unspecified && kind == parser.ObjectType_OBJECT_PROCEDURE:
		failAt(-1, pgerr.UndefinedFunction, "could not find a procedure named \"%s\"", name)
	case unspecified:
		failAt(-1, pgerr.UndefinedFunction, "could not find a function named \"%s\"", name)
	case kind == parser.ObjectType_OBJECT_AGGREGATE:
		failAt(-1, pgerr.UndefinedFunction, "aggregate %s does not exist", b.signature(name, args, "*"))
	case kind == parser.ObjectType_OBJECT_PROCEDURE:
		failAt(-1, pgerr.UndefinedFunction, "procedure %s does not exist", b.signature(name, args, ""))
	case kind == parser.ObjectType_OBJECT_ROUTINE:
		noun = "function"
	}
	failAt(-1, pgerr.UndefinedFunction, "%s %s does not exist", noun, b.signature(name, args, ""))
}

// routineDrops resolve one object of DROP.
var routineDrops map[parser.ObjectType]func(b *binder, d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string)

func init() {
	routineDrops = map[parser.ObjectType]func(b *binder, d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string){
		parser.ObjectType_OBJECT_FUNCTION:  (*binder).droppedFunction,
		parser.ObjectType_OBJECT_PROCEDURE: (*binder).droppedFunction,
		parser.ObjectType_OBJECT_ROUTINE:   (*binder).droppedFunction,
		parser.ObjectType_OBJECT_AGGREGATE: (*binder).droppedFunction,
		parser.ObjectType_OBJECT_OPERATOR:  (*binder).droppedOperator,
		parser.ObjectType_OBJECT_CAST:      (*binder).droppedCast,
		parser.ObjectType_OBJECT_COLLATION: (*binder).droppedCollation,
		parser.ObjectType_OBJECT_OPCLASS:   (*binder).droppedOpClass,
		parser.ObjectType_OBJECT_OPFAMILY:  (*binder).droppedOpClass,
	}
}

// dropRoutines is DROP FUNCTION and its kin.
func (b *binder) dropRoutines(d *parser.DropStmt) plan.Statement {
	out := &plan.DropRoutines{Cascade: d.Behavior == parser.DropBehavior_DROP_CASCADE,
		Tag: parser.CommandTag(&parser.Node{Node: &parser.Node_DropStmt{DropStmt: d}})}
	for _, n := range d.Objects {
		o, notice := routineDrops[d.RemoveType](b, d, n)
		if notice != "" {
			out.Missing = append(out.Missing, notice)
			continue
		}
		out.Objects = append(out.Objects, *o)
	}
	return out
}

func (b *binder) droppedFunction(d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string) {
	f, notice := b.namedRoutine(d.RemoveType, n.GetObjectWithArgs(), d.MissingOk)
	if notice != "" {
		return nil, notice
	}
	b.dropObject(catalog.ClassProc, f.OID, f.Schema, calledNouns[f.Kind], f.Name)
	if f.Kind == 'a' && d.RemoveType == parser.ObjectType_OBJECT_FUNCTION {
		fail(pgerr.New(pgerr.WrongObjectType, "\"%s\" is an aggregate function", f.Name).
			WithHint("Use DROP AGGREGATE to drop aggregate functions."))
	}
	if f.Of != 0 {
		failRequired("function "+b.routineSignature(f), "type "+b.oidName(f.Of))
	}
	return &plan.RoutineObject{OID: f.OID, Description: "function " + b.routineSignature(f)}, ""
}

// DescribeFunction is how messages call a function: "function f(integer)".
func DescribeFunction(env *Env, f *catalog.Function) string {
	return "function " + newBinder(env).routineSignature(f)
}

// alterFunction is ALTER FUNCTION with options.
func (b *binder) alterFunction(stmt parser.Statement, a *parser.AlterFunctionStmt) plan.Statement {
	f, _ := b.namedRoutine(a.Objtype, a.Func, false)
	b.ownRoutine(f)
	c := *f
	x := &functionBuilder{binder: b, f: &c, given: map[string]*parser.DefElem{}}
	if c.Kind == 'a' {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is an aggregate function", c.Name)
	}
	for _, n := range a.Actions {
		x.option(n.GetDefElem())
	}
	x.checkLeakproof()
	if x.given["rows"] != nil && !c.ReturnSet {
		failAt(-1, pgerr.InvalidParameterValue, "ROWS is not applicable when function does not return a set")
	}
	return &plan.CreateFunction{Function: &c, Tag: parser.CommandTag(stmt.Node)}
}

// renameRoutine is ALTER FUNCTION … RENAME TO.
func (b *binder) renameRoutine(stmt parser.Statement, r *parser.RenameStmt) plan.Statement {
	f, _ := b.namedRoutine(r.RenameType, r.Object.GetObjectWithArgs(), false)
	b.ownRoutine(f)
	b.mayCreateIn(f.Schema)
	c := *f
	c.Name = r.Newname
	b.checkFree(&c, f.Schema)
	return &plan.CreateFunction{Function: &c, Tag: parser.CommandTag(stmt.Node)}
}

// moveRoutine is ALTER FUNCTION … SET SCHEMA.
func (b *binder) moveRoutine(stmt parser.Statement, s *parser.AlterObjectSchemaStmt) plan.Statement {
	f, _ := b.namedRoutine(s.ObjectType, s.Object.GetObjectWithArgs(), false)
	b.ownRoutine(f)
	b.mayCreateIn(s.Newschema)
	if b.env.Catalog.SchemaByName(s.Newschema) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", s.Newschema)
	}
	checkCreatable(s.Newschema, f.Name)
	c := *f
	if c.Schema = s.Newschema; c.Schema != f.Schema {
		b.checkFree(&c, s.Newschema)
	}
	return &plan.CreateFunction{Function: &c, Tag: parser.CommandTag(stmt.Node)}
}

// checkFree is IsThereFunctionInNamespace: 42723.
func (b *binder) checkFree(f *catalog.Function, schema string) {
	for _, have := range b.routines().Named(f.Name) {
		if have.Signature() == f.Signature() {
			failAt(-1, pgerr.DuplicateFunction, "function %s already exists in schema \"%s\"", b.signature(f.Name, f.InputTypes(), ""), schema)
		}
	}
}
