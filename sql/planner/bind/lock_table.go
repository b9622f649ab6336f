package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// accessShareLock is the mode that every reader takes (lockdefs.h); the others have
// the numbers after it.
const accessShareLock = 1

var tableLockModes = [...]string{"", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"}

// LockTable checks a LOCK TABLE: 42P01, 42809, 42501, and 0A000 for modes that keep
// others from reading or writing, which no lock of a table does here. ACCESS SHARE
// keeps nobody from that.
func LockTable(env *Env, n *parser.LockStmt) (err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	for _, node := range n.Relations {
		rel := b.relation(node.GetRangeVar())
		switch rel.Kind {
		case catalog.Table, catalog.View, catalog.PartitionedTable:
		default:
			return pgerr.New(pgerr.WrongObjectType, "cannot lock relation \"%s\"", rel.Name).
				WithDetail("This operation is not supported for %s.", kindPlurals[rel.Kind])
		}
		b.require(rel, catalog.ACLSelect)
	}
	if n.Mode != accessShareLock {
		return pgerr.Unsupported("LOCK TABLE in " + tableLockModes[n.Mode] + " MODE")
	}
	return nil
}
