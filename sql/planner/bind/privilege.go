package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// Privileges are asked for here and nowhere else: for each relation that a
// statement names, when it is bound (ExecCheckRTPerms). Views are read with the
// rights of their owner, who has all.

// restricted is the role whose privileges count; nil where all is allowed: to a
// superuser, to a client whose name is no role, within a view, and to the server.
func (b *binder) restricted() *catalog.Role {
	if b.asOwner || b.env.User == "" {
		return nil
	}
	role := catalog.RoleByName(b.env.Catalog, b.env.User)
	if role == nil || role.Superuser {
		return nil
	}
	return role
}

// require is 42501 where the current role lacks a privilege on a relation.
func (b *binder) require(rel *catalog.Relation, needed catalog.Privilege) {
	role := b.restricted()
	if role == nil || rel == nil || rel.Virtual {
		return
	}
	if have, _ := catalog.Rights(b.env.Catalog, role, rel); needed&^have != 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", relationNoun(rel), rel.Name)
	}
}

// relationNoun is get_relkind_objtype's word.
func relationNoun(rel *catalog.Relation) string {
	if noun := relationNouns[rel.Kind]; noun != "" {
		return noun
	}
	return "table"
}

var relationNouns = map[catalog.RelKind]string{
	catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.Sequence: "sequence",
}

// requireOwner is 42501 for a role that changes what it does not own: everything is
// the bootstrap superuser's.
func (b *binder) requireOwner(rel *catalog.Relation) {
	role := b.restricted()
	if role == nil {
		return
	}
	for _, oid := range catalog.RolesOf(b.env.Catalog, role, true) {
		if oid == rel.Owner {
			return
		}
	}
	failAt(-1, pgerr.InsufficientPrivilege, "must be owner of %s %s", relationNoun(rel), rel.Name)
}

// mayDefine is 42501 for a definition by a role that is no superuser, but for what is
// checked where it is bound.
func (b *binder) mayDefine(stmt plan.Statement) {
	if b.restricted() == nil {
		return
	}
	switch d := stmt.(type) {
	case *plan.Truncate, *plan.PutRole, *plan.DropRoles, *plan.Grant, *plan.GrantRoles:
		return
	case *plan.CreateTable:
		b.deniedSchema(d.Def.Schema)
	case *plan.CreateView:
		b.deniedSchema(d.Def.Schema)
	case *plan.CreateSequence:
		b.deniedSchema(d.Def.Schema)
	case *plan.CreateType:
		b.deniedSchema(d.Def.Schema)
	case *plan.CreateSchema:
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for database %s", b.env.Database)
	}
	failAt(-1, pgerr.InsufficientPrivilege, "permission denied: a role that is no superuser can change no definitions here")
}

func (b *binder) deniedSchema(schema string) {
	failAt(-1, pgerr.InsufficientPrivilege, "permission denied for schema %s", schema)
}

// requireRead asks for SELECT on the target of a statement that names columns in
// expressions, or returns rows. Columns of other tables count too: the statement is
// then refused where PostgreSQL would not.
func (b *binder) requireRead(target *catalog.Relation, n *parser.Node, returns bool) {
	if b.restricted() == nil {
		return
	}
	reads := returns
	parser.Walk(n, func(n *parser.Node) bool {
		if ref := n.GetColumnRef(); ref != nil {
			names := nameParts(ref.Fields)
			reads = reads || len(names) < 2 || names[0] != "excluded"
		}
		return !reads
	})
	if reads {
		b.require(target, catalog.ACLSelect)
	}
}

// requireInsert is what INSERT needs beside INSERT itself.
func (b *binder) requireInsert(target *catalog.Relation, ins *parser.InsertStmt) {
	if len(ins.ReturningList) > 0 {
		b.require(target, catalog.ACLSelect)
	}
	oc := ins.OnConflictClause
	if oc == nil {
		return
	}
	if oc.Infer != nil {
		b.require(target, catalog.ACLSelect)
	}
	if oc.Action == parser.OnConflictAction_ONCONFLICT_UPDATE {
		b.require(target, catalog.ACLUpdate)
		b.requireRead(target, &parser.Node{Node: &parser.Node_OnConflictClause{OnConflictClause: oc}}, false)
	}
}

// requireMerge: MERGE joins with its target.
func (b *binder) requireMerge(target *catalog.Relation, m *parser.MergeStmt) {
	b.require(target, catalog.ACLSelect)
	for _, n := range m.MergeWhenClauses {
		switch n.GetMergeWhenClause().CommandType {
		case parser.CmdType_CMD_INSERT:
			b.require(target, catalog.ACLInsert)
		case parser.CmdType_CMD_UPDATE:
			b.require(target, catalog.ACLUpdate)
		case parser.CmdType_CMD_DELETE:
			b.require(target, catalog.ACLDelete)
		}
	}
}

// targetPrivileges are what the statements need on their target.
var targetPrivileges = map[writeVerb]catalog.Privilege{
	inserting: catalog.ACLInsert, updating: catalog.ACLUpdate, deleting: catalog.ACLDelete,
}
