package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

const (
	operatorHint   = "No operator matches the given name and argument types. You might need to add explicit type casts."
	prefixHint     = "No operator matches the given name and argument type. You might need to add an explicit type cast."
	operatorUnique = "Could not choose a best candidate operator. You might need to add explicit type casts."
)

// opName is the name of an operator as written: OPERATOR(pg_catalog.+) or +.
type opName struct{ schema, name string }

func operatorName(nodes []*parser.Node) opName {
	parts := nameParts(nodes)
	n := opName{name: parts[len(parts)-1]}
	if len(parts) > 1 {
		n.schema = parts[len(parts)-2]
	}
	return n
}

func (n opName) String() string {
	if n.schema != "" {
		return n.schema + "." + n.name
	}
	return n.name
}

// operatorsNamed are the operators of that name in the schema that it names, or
// in the search path; of two for the same operands, the one that comes first
// there.
func (b *binder) operatorsNamed(n opName) []*funcs.Operator {
	var all []*funcs.Operator
	if n.schema == "" || n.schema == "pg_catalog" {
		all = known().ops[n.name]
	}
	users := b.routines().Operators(n.name)
	if len(users) == 0 {
		return all
	}
	all = slices.Clone(all)
	path := b.searchPath()
	if n.schema != "" {
		path = []string{n.schema}
	}
	for at, schema := range path {
		for _, o := range users {
			if o.Schema == schema {
				all = addOperator(all, b.userOperator(o), at < slices.Index(path, "pg_catalog"))
			}
		}
	}
	return all
}

// addOperator adds an operator unless one for the same operands is there, which
// it replaces if it comes first.
func addOperator(all []*funcs.Operator, o *funcs.Operator, first bool) []*funcs.Operator {
	for i, have := range all {
		if have.Left != o.Left || have.Right != o.Right {
			continue
		}
		if first && have.OID < types.FirstNormalOID {
			all[i] = o
		}
		return all
	}
	return append(all, o)
}

// userOperator makes the entry of an operator of the database's own.
func (b *binder) userOperator(o *catalog.Operator) *funcs.Operator {
	out := &funcs.Operator{OID: o.OID, Name: o.Name, Left: o.Left, Right: o.Right, Result: o.Result, Func: b.function(o.Func),
		Commutator: o.Commutator, Negator: o.Negator, Doc: o.Comment}
	if same := b.builtinTwin(out); same != nil {
		out.Twin = same.OID
		out.Hashes = o.Hashes && same.Hashes && b.comparable(o.Left) && b.comparable(o.Right)
	}
	return out
}

// builtinTwin is the built-in operator of the same name whose code a user's operator
// has, over types with the same values; nil if it is something else. Only then does
// the planner know what it does.
func (b *binder) builtinTwin(o *funcs.Operator) *funcs.Operator {
	own := b.routines().Function(funcOID(o.Func))
	if own == nil || own.Language != internalLanguage {
		return nil
	}
	code := funcs.BySource(own.Source)
	if code == nil || len(code.Args) != 2 || !b.sameForms(o.Func, code) {
		return nil
	}
	same := funcs.FindOperator(o.Name, code.Args[0], code.Args[1])
	if same == nil || same.Func == nil || same.Func.OID != code.OID || !b.typ(o.Left).LooksLike(same.Left) || !b.typ(o.Right).LooksLike(same.Right) {
		return nil
	}
	return same
}

func funcOID(f *funcs.Func) types.OID {
	if f == nil {
		return 0
	}
	return f.OID
}

// comparable says whether a type's default operator classes compare as its values do
// here.
func (b *binder) comparable(oid types.OID) bool {
	t := b.typ(oid)
	return t.Compare != nil && t.Hash != nil
}

