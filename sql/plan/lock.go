package plan

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// LockMode is a lock of a whole table, by lockdefs.h's numbers.
type LockMode uint8

// The modes.
const (
	AccessShareLock LockMode = iota + 1
	RowShareLock
	RowExclusiveLock
	ShareUpdateExclusiveLock
	ShareLock
	ShareRowExclusiveLock
	ExclusiveLock
	AccessExclusiveLock
)

// TableLock is a lock that a statement needs of a relation, and of those that inherit
// from it unless Only is set.
type TableLock struct {
	Relation types.OID
	Mode     LockMode
	Only     bool
}
