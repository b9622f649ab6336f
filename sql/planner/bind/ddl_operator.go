package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// define is CREATE AGGREGATE, OPERATOR, COLLATION and TYPE.
func (b *binder) define(stmt parser.Statement, d *parser.DefineStmt) plan.Statement {
	switch d.Kind {
	case parser.ObjectType_OBJECT_AGGREGATE:
		return b.createAggregate(d)
	case parser.ObjectType_OBJECT_OPERATOR:
		return b.createOperator(d)
	case parser.ObjectType_OBJECT_COLLATION:
		return b.createCollation(d)
	case parser.ObjectType_OBJECT_TYPE:
		return b.defineType(d)
	}
	unsupported(-1, "%s", parser.CommandTag(stmt.Node))
	return nil
}

// createOperator is DefineOperator and OperatorCreate. A commutator or negator
// that does not exist yet is linked when it is made.
func (b *binder) createOperator(d *parser.DefineStmt) plan.Statement {
	x := &aggregateBuilder{binder: b, options: map[string]*parser.DefElem{}, f: &catalog.Function{}}
	out := &plan.CreateOperator{Tag: "CREATE OPERATOR"}
	for _, n := range d.Definition {
		o := n.GetDefElem()
		if !slices.Contains(operatorOptions, o.Defname) {
			out.Warnings = append(out.Warnings, "operator attribute \""+o.Defname+"\" not recognized")
			continue
		}
		x.options[o.Defname] = o
	}
	if x.options["function"] == nil {
		x.options["function"] = x.options["procedure"]
	}
	schema, name := b.routineName(d.Defnames)
	op := &catalog.Operator{Schema: schema, Name: name}
	x.operands(op)
	fn := x.operatorFunction(op)
	op.Func, op.Result = fn.OID, fn.Result
	for _, have := range b.routines().Operators(name) {
		if have.Signature() == op.Signature() {
			failAt(-1, pgerr.DuplicateFunction, "operator %s already exists", name)
		}
	}
	x.operatorProperties(op, out)
	out.Operator = op
	return out
}

var operatorOptions = []string{
	"leftarg", "rightarg", "procedure", "function", "commutator", "negator", "restrict", "join", "hashes", "merges",
}

func (x *aggregateBuilder) operands(op *catalog.Operator) {
	if x.options["function"] == nil {
		failAt(-1, pgerr.InvalidFunctionDefinition, "operator function must be specified")
	}
	for option, to := range map[string]*types.OID{"leftarg": &op.Left, "rightarg": &op.Right} {
		d := x.options[option]
		if d == nil {
			continue
		}
		if d.Arg.GetTypeName().GetSetof() {
			failAt(-1, pgerr.InvalidFunctionDefinition, "SETOF type not allowed for operator argument")
		}
		*to = x.optionType(option).OID
	}
	switch {
	case op.Left == 0 && op.Right == 0:
		failAt(-1, pgerr.InvalidFunctionDefinition, "operator argument types must be specified")
	case op.Right == 0:
		fail(pgerr.New(pgerr.InvalidFunctionDefinition, "operator right argument type must be specified").
			WithDetail("Postfix operators are not supported."))
	}
}

// operatorFunction is LookupFuncName: a function of exactly these types.
func (x *aggregateBuilder) operatorFunction(op *catalog.Operator) *funcs.Func {
	args := []types.OID{op.Left, op.Right}
	if op.Left == 0 {
		args = args[1:]
	}
	return x.exactFunction(x.optionName("function"), args)
}

func (b *binder) exactFunction(parts []string, args []types.OID) *funcs.Func {
	f := b.maybeExactFunction(parts, args)
	if f == nil {
		failAt(-1, pgerr.UndefinedFunction, "function %s does not exist", b.signature(dotted(parts), args, ""))
	}
	return f
}

func (b *binder) maybeExactFunction(parts []string, args []types.OID) *funcs.Func {
	schema, name := qualified(parts)
	for _, f := range b.functionsNamed(name) {
		if b.pathPosition(schema, f) >= 0 && slices.Equal(f.Args, args) && f.Kind == funcs.Normal {
			return f
		}
	}
	return nil
}

func (x *aggregateBuilder) operatorProperties(op *catalog.Operator, out *plan.CreateOperator) {
	boolean := op.Result == types.BoolOID
	for _, rule := range []struct {
		option string
		ok     bool
		what   string
	}{
		{"commutator", op.Left != 0, "only binary operators can have commutators"},
		{"join", op.Left != 0, "only binary operators can have join selectivity"},
		{"merges", op.Left != 0, "only binary operators can merge join"},
		{"hashes", op.Left != 0, "only binary operators can hash"},
		{"negator", boolean, "only boolean operators can have negators"},
		{"restrict", boolean, "only boolean operators can have restriction selectivity"},
		{"join", boolean, "only boolean operators can have join selectivity"},
		{"merges", boolean, "only boolean operators can merge join"},
		{"hashes", boolean, "only boolean operators can hash"},
	} {
		if x.options[rule.option] != nil && !rule.ok {
			failAt(-1, pgerr.InvalidFunctionDefinition, "%s", rule.what)
		}
	}
	op.Hashes = x.options["hashes"] != nil && x.defBool(x.options["hashes"])
	op.Merges = x.options["merges"] != nil && x.defBool(x.options["merges"])
	op.Restrict, op.Join = x.estimator("restrict"), x.estimator("join")
	op.Commutator, out.Commutator, out.SelfCommutator = x.related("commutator", op, op.Right, op.Left)
	op.Negator, out.Negator, _ = x.related("negator", op, op.Left, op.Right)
}

