package store

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownRules are the rules of a table or view, by name. Entries are replaced, never
// changed: clones share them.
type ownRules struct {
	Rules []*catalog.Rule `json:"rules,omitempty"`
}

func (o ownRules) clone() ownRules { return ownRules{slices.Clone(o.Rules)} }

func (o ownRules) use(ids *oids) {
	for _, r := range o.Rules {
		ids.use(r.OID)
	}
}

// put files a rule of the relation rel, whose key makes its oid.
func (o *ownRules) put(st *state, r catalog.Rule, key, rel string) error {
	if i := o.find(r.Name); i >= 0 && o.Rules[i].OID != r.OID {
		return pgerr.New(pgerr.DuplicateObject, "rule \"%s\" for relation \"%s\" already exists", r.Name, rel)
	}
	if r.OID == 0 {
		r.OID = st.assigned().of("rule", key+"/"+r.Name)
	}
	o.Rules = slices.DeleteFunc(o.Rules, func(have *catalog.Rule) bool { return have.OID == r.OID })
	o.Rules = append(o.Rules, &r)
	slices.SortFunc(o.Rules, func(a, b *catalog.Rule) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// find is the place of the rule of that name, -1 for none.
func (o ownRules) find(name string) int {
	return slices.IndexFunc(o.Rules, func(r *catalog.Rule) bool { return r.Name == name })
}

// comment sets the comment of a rule; false if the oid is of none.
func (o *ownRules) comment(oid types.OID, text string) bool {
	for i, r := range o.Rules {
		if r.OID == oid {
			c := *r
			c.Comment = text
			o.Rules[i] = &c
			return true
		}
	}
	return false
}

// drop removes a rule of the relation rel: 42704.
func (o *ownRules) drop(name, rel string) error {
	i := o.find(name)
	if i < 0 {
		return pgerr.New(pgerr.UndefinedObject, "rule \"%s\" for relation \"%s\" does not exist", name, rel)
	}
	o.Rules = slices.Delete(o.Rules, i, i+1)
	return nil
}
