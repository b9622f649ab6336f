package bind

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

func itoa(n int) string { return strconv.Itoa(n) }

// utility binds a definition statement.
func (b *binder) utility(stmt parser.Statement) plan.Statement {
	out := b.definition(stmt)
	b.mayDefine(out)
	if alter, ok := out.(*plan.AlterTable); ok && stmt.Extension == parser.NoExtension {
		if tag := parser.CommandTag(stmt.Node); tag != "ALTER TABLE" {
			alter.Tag = tag
		}
	}
	return out
}

// definition dispatches over the definition statements.
func (b *binder) definition(stmt parser.Statement) plan.Statement {
	switch v := stmt.Node.GetNode().(type) {
	case *parser.Node_CreateStmt:
		return b.createTable(stmt, v.CreateStmt)
	case *parser.Node_CreateTableAsStmt:
		return b.createTableAs(v.CreateTableAsStmt)
	case *parser.Node_RefreshMatViewStmt:
		return b.refresh(v.RefreshMatViewStmt)
	case *parser.Node_AlterTableStmt:
		return b.alterTable(stmt, v.AlterTableStmt)
	case *parser.Node_RenameStmt:
		return b.rename(stmt, v.RenameStmt)
	case *parser.Node_AlterObjectSchemaStmt:
		return b.setSchema(stmt, v.AlterObjectSchemaStmt)
	case *parser.Node_CreatePolicyStmt:
		return b.createPolicy(v.CreatePolicyStmt)
	case *parser.Node_AlterPolicyStmt:
		return b.alterPolicy(v.AlterPolicyStmt)
	case *parser.Node_RuleStmt:
		return b.createRule(v.RuleStmt)
	case *parser.Node_AlterOwnerStmt:
		return b.alterOwner(stmt, v.AlterOwnerStmt)
	case *parser.Node_DropStmt:
		return b.drop(v.DropStmt)
	case *parser.Node_DropdbStmt:
		return b.dropDatabase(v.DropdbStmt)
	case *parser.Node_DropTableSpaceStmt:
		return b.dropTablespace(v.DropTableSpaceStmt)
	case *parser.Node_DropSubscriptionStmt:
		return b.dropSubscription(v.DropSubscriptionStmt)
	case *parser.Node_TruncateStmt:
		return b.truncate(v.TruncateStmt)
	case *parser.Node_IndexStmt:
		return b.createIndex(v.IndexStmt)
	case *parser.Node_ViewStmt:
		return b.createView(v.ViewStmt)
	case *parser.Node_CreateSeqStmt:
		return b.createSequence(v.CreateSeqStmt)
	case *parser.Node_AlterSeqStmt:
		return b.alterSequence(v.AlterSeqStmt)
	case *parser.Node_CreateSchemaStmt:
		return b.createSchema(stmt, v.CreateSchemaStmt)
	case *parser.Node_CreateExtensionStmt:
		return b.createExtension(stmt, v.CreateExtensionStmt)
	case *parser.Node_CreateEnumStmt:
		return b.createEnum(v.CreateEnumStmt)
	case *parser.Node_AlterEnumStmt:
		return b.alterEnum(v.AlterEnumStmt)
	case *parser.Node_CompositeTypeStmt:
		return b.createComposite(v.CompositeTypeStmt)
	case *parser.Node_CreateDomainStmt:
		return b.createDomain(v.CreateDomainStmt)
	case *parser.Node_AlterTypeStmt:
		return b.alterBaseType(v.AlterTypeStmt)
	case *parser.Node_AlterDomainStmt:
		return b.alterDomain(v.AlterDomainStmt)
	case *parser.Node_CreateRangeStmt:
		return b.createRange(v.CreateRangeStmt)
	case *parser.Node_CommentStmt:
		return b.comment(v.CommentStmt)
	case *parser.Node_DefineStmt:
		return b.define(stmt, v.DefineStmt)
	case *parser.Node_CreateOpClassStmt:
		return b.createOpClass(v.CreateOpClassStmt)
	case *parser.Node_CreateOpFamilyStmt:
		return b.createOpFamily(v.CreateOpFamilyStmt)
	case *parser.Node_AlterOpFamilyStmt:
		return b.alterOpFamily(v.AlterOpFamilyStmt)
	case *parser.Node_CreateCastStmt:
		return b.createCast(v.CreateCastStmt)
	case *parser.Node_CreateFunctionStmt:
		return b.createFunction(stmt, v.CreateFunctionStmt)
	case *parser.Node_AlterFunctionStmt:
		return b.alterFunction(stmt, v.AlterFunctionStmt)
	case *parser.Node_CreateTrigStmt:
		return b.createTrigger(v.CreateTrigStmt)
	case *parser.Node_VacuumStmt:
		return b.maintenance(stmt, v.VacuumStmt)
	case *parser.Node_CreateRoleStmt:
		return b.createRole(v.CreateRoleStmt)
	case *parser.Node_AlterRoleStmt:
		return b.alterRole(v.AlterRoleStmt)
	case *parser.Node_DropRoleStmt:
		return b.dropRole(v.DropRoleStmt)
	case *parser.Node_GrantStmt:
		return b.grant(v.GrantStmt)
	case *parser.Node_GrantRoleStmt:
		return b.grantRole(v.GrantRoleStmt)
	case *parser.Node_AlterDefaultPrivilegesStmt:
		return b.defaultPrivileges(v.AlterDefaultPrivilegesStmt)
	case *parser.Node_DropOwnedStmt:
		return b.dropOwned(v.DropOwnedStmt)
	case *parser.Node_ReassignOwnedStmt:
		return b.reassignOwned(v.ReassignOwnedStmt)
	case *parser.Node_AlterRoleSetStmt:
		return b.roleConfig(v.AlterRoleSetStmt)
	case *parser.Node_AlterDatabaseSetStmt:
		return b.databaseConfig(v.AlterDatabaseSetStmt)
	case *parser.Node_ClusterStmt:
		return b.cluster(v.ClusterStmt)
	case *parser.Node_ReindexStmt:
		return b.reindex(v.ReindexStmt)
	}
	unsupported(-1, parser.CommandTag(stmt.Node))
	return nil
}

