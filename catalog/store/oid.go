package store

import (
	"hash/fnv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// oids hands out object identifiers. An object's oid is a hash of its name, so
// that resources which s3db.js made have the same one after every start without
// anything being written; ours keep theirs in the own object, so that they stay
// when renamed.
type oids struct {
	taken map[types.OID]bool
	first types.OID
	span  uint32
}

// The ranges keep user oids positive in clients that take them for int4, and
// those of temporary objects apart from the others.
const (
	oidRange          = 1 << 30
	temporaryOIDRange = 1 << 29
)

func newOIDs(temporary bool) *oids {
	if temporary {
		return &oids{taken: map[types.OID]bool{}, first: catalog.FirstTemporaryOID, span: temporaryOIDRange}
	}
	return &oids{taken: map[types.OID]bool{}, first: catalog.FirstUserOID, span: oidRange}
}

// use records an oid that is stored.
func (o *oids) use(ids ...types.OID) {
	for _, id := range ids {
		if id != 0 {
			o.taken[id] = true
		}
	}
}

// of returns a free oid for the object of that kind and name.
func (o *oids) of(kind, name string) types.OID {
	h := fnv.New32a()
	h.Write([]byte(kind + ":" + name))
	id := o.first + h.Sum32()%o.span
	for o.taken[id] {
		id++
	}
	o.taken[id] = true
	return id
}
