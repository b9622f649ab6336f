package txn

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Reading are the transaction's tables as one statement reads them that reads more than once:
// all as of one moment. Above READ COMMITTED they are read as they are, since what was read is
// read again later.
type Reading struct {
	tx *Tx
	at storage.Moment // nil before the first table
}

// Reading begins one.
func (t *Tx) Reading() *Reading { return &Reading{tx: t} }

// Table implements storage.Tables.
func (r *Reading) Table(oid types.OID) (storage.Table, error) {
	base, err := r.tx.open(oid)
	timely, ok := base.(storage.Timely)
	if !ok || err != nil || r.tx.isolation > ReadCommitted {
		return r.tx.Table(oid)
	}
	if r.at == nil {
		r.at = timely.NewMoment()
	}
	if r.at == nil {
		return r.tx.Table(oid)
	}
	return r.tx.lay(oid, base, timely.At(r.at)), nil
}

// Close ends it.
func (r *Reading) Close() {
	if r != nil && r.at != nil {
		r.at.Close()
	}
}
