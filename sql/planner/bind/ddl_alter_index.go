package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// definedIndex finds the index that ALTER INDEX names: 42P01, 42809. nil where
// there need be none.
func (b *binder) definedIndex(rv *parser.RangeVar, missingOK bool) (*catalog.Relation, *catalog.Index) {
	rel, ix := b.findIndex(rv.Schemaname, rv.Relname)
	switch {
	case ix != nil:
		b.checkOwned(rel)
	case b.maybeRelation(rv) != nil:
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not an index", rv.Relname)
	case !missingOK:
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", rangeVarName(rv))
	}
	return rel, ix
}

// alterIndex is ALTER INDEX but for RENAME.
func (b *binder) alterIndex(at *parser.AlterTableStmt) plan.Statement {
	rel, ix := b.definedIndex(at.Relation, at.MissingOk)
	if ix == nil {
		return &plan.AlterTable{Name: at.Relation.Relname}
	}
	out := &plan.AlterTable{Relation: rel.OID, Name: rel.Name}
	for _, n := range at.Cmds {
		if action := b.indexAction(rel, ix, n.GetAlterTableCmd()); action != nil {
			out.Actions = append(out.Actions, action)
		}
	}
	return out
}

func (b *binder) indexAction(rel *catalog.Relation, ix *catalog.Index, cmd *parser.AlterTableCmd) catalog.AlterAction {
	switch cmd.Subtype {
	case parser.AlterTableType_AT_SetRelOptions:
		return catalog.SetIndexOptions{Index: ix.OID, Options: b.indexOptions(ix, cmd, false)}
	case parser.AlterTableType_AT_ResetRelOptions:
		return catalog.SetIndexOptions{Index: ix.OID, Options: b.indexOptions(ix, cmd, true)}
	case parser.AlterTableType_AT_SetTableSpace:
		b.checkTablespace(cmd.Name)
		return nil
	case parser.AlterTableType_AT_AttachPartition:
		b.attachIndex(rel, ix, cmd.Def.GetPartitionCmd().Name)
		return nil
	}
	unsupported(-1, "ALTER INDEX %s", alterWords(cmd.Subtype))
	return nil
}

// indexOptions are all the options that the index has afterwards.
func (b *binder) indexOptions(ix *catalog.Index, cmd *parser.AlterTableCmd, reset bool) []string {
	list := cmd.Def.GetList().GetItems()
	given := b.options(list)
	names := func(option string) bool {
		return slices.ContainsFunc(list, func(n *parser.Node) bool { return optionName(option) == n.GetDefElem().Defname })
	}
	out := slices.DeleteFunc(slices.Clone(ix.Options), names)
	for _, n := range list {
		name := n.GetDefElem().Defname
		if name == "covering" {
			unsupported(-1, "changing covering of an index")
		}
		if !reset {
			out = append(out, name+"="+given[name])
		}
	}
	return out
}
