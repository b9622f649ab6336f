package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgTrigger) }

// trigger of a relation.
type trigger struct {
	v   View
	rel *catalog.Relation
	t   *catalog.Trigger
}

// pgTrigger has the triggers that users made. Foreign keys are checked without
// any.
var pgTrigger = virtual.Rel[trigger]{
	Of:   "pg_trigger",
	Size: virtual.Size{PerRelation: 1},
	Rows: func(v View, yield func(trigger)) {
		for _, rel := range Outlines(v) {
			triggersOf(v, rel, yield)
		}
	},
	Columns: virtual.Columns[trigger]{
		"oid":            func(t trigger) any { return t.t.OID },
		"tgrelid":        func(t trigger) any { return t.rel.OID },
		"tgname":         func(t trigger) any { return t.t.Name },
		"tgfoid":         func(t trigger) any { return t.t.Function },
		"tgparentid":     func(t trigger) any { return parentTrigger(t.v, t.rel, t.t) },
		"tgtype":         func(t trigger) any { return int16(t.t.Type) },
		"tgenabled":      func(t trigger) any { return letter(t.t.Enabled) },
		"tgconstrrelid":  func(t trigger) any { return t.t.From },
		"tgconstraint":   func(t trigger) any { return t.t.Constraint },
		"tgdeferrable":   func(t trigger) any { return t.t.Deferrable },
		"tginitdeferred": func(t trigger) any { return t.t.Deferred },
		"tgnargs":        func(t trigger) any { return int16(len(t.t.Args)) },
		"tgattr":         func(t trigger) any { return int2Vector(t.t.Columns) },
		"tgargs":         func(t trigger) any { return t.args() },
		"tgqual":         func(t trigger) any { return t.condition() },
		"tgoldtable":     func(t trigger) any { return orNull(t.t.OldTable) },
		"tgnewtable":     func(t trigger) any { return orNull(t.t.NewTable) },
	},
	Lookups: []virtual.Lookup[trigger]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(trigger)) {
			if t, ok := triggerByOID(v, keys[0].(types.OID)); ok {
				yield(t)
			}
		}},
		{By: []string{"tgrelid"}, Each: 2, Find: func(v View, keys []any, yield func(trigger)) {
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) { triggersOf(v, rel, yield) })
		}},
	},
}

func triggersOf(v View, rel *catalog.Relation, yield func(trigger)) {
	for _, t := range rel.Triggers {
		yield(trigger{v, rel, t})
	}
}

func triggerByOID(v View, oid types.OID) (trigger, bool) {
	rel := outline(v, oid)
	if rel == nil {
		return trigger{}, false
	}
	for _, t := range rel.Triggers {
		if t.OID == oid {
			return trigger{v, rel, t}, true
		}
	}
	return trigger{}, false
}

// parentTrigger is the oid of the trigger of which t, on a partition, is a clone; 0
// for others.
func parentTrigger(v View, rel *catalog.Relation, t *catalog.Trigger) types.OID {
	if !t.Inherited {
		return 0
	}
	return outline(v, rel.Parents[0]).TriggerNamed(t.Name).OID
}

// args are the arguments, each with a zero byte behind it.
func (t trigger) args() []byte {
	out := []byte{}
	for _, a := range t.t.Args {
		out = append(append(out, a...), 0)
	}
	return out
}

// triggerDef is pg_get_triggerdef.
func triggerDef(q *call) (any, error) {
	t, ok := triggerByOID(q.View, q.oid(0))
	if !ok {
		return nil, nil
	}
	return t.definition(q.flag(1)), nil
}

// definition is pg_get_triggerdef_worker.
func (t trigger) definition(pretty bool) string {
	def := "CREATE TRIGGER "
	if t.t.Constraint != 0 {
		def = "CREATE CONSTRAINT TRIGGER "
	}
	name := qualified
	if pretty {
		name = shortest(t.v)
	}
	rel := t.v.Catalog().RelationByOID(t.rel.OID)
	def += quoteIdent(t.t.Name) + " " + TriggerTiming(t.t.Type) + " " + t.events(rel) + " ON " + name(rel) + " "
	def += t.constraint() + t.referencing()
	if t.t.Type&catalog.TriggerRow != 0 {
		def += "FOR EACH ROW "
	} else {
		def += "FOR EACH STATEMENT "
	}
	if t.t.When != "" {
		def += "WHEN (" + TriggerCondition(t.v, rel, t.t, pretty) + ") "
	}
	return def + t.action()
}

