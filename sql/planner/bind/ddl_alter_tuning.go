package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What follows says how PostgreSQL is to store or estimate something. It is checked as
// PostgreSQL checks it, kept and shown in the catalog; nothing else comes of it here.

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
		parser.AlterTableType_AT_SetLogged:       (*alteration).setLogged,
		parser.AlterTableType_AT_SetUnLogged:     (*alteration).setUnlogged,
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
	name, _ := a.columnPath(x.Path)
	n := x.Cmd.Def.GetInteger().GetIval()
	switch {
	case n < -1:
		failAt(-1, pgerr.InvalidParameterValue, "statistics target %d is too low", n)
	case n > maxStatisticsTarget:
		n = maxStatisticsTarget
		a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityWarning, pgerr.InvalidParameterValue, "lowering statistics target to %d", n))
	}
	return catalog.Tune{Name: name, Target: &n}
}

// storages are the names of attstorage.
var storages = map[string]byte{"plain": 'p', "external": 'e', "extended": 'x', "main": 'm'}

// setStorage is ATExecSetStorage.
func (a *alteration) setStorage(x parser.AlterAction) catalog.AlterAction {
	want := x.Cmd.Def.GetString_().GetSval()
	letter, known := storages[strings.ToLower(want)]
	if !known {
		failAt(-1, pgerr.InvalidParameterValue, "invalid storage type \"%s\"", want)
	}
	name, c := a.columnPath(x.Path)
	if c.Type.Storage == 'p' && letter != 'p' {
		failAt(-1, pgerr.FeatureNotSupported, "column data type %s can only have storage PLAIN", types.FormatType(c.Type, -1))
	}
	return catalog.Tune{Name: name, Storage: &letter}
}

// setCompression is ATExecSetCompression.
func (a *alteration) setCompression(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	letter := compressionMethod(x.Cmd.Def.GetString_().GetSval(), c.Type)
	return catalog.Tune{Name: name, Compression: &letter}
}

// compressionMethod is GetAttributeCompression: attcompression, 0 for the default.
func compressionMethod(method string, t *types.Type) byte {
	switch {
	case method == "default" || method == "":
		return 0
	case t.Storage == 'p':
		failAt(-1, pgerr.FeatureNotSupported, "column data type %s does not support compression", types.FormatType(t, -1))
	case method != "pglz" && method != "lz4":
		failAt(-1, pgerr.InvalidParameterValue, "invalid compression method \"%s\"", method)
	}
	return method[0]
}

// attributeOptions is ALTER COLUMN … SET and RESET (…): attributeOptions of
// reloptions.c.
func (a *alteration) attributeOptions(x parser.AlterAction) catalog.AlterAction {
	column, c := a.columnPath(x.Path)
	var options []string
	if c != nil {
		options = slices.Clone(c.AttOptions)
	}
	for _, n := range x.Cmd.Def.GetList().GetItems() {
		d := n.GetDefElem()
		if d.Defname != "n_distinct" && d.Defname != "n_distinct_inherited" {
			failAt(-1, pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", d.Defname)
		}
		options = slices.DeleteFunc(options, func(o string) bool { return strings.HasPrefix(o, d.Defname+"=") })
		if x.Cmd.Subtype == parser.AlterTableType_AT_SetOptions {
			options = append(options, d.Defname+"="+defText(d))
		}
	}
	return catalog.Tune{Name: column, Options: &options}
}

// setLogged is ATPrepChangePersistence of SET LOGGED.
func (a *alteration) setLogged(parser.AlterAction) catalog.AlterAction {
	a.checkPersistent()
	for _, k := range a.rel.Constraints {
		if ref := a.env.Catalog.RelationByOID(k.RefRelation); k.Kind == catalog.ForeignConstraint && ref != nil && ref.OID != a.rel.OID && ref.Unlogged {
			fail(pgerr.New(pgerr.InvalidTableDefinition, "could not change table \"%s\" to logged because it references unlogged table \"%s\"", a.rel.Name, ref.Name).
				WithRelation(a.rel.Schema, a.rel.Name, "", k.Name))
		}
	}
	return catalog.SetLogged{}
}

// setUnlogged is ATPrepChangePersistence of SET UNLOGGED.
func (a *alteration) setUnlogged(parser.AlterAction) catalog.AlterAction {
	a.checkPersistent()
	for _, from := range a.env.Catalog.Relations() {
		for _, k := range from.Constraints {
			if k.Kind == catalog.ForeignConstraint && k.RefRelation == a.rel.OID && from.OID != a.rel.OID && !from.Unlogged {
				fail(pgerr.New(pgerr.InvalidTableDefinition, "could not change table \"%s\" to unlogged because it references logged table \"%s\"", a.rel.Name, from.Name).
					WithRelation(a.rel.Schema, a.rel.Name, "", k.Name))
			}
		}
	}
	return catalog.SetLogged{Unlogged: true}
}

func (a *alteration) checkPersistent() {
	if a.rel.Temporary {
		fail(pgerr.New(pgerr.InvalidTableDefinition, "cannot change logged status of table \"%s\" because it is temporary", a.rel.Name).
			WithRelation(a.rel.Schema, a.rel.Name, "", ""))
	}
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
