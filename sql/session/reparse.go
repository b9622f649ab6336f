package session

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Drivers that name no statements (node-postgres, lib/pq, pgjdbc's first runs, pgbench's
// extended mode) parse the same text with parameters for each row that they look for.
// The session keeps what such a text became, as it does for a named statement, where no
// other plan could be better and nothing but the catalog decides what it means.

// reparseLimit bounds the texts that a session keeps, reparseBytes each of them; when
// there are too many all are forgotten.
const (
	reparseLimit = 256
	reparseBytes = 4096
)

// unnamed returns what a text became when it was last parsed without a name, nil if it
// has to be parsed again.
func (s *Session) unnamed(text string, declared []types.OID) *prepared {
	p := s.texts[text]
	if p == nil || s.allowed(false) != nil || !s.vars().plainBackslash {
		return nil
	}
	s.begin(false)
	s.tx.refresh()
	if p.version == s.catalog().Version() && p.path == s.bindKey() && slices.Equal(p.declared, declared) && p.repeatable() && s.checkRole() == nil {
		return p
	}
	delete(s.texts, text)
	return nil
}

// keepUnnamed remembers what a text became.
func (s *Session) keepUnnamed(text string, p *prepared) {
	if _, query := p.bound.(*plan.Query); !query || len(text) > reparseBytes || !s.vars().plainBackslash {
		return
	}
	if len(s.texts) >= reparseLimit {
		clear(s.texts)
	}
	s.texts[text] = p
}

// repeatable says whether a statement that has been planned would be bound and planned in
// the same way at any other time.
func (p *prepared) repeatable() bool {
	q := p.bound.(*plan.Query)
	return p.planned != nil && !q.CurrentOf && byKeys(p.planned) && plainConstants(q.Root)
}

// plainConstants says whether no constant was read by the settings or the clock of its
// moment, as dates are.
func plainConstants(root plan.Node) bool {
	plain := true
	plan.WalkNodes(root, func(n plan.Node) bool {
		for _, e := range n.Exprs() {
			plan.Walk(e, func(e plan.Expr) bool {
				if k, ok := e.(*plan.Const); ok && k.Value != nil {
					c := k.Typ.Category
					plain = plain && (c == types.NumericCat || c == types.String || c == types.Boolean)
				}
				return plain
			})
		}
		return plain
	})
	return plain
}
