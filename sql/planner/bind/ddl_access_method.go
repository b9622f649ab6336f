package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// checkTableMethod is get_table_am_oid: the one access method of tables is heap.
func checkTableMethod(name string) {
	switch {
	case name == "" || name == opclass.Heap:
	case opclass.FindMethod(name) != nil:
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "access method \"%s\" is not of type TABLE", name)
	default:
		failAt(-1, pgerr.UndefinedObject, "access method \"%s\" does not exist", name)
	}
}

// checkStorage is what DefineRelation looks up for USING and TABLESPACE.
func (b *binder) checkStorage(cs *parser.CreateStmt) {
	b.checkTablespace(cs.Tablespacename)
	if cs.AccessMethod != "" && cs.Partspec != nil {
		failAt(-1, pgerr.FeatureNotSupported, "specifying a table access method is not supported on a partitioned table")
	}
	checkTableMethod(cs.AccessMethod)
}
