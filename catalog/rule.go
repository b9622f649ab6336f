package catalog

// RuleEvent is pg_rewrite.ev_type.
type RuleEvent byte

// The events that rules are for. The rule of a view's SELECT is its Definition.
const (
	RuleSelect RuleEvent = '1'
	RuleUpdate RuleEvent = '2'
	RuleInsert RuleEvent = '3'
	RuleDelete RuleEvent = '4'
)

// Rule is a rule of a table or view.
type Rule struct {
	OID     OID       `json:"oid"`
	Name    string    `json:"name"`
	Event   RuleEvent `json:"event"`
	Instead bool      `json:"instead,omitempty"`
	// Where is the qualification as SQL text over the rows old and new, "" for none.
	Where string `json:"where,omitempty"`
	// Actions as SQL text, none for NOTHING.
	Actions []string `json:"actions,omitempty"`
	// Enabled is pg_rewrite.ev_enabled: O (origin), D (disabled), R (replica), A
	// (always).
	Enabled byte   `json:"enabled"`
	Comment string `json:"comment,omitempty"`
	// Reads are the relations that the rule names, beside its own.
	Reads []OID `json:"reads,omitempty"`
}

// Unconditional says that the rule takes the statement's place whatever the rows.
func (r *Rule) Unconditional() bool { return r.Instead && r.Where == "" }

// Rule returns the rule of that name, or nil.
func (r *Relation) Rule(name string) *Rule {
	for _, rule := range r.Rules {
		if rule.Name == name {
			return rule
		}
	}
	return nil
}

// Firing are the relation's enabled rules for an event, by name.
func (r *Relation) Firing(event RuleEvent) []*Rule {
	var out []*Rule
	for _, rule := range r.Rules {
		if rule.Event == event && (rule.Enabled == 'O' || rule.Enabled == 'A') {
			out = append(out, rule)
		}
	}
	return out
}
