package catalog

// PolicyCommand is pg_policy.polcmd.
type PolicyCommand byte

// The commands that policies are for.
const (
	PolicyAll    PolicyCommand = '*'
	PolicySelect PolicyCommand = 'r'
	PolicyInsert PolicyCommand = 'a'
	PolicyUpdate PolicyCommand = 'w'
	PolicyDelete PolicyCommand = 'd'
)

// Policy is a row-level security policy of a table.
type Policy struct {
	OID     OID           `json:"oid"`
	Name    string        `json:"name"`
	Command PolicyCommand `json:"command"`
	// Restrictive: it must hold besides what the permissive ones allow.
	Restrictive bool `json:"restrictive,omitempty"`
	// Roles that it is for; 0 is PUBLIC.
	Roles []OID `json:"roles"`
	// Row is what the texts call the table's row: the table's name when they were written.
	Row string `json:"row"`
	// Using and Check are SQL text over that row, "" for none.
	Using   string `json:"using,omitempty"`
	Check   string `json:"check,omitempty"`
	Comment string `json:"comment,omitempty"`
	// Reads are the relations that the expressions name, beside the table.
	Reads []OID `json:"reads,omitempty"`
}

// Policy returns the policy of that name, or nil.
func (r *Relation) Policy(name string) *Policy {
	for _, p := range r.Policies {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// PoliciesFor are the permissive and the restrictive policies of a relation for a command
// and a role, by name (get_policies_for_relation).
func (r *Relation) PoliciesFor(m Members, cmd PolicyCommand, role *Role) (permissive, restrictive []*Policy) {
	for _, p := range r.Policies {
		switch {
		case p.Command != PolicyAll && p.Command != cmd || !p.appliesTo(m, role):
		case p.Restrictive:
			restrictive = append(restrictive, p)
		default:
			permissive = append(permissive, p)
		}
	}
	return permissive, restrictive
}

// appliesTo is check_role_for_policy.
func (p *Policy) appliesTo(m Members, role *Role) bool {
	for _, oid := range p.Roles {
		if oid == 0 || HasPrivsOf(m, role, oid) {
			return true
		}
	}
	return false
}

// RowSecurityFor says whether policies decide which rows of the relation a role sees
// (check_enable_rls, but for the parameter row_security). A nil role sees all.
func (r *Relation) RowSecurityFor(m Members, role *Role) bool {
	switch {
	case !r.RowSecurity, role == nil, role.Superuser, role.BypassRLS:
		return false
	}
	return r.ForceRowSecurity || !HasPrivsOf(m, role, r.Owner)
}
