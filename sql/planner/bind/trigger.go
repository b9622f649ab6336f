package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// triggerRows are the rows that the conditions of a relation's triggers see.
type triggerRows struct {
	old, new []plan.Col
	nums     []int16
}

// triggerScope is the scope of a trigger's condition: the rows old and new.
func (b *binder) triggerScope(rel *catalog.Relation) (*scope, *triggerRows) {
	s := b.newScope(nil)
	rows := &triggerRows{}
	var old, now *nsItem
	rows.old, rows.nums, old = s.rowOf(rel, "old")
	rows.new, _, now = s.rowOf(rel, "new")
	for _, it := range []*nsItem{old, now} {
		leaf := it.hidden
		it.hidden = func(name string, fold bool) *nsCol {
			if name == "tableoid" {
				return &nsCol{name: name, expr: b.value(types.OidOID, rel.OID, -1)}
			}
			return leaf(name, fold)
		}
	}
	if rel.Kind == catalog.PartitionedTable { // its partition is no column of a row
		n := len(rows.nums) - 1
		rows.old, rows.new, rows.nums = rows.old[:n], rows.new[:n], rows.nums[:n]
	}
	s.items = []*nsItem{old, now}
	s.all = s.items
	return s, rows
}

// triggers are what a statement fires on rel: those of the events given. nil for
// a relation without triggers.
func (b *binder) triggers(rel *catalog.Relation, events catalog.TriggerType) *plan.Triggers {
	var out *plan.Triggers
	var s *scope
	for _, t := range rel.Triggers {
		if t.Type&events == 0 {
			continue
		}
		if out == nil {
			var rows *triggerRows
			s, rows = b.triggerScope(rel)
			out = &plan.Triggers{Rel: rel, RowType: b.typ(rel.Type), Old: rows.old, New: rows.new, Nums: rows.nums}
		}
		pt := plan.Trigger{Trigger: t}
		if t.When != "" {
			func() {
				defer b.inView()()
				pt.When = s.condition(parseText(t.When), kindTriggerWhen, "WHEN")
			}()
		}
		out.List = append(out.List, pt)
	}
	return out
}

// deletedMembers gives the tables of a tree the triggers of their DELETE.
func (b *binder) deletedMembers(ms []plan.Member) []plan.Member {
	for i := range ms {
		ms[i].Triggers = b.triggers(ms[i].Rel, catalog.TriggerDelete)
	}
	return ms
}

// insertTriggers are those of an INSERT: with ON CONFLICT DO UPDATE, those of
// UPDATE too.
func (b *binder) insertTriggers(n *plan.Insert) *plan.Triggers {
	events := insertEvents(n)
	t := b.triggers(n.Rel, events)
	if t != nil && events != catalog.TriggerInsert {
		for _, a := range n.OnConflict.Sets {
			t.Updated = append(t.Updated, a.Num)
		}
	}
	return t
}

func insertEvents(n *plan.Insert) catalog.TriggerType {
	if n.OnConflict == nil || n.OnConflict.DoNothing {
		return catalog.TriggerInsert
	}
	return catalog.TriggerInsert | catalog.TriggerUpdate
}

// triggerUses says whether a trigger's function or condition uses a function.
func (b *binder) triggerUses(rel *catalog.Relation, t *catalog.Trigger, oid types.OID) bool {
	if t.Function == oid {
		return true
	}
	if t.When == "" {
		return false
	}
	s, _ := b.triggerScope(rel)
	defer b.inView()()
	found := false
	plan.Walk(s.condition(parseText(t.When), kindTriggerWhen, "WHEN"), func(e plan.Expr) bool {
		if c, ok := e.(*plan.Call); ok {
			found = found || c.Func.OID == oid
		}
		return !found
	})
	return found
}

// TriggerUses says whether a trigger of rel calls a function, as its own or in
// its condition.
func TriggerUses(env *Env, rel *catalog.Relation, t *catalog.Trigger, function types.OID) (uses bool, err error) {
	defer recoverBind(&err)
	return newBinder(env).triggerUses(rel, t, function), nil
}

// Triggers are those that an event fires on a relation, with their conditions; nil
// for none.
func Triggers(env *Env, rel *catalog.Relation, event catalog.TriggerType) (out *plan.Triggers, err error) {
	defer recoverBind(&err)
	return newBinder(env).triggers(rel, event), nil
}

// transitionTable is scanNameSpaceForENR: the transition table of that name, nil
// for none.
func (b *binder) transitionTable(rv *parser.RangeVar) *funcs.TransitionTable {
	for _, t := range b.env.Transitions {
		if rv.Schemaname == "" && t.Name == rv.Relname {
			return t
		}
	}
	return nil
}

// transitionItem is addRangeTableEntryForENR.
func (s *scope) transitionItem(t *funcs.TransitionTable, rv *parser.RangeVar) fromResult {
	scan := &plan.NamedTuplestoreScan{Name: t.Name}
	for _, c := range t.Columns {
		scan.Cols = append(scan.Cols, s.b.outputCol(c.Name, c.Type, c.Typmod))
	}
	name := t.Name
	if rv.Alias != nil {
		name = rv.Alias.Aliasname
	}
	it := s.derivedItem(name, scan.Cols)
	it.aliased, it.unlockable = rv.Alias != nil, "a named tuplestore"
	s.renameColumns(it, rv.Alias)
	return s.single(it, scan, false)
}

// checkTransitionTarget refuses to change a transition table.
func (b *binder) checkTransitionTarget(rv *parser.RangeVar) {
	if b.transitionTable(rv) != nil {
		failAt(-1, pgerr.FeatureNotSupported, "relation \"%s\" cannot be the target of a modifying statement", rv.Relname)
	}
}
