package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// onConflict is transformOnConflictClause.
func (in *insertion) onConflict(oc *parser.OnConflictClause, name string) *plan.OnConflict {
	if oc == nil {
		return nil
	}
	out := &plan.OnConflict{DoNothing: oc.Action == parser.OnConflictAction_ONCONFLICT_NOTHING}
	if !out.DoNothing && oc.Infer == nil {
		fail(pgerr.New(pgerr.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			WithHint("For example, ON CONFLICT (column_name).").AtByte(in.b.at(oc.Location)))
	}
	var existing, excluded *nsItem
	if !out.DoNothing {
		out.Existing, _, existing = in.rowOf(in.table, name)
		out.Excluded, _, excluded = in.rowOf(in.table, "excluded")
		in.own(existing)
		in.own(excluded)
		in.existing, in.excluded = in.system.row(in.scope, existing, name), in.system.row(in.scope, excluded, "excluded")
		existing, excluded = in.item(in.scope, existing, name), in.item(in.scope, excluded, "excluded")
		in.needs(catalog.ACLUpdate)
		in.all = append(in.all, excluded)
	}
	var f *inference
	if oc.Infer != nil {
		f = in.inference(oc.Infer, name)
	}
	if !out.DoNothing {
		in.doUpdate(out, oc, existing, excluded)
	}
	if f != nil {
		out.Arbiters = f.arbiters()
	}
	in.checkArbiters(out.Arbiters)
	return out
}

// checkArbiters is ExecCheckIndexConstraints' 55000; without arbiters all unique indexes
// are.
func (in *insertion) checkArbiters(arbiters []*catalog.Index) {
	if arbiters == nil {
		arbiters = in.table.Indexes
	}
	if slices.ContainsFunc(arbiters, func(ix *catalog.Index) bool { return ix.Deferrable }) {
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters")
	}
}

func (in *insertion) doUpdate(out *plan.OnConflict, oc *parser.OnConflictClause, existing, excluded *nsItem) {
	saved := in.items
	in.items = []*nsItem{existing, excluded}
	out.Sets = in.assignments(in.writeTarget.updating(), oc.TargetList, existing)
	out.Where = in.condition(oc.WhereClause, kindWhere, "WHERE")
	in.items = saved
}

// constraintIndex is the index of ON CONSTRAINT: 42704, 42809.
func (in *insertion) constraintIndex(inf *parser.InferClause) *catalog.Index {
	for _, c := range in.table.DeclaredConstraints() {
		if c.Name != inf.Conname {
			continue
		}
		for _, num := range c.Columns {
			in.needs(catalog.ACLSelect)
			in.entry.selected[num] = true
		}
		for _, ix := range in.table.Indexes {
			if ix.OID == c.Index {
				return ix
			}
		}
		failAt(-1, pgerr.WrongObjectType, "constraint in ON CONFLICT clause has no associated index")
	}
	failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", inf.Conname, in.named.Name)
	return nil
}
