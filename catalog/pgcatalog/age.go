package pgcatalog

import (
	"math"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// age(xid) is here because every xid that the catalogs show is a permanent one,
// of which PostgreSQL says that it is as old as can be (xid_age).
func init() {
	funcs.Register(&funcs.Func{
		OID: 1181, Name: "age", Args: []types.OID{types.XidOID}, Result: types.Int4OID, Volatility: funcs.Stable,
		Doc: "age of a transaction ID, in transactions before current transaction", Source: "xid_age",
		Kernel: funcs.Boxed(true, func(*funcs.Call, []any) (any, error) { return int32(math.MaxInt32), nil }),
	})
}
