package bind

import (
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// largeOID reads the number that names a large object (oidparse).
func largeOID(n *parser.Node) types.OID {
	if i := n.GetInteger(); i != nil {
		return types.OID(i.Ival)
	}
	text := n.GetFloat().GetFval()
	oid, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		failAt(-1, pgerr.NumericValueOutOfRange, "value \"%s\" is out of range for type oid", text)
	}
	return types.OID(oid)
}

// largeObject finds a large object as one that privileges are about: 42704.
func (b *binder) largeObject(n *parser.Node) granted {
	oid := largeOID(n)
	if b.env.LargeObject == nil {
		unsupported(-1, "large objects in this session")
	}
	access, err := b.env.LargeObject(oid)
	if err != nil {
		fail(err)
	}
	if access == nil {
		failAt(-1, pgerr.UndefinedObject, "large object %d does not exist", oid)
	}
	return granted{Object: catalog.Object{Class: catalog.ClassLargeObject, OID: oid}, Access: *access,
		kind: catalog.AccessLarge, noun: "large object", name: strconv.FormatUint(uint64(oid), 10)}
}

// grantedLarge has the name that ExecGrant_Largeobject gives it in messages.
func (b *binder) grantedLarge(_ parser.ObjectType, n *parser.Node) granted {
	o := b.largeObject(n)
	o.name = o.noun + " " + o.name
	return o
}

// ownLarge finds a large object that the current role must own.
func (b *binder) ownLarge(n *parser.Node) catalog.Object {
	o := b.largeObject(n)
	if b.restricted() != nil {
		b.mustOwn(o.Owner, o.noun, o.name)
	}
	return o.Object
}
