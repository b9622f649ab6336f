package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

// TestKeptObjects: two servers that take turns find what the other one has written, though
// each keeps what it wrote last; and a snapshot stays as it was taken.
func TestKeptObjects(t *testing.T) {
	objects := mem.New(clock.System)
	servers := []*store.Store{open(t, objects), open(t, objects)}
	commit := func(server int, f func(tx catalog.Tx) error) {
		tx := servers[server].Begin()
		require.NoError(t, f(tx))
		require.NoError(t, tx.Commit(ctx, nil))
	}
	commit(0, func(tx catalog.Tx) error { return tx.CreateSchema(ctx, "old", false) })
	for i, server := range []int{0, 0, 1, 0, 1, 1} {
		commit(server, func(tx catalog.Tx) error {
			def := people()
			def.Schema, def.Name = "old", fmt.Sprintf("people%d", i)
			_, err := tx.CreateTable(ctx, def)
			return err
		})
	}
	before := servers[1].Snapshot()
	commit(1, func(tx catalog.Tx) error { return tx.RenameSchema(ctx, "old", "new") })
	require.NoError(t, servers[0].Refresh(ctx))
	commit(0, func(tx catalog.Tx) error {
		return tx.SetComment(ctx, tx.Relation("new", "people2").OID, 0, "of the second")
	})
	require.Equal(t, "old", before.Relation("old", "people2").Schema)
	require.Empty(t, before.Relation("old", "people2").Comment)

	fresh, kept := open(t, objects).Snapshot(), servers[0].Snapshot()
	for i := range 6 {
		rel := fresh.Relation("new", fmt.Sprintf("people%d", i))
		require.NotNil(t, rel)
		require.Equal(t, rel, kept.Relation("new", rel.Name))
	}
	require.Equal(t, "of the second", fresh.Relation("new", "people2").Comment)
}