// operator is oper() and left_oper(): left is 0 for a prefix operator. 42883,
// 42725.
func (b *binder) operator(n opName, left, right types.OID, pos int) *funcs.Operator {
	b.checkSchema(n.schema, pos)
	op, ambiguous := b.findOperator(n, left, right)
	if op != nil && op.Func != nil && implemented(op.Func) {
		b.uses(op.Func)
		return op
	}
	sig := b.operatorSignature(n, left, right)
	if ambiguous {
		fail(pgerr.New(pgerr.AmbiguousFunction, "operator is not unique: %s", sig).WithHint(operatorUnique).AtByte(pos))
	}
	hint := operatorHint
	if left == 0 {
		hint = prefixHint
	}
	fail(pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", sig).WithHint("%s", hint).AtByte(pos))
	return nil
}

// findOperator returns nil where there is none, or no best one.
func (b *binder) findOperator(n opName, left, right types.OID) (op *funcs.Operator, ambiguous bool) {
	all := b.operatorsNamed(n)
	if op := b.exactOperator(all, left, right); op != nil {
		return op, false
	}
	inputs := []types.OID{left, right}
	if left == 0 {
		inputs = inputs[1:]
	}
	var cs []candidate[*funcs.Operator]
	for _, o := range all {
		if (o.Left == 0) == (left == 0) {
			cs = append(cs, candidate[*funcs.Operator]{o, operands(o)})
		}
	}
	if cs = matching(b, inputs, cs); len(cs) == 0 {
		return nil, false
	}
	if len(cs) == 1 {
		return cs[0].of, false
	}
	if best := choose(b, inputs, cs); best != nil {
		return best.of, false
	}
	return nil, true
}

func operands(o *funcs.Operator) []types.OID {
	if o.Left == 0 {
		return []types.OID{o.Right}
	}
	return []types.OID{o.Left, o.Right}
}

// exactOperator is binary_oper_exact: an untyped operand is taken to be of the
// other's type.
func (b *binder) exactOperator(all []*funcs.Operator, left, right types.OID) *funcs.Operator {
	unknown := false
	if left != 0 {
		switch {
		case left == types.UnknownOID && right != types.UnknownOID:
			left, unknown = right, true
		case right == types.UnknownOID && left != types.UnknownOID:
			right, unknown = left, true
		}
	}
	if o := operatorOf(all, left, right); o != nil || !unknown {
		return o
	}
	if base := b.baseType(left); base != left {
		return operatorOf(all, base, base)
	}
	return nil
}

func operatorOf(all []*funcs.Operator, left, right types.OID) *funcs.Operator {
	for _, o := range all {
		if o.Left == left && o.Right == right {
			return o
		}
	}
	return nil
}

func (b *binder) operatorSignature(n opName, left, right types.OID) string {
	s := n.String() + " " + b.oidName(right)
	if left != 0 {
		s = b.oidName(left) + " " + s
	}
	return s
}

// makeOp is make_op: left is nil for a prefix operator.
func (b *binder) makeOp(n opName, left, right plan.Expr, pos int) *plan.Call {
	var leftOID types.OID
	args := []plan.Expr{right}
	if left != nil {
		leftOID = left.Type().OID
		args = []plan.Expr{left, right}
	}
	op := b.operator(n, leftOID, right.Type().OID, pos)
	return b.opCall(op, args, pos)
}

// opCall coerces the operands and makes the call.
func (b *binder) opCall(op *funcs.Operator, args []plan.Expr, pos int) *plan.Call {
	declared := operands(op)
	result := b.genericTypes(typesOf(args), declared, op.Func.Result)
	return &plan.Call{
		Meta: plan.M(b.typ(result), pos), Func: op.Func, Op: op, Display: plan.DisplayOperator,
		Args: b.coerceArgs(args, declared, pos),
	}
}

func typesOf(es []plan.Expr) []types.OID {
	out := make([]types.OID, len(es))
	for i, e := range es {
		out[i] = e.Type().OID
	}
	return out
}

// coerceArgs is make_fn_arguments.
func (b *binder) coerceArgs(args []plan.Expr, declared []types.OID, pos int) []plan.Expr {
	out := make([]plan.Expr, len(args))
	for i, e := range args {
		out[i] = b.coerceArg(e, declared[i], -1)
	}
	return out
}

// eqOperator is the default equality of a type, for DISTINCT, grouping and set
// operations: nil if it has none (json, point).
func (b *binder) eqOperator(t *types.Type) *funcs.Operator {
	op, _ := b.findOperator(opName{name: "="}, t.OID, t.OID)
	if op == nil || op.Result != types.BoolOID || t.Compare == nil && !t.IsArray() {
		return nil
	}
	return op
}

// makeArrayOp is make_scalar_array_op: left op ANY/ALL (array).
func (b *binder) makeArrayOp(n opName, left, array plan.Expr, all bool, pos int) plan.Expr {
	arrayOID := array.Type().OID
	elem := types.UnknownOID
	if arrayOID != types.UnknownOID {
		if elem = b.elemOf(b.baseType(arrayOID)); elem == 0 {
			elem = b.vectorElem(arrayOID)
		}
		if elem == 0 {
			failAt(pos, pgerr.WrongObjectType, "op ANY/ALL (array) requires array on right side")
		}
	}
	op := b.operator(n, left.Type().OID, elem, pos)
	if op.Result != types.BoolOID {
		failAt(pos, pgerr.WrongObjectType, "op ANY/ALL (array) requires operator to yield boolean")
	}
	if op.Func.ReturnSet {
		failAt(pos, pgerr.WrongObjectType, "op ANY/ALL (array) requires operator not to return a set")
	}
	declared := operands(op)
	b.genericTypes([]types.OID{left.Type().OID, elem}, declared, op.Result)
	want := b.arrayTarget(declared[1], arrayOID, pos)
	return &plan.ArrayOp{
		Meta: plan.M(b.typ(types.BoolOID), pos), Func: op.Func, Op: op, All: all,
		Left: b.coerceArg(left, declared[0], -1), Array: b.coerceArg(array, want, -1),
	}
}

// arrayTarget is the array type that the right side is coerced to.
func (b *binder) arrayTarget(elem, actual types.OID, pos int) types.OID {
	if isPolymorphic(elem) {
		return actual
	}
	a := b.arrayOf(elem)
	if a == 0 {
		failAt(pos, pgerr.UndefinedObject, "could not find array type for data type %s", b.oidName(elem))
	}
	return a
}

// isVector says whether a type is oidvector or int2vector, which are arrays in
// storage only: PostgreSQL makes arrays of them.
func isVector(oid types.OID) bool { return oid == types.OidVectorOID || oid == types.Int2VectorOID }

// vectorElem is the element type of oidvector and int2vector, which count as
// arrays here.
func (b *binder) vectorElem(oid types.OID) types.OID {
	switch oid {
	case types.OidVectorOID:
		return types.OidOID
	case types.Int2VectorOID:
		return types.Int2OID
	}
	return 0
}
