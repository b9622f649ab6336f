package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What the catalog keeps as text means the same whatever the search path is of who uses
// it: while it is bound, the names in its tree are qualified (freezing). What is built in
// is found in any path but one that hides it, and keeps its name.

// frozen binds a copy of an expression, in which names are qualified.
func (b *binder) frozen(n *parser.Node, bind func(n *parser.Node) plan.Expr) (*parser.Node, plan.Expr) {
	saved := b.freezing
	defer func() { b.freezing = saved }()
	b.freezing = true
	n = parser.Clone(n)
	e := bind(n)
	return n, e
}

// ownObject says that an object is the database's own, and outlives the session.
func ownObject(oid types.OID) bool { return oid >= types.FirstNormalOID && !catalog.IsTemporary(oid) }

func qualifiedName(schema, name string) []*parser.Node {
	return []*parser.Node{stringNode(schema), stringNode(name)}
}

// freezeOperator qualifies the name of an operator of the database's own.
func (b *binder) freezeOperator(n *parser.A_Expr, name opName, call *plan.Call) *plan.Call {
	if !b.freezing || name.schema != "" {
		return call
	}
	for _, o := range b.env.Catalog.Routines().AllOperators() {
		if o.Name == name.name && o.Func == call.Func.OID {
			n.Name = qualifiedName(o.Schema, o.Name)
		}
	}
	return call
}
