package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// A row trigger of a partitioned table stands on each of its partitions too, under
// the same name (CloneRowTriggersToPartition): that is how the two are known to be
// one. Statement triggers stand on the table alone.

// goesDown says whether a trigger of rel has clones on rel's partitions.
func goesDown(rel *catalog.Relation, t *catalog.Trigger) bool {
	return rel.Partitioning != nil && t.Type&catalog.TriggerRow != 0
}

// clonedTrigger is a parent's trigger as a partition has it; num gives the
// partition's number of a column of the parent.
func clonedTrigger(t catalog.Trigger, num func(parent int16) int16) catalog.Trigger {
	t.OID, t.Constraint, t.Inherited, t.Comment = 0, 0, true, ""
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		t.Columns[i] = num(t.Columns[i])
	}
	return t
}

// cloneTo is clonedTrigger for a table that exists.
func cloneTo(parent, child *catalog.Relation, t catalog.Trigger) catalog.PutTrigger {
	clone := clonedTrigger(t, func(num int16) int16 { return catalog.MemberColumn(parent, child, num).Num })
	return catalog.PutTrigger{Trigger: clone, Constraint: t.Constraint != 0}
}

// clonedTriggers are the row triggers that a new partition gets from its parent.
func (t *tableBuilder) clonedTriggers(parent *catalog.Relation) {
	for _, tr := range parent.Triggers {
		if goesDown(parent, tr) {
			clone := clonedTrigger(*tr, func(num int16) int16 { return int16(t.columnNamed(parent.Column(num).Name) + 1) })
			t.def.Triggers = append(t.def.Triggers, catalog.PutTrigger{Trigger: clone, Constraint: tr.Constraint != 0})
		}
	}
}

// putBelow adds to a statement that files a trigger what the partitions need: 42710
// where one of them has a trigger of that name already and replace is not given.
func (x *triggerBuilder) putBelow(out *plan.AlterTable, put catalog.PutTrigger, replace bool) {
	if !goesDown(x.rel, &put.Trigger) {
		return
	}
	for _, child := range catalog.Tree(x.env.Catalog, x.rel)[1:] {
		down := cloneTo(x.rel, child, put.Trigger)
		down.Constraint = put.Constraint
		if have := child.TriggerNamed(put.Trigger.Name); have != nil && replace {
			down.Trigger.OID, down.Trigger.Constraint, down.Trigger.Comment = have.OID, have.Constraint, have.Comment
		}
		out.Children = append(out.Children, &plan.AlterTable{Relation: child.OID, Name: child.Name, Actions: []catalog.AlterAction{down}})
	}
}

// checkPartitionedTrigger is what CreateTrigger asks of a partitioned table's.
func (x *triggerBuilder) checkPartitionedTrigger() {
	switch {
	case x.is(catalog.TriggerInsteadOf):
		x.refuse("table", "Tables cannot have INSTEAD OF triggers.")
	case x.stmt.Row && len(x.stmt.TransitionRels) > 0:
		fail(pgerr.New(pgerr.FeatureNotSupported, "\"%s\" is a partitioned table", x.rel.Name).
			WithDetail("ROW triggers with transition tables are not supported on partitioned tables."))
	}
}

// eachClone calls f with the partitions of rel that have a clone of one of its
// triggers, and with the clone.
func (b *binder) eachClone(rel *catalog.Relation, name string, f func(child *catalog.Relation, t catalog.Trigger)) {
	if t := rel.TriggerNamed(name); t == nil || !goesDown(rel, t) {
		return
	}
	for _, child := range catalog.Tree(b.env.Catalog, rel)[1:] {
		if t := child.TriggerNamed(name); t != nil && t.Inherited {
			f(child, *t)
		}
	}
}

// checkOwnTrigger is 2BP01 for the clone of a partitioned table's trigger.
func (b *binder) checkOwnTrigger(rel *catalog.Relation, t catalog.Trigger) {
	if !t.Inherited {
		return
	}
	parent := b.tableText(catalog.PartitionedBy(b.env.Catalog, rel))
	fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop trigger %s on %s because trigger %[1]s on %[3]s requires it",
		t.Name, b.tableText(rel), parent).
		WithHint("You can drop trigger %s on %s instead.", t.Name, parent))
}

// attachTriggers gives a table that becomes a partition, and its own partitions, the
// row triggers of its parent.
func (a *alteration) attachTriggers(parent *catalog.Relation) {
	for _, t := range parent.Triggers {
		if !goesDown(parent, t) {
			continue
		}
		a.actions = append(a.actions, cloneTo(parent, a.rel, *t))
		for _, m := range a.members() {
			m.actions = append(m.actions, cloneTo(parent, m.rel, *t))
		}
	}
}

// detachTriggers drops the clones of a table that is no partition any more
// (DropClonedTriggersFromPartition).
func (a *alteration) detachTriggers() {
	for _, t := range a.rel.Triggers {
		if !t.Inherited {
			continue
		}
		a.actions = append(a.actions, catalog.DropTrigger{Name: t.Name})
		a.eachClone(a.rel, t.Name, func(child *catalog.Relation, t catalog.Trigger) {
			m := a.queue.table(a.binder, child)
			m.actions = append(m.actions, catalog.DropTrigger{Name: t.Name})
		})
	}
}

// enableBelow gives the clones of triggers the state that their own get.
func (a *alteration) enableBelow(x parser.AlterAction, _ catalog.AlterAction) {
	if a.rel.Partitioning == nil || a.queue.only {
		return
	}
	for _, t := range a.rel.Triggers {
		if x.Cmd.Name != "" && t.Name != x.Cmd.Name {
			continue
		}
		a.eachClone(a.rel, t.Name, func(child *catalog.Relation, t catalog.Trigger) {
			t.Enabled = enabledStates[x.Cmd.Subtype]
			m := a.queue.table(a.binder, child)
			m.actions = append(m.actions, catalog.PutTrigger{Trigger: t})
		})
	}
}
