package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Access methods: tables are resources and indexes are partitions, unique keys
// or the key itself; both methods are ours, under one name. btree and hash are
// here for their operator classes, which say how types order and hash.
const (
	btreeAM types.OID = 403
	hashAM  types.OID = 405
	tableAM types.OID = 13910
	indexAM types.OID = 13911
)

// accessMethodName is what CREATE INDEX … USING and CREATE TABLE … USING name.
const accessMethodName = "s3db"

type accessMethod struct {
	oid     types.OID
	name    string
	handler types.OID
	kind    string
	doc     string
}

var accessMethods = []accessMethod{
	{btreeAM, "btree", 0, "i", "b-tree index access method"},
	{hashAM, "hash", 0, "i", "hash index access method"},
	{tableAM, accessMethodName, 0, "t", "s3db.js resource: a row is an S3 object"},
	{indexAM, accessMethodName, 0, "i", "s3db.js partition or unique keys: a reference is an S3 object"},
}

// amOf maps the names in the data files.
var amOf = map[string]types.OID{"btree": btreeAM, "hash": hashAM}

var pgAm = virtual.Rel[accessMethod]{
	Of: "pg_am",
	Rows: func(_ View, yield func(accessMethod)) {
		for _, a := range accessMethods {
			yield(a)
		}
	},
	Columns: virtual.Columns[accessMethod]{
		"oid":       func(a accessMethod) any { return a.oid },
		"amname":    func(a accessMethod) any { return a.name },
		"amhandler": func(a accessMethod) any { return a.handler },
		"amtype":    func(a accessMethod) any { return a.kind },
	},
}