// action is EXECUTE FUNCTION with the arguments.
func (t trigger) action() string {
	args := make([]string, len(t.t.Args))
	for i, a := range t.t.Args {
		args[i] = funcs.QuoteLiteral(a)
	}
	return "EXECUTE FUNCTION " + t.functionName() + "(" + strings.Join(args, ", ") + ")"
}

// TriggerAction is what a trigger of rel executes.
func TriggerAction(v View, rel *catalog.Relation, t *catalog.Trigger) string {
	return trigger{v, rel, t}.action()
}

// functionName names the schema where the search path does not find the function.
func (t trigger) functionName() string {
	f := functionByOID(t.v, t.t.Function)
	if f == nil {
		return "???"
	}
	visible := isVisible(t.v, f.Schema(), func(schema string) bool {
		for _, other := range t.v.Catalog().Routines().Named(f.Name) {
			if other.Schema == schema && len(other.Inputs()) == 0 {
				return true
			}
		}
		return false
	})
	if visible || f.Schema() == Schema.Name {
		return quoteIdent(f.Name)
	}
	return quoteQualified(f.Schema(), f.Name)
}

// TriggerTiming is when a trigger fires, as SQL says it.
func TriggerTiming(t catalog.TriggerType) string {
	switch t.Timing() {
	case catalog.TriggerBefore:
		return "BEFORE"
	case catalog.TriggerInsteadOf:
		return "INSTEAD OF"
	}
	return "AFTER"
}

// TriggerEvents are the events in the order in which PostgreSQL lists them.
var TriggerEvents = []struct {
	Type catalog.TriggerType
	Name string
}{
	{catalog.TriggerInsert, "INSERT"}, {catalog.TriggerDelete, "DELETE"}, {catalog.TriggerUpdate, "UPDATE"}, {catalog.TriggerTruncate, "TRUNCATE"},
}

func (t trigger) events(rel *catalog.Relation) string {
	var out []string
	for _, e := range TriggerEvents {
		if t.t.Type&e.Type == 0 {
			continue
		}
		name := e.Name
		if e.Type == catalog.TriggerUpdate && len(t.t.Columns) > 0 {
			name += " OF " + columnList(rel, t.t.Columns)
		}
		out = append(out, name)
	}
	return strings.Join(out, " OR ")
}

func (t trigger) constraint() string {
	if t.t.Constraint == 0 {
		return ""
	}
	def := ""
	if from := t.v.Catalog().RelationByOID(t.t.From); from != nil {
		def = "FROM " + shortest(t.v)(from) + " "
	}
	if !t.t.Deferrable {
		def += "NOT "
	}
	def += "DEFERRABLE INITIALLY "
	if t.t.Deferred {
		return def + "DEFERRED "
	}
	return def + "IMMEDIATE "
}

func (t trigger) referencing() string {
	if t.t.OldTable == "" && t.t.NewTable == "" {
		return ""
	}
	def := "REFERENCING "
	if t.t.OldTable != "" {
		def += "OLD TABLE AS " + quoteIdent(t.t.OldTable) + " "
	}
	if t.t.NewTable != "" {
		def += "NEW TABLE AS " + quoteIdent(t.t.NewTable) + " "
	}
	return def
}

// TriggerCondition is the condition of a trigger.
func TriggerCondition(v View, rel *catalog.Relation, t *catalog.Trigger, pretty bool) string {
	if full := v.Catalog().RelationByOID(rel.OID); full != nil {
		rel = full
	}
	return deparsed(v, catalog.KeptExpr{Text: t.When, Rel: rel, Trigger: true}, pretty)
}

func (t trigger) condition() any {
	if t.t.When == "" {
		return nil
	}
	return TriggerCondition(t.v, t.rel, t.t, false)
}
