package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// defineRole is define for roles and privileges; false for other statements.
func (s *Session) defineRole(ctx context.Context, stmt plan.Statement, out Output) (bool, error) {
	switch d := stmt.(type) {
	case *plan.PutRole:
		return true, s.putRole(ctx, d)
	case *plan.DropRoles:
		return true, s.dropRoles(ctx, d, out)
	case *plan.GrantRoles:
		return true, s.grantRoles(ctx, d)
	case *plan.Grant:
		return true, s.grant(ctx, d, out)
	}
	return false, nil
}

var grantTags = map[bool]string{false: "GRANT ROLE", true: "REVOKE ROLE"}

// putRole is CREATE and ALTER ROLE.
func (s *Session) putRole(ctx context.Context, d *plan.PutRole) error {
	role := *d.Role
	if d.SetPassword {
		role.Password = ""
		if d.Password != "" {
			var err error
			if role.Password, err = s.db.Verifier(d.Password); err != nil {
				return err
			}
		}
	}
	tx := s.tx.catalogTx()
	if err := tx.PutRole(ctx, &role); err != nil {
		return err
	}
	s.tx.changed()
	oid := catalog.RoleByName(s.catalog(), role.Name).OID
	g := &plan.GrantRoles{Roles: d.AddTo, Members: []types.OID{oid}}
	if err := s.grantRoles(ctx, g); err != nil {
		return err
	}
	for _, m := range d.Members {
		if err := s.grantRoles(ctx, &plan.GrantRoles{Roles: []types.OID{oid}, Members: []types.OID{m.Role}, Admin: m.Admin}); err != nil {
			return err
		}
	}
	return nil
}

// dropRoles is DROP ROLE: 2BP01 for a role that relations name in their access lists.
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
		if uses := s.roleUses(oid); len(uses) > 0 {
			return pgerr.New(pgerr.DependentObjectsStillExist, "role \"%s\" cannot be dropped because some objects depend on it", role.Name).
				WithDetail("%s", strings.Join(uses, "\n"))
		}
		if err := s.tx.catalogTx().DropRole(ctx, oid); err != nil {
			return err
		}
		s.tx.changed()
	}
	return nil
}

// roleUses are the relations on which a role has privileges.
func (s *Session) roleUses(oid types.OID) []string {
	var out []string
	for _, rel := range s.catalog().Relations() {
		if slices.ContainsFunc(rel.ACL, func(a catalog.ACLItem) bool { return a.Grantee == oid }) {
			out = append(out, "privileges for "+relationNouns[rel.Kind]+" "+rel.Name)
		}
	}
	return out
}

// grantRoles is GRANT and REVOKE of memberships.
func (s *Session) grantRoles(ctx context.Context, d *plan.GrantRoles) error {
	for _, member := range d.Members {
		role := *catalog.RoleByOID(s.catalog(), member)
		role.MemberOf = slices.Clone(role.MemberOf)
		for _, of := range d.Roles {
			role.MemberOf = d.Apply(role.MemberOf, of)
		}
		if len(d.Roles) == 0 {
			continue
		}
		if err := s.tx.catalogTx().PutRole(ctx, &role); err != nil {
			return err
		}
		s.tx.changed()
	}
	return nil
}

// grant is GRANT and REVOKE of privileges.
func (s *Session) grant(ctx context.Context, d *plan.Grant, out Output) error {
	for _, w := range d.Warnings {
		if err := s.notice(out, w); err != nil {
			return err
		}
	}
	for _, on := range d.Relations {
		g := d.Grant
		g.Rights = on.Rights
		if err := s.tx.catalogTx().Grant(ctx, on.Relation, g); err != nil {
			return err
		}
		s.tx.changed()
	}
	return nil
}
