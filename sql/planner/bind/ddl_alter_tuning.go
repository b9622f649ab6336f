package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What follows says how PostgreSQL is to store or estimate something. It is checked as
// PostgreSQL checks it, and nothing comes of it here: the catalog goes on to show what
// is so, but for the marks of CLUSTER and REPLICA IDENTITY (ddl_cluster.go).

func init() {
	for t, f := range map[parser.AlterTableType]func(*alteration, parser.AlterAction) catalog.AlterAction{
		parser.AlterTableType_AT_SetStatistics:   (*alteration).setStatistics,
		parser.AlterTableType_AT_SetStorage:      (*alteration).setStorage,
		parser.AlterTableType_AT_SetCompression:  (*alteration).setCompression,
		parser.AlterTableType_AT_SetOptions:      (*alteration).attributeOptions,
		parser.AlterTableType_AT_ResetOptions:    (*alteration).attributeOptions,
		parser.AlterTableType_AT_ClusterOn:       (*alteration).clusterOn,
		parser.AlterTableType_AT_ReplicaIdentity: (*alteration).replicaIdentity,
		parser.AlterTableType_AT_SetTableSpace:   (*alteration).setTablespace,
		parser.AlterTableType_AT_SetAccessMethod: (*alteration).setAccessMethod,
		parser.AlterTableType_AT_DropCluster:     func(*alteration, parser.AlterAction) catalog.AlterAction { return catalog.SetClustered{} },
		parser.AlterTableType_AT_DropOids:        unchanged,
		parser.AlterTableType_AT_SetLogged:       unchanged,
		parser.AlterTableType_AT_ChangeOwner:     (*alteration).changeOwner,
	} {
		alterCommands[t] = f
	}
}

func unchanged(*alteration, parser.AlterAction) catalog.AlterAction { return nil }

func (a *alteration) changeOwner(x parser.AlterAction) catalog.AlterAction {
	owner := a.newOwner(x.Cmd.Newowner)
	a.checkOwnerChange(a.rel)
	a.mayGive(owner, a.rel.Schema)
	return catalog.ChangeOwner{Owner: owner.OID}
}

// maxStatisticsTarget is the most that default_statistics_target can be.
const maxStatisticsTarget = 10000

// setStatistics is ATExecSetStatistics.
func (a *alteration) setStatistics(x parser.AlterAction) catalog.AlterAction {
	if x.Cmd.Name == "" {
		failAt(-1, pgerr.FeatureNotSupported, "cannot refer to non-index column by number")
	}
	a.columnPath(x.Path)
	switch n := x.Cmd.Def.GetInteger().GetIval(); {
	case n < -1:
		failAt(-1, pgerr.InvalidParameterValue, "statistics target %d is too low", n)
	case n > maxStatisticsTarget:
		a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityWarning, pgerr.InvalidParameterValue,
			"lowering statistics target to %d", maxStatisticsTarget))
	}
	return nil
}

var storages = map[string]bool{"plain": true, "external": true, "extended": true, "main": true}

// setStorage is ATExecSetStorage.
func (a *alteration) setStorage(x parser.AlterAction) catalog.AlterAction {
	want := x.Cmd.Def.GetString_().GetSval()
	if !storages[strings.ToLower(want)] {
		failAt(-1, pgerr.InvalidParameterValue, "invalid storage type \"%s\"", want)
	}
	if _, c := a.columnPath(x.Path); c.Type.Storage == 'p' && !strings.EqualFold(want, "plain") {
		failAt(-1, pgerr.FeatureNotSupported, "column data type %s can only have storage PLAIN", types.FormatType(c.Type, -1))
	}
	return nil
}

// setCompression is ATExecSetCompression.
func (a *alteration) setCompression(x parser.AlterAction) catalog.AlterAction {
	_, c := a.columnPath(x.Path)
	switch method := x.Cmd.Def.GetString_().GetSval(); {
	case method == "default":
	case c.Type.Storage == 'p':
		failAt(-1, pgerr.FeatureNotSupported, "column data type %s does not support compression", types.FormatType(c.Type, -1))
	case method != "pglz" && method != "lz4":
		failAt(-1, pgerr.InvalidParameterValue, "invalid compression method \"%s\"", method)
	}
	return nil
}

// attributeOptions is ALTER COLUMN … SET and RESET (…): attributeOptions of
// reloptions.c.
func (a *alteration) attributeOptions(x parser.AlterAction) catalog.AlterAction {
	a.columnPath(x.Path)
	for _, n := range x.Cmd.Def.GetList().GetItems() {
		if name := n.GetDefElem().Defname; name != "n_distinct" && name != "n_distinct_inherited" {
			failAt(-1, pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", name)
		}
	}
	return nil
}

func (a *alteration) setTablespace(x parser.AlterAction) catalog.AlterAction {
	if x.Cmd.Name != "pg_default" {
		failAt(-1, pgerr.UndefinedObject, "tablespace \"%s\" does not exist", x.Cmd.Name)
	}
	return nil
}

func (a *alteration) setAccessMethod(x parser.AlterAction) catalog.AlterAction {
	checkTableMethod(x.Cmd.Name)
	return nil
}
