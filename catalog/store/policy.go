package store

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownPolicies is the row-level security of a table; the policies stand by name. Entries
// are replaced, never changed: clones share them.
type ownPolicies struct {
	Policies         []*catalog.Policy `json:"policies,omitempty"`
	RowSecurity      bool              `json:"rowSecurity,omitempty"`
	ForceRowSecurity bool              `json:"forceRowSecurity,omitempty"`
}

func (o ownPolicies) clone() ownPolicies {
	o.Policies = slices.Clone(o.Policies)
	return o
}

func (o ownPolicies) use(ids *oids) {
	for _, p := range o.Policies {
		ids.use(p.OID)
	}
}

func (o ownPolicies) show(rel *catalog.Relation) {
	rel.Policies, rel.RowSecurity, rel.ForceRowSecurity = o.Policies, o.RowSecurity, o.ForceRowSecurity
}

// put files a policy of the table rel, whose key makes its oid.
func (o *ownPolicies) put(st *state, p catalog.Policy, key, rel string) error {
	if i := o.find(p.Name); i >= 0 && o.Policies[i].OID != p.OID {
		return pgerr.New(pgerr.DuplicateObject, "policy \"%s\" for table \"%s\" already exists", p.Name, rel)
	}
	if p.OID == 0 {
		p.OID = st.assigned().of("policy", key+"/"+p.Name)
	}
	o.Policies = slices.DeleteFunc(o.Policies, func(have *catalog.Policy) bool { return have.OID == p.OID })
	o.Policies = append(o.Policies, &p)
	slices.SortFunc(o.Policies, func(a, b *catalog.Policy) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// find is the place of the policy of that name, -1 for none.
func (o ownPolicies) find(name string) int {
	return slices.IndexFunc(o.Policies, func(p *catalog.Policy) bool { return p.Name == name })
}

// drop removes a policy of the table rel: 42704.
func (o *ownPolicies) drop(name, rel string) error {
	i := o.find(name)
	if i < 0 {
		return pgerr.New(pgerr.UndefinedObject, "policy \"%s\" for table \"%s\" does not exist", name, rel)
	}
	o.Policies = slices.Delete(o.Policies, i, i+1)
	return nil
}

// change replaces the policy at i by a copy that f has changed.
func (o *ownPolicies) change(i int, f func(p *catalog.Policy)) {
	c := *o.Policies[i]
	f(&c)
	o.Policies[i] = &c
}

// comment sets the comment of a policy; false if the oid is of none.
func (o *ownPolicies) comment(oid types.OID, text string) bool {
	for i, p := range o.Policies {
		if p.OID == oid {
			o.change(i, func(p *catalog.Policy) { p.Comment = text })
			return true
		}
	}
	return false
}

// reword replaces the texts of expressions.
func (o *ownPolicies) reword(texts map[string]string) {
	for i := range o.Policies {
		o.change(i, func(p *catalog.Policy) {
			if t, ok := texts[p.Using]; ok {
				p.Using = t
			}
			if t, ok := texts[p.Check]; ok {
				p.Check = t
			}
		})
	}
}
