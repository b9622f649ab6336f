package catalog

import (
	"math/bits"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Grant is GRANT or REVOKE of privileges on one object, or with Column on a column.
type Grant struct {
	Object
	Column   int16
	Kind     AccessKind
	Revoke   bool
	Grantees []OID
	Rights   Privilege
	// Option: WITH GRANT OPTION, or GRANT OPTION FOR.
	Option bool
	// Cascade: what others have been granted with a right that goes, goes too.
	Cascade bool
	Grantor OID
}

// aclChange is an aclupdate at work on the list of an object that owner owns.
type aclChange struct {
	owner   OID
	cascade bool
	members Members
}

// Apply is an access list after a grant (merge_acl_with_grant): 0LP01 for grants in a
// circle, 2BP01 where others depend on what goes.
func (g Grant) Apply(acl []ACLItem, owner OID, m Members) ([]ACLItem, error) {
	c := aclChange{owner, g.Cascade, m}
	acl = slices.Clone(acl)
	for _, to := range g.Grantees {
		item := ACLItem{Grantee: to, Grantor: g.Grantor}
		if !g.Revoke || !g.Option {
			item.Rights = g.Rights
		}
		if g.Revoke || g.Option {
			item.Grantable = g.Rights
		}
		var err error
		if g.Revoke {
			acl, err = c.revoke(acl, item)
		} else {
			acl, err = c.grant(acl, item)
		}
		if err != nil {
			return nil, err
		}
	}
	return acl, nil
}

// grant is aclupdate with ACL_MODECHG_ADD.
func (c aclChange) grant(acl []ACLItem, item ACLItem) ([]ACLItem, error) {
	if item.Grantee != PublicRole && item.Grantable != 0 {
		if err := c.checkCircle(acl, item); err != nil {
			return nil, err
		}
	}
	i := itemOf(acl, item)
	if i < 0 {
		acl, i = append(acl, ACLItem{Grantee: item.Grantee, Grantor: item.Grantor}), len(acl)
	}
	acl[i].Rights |= item.Rights
	acl[i].Grantable |= item.Grantable
	if acl[i].Rights == 0 {
		acl = slices.Delete(acl, i, i+1)
	}
	return acl, nil
}

func itemOf(acl []ACLItem, item ACLItem) int {
	return slices.IndexFunc(acl, func(a ACLItem) bool { return a.Grantee == item.Grantee && a.Grantor == item.Grantor })
}

// revoke is aclupdate with ACL_MODECHG_DEL.
func (c aclChange) revoke(acl []ACLItem, item ACLItem) ([]ACLItem, error) {
	i := itemOf(acl, item)
	if i < 0 {
		return acl, nil
	}
	before := acl[i].Grantable
	acl[i].Rights &^= item.Rights
	acl[i].Grantable &^= item.Grantable
	lost := before &^ acl[i].Grantable
	if acl[i].Rights == 0 {
		acl = slices.Delete(acl, i, i+1)
	}
	if lost == 0 {
		return acl, nil
	}
	return c.revokeBelow(acl, item.Grantee, lost)
}

// revokeBelow is recursive_revoke: what grantee has given to others with options that
// it has no more.
func (c aclChange) revokeBelow(acl []ACLItem, grantee OID, lost Privilege) ([]ACLItem, error) {
	if grantee == c.owner {
		return acl, nil
	}
	_, still := maskOf(acl, c.owner, c.rolesOf(grantee), ^Privilege(0))
	if lost &^= still; lost == 0 {
		return acl, nil
	}
	for {
		i := slices.IndexFunc(acl, func(a ACLItem) bool { return a.Grantor == grantee && a.Rights&lost != 0 })
		if i < 0 {
			return acl, nil
		}
		if !c.cascade {
			return nil, pgerr.New(pgerr.DependentObjectsStillExist, "dependent privileges exist").WithHint("Use CASCADE to revoke them too.")
		}
		var err error
		if acl, err = c.revoke(acl, ACLItem{Grantee: acl[i].Grantee, Grantor: grantee, Rights: lost, Grantable: lost}); err != nil {
			return nil, err
		}
	}
}

// rolesOf are those whose privileges a role has; a superuser has the owner's.
func (c aclChange) rolesOf(oid OID) []OID {
	role := RoleByOID(c.members, oid)
	switch {
	case role == nil:
		return []OID{oid}
	case role.Superuser:
		return []OID{oid, c.owner}
	}
	return RolesOf(c.members, role, true)
}

// checkCircle is check_circularity: a grant option does not go back to who it comes
// from.
func (c aclChange) checkCircle(acl []ACLItem, item ACLItem) error {
	if item.Grantor == c.owner {
		return nil
	}
	acl = slices.Clone(acl)
	without := aclChange{c.owner, true, c.members}
	for {
		i := slices.IndexFunc(acl, func(a ACLItem) bool { return a.Grantee == item.Grantee && a.Grantable != 0 })
		if i < 0 {
			break
		}
		var err error
		if acl, err = without.revoke(acl, ACLItem{Grantee: item.Grantee, Grantor: acl[i].Grantor, Grantable: acl[i].Grantable}); err != nil {
			return err
		}
	}
	if _, own := maskOf(acl, c.owner, c.rolesOf(item.Grantor), ^Privilege(0)); item.Grantable&^own != 0 {
		return pgerr.New(pgerr.InvalidGrantOperation, "grant options cannot be granted back to your own grantor")
	}
	return nil
}

// BestGrantor is as whom a role grants rights on an object, and which of them it may
// (select_best_grantor): the owner if it has the owner's privileges, else the role among
// those it inherits from that can grant most of them. A nil role is a superuser.
func BestGrantor(m Members, role *Role, rights Privilege, acl []ACLItem, owner OID) (OID, Privilege) {
	if HasPrivsOf(m, role, owner) {
		return owner, rights
	}
	best, options := role.OID, Privilege(0)
	for _, oid := range RolesOf(m, role, true) {
		have := Privilege(0)
		for _, a := range acl {
			if a.Grantee == oid {
				have |= a.Grantable & rights
			}
		}
		if have == rights {
			return oid, have
		}
		if bits.OnesCount16(uint16(have)) > bits.OnesCount16(uint16(options)) {
			best, options = oid, have
		}
	}
	return best, options
}

// NewOwner is an access list after its object has got another owner (aclnewowner): who
// takes the place of the old one, as grantor and grantee.
func NewOwner(acl []ACLItem, old, owner OID) []ACLItem {
	var out []ACLItem
	for _, a := range acl {
		if a.Grantor == old {
			a.Grantor = owner
		}
		if a.Grantee == old {
			a.Grantee = owner
		}
		if i := itemOf(out, a); i >= 0 {
			out[i].Rights |= a.Rights
			out[i].Grantable |= a.Grantable
			continue
		}
		out = append(out, a)
	}
	return out
}

// WithoutRole is an access list without what a role was granted, and what others have
// by it.
func WithoutRole(acl []ACLItem, role, owner OID, m Members) []ACLItem {
	c := aclChange{owner, true, m}
	acl = slices.Clone(acl)
	for {
		i := slices.IndexFunc(acl, func(a ACLItem) bool { return a.Grantee == role || a.Grantor == role && role != owner })
		if i < 0 {
			return acl
		}
		item := acl[i]
		item.Grantable = item.Rights
		// A cascade has no error.
		acl, _ = c.revoke(acl, item)
	}
}
