package session

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

// identitySettings are the parameters behind SET ROLE and SET SESSION
// AUTHORIZATION.
var identitySettings = map[string]bool{"role": true, "session_authorization": true}

// noRole is the role of a session that has not SET ROLE.
const noRole = "none"

// sessionUser is who the session acts for: who has logged in, or another one since SET
// SESSION AUTHORIZATION.
func (s *Session) sessionUser() string { return s.values.Raw("session_authorization") }

// role is the current role: that of SET ROLE, or the session user.
func (s *Session) role() string {
	if r := s.values.Raw("role"); r != "" && r != noRole {
		return r
	}
	return s.sessionUser()
}

// bindKey changes with what the session gives names and rights by: a statement that
// was bound under another one is bound again.
func (s *Session) bindKey() string { return s.role() + "\x00" + s.values.Raw("search_path") }

// setIdentity is SET and RESET of both.
func (s *Session) setIdentity(n *parser.VariableSetStmt) (tag string, err error) {
	if n.Kind != parser.VariableSetKind_VAR_SET_VALUE {
		tag, to := "SET", noRole
		if n.Kind == parser.VariableSetKind_VAR_RESET {
			tag = "RESET"
		}
		if n.Name == "session_authorization" {
			s.values.Assign("session_authorization", s.user, n.IsLocal)
		}
		s.become(to, n.IsLocal)
		return tag, nil
	}
	name := bind.SettingText(n)
	if n.Name == "role" {
		return "SET", s.setRole(name, n.IsLocal)
	}
	return "SET", s.setSessionUser(name, n.IsLocal)
}

// setRole is check_role: a role that the session user is a member of.
func (s *Session) setRole(name string, local bool) error {
	if name != noRole {
		role, err := s.knownRole(name)
		if err != nil {
			return err
		}
		own := catalog.RoleByName(s.catalog(), s.sessionUser())
		if own != nil && !own.Superuser && !slices.Contains(catalog.RolesOf(s.catalog(), own, false), role.OID) {
			return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set role \"%s\"", name)
		}
	}
	s.become(name, local)
	return nil
}

// setSessionUser is check_session_authorization: for who has logged in as a superuser.
func (s *Session) setSessionUser(name string, local bool) error {
	if name != s.user {
		if _, err := s.knownRole(name); err != nil {
			return err
		}
		if login := catalog.RoleByName(s.catalog(), s.user); login != nil && !login.Superuser {
			return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set session authorization")
		}
	}
	s.values.Assign("session_authorization", name, local)
	s.become(noRole, local)
	return nil
}

// become makes a role the current one, noRole the session user.
func (s *Session) become(role string, local bool) {
	s.values.Assign("role", role, local)
	current := catalog.RoleByName(s.catalog(), s.role())
	s.values.Assign("is_superuser", onOff(current == nil || current.Superuser), local)
}

func (s *Session) knownRole(name string) (*catalog.Role, error) {
	if role := catalog.RoleByName(s.catalog(), name); role != nil {
		return role, nil
	}
	return nil, pgerr.New(pgerr.InvalidParameterValue, "role \"%s\" does not exist", name)
}

// mayLogin is 28000 for a role that can't log in. A name that is no role is the
// operator's: who may connect was decided before.
func (s *Session) mayLogin() error {
	role := catalog.RoleByName(s.catalog(), s.user)
	if role == nil {
		return nil
	}
	s.values.Preset("is_superuser", onOff(role.Superuser))
	if !role.Login {
		return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "role \"%s\" is not permitted to log in", s.user)
	}
	return nil
}

// mayUse is 42501 where the current role lacks all of some privileges on a sequence.
func (s *Session) mayUse(seq *catalog.Relation, any catalog.Privilege) error {
	role := catalog.RoleByName(s.catalog(), s.role())
	if role == nil || role.Superuser {
		return nil
	}
	if have, _ := catalog.Rights(s.catalog(), role, seq); have&any == 0 {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for sequence %s", seq.Name)
	}
	return nil
}
