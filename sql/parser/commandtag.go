package parser

import (
	"reflect"
	"strings"
)

// CommandTag names a statement as PostgreSQL's command tags do (CreateCommandTag
// of utility.c, cmdtaglist.h): "COPY", "CREATE FUNCTION", "ALTER SEQUENCE".
func CommandTag(n *Node) string {
	switch v := n.GetNode().(type) {
	case *Node_DefineStmt:
		return "CREATE " + objectKind(v.DefineStmt.Kind)
	case *Node_DropStmt:
		return "DROP " + objectKind(v.DropStmt.RemoveType)
	case *Node_CreateFunctionStmt:
		return "CREATE " + routine(v.CreateFunctionStmt.IsProcedure)
	case *Node_AlterFunctionStmt:
		return "ALTER " + objectKind(v.AlterFunctionStmt.Objtype)
	case *Node_AlterTableStmt:
		return "ALTER " + objectKind(v.AlterTableStmt.Objtype)
	case *Node_RenameStmt:
		kind := v.RenameStmt.RenameType
		if kind == ObjectType_OBJECT_COLUMN || kind == ObjectType_OBJECT_ATTRIBUTE {
			kind = v.RenameStmt.RelationType
		}
		return "ALTER " + objectKind(kind)
	case *Node_AlterOwnerStmt:
		return "ALTER " + objectKind(v.AlterOwnerStmt.ObjectType)
	case *Node_AlterObjectSchemaStmt:
		return "ALTER " + objectKind(v.AlterObjectSchemaStmt.ObjectType)
	case *Node_AlterObjectDependsStmt:
		return "ALTER " + objectKind(v.AlterObjectDependsStmt.ObjectType)
	case *Node_CreateTableAsStmt:
		switch {
		case v.CreateTableAsStmt.Objtype == ObjectType_OBJECT_MATVIEW:
			return "CREATE MATERIALIZED VIEW"
		case v.CreateTableAsStmt.IsSelectInto:
			return "SELECT INTO"
		}
		return "CREATE TABLE AS"
	case *Node_TransactionStmt:
		return strings.ReplaceAll(strings.TrimPrefix(v.TransactionStmt.Kind.String(), "TRANS_STMT_"), "_", " ")
	case *Node_GrantStmt:
		return granted(v.GrantStmt.IsGrant)
	case *Node_GrantRoleStmt:
		return granted(v.GrantRoleStmt.IsGrant) + " ROLE"
	case *Node_VacuumStmt:
		if !v.VacuumStmt.IsVacuumcmd {
			return "ANALYZE"
		}
	case *Node_FetchStmt:
		if v.FetchStmt.Ismove {
			return "MOVE"
		}
	case *Node_ClosePortalStmt:
		return "CLOSE CURSOR"
	case *Node_DiscardStmt:
		return "DISCARD " + strings.TrimPrefix(v.DiscardStmt.Target.String(), "DISCARD_")
	}
	typ := strings.TrimSuffix(strings.TrimPrefix(reflect.TypeOf(n.GetNode()).Elem().Name(), "Node_"), "Stmt")
	if tag, ok := commandTags[typ]; ok {
		return tag
	}
	return words(typ)
}

