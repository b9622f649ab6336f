package store

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ownTriggers are the triggers of a table or view, by name. Entries are replaced,
// never changed: clones share them.
type ownTriggers struct {
	Triggers []*catalog.Trigger `json:"triggers,omitempty"`
	// ForeignDisabled of a table.
	ForeignDisabled bool `json:"foreignDisabled,omitempty"`
}

func (o ownTriggers) clone() ownTriggers {
	return ownTriggers{slices.Clone(o.Triggers), o.ForeignDisabled}
}

func (o ownTriggers) use(ids *oids) {
	for _, t := range o.Triggers {
		ids.use(t.OID, t.Constraint)
	}
}

// find is the place of the trigger of that name, -1 for none.
func (o ownTriggers) find(name string) int {
	return slices.IndexFunc(o.Triggers, func(t *catalog.Trigger) bool { return t.Name == name })
}

// drop removes a trigger of the relation rel: 42704.
func (o *ownTriggers) drop(name, rel string) error {
	i := o.find(name)
	if i < 0 {
		return pgerr.New(pgerr.UndefinedObject, "trigger \"%s\" for table \"%s\" does not exist", name, rel)
	}
	o.Triggers = slices.Delete(o.Triggers, i, i+1)
	return nil
}

// reword replaces the texts of conditions.
func (o *ownTriggers) reword(texts map[string]string) {
	for i, t := range o.Triggers {
		if text, ok := texts[t.When]; ok && t.When != "" {
			c := *t
			c.When = text
			o.Triggers[i] = &c
		}
	}
}

// putTrigger files a trigger of the relation rel, whose key makes its oids.
func (st *state) putTrigger(o *ownTriggers, p catalog.PutTrigger, key, rel string) error {
	t := p.Trigger
	if i := o.find(t.Name); i >= 0 && o.Triggers[i].OID != t.OID {
		return pgerr.New(pgerr.DuplicateObject, "trigger \"%s\" for relation \"%s\" already exists", t.Name, rel)
	}
	ids := st.assigned()
	if t.OID == 0 {
		t.OID = ids.of("trigger", key+"/"+t.Name)
	}
	if p.Constraint && t.Constraint == 0 {
		t.Constraint = ids.of("trigger constraint", key+"/"+t.Name)
	}
	o.Triggers = slices.DeleteFunc(o.Triggers, func(have *catalog.Trigger) bool { return have.OID == t.OID })
	o.Triggers = append(o.Triggers, &t)
	slices.SortFunc(o.Triggers, func(a, b *catalog.Trigger) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// showTriggers puts the triggers into a relation's descriptor, and the constraints
// of constraint triggers.
func (o ownTriggers) showTriggers(rel *catalog.Relation) {
	rel.Triggers, rel.ForeignDisabled = o.Triggers, o.ForeignDisabled
	for _, t := range o.Triggers {
		if t.Constraint != 0 {
			rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: t.Constraint, Name: t.Name,
				Kind: catalog.TriggerConstraint, Deferrable: t.Deferrable, Deferred: t.Deferred})
		}
	}
}
