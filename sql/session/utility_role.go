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
var identitySettings = map[string]string{"role": "SET ROLE", "session_authorization": "SET SESSION AUTHORIZATION"}

// setIdentity lets a session be who it is: roles have no members here, so that
// nobody can become another (0A000).
func (s *Session) setIdentity(n *parser.VariableSetStmt) (tag string, err error) {
	if n.Kind == parser.VariableSetKind_VAR_RESET {
		return "RESET", nil
	}
	if n.Kind != parser.VariableSetKind_VAR_SET_VALUE {
		return "SET", nil
	}
	role := bind.SettingText(n)
	if role == s.user || n.Name == "role" && role == "none" {
		return "SET", nil
	}
	if !slices.ContainsFunc(s.catalog().Roles(), func(r *catalog.Role) bool { return r.Name == role }) {
		return "", pgerr.New(pgerr.InvalidParameterValue, "role \"%s\" does not exist", role)
	}
	return "", pgerr.Unsupported("%s to another role", identitySettings[n.Name])
}
