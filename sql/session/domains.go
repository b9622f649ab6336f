package session

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// domainChecker checks values against the constraints of domains, for one
// statement (domain_check_input). Workers share it.
type domainChecker struct {
	s    *Session
	mu   sync.Mutex
	made map[*types.Type][]domainConstraint
}

// domainConstraint is NOT NULL where holds is nil.
type domainConstraint struct {
	name  string
	holds func(v any) (any, error)
}

// forget makes it ready for another statement.
func (c *domainChecker) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = nil
}

// check implements types.Env's CheckDomain: 23502, 23514.
func (c *domainChecker) check(t *types.Type, v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	constraints, ok := c.made[t]
	if !ok {
		var err error
		if constraints, err = c.compile(t); err != nil {
			return err
		}
		if c.made == nil {
			c.made = map[*types.Type][]domainConstraint{}
		}
		c.made[t] = constraints
	}
	for _, k := range constraints {
		if err := k.check(t, v); err != nil {
			return err
		}
	}
	return nil
}

// compile gives the constraints in PostgreSQL's order: NOT NULL first, then the
// CHECKs of the domains below and at last the domain's own.
func (c *domainChecker) compile(t *types.Type) ([]domainConstraint, error) {
	var checks []domainConstraint
	notNull := false
	base, _ := t.BaseType(-1)
	for d := t; d.Domain != nil; d = d.Domain.Base {
		notNull = notNull || d.Domain.NotNull
		own, err := c.checks(d, base)
		if err != nil {
			return nil, err
		}
		checks = append(own, checks...)
	}
	if notNull {
		checks = append([]domainConstraint{{}}, checks...)
	}
	return checks, nil
}

func (c *domainChecker) checks(d, base *types.Type) ([]domainConstraint, error) {
	var out []domainConstraint
	for _, k := range d.Domain.Checks {
		e, err := bind.DomainCheck(c.s.bindEnv(nil), k.Expr, d.Domain.Base, d.Domain.Typmod)
		if err != nil {
			return nil, displaced(err)
		}
		holds, err := exec.Over(c.s.ctx, e, base, c.s.execEnv(nil, nil))
		if err != nil {
			return nil, err
		}
		out = append(out, domainConstraint{k.Name, holds})
	}
	return out, nil
}

func (k domainConstraint) check(t *types.Type, v any) error {
	if k.holds == nil {
		if v != nil {
			return nil
		}
		e := pgerr.New(pgerr.NotNullViolation, "domain %s does not allow null values", t.SQLName())
		e.Schema, e.DataType = t.Namespace, t.Name
		return e
	}
	ok, err := k.holds(v)
	if err != nil || ok != false {
		return err
	}
	e := pgerr.New(pgerr.CheckViolation, "value for domain %s violates check constraint \"%s\"", t.SQLName(), k.name)
	e.Schema, e.DataType, e.Constraint = t.Namespace, t.Name, k.name
	return e
}
