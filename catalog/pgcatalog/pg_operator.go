package pgcatalog

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	pgdata "github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgOperator) }

var pgOperator = virtual.Rel[operator]{
	Of:   "pg_operator",
	Size: virtual.Size{Fixed: 800},
	Rows: eachOperator,
	Columns: virtual.Columns[operator]{
		"oid":          func(o operator) any { return o.OID },
		"oprname":      func(o operator) any { return o.Name },
		"oprnamespace": func(o operator) any { return o.namespace },
		"oprowner":     func(o operator) any { return o.owner },
		"oprkind":      func(o operator) any { return operatorKind(o.Operator) },
		"oprcanmerge":  func(o operator) any { return o.Merges },
		"oprcanhash":   func(o operator) any { return o.Hashes },
		"oprleft":      func(o operator) any { return o.Left },
		"oprright":     func(o operator) any { return o.Right },
		"oprresult":    func(o operator) any { return o.Result },
		"oprcom":       func(o operator) any { return o.Commutator },
		"oprnegate":    func(o operator) any { return o.Negator },
		"oprcode":      func(o operator) any { return o.Func.OID },
		"oprrest":      func(o operator) any { return o.restrict },
		"oprjoin":      func(o operator) any { return o.join },
	},
	Lookups: []virtual.Lookup[operator]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(operator)) {
			if o, ok := operatorByOID(v, keys[0].(types.OID)); ok {
				yield(o)
			}
		}},
		{By: []string{"oprname"}, Each: 12, Find: func(v View, keys []any, yield func(operator)) {
			for _, o := range funcs.OperatorsByName(keys[0].(string)) {
				yield(builtinOperator(o))
			}
			for _, o := range v.Catalog().Routines().Operators(keys[0].(string)) {
				yield(userOperator(v, o))
			}
		}},
	},
}

// operator is a row of pg_operator.
type operator struct {
	*funcs.Operator
	namespace      types.OID
	owner          types.OID
	restrict, join types.OID
}

func eachOperator(v View, yield func(operator)) {
	for _, o := range funcs.Operators() {
		yield(builtinOperator(o))
	}
	for _, o := range v.Catalog().Routines().AllOperators() {
		yield(userOperator(v, o))
	}
}

// estimators are the selectivity functions of PostgreSQL's operators (oprrest and
// oprjoin), by the operator's oid.
var estimators = sync.OnceValue(func() map[types.OID][2]types.OID {
	m := map[types.OID][2]types.OID{}
	for _, o := range pgdata.Operators() {
		m[o.OID] = [2]types.OID{o.Restrict, o.Join}
	}
	return m
})

func builtinOperator(o *funcs.Operator) operator {
	e := estimators()[o.OID]
	return operator{Operator: o, namespace: catalog.PgCatalogOID, owner: catalog.BootstrapSuperuser, restrict: e[0], join: e[1]}
}

// operatorByOID returns the operator with that oid.
func operatorByOID(v View, oid types.OID) (operator, bool) {
	if o := funcs.OperatorByOID(oid); o != nil {
		return builtinOperator(o), true
	}
	if o := v.Catalog().Routines().Operator(oid); o != nil {
		return userOperator(v, o), true
	}
	return operator{}, false
}

// userOperator is the row of an operator that the database defines.
func userOperator(v View, o *catalog.Operator) operator {
	owner := v.Catalog().Access(catalog.Object{Class: catalog.ClassOperator, OID: o.OID}).Owner
	return operator{namespace: namespaceOID(v, o.Schema), owner: owner, restrict: o.Restrict, join: o.Join, Operator: &funcs.Operator{
		OID: o.OID, Name: o.Name, Left: o.Left, Right: o.Right, Result: o.Result, Commutator: o.Commutator, Negator: o.Negator,
		Hashes: o.Hashes, Merges: o.Merges, Doc: o.Comment, Func: &funcs.Func{OID: o.Func},
	}}
}

// operatorKind is b for infix, l for prefix operators.
func operatorKind(o *funcs.Operator) string {
	if o.Left == 0 {
		return "l"
	}
	return "b"
}
