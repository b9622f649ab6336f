package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(triggeredUpdateColumns, triggers) }

// trigger is a trigger with one of its events: the standard's triggers have one.
type trigger struct {
	relation
	t     *catalog.Trigger
	event catalog.TriggerType
	verb  string
}

// triggersOf leaves out TRUNCATE, which the standard does not have.
func triggersOf(r relation, yield func(trigger)) {
	for _, t := range r.rel.Triggers {
		for _, e := range pgcatalog.TriggerEvents {
			if t.Type&e.Type != 0 && e.Type != catalog.TriggerTruncate {
				yield(trigger{r, t, e.Type, e.Name})
			}
		}
	}
}

// triggerNamed are the columns that name a trigger and its table.
func triggerNamed[T any](of func(T) trigger, cols virtual.Columns[T]) virtual.Columns[T] {
	cols["trigger_catalog"] = func(x T) any { return of(x).catalog() }
	cols["trigger_schema"] = func(x T) any { return of(x).schema() }
	cols["trigger_name"] = func(x T) any { return of(x).t.Name }
	cols["event_object_catalog"] = func(x T) any { return of(x).catalog() }
	cols["event_object_schema"] = func(x T) any { return of(x).schema() }
	cols["event_object_table"] = func(x T) any { return of(x).name() }
	return cols
}

var triggers = virtual.Rel[trigger]{
	Of:   "triggers",
	Rows: expand(triggersOf),
	Columns: triggerNamed(func(t trigger) trigger { return t }, virtual.Columns[trigger]{
		"event_manipulation":         func(t trigger) any { return t.verb },
		"action_order":               func(t trigger) any { return t.order() },
		"action_condition":           func(t trigger) any { return t.condition() },
		"action_statement":           func(t trigger) any { return pgcatalog.TriggerAction(t.v, t.rel, t.t) },
		"action_orientation":         func(t trigger) any { return t.level() },
		"action_timing":              func(t trigger) any { return pgcatalog.TriggerTiming(t.t.Type) },
		"action_reference_old_table": func(t trigger) any { return orNull(t.t.OldTable) },
		"action_reference_new_table": func(t trigger) any { return orNull(t.t.NewTable) },
	}),
	Lookups: byTable("event_object_schema", "event_object_table", triggersOf),
}

func (t trigger) level() string {
	if t.t.Type&catalog.TriggerRow != 0 {
		return "ROW"
	}
	return "STATEMENT"
}

// order is the place among the triggers that fire at the same time.
func (t trigger) order() int32 {
	n := int32(0)
	for _, other := range t.rel.Triggers {
		if other.Type.Fires(t.t.Type&^(catalog.TriggerInsert|catalog.TriggerDelete|catalog.TriggerUpdate|catalog.TriggerTruncate) | t.event) {
			n++
		}
		if other == t.t {
			break
		}
	}
	return n
}

// triggeredColumn is a column of UPDATE OF.
type triggeredColumn struct {
	trigger
	num int16
}

func triggeredColumns(r relation, yield func(triggeredColumn)) {
	for _, t := range r.rel.Triggers {
		for _, num := range t.Columns {
			yield(triggeredColumn{trigger{relation: r, t: t}, num})
		}
	}
}

var triggeredUpdateColumns = virtual.Rel[triggeredColumn]{
	Of:   "triggered_update_columns",
	Rows: expand(triggeredColumns),
	Columns: triggerNamed(func(c triggeredColumn) trigger { return c.trigger }, virtual.Columns[triggeredColumn]{
		"event_object_column": func(c triggeredColumn) any { return c.rel.Column(c.num).Name },
	}),
	Lookups: byTable("event_object_schema", "event_object_table", triggeredColumns),
}

func (t trigger) condition() any {
	if t.t.When == "" {
		return nil
	}
	return pgcatalog.TriggerCondition(t.v, t.rel, t.t, false)
}
