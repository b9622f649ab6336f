package store

import "github.com/s3db-sql/s3db-sql/sql/types"

// Outer is the catalog around a temporary one, whose tables have its types.
type Outer interface {
	Types() *types.Registry
	// AtRest are the forms in which rows keep the values of types.
	AtRest() *types.Registry
	Version() uint64
}

// AtRest are the forms in which rows keep the values of types.
func (s *snapshot) AtRest() *types.Registry { return s.atRest }

// AtRest are the forms in which rows keep the values of types.
func (t *tx) AtRest() *types.Registry { return t.view.atRest }

// outer is the catalog around env's, nil for none.
func (env *Env) outer() Outer {
	if env.Outer == nil {
		return nil
	}
	return env.Outer()
}

// outerVersion changes with the catalog around env's.
func (env *Env) outerVersion() uint64 {
	if o := env.outer(); o != nil {
		return o.Version()
	}
	return 0
}

// outerType finds a type of the catalog around this one.
func (st *state) outerType(oid types.OID) *types.Type {
	if o := st.env.outer(); o != nil && oid >= types.FirstNormalOID {
		return o.Types().ByOID(oid)
	}
	return nil
}

// fresh is the current snapshot, made anew if the types around it have changed or rows of
// another writer were met.
func (s *Store) fresh() *snapshot {
	cur := s.current.Load()
	if cur.doubts.Load() != s.foreign.version.Load() {
		cur = s.doubt()
	}
	if s.env.Outer == nil || cur.outerVersion == s.env.outerVersion() {
		return cur
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace(s.current.Load().state, s.etags[0], s.etags[1])
	return s.current.Load()
}

// Renew makes the transaction see the types around its catalog as they are now.
func (t *tx) Renew() { t.use(t.state) }
