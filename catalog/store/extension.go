package store

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func extensionOID(e *catalog.Extension) types.OID { return e.OID }

// PutExtension implements catalog.Tx.
func (t *tx) PutExtension(_ context.Context, e *catalog.Extension) error {
	return t.apply(func(st *state) error {
		n := *e
		if n.OID == 0 {
			n.OID = st.assigned().of("extension", n.Name)
		}
		return put(&st.own.Extensions, extensionOID, n.Name, &n, pgerr.New(pgerr.DuplicateObject, "extension \"%s\" already exists", n.Name))
	})
}

// DropExtension implements catalog.Tx.
func (t *tx) DropExtension(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error { return remove(st.own.Extensions, extensionOID, oid, "extension") })
}
