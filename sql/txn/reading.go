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
	if r.tx.isolation > ReadCommitted {
		return r.tx.Table(oid)
	}
	base, err := r.tx.open(oid)
	if err != nil {
		return nil, err
	}
	read := base
	if timely, ok := base.(storage.Timely); ok {
		if r.at == nil {
			r.at = timely.NewMoment()
		}
		read = timely.At(r.at)
	}
	return r.tx.lay(oid, base, read), nil
}

// Close ends it.
func (r *Reading) Close() {
	if r != nil && r.at != nil {
		r.at.Close()
	}
}
