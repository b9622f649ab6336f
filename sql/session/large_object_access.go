package session

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// largeAccess reads what is kept of who owns an object.
func largeAccess(o *storage.LargeObject) (a catalog.Access, err error) {
	if err = json.Unmarshal(o.Access, &a); err != nil {
		err = pgerr.New(pgerr.DataCorrupted, "the owner of large object %d can't be read", o.OID).WithCause(err)
	}
	return a, err
}

// changeLarge changes it.
func (s *Session) changeLarge(ctx context.Context, oid types.OID, change func(*catalog.Access) error) error {
	l, err := s.largeObjects()
	if err != nil {
		return err
	}
	_, access, err := l.existing(ctx, oid)
	if err == nil {
		err = change(&access)
	}
	if err != nil {
		return err
	}
	data, err := json.Marshal(access)
	if err != nil {
		return err
	}
	return l.SetAccess(ctx, oid, data)
}

// boundLarge is bind.Env's LargeObject.
func (s *Session) boundLarge(oid types.OID) (*catalog.Access, error) {
	s.begin(false)
	l, err := s.largeObjects()
	if err != nil {
		return nil, err
	}
	o, err := l.Info(s.ctx, oid)
	if o == nil || err != nil {
		return nil, err
	}
	access, err := largeAccess(o)
	return &access, err
}

// ownsLarge says whether the current role owns an object (pg_largeobject_ownercheck).
func (s *Session) ownsLarge(a catalog.Access) bool {
	role := s.current()
	return role != nil && catalog.HasPrivsOf(s.catalog(), role, a.Owner)
}

// grantLarge is GRANT and REVOKE on a large object (ExecGrant_Largeobject).
func (s *Session) grantLarge(ctx context.Context, g catalog.Grant) error {
	return s.changeLarge(ctx, g.OID, func(a *catalog.Access) error {
		acl, err := g.Apply(a.List(g.Kind), a.Owner, s.catalog())
		if a.ACL = acl; acl == nil {
			a.ACL = []catalog.ACLItem{}
		}
		return err
	})
}

// changeOwner is ALTER … OWNER TO of anything.
func (s *Session) changeOwner(ctx context.Context, o catalog.Object, owner types.OID) error {
	if o.Class != catalog.ClassLargeObject {
		return s.changeCatalog(s.tx.catalogTx().SetOwner(ctx, o, owner))
	}
	return s.changeLarge(ctx, o.OID, func(a *catalog.Access) error {
		if a.ACL != nil {
			a.ACL = catalog.NewOwner(a.ACL, a.Owner, owner)
		}
		a.Owner = owner
		return nil
	})
}

// unlinkLarge removes an object, and its comment.
func (s *Session) unlinkLarge(ctx context.Context, oid types.OID) error {
	l, err := s.largeObjects()
	if err == nil {
		err = l.LargeObjectTx.Unlink(ctx, oid)
	}
	if _, commented := s.catalog().LargeObjectComments()[oid]; err != nil || !commented {
		return err
	}
	return s.changeCatalog(s.tx.catalogTx().SetLargeObjectComment(ctx, oid, ""))
}

// largeOwnables are all large objects as things that have an owner.
func (s *Session) largeOwnables(ctx context.Context) ([]ownable, error) {
	l, err := s.largeObjects()
	if s.db.LargeObjects == nil || err != nil {
		return nil, err
	}
	all, err := l.List(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ownable, len(all))
	for i := range all {
		oid := all[i].OID
		access, err := largeAccess(&all[i])
		if err != nil {
			return nil, err
		}
		drop := func(ctx context.Context, _ bool, _ Output) error { return s.unlinkLarge(ctx, oid) }
		out[i] = ownable{catalog.Object{Class: catalog.ClassLargeObject, OID: oid}, access, "large object " + strconv.FormatUint(uint64(oid), 10), drop}
	}
	return out, nil
}

// revokeLarge takes from a role what it was granted on large objects.
func (s *Session) revokeLarge(ctx context.Context, role types.OID) error {
	all, err := s.largeOwnables(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if acl := catalog.WithoutRole(o.ACL, role, o.Owner, s.catalog()); len(acl) != len(o.ACL) {
			err := s.changeLarge(ctx, o.OID, func(a *catalog.Access) error { a.ACL = acl; return nil })
			if err != nil {
				return err
			}
		}
	}
	return nil
}
