package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

// TestPartitionOverSecret: s3db.js makes partitions over secrets. Such a resource opens and
// can be altered; that partition can be dropped, and made no more.
func TestPartitionOverSecret(t *testing.T) {
	const manifest = `{"version": "1", "s3dbVersion": "21.6.2", "resources": {"vault": {"currentVersion": "v1",
		"partitions": {"byToken": {"fields": {"token": "secret"}}},
		"versions": {"v1": {"attributes": {"name": "string", "token": "secret"}, "behavior": "user-managed",
			"partitions": {"byToken": {"fields": {"token": "secret"}}}}}}}}`
	objects := mem.New(clock.System)
	_, err := objects.Put(ctx, "s3db.json", objstore.PutRequest{Body: []byte(manifest)})
	require.NoError(t, err)
	s := open(t, objects)
	vault := s.Snapshot().Relation("public", "vault")
	alter := func(action catalog.AlterAction) func(tx catalog.Tx) error {
		return func(tx catalog.Tx) error {
			_, err := tx.AlterTable(ctx, vault.OID, []catalog.AlterAction{action})
			return err
		}
	}
	over := alter(catalog.AddPartition{Partition: catalog.IndexDef{Name: "again", Fields: []catalog.IndexField{{Name: "token"}}}})

	apply(t, s, alter(catalog.SetNotNull{Name: "name"}))
	require.Len(t, s.Snapshot().RelationByOID(vault.OID).Indexes, 2)
	require.Equal(t, pgerr.FeatureNotSupported, pgerr.CodeOf(over(s.Begin())))
	apply(t, s, alter(catalog.DropPartition{Name: "byToken"}))
	require.Len(t, open(t, objects).Snapshot().RelationByOID(vault.OID).Indexes, 1)
}
