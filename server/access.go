package server

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/wire/auth"
)

// access says who may connect, as read from its files.
type access struct {
	policy auth.Policy
	rules  []auth.HBARule
	maps   []auth.IdentRule
}

// Reload reads the files of rules, and of certificates, again; after an error what was
// read before stays.
func (s *Server) Reload() error {
	conf, err := readTLS(s.cfg)
	if err != nil {
		return err
	}
	if err := s.reloadRules(); err != nil {
		return err
	}
	if s.wire != nil {
		s.wire.SetTLS(conf)
	}
	return nil
}

func (s *Server) reloadRules() error {
	all := users{s.users, s.db.catalog}
	if s.cfg.HBAFile == "" {
		rules := auth.DefaultRules(s.users)
		if rules.Users != nil {
			rules.Users = all
		}
		s.access.Store(&access{policy: rules})
		return nil
	}
	rules, err := readRules(s.cfg.HBAFile, auth.ParseHBA)
	if err != nil {
		return err
	}
	var maps []auth.IdentRule
	if s.cfg.IdentFile != "" {
		if maps, err = readRules(s.cfg.IdentFile, auth.ParseIdent); err != nil {
			return err
		}
	}
	policy := auth.HBA{Rules: rules, Maps: maps, Users: all, Members: s.isMember, Names: net.DefaultResolver}
	s.access.Store(&access{policy: policy, rules: rules, maps: maps})
	return nil
}

func readRules[T any](path string, parse func(path, text string, read auth.ReadFile) ([]T, error)) ([]T, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("could not read the rules: %w", err)
	}
	rules, err := parse(path, string(text), os.ReadFile)
	if e := pgerr.As(err); e != nil {
		return nil, fmt.Errorf("%s, %s: %w", path, e.Detail, err)
	}
	return rules, err
}

// Decide implements auth.Policy.
func (s *Server) Decide(ctx context.Context, r auth.Request) (auth.Decision, error) {
	return s.access.Load().policy.Decide(ctx, r)
}

// isMember is is_member of pg_hba.conf: superusers are no members of everything there.
func (s *Server) isMember(user, role string) bool {
	cat := s.db.catalog.Snapshot()
	u, r := catalog.RoleByName(cat, user), catalog.RoleByName(cat, role)
	if u == nil || r == nil {
		return false
	}
	plain := *u
	plain.Superuser = false
	return catalog.IsMemberOf(cat, &plain, r.OID)
}

// hbaRules and identRules are what the catalog shows.
func (a *access) hbaRules() []virtual.HBARule {
	var out []virtual.HBARule
	for _, r := range a.rules {
		out = append(out, virtual.HBARule{Line: int32(r.Line), Type: r.Type, Databases: r.Databases, Users: r.Users,
			Address: r.Address, Mask: r.Mask, Method: r.AuthMethod, Options: r.Options})
	}
	return out
}

func (a *access) identRules() []virtual.IdentRule {
	var out []virtual.IdentRule
	for _, m := range a.maps {
		out = append(out, virtual.IdentRule{Line: int32(m.Line), Map: m.Map, System: m.System, Role: m.Role})
	}
	return out
}
