package txn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/txn"
)

// TestLockAndSavepoint: ROLLBACK TO lets go of the rows locked since, and only of
// those.
func TestLockAndSavepoint(t *testing.T) {
	for _, early := range []bool{false, true} {
		table := newFake()
		old := table.put("a", 1)
		tx := new(txn.Shared).Begin(fakeTables{table}, false)
		if early {
			tx.Lock(1, "a", old.ETag)
		}
		s := tx.Save()
		tx.Lock(1, "a", old.ETag)
		require.NoError(t, tx.RollbackTo(ctx, s))
		table.put("a", 2)
		err := tx.Commit(ctx, true)
		if early {
			require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
			continue
		}
		require.NoError(t, err)
	}
}
