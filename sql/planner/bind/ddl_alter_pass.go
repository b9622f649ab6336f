package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// alterPass orders the actions of one ALTER TABLE as PostgreSQL does
// (AlterTablePass): one that drops comes first, and constraints see all columns.
type alterPass int

const (
	passDrop alterPass = iota
	passAlterType
	passAddColumn
	passColumn
	passAddConstraint
	passMisc
)

var alterPasses = map[parser.AlterTableType]alterPass{
	parser.AlterTableType_AT_DropColumn:      passDrop,
	parser.AlterTableType_AT_DropConstraint:  passDrop,
	parser.AlterTableType_AT_DropNotNull:     passDrop,
	parser.AlterTableType_AT_DropIdentity:    passDrop,
	parser.AlterTableType_AT_DropExpression:  passDrop,
	parser.AlterTableType_AT_AlterColumnType: passAlterType,
	parser.AlterTableType_AT_AddColumn:       passAddColumn,
	parser.AlterTableType_AT_SetNotNull:      passColumn,
	parser.AlterTableType_AT_SetIdentity:     passColumn,
	parser.AlterTableType_AT_ColumnDefault:   passAddConstraint,
	parser.AlterTableType_AT_AddIdentity:     passAddConstraint,
	parser.AlterTableType_AT_AddConstraint:   passAddConstraint,
}

func passOf(x parser.AlterAction) alterPass {
	if x.Cmd == nil {
		return passMisc
	}
	if x.Cmd.Subtype == parser.AlterTableType_AT_ColumnDefault && x.Cmd.Def == nil {
		return passDrop
	}
	if p, ok := alterPasses[x.Cmd.Subtype]; ok {
		return p
	}
	return passMisc
}

func inPasses(actions []parser.AlterAction) []parser.AlterAction {
	out := slices.Clone(actions)
	slices.SortStableFunc(out, func(a, b parser.AlterAction) int { return int(passOf(a) - passOf(b)) })
	return out
}

// firstAdded is the number of the first column that the statement adds, until
// the store gives it one; a table has at most 1,600.
const firstAdded = 1 << 14

// see makes what an action changes known to those of later passes.
func (a *alteration) see(action catalog.AlterAction) {
	rel := *a.rel
	rel.Columns, rel.Constraints = slices.Clone(rel.Columns), slices.Clone(rel.Constraints)
	switch c := action.(type) {
	case catalog.AddColumn:
		name := addedName(c)
		if rel.ColumnByName(name) != nil || c.Parent != "" {
			return
		}
		typ, mod := a.definedType(c.Column)
		num := int16(firstAdded + len(a.added))
		a.added[num] = name
		rel.Columns = append(rel.Columns, &catalog.Column{Num: num, Name: name, Type: typ, Typmod: mod, NotNull: c.Column.NotNull,
			Default: c.Column.Default, Identity: c.Column.Identity, Generated: generatedKind(c.Column), Inheritance: c.Column.Inheritance})
	case catalog.DropColumn:
		rel.Columns = slices.DeleteFunc(rel.Columns, func(col *catalog.Column) bool {
			return col.Name == c.Name || strings.HasPrefix(col.Name, c.Name+".")
		})
	case catalog.DropConstraint:
		if k := a.named(c.Name); k != nil && k.Index != 0 {
			a.names[c.Name] = false
		} else {
			delete(a.names, c.Name)
		}
		rel.Constraints = slices.DeleteFunc(rel.Constraints, func(k *catalog.Constraint) bool { return k.Name == c.Name })
	case catalog.AddConstraint:
		if c.Kind == catalog.CheckConstraint {
			rel.Constraints = append(rel.Constraints, &catalog.Constraint{Name: c.Check.Name, Kind: c.Kind, Expr: c.Check.Expr,
				NotValid: c.Check.NotValid, NoInherit: c.Check.NoInherit, Inheritance: c.Check.Inheritance})
		}
	case catalog.SetInheritance:
		changeColumn(&rel, c.Column, func(col *catalog.Column) { col.Inheritance = c.Inheritance })
		changeConstraint(&rel, c.Check, func(k *catalog.Constraint) { k.Inheritance = c.Inheritance })
	case catalog.SetParents:
		rel.Parents, a.def.Parents = c.Parents, c.Parents
	case catalog.SetDefault:
		changeColumn(&rel, c.Name, func(col *catalog.Column) { col.Default = c.Default })
	case catalog.AlterType:
		if typ := a.declared(c.Type, c.Collation); c.Type != 0 {
			changeColumn(&rel, c.Name, func(col *catalog.Column) { col.Type, col.Typmod = typ, c.Typmod })
		}
	default:
		return
	}
	a.rel = &rel
	_, _, a.item = a.newScope(nil).rowOf(a.rel, a.rel.Name)
}

// addedName is the dotted name of a column that is added.
func addedName(c catalog.AddColumn) string {
	return strings.TrimPrefix(c.Parent+"."+c.Column.Name, ".")
}

func changeColumn(rel *catalog.Relation, name string, f func(c *catalog.Column)) {
	i := slices.IndexFunc(rel.Columns, func(c *catalog.Column) bool { return c.Name == name })
	if i < 0 {
		return
	}
	c := *rel.Columns[i]
	f(&c)
	rel.Columns[i] = &c
}

func changeConstraint(rel *catalog.Relation, name string, f func(c *catalog.Constraint)) {
	i := slices.IndexFunc(rel.Constraints, func(c *catalog.Constraint) bool { return c.Name == name })
	if i < 0 {
		return
	}
	c := *rel.Constraints[i]
	f(&c)
	rel.Constraints[i] = &c
}

func generatedKind(c catalog.ColumnDef) byte {
	if c.Generated == "" {
		return 0
	}
	return 's'
}
