package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// supportShape is what assignProcTypes asks of a support function.
type supportShape struct {
	args   int
	words  string // of a wrong number of arguments
	result types.OID
	must   string // of a wrong result
}

// supportShapes by access method and number.
var supportShapes = map[string]map[int16]supportShape{
	opclass.BTree: {
		1: {2, "btree comparison functions must have two arguments", types.Int4OID, "btree comparison functions must return integer"},
		2: {1, "btree sort support functions must accept type \"internal\"", types.VoidOID, "btree sort support functions must return void"},
		3: {5, "btree in_range functions must have five arguments", types.BoolOID, "btree in_range functions must return boolean"},
		4: {1, "btree equal image functions must have one argument", types.BoolOID, "btree equal image functions must return boolean"},
	},
	"hash": {
		1: {1, "hash function 1 must have one argument", types.Int4OID, "hash function 1 must return integer"},
		2: {2, "hash function 2 must have two arguments", types.Int8OID, "hash function 2 must return bigint"},
	},
}

// checkSupport is assignProcTypes: the types that a support function is for.
func (x *opclassBuilder) checkSupport(it *parser.CreateOpClassItem, f *funcs.Func) (left, right types.OID) {
	if len(it.ClassArgs) > 0 {
		left, right = x.typesSpec(it.ClassArgs)
	}
	if int16(it.Number) == x.method.Options {
		x.checkOptionsFunction(f, left, right)
	} else if shape, ok := supportShapes[x.method.Name][int16(it.Number)]; ok {
		switch {
		case len(f.Args) != shape.args, shape.result == types.VoidOID && f.Args[0] != types.InternalOID:
			failAt(-1, pgerr.InvalidObjectDefinition, "%s", shape.words)
		case f.Result != shape.result:
			failAt(-1, pgerr.InvalidObjectDefinition, "%s", shape.must)
		}
		left, right = x.argumentTypes(int16(it.Number), f, left, right)
	}
	if x.in != nil {
		left, right = orOID(left, x.in.OID), orOID(right, x.in.OID)
	}
	if left == 0 || right == 0 {
		failAt(-1, pgerr.InvalidObjectDefinition, "associated data types must be specified for index support function")
	}
	if x.method.Name == opclass.BTree && it.Number == 4 && left != right {
		failAt(-1, pgerr.InvalidObjectDefinition, "btree equal image functions must not be cross-type")
	}
	return left, right
}

func orOID(a, b types.OID) types.OID {
	if a != 0 {
		return a
	}
	return b
}

// argumentTypes takes the types of a function's arguments where none are written.
func (x *opclassBuilder) argumentTypes(number int16, f *funcs.Func, left, right types.OID) (types.OID, types.OID) {
	switch {
	case x.method.Name == opclass.BTree && number == 1:
		return orOID(left, f.Args[0]), orOID(right, f.Args[1])
	case x.method.Name == opclass.BTree && number == 3:
		return orOID(left, f.Args[0]), orOID(right, f.Args[2])
	case x.method.Name == "hash":
		return orOID(left, f.Args[0]), orOID(right, f.Args[0])
	}
	return left, right
}

func (x *opclassBuilder) checkOptionsFunction(f *funcs.Func, left, right types.OID) {
	switch {
	case x.in != nil && (left != 0 && left != x.in.OID || right != 0 && right != x.in.OID):
		failAt(-1, pgerr.InvalidObjectDefinition, "associated data types for operator class options parsing functions must match opclass input type")
	case x.in == nil && left != right:
		failAt(-1, pgerr.InvalidObjectDefinition, "left and right associated data types for operator class options parsing functions must match")
	case f.Result != types.VoidOID || len(f.Args) != 1 || f.Args[0] != types.InternalOID:
		fail(pgerr.New(pgerr.InvalidObjectDefinition, "invalid operator class options parsing function").
			WithHint("Valid signature of operator class options parsing function is %s.", "(internal) RETURNS void"))
	}
}

// like is the built-in type whose order (btree) or equality (hash) the members
// are: each is the server's own code of that type's default class, as far as the
// members go that comparing values needs. 0 where one is not.
func (x *opclassBuilder) like() types.OID {
	needed := likeNeeds[x.method.Name]
	if needed == nil {
		return 0
	}
	like := types.OID(0)
	for _, need := range needed {
		m := x.member(need.function, need.number)
		if m == nil {
			return 0
		}
		of := x.codeOf(m, x.method)
		if of == 0 || like != 0 && of != like {
			return 0
		}
		like = of
	}
	return like
}

type neededMember struct {
	function bool
	number   int16
}

// likeNeeds are the members by which values are compared: <, =, > and the comparing
// function; = and the hash function.
var likeNeeds = map[string][]neededMember{
	opclass.BTree: {{true, 1}, {false, 1}, {false, 3}, {false, 5}},
	"hash":        {{true, 1}, {false, 1}},
}

// member is the class's own member over its type.
func (x *opclassBuilder) member(function bool, number int16) *catalog.OpMember {
	for i, m := range x.members {
		if m.Function == function && m.Number == number && m.Left == x.in.OID && m.Right == x.in.OID {
			return &x.members[i]
		}
	}
	return nil
}

// codeOf is the built-in type in whose default class the server's code of m has the
// place that m has; 0 for none.
func (x *opclassBuilder) codeOf(m *catalog.OpMember, method *opclass.Method) types.OID {
	oid := m.Object
	if !m.Function {
		op := x.operatorByOID(oid)
		if op == nil || op.Func == nil {
			return 0
		}
		oid = op.Func.OID
	}
	if own := x.routines().Function(oid); own != nil {
		code := funcs.BySource(own.Source)
		if own.Language != internalLanguage || code == nil {
			return 0
		}
		oid = code.OID
	}
	f := funcs.ByOID(oid)
	if f == nil || len(f.Args) == 0 {
		return 0
	}
	in := types.Builtin().ByOID(f.Args[0])
	if in == nil || in.Kind == 'p' {
		return 0
	}
	class := opclass.Default(method, in)
	if class == nil || class.In != in.OID || !class.Implements(m.Function, m.Number, oid, operatorCode) {
		return 0
	}
	return in.OID
}

// operatorCode is the function of a built-in operator, 0 for none.
func operatorCode(oid types.OID) types.OID {
	if o := funcs.OperatorByOID(oid); o != nil && o.Func != nil {
		return o.Func.OID
	}
	return 0
}

func (b *binder) operatorByOID(oid types.OID) *funcs.Operator {
	if o := funcs.OperatorByOID(oid); o != nil {
		return o
	}
	if o := b.routines().Operator(oid); o != nil {
		return b.userOperator(o)
	}
	return nil
}
