package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/settings"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// defineRole is define for roles and privileges; false for other statements.
func (s *Session) defineRole(ctx context.Context, stmt plan.Statement, out Output) (bool, error) {
	switch d := stmt.(type) {
	case *plan.PutRole:
		return true, s.putRole(ctx, d, out)
	case *plan.DropRoles:
		return true, s.dropRoles(ctx, d, out)
	case *plan.GrantRoles:
		return true, s.grantRoles(ctx, d, out)
	case *plan.Grant:
		return true, s.grant(ctx, d, out)
	case *plan.GrantDefault:
		return true, s.grantDefault(ctx, d)
	case *plan.ChangeOwner:
		return true, s.changeOwner(ctx, d.Object, d.Owner)
	case *plan.OwnedBy:
		return true, s.ownedBy(ctx, d, out)
	case *plan.RoleConfig:
		return true, s.roleConfig(ctx, d)
	}
	return false, nil
}

// roleTag is the command tag of a statement of defineRole.
func roleTag(stmt plan.Statement) string {
	switch d := stmt.(type) {
	case *plan.PutRole:
		return d.Tag
	case *plan.DropRoles:
		return "DROP ROLE"
	case *plan.GrantRoles:
		if d.Tag != "" {
			return d.Tag
		}
		return grantTags[d.Revoke]
	case *plan.Grant:
		return d.Tag
	case *plan.GrantDefault:
		return "ALTER DEFAULT PRIVILEGES"
	case *plan.ChangeOwner:
		return d.Tag
	case *plan.OwnedBy:
		if d.To != 0 {
			return "REASSIGN OWNED"
		}
		return "DROP OWNED"
	case *plan.RoleConfig:
		return d.Tag
	}
	return ""
}

var grantTags = map[bool]string{false: "GRANT ROLE", true: "REVOKE ROLE"}

// putRole is CREATE and ALTER ROLE.
func (s *Session) putRole(ctx context.Context, d *plan.PutRole, out Output) error {
	if err := s.noticeAll(out, d.Notices); err != nil {
		return err
	}
	role := *d.Role
	if d.SetPassword {
		var err error
		if role.Password, err = s.verifier(d, out); err != nil {
			return err
		}
	}
	tx := s.tx.catalogTx()
	if err := tx.PutRole(ctx, &role); err != nil {
		return err
	}
	s.tx.changed()
	oid := catalog.RoleByName(s.catalog(), role.Name).OID
	g := &plan.GrantRoles{Roles: d.AddTo, Members: []types.OID{oid}, Grantor: s.roleOID()}
	if err := s.grantRoles(ctx, g, out); err != nil {
		return err
	}
	for _, m := range d.Members {
		g := &plan.GrantRoles{Roles: []types.OID{oid}, Members: []types.OID{m.Role}, Admin: m.Admin, Grantor: s.roleOID()}
		if err := s.grantRoles(ctx, g, out); err != nil {
			return err
		}
	}
	return nil
}

// verifier is what is kept of a password. Only SCRAM-SHA-256 is: an MD5 hash is 0A000.
func (s *Session) verifier(d *plan.PutRole, out Output) (string, error) {
	switch {
	case d.EmptyPassword:
		return "", s.notice(out, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "empty string is not a valid password, clearing password"))
	case d.Password == "":
		return "", nil
	case isMD5(d.Password):
		return "", pgerr.Unsupported("a password that is an MD5 hash").WithHint("Give the password itself, or its SCRAM-SHA-256 verifier.")
	}
	return s.db.Verifier(d.Password)
}

// isMD5 is get_password_type's check.
func isMD5(password string) bool {
	return len(password) == 35 && strings.HasPrefix(password, "md5") && strings.Trim(password[3:], "0123456789abcdef") == ""
}

