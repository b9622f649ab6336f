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
		existing, excluded = in.item(in.scope, existing, name), in.item(in.scope, excluded, "excluded")
		in.all = append(in.all, excluded)
	}
	if oc.Infer != nil {
		out.Index = in.arbiter(oc.Infer)
	}
	if out.DoNothing {
		return out
	}
	saved := in.items
	in.items = []*nsItem{existing, excluded}
	out.Sets = in.assignments(in.writeTarget.updating(), oc.TargetList, existing)
	out.Where = in.condition(oc.WhereClause, kindWhere, "WHERE")
	in.items = saved
	return out
}

// arbiter is infer_arbiter_indexes: the unique index over exactly these columns
// (42P10), or that of the constraint (42704).
func (in *insertion) arbiter(inf *parser.InferClause) *catalog.Index {
	if inf.Conname != "" {
		return in.constraintIndex(inf)
	}
	if inf.WhereClause != nil {
		unsupported(in.b.at(inf.Location), "ON CONFLICT with a partial index")
	}
	var nums []int16
	for _, n := range inf.IndexElems {
		el := n.GetIndexElem()
		if el.Expr != nil {
			unsupported(in.b.at(nodeLocation(el.Expr)), "ON CONFLICT with an expression")
		}
		c := findWritable(in.named, el.Name)
		if c == nil {
			in.missingColumn("", el.Name, in.b.at(inf.Location))
		}
		nums = append(nums, c.Num)
	}
	for _, ix := range in.table.Indexes {
		if (ix.Unique || ix.Primary) && sameColumns(ix, nums) {
			return ix
		}
	}
	failAt(-1, pgerr.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification")
	return nil
}

func sameColumns(ix *catalog.Index, nums []int16) bool {
	var have []int16
	for _, c := range ix.Columns {
		have = append(have, c.Num)
	}
	nums = slices.Clone(nums)
	slices.Sort(have)
	slices.Sort(nums)
	return slices.Equal(slices.Compact(have), slices.Compact(nums))
}

func (in *insertion) constraintIndex(inf *parser.InferClause) *catalog.Index {
	for _, c := range in.table.Constraints {
		if c.Name != inf.Conname {
			continue
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
