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
	// stored calls use with all that are stored. For the first oids that are asked for it
	// looks for each; then it records them.
	stored        func(*oids)
	asked         int
	wanted        types.OID
	wantedIsInUse bool
}

// manyOIDs are so many that a map of all is cheaper than a look at all for each.
const manyOIDs = 16

// The ranges keep user oids positive in clients that take them for int4, and
// those of temporary objects apart from the others.
const (
	oidRange          = 1 << 30
	temporaryOIDRange = 1 << 29
)

func newOIDs(temporary bool) *oids {
	if temporary {
		return &oids{first: catalog.FirstTemporaryOID, span: temporaryOIDRange}
	}
	return &oids{first: catalog.FirstUserOID, span: oidRange}
}

// use records an oid that is stored.
func (o *oids) use(ids ...types.OID) {
	for _, id := range ids {
		switch {
		case id == 0:
		case o.wanted != 0:
			o.wantedIsInUse = o.wantedIsInUse || id == o.wanted
		default:
			o.take(id)
		}
	}
}

// inUse says whether an oid is stored or was given.
func (o *oids) inUse(id types.OID) bool {
	if o.taken[id] || o.stored == nil {
		return o.taken[id]
	}
	if o.asked++; o.asked > manyOIDs {
		o.stored(o)
		o.stored = nil
		return o.taken[id]
	}
	o.wanted, o.wantedIsInUse = id, false
	o.stored(o)
	o.wanted = 0
	return o.wantedIsInUse
}

func (o *oids) take(id types.OID) {
	if o.taken == nil {
		o.taken = map[types.OID]bool{}
	}
	o.taken[id] = true
}

// of returns a free oid for the object of that kind and name.
func (o *oids) of(kind, name string) types.OID {
	h := fnv.New32a()
	h.Write([]byte(kind + ":" + name))
	id := o.first + h.Sum32()%o.span
	for o.inUse(id) {
		id++
	}
	o.take(id)
	return id
}
