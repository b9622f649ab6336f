package session

import (
	"context"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// metadataOID is pg_largeobject_metadata.
const metadataOID = types.OID(2995)

// openLargeRows reads pg_largeobject and pg_largeobject_metadata; nil for another
// relation. They show the objects of the transaction.
func (s *Session) openLargeRows(ctx context.Context, rel *catalog.Relation, nums []int16, keys map[int16]any) (storage.Scanner, error) {
	if rel.OID != catalog.ClassLargeObject && rel.OID != metadataOID {
		return nil, nil
	}
	l, err := s.largeObjects()
	if err != nil {
		return nil, err
	}
	rows := &largeRows{s: s, l: l, rel: rel, nums: nums}
	if oid, ok := keys[1].(types.OID); ok {
		o, err := l.Info(ctx, oid)
		if o != nil {
			rows.objects = []storage.LargeObject{*o}
		}
		return rows, err
	}
	rows.objects, err = l.List(ctx)
	return rows, err
}

// largeRows is a scanner of either relation.
type largeRows struct {
	s       *Session
	l       *largeObjects
	rel     *catalog.Relation
	nums    []int16
	objects []storage.LargeObject // still to be shown
	// extents are what is left of the first object's.
	extents []storage.Extent
	begun   bool
}

// largeBatch is how many pages are read at a time.
const largeBatch = 256

// Next implements storage.Scanner.
func (r *largeRows) Next(ctx context.Context) (*vec.Batch, error) {
	var rows []map[int16]any
	for len(rows) == 0 && len(r.objects) > 0 {
		var err error
		if r.rel.OID == metadataOID {
			rows, err = r.metadata()
		} else {
			rows, err = r.pages(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	cols := make([]vec.Vector, len(r.nums))
	for i, num := range r.nums {
		t := types.ByOID(types.OidOID)
		if c := r.rel.Column(num); c != nil {
			t = c.Type
		}
		b := vec.NewBuilder(t, len(rows))
		for _, row := range rows {
			b.Append(row[num])
		}
		cols[i] = b.Build()
	}
	return vec.NewBatch(cols, len(rows)), nil
}

// metadata are the rows of some objects.
func (r *largeRows) metadata() ([]map[int16]any, error) {
	n := min(len(r.objects), vec.BatchSize)
	rows := make([]map[int16]any, n)
	for i := range rows {
		access, err := largeAccess(&r.objects[i])
		if err != nil {
			return nil, err
		}
		rows[i] = map[int16]any{1: r.objects[i].OID, 2: max(access.Owner, catalog.BootstrapSuperuser), 3: r.s.aclValue(access.ACL), catalog.ColTableOID: r.rel.OID}
	}
	r.objects = r.objects[n:]
	return rows, nil
}

// aclValue is an access list as aclitem[], NULL before anything was granted.
func (s *Session) aclValue(acl []catalog.ACLItem) any {
	if acl == nil {
		return nil
	}
	items := make([]any, len(acl))
	for i, a := range acl {
		items[i] = a.Text(func(oid types.OID) string {
			if role := catalog.RoleByOID(s.catalog(), oid); role != nil {
				return types.ACLName(role.Name)
			}
			return strconv.FormatUint(uint64(oid), 10)
		})
	}
	return types.NewArray(types.ByOID(types.AclItemOID), items)
}

// pages are some pages of the first object. What is zeros is not shown, as a hole is not
// in PostgreSQL, but for the last page.
func (r *largeRows) pages(ctx context.Context) ([]map[int16]any, error) {
	o := r.objects[0]
	if !r.begun {
		extents, err := r.l.Extents(ctx, o.OID)
		if err != nil {
			return nil, err
		}
		if last := (o.Size - 1) / largePage * largePage; o.Size > 0 && (len(extents) == 0 || extents[len(extents)-1].Offset+extents[len(extents)-1].Length <= last) {
			extents = append(extents, storage.Extent{Offset: last, Length: o.Size - last})
		}
		r.extents, r.begun = extents, true
	}
	if len(r.extents) == 0 {
		r.objects, r.begun = r.objects[1:], false
		return nil, nil
	}
	e := &r.extents[0]
	first := e.Offset / largePage
	buf := make([]byte, min(e.Length, largeBatch*largePage))
	n, err := r.l.ReadAt(ctx, o.OID, buf, e.Offset, true)
	if err != nil {
		return nil, err
	}
	e.Offset, e.Length = e.Offset+int64(n), e.Length-int64(n)
	if e.Length <= 0 || n == 0 {
		r.extents = r.extents[1:]
	}
	return r.cut(o, first, buf[:n]), nil
}

// cut makes rows of the pages from first on.
func (r *largeRows) cut(o storage.LargeObject, first int64, data []byte) []map[int16]any {
	var rows []map[int16]any
	for page := first; len(data) > 0; page++ {
		n := min(len(data), largePage)
		if !allZero(data[:n]) || (page+1)*largePage >= o.Size {
			rows = append(rows, map[int16]any{1: o.OID, 2: int32(page), 3: data[:n:n], catalog.ColTableOID: r.rel.OID})
		}
		data = data[n:]
	}
	return rows
}

func allZero(p []byte) bool {
	for _, b := range p {
		if b != 0 {
			return false
		}
	}
	return true
}

// Close implements storage.Scanner.
func (r *largeRows) Close() {}
