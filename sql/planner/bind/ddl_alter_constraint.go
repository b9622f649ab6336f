package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

func (a *alteration) addConstraint(x parser.AlterAction) catalog.AlterAction {
	k := columnConstraint{Constraint: x.Cmd.Def.GetConstraint()}
	if own := checkNamed(a.rel, k.Conname); own != nil && own.NotLocal && k.Contype == parser.ConstrType_CONSTR_CHECK {
		check := a.check(k)
		check.NotValid = k.SkipValidation
		a.mergeCheck(own, check, true)
		return nil
	}
	if k.Conname != "" {
		if a.names[k.Conname] {
			a.constraintTaken(k.Conname)
		}
		a.names[k.Conname] = true
	}
	switch k.Contype {
	case parser.ConstrType_CONSTR_CHECK:
		check := a.check(k)
		check.NotValid = k.SkipValidation
		return catalog.AddConstraint{Kind: catalog.CheckConstraint, Check: check}
	case parser.ConstrType_CONSTR_UNIQUE:
		return a.addKey(k)
	case parser.ConstrType_CONSTR_FOREIGN:
		fk := a.foreignKey(k, tableOf(a.rel))
		a.checkValidated(k, fk)
		fk.NotValid = k.SkipValidation
		return catalog.AddConstraint{Kind: catalog.ForeignConstraint, Foreign: fk, Added: a.added}
	case parser.ConstrType_CONSTR_PRIMARY:
		a.checkNoPrimary(k)
		return a.addKey(k)
	}
	unsupported(a.at(k.Location), "%s", constraintNames[k.Contype])
	return nil
}

// checkValidated is 42809 for a foreign key of a partitioned table that is NOT VALID.
func (a *alteration) checkValidated(k columnConstraint, fk catalog.Constraint) {
	if k.SkipValidation && a.rel.Partitioning != nil {
		fail(pgerr.New(pgerr.WrongObjectType, "cannot add NOT VALID foreign key on partitioned table \"%s\" referencing relation \"%s\"",
			a.rel.Name, a.env.Catalog.RelationByOID(fk.RefRelation).Name).WithDetail("This feature is not yet supported on partitioned tables."))
	}
}

func (a *alteration) constraintTaken(name string) {
	failAt(-1, pgerr.DuplicateObject, "constraint \"%s\" for relation \"%s\" already exists", name, a.rel.Name)
}

func (a *alteration) dropConstraint(x parser.AlterAction) catalog.AlterAction {
	if !a.names[x.Cmd.Name] {
		if x.Cmd.MissingOk {
			a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
				"constraint \"%s\" of relation \"%s\" does not exist, skipping", x.Cmd.Name, a.rel.Name))
			return nil
		}
		failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", x.Cmd.Name, a.rel.Name)
	}
	return catalog.DropConstraint{
		Name: x.Cmd.Name, IfExists: x.Cmd.MissingOk, Cascade: x.Cmd.Behavior == parser.DropBehavior_DROP_CASCADE,
		Key: a.makesIDs(x.Cmd.Name),
	}
}

// makesIDs says whether a constraint is the key that rows' ids are made of.
func (a *alteration) makesIDs(constraint string) bool {
	key := a.rel.PrimaryConstraint()
	return key != nil && key.Name == constraint && slices.ContainsFunc(a.rel.Indexes, func(ix *catalog.Index) bool {
		return ix.OID == key.Index && ix.Kind == catalog.PrimaryIndex
	})
}

// dropChecks drops the CHECKs that use a column that is dropped.
func (a *alteration) dropChecks(column string) {
	for _, k := range a.rel.Constraints {
		if k.Kind != catalog.CheckConstraint {
			continue
		}
		uses := slices.ContainsFunc(parser.ColumnNames(parseText(k.Expr)), func(name string) bool {
			c := findWritable(a.rel, name)
			return c != nil && (c.Name == column || strings.HasPrefix(c.Name, column+"."))
		})
		if uses {
			a.before = append(a.before, catalog.DropConstraint{Name: k.Name, IfExists: true})
		}
	}
}

// constraint finds one of the table's by its name: 42704.
func (a *alteration) constraint(name string) *catalog.Constraint {
	c := a.named(name)
	if c == nil {
		failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", name, a.rel.Name)
	}
	return c
}

// validateConstraint is ATExecValidateConstraint: 42809.
func (a *alteration) validateConstraint(x parser.AlterAction) catalog.AlterAction {
	c := a.constraint(x.Cmd.Name)
	switch {
	case c.Kind != catalog.CheckConstraint && c.Kind != catalog.ForeignConstraint:
		failAt(-1, pgerr.WrongObjectType, "constraint \"%s\" of relation \"%s\" is not a foreign key or check constraint", c.Name, a.rel.Name)
	case !c.NotValid:
		return nil
	}
	return catalog.ValidateConstraint{Name: c.Name, Expr: c.Expr}
}

// alterConstraint is ATExecAlterConstraint: 42809.
func (a *alteration) alterConstraint(x parser.AlterAction) catalog.AlterAction {
	to := x.Cmd.Def.GetConstraint()
	c := a.constraint(to.Conname)
	if c.Kind != catalog.ForeignConstraint {
		failAt(-1, pgerr.WrongObjectType, "constraint \"%s\" of relation \"%s\" is not a foreign key constraint", c.Name, a.rel.Name)
	}
	return catalog.AlterConstraint{Name: c.Name, Deferrable: to.Deferrable, Deferred: to.Initdeferred}
}
