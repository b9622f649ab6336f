package session

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// identitySettings are the parameters behind SET ROLE and SET SESSION
// AUTHORIZATION.
var identitySettings = map[string]bool{"role": true, "session_authorization": true}

// noRole is the role of a session that has not SET ROLE.
const noRole = "none"

// sessionUser is who the session acts for: who has logged in, or another one since SET
// SESSION AUTHORIZATION.
func (s *Session) sessionUser() string { return s.values.Raw("session_authorization") }

// role is the current role: that of SET ROLE, or the session user; within a SECURITY
// DEFINER function its owner.
func (s *Session) role() string {
	if s.definer != "" {
		return s.definer
	}
	return s.vars().role
}

// outerRole is the current role outside of functions.
func (s *Session) outerRole() string {
	if r := s.values.Raw("role"); r != "" && r != noRole {
		return r
	}
	return s.sessionUser()
}

// bindKey changes with what the session gives names and rights by: a statement that
// was bound under another one is bound again.
func (s *Session) bindKey() string {
	if s.definer != "" {
		return s.bindKeyOf(s.definer)
	}
	return s.vars().bindKey
}

func (s *Session) bindKeyOf(role string) string {
	return role + "\x00" + s.values.Raw("row_security") + "\x00" + s.values.Raw("search_path")
}

// setIdentity is SET and RESET of both.
func (s *Session) setIdentity(n *parser.VariableSetStmt) (tag string, err error) {
	if s.definer != "" {
		return "", pgerr.New(pgerr.InsufficientPrivilege, "cannot set parameter \"%s\" within security-definer function", n.Name)
	}
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
		if !catalog.IsMemberOf(s.catalog(), own, role.OID) {
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

// login finds the role that the session is for (InitPostgres): 28000 for one that there
// is not or that may not log in, 53300 beyond its limit, 3D000 for a database that there
// is not, 42501 for one that it may not connect to.
func (s *Session) login() (*catalog.Role, error) {
	cat := s.catalog()
	role := catalog.RoleByName(cat, s.user)
	if role == nil {
		return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "role \"%s\" does not exist", s.user)
	}
	s.values.Preset("is_superuser", onOff(role.Superuser))
	if !role.Login {
		return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "role \"%s\" is not permitted to log in", s.user)
	}
	if err := s.checkLimit(role); err != nil {
		return nil, err
	}
	if s.db.Exists != nil && !s.db.Exists(s.database) {
		return nil, pgerr.Fatal(pgerr.InvalidCatalogName, "database \"%s\" does not exist", s.database)
	}
	d := cat.Database()
	if rights, _ := (catalog.Access{Owner: d.Owner, ACL: d.ACL}).Rights(cat, role, catalog.AccessDatabase); rights&catalog.ACLConnect == 0 {
		return nil, pgerr.Fatal(pgerr.InsufficientPrivilege, "permission denied for database \"%s\"", s.database).
			WithDetail("User does not have CONNECT privilege.")
	}
	return role, nil
}

// checkLimit is 53300 for one session more of a role than its CONNECTION LIMIT.
func (s *Session) checkLimit(role *catalog.Role) error {
	if role.Superuser || role.ConnLimit < 0 {
		return nil
	}
	n := int32(0)
	s.db.activity.Range(func(_, other any) bool {
		if other.(*Session).user == s.user {
			n++
		}
		return true
	})
	if n < role.ConnLimit {
		return nil
	}
	return pgerr.Fatal(pgerr.TooManyConnections, "too many connections for role \"%s\"", s.user)
}

// beginWith applies pg_db_role_setting, the most special last (process_settings).
func (s *Session) beginWith(role *catalog.Role, given [][2]string) error {
	cat := s.catalog()
	database, user := cat.Database().OID, role.OID
	for _, key := range [][2]types.OID{{0, 0}, {database, 0}, {0, user}, {database, user}} {
		for _, st := range cat.RoleSettings() {
			if st.Database != key[0] || st.Role != key[1] {
				continue
			}
			for _, c := range st.Config {
				name, value, _ := strings.Cut(c, "=")
				if slices.ContainsFunc(given, func(kv [2]string) bool { return strings.EqualFold(kv[0], name) }) {
					continue
				}
				if identitySettings[strings.ToLower(name)] {
					if err := s.setRole(value, false); err != nil {
						return err
					}
					continue
				}
				if err := s.values.Startup(name, value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// current is the current role, nil if it has been dropped.
func (s *Session) current() *catalog.Role { return catalog.RoleByName(s.catalog(), s.role()) }

// roleOID is the current role's, the bootstrap superuser's where there is none.
func (s *Session) roleOID() types.OID {
	if role := s.current(); role != nil {
		return role.OID
	}
	return catalog.BootstrapSuperuser
}

// checkRole is 42704 where the role that the session acts as has been dropped: nobody
// has all privileges.
func (s *Session) checkRole() error {
	if s.current() != nil {
		return nil
	}
	return pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", s.role())
}

// mayUseSchema says whether a schema of the search path exists and the current role may
// look into it.
func (s *Session) mayUseSchema(name string) bool {
	sc := s.catalog().SchemaByName(name)
	if sc == nil {
		return false
	}
	role := s.current()
	if role == nil || role.Superuser {
		return true
	}
	rights, _ := catalog.Access{Owner: sc.Owner, ACL: sc.ACL}.Rights(s.catalog(), role, catalog.AccessSchema)
	return rights&catalog.ACLUsage != 0
}

// asDefiner makes the owner of a SECURITY DEFINER function the current role; the result
// ends it.
func (s *Session) asDefiner(fn *catalog.Function) (done func() error) {
	if !fn.SecurityDefiner {
		return func() error { return nil }
	}
	end := s.actAs(s.catalog().Access(catalog.Object{Class: catalog.ClassProc, OID: fn.OID}).Owner)
	return func() error {
		end()
		return nil
	}
}

// actAs makes another role the current one, whatever the client has set; the result ends
// it.
func (s *Session) actAs(oid types.OID) (end func()) {
	saved := s.definer
	if role := catalog.RoleByOID(s.catalog(), oid); role != nil {
		s.definer = role.Name
	}
	return func() { s.definer = saved }
}

// mayUse is 42501 where the current role lacks all of some privileges on a sequence.
func (s *Session) mayUse(seq *catalog.Relation, any catalog.Privilege) error {
	role := s.current()
	if role == nil || role.Superuser {
		return nil
	}
	if have, _ := seq.Access().Rights(s.catalog(), role, catalog.AccessSequence); have&any == 0 {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for sequence %s", seq.Name)
	}
	return nil
}
