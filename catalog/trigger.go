package catalog

import "slices"

// TriggerType is pg_trigger.tgtype: the level, timing and events of a trigger
// (pg_trigger.h). Without TriggerBefore and TriggerInsteadOf it is an AFTER
// trigger, without TriggerRow one FOR EACH STATEMENT.
type TriggerType int16

// The bits of a TriggerType.
const (
	TriggerRow TriggerType = 1 << iota
	TriggerBefore
	TriggerInsert
	TriggerDelete
	TriggerUpdate
	TriggerTruncate
	TriggerInsteadOf

	triggerTiming = TriggerBefore | TriggerInsteadOf
	triggerEvents = TriggerInsert | TriggerDelete | TriggerUpdate | TriggerTruncate
)

// Events are the events alone.
func (t TriggerType) Events() TriggerType { return t & triggerEvents }

// Timing is TriggerBefore, TriggerInsteadOf, or 0 for AFTER.
func (t TriggerType) Timing() TriggerType { return t & triggerTiming }

// Fires says whether a trigger is one for an event, at a timing and level: all
// given as bits together (TRIGGER_TYPE_MATCHES).
func (t TriggerType) Fires(at TriggerType) bool {
	return t&(TriggerRow|triggerTiming) == at&(TriggerRow|triggerTiming) && t&at.Events() != 0
}

// Trigger is one pg_trigger entry.
type Trigger struct {
	OID      OID         `json:"oid"`
	Name     string      `json:"name"`
	Function OID         `json:"function"`
	Type     TriggerType `json:"type"`
	// Enabled is pg_trigger.tgenabled: O (origin), D (disabled), R (replica), A
	// (always).
	Enabled byte `json:"enabled"`
	// Columns of UPDATE OF, by number.
	Columns []int16  `json:"columns,omitempty"`
	Args    []string `json:"args,omitempty"`
	// When is the condition as SQL text over the rows old and new, "" for none.
	When string `json:"when,omitempty"`
	// OldTable and NewTable name the transition tables, "" for none.
	OldTable string `json:"oldTable,omitempty"`
	NewTable string `json:"newTable,omitempty"`
	// Constraint is the oid in pg_constraint of a constraint trigger, 0 for others.
	Constraint OID `json:"constraint,omitempty"`
	// From is the table of a constraint trigger's FROM, 0 for none.
	From       OID  `json:"from,omitempty"`
	Deferrable bool `json:"deferrable,omitempty"`
	Deferred   bool `json:"deferred,omitempty"`
	// Inherited: it is the clone of the partitioned table's row trigger of this name.
	Inherited bool   `json:"inherited,omitempty"`
	Comment   string `json:"comment,omitempty"`
}

// Active says whether a trigger fires in a session: session_replication_role is
// replica, or not.
func (t *Trigger) Active(replica bool) bool {
	switch t.Enabled {
	case 'D':
		return false
	case 'R':
		return replica
	case 'O':
		return !replica
	}
	return true
}

// TriggerNamed returns the relation's trigger of that name, or nil.
func (r *Relation) TriggerNamed(name string) *Trigger {
	if i := slices.IndexFunc(r.Triggers, func(t *Trigger) bool { return t.Name == name }); i >= 0 {
		return r.Triggers[i]
	}
	return nil
}

// HasTrigger says whether some trigger of the relation, disabled ones too, is of
// that event, timing and level.
func (r *Relation) HasTrigger(at TriggerType) bool {
	return slices.ContainsFunc(r.Triggers, func(t *Trigger) bool { return t.Type.Fires(at) })
}

// PutTrigger adds a trigger to a relation (OID 0: it gets one), or replaces the one
// with that oid; 42710 where the name is another's. Constraint: it is a constraint
// trigger, which gets a constraint too.
type PutTrigger struct {
	Trigger    Trigger
	Constraint bool
}

// DropTrigger removes a trigger: 42704 if there is none of that name.
type DropTrigger struct{ Name string }

// EnableForeign says whether writes to a table are held against foreign keys.
type EnableForeign struct{ Enabled bool }

func (PutTrigger) alterAction()    {}
func (DropTrigger) alterAction()   {}
func (EnableForeign) alterAction() {}