// commandTags holds the statements whose node is not named as the command is.
var commandTags = map[string]string{
	"AlterDatabaseRefreshColl": "ALTER DATABASE", "AlterDatabaseSet": "ALTER DATABASE",
	"AlterDefaultPrivileges": "ALTER DEFAULT PRIVILEGES", "AlterEnum": "ALTER TYPE", "AlterEventTrig": "ALTER EVENT TRIGGER",
	"AlterExtensionContents": "ALTER EXTENSION", "AlterFdw": "ALTER FOREIGN DATA WRAPPER",
	"AlterForeignServer": "ALTER SERVER", "AlterOpFamily": "ALTER OPERATOR FAMILY", "AlterRoleSet": "ALTER ROLE",
	"AlterSeq": "ALTER SEQUENCE", "AlterStats": "ALTER STATISTICS", "AlterTableMoveAll": "ALTER TABLE",
	"AlterTableSpaceOptions": "ALTER TABLESPACE", "AlterTsconfiguration": "ALTER TEXT SEARCH CONFIGURATION",
	"AlterTsdictionary": "ALTER TEXT SEARCH DICTIONARY", "CheckPoint": "CHECKPOINT", "CompositeType": "CREATE TYPE",
	"ConstraintsSet": "SET CONSTRAINTS", "Create": "CREATE TABLE", "CreateAm": "CREATE ACCESS METHOD",
	"CreateEnum": "CREATE TYPE", "CreateEventTrig": "CREATE EVENT TRIGGER", "CreateFdw": "CREATE FOREIGN DATA WRAPPER",
	"CreateForeignServer": "CREATE SERVER", "CreateOpClass": "CREATE OPERATOR CLASS",
	"CreateOpFamily": "CREATE OPERATOR FAMILY", "CreatePlang": "CREATE LANGUAGE", "CreateRange": "CREATE TYPE",
	"CreateSeq": "CREATE SEQUENCE", "CreateStats": "CREATE STATISTICS", "CreateTableSpace": "CREATE TABLESPACE",
	"CreateTrig": "CREATE TRIGGER", "Createdb": "CREATE DATABASE", "DropTableSpace": "DROP TABLESPACE",
	"Dropdb": "DROP DATABASE", "Index": "CREATE INDEX", "Lock": "LOCK TABLE", "RefreshMatView": "REFRESH MATERIALIZED VIEW",
	"ReplicaIdentity": "ALTER TABLE", "Rule": "CREATE RULE", "SecLabel": "SECURITY LABEL", "Truncate": "TRUNCATE TABLE",
	"VariableSet": "SET", "VariableShow": "SHOW", "View": "CREATE VIEW",
}

// objectKind is AlterObjectTypeCommandTag's noun: "TABLE", "TEXT SEARCH PARSER".
func objectKind(t ObjectType) string {
	if kind, ok := objectKinds[t]; ok {
		return kind
	}
	return strings.ReplaceAll(strings.TrimPrefix(t.String(), "OBJECT_"), "_", " ")
}

var objectKinds = map[ObjectType]string{
	ObjectType_OBJECT_ATTRIBUTE: "TYPE", ObjectType_OBJECT_COLUMN: "TABLE", ObjectType_OBJECT_TABCONSTRAINT: "TABLE",
	ObjectType_OBJECT_DOMCONSTRAINT: "DOMAIN", ObjectType_OBJECT_FDW: "FOREIGN DATA WRAPPER",
	ObjectType_OBJECT_LARGEOBJECT:    "LARGE OBJECT",
	ObjectType_OBJECT_FOREIGN_SERVER: "SERVER", ObjectType_OBJECT_MATVIEW: "MATERIALIZED VIEW",
	ObjectType_OBJECT_OPCLASS: "OPERATOR CLASS", ObjectType_OBJECT_OPFAMILY: "OPERATOR FAMILY",
	ObjectType_OBJECT_STATISTIC_EXT: "STATISTICS", ObjectType_OBJECT_TSCONFIGURATION: "TEXT SEARCH CONFIGURATION",
	ObjectType_OBJECT_TSDICTIONARY: "TEXT SEARCH DICTIONARY", ObjectType_OBJECT_TSPARSER: "TEXT SEARCH PARSER",
	ObjectType_OBJECT_TSTEMPLATE: "TEXT SEARCH TEMPLATE",
}

func routine(procedure bool) string {
	if procedure {
		return "PROCEDURE"
	}
	return "FUNCTION"
}

func granted(grant bool) string {
	if grant {
		return "GRANT"
	}
	return "REVOKE"
}

// words splits a node's name: CreateForeignTable is CREATE FOREIGN TABLE.
func words(name string) string {
	var out strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
	}
	return strings.ToUpper(out.String())
}