// dropRoles is DROP ROLE: 2BP01 for a role that something depends on.
func (s *Session) dropRoles(ctx context.Context, d *plan.DropRoles, out Output) error {
	for _, name := range d.Missing {
		if err := s.skipped(out, pgerr.UndefinedObject, "role \"%s\" does not exist, skipping", name); err != nil {
			return err
		}
	}
	for _, oid := range d.Roles {
		role := catalog.RoleByOID(s.catalog(), oid)
		if role == nil {
			continue // named twice
		}
		uses, err := s.roleUses(ctx, oid)
		if err != nil {
			return err
		}
		if len(uses) > 0 {
			return pgerr.New(pgerr.DependentObjectsStillExist, "role \"%s\" cannot be dropped because some objects depend on it", role.Name).
				WithDetail("%s", strings.Join(uses, "\n"))
		}
		if err := s.changeCatalog(s.tx.catalogTx().DropRole(ctx, oid)); err != nil {
			return err
		}
	}
	return nil
}

// grantRoles is GRANT and REVOKE of memberships.
func (s *Session) grantRoles(ctx context.Context, d *plan.GrantRoles, out Output) error {
	for _, of := range d.Roles {
		for _, member := range d.Members {
			role := *catalog.RoleByOID(s.catalog(), member)
			role.MemberOf = slices.Clone(role.MemberOf)
			if err := s.noticeMember(d, &role, of, out); err != nil {
				return err
			}
			role.MemberOf = d.Apply(role.MemberOf, of)
			if err := s.changeCatalog(s.tx.catalogTx().PutRole(ctx, &role)); err != nil {
				return err
			}
		}
	}
	return nil
}

// noticeMember tells of a membership that there is already, or is not.
func (s *Session) noticeMember(d *plan.GrantRoles, role *catalog.Role, of types.OID, out Output) error {
	i := slices.IndexFunc(role.MemberOf, func(m catalog.Membership) bool { return m.Role == of })
	name := catalog.RoleByOID(s.catalog(), of).Name
	switch {
	case !d.Revoke && i >= 0 && (!d.Admin || role.MemberOf[i].Admin):
		return s.notice(out, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "role \"%s\" is already a member of role \"%s\"", role.Name, name))
	case d.Revoke && i < 0:
		return s.notice(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.SuccessfulCompletion, "role \"%s\" is not a member of role \"%s\"", role.Name, name))
	}
	return nil
}

// grant is GRANT and REVOKE of privileges.
func (s *Session) grant(ctx context.Context, d *plan.Grant, out Output) error {
	if err := s.noticeAll(out, d.Warnings); err != nil {
		return err
	}
	for _, g := range d.Items {
		if g.Rights == 0 {
			continue
		}
		if err := s.grantOne(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) grantOne(ctx context.Context, g catalog.Grant) error {
	if g.Class == catalog.ClassLargeObject {
		return s.grantLarge(ctx, g)
	}
	return s.changeCatalog(s.tx.catalogTx().Grant(ctx, g))
}

// grantDefault is ALTER DEFAULT PRIVILEGES.
func (s *Session) grantDefault(ctx context.Context, d *plan.GrantDefault) error {
	for _, item := range d.Items {
		if err := s.changeCatalog(s.tx.catalogTx().GrantDefault(ctx, item.Role, item.Grant)); err != nil {
			return err
		}
	}
	return nil
}

// roleConfig is ALTER ROLE and ALTER DATABASE … SET: the parameter must exist and take
// the value.
func (s *Session) roleConfig(ctx context.Context, d *plan.RoleConfig) error {
	setting := catalog.RoleSetting{Database: d.Database, Role: d.Role}
	if d.Name != "" {
		for _, have := range s.catalog().RoleSettings() {
			if have.Database == d.Database && have.Role == d.Role {
				setting.Config = slices.Clone(have.Config)
			}
		}
		setting.Config = slices.DeleteFunc(setting.Config, func(c string) bool {
			name, _, _ := strings.Cut(c, "=")
			return strings.EqualFold(name, d.Name)
		})
	}
	if d.Value != nil {
		if st := settings.Lookup(d.Name); st != nil && st.Secret {
			return st.Kept()
		}
		if err := s.values.Check(d.Name, *d.Value); err != nil {
			return err
		}
		setting.Config = append(setting.Config, showName(d.Name)+"="+*d.Value)
	}
	return s.changeCatalog(s.tx.catalogTx().PutRoleSetting(ctx, setting))
}