// estimator finds a selectivity function by its name, 0 if none is given.
func (x *aggregateBuilder) estimator(option string) types.OID {
	if x.options[option] == nil {
		return 0
	}
	parts := x.optionName(option)
	_, name := qualified(parts)
	for _, f := range known().funcs[name] {
		return f.OID
	}
	failAt(-1, pgerr.UndefinedFunction, "function %s does not exist", dotted(parts))
	return 0
}

// related finds the operator that is the commutator or negator: the oid of a
// built-in one, or one of the database's own, which is to point back.
func (x *aggregateBuilder) related(option string, op *catalog.Operator, left, right types.OID) (oid types.OID, own *catalog.Operator, self bool) {
	if x.options[option] == nil {
		return 0, nil, false
	}
	n := opName{}
	n.schema, n.name = qualified(x.optionName(option))
	if n.name == op.Name && left == op.Left && right == op.Right {
		if option == "negator" {
			failAt(-1, pgerr.InvalidFunctionDefinition, "operator cannot be its own negator")
		}
		return 0, nil, true
	}
	found := operatorOf(x.operatorsNamed(n), left, right)
	if found == nil {
		return 0, nil, false
	}
	if o := x.routines().Operator(found.OID); o != nil {
		c := *o
		own = &c
	}
	return found.OID, own, false
}

// droppedOperator is one object of DROP OPERATOR.
func (b *binder) droppedOperator(d *parser.DropStmt, n *parser.Node) (*plan.RoutineObject, string) {
	found, notice := b.namedOperator(n.GetObjectWithArgs(), d.MissingOk)
	if found == nil {
		return nil, notice
	}
	own := b.routines().Operator(found.OID)
	if own == nil {
		failAt(-1, pgerr.DependentObjectsStillExist, "cannot drop operator %s because it is required by the database system",
			strings.TrimPrefix(b.describeOperator(&catalog.Operator{Name: found.Name, Left: found.Left, Right: found.Right}), "operator "))
	}
	b.dropObject(catalog.ClassOperator, own.OID, own.Schema, "operator", own.Name)
	return &plan.RoutineObject{OID: own.OID, Class: plan.OperatorObject, Description: b.describeOperator(own)}, ""
}

// declaredOperator is an operator of the database's own: 42883, 0A000 for a built-in one.
func (b *binder) declaredOperator(o *parser.ObjectWithArgs) *catalog.Operator {
	found, _ := b.namedOperator(o, false)
	own := b.routines().Operator(found.OID)
	if own == nil {
		unsupported(-1, "changing a built-in operator")
	}
	return own
}

// namedOperator is LookupOperWithArgs: 42883, or the notice with missingOK.
func (b *binder) namedOperator(o *parser.ObjectWithArgs, missingOK bool) (*funcs.Operator, string) {
	name := operatorName(o.Objname)
	if notice := b.missingSchemaNotice(nameParts(o.Objname)); notice != "" && missingOK {
		return nil, notice
	}
	var args [2]types.OID
	for i, a := range o.Objargs {
		if tn := a.GetTypeName(); tn != nil {
			if missingOK && b.maybeTypeName(tn) == nil {
				return nil, b.missingTypeNotice(tn)
			}
			t, _ := b.typeNameType(tn)
			args[i] = t.OID
		}
	}
	if args[1] == 0 {
		fail(pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", b.oidName(args[0])+" "+name.String()))
	}
	found := operatorOf(b.operatorsNamed(name), args[0], args[1])
	switch {
	case found == nil && missingOK:
		return nil, "operator " + name.String() + " does not exist, skipping"
	case found == nil:
		failAt(-1, pgerr.UndefinedFunction, "operator does not exist: %s", b.operatorSignature(name, args[0], args[1]))
	}
	return found, ""
}

// DescribeOperator is how messages call an operator.
func DescribeOperator(env *Env, o *catalog.Operator) string {
	return newBinder(env).describeOperator(o)
}

func (b *binder) describeOperator(o *catalog.Operator) string {
	left := "NONE"
	if o.Left != 0 {
		left = b.oidName(o.Left)
	}
	return "operator " + o.Name + "(" + left + "," + b.oidName(o.Right) + ")"
}

// DescribeCast is how messages call a cast.
func DescribeCast(env *Env, c *catalog.Cast) string { return newBinder(env).describeCast(c) }

func (b *binder) describeCast(c *catalog.Cast) string {
	return "cast from " + b.oidName(c.From) + " to " + b.oidName(c.To)
}
