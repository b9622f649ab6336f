package pgcatalog

import "github.com/s3db-sql/s3db-sql/sql/types"

// What the external tests compare with PostgreSQL.

const (
	ClassProc     = classProc
	ClassOperator = classOperator
	ClassType     = classType
)

func Known(oids ...types.OID) bool { return known(oids...) }

func HasFunction(oid types.OID) bool { return procs().byOID[oid] != nil }
