package catalog

import "slices"

// Extension is one pg_extension entry that CREATE EXTENSION made.
type Extension struct {
	OID     OID    `json:"oid"`
	Name    string `json:"name"`
	Schema  string `json:"schema"` // where its objects are
	Version string `json:"version"`
	Owner   OID    `json:"owner"`
	Comment string `json:"comment,omitempty"`
	// Members are what its script made, by class (the oid of a catalog, as in pg_depend).
	Members []Object `json:"members,omitempty"`
}

// Has says whether an object is a member.
func (e *Extension) Has(oid OID) bool {
	return slices.ContainsFunc(e.Members, func(m Object) bool { return m.OID == oid })
}

// Extensions are those that CREATE EXTENSION made, by oid.
func (r *Routines) Extensions() []*Extension {
	if r == nil {
		return nil
	}
	return r.extensions
}

// Extension returns the extension of that name, or nil.
func (r *Routines) Extension(name string) *Extension {
	for _, e := range r.Extensions() {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// ExtensionOf returns the extension that an object belongs to, or nil.
func (r *Routines) ExtensionOf(oid OID) *Extension {
	for _, e := range r.Extensions() {
		if e.Has(oid) {
			return e
		}
	}
	return nil
}

// WithExtensions adds the extensions to routines that nobody else has yet.
func (r *Routines) WithExtensions(es []*Extension) *Routines {
	slices.SortFunc(es, func(a, b *Extension) int { return int(int64(a.OID) - int64(b.OID)) })
	r.extensions = es
	return r
}
