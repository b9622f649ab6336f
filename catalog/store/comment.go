package store

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// commentByOID sets the comment on a schema, the database, or a constraint or rule of a relation;
// false if the oid is none of these.
func (st *state) commentByOID(object types.OID, comment string) bool {
	for _, s := range st.own.Schemas {
		if s.OID == object {
			s.Comment = comment
			return true
		}
	}
	if st.own.commentRule(object, comment) {
		return true
	}
	if object != catalog.PublicOID && object != st.env.database(st.env.Database).OID && !st.own.hasConstraint(object) {
		return false
	}
	if st.own.Comments == nil {
		st.own.Comments = map[types.OID]string{}
	}
	st.own.Comments[object] = comment
	return true
}

// SetLargeObjectComment implements catalog.Tx.
func (t *tx) SetLargeObjectComment(_ context.Context, oid types.OID, comment string) error {
	return t.apply(func(st *state) error {
		if st.own.LargeComments == nil {
			st.own.LargeComments = map[types.OID]string{}
		}
		st.own.LargeComments[oid] = comment
		if comment == "" {
			delete(st.own.LargeComments, oid)
		}
		return nil
	})
}

func (w *own) hasConstraint(oid types.OID) bool {
	for _, t := range w.Tables {
		if t.KeyConstraint == oid ||
			slices.ContainsFunc(t.Indexes, func(ix ownIndex) bool { return ix.Constraint == oid }) ||
			slices.ContainsFunc(t.Checks, func(c ownCheck) bool { return c.OID == oid }) ||
			slices.ContainsFunc(t.Foreign, func(f ownFK) bool { return f.OID == oid }) {
			return true
		}
	}
	return false
}

// commentRule sets the comment of a rule or policy; false if the oid is of none.
func (w *own) commentRule(oid types.OID, comment string) bool {
	for r, t := range w.Tables {
		if slices.ContainsFunc(t.Rules, func(r *catalog.Rule) bool { return r.OID == oid }) ||
			slices.ContainsFunc(t.Policies, func(p *catalog.Policy) bool { return p.OID == oid }) {
			t = w.change(r)
			return t.ownRules.comment(oid, comment) || t.ownPolicies.comment(oid, comment)
		}
	}
	for _, v := range w.Views {
		if v.ownRules.comment(oid, comment) {
			return true
		}
	}
	return false
}

// publicComment is that of schema public until somebody sets another one.
func (w *own) publicComment() string {
	if c, ok := w.Comments[catalog.PublicOID]; ok {
		return c
	}
	return "standard public schema"
}

// commentConstraints gives the constraints of a table their comments.
func (w *own) commentConstraints(rel *catalog.Relation) {
	for _, c := range rel.Constraints {
		c.Comment = w.Comments[c.OID]
	}
}
