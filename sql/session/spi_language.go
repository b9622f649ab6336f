package session

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What a language without variables in its SQL wants of a session, beside what
// all want.

// stateKey is what a language keeps for one role of the session.
type stateKey struct {
	key  any
	role types.OID
}

// State implements pl.SPI.
func (x *spi) State(key any, make func() any) any {
	k := stateKey{key, x.roleOID()}
	v, ok := x.languageStates[k]
	if !ok {
		if x.languageStates == nil {
			x.languageStates = map[stateKey]any{}
		}
		v = make()
		x.languageStates[k] = v
	}
	return v
}

// Number implements pl.SPI.
func (x *spi) Number(name string) int64 { return x.values.Int(name) }

// PrepareWith implements pl.SPI: the parameters are those of PREPARE.
func (x *spi) PrepareWith(text string, declared []*types.Type) (pl.Plan, error) {
	p := &spiPlan{s: x.Session, text: text, dynamic: true}
	for _, t := range declared {
		p.declared = append(p.declared, t.OID)
	}
	stmts, err := x.parseText(text)
	switch {
	case err != nil:
		return nil, p.errContext(err)
	case len(stmts) != 1:
		return nil, p.errContext(pgerr.New(pgerr.SyntaxError, "cannot insert multiple commands into a prepared statement"))
	}
	if err := p.bind(stmts[0]); err != nil {
		return nil, p.errContext(err)
	}
	return p, nil
}

// Params implements pl.Plan.
func (p *spiPlan) Params() []*types.Type {
	if q, ok := p.p.bound.(*plan.Query); ok {
		return q.Params
	}
	return nil
}
