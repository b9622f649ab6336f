package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// recurses are the actions that PostgreSQL does to the children too.
var recurses = map[parser.AlterTableType]bool{
	parser.AlterTableType_AT_AddColumn:       true,
	parser.AlterTableType_AT_DropColumn:      true,
	parser.AlterTableType_AT_ColumnDefault:   true,
	parser.AlterTableType_AT_SetNotNull:      true,
	parser.AlterTableType_AT_DropNotNull:     true,
	parser.AlterTableType_AT_AlterColumnType: true,
	parser.AlterTableType_AT_DropExpression:  true,
}

// checkTree refuses what would part a table from those it inherits from (42P16), and
// what would have to be done to its children as well (0A000).
func (a *alteration) checkTree(x parser.AlterAction) {
	if x.Cmd == nil {
		return
	}
	a.checkInherited(x)
	check := checkNamed(a.rel, x.Cmd.Name)
	switch x.Cmd.Subtype {
	case parser.AlterTableType_AT_DropConstraint:
		if check == nil || check.NoInherit {
			return
		}
	case parser.AlterTableType_AT_AddConstraint:
		if k := x.Cmd.Def.GetConstraint(); k.Contype != parser.ConstrType_CONSTR_CHECK || k.IsNoInherit {
			return
		}
	default:
		if !recurses[x.Cmd.Subtype] {
			return
		}
	}
	a.noTree(a.rel, "ALTER TABLE "+alterWords(x.Cmd.Subtype))
}

// checkInherited is 42P16 for what only the parent may change.
func (a *alteration) checkInherited(x parser.AlterAction) {
	c, check := a.rel.ColumnByName(x.Cmd.Name), checkNamed(a.rel, x.Cmd.Name)
	inherited := c != nil && c.Inherited > 0
	switch t := x.Cmd.Subtype; {
	case inherited && t == parser.AlterTableType_AT_DropColumn:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop inherited column \"%s\"", c.Name)
	case inherited && t == parser.AlterTableType_AT_AlterColumnType:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot alter inherited column \"%s\"", c.Name)
	case inherited && t == parser.AlterTableType_AT_DropExpression:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop generation expression from inherited column")
	case check != nil && check.Inherited > 0 && t == parser.AlterTableType_AT_DropConstraint:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot drop inherited constraint \"%s\" of relation \"%s\"", check.Name, a.rel.Name)
	}
}

func checkNamed(rel *catalog.Relation, name string) *catalog.Constraint {
	for _, c := range rel.Constraints {
		if c.Kind == catalog.CheckConstraint && c.Name == name {
			return c
		}
	}
	return nil
}