// maxIdentifier is NAMEDATALEN - 1.
const maxIdentifier = 63

// objectName is makeObjectName: name1_name2_label, the longer of the two names
// cut so that the whole fits an identifier.
func objectName(name1, name2, label string) string {
	overhead := len(label) + 1
	if name2 != "" {
		overhead++
	}
	n1, n2 := len(name1), len(name2)
	for n1+n2 > maxIdentifier-overhead {
		if n1 > n2 {
			n1--
		} else {
			n2--
		}
	}
	out := clip(name1, n1)
	if name2 != "" {
		out += "_" + clip(name2, n2)
	}
	return out + "_" + label
}

// clip cuts at n bytes, at a character's boundary.
func clip(s string, n int) string {
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// columnsPart is ChooseIndexNameAddition: the columns' names joined.
func columnsPart(columns []string) string {
	out := ""
	for i, c := range columns {
		if i > 0 {
			out += "_"
		}
		out += c
		if len(out) > maxIdentifier {
			break
		}
	}
	return clip(out, min(len(out), maxIdentifier))
}

// freeName adds a number to the label until the name is free
// (ChooseRelationName, ChooseConstraintName).
func freeName(name1, name2, label string, taken func(string) bool) string {
	for i := 0; ; i++ {
		l := label
		if i > 0 {
			l += itoa(i)
		}
		if n := objectName(name1, name2, l); !taken(n) {
			return n
		}
	}
}

// relationTaken says whether a schema has a relation or index of that name.
func (b *binder) relationTaken(schema, name string) bool {
	if b.env.Catalog.Relation(schema, name) != nil {
		return true
	}
	_, ix := b.env.Catalog.IndexByName(schema, name)
	return ix != nil
}

// options reads WITH (…): lower-case names, values as text; an option without a
// value is true.
func (b *binder) options(ns []*parser.Node) map[string]string {
	out := map[string]string{}
	for _, n := range ns {
		d := n.GetDefElem()
		if d.Defnamespace == "toast" {
			continue // there are no TOAST tables
		}
		if d.Defnamespace != "" {
			failAt(-1, pgerr.InvalidParameterValue, "unrecognized parameter namespace \"%s\"", d.Defnamespace)
		}
		if _, ok := out[d.Defname]; ok {
			failAt(-1, pgerr.InvalidParameterValue, "parameter \"%s\" specified more than once", d.Defname)
		}
		value := "true"
		if d.Arg != nil {
			value = defText(d)
		}
		out[d.Defname] = value
	}
	return out
}

// tableOptions are those of a table that is made: WITH (oids = false) says nothing, with
// true it is 0A000 (transformRelOptions with acceptOidsOff).
func (b *binder) tableOptions(ns []*parser.Node) map[string]string {
	return b.options(slices.DeleteFunc(slices.Clone(ns), func(n *parser.Node) bool {
		d := n.GetDefElem()
		if d.Defnamespace != "" || d.Defname != "oids" {
			return false
		}
		if b.defBool(d) {
			failAt(-1, pgerr.FeatureNotSupported, "tables declared WITH OIDS are not supported")
		}
		return true
	}))
}

// checkSchemaName is 42939 for the names that the system keeps for itself.
func checkSchemaName(name string) {
	if strings.HasPrefix(name, "pg_") {
		fail(pgerr.New(pgerr.ReservedName, "unacceptable schema name \"%s\"", name).
			WithDetail("The prefix \"pg_\" is reserved for system schemas."))
	}
}

// truncate is TRUNCATE.
func (b *binder) truncate(t *parser.TruncateStmt) plan.Statement {
	out := &plan.Truncate{Restart: t.RestartSeqs, Cascade: t.Behavior == parser.DropBehavior_DROP_CASCADE}
	for _, n := range t.Relations {
		rel := b.definedRelation(n.GetRangeVar())
		if !rel.IsTable() {
			failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a table", rel.Name)
		}
		if rel.Kind == catalog.PartitionedTable && !n.GetRangeVar().Inh {
			fail(pgerr.New(pgerr.WrongObjectType, "cannot truncate only a partitioned table").
				WithHint("Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions directly."))
		}
		b.checkUser(rel)
		b.require(rel, catalog.ACLTruncate)
		out.Relations = append(out.Relations, rel.OID)
		if n.GetRangeVar().Inh {
			out.Relations = append(out.Relations, b.children(rel, out.Relations)...)
		}
	}
	return out
}

// checkOwned refuses changes to the catalog's own relations, and to what the current
// role does not own.
func (b *binder) checkOwned(rel *catalog.Relation) {
	b.checkUser(rel)
	b.requireOwner(rel)
}

// checkUser refuses changes to the catalog's own relations.
func (b *binder) checkUser(rel *catalog.Relation) {
	if rel.Virtual {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied: \"%s\" is a system catalog", rel.Name)
	}
}

func (b *binder) checkTable(rel *catalog.Relation) {
	if !rel.IsTable() {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a table", rel.Name)
	}
	b.checkOwned(rel)
}

// checkStored is checkTable for what materialized views can do too.
func (b *binder) checkStored(rel *catalog.Relation) {
	if rel.Kind != catalog.MaterializedView {
		b.checkTable(rel)
	}
}

// findIndex looks an index up along the search path.
func (b *binder) findIndex(schema, name string) (*catalog.Relation, *catalog.Index) {
	path := b.searchPath()
	if schema != "" {
		path = []string{b.schemaName(schema)}
	}
	for _, ns := range path {
		if rel, ix := b.env.Catalog.IndexByName(ns, name); ix != nil {
			return rel, ix
		}
	}
	return nil, nil
}
